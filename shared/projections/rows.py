"""Rows from ops, so that a column is named once: in the table, and in the op whose field it holds.

A truth value becomes 0 or 1, text and whole numbers stay as they are, and all else (lists, structs) becomes JSON.
"""

from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Any

import msgspec
from msgspec import inspect

from shared.writes import ColumnType, Table, Value

_encode = msgspec.json.Encoder().encode
_EMPTY: Mapping[ColumnType, Value] = {"int": 0, "text": ""}


class _Plan(msgspec.Struct, frozen=True):
    """How columns are taken from structs of one type."""

    table: Table | None  # kept, so that no other table gets its id
    names: tuple[str, ...]
    values: Callable[[Any], tuple[Any, ...]]
    turned: tuple[tuple[str, Callable[[Any], Value]], ...]  # columns that are not stored as they are


def row_of(table: Table, op: msgspec.Struct, /, **more: Value) -> dict[str, Value]:
    """A whole row of `table`: each column that `more` does not name is the field of that name.

    Raises:
        AttributeError: the struct has no field for a column.
    """
    key = (id(table), type(op))
    plan = _plans.get(key)
    if plan is None:
        plan = _plans[key] = _plan(
            type(op), tuple(name for name in table.columns if name in _types_of(type(op))), table
        )
    row = _take(plan, op)
    row.update(more)
    if len(row) != len(table.columns):
        unknown = sorted(row.keys() - table.columns.keys())
        assert not unknown, f"{table.name} has no {unknown}"
        raise AttributeError(f"{type(op).__name__} has no field {', '.join(sorted(table.columns.keys() - row.keys()))}")
    return row


def columns_of(op: msgspec.Struct, *names: str) -> dict[str, Value]:
    """Some columns, each the field of its name.

    Raises:
        AttributeError: the struct has no such field.
    """
    key = (type(op), *names)
    plan = _plans.get(key)
    if plan is None:
        plan = _plans[key] = _plan(type(op), names)
    return _take(plan, op)


def column_types(struct: type[msgspec.Struct]) -> dict[str, ColumnType]:
    """The columns that hold every field of a struct."""
    return {name: "int" if _is_number(found) else "text" for name, found in _types_of(struct).items()}


def empty(columns: Mapping[str, ColumnType]) -> dict[str, Value]:
    """The same columns before anything is known: 0 and empty text."""
    return {name: _EMPTY[kind] for name, kind in columns.items()}


_plans: dict[tuple[object, ...], _Plan] = {}  # a handful for each table


def _take(plan: _Plan, op: msgspec.Struct) -> dict[str, Value]:
    row = dict(zip(plan.names, plan.values(op), strict=False))
    for name, turn in plan.turned:
        row[name] = turn(row[name])
    return row


def _plan(struct: type[msgspec.Struct], names: tuple[str, ...], table: Table | None = None) -> _Plan:
    types = _types_of(struct)
    missing = [name for name in names if name not in types]
    if missing:
        raise AttributeError(f"{struct.__name__} has no field {', '.join(missing)}")
    turned = tuple((name, turn) for name in names if (turn := _turn(types[name])) is not None)
    return _Plan(table, names, _getter(names), turned)


def _getter(names: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    if len(names) > 1:
        return attrgetter(*names)
    return lambda op: tuple(getattr(op, name) for name in names)


def _types_of(struct: type[msgspec.Struct]) -> dict[str, inspect.Type]:
    found = inspect.type_info(struct)
    assert isinstance(found, inspect.StructType)
    return {field.name: field.type for field in found.fields}


def _turn(found: inspect.Type) -> Callable[[Any], Value] | None:
    if isinstance(found, inspect.BoolType):
        return int
    return None if _is_number(found) or isinstance(_bare(found), inspect.StrType) else _json


def _is_number(found: inspect.Type) -> bool:
    return isinstance(_bare(found), inspect.IntType | inspect.BoolType)


def _bare(found: inspect.Type) -> inspect.Type:
    return found.type if isinstance(found, inspect.Metadata) else found


def _json(value: object) -> str:
    return _encode(value).decode() if value else "[]"
