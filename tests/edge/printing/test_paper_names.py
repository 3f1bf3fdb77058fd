"""Two dishes are two dishes on paper too, whatever letters their names have and whatever printer they come out at."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from printing_builders import a_line, print_room

from edge.printing.names import marked, marks_of, paper_names
from edge.printing.printable import CODECS, printable
from edge.printing.reads import names_on_paper
from shared.commands.menu import PublishMenu
from shared.commands.ordering import PrintGuestCheck
from shared.ids import CategoryId, GroupId, ItemId, ModifierId, StationId, VariantId
from shared.menu import Category, Menu, MenuItem, Modifier, ModifierGroup, Variant
from shared.rules.menu_book import book_of

names = st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=12).filter(str.strip)


def a_menu(*items: MenuItem, groups: tuple[ModifierGroup, ...] = ()) -> Menu:
    """Dishes of one category."""
    return Menu(categories=(Category(id=CategoryId("c"), name="Todo"),), items=items, groups=groups)


def an_item(id: str, name: str, *, code: str = "", short_name: str = "", variants: tuple[str, ...] = ()) -> MenuItem:
    """A dish of the bar."""
    return MenuItem(
        id=ItemId(id),
        category_id=CategoryId("c"),
        name=name,
        code=code,
        short_name=short_name,
        variants=tuple(Variant(id=VariantId(f"v{n}"), name=name, price_minor=100) for n, name in enumerate(variants)),
        price_minor=100,
        station_id=StationId("barra"),
        group_ids=(GroupId("g"),),
    )


def options(*names: str) -> tuple[ModifierGroup, ...]:
    """One group with these."""
    modifiers = tuple(Modifier(id=ModifierId(f"m{n}"), name=name) for n, name in enumerate(names))
    return (ModifierGroup(id=GroupId("g"), name="Con", min=0, max=9, modifiers=modifiers),)


def shown(menu: Menu, page: str) -> list[str]:
    """Every dish's name as the kitchen reads it."""
    marks = marks_of(menu.items, menu.groups, [page])
    names = [marked(one.name, marks.get(one.name, "")) for one in menu.items]
    return [printable(printable(name, page).upper(), page) for name in names]


@settings(deadline=None)
@given(st.lists(names, min_size=2, max_size=6, unique=True), st.sampled_from(sorted(CODECS)))
def test_two_names_never_print_alike(typed: list[str], page: str) -> None:
    items = [an_item(f"i{number}", name) for number, name in enumerate(typed)]
    seen = shown(a_menu(*items), page)
    assert len(set(seen)) == len(typed)


def test_a_dish_is_told_apart_by_its_code_and_without_one_by_its_place() -> None:
    menu = a_menu(an_item("a", "四喜", code="41"), an_item("b", "寺喜"), an_item("c", "Flan"))
    assert shown(menu, "PC858") == ["SI XI [41]", "SI XI [#2]", "FLAN"]


def test_a_code_that_two_dishes_have_tells_nobody_apart() -> None:
    menu = a_menu(an_item("a", "四喜", code="41"), an_item("b", "寺喜", code="41"))
    assert shown(menu, "PC858") == ["SI XI [#1]", "SI XI [#2]"]


def test_letters_that_come_out_by_their_sound_have_the_code_beside_them() -> None:
    menu = a_menu(an_item("a", "担担面", code="41"), an_item("b", "Τζατζίκι"), an_item("c", "Café", code="7"))
    assert shown(menu, "PC858") == ["DAN DAN MIAN [41]", "TZATZIKI", "CAFÉ"]


def test_names_that_only_the_poorest_page_takes_for_one_are_marked_there_alone() -> None:
    menu = a_menu(an_item("a", "Papá"), an_item("b", "Papa"))
    assert shown(menu, "PC858") == ["PAPÁ", "PAPA"]
    assert shown(menu, "PC437") == ["PAPA [#1]", "PAPA [#2]"]


def test_variants_and_options_are_told_apart_too() -> None:
    menu = a_menu(an_item("a", "Té", variants=("四", "寺")), groups=options("sin 葱", "sin 匆"))
    marks = marks_of(menu.items, menu.groups, ["PC858"])
    assert marks == {"四": "#1", "寺": "#2", "sin 葱": "#3", "sin 匆": "#4"}


def test_who_publishes_is_told_what_does_not_print_as_it_is_typed() -> None:
    menu = a_menu(
        an_item("a", "担担面", code="41"), an_item("b", "½ Pollo"), an_item("c", "Papá"), an_item("d", "Papa")
    )
    told = [(one.name, one.shown, one.is_legible, one.mark) for one in paper_names(menu, "PC437")]
    assert told == [
        ("担担面", "Dan Dan Mian [41]", False, "41"),
        ("Papá", "Papá [#3]", True, "#3"),
        ("Papa", "Papa [#4]", True, "#4"),
    ]


@pytest.mark.parametrize("code_page", CODECS)
def test_an_ordinary_menu_has_no_marks(code_page: str) -> None:
    menu = a_menu(
        an_item("a", "Ñoquis"), an_item("b", "Milanesa", code="3", short_name="Mila"), an_item("c", "½ Pollo")
    )
    assert paper_names(menu, code_page) == []


async def test_ticket_void_and_bill_carry_the_mark(tmp_path: Path) -> None:
    async with print_room(tmp_path) as room:
        menu = a_menu(an_item("a", "四喜", code="41"), an_item("b", "寺喜"), groups=options("sin 葱", "sin 匆"))
        await room.service.do("mara", PublishMenu(menu=menu))
        check_id = await room.order(a_line("l1", "a", modifier_ids=("g/m1",)), a_line("l2", "b"))
        await room.service.do("ana", PrintGuestCheck(check_id=check_id))
        await room.settled()
        ticket, bill = room.papers("barra")
        assert "SI XI [41]" in ticket and "SI XI [#2]" in ticket and "SIN CONG [#2]" in ticket
        assert "Si Xi [41]" in bill and "Si Xi [#2]" in bill
        told = await room.service.reads.run(names_on_paper, menu)
        assert [one.shown for one in told][:2] == ["Si Xi [41]", "Si Xi [#2]"]


def test_a_thousand_names_are_compared_and_none_is_marked() -> None:
    items = [{"id": f"i{n}", "category_id": "c", "name": f"Plato número {n}", "station_id": "s"} for n in range(1000)]
    book = book_of(1, json.dumps({"categories": [{"id": "c", "name": "C"}], "items": items}))
    assert marks_of(book.items.values(), book.groups.values(), tuple(CODECS)) == {}
