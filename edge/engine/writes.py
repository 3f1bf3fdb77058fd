"""Put, Set, Add and Delete into SQLite. SQL is built once per shape, from validated names; values are parameters."""

import re
import sqlite3
from collections.abc import Callable, Iterable
from operator import itemgetter
from typing import Any

import msgspec

from shared.folded import Folded, MissingRow, WrongWrite
from shared.writes import Add, Delete, Put, Set, Table, Value, Write

Touched = tuple[str, tuple[Value, ...]]  # a table and the whole key of a row in it, in the order of Table.key
Values = Callable[[dict[str, Any]], tuple[Value, ...]]

_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]{0,62}")
_TYPES = {"int": "INTEGER", "text": "TEXT"}


class _Shape(msgspec.Struct, frozen=True):
    """What is known of a table before the first write to it."""

    table: Table
    key_of: Values  # of what names its columns
    row_of: Values
    key_in: Callable[[tuple[Value, ...]], tuple[Value, ...]]  # of a row in order
    width: int
    put: str
    delete: str
    updates: dict[tuple[object, ...], str]  # SQL of each kind and set of columns met so far


class TableWriter:
    """Applies writes to declared tables and to nothing else."""

    def __init__(self, tables: Iterable[Table]) -> None:
        self._shapes: dict[str, _Shape] = {}
        self._declared: dict[str, Table] = {}
        for table in tables:
            assert table.name not in self._shapes, f"two slices declare the table {table.name}"
            self._shapes[table.name] = _shape(table)
            self._declared[table.name] = table

    def apply(self, cursor: sqlite3.Cursor, write: Write) -> Touched:
        """Do one write; returns the row it touched.

        Raises:
            MissingRow: Set, or Add outside a tally, found no row.
            WrongWrite: the table, its key or its columns are not as declared.
        """
        try:
            shape = self._shapes[write.table]
            if isinstance(write, Put):
                row = shape.row_of(write.row) if isinstance(write.row, dict) else write.row
                if len(write.row) != shape.width or shape.table.tally:
                    raise WrongWrite(f"{write.table}: a Put has every column, and a tally gets none")
                cursor.execute(shape.put, row)
                return write.table, shape.key_in(row)
            key = shape.key_of(write.key)
        except KeyError as error:
            raise WrongWrite(f"{write.table}: no such table, or no value for {error}") from None
        if len(write.key) != len(key):
            raise WrongWrite(f"{write.table}: {sorted(write.key)} is more than its key")
        if isinstance(write, Delete):
            cursor.execute(shape.delete, key)
            return write.table, key
        columns = write.columns
        sql = shape.updates.get((type(write), *columns)) or _remember_update(shape, write)
        if shape.table.tally:
            cursor.execute(sql, (*key, *columns.values()))
        elif cursor.execute(sql, (*columns.values(), *key)).rowcount != 1:
            raise MissingRow(f"{write.table} {key}")
        return write.table, key

    def folded(self) -> Folded:
        """An empty fold over these tables, for `apply_all`."""
        return Folded(self._declared)

    def apply_all(self, cursor: sqlite3.Cursor, folded: Folded) -> None:
        """Do many writes, folded row by row: a third of the work of one after the other.

        Raises:
            MissingRow: Set, or Add outside a tally, found no row.
        """
        for (name, change), rows in folded.groups().items():
            table = self._shapes[name].table
            sql, columns = _sql_of(self._shapes[name], change)
            count = cursor.executemany(sql, map(_values_of(columns), rows)).rowcount
            if change[0] == "part" and not table.tally and count != len(rows):
                raise MissingRow(f"{name}: {len(rows) - count} of {len(rows)} rows are not there")

    def row_of(self, write: Write) -> Touched:
        """The row a write would touch."""
        shape = self._shapes[write.table]
        if not isinstance(write, Put):
            return write.table, shape.key_of(write.key)
        if isinstance(write.row, dict):
            return write.table, shape.key_of(write.row)
        return write.table, shape.key_in(write.row)


def create_tables(conn: sqlite3.Connection, tables: Iterable[Table]) -> None:
    """Make each table that is not there, empty and without its indexes."""
    for table in tables:
        conn.execute(_create_sql(table))


def create_indexes(conn: sqlite3.Connection, tables: Iterable[Table]) -> None:
    """Make the declared indexes; after a rebuild, because filling an indexed table is slower."""
    for table in tables:
        for columns in table.indexes:
            name = "_".join((table.name, "by", *columns))
            conn.execute(f"CREATE INDEX IF NOT EXISTS {_q(name)} ON {_q(table.name)} ({_list(columns)})")


