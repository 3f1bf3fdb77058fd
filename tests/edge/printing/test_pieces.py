"""What is too long for one piece of paper goes on on the next: nothing is lost, and every piece says what it is of."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paper_samples import DOCUMENTS, LINES, MOVED, TICKET, paper_bytes, pieces

from edge.printing.facts import dishes
from edge.printing.layout import Element, words_of
from edge.printing.pieces import MAX_LINES
from installer.simulators.printers.mechanism import ROLLS, Mechanism
from installer.simulators.printers.paper import text_of

MANY = 300
SOLD = [{**LINES[1], "name": f"Plato-{number}.", "modifiers": [{"what": f"Extra-{number}."}]} for number in range(MANY)]
COOKED = dishes(
    [(1, f"Plato-{number}.", (f"Extra-{number}.",), f"nota-{number}.", ("milk",)) for number in range(MANY)]
)
RATES = [{"vat_bp": 100 + number, "gross_minor": 100_00, "vat_minor": number} for number in range(MANY)]
PARTY = [{**TICKET, "number": number} for number in range(1, 2 * MANY)]
#: Each document as long as a big wedding's, what of its heading stands on every piece, and how its last piece ends.
LONG: dict[str, tuple[str, dict[str, Any], str, str]] = {
    "guest_check": ("guest_check", {**DOCUMENTS["guest_check"], "lines": SOLD}, "Mesa 12", "TOTAL"),
    "receipt": ("receipt", {**DOCUMENTS["receipt"], "lines": SOLD}, "Mesa 12", "TOTAL"),
    "kitchen": ("kitchen", {**TICKET, **COOKED}, "MESA 12", "300 platos"),
    "moved": ("change", {**MOVED, **COOKED}, "MESA 4", "Atiende Sofía"),
    "x_report": ("x_report", {**DOCUMENTS["x_report"], "vat": RATES}, "INFORME X", "Cuentas abiertas"),
    "z_report": ("z_report", {**DOCUMENTS["z_report"], "vat": RATES}, "CIERRE Z N° 128", "Firma"),
    "missed": ("missed", {"count": len(PARTY), "tickets": PARTY}, "COMANDAS SIN IMPRIMIR", "Se reimprimen"),
}


def texts(found: list[tuple[Element, ...]]) -> list[str]:
    """The pieces as they read, blanks within a line as one."""
    return ["\n".join(" ".join(line.split()) for line in words_of(piece).split("\n")) for piece in found]


@pytest.mark.parametrize("columns", [32, 42, 48])
@pytest.mark.parametrize("name", LONG)
def test_each_piece_has_the_heading_and_its_number_and_the_last_the_end(name: str, columns: int) -> None:
    document, facts, heading, ending = LONG[name]
    found = pieces(document, facts, columns=columns)
    shown = texts(found)
    assert len(found) > 1
    assert all(len(piece) <= MAX_LINES for piece in found)
    for number, text in enumerate(shown, 1):
        assert text.startswith(f"HOJA {number} de {len(found)}\n") and heading in text
        assert ("Sigue en la hoja siguiente" in text) == (number < len(found))
    assert ending in shown[-1] and not any(ending in text for text in shown[:-1])


@pytest.mark.parametrize("name", ["guest_check", "receipt", "kitchen", "moved"])
def test_no_dish_is_lost_and_none_is_broken(name: str) -> None:
    document, facts, _, _ = LONG[name]
    shown = [text.upper() for text in texts(pieces(document, facts, columns=48))]
    for number in range(MANY):
        (at,) = [place for place, text in enumerate(shown) if f"PLATO-{number}." in text]
        assert f"EXTRA-{number}." in shown[at]


def test_a_table_that_is_allergic_is_so_on_every_piece() -> None:
    document, facts, _, _ = LONG["kitchen"]
    assert all("ALERGIA: LECHE" in text.split("1 PLATO-")[0] for text in texts(pieces(document, facts)))


def test_english_paper_is_split_in_english() -> None:
    document, facts, _, _ = LONG["guest_check"]
    first, *_ = texts(pieces(document, facts, language="en"))
    assert first.startswith("SHEET 1 of 2\n") and "Continues on the next sheet" in first


@settings(deadline=None, max_examples=40)
@given(st.integers(100, 400), st.sampled_from([32, 42, 48]))
def test_whatever_its_length_a_bill_ends_with_its_total(lines: int, columns: int) -> None:
    found = pieces("guest_check", {**DOCUMENTS["guest_check"], "lines": (SOLD * 2)[:lines]}, columns=columns)
    assert all(len(piece) <= MAX_LINES for piece in found)
    assert ["TOTAL" in text for text in texts(found)] == [False] * (len(found) - 1) + [True]
    assert "$ 43.101,50" in texts(found)[-1]


def test_each_piece_is_cut() -> None:
    document, facts, _, _ = LONG["guest_check"]
    printer = Mechanism("caja", ROLLS["80mm"])
    printer.feed(paper_bytes(document, facts))
    assert [text_of(ticket).split("\n")[0].strip() for ticket in printer.tickets] == [
        "HOJA 1 de 2",
        "HOJA 2 de 2",
    ]
    assert printer.hanging is None and printer.unknown_bytes == 0


def test_a_document_without_a_template_is_split_too() -> None:
    facts = {"lines": [{"name": f"Plato-{number}."} for number in range(2 * MAX_LINES)], "fired_at_ms": "soon"}
    found = pieces("kitchen", facts)
    assert all(len(piece) <= MAX_LINES for piece in found)
    assert sum(text.count("Plato-") for text in texts(found)) == 2 * MAX_LINES
