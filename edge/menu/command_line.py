"""`hos edge menu …`: the menu as a spreadsheet, in and out."""

from __future__ import annotations

import argparse
import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
from rich.console import Console
from rich.table import Table
from rich.text import Text

from edge.engine.database import connect_reader
from edge.floor.reads import language
from edge.menu.load import station_names
from edge.menu.reads import newest_menu
from edge.menu.spreadsheet import words
from edge.menu.spreadsheet.files import check_suffix, csv_bytes, read_file
from edge.menu.spreadsheet.reading import Reading, read
from edge.menu.spreadsheet.rows import BadFile, Refused
from edge.menu.spreadsheet.writing import one_sheet, workbook
from edge.settings import Settings, SettingsError
from shared.commands.base import Command, CommandAnswer
from shared.commands.menu import PublishMenu
from shared.errors import CODES
from shared.menu import Menu

OK, REFUSED = 0, 1

AskVenue = Callable[[Settings, Command], CommandAnswer]

_terminal = Console(stderr=True, highlight=False)
_MOST_NAMED = 10  # items named in a summary


class _Venue(msgspec.Struct, frozen=True, kw_only=True):
    """What the spreadsheet needs to know of the venue."""

    language: str  # es or en
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
    command.set_defaults(run=lambda settings, asked: _import(settings, asked, ask))
    _add_language(command)
    about = "write the menu in force to a .xlsx or .csv file"
    command = both.add_parser("export", help=about, description=f"{about[0].upper()}{about[1:]}.")
    command.add_argument("file", type=Path, help="the file to write")
    command.add_argument("--replace", action="store_true", help="write over a file that exists")
    command.set_defaults(run=_export)
    _add_language(command)


def _add_language(command: argparse.ArgumentParser) -> None:
    command.add_argument("--language", choices=("es", "en"), help="of headings and reports (default: the venue's)")


def _import(settings: Settings, asked: argparse.Namespace, ask: AskVenue) -> int:
    venue = _venue(settings, asked.language)
    say = _Say(venue.language)
    try:
        with _terminal.status(say.text("reading", name=asked.file.name)):
            reading = read(read_file(asked.file), stations=venue.stations, published=venue.menu)
    except BadFile as bad:
        say.bad(words.fault(bad.code, bad.facts, venue.language))
        return REFUSED
    for ignored in (*reading.unknown_headings, *reading.unknown_sheets):
        say.note(say.text("ignored", name=ignored))
    if reading.refused:
        say.refused(reading.refused)
        if not asked.skip_refused:
            say.bad(say.text("nothing_published", count=_rows_in(reading.refused)))
            return REFUSED
    if not reading.menu.items:
        say.bad(words.fault("nothing_to_sell", {}, venue.language))
        return REFUSED
    return _publish(settings, asked, ask, venue, reading)


def _publish(settings: Settings, asked: argparse.Namespace, ask: AskVenue, venue: _Venue, reading: Reading) -> int:
    say = _Say(venue.language)
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
    say = _Say(venue.language)
    try:
        check_suffix(asked.file)
    except BadFile as bad:
        say.bad(words.fault(bad.code, bad.facts, venue.language))
        return REFUSED
    if venue.menu is None:
        say.bad(say.text("no_menu"))
        return REFUSED
    if asked.file.exists() and not asked.replace:
        say.bad(say.text("exists", name=str(asked.file)))
        return REFUSED
    try:
        _write(asked.file, _file_of(venue.menu, venue, asked.file.suffix.lower()))
    except OSError as error:
        say.bad(say.text("unwritable", name=str(asked.file), why=error.strerror or str(error)))
        return REFUSED
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


def _rows_in(refused: tuple[Refused, ...]) -> int:
    return len({(one.sheet, one.row) for one in refused})


class _Say:
    """What a person reads, in their language."""

    def __init__(self, language: str) -> None:
        self._language = language

    def text(self, key: str, **facts: object) -> str:
        return words.word(words.TEXTS[key], self._language).format_map(facts)

    def good(self, text: str) -> None:
        _terminal.print(Text(text, style="green"))

    def note(self, text: str) -> None:
        _terminal.print(Text(text, style="yellow"))

    def bad(self, text: str) -> None:
        _terminal.print(Text(text, style="red"))

    def refused(self, refused: tuple[Refused, ...]) -> None:
        """A line for each cell refused, in the file's order."""
        has_sheets = any(one.sheet for one in refused)
        table = Table(title=self.text("refused_rows"), title_justify="left")
        headings = ("sheet", "row", "column", "value", "reason")
        for heading in headings[0 if has_sheets else 1 :]:
            table.add_column(self.text(heading), justify="right" if heading == "row" else "left", overflow="fold")
        for one in refused:
            reason = words.reason(one.code, one.facts, self._language)
            cells = [one.sheet, str(one.row), one.column, one.value, reason]
            table.add_row(*(Text(cell) for cell in cells[0 if has_sheets else 1 :]))
        _terminal.print(table)

    def changes(self, before: Menu | None, after: Menu) -> None:
        """What publishing would change, in a few lines."""
        old = {item.id: item for item in before.items} if before else {}
        new = {item.id: item for item in after.items}
        counts = self.text("counts", items=len(new), categories=len(after.categories), groups=len(after.groups))
        _terminal.print(Text(counts))
        for name, names in (
            ("added", [item.name for id, item in new.items() if id not in old]),
            ("changed", [item.name for id, item in new.items() if id in old and old[id] != item]),
            ("removed", [item.name for id, item in old.items() if id not in new]),
        ):
            if names and before:
                shown = ", ".join(names[:_MOST_NAMED]) + (" …" if len(names) > _MOST_NAMED else "")
                _terminal.print(Text(self.text(name, count=len(names), names=shown)))
