"""Applies edge/migrations in order. Forward only, one transaction each."""

import re
import sqlite3
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "migrations"
_NAME = re.compile(r"(\d{4})_[a-z0-9_]+\.sql")


class DatabaseTooNew(Exception):
    """A newer program wrote this database; this one must not touch it."""


def migrate(conn: sqlite3.Connection, folder: Path = FOLDER) -> list[str]:
    """Bring the database up to this program; returns the names that were applied now.

    Raises:
        DatabaseTooNew: it has a migration that this program does not know.
    """
    conn.execute("CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT")
    files = _numbered(folder)
    done = dict(conn.execute("SELECT number, name FROM migration"))
    unknown = sorted(set(done) - set(files))
    if unknown:
        raise DatabaseTooNew(f"the database has migration {done[unknown[-1]]}, which this program does not know")
    applied = []
    for number in sorted(set(files) - set(done)):
        _apply(conn, number, files[number])
        applied.append(files[number].name)
    return applied


def _numbered(folder: Path) -> dict[int, Path]:
    files: dict[int, Path] = {}
    for path in sorted(folder.glob("*.sql")):
        match = _NAME.fullmatch(path.name)
        assert match, f"{path.name} is not named like 0001_log.sql"
        number = int(match[1])
        assert number not in files, f"{path.name} and {files[number].name} have the same number"
        files[number] = path
    return files


def _apply(conn: sqlite3.Connection, number: int, path: Path) -> None:
    script = path.read_text(encoding="utf-8")
    note = f"INSERT INTO migration (number, name) VALUES ({number}, '{path.name}');"  # both matched _NAME
    try:
        conn.executescript(f"BEGIN IMMEDIATE;\n{script}\n;{note}\nCOMMIT;")
    except sqlite3.Error:
        if conn.in_transaction:
            conn.execute("ROLLBACK")
        raise
