"""Ops leave out what has its default; what screens get leaves out nothing."""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
import pytest
from msgspec import inspect

from cloud.reports import state as report_state
from shared.ids import CheckId, StaffId
from shared.lines import ChosenModifier, OrderedLine
from shared.menu import Category, Menu, MenuItem
from shared.ops import OPS, decode, encode
from shared.ops.ordering import LinesAdded
from shared.views import VIEWS, shown
from tests.shared.test_check_projection import a_line

STORED = {op.__name__: op for op in OPS.values()}
SHOWN: dict[str, type] = {
    **{view.__name__: view for view in VIEWS.values()},
    **{
        name: one
        for name, one in vars(report_state).items()
        if isinstance(one, type) and one.__module__ == report_state.__name__
    },
    "ShownTotals": shown.ShownTotals,
}
FORMS = [one for one in vars(shown).values() if isinstance(one, type) and one.__module__ == shown.__name__]


def an_op() -> LinesAdded:
    """A line with nothing special about it."""
    line = a_line("l1", quantity=1, unit_minor=5)
    return LinesAdded(check_id=CheckId("c1"), lines=(line,), added_at_ms=1, by=StaffId("ana"))


def structs_in(found: inspect.Type) -> Iterator[type[msgspec.Struct]]:
    """A struct and every struct that its fields hold."""
    match found:
        case inspect.StructType():
            yield found.cls
            for field in found.fields:
                yield from structs_in(field.type)
        case inspect.UnionType():
            yield from all_in(found.types)
        case inspect.TupleType():
            yield from all_in(found.item_types)
        case inspect.ListType() | inspect.VarTupleType():
            yield from structs_in(found.item_type)
        case inspect.DictType():
            yield from structs_in(found.value_type)
        case inspect.Metadata():
            yield from structs_in(found.type)


def all_in(types: Iterable[inspect.Type]) -> Iterator[type[msgspec.Struct]]:
    for found in types:
        yield from structs_in(found)


@pytest.mark.parametrize("struct", STORED.values(), ids=STORED)
def test_what_an_op_holds_is_stored_without_its_defaults(struct: type) -> None:
    spelled_out = [s.__name__ for s in structs_in(inspect.type_info(struct)) if not s.__struct_config__.omit_defaults]
    assert spelled_out == []


@pytest.mark.parametrize("struct", SHOWN.values(), ids=SHOWN)
def test_what_a_screen_gets_has_every_field(struct: type) -> None:
    left_out = [s.__name__ for s in structs_in(inspect.type_info(struct)) if s.__struct_config__.omit_defaults]
    assert left_out == []


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_a_shown_form_has_the_fields_and_defaults_of_what_is_stored(form: type[msgspec.Struct]) -> None:
    stored = shown.stored_form(form)
    assert form.__struct_fields__ == stored.__struct_fields__
    assert form.__struct_defaults__ == stored.__struct_defaults__


def test_a_menu_is_shown_with_what_it_was_stored_without() -> None:
    item = MenuItem(id="i1", category_id="c1", name="Café", station_id="bar")  # type: ignore[arg-type]
    menu = Menu(categories=(Category(id="c1", name="Bebidas"),), items=(item,))  # type: ignore[arg-type]
    stored = msgspec.json.decode(msgspec.json.encode(menu))
    assert stored["items"] == [{"id": "i1", "category_id": "c1", "name": "Café", "station_id": "bar"}]
    whole: Any = msgspec.json.decode(msgspec.json.encode(shown.shown(menu, shown.ShownMenu)))
    assert whole["items"][0].keys() == set(MenuItem.__struct_fields__)
    assert whole["items"][0]["vat_bp"] == 2100
    assert whole["groups"] == []


def test_a_body_with_every_default_spelled_out_reads_as_one_without() -> None:
    """As the first release wrote them; their bytes stay what was hashed."""
    op = an_op()
    line = op.lines[0]
    spelled = {
        "type": "lines_added",
        "check_id": op.check_id,
        "lines": [{name: getattr(line, name) for name in OrderedLine.__struct_fields__}],
        "added_at_ms": op.added_at_ms,
        "by": op.by,
    }
    body = msgspec.json.encode(spelled)
    assert len(encode(op)) < len(body)
    assert decode("lines_added", body) == decode("lines_added", encode(op)) == op


def test_a_field_that_a_later_release_adds_changes_nothing_that_is_stored() -> None:
    class LaterLine(OrderedLine, frozen=True, kw_only=True):
        parent_id: str = ""

    class LaterLinesAdded(LinesAdded, frozen=True, kw_only=True, tag="lines_added"):
        lines: tuple[LaterLine, ...]  # type: ignore[assignment]

    body = encode(an_op())
    assert msgspec.json.encode(msgspec.json.decode(body, type=LaterLinesAdded)) == body
    assert ChosenModifier.__struct_config__.omit_defaults
