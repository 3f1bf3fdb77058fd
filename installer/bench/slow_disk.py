"""A disk whose commits take longer. Imported after the edge, which puts its SQLite in the system's place."""

import sqlite3
import time
from pathlib import Path
from typing import Any, Self

from edge.engine.database import connect_writer
from edge.engine.memory import WriterConnection

assert sqlite3.sqlite_version_info >= (3, 53), "import the edge first"


class Cursor(sqlite3.Cursor):
    """A commit sleeps `delay_s` longer, as on a slower disk; other threads go on meanwhile."""

    delay_s = 0.0

    def execute(self, sql: str, *parameters: Any) -> Self:
        """As the connection's own cursor."""
        if sql == "COMMIT":
            time.sleep(self.delay_s)
        return super().execute(sql, *parameters)


class _Connection(WriterConnection):
    def cursor(self, *_: Any) -> Any:
        return super().cursor(Cursor)


def connect(path: Path) -> WriterConnection:
    """The one connection that writes, on the slower disk."""
    return connect_writer(path, factory=_Connection)
