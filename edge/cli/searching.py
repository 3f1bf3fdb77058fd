"""`hos edge search`: full-text search over closed checks and dishes, in an index of its own beside the venue's database.

The index is no part of the truth and in no backup: it is brought up to date when it is asked, from where it was, and made
anew when it is gone or of another log. Nothing is written on a sale's way.
"""

from __future__ import annotations

import argparse
import sqlite3
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from edge.cli.looking import FORMATS, show
from edge.cli.upkeep import need_database, say
from edge.engine.database import PRIVATE, connect_reader
from edge.engine.log import head_seq
from edge.menu.reads import newest_menu
from edge.settings import Settings
from shared.menu import Menu

if TYPE_CHECKING:
    from sqlite_utils import Database

OK, PROBLEMS = 0, 1
FILE_NAME = "search.db"
FORM = 1  # of the index; another one is made anew
_CHUNK = 2_000
_COLUMNS = {
    "checks": {
        "check_id": str,
        "business_day": str,
        "number": int,
        "place": str,
        "waiter": str,
        "total": float,
        "text": str,
    },
    "dishes": {"item_id": str, "name": str, "price": float, "text": str},
}
_TOKENS = "unicode61 remove_diacritics 2"  # `salon` finds `Salón`
_CLOSED = """
SELECT c.check_id, c.closed_day, c.number, CASE c.table_label WHEN '' THEN c.name ELSE c.table_label END,
  COALESCE(p.name, ''), c.total_minor / 100.0,
  (SELECT GROUP_CONCAT(l.name || ' ' || l.variant_name || ' ' || l.note, ' ') FROM check_line l
    WHERE l.check_id = c.check_id AND l.state <> 'void')
FROM checks c LEFT JOIN person p ON p.staff_id = c.waiter_id
WHERE c.state = 'closed' AND {which} ORDER BY c.closed_at_ms
"""
_ALL = "1"
_SINCE = "c.check_id IN (SELECT subject FROM log WHERE kind = 'check_closed' AND seq > ?)"


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the edge's."""
    about = "find closed checks and dishes by any words of theirs; the edge may be running"
    search = commands.add_parser("search", help=about, description=f"{about[0].upper()}{about[1:]}.")
    search.add_argument("words", nargs="+", metavar="WORD", help="all must be found; accents do not matter")
    search.add_argument("--dishes", action="store_true", help="look for dishes of the menu, not for closed checks")
    search.add_argument("--format", choices=FORMATS, default="table", help="of the answer (default: table)")
    search.add_argument("--limit", type=int, default=50, metavar="N", help="at most N, the best first (default: 50)")
    search.set_defaults(run=_search)


def _search(settings: Settings, asked: argparse.Namespace) -> int:
    need_database(settings)
    kind = "dishes" if asked.dishes else "checks"
    words = as_phrases(" ".join(asked.words))
    if not words:
        say("Search for a word or a number.")
        return PROBLEMS
    try:
        found = _found(settings, kind, words, asked.limit)
    except sqlite3.DatabaseError:  # an index that a power cut broke is no loss; a broken venue says so again
        (settings.data_dir / FILE_NAME).unlink(missing_ok=True)
        found = _found(settings, kind, words, asked.limit)
    columns = [column for column in _COLUMNS[kind] if column != "text"]
    if not found:
        say("Nothing has all of these words.", style="yellow")
    show(columns, ([row[column] for column in columns] for row in found), asked.format, sys.stdout)
    return OK


def _found(settings: Settings, kind: str, words: str, limit: int) -> list[dict[str, Any]]:
    with closing(connect_reader(settings.database)) as venue, closing(open_index(settings.data_dir)) as index:
        venue.execute("BEGIN")
        bring_up_to_date(index, venue)
        return list(index.table(kind).search(words, limit=limit))


def as_phrases(words: str) -> str:
    """What was typed, each word of it meant as it stands: FTS5 has a grammar of its own, and none of it is offered."""
    spoken = (word for word in words.split() if any(letter.isalnum() for letter in word))
    return " ".join('"{}"'.format(word.replace('"', '""')) for word in spoken)


def open_index(folder: Path) -> Database:
    """The index of a venue's data folder; an empty one when there is none."""
    from sqlite_utils import Database  # not above: 0.4 s that an edge which starts to serve need not spend

    path = folder / FILE_NAME
    path.touch(mode=PRIVATE)
    return Database(path, execute_plugins=False)


def bring_up_to_date(index: Database, venue: sqlite3.Connection) -> None:
    """Add what was closed since, and the menu in force; all of it when the index is of another log or another form."""
    head = head_seq(venue)
    known = next(index.query("SELECT * FROM place"), None) if "place" in index.table_names() else None
    if known is None or known["form"] != FORM or known["digest"] != _digest(venue, known["seq"]):
        known = None
        _begin(index)
    which, values = (_SINCE, (known["seq"],)) if known else (_ALL, ())
    _put(index, "checks", _checks(venue.execute(_CLOSED.format(which=which), values)))
    menu = newest_menu(venue)
    version = menu.version if menu else 0
    if menu and (known is None or known["menu"] != version):
        index.table("dishes").delete_where()
        _put(index, "dishes", _dishes(menu.menu))
    place = {"one": 1, "form": FORM, "seq": head, "digest": _digest(venue, head), "menu": version}
    index.table("place").upsert(place, pk="one")


def _digest(venue: sqlite3.Connection, seq: int) -> str:
    """What an entry's digest says of the whole log before it; "" for none."""
    row = venue.execute("SELECT hex(digest) FROM log WHERE seq = ?", (seq,)).fetchone()
    return row[0] if row else ""


def _begin(index: Database) -> None:
    for name, columns in _COLUMNS.items():
        table = index.table(name)
        if table.exists():
            table.disable_fts()
            table.drop()
        index.table(name).create(columns, pk=next(iter(columns))).enable_fts(
            ["text"], create_triggers=True, tokenize=_TOKENS
        )


def _put(index: Database, name: str, rows: Iterable[tuple[Any, ...]]) -> None:
    records = (dict(zip(_COLUMNS[name], row, strict=True)) for row in rows)
    while chunk := list(islice(records, _CHUNK)):
        index.table(name).upsert_all(chunk, pk=next(iter(_COLUMNS[name])))


def _checks(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    for check_id, day, number, place, waiter, total, dishes in rows:
        yield (
            check_id,
            day,
            number,
            place,
            waiter,
            total,
            _text(str(number), day, place, waiter, f"{total:.2f}", dishes),
        )


def _dishes(menu: Menu) -> Iterator[tuple[Any, ...]]:
    for item in menu.items:
        words = (item.name, item.name_en, item.short_name, item.code, item.description, item.description_en)
        yield (item.id, item.name, item.price_minor / 100, _text(*words))


def _text(*parts: str | None) -> str:
    return " ".join(part for part in parts if part)
