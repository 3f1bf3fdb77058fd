"""Put, Set, Add and Delete into Postgres, many entries at a time.

The writes of a batch are first folded into one change for each row, in memory; then every group of rows that change in the
same columns is one statement over arrays. Rows do not touch each other, so the order of the groups does not matter.
Every table gets `tenant_id` and `venue_id` before its own key, and row-level security.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import LiteralString

from msgspec.structs import replace
from psycopg import AsyncCursor, sql
from psycopg.adapt import PyFormat
from psycopg.rows import TupleRow

from cloud.engine.database import Connection
from shared.folded import Folded, MissingRow
from shared.writes import Table, Value

_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]{0,62}")
_TYPES: Mapping[str, LiteralString] = {"int": "bigint", "text": "text"}
_OURS = frozenset({"tenant_id", "venue_id"})


class Tables:
    """The tables that projections declare, and the SQL of every change to them, composed once."""

    def __init__(self, tables: Iterable[Table], own_names: Mapping[str, str] | None = None) -> None:
        self.by_name = {table.name: table for table in tables}
        self._own_names = own_names or {}  # declared name → the name of the table that stands for it
        self._statements: dict[tuple[str, tuple[str, ...]], tuple[bytes, tuple[str, ...]]] = {}

    def statement(self, name: str, shape: tuple[str, ...]) -> tuple[bytes, tuple[str, ...]]:
        """The SQL of one group of changes and the columns, in the order of its arrays `c0`, `c1` …"""
        known = self._statements.get((name, shape))
        if known is None:
            own = replace(self.by_name[name], name=self._own_names.get(name, name))
            statement, columns = _statement(own, shape)
            known = self._statements[name, shape] = (statement.as_bytes(), columns)
        return known


class WriteBatch:
    """What the writes of some entries come to, row by row."""

    def __init__(self, tables: "Tables") -> None:
        self._tables = tables
        self._folded = Folded(tables.by_name)
        self.take = self._folded.take

    async def apply(self, conn: Connection, *, tenant_id: str, venue_id: str) -> None:
        """Do all of it.

        Raises:
            MissingRow: a row to be changed is not there.
        """
        owner = {"tenant_id": tenant_id, "venue_id": venue_id}
        changed: list[tuple[str, int, AsyncCursor[TupleRow]]] = []
        async with conn.pipeline():  # all of them in one round trip
            for (name, shape), rows in self._folded.groups().items():
                statement, columns = self._tables.statement(name, shape)
                values = {f"c{place}": [_clean(row[c]) for row in rows] for place, c in enumerate(columns)}
                cursor = await conn.execute(statement, {**owner, **values})
                if shape[0] == "part" and not self._tables.by_name[name].tally:
                    changed.append((name, len(rows), cursor))
        for name, count, cursor in changed:
            if cursor.rowcount != count:
                raise MissingRow(f"{name}: {count - cursor.rowcount} of {count} rows are not there")


def create_table(table: Table, *, name: str = "") -> Sequence[sql.Composed]:
    """What makes the table, its indexes, its protection and the hub's right to it; under another name when one is given."""
    _check_declaration(table)
    columns: list[sql.Composable] = [sql.SQL("tenant_id text NOT NULL, venue_id text NOT NULL")]
    for column, kind in table.columns.items():
        rule: LiteralString = ""
        if column in table.key:
            rule = " NOT NULL"
        elif table.tally and kind == "int":
            rule = " NOT NULL DEFAULT 0"
        columns.append(sql.SQL("{} " + _TYPES[kind] + rule).format(sql.Identifier(column)))
    key = _list(("tenant_id", "venue_id", *table.key))
    own_name = name or table.name
    made = sql.Identifier(own_name)
    steps = [
        sql.SQL("CREATE TABLE {} ({}, PRIMARY KEY ({}))").format(made, sql.SQL(", ").join(columns), key),
        sql.SQL("SELECT protect({})").format(sql.Literal(own_name)),
        sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON {} TO hos_app").format(made),
    ]
    for index in table.indexes:
        steps.append(
            sql.SQL("CREATE INDEX {} ON {} ({})").format(
                sql.Identifier("_".join((own_name, "by", *index))), made, _list(("tenant_id", "venue_id", *index))
            )
        )
    return steps


