"""The writes of many entries, folded into one change for each row; rows do not touch each other, so their order is free."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from operator import itemgetter
from typing import Any

import msgspec

from shared.writes import Add, Delete, Put, Set, Table, Value, Write

_Row = tuple[str, tuple[Value, ...]]
#: What rows of one table change in: `whole`, `gone`, or `part` with columns to set and, under a +, columns to add to.
Shape = tuple[str, ...]


class MissingRow(Exception):
    """A projection set or added to a row that is not there."""


class WrongWrite(Exception):
    """A write that does not fit its table's declaration."""


class _Whole(msgspec.Struct):
    """The row becomes exactly this."""

    row: dict[str, Value]


class _Part(msgspec.Struct):
    """The row, which must be there unless the table is a tally, gets these columns and these sums."""

    columns: dict[str, Value]
    sums: dict[str, int]


class _Gone(msgspec.Struct):
    """The row goes."""


_Change = _Whole | _Part | _Gone


class _Shape(msgspec.Struct, frozen=True):
    """What is known of a table before the first write to it."""

    is_tally: bool
    columns: tuple[str, ...]
    key_width: int
    key_of: Callable[[dict[str, Any]], tuple[Value, ...]]
    rest: frozenset[str]  # the columns beside the key


class Folded:
    """What the writes of some entries come to, row by row."""

    def __init__(self, tables: Mapping[str, Table]) -> None:
        self._tables = tables
        self._shapes = {name: _shape(table) for name, table in tables.items()}
        self._changes: dict[_Row, _Change] = {}

    def take(self, write: Write) -> None:
        """Fold one write in.

        Raises:
            MissingRow: it changes a row that was deleted here.
            WrongWrite: the table, its key or its columns are not as declared.
        """
        name = write.table
        try:
            shape = self._shapes[name]
            if isinstance(write, Put):
                whole = (
                    {**write.row} if isinstance(write.row, dict) else dict(zip(shape.columns, write.row, strict=False))
                )
                if len(write.row) != len(shape.columns) or shape.is_tally:
                    raise WrongWrite(f"{name}: a Put has every column, and a tally gets none")
                self._changes[name, shape.key_of(whole)] = _Whole(whole)
                return
            row = (name, shape.key_of(write.key))
        except KeyError as error:
            raise WrongWrite(f"{name}: no such table, or no value for {error}") from None
        if len(write.key) != shape.key_width:
            raise WrongWrite(f"{name}: {sorted(write.key)} is more than its key")
        if isinstance(write, Delete):
            self._changes[row] = _Gone()
            return
        if not write.columns or not shape.rest.issuperset(write.columns):
            raise WrongWrite(f"{name}: {sorted(write.columns)} are not columns beside its key")
        if shape.is_tally and isinstance(write, Set):
            raise WrongWrite(f"{name} is a tally: it only gets Add")
        self._change(row, write)

    def groups(self) -> Mapping[tuple[str, Shape], list[dict[str, Value]]]:
        """Rows by their table and the shape of their change; each row has its key and what the shape names."""
        groups: dict[tuple[str, Shape], list[dict[str, Value]]] = defaultdict(list)
        for (name, key), change in self._changes.items():
            match change:
                case _Whole():
                    groups[name, ("whole",)].append(change.row)
                case _Gone():
                    groups[name, ("gone",)].append(self._keyed(name, key))
                case _Part():
                    sums = {f"+{column}": amount for column, amount in change.sums.items()}
                    shape = ("part", *sorted(change.columns), *sorted(sums))
                    groups[name, shape].append({**self._keyed(name, key), **change.columns, **sums})
        return groups

    def _keyed(self, name: str, key: Iterable[Value]) -> dict[str, Value]:
        return dict(zip(self._tables[name].key, key, strict=True))

    def _change(self, row: _Row, write: Set | Add) -> None:
        before = self._changes.get(row)
        match before:
            case None:
                before = self._changes[row] = _Part({}, {})
            case _Gone():
                raise MissingRow(f"{row[0]} {row[1]}")
        columns = before.row if isinstance(before, _Whole) else before.columns
        if isinstance(write, Set):
            columns.update(write.columns)
            if isinstance(before, _Part):
                for column in write.columns:
                    before.sums.pop(column, None)
            return
        for column, amount in write.columns.items():
            if column in columns:
                columns[column] = _sum(columns[column], amount)
            else:
                assert isinstance(before, _Part)
                before.sums[column] = before.sums.get(column, 0) + amount


def _shape(table: Table) -> _Shape:
    return _Shape(
        is_tally=table.tally,
        columns=tuple(table.columns),
        key_width=len(table.key),
        key_of=_getter(table.key),
        rest=frozenset(table.columns) - frozenset(table.key),
    )


def _getter(columns: tuple[str, ...]) -> Callable[[dict[str, Any]], tuple[Value, ...]]:
    if len(columns) > 1:
        return itemgetter(*columns)
    only = columns[0]
    return lambda row: (row[only],)


def _sum(before: Value, amount: int) -> Value:
    assert not isinstance(before, str), "text is not added to"
    return None if before is None else before + amount
