"""Rows from structs: a column is the field of its name, as a database holds it."""

from typing import Annotated

import msgspec
import pytest

from shared.ids import ItemId
from shared.projections.rows import column_types, columns_of, empty, row_of
from shared.writes import Table


class Part(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a list holds."""

    name: str
    price_minor: int = 0


class Thing(msgspec.Struct, frozen=True, kw_only=True):
    """One field of each kind."""

    item_id: ItemId
    price_minor: Annotated[int, msgspec.Meta(ge=0)]
    is_hot: bool = False
    parts: tuple[Part, ...] = ()
    main: Part = Part("none")


THING = Table(name="thing", key=("item_id",), columns={**column_types(Thing), "state": "text"})
A_THING = Thing(item_id=ItemId("i1"), price_minor=5, is_hot=True, parts=(Part("a"), Part("b", 2)))


def test_a_row_takes_each_column_from_the_field_of_its_name() -> None:
    parts = '[{"name":"a"},{"name":"b","price_minor":2}]'
    assert row_of(THING, A_THING, state="new") == ("i1", 5, 1, parts, '{"name":"none"}', "new")


def test_a_row_is_in_the_order_of_its_table_whatever_the_order_of_the_fields() -> None:
    turned = Table(name="turned", key=("item_id",), columns=dict(reversed(THING.columns.items())))
    assert row_of(turned, A_THING, state="new") == tuple(reversed(row_of(THING, A_THING, state="new")))


def test_what_is_given_stands_before_what_the_struct_says() -> None:
    price = list(THING.columns).index("price_minor")
    assert row_of(THING, A_THING, state="new", price_minor=9)[price] == 9
    assert row_of(THING, A_THING, state="new")[price] == 5


def test_a_struct_says_how_its_columns_are_stored() -> None:
    assert column_types(Thing) == {
        "item_id": "text",
        "price_minor": "int",
        "is_hot": "int",
        "parts": "text",
        "main": "text",
    }
    assert empty(column_types(Thing)) == {"item_id": "", "price_minor": 0, "is_hot": 0, "parts": "", "main": ""}


def test_some_columns_are_taken_alike() -> None:
    assert columns_of(A_THING, "is_hot", "item_id") == {"is_hot": 1, "item_id": "i1"}
    assert columns_of(A_THING, "is_hot") == {"is_hot": 1}
    assert columns_of(Thing(item_id=ItemId("i2"), price_minor=1), "parts") == {"parts": "[]"}


def test_a_column_that_no_field_and_no_word_fills_is_a_fault() -> None:
    with pytest.raises(AttributeError, match="Thing has no field state"):
        row_of(THING, A_THING)
    with pytest.raises(AssertionError, match="thing has no \\['colour'\\]"):
        row_of(THING, A_THING, state="new", colour="red")


def test_two_tables_of_one_name_are_two() -> None:
    narrow = Table(name="thing", key=("item_id",), columns={"item_id": "text"})
    assert row_of(narrow, A_THING) == ("i1",)
    assert len(row_of(THING, A_THING, state="new")) == 6