def _statement(table: Table, shape: tuple[str, ...]) -> tuple[sql.Composed, tuple[str, ...]]:
    """The SQL of one group and the columns, in the order of its arrays `c0`, `c1` …"""
    if shape[0] == "whole":
        return _put(table, tuple(table.columns)), tuple(table.columns)
    if shape[0] == "gone":
        return _delete(table), table.key
    columns = (*table.key, *shape[1:])
    return (_tally(table, shape[1:]) if table.tally else _update(table, shape[1:])), columns


def _put(table: Table, columns: tuple[str, ...]) -> sql.Composed:
    rest = [column for column in columns if column not in table.key]
    replace = sql.SQL(", ").join(sql.SQL("{0} = excluded.{0}").format(sql.Identifier(column)) for column in rest)
    action = sql.SQL("UPDATE SET {}").format(replace) if rest else sql.SQL("NOTHING")
    return _insert(table, columns) + sql.SQL(" DO ") + action


def _tally(table: Table, sums: tuple[str, ...]) -> sql.Composed:
    names = [column.removeprefix("+") for column in sums]
    add = sql.SQL(", ").join(
        sql.SQL("{0} = {1}.{0} + excluded.{0}").format(sql.Identifier(name), sql.Identifier(table.name))
        for name in names
    )
    return _insert(table, (*table.key, *names)) + sql.SQL(" DO UPDATE SET ") + add


def _insert(table: Table, columns: tuple[str, ...]) -> sql.Composed:
    return sql.SQL(
        "INSERT INTO {} (tenant_id, venue_id, {}) SELECT %(tenant_id)s, %(venue_id)s, * FROM {} AS v"
        " ON CONFLICT (tenant_id, venue_id, {})"
    ).format(sql.Identifier(table.name), _list(columns), _arrays(table, columns), _list(table.key))


def _update(table: Table, changes: tuple[str, ...]) -> sql.Composed:
    sets = []
    for place, change in enumerate(changes, start=len(table.key)):
        name, value = sql.Identifier(change.removeprefix("+")), sql.Identifier(f"c{place}")
        form: LiteralString = "{0} = t.{0} + v.{1}" if change.startswith("+") else "{0} = v.{1}"
        sets.append(sql.SQL(form).format(name, value))
    return sql.SQL(
        "UPDATE {} AS t SET {} FROM {} AS v ({}) WHERE t.tenant_id = %(tenant_id)s AND t.venue_id = %(venue_id)s AND {}"
    ).format(
        sql.Identifier(table.name),
        sql.SQL(", ").join(sets),
        _arrays(table, (*table.key, *changes)),
        _list(f"c{place}" for place in range(len(table.key) + len(changes))),
        _same_key(table),
    )


def _delete(table: Table) -> sql.Composed:
    return sql.SQL(
        "DELETE FROM {} AS t USING {} AS v ({}) WHERE t.tenant_id = %(tenant_id)s AND t.venue_id = %(venue_id)s AND {}"
    ).format(
        sql.Identifier(table.name),
        _arrays(table, table.key),
        _list(f"c{place}" for place in range(len(table.key))),
        _same_key(table),
    )


def _same_key(table: Table) -> sql.Composed:
    return sql.SQL(" AND ").join(
        sql.SQL("t.{} = v.{}").format(sql.Identifier(column), sql.Identifier(f"c{place}"))
        for place, column in enumerate(table.key)
    )


def _arrays(table: Table, columns: Sequence[str]) -> sql.Composed:
    types = [_TYPES[table.columns[column.removeprefix("+")]] for column in columns]
    arrays = [
        sql.SQL("{}::" + kind + "[]").format(sql.Placeholder(f"c{place}", PyFormat.BINARY))
        for place, kind in enumerate(types)
    ]
    return sql.SQL("unnest({})").format(sql.SQL(", ").join(arrays))


def _check_declaration(table: Table) -> None:
    for name in (table.name, *table.columns):
        assert _IDENTIFIER.fullmatch(name), f"{name} is no identifier"
    assert not _OURS & set(table.columns), f"{table.name} has a column that the hub adds by itself"


def _clean(value: Value) -> Value:
    """Postgres keeps no NUL in text; the log keeps the text as it was."""
    return value.replace("\0", "�") if isinstance(value, str) and "\0" in value else value


def _list(names: Iterable[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, names))
