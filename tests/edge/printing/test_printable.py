"""What people type becomes what a printer can show, and never a command."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from paper_samples import paper, paper_bytes

from edge.printing.facts import dishes, place
from edge.printing.layout import Line
from edge.printing.printable import CODECS, printable
from installer.simulators.printers.mechanism import ROLLS, Mechanism
from installer.simulators.printers.paper import text_of

KICK, CUT, STATUS = "\x1bp\x00\x32\x32", "\x1dV\x00", "\x10\x04\x01"
anything = st.text(st.characters(), max_size=60)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("ñandú ÁÉÍÓÚ ¿¡", "ñandú ÁÉÍÓÚ ¿¡"),
        ("n\u0303andu\u0301", "ñandú"),  # as phones with a combining keyboard send it
        ("“sin sal” – ya…", '"sin sal" - ya...'),
        ("feliz 🎂🎉 cumple", "feliz (birthday)(tada) cumple"),
        ("👨‍👩‍👧‍👦 mesa", "(man)(woman)(girl)(boy) mesa"),
        ("sin \ue000\ue001 nombre", "sin ? nombre"),
        ("\u200b\u202e", "?"),
        ("a\u200bb\u202ec\ufeffd", "abcd"),
        ("12\u00a0500", "12 500"),
        ("Škoda", "Skoda"),
        ("担担面", "Dan Dan Mian"),
        ("拉面ramen", "La Mian ramen"),
        ("Τζατζίκι", "Tzatziki"),
        ("борщ", "borshch"),
        ("ผัดไทย", "phadaithy"),
        ("مَحْشِي", "mahshiy"),
        ("ラーメン", "ramen"),
        ("𝐁𝐢𝐟𝐞 Ａ１", "Bife A1"),
        (f"x{KICK}{CUT}{STATUS}\x00\x7f\x9by", "xp22Vy"),
        ("uno\r\ndos\ttres", "uno  dos tres"),
    ],
)
def test_text_keeps_its_accents_and_loses_its_tricks(typed: str, shown: str) -> None:
    assert printable(typed, "PC858") == shown


def test_a_page_without_the_euro_spells_it() -> None:
    assert printable("5 €", "PC850") == "5 EUR"
    assert printable("5 €", "PC858") == "5 €"


@pytest.mark.parametrize("code_page", CODECS)
def test_a_fraction_is_never_another_number(code_page: str) -> None:
    shown = [printable(typed, code_page).replace("½", "1/2") for typed in ("½ Pollo", "1½ kg", "11/2")]
    assert shown == ["1/2 Pollo", "11/2 kg" if "½" in printable("1½", code_page) else "1 1/2 kg", "11/2"]
    assert len({printable(f"{part} Pollo", code_page) for part in "½¼¾"}) == 3


@pytest.mark.parametrize("code_page", CODECS)
def test_a_page_writes_each_currency_so_that_no_two_are_one(code_page: str) -> None:
    signs = ("$", "US$", "€", "£", "¥", "₲", "₡", "₱", "₽", "₺", "₹", "R$", "S/", "Bs")
    assert len({printable(f"{sign} 5", code_page) for sign in signs}) == len(signs)


def test_half_an_alphabet_is_none() -> None:
    assert printable("Τζατζίκι Σας", "PC437") == "Tzatziki Sas"


@settings(deadline=None)
@given(anything, st.sampled_from(sorted(CODECS)))
@example("\x1b@", "PC437")
def test_printable_text_is_one_harmless_byte_a_sign(typed: str, code_page: str) -> None:
    shown = printable(typed, code_page)
    encoded = shown.encode(CODECS[code_page])
    assert len(encoded) == len(shown)
    assert all(byte >= 0x20 and byte != 0x7F for byte in encoded)
    assert printable(shown, code_page) == shown


@settings(deadline=None)
@given(
    note=anything,
    name=anything,
    modifier=anything,
    allergy=anything,
    table=anything,
    columns=st.integers(20, 64),
    code_page=st.sampled_from(sorted(CODECS)),
)
@example(KICK, CUT, STATUS, "\x10\x14\x01\x00\x08", "\x1b", 48, "PC858")
def test_no_note_of_a_guest_kicks_cuts_asks_or_breaks_the_paper(
    note: str, name: str, modifier: str, allergy: str, table: str, columns: int, code_page: str
) -> None:
    facts = {
        "station": name,
        "number": 1,
        "check_number": 1,
        **place(table, is_table=True),
        "course": 1,
        "covers": 2,
        "waiter": name,
        "fired_at_ms": 1_800_000_000_000,
        **dishes(iter([(2, name, (modifier,), note, (allergy,))])),
    }
    look = {"columns": columns, "code_page": code_page}
    assert all(line.columns <= columns for line in paper("kitchen", facts, **look) if isinstance(line, Line))
    printer = Mechanism("kitchen", ROLLS["80mm"])
    answers = printer.feed(paper_bytes("kitchen", facts, **look))
    assert (answers, printer.kicks, printer.unknown_bytes, len(printer.tickets)) == (b"", 0, 0, 1)
    assert printer.hanging is None


def test_the_printers_own_reading_of_a_ticket_is_what_was_laid_out() -> None:
    printer = Mechanism("kitchen", ROLLS["80mm"])
    printer.feed(paper_bytes("kitchen"))
    laid_out = ["".join(run.text for run in line.runs) for line in paper("kitchen") if isinstance(line, Line)]
    assert text_of(printer.tickets[0]).splitlines() == laid_out


def test_the_bytes_begin_with_a_known_state_and_the_right_page() -> None:
    made = paper_bytes("kitchen", code_page="PC858")
    assert made.startswith(b"\x1b@\x1c.\x1bR\x00\x1da\x00\x1bt\x13")
    assert made.count(b"\x1bt") == 1 and made.endswith(b"\x1dVB\x00")
    assert "ÑOQUIS".encode("cp858") in made
