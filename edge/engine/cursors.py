"""How far a reader has come in the log, as the epoch and the number of the last entry it has done.

A number alone says nothing once a log was reconciled with the hub's: entries after the point where the two part get
others, in another epoch. A cursor whose entry is not in the log is of another log, and what was made of it is too.
"""

import sqlite3

import msgspec

from shared.entry import Entry


class Cursor(msgspec.Struct, frozen=True):
    """The last entry that is done; (0, 0) before the first."""

    epoch: int = 0
    seq: int = 0


def of(entry: Entry) -> Cursor:
    """The cursor of a reader that has done this entry and all before it."""
    return Cursor(entry.epoch, entry.seq)


def saved(conn: sqlite3.Connection, name: str) -> Cursor:
    """How far the reader of that name had come."""
    row = conn.execute("SELECT epoch, seq FROM worker_cursor WHERE name = ?", (name,)).fetchone()
    return Cursor(*row) if row else Cursor()


def is_in_log(conn: sqlite3.Connection, cursor: Cursor) -> bool:
    """Whether the log still has the entry that the cursor stands at."""
    found = conn.execute("SELECT 1 FROM log WHERE seq = ? AND epoch = ?", (cursor.seq, cursor.epoch)).fetchone()
    return found is not None or cursor == Cursor()


def save(conn: sqlite3.Connection, name: str, cursor: Cursor) -> None:
    """Keep how far the reader of that name has come; the caller holds the transaction."""
    conn.execute(
        "INSERT OR REPLACE INTO worker_cursor (name, epoch, seq) VALUES (?, ?, ?)", (name, cursor.epoch, cursor.seq)
    )


def forget(conn: sqlite3.Connection, name: str) -> None:
    """The reader of that name begins at the first entry again."""
    conn.execute("DELETE FROM worker_cursor WHERE name = ?", (name,))
