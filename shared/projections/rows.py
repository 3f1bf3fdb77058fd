"""Rows from ops and structs from rows, so that a column is named once: in the table, and in the struct whose field it holds.

A truth value becomes 0 or 1, text and whole numbers stay as they are, and all else (lists, structs) becomes JSON.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any, TypeVar, get_type_hints

import msgspec
from msgspec import inspect

from shared.writes import ColumnType, Table, Value

S = TypeVar("S", bound=msgspec.Struct)

_encode = msgspec.json.Encoder().encode
_EMPTY: Mapping[ColumnType, Value] = {"int": 0, "text": ""}


class _Plan(msgspec.Struct, frozen=True):
    """How columns are taken from structs of one type."""

    table: Table | None  # kept, so that no other table gets its id
    take: Callable[[Any, Mapping[str, Value]], Any]


def row_of(table: Table, op: msgspec.Struct, /, **more: Value) -> tuple[Value, ...]:
    """A whole row of `table`, in the order of its columns: each that `more` does not name is the field of that name.

    Raises:
        AttributeError: the struct has no field for a column.
    """
    key = (id(table), type(op), *more)
    plan = _plans.get(key)
    if plan is None:
        plan = _plans[key] = _row_plan(table, type(op), tuple(more))
    row: tuple[Value, ...] = plan.take(op, more)
    return row


def struct_of(struct: type[S], row: Mapping[str, Value], /) -> S:
    """The struct whose fields a row holds: the way back from `row_of`, for fields that are text, numbers or truth values."""
    return msgspec.convert(row, struct, strict=False)


def columns_of(op: msgspec.Struct, *names: str) -> dict[str, Value]:
    """Some columns, each the field of its name.

    Raises:
        AttributeError: the struct has no such field.
    """
    key = (type(op), *names)
    plan = _plans.get(key)
    if plan is None:
        plan = _plans[key] = _columns_plan(type(op), names)
    columns: dict[str, Value] = plan.take(op, {})
    return columns


def picker_of(table: Table, *columns: str) -> Callable[[tuple[Value, ...]], tuple[Value, ...]]:
    """What picks these columns, two or more, out of a whole row of the table."""
    places = list(table.columns)
    return itemgetter(*(places.index(column) for column in columns))


def reader_of(struct: type[S], columns: Sequence[str]) -> Callable[[Sequence[Any]], S]:
    """What makes the struct of a row with these columns, in this order: the inverse of `row_of`.

    Raises:
        AttributeError: the struct has no field for a column.
    """
    types = _types_of(struct)
    _check_known(struct, columns)
    names: dict[str, Any] = {"struct": struct}
    given = []
    for place, name in enumerate(columns):
        taken = f"row[{place}]"
        if isinstance(types[name], inspect.BoolType):
            taken = f"bool({taken})"
        elif _is_json(types[name]):
            names[f"read_{name}"] = msgspec.json.Decoder(_annotation_of(struct, name)).decode
            taken = f"read_{name}({taken})"
            if _is_list(types[name]):
                taken = f"({taken} if row[{place}] != '[]' else ())"
        given.append(f"{name}={taken}")
    read: Callable[[Sequence[Any]], S] = eval(f"lambda row: struct({', '.join(given)})", names)
    return read


def column_types(struct: type[msgspec.Struct]) -> dict[str, ColumnType]:
    """The columns that hold every field of a struct."""
    return {name: "int" if _is_number(found) else "text" for name, found in _types_of(struct).items()}


def empty(columns: Mapping[str, ColumnType]) -> dict[str, Value]:
    """The same columns before anything is known: 0 and empty text."""
    return {name: _EMPTY[kind] for name, kind in columns.items()}


_plans: dict[tuple[object, ...], _Plan] = {}  # a handful for each table


def _row_plan(table: Table, struct: type[msgspec.Struct], more: tuple[str, ...]) -> _Plan:
    unknown = sorted(set(more) - table.columns.keys())
    assert not unknown, f"{table.name} has no {unknown}"
    fields = _fields(struct, [name for name in table.columns if name not in more])
    taken = [fields.get(name) or f"more[{name!r}]" for name in table.columns]
    return _Plan(table, _compiled(f"({', '.join(taken)},)"))


def _columns_plan(struct: type[msgspec.Struct], names: tuple[str, ...]) -> _Plan:
    taken = [f"{name!r}: {field}" for name, field in _fields(struct, names).items()]
    return _Plan(None, _compiled(f"{{{', '.join(taken)}}}"))


def _compiled(expression: str) -> Callable[[Any, Mapping[str, Value]], Any]:
    """As Python would have compiled it, had somebody written every column out: a fifth of the time of a loop.

    It is made of names of our own fields and columns, and of nothing else.
    """
    take: Callable[[Any, Mapping[str, Value]], Any] = eval(f"lambda op, more: {expression}", {"as_json": _json})
    return take


def _fields(struct: type[msgspec.Struct], names: Iterable[str]) -> dict[str, str]:
    """What takes each of these columns from the struct, as Python."""
    types = _types_of(struct)
    names = list(names)
    _check_known(struct, names)
    return {name: _field(name, types[name]) for name in names}


def _field(name: str, found: inspect.Type) -> str:
    if isinstance(found, inspect.BoolType):
        return f"int(op.{name})"
    return f"(as_json(op.{name}) if op.{name} else '[]')" if _is_json(found) else f"op.{name}"


def _check_known(struct: type[msgspec.Struct], names: Iterable[str]) -> None:
    missing = sorted(set(names) - _types_of(struct).keys())
    if missing:
        raise AttributeError(f"{struct.__name__} has no field {', '.join(missing)}")


def _annotation_of(struct: type[msgspec.Struct], name: str) -> Any:
    return get_type_hints(struct, include_extras=True)[name]


def _types_of(struct: type[msgspec.Struct]) -> dict[str, inspect.Type]:
    found = inspect.type_info(struct)
    assert isinstance(found, inspect.StructType)
    return {field.name: field.type for field in found.fields}


def _is_json(found: inspect.Type) -> bool:
    return not _is_number(found) and not isinstance(_bare(found), inspect.StrType)


def _is_list(found: inspect.Type) -> bool:
    return isinstance(_bare(found), inspect.VarTupleType)


def _is_number(found: inspect.Type) -> bool:
    return isinstance(_bare(found), inspect.IntType | inspect.BoolType)


def _bare(found: inspect.Type) -> inspect.Type:
    return found.type if isinstance(found, inspect.Metadata) else found


def _json(value: object) -> str:
    return _encode(value).decode()
