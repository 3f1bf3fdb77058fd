"""Templates, facts and columns: what each block makes, and that nothing is ever too wide or lost."""

import json
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paper_samples import DOCUMENTS, TICKET, a_job, a_printer, paper

from edge.printing import templates
from edge.printing.facts import dishes
from edge.printing.formats import Page, amount, moment, money, percent
from edge.printing.layout import Line, Template, words_of, wrapped
from edge.printing.pieces import lay_out
from edge.printing.render import pieces_of
from shared.adjustments import KINDS
from shared.menu import ALLERGENS
from shared.reasons import REASONS

PAGE = Page(columns=20)
ENGLISH = Page(columns=20, language="en")


def shown(template: list[dict[str, Any]], facts: dict[str, Any], **words: str) -> list[str]:
    """The lines of a template on a narrow page."""
    (piece,) = lay_out(msgspec.convert(template, Template), facts, PAGE, words)
    return words_of(piece).split("\n")


def test_places_are_filled_with_facts_words_and_filters() -> None:
    template = [{"text": "{@total}: {total_minor|money}"}, {"text": "{who.name|upper} {missing}"}]
    assert shown(template, {"total_minor": -1250050, "who": {"name": "ana"}}, total="Todo") == [
        "Todo: -$ 12.500,50",
        "ANA -",
    ]


def test_a_fact_is_never_read_as_a_template() -> None:
    assert shown([{"text": "{note}"}], {"note": "{@total} {secret}"}, total="no") == ["{@total} {secret}"]


def test_lists_repeat_and_inner_facts_hide_outer_ones() -> None:
    template = [{"each": "lines", "do": [{"text": "{name} {n}"}, {"each": "tags", "do": [{"text": "- {it}"}]}]}]
    facts = {"name": "outer", "lines": [{"name": "a", "n": 1, "tags": ["x", "y"]}, {"n": 2, "tags": []}]}
    assert shown(template, facts) == ["a 1", "- x", "- y", "outer 2"]


def test_a_block_appears_when_its_fact_is_there() -> None:
    template = [{"when": "note", "do": [{"text": "yes"}], "otherwise": [{"text": "no"}]}]
    assert shown(template, {"note": ""}) == shown(template, {}) == ["no"]
    assert shown(template, {"note": "x"}) == ["yes"]


def test_a_description_wraps_beside_an_amount_that_does_not() -> None:
    row = [{"text": "{n}", "w": 2}, {"text": "{name}"}, {"text": "{g|amount}", "w": 0, "align": "right"}]
    assert shown([{"row": row}], {"n": 1, "name": "Milanesa napolitana", "g": 1490000}) == [
        "1 Milanesa    14.900",
        "  napolitana",
    ]


def test_an_amount_that_leaves_no_room_goes_below_whole() -> None:
    row = [{"text": "{name}"}, {"text": "{g|money}", "w": 0, "align": "right"}]
    assert shown([{"row": row}], {"name": "Salón entero reservado", "g": 100_000_000_00}) == [
        "Salón entero",
        "reservado",
        "$ 100.000.000",
    ]


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=("Z", "C")), max_size=80), st.integers(1, 30), st.integers(0, 4))
def test_wrapping_loses_no_letter_and_keeps_the_width(text: str, room: int, hang: int) -> None:
    lines = wrapped(text, room, hang=min(hang, room - 1))
    assert "".join(lines).replace(" ", "") == "".join(text.split())
    assert all(len(line) <= room for line in lines)


@pytest.mark.parametrize("document", DOCUMENTS)
@pytest.mark.parametrize("columns", [20, 32, 40, 42, 48, 64])
@pytest.mark.parametrize("language", ["es-AR", "en"])
def test_every_document_fits_every_paper(document: str, columns: int, language: str) -> None:
    elements = paper(document, columns=columns, language=language)
    assert elements
    assert all(line.columns <= columns for line in elements if isinstance(line, Line))


def test_long_names_and_huge_amounts_stay_on_the_paper() -> None:
    line = {**DOCUMENTS["receipt"]["lines"][0], "name": "Ñ" * 60, "gross_minor": 999_999_999_999}
    facts = {**DOCUMENTS["receipt"], "lines": [line], "total_minor": 999_999_999_999}
    for columns in (32, 42, 48):
        text = words_of(paper("receipt", facts, columns=columns))
        assert "9.999.999.999,99" in text
        assert text.count("Ñ") == 61  # the venue has one


def test_a_document_that_its_template_cannot_show_comes_out_plain() -> None:
    printer = a_printer()
    job = a_job("kitchen", {"number": 47, "lines": [{"quantity": 2, "name": "Bife"}], "fired_at_ms": "soon"}, printer)
    text = words_of(pieces_of(job, printer, 0)[0])
    assert "kitchen:" in text and "name: Bife" in text and "quantity: 2" in text


def test_every_word_exists_in_every_language_and_is_used() -> None:
    folder = Path(templates.__file__).parent
    words = json.loads((folder / "words.json").read_text())
    used = {word for path in folder.glob("*.json") for word in re.findall(r"\{@([a-z_0-9]+)", path.read_text())}
    used |= {f"allergen_{code}" for code in ALLERGENS} | {f"adjustment_{kind}" for kind in KINDS}
    used |= {f"reason_{code}" for code in REASONS}
    assert {language: set(has) for language, has in words.items()} == {"es-AR": used, "en": used}


def test_a_cook_reads_an_allergy_in_the_papers_language_and_once() -> None:
    lines = [(1, "Pollo", (), "", ("shellfish", "peanut")), (1, "Flan", (), "", ("peanut",))]
    ticket = {**TICKET, **dishes(iter(lines))}
    for language, words in (("es-AR", "ALERGIA: MARISCOS, MANÍ"), ("en", "ALLERGY: SHELLFISH, PEANUT")):
        first = next(
            line
            for line in words_of(paper("kitchen", ticket, language=language)).split("\n")
            if "ALLERG" in line or "ALERG" in line
        )
        assert first.strip() == words


def test_amounts_read_as_in_each_language() -> None:
    assert (money(1250000, PAGE), money(1250050, PAGE), money(-100, PAGE)) == ("$ 12.500", "$ 12.500,50", "-$ 1")
    assert (money(1250050, ENGLISH), amount(-1250000, ENGLISH)) == ("$12,500.50", "-12,500")
    assert (percent(1050, PAGE), percent(2100, PAGE), percent(1050, ENGLISH)) == ("10,5%", "21%", "10.5%")
    assert money(500, Page(columns=20, currency="EUR")) == "€ 5"


def test_moments_are_local_and_no_reader_swaps_day_and_month() -> None:
    at_ms = 1_772_755_620_000
    assert moment(at_ms, PAGE) == "5/3/2026 21:07"
    assert moment(at_ms, ENGLISH) == "5 Mar 2026 21:07"
