"""`hos edge menu …`: the menu as a spreadsheet, in and out."""

from __future__ import annotations

import argparse
import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
from rich.console import Console

from edge.engine.database import connect_reader
from edge.floor.reads import language
from edge.menu.load import currency, station_names
from edge.menu.reads import newest_menu
from edge.menu.spreadsheet.files import check_suffix, csv_bytes, read_file
from edge.menu.spreadsheet.reading import EMPTY, Reading, read
from edge.menu.spreadsheet.reasons import fault
from edge.menu.spreadsheet.rows import BadFile
from edge.menu.spreadsheet.telling import Say, rows_in
from edge.menu.spreadsheet.writing import one_sheet, workbook
from edge.settings import Settings, SettingsError
from shared.commands.base import Command, CommandAnswer
from shared.commands.menu import PublishMenu
from shared.errors import CODES
from shared.menu import Menu

OK, REFUSED = 0, 1

AskVenue = Callable[[Settings, Command], CommandAnswer]

_terminal = Console(stderr=True, highlight=False)


class _Venue(msgspec.Struct, frozen=True, kw_only=True):
    """What the spreadsheet needs to know of the venue."""

    language: str  # es or en
    currency: str
    stations: dict[str, str]
    version: int
    menu: Menu | None


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser], ask: AskVenue) -> None:
    """Add `menu import` and `menu export` to the edge's commands; `ask` brings a command to the venue."""
    about = "bring the menu in from a spreadsheet, or write it to one"
    menu = commands.add_parser("menu", help=about, description=f"{about[0].upper()}{about[1:]}.")
    both = menu.add_subparsers(required=True, metavar="COMMAND")
    about = "publish the menu of a .xlsx or .csv file; nothing when a row is refused"
    command = both.add_parser("import", help=about, description=f"{about[0].upper()}{about[1:]}.")
    command.add_argument("file", type=Path, help="the spreadsheet; `menu export` shows its form")
    command.add_argument("--dry-run", action="store_true", help="say what would change and publish nothing")
    command.add_argument("--skip-refused", action="store_true", help="publish the good rows and list the others")
    command.add_argument("--accept-doubts", action="store_true", help="publish prices and names that look wrong")
    command.set_defaults(run=lambda settings, asked: _import(settings, asked, ask))
    _add_language(command)
    about = "write the menu in force to a .xlsx or .csv file; its empty form while there is none"
    command = both.add_parser("export", help=about, description=f"{about[0].upper()}{about[1:]}.")
    command.add_argument("file", type=Path, help="the file to write")
    command.add_argument("--replace", action="store_true", help="write over a file that exists")
    command.set_defaults(run=_export)
    _add_language(command)


def _add_language(command: argparse.ArgumentParser) -> None:
    command.add_argument("--language", choices=("es", "en"), help="of headings and reports (default: the venue's)")


def _import(settings: Settings, asked: argparse.Namespace, ask: AskVenue) -> int:
    venue = _venue(settings, asked.language)
    say = Say(_terminal, venue.language, venue.currency)
    try:
        with _terminal.status(say.text("reading", name=asked.file.name)):
            reading = read(
                read_file(asked.file),
                stations=venue.stations,
                published=venue.menu,
                currency=venue.currency,
                comma="." if venue.language == "en" else ",",
            )
    except BadFile as bad:
        say.bad(fault(bad.code, bad.facts, venue.language))
        return REFUSED
    say.left_out(reading)
    if reading.refused and not asked.skip_refused:
        say.bad(say.text("nothing_published", count=rows_in(reading.refused)))
        return REFUSED
    if reading.doubts and not asked.accept_doubts:
        say.changes(venue.menu, reading.menu)
        say.bad(say.text("doubted", count=rows_in(reading.doubts)))
        return REFUSED
    if not reading.menu.items:
        say.bad(fault("nothing_to_sell", {}, venue.language))
        return REFUSED
    return _publish(settings, asked, ask, venue, reading)


def _publish(settings: Settings, asked: argparse.Namespace, ask: AskVenue, venue: _Venue, reading: Reading) -> int:
    say = Say(_terminal, venue.language, venue.currency)
    say.changes(venue.menu, reading.menu)
    if reading.menu == venue.menu:
        say.good(say.text("same", version=venue.version))
        return OK
    if asked.dry_run:
        say.good(say.text("dry_run"))
        return OK
    with _terminal.status(say.text("publishing")):
        answer = ask(settings, PublishMenu(menu=reading.menu))
    if answer.code == "too_large":
        say.bad(say.text("too_large"))
        return REFUSED
    if answer.outcome != "done":
        facts = "; ".join(f"{name}: {fact}" for name, fact in answer.facts.items())
        say.bad(say.text("refused", code=answer.code, why=CODES.get(answer.code, ""), facts=facts))
        return REFUSED
    say.good(say.text("published", version=venue.version + 1))
    return OK


def _export(settings: Settings, asked: argparse.Namespace) -> int:
    venue = _venue(settings, asked.language)
    say = Say(_terminal, venue.language, venue.currency)
    try:
        check_suffix(asked.file)
    except BadFile as bad:
        say.bad(fault(bad.code, bad.facts, venue.language))
        return REFUSED
    if asked.file.exists() and not asked.replace:
        say.bad(say.text("exists", name=str(asked.file)))
        return REFUSED
    try:
        _write(asked.file, _file_of(venue.menu or EMPTY, venue, asked.file.suffix.lower()))
    except OSError as error:
        say.bad(say.text("unwritable", name=str(asked.file), why=error.strerror or str(error)))
        return REFUSED
    if venue.menu is None:
        say.good(say.text("form", name=str(asked.file)))
    else:
        say.good(say.text("exported", name=str(asked.file), count=len(venue.menu.items)))
    return OK


def _file_of(menu: Menu, venue: _Venue, suffix: str) -> bytes:
    if suffix == ".xlsx":
        from edge.menu.spreadsheet.workbooks import xlsx_bytes  # not above: it loads openpyxl, a third of a second

        return xlsx_bytes(workbook(menu, stations=venue.stations, language=venue.language))
    grid = one_sheet(menu, stations=venue.stations, language=venue.language)
    return csv_bytes(grid, delimiter="," if venue.language == "en" else ";")  # as Excel in that language expects


def _write(path: Path, content: bytes) -> None:
    part = path.with_name(path.name + ".part")
    part.write_bytes(content)
    part.replace(path)


def _venue(settings: Settings, wanted_language: str | None) -> _Venue:
    if not settings.database.exists():
        raise SettingsError(f"there is no venue database at {settings.database}; run the edge once first")
    with _reading(settings.database) as conn:
        published = newest_menu(conn)
        return _Venue(
            language=wanted_language or language(conn),
            currency=currency(conn),
            stations=station_names(conn),
            version=published.version if published else 0,
            menu=published.menu if published else None,
        )


@contextlib.contextmanager
def _reading(database: Path) -> Iterator[sqlite3.Connection]:
    conn = connect_reader(database)
    try:
        conn.execute("BEGIN")
        yield conn
    finally:
        conn.close()
