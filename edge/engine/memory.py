"""What the writer's loads remember: rows that change a few times a day, and rows of the commit that is being made.

A command reads its device, the person on it, the venue and the menu; together they cost it more than its own rows. Only
the writer's connection remembers, because its thread alone knows of every write before the next read.
"""

import sqlite3
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from edge.engine.fresh import FreshRows, Key, Row
from edge.engine.writes import Touched
from shared.writes import Value

P = ParamSpec("P")
T = TypeVar("T")

LIMIT = 1_000  # reads remembered; past it all are forgotten


class WriterConnection(sqlite3.Connection):
    """The one connection that writes, and what was read on it of rows that seldom change."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._remembered: dict[tuple[object, ...], Any] = {}
        self._tables: set[str] = set()
        self.fresh = FreshRows()

    def recall(self, read: Callable[..., T], tables: Iterable[str], key: tuple[object, ...]) -> T:
        """What `read(conn, *key)` gave, once for all until a row of `tables` is written."""
        place = (read, *key)
        if place not in self._remembered:
            found = read(self, *key)
            if len(self._remembered) >= LIMIT:
                self._remembered.clear()
            self._tables.update(tables)
            self._remembered[place] = found
        remembered: T = self._remembered[place]
        return remembered

    def forget(self, touched: Iterable[Touched]) -> None:
        """Rows were written: if one is of a table that something was read from, everything is read again."""
        for table, _ in touched:
            if table in self._tables:
                self.forget_all()
                return

    def forget_all(self) -> None:
        """Something was written that nobody listed."""
        self._remembered.clear()
        self._tables.clear()
        self.fresh.clear()


def fresh_rows(conn: sqlite3.Connection, table: str, owner: Value) -> Mapping[Key, Row]:
    """Rows whose key begins with `owner` and that the writer has put since its last commit; none on any other connection.

    Each has the table's columns in their order. Rows that were there before are not among them.
    """
    return conn.fresh.of(table, owner) if isinstance(conn, WriterConnection) else {}


def seldom_changes(
    *tables: str,
) -> Callable[[Callable[Concatenate[sqlite3.Connection, P], T]], Callable[Concatenate[sqlite3.Connection, P], T]]:
    """For a read of `tables` alone, called with positional keys. On any other connection it reads each time."""

    def remembered(
        read: Callable[Concatenate[sqlite3.Connection, P], T],
    ) -> Callable[Concatenate[sqlite3.Connection, P], T]:
        @wraps(read)
        def recall(conn: sqlite3.Connection, *key: P.args, **no_more: P.kwargs) -> T:
            if isinstance(conn, WriterConnection):
                return conn.recall(read, tables, key)
            return read(conn, *key, **no_more)

        return cast(Callable[Concatenate[sqlite3.Connection, P], T], recall)

    return remembered
