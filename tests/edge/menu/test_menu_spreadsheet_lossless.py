"""What `menu export` writes, `menu import` reads back as the same menu, in either kind of file and language."""

from pathlib import Path
from string import ascii_letters, digits

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from edge.menu.spreadsheet.cells import key_of, slug
from edge.menu.spreadsheet.files import csv_bytes, read_file
from edge.menu.spreadsheet.reading import read
from edge.menu.spreadsheet.workbooks import xlsx_bytes
from edge.menu.spreadsheet.writing import one_sheet, workbook
from shared.menu import ALLERGENS, Menu, problems_of

STATIONS = {"parrilla": "Parrilla", "barra": "Barra", "b2": "barra", "cocina": "Cocina | fría"}
TRICKY = "aBñé| /\\={}'#,;\"1$%.[]+-@🍷"


def words(most: int, *, least: int = 1) -> st.SearchStrategy[str]:
    """A name as somebody may type it; without what every field drops: spaces around it, control characters and marks
    that nobody sees."""
    letters = st.one_of(st.sampled_from(TRICKY), st.characters(exclude_categories=("Cc", "Cf", "Cs", "Cn", "Zl", "Zp")))
    texts = st.text(letters, min_size=least, max_size=most).map(str.strip)
    return texts.filter(lambda text: len(text) >= least)


NOBODY_SHRINKS = (
    Phase.explicit,
    Phase.reuse,
    Phase.generate,
)  # menus are large; the first one that fails is read as it is
IDS = st.text(ascii_letters + digits + "-_", min_size=1, max_size=12)
PRICES = st.integers(60_000_00, 999_999_99)  # more than all options together can take off
ENGLISH = words(20, least=0)


def unique(
    things: st.SearchStrategy[dict[str, object]], *, least: int, most: int
) -> st.SearchStrategy[list[dict[str, object]]]:
    """Things with ids of their own."""
    return st.lists(things, min_size=least, max_size=most, unique_by=lambda thing: thing["id"])


CATEGORIES = st.fixed_dictionaries({"id": IDS, "name": words(80), "name_en": ENGLISH, "drawing": ENGLISH})
VARIANTS = st.fixed_dictionaries({"id": IDS, "name": words(20), "name_en": ENGLISH, "price_minor": PRICES})
OPTIONS = st.fixed_dictionaries(
    {
        "id": IDS,
        "name": words(20),
        "name_en": ENGLISH,
        "price_minor": st.integers(-5_000_00, 5_000_00),
        "is_default": st.booleans(),
    }
)


@st.composite
def groups(draw: st.DrawFn) -> dict[str, object]:
    """A group that does not contradict itself."""
    options = draw(unique(OPTIONS, least=0, most=4))
    least = draw(st.integers(0, len(options)))
    chosen = sum(bool(option["is_default"]) for option in options)
    return {
        "id": draw(IDS),
        "name": draw(words(80)),
        "name_en": draw(ENGLISH),
        "min": least,
        "max": draw(st.integers(max(least, chosen, 1), 20)),
        "free_count": draw(st.integers(0, 20)),
        "modifiers": options,
    }


@st.composite
def menus(draw: st.DrawFn) -> Menu:
    """Any menu that can be published."""
    categories = draw(unique(CATEGORIES, least=1, most=3))
    all_groups = draw(unique(groups(), least=0, most=3))
    item = st.fixed_dictionaries(
        {
            "id": IDS,
            "category_id": st.sampled_from([category["id"] for category in categories]),
            "name": words(80),
            "name_en": ENGLISH,
            "short_name": words(16, least=0),
            "code": words(12, least=0),
            "description": words(60, least=0),
            "description_en": ENGLISH,
            "price_minor": PRICES,
            "variants": unique(VARIANTS, least=0, most=3),
            "group_ids": st.lists(st.sampled_from([g["id"] for g in all_groups]), max_size=3, unique=True)
            if all_groups
            else st.just([]),
            "vat_bp": st.integers(0, 10_000),
            "station_id": st.sampled_from(list(STATIONS)),
            "course": st.integers(1, 9),
            "allergens": st.lists(st.sampled_from(ALLERGENS), max_size=3),
            "tags": st.lists(st.sampled_from(("spicy", "sin TACC", "house")) | words(12), max_size=3),
            "is_favourite": st.booleans(),
            "is_hidden_from_guests": st.booleans(),
        }
    )
    items = draw(unique(item, least=1, most=4))
    menu = msgspec.convert({"categories": categories, "groups": all_groups, "items": items}, Menu)
    assert problems_of(menu) == []
    return menu


def written(menu: Menu, folder: Path, suffix: str, language: str) -> Path:
    """The menu in a file."""
    path = folder / f"carta{suffix}"
    if suffix == ".csv":
        delimiter = "," if language == "en" else ";"
        path.write_bytes(csv_bytes(one_sheet(menu, stations=STATIONS, language=language), delimiter=delimiter))
    else:
        path.write_bytes(xlsx_bytes(workbook(menu, stations=STATIONS, language=language)))
    return path


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), phases=NOBODY_SHRINKS)
@given(menu=menus())
def test_a_menu_exported_and_imported_is_the_same_menu(menu: Menu, suffix: str, language: str, tmp_path: Path) -> None:
    reading = read(read_file(written(menu, tmp_path, suffix, language)), stations=STATIONS, published=menu)
    assert reading.refused == reading.doubts == ()
    assert reading.unknown_headings == reading.unknown_sheets == ()
    assert reading.menu == menu


CLEAN = "aBñéÁü ¿?¡!'#%&()/.,;:-º🍷"


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), phases=NOBODY_SHRINKS)
@given(
    names=st.lists(
        st.text(CLEAN, min_size=1, max_size=30).map(str.strip).filter(bool), min_size=1, max_size=6, unique_by=key_of
    )
)
def test_a_menu_of_names_that_people_give_is_the_same_in_another_venue(names: list[str], tmp_path: Path) -> None:
    items = [
        {
            "id": slug(name) if name == names[0] else f"i{n}",
            "category_id": "c",
            "name": name,
            "price_minor": 900_00 + n,
            "station_id": "barra",
        }
        for n, name in enumerate(names)
    ]
    menu = msgspec.convert({"categories": [{"id": "c", "name": "Cosas"}], "items": items}, Menu)
    for suffix in (".csv", ".xlsx"):
        reading = read(read_file(written(menu, tmp_path, suffix, "es")), stations=STATIONS)
        assert reading.refused == ()
        assert reading.menu == menu
