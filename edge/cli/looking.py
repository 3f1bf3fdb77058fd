"""`hos edge query` and `tables`: looking around in the venue's database, with nothing that could be changed or given away."""

from __future__ import annotations

import argparse
import csv
import sqlite3
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, TextIO

import msgspec

from edge.cli.opened import SECRET_TABLES, VIEWS, is_secret, opened
from edge.cli.upkeep import need_database, say
from edge.settings import Settings

if TYPE_CHECKING:
    from sqlite_utils import Database

OK, PROBLEMS, TOO_SLOW = 0, 1, 5
DEADLINE_S = 60
FORMATS = ("table", "json", "csv")
_WIDEST = 60  # letters of a cell in a table


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the two to the edge's commands."""
    about = "answer one SELECT from the venue's database; nothing can be written; the edge may be running"
    query = commands.add_parser("query", help=about, description=f"{about[0].upper()}{about[1:]}.")
    query.add_argument("sql", metavar="SELECT", help="the statement; `hos edge tables` shows what there is")
    query.add_argument("--format", choices=FORMATS, default="table", help="of the answer (default: table)")
    query.add_argument(
        "--limit", type=_whole, default=1_000, metavar="N", help="at most N rows; 0 for all (default: 1000)"
    )
    _add_deadline(query)
    query.set_defaults(run=_query)
    about = "list the tables and the readable views, with their rows and sizes; the edge may be running"
    tables = commands.add_parser("tables", help=about, description=f"{about[0].upper()}{about[1:]}.")
    tables.add_argument("--format", choices=FORMATS, default="table", help="of the answer (default: table)")
    _add_deadline(tables)
    tables.set_defaults(run=_tables)


def _add_deadline(command: argparse.ArgumentParser) -> None:
    about = f"interrupt it after S seconds, with exit code {TOO_SLOW}; 0 for never (default: {DEADLINE_S})"
    command.add_argument("--deadline", type=_whole, default=DEADLINE_S, metavar="S", help=about)


def _whole(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError("must be a whole number, 0 or more")
    return int(text)


def _query(settings: Settings, asked: argparse.Namespace) -> int:
    need_database(settings)
    with opened(settings.database, deadline_s=asked.deadline) as database:
        try:
            cursor = database.execute(asked.sql)
            if cursor.description is None:
                say("That statement answers nothing. Ask with SELECT.")
                return PROBLEMS
            columns = [column[0] for column in cursor.description]
            rows = cursor if asked.limit == 0 else islice(cursor, asked.limit)
            show(columns, rows, asked.format, sys.stdout)
            if asked.limit and cursor.fetchone() is not None:
                say(f"There are more than {asked.limit} rows. --limit 0 shows all.", style="yellow")
        except (sqlite3.Error, sqlite3.Warning) as error:  # two statements are a warning
            if getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_INTERRUPT:
                raise
            say(f"SQLite refuses: {_why(error)}")
            return PROBLEMS
    return OK


def _why(error: Exception) -> str:
    text = str(error)
    if "not authorized" in text:
        return "only SELECT is allowed here, and PRAGMA table_info"
    return f"{text} (it holds a secret)" if "prohibited" in text else text


def _tables(settings: Settings, asked: argparse.Namespace) -> int:
    need_database(settings)
    columns = ("name", "kind", "rows", "kib", "columns")
    with opened(settings.database, deadline_s=asked.deadline) as database:
        rows: list[tuple[Any, ...]] = []
        for name in sorted(set(database.table_names()) - SECRET_TABLES):
            table = database.table(name)
            open_columns = [column for column in table.columns_dict if not is_secret(name, column)]
            kib = _kib(database, name, open_columns)
            rows.append((name, "table", table.count, kib, ", ".join(open_columns)))
        for name in VIEWS:
            shown = database.execute(f"SELECT * FROM {name} LIMIT 0").description
            rows.append((name, "readable view", "", "", ", ".join(column[0] for column in shown)))
    show(columns, rows, asked.format, sys.stdout)
    return OK


def _kib(database: Database, name: str, columns: Sequence[str]) -> int:
    """What a table's values take, without indexes and free pages: those are SQLite's own."""
    lengths = " + ".join(f'COALESCE(octet_length("{column}"), 0)' for column in columns)
    (size,) = database.execute(f'SELECT COALESCE(SUM({lengths}), 0) FROM "{name}"').fetchone()
    return -(-int(size) // 1024)


def plain(value: object) -> object:
    """A value as any program reads it: bytes as the text they are, or in hexadecimal."""
    if not isinstance(value, bytes):
        return value
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.hex()


def show(columns: Sequence[str], rows: Iterable[Sequence[Any]], form: str, out: TextIO) -> None:
    """Write an answer: a table for eyes, CSV, or a JSON list of objects, one a line."""
    plain_rows = ([plain(value) for value in row] for row in rows)
    match form:
        case "csv":
            writer = csv.writer(out, lineterminator="\n")
            writer.writerow(columns)
            writer.writerows(plain_rows)
        case "json":
            objects = (msgspec.json.encode(dict(zip(columns, row, strict=True))).decode() for row in plain_rows)
            first = next(objects, None)
            out.write("[" if first is None else f"[{first}")
            out.writelines(f",\n{one}" for one in objects)
            out.write("]\n")
        case _:
            out.writelines(_aligned(columns, list(plain_rows)))


def _aligned(columns: Sequence[str], rows: list[list[object]]) -> Iterator[str]:
    cells = [[_cell(value) for value in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(columns, *cells, strict=True)]
    for line in (list(columns), ["-" * width for width in widths], *cells):
        yield "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() + "\n"


def _cell(value: object) -> str:
    text = "" if value is None else " ".join(str(value).split())
    return text if len(text) <= _WIDEST else text[: _WIDEST - 1] + "…"
