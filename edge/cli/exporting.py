"""`hos edge export`: the venue's raw data for any other program. It is the venue's own: nothing is kept back but secrets."""

from __future__ import annotations

import argparse
import csv
import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from edge.cli.looking import plain
from edge.cli.opened import SECRET_TABLES, VIEWS, is_secret, opened
from edge.cli.upkeep import need_database, progress_bars, say
from edge.engine.database import LOCK_NAME, PRIVATE
from edge.settings import Settings

if TYPE_CHECKING:
    from sqlite_utils import Database

OK, PROBLEMS = 0, 1
_CHUNK = 5_000  # rows
Report = Callable[[str, int, int], None]


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the edge's."""
    about = "write all of the venue's data, but for secrets, as one open SQLite file, or a folder of CSV or NDJSON"
    export = commands.add_parser(
        "export", help=about, description=f"{about[0].upper()}{about[1:]}. The edge may be running."
    )
    export.add_argument(
        "target", type=Path, metavar="FILE|FOLDER", help="a file for sqlite; a folder for csv and ndjson"
    )
    export.add_argument("--format", choices=("sqlite", "csv", "ndjson"), default="sqlite", help="(default: sqlite)")
    export.add_argument("--replace", action="store_true", help="write over what exists")
    export.set_defaults(run=_export)


def _export(settings: Settings, asked: argparse.Namespace) -> int:
    need_database(settings)
    target = asked.target.resolve()
    reason = _why_not(target, is_file=asked.format == "sqlite", may_replace=asked.replace)
    if reason:
        say(reason)
        return PROBLEMS
    with opened(settings.database) as source, progress_bars() as progress:
        if asked.format == "sqlite":
            tables = _as_database(source, target, progress)
        else:
            tables = _as_files(source, target, asked.format, progress)
    say(f"Wrote {tables} tables and {len(VIEWS)} readable views to {target}.", style="green")
    return OK


def _why_not(target: Path, *, is_file: bool, may_replace: bool) -> str:
    if not target.parent.is_dir():
        return f"There is no folder {target.parent}. Is the disk plugged in?"
    if (target.parent / LOCK_NAME).exists() or (target / LOCK_NAME).exists():
        return f"{target} is a venue's data folder, or lies in one. Choose another place."
    if is_file and target.is_dir():
        return f"{target} is a folder. Name the file to write, for example {target / 'venue-data.db'}."
    if not is_file and target.is_file():
        return f"{target} is a file. Name a folder for the files of this format."
    if target.exists() and not may_replace and (is_file or any(target.iterdir())):
        return f"{target} exists. Write over it with --replace, or choose another place."
    return ""


def _columns(source: Database, name: str) -> list[str]:
    return [column for column in source.table(name).columns_dict if not is_secret(name, column)]


def _open_tables(source: Database) -> list[str]:
    return sorted(set(source.table_names()) - SECRET_TABLES)


def _rows(source: Database, name: str, columns: Sequence[str]) -> Iterator[list[Any]]:
    """Every row as plain values: what an op says is text, what is only a mark of bytes is hexadecimal."""
    listed = ", ".join(f'"{column}"' for column in columns)
    for row in source.execute(f'SELECT {listed} FROM "{name}"'):
        yield [plain(value) for value in row]


def _as_database(source: Database, target: Path, progress: Report) -> int:
    """One SQLite file that appears whole or not at all."""
    from sqlite_utils import Database  # not above: as in opened.py

    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)
    part.touch(mode=PRIVATE)  # people's names are in it
    names = _open_tables(source)
    copy = Database(part)
    try:
        for place, name in enumerate(names, start=1):
            columns = _columns(source, name)
            types = {
                column: kind if kind is not bytes else str for column, kind in source.table(name).columns_dict.items()
            }
            keys = [column for column in source.table(name).pks if column in columns]
            copy.table(name).create({column: types[column] for column in columns}, pk=tuple(keys) or None)
            _copy(copy, name, columns, _rows(source, name, columns))
            progress("exported", place, len(names))
        for view, sql in VIEWS.items():
            copy.create_view(view, sql)
        copy.close()
        os.replace(part, target)
    finally:
        copy.close()
        part.unlink(missing_ok=True)
    return len(names)


def _copy(copy: Database, name: str, columns: Sequence[str], rows: Iterator[list[Any]]) -> None:
    conn = copy.conn
    assert isinstance(conn, sqlite3.Connection)
    marks = ", ".join("?" * len(columns))
    listed = ", ".join(f'"{column}"' for column in columns)
    while chunk := list(islice(rows, _CHUNK)):
        with conn:
            conn.executemany(f'INSERT INTO "{name}" ({listed}) VALUES ({marks})', chunk)


def _as_files(source: Database, folder: Path, form: str, progress: Report) -> int:
    """A file for each table and each readable view."""
    folder.mkdir(exist_ok=True)
    tables = _open_tables(source)
    names = [*tables, *VIEWS]
    for place, name in enumerate(names, start=1):
        if name in VIEWS:
            columns = [column[0] for column in source.execute(f"SELECT * FROM {name} LIMIT 0").description]
        else:
            columns = _columns(source, name)
        _write(folder / f"{name}.{form}", columns, _rows(source, name, columns), form)
        progress("exported", place, len(names))
    return len(tables)


def _write(path: Path, columns: Sequence[str], rows: Iterator[list[Any]], form: str) -> None:
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    part.touch(mode=PRIVATE)
    with part.open("w", encoding="utf-8", newline="") as file:
        if form == "csv":
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(columns)
            writer.writerows(rows)
        else:
            file.writelines(msgspec.json.encode(dict(zip(columns, row, strict=True))).decode() + "\n" for row in rows)
    part.replace(path)
