"""A held line that several people edit, on a menu that moves on meanwhile."""

from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from ordering_builders import BOOK, a_check, a_line, an_ask, by, on_check, rejects

from edge.ordering import decide
from edge.ordering.state import Changing, Line, Pricing
from shared.commands.lines import LineAsk
from shared.commands.ordering import ChangeLine
from shared.lines import OrderedLine
from shared.ops.ordering import LineChanged
from shared.rules.menu_book import MenuBook
from shared.rules.pricing import ask_of

APART: dict[str, st.SearchStrategy[Any]] = {
    "quantity": st.integers(1, 4),
    "course": st.integers(0, 3),
    "note": st.sampled_from(["", "sin sal", " sin  sal ", "bien caliente"]),
    "allergies": st.sampled_from([(), ("wheat",), ("wheat", "milk"), ("milk", "wheat")]),
    "seat": st.integers(0, 2),
    "modifier_ids": st.sampled_from([("punto/jugoso",), ("punto/jugoso", "guarnicion/papas")]),
}


def edit(held: Line, wanted: LineAsk, seen: LineAsk | None = None, book: MenuBook = BOOK) -> OrderedLine:
    """The line after the edit."""
    state = Changing(check=a_check(), line=held, pricing=Pricing(book=book, sold_out=frozenset()))
    ops = decide.change_line(ChangeLine(check_id="c1", line=wanted, seen=seen), state, by())
    if not ops:
        return held.line
    assert isinstance(ops[0], LineChanged)
    assert ops[0].delta_minor == ops[0].line.gross_minor - held.line.gross_minor
    return ops[0].line


def a_menu_where(item_id: str, **changes: object) -> MenuBook:
    """The menu of these tests with a dish otherwise."""
    item = msgspec.structs.replace(BOOK.items[item_id], **changes)
    return msgspec.structs.replace(BOOK, items={**BOOK.items, item_id: item})


def a_menu_without(item_id: str) -> MenuBook:
    return msgspec.structs.replace(BOOK, items={id: item for id, item in BOOK.items.items() if id != item_id})


def a_menu_without_option(group_id: str, modifier_id: str) -> MenuBook:
    group = BOOK.groups[group_id]
    group = msgspec.structs.replace(group, modifiers=tuple(one for one in group.modifiers if one.id != modifier_id))
    return msgspec.structs.replace(BOOK, groups={**BOOK.groups, group_id: group})


def test_a_note_leaves_the_price_that_the_guest_was_told() -> None:
    held = on_check(a_line())
    dearer = a_menu_where("bife", price_minor=99_000_00)
    assert edit(held, an_ask(note="sin sal", quantity=2), book=dearer).unit_minor == held.line.unit_minor


def test_a_dish_that_left_the_menu_is_still_edited() -> None:
    line = edit(on_check(a_line()), an_ask(note="sin sal", course=2), book=a_menu_without("bife"))
    assert (line.note, line.course, line.unit_minor) == ("sin sal", 2, a_line().unit_minor)


def test_an_option_may_come_off_a_dish_that_left_the_menu_and_none_may_come_on() -> None:
    gone = a_menu_without("bife")
    held = on_check(a_line(modifier_ids=("punto/jugoso", "guarnicion/papas")))
    assert edit(held, an_ask(), book=gone).unit_minor <= held.line.unit_minor
    with rejects("item_unknown", item_id="bife"):
        edit(on_check(a_line()), an_ask(modifier_ids=("punto/jugoso", "guarnicion/papas")), book=gone)


def test_an_option_that_left_the_menu_stays_when_another_is_chosen() -> None:
    held = on_check(a_line(modifier_ids=("punto/jugoso", "guarnicion/papas")))
    wanted = an_ask(modifier_ids=("punto/jugoso", "guarnicion/papas", "guarnicion/pure"))
    line = edit(held, wanted, book=a_menu_without_option("guarnicion", "papas"))
    assert {chosen.modifier_id for chosen in line.modifiers} == {"jugoso", "papas", "pure"}


def test_another_option_costs_what_it_costs_and_the_dish_what_it_cost() -> None:
    dearer = a_menu_where("bife", price_minor=99_000_00)
    plain, wanted = on_check(a_line()), an_ask(modifier_ids=("punto/jugoso", "guarnicion/papas", "guarnicion/pure"))
    assert edit(plain, wanted, book=dearer).unit_minor == edit(plain, wanted).unit_minor


def test_another_dish_costs_what_it_costs_today() -> None:
    flan = LineAsk(line_id="l1", item_id="flan")
    price_minor = BOOK.items["flan"].price_minor
    assert edit(on_check(a_line()), flan).unit_minor == price_minor


def test_an_edit_that_names_no_state_is_of_the_line_as_it_was_added() -> None:
    thrice = on_check(a_line(quantity=3), is_changed=True)
    with rejects("line_changed", name="Bife de chorizo", quantity=3, note=""):
        edit(thrice, an_ask(note="sin sal"))
    assert edit(thrice, an_ask(quantity=3)) == thrice.line, "what it asks for is so already"


def test_nothing_is_written_when_nothing_changes() -> None:
    state = Changing(check=a_check(), line=on_check(a_line()), pricing=Pricing(book=BOOK, sold_out=frozenset()))
    assert decide.change_line(ChangeLine(check_id="c1", line=an_ask()), state, by()) == []


@given(mine=st.fixed_dictionaries({}, optional=APART), theirs=st.fixed_dictionaries({}, optional=APART))
def test_two_who_edit_one_line_keep_both_edits_or_the_second_is_told(
    mine: dict[str, Any], theirs: dict[str, Any]
) -> None:
    added = a_line()
    seen = ask_of(added)
    first = edit(on_check(added), msgspec.structs.replace(seen, **theirs), seen)
    second = on_check(first, is_changed=True)
    wanted = msgspec.structs.replace(seen, **mine)
    changed = {name for name in mine if settled(name, mine[name], added) != settled(name, getattr(seen, name), added)}
    others = {
        name
        for name in APART
        if settled(name, getattr(ask_of(first), name), added) != settled(name, getattr(seen, name), added)
    }
    same = {name for name in changed & others if settled(name, mine[name], added) != settled(name, theirs[name], added)}
    if same:
        with rejects("line_changed"):
            edit(second, wanted, seen)
        return
    after = ask_of(edit(second, wanted, seen))
    for name in APART:
        source = mine if name in changed else theirs
        assert settled(name, getattr(after, name), added) == settled(name, source.get(name, getattr(seen, name)), added)


def settled(name: str, value: Any, line: OrderedLine) -> Any:
    """As a line keeps it: the course of the dish for none, a note without spare spaces, names in any order."""
    if name == "course":
        return value or line.course
    if name == "note":
        return " ".join(value.split())
    return frozenset(value) if isinstance(value, tuple) else value