def drop_tables(conn: sqlite3.Connection, names: Iterable[str]) -> None:
    """Drop tables with their indexes; one that is not there is no fault."""
    for name in names:
        conn.execute(f"DROP TABLE IF EXISTS {_q(name)}")


def dump(conn: sqlite3.Connection, table: Table) -> sqlite3.Cursor:
    """Every row in the order of the key, columns as declared."""
    return conn.execute(f"SELECT {_list(table.columns)} FROM {_q(table.name)} ORDER BY {_list(table.key)}")


def _shape(table: Table) -> _Shape:
    for name in (table.name, *table.columns):
        assert _IDENTIFIER.fullmatch(name), f"{name} is no identifier"
    named = {*table.key, *(column for index in table.indexes for column in index)}
    assert table.key and named <= set(table.columns), f"{table.name} has a key or index on no column"
    marks = ", ".join("?" * len(table.columns))
    where = " AND ".join(f"{_q(column)} = ?" for column in table.key)
    return _Shape(
        table=table,
        key_of=_values_of(table.key),
        row_of=_values_of(tuple(table.columns)),
        key_in=_values_at(tuple(list(table.columns).index(column) for column in table.key)),
        width=len(table.columns),
        updates={},
        put=f"INSERT OR REPLACE INTO {_q(table.name)} ({_list(table.columns)}) VALUES ({marks})",
        delete=f"DELETE FROM {_q(table.name)} WHERE {where}",
    )


def _values_of(columns: tuple[str, ...]) -> Values:
    if len(columns) > 1:
        return itemgetter(*columns)
    only = columns[0]
    return lambda row: (row[only],)


def _values_at(places: tuple[int, ...]) -> Callable[[tuple[Value, ...]], tuple[Value, ...]]:
    if len(places) > 1:
        return itemgetter(*places)
    only = places[0]
    return lambda row: (row[only],)


def _create_sql(table: Table) -> str:
    columns = []
    for name, kind in table.columns.items():
        rule = " NOT NULL" if name in table.key else " NOT NULL DEFAULT 0" if table.tally and kind == "int" else ""
        columns.append(f"{_q(name)} {_TYPES[kind]}{rule}")
    return (
        f"CREATE TABLE IF NOT EXISTS {_q(table.name)} ({', '.join(columns)}, PRIMARY KEY ({_list(table.key)}))"
        " STRICT, WITHOUT ROWID"
    )


def _sql_of(shape: _Shape, change: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """The statement of a folded change, and the columns it takes, in order."""
    table = shape.table
    if change[0] == "whole":
        return shape.put, tuple(table.columns)
    if change[0] == "gone":
        return shape.delete, table.key
    sets = tuple(column for column in change[1:] if not column.startswith("+"))
    sums = tuple(column[1:] for column in change[1:] if column.startswith("+"))
    if table.tally:
        return _tally_sql(table, Add(table.name, {}, dict.fromkeys(sums, 0))), (*table.key, *change[1:])
    return _update_sql(table, sets=sets, sums=sums), (*change[1:], *table.key)


def _remember_update(shape: _Shape, write: Set | Add) -> str:
    table = shape.table
    if not write.columns or not set(write.columns) <= set(table.columns) - set(table.key):
        raise WrongWrite(f"{table.name}: {sorted(write.columns)} are not columns beside its key")
    if table.tally:
        sql = _tally_sql(table, write)
    elif isinstance(write, Add):
        sql = _update_sql(table, sets=(), sums=write.columns)
    else:
        sql = _update_sql(table, sets=write.columns, sums=())
    shape.updates[(type(write), *write.columns)] = sql
    return sql


def _update_sql(table: Table, *, sets: Iterable[str], sums: Iterable[str]) -> str:
    changes = [f"{_q(column)} = ?" for column in sets] + [f"{_q(column)} = {_q(column)} + ?" for column in sums]
    where = " AND ".join(f"{_q(column)} = ?" for column in table.key)
    return f"UPDATE {_q(table.name)} SET {', '.join(changes)} WHERE {where}"


def _tally_sql(table: Table, write: Set | Add) -> str:
    if not isinstance(write, Add):
        raise WrongWrite(f"{table.name} is a tally: it only gets Add")
    names = (*table.key, *write.columns)
    sums = ", ".join(f"{_q(column)} = {_q(column)} + excluded.{_q(column)}" for column in write.columns)
    return (
        f"INSERT INTO {_q(table.name)} ({_list(names)}) VALUES ({', '.join('?' * len(names))})"
        f" ON CONFLICT ({_list(table.key)}) DO UPDATE SET {sums}"
    )


def _q(name: str) -> str:
    assert _IDENTIFIER.fullmatch(name), f"{name} is no identifier"
    return f'"{name}"'


def _list(names: Iterable[str]) -> str:
    return ", ".join(map(_q, names))
