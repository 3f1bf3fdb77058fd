"""Closed checks, as people look for them: a page at a time, the last closed first."""

from collections.abc import Sequence
from sqlite3 import Connection

import msgspec

from edge.menu.reads import newest_book
from shared.text import folded
from shared.views.past import ClosedCheck, ClosedChecks

PAGE = 30
MOST_WORDS = 6
#: Before it comes everything.
_NEWEST = ("9999-12-31", 1 << 62, "")

# People and dishes are found by their names first: a word that is in none costs no look at every line ever sold.
# The day comes first so that its index gives the pages in order: a page of a year costs what a page of a day costs.
_CHECKS = """
SELECT c.check_id, c.number, c.kind, c.table_label, c.name, COALESCE(p.name, ''), c.covers, c.closed_day, c.closed_at_ms,
  c.total_minor, c.tips_minor
FROM checks c LEFT JOIN person p ON p.staff_id = c.waiter_id
WHERE c.closed_day > '' AND c.closed_day <= ? AND (c.closed_day, c.closed_at_ms, c.check_id) < (?, ?, ?)
"""
_OF_DAY = "AND c.closed_day = ? "
_IN_ORDER = "ORDER BY c.closed_day DESC, c.closed_at_ms DESC, c.check_id DESC LIMIT ?"
_WORD = """
AND (c.number = ? OR c.total_minor = ? OR c.total_minor / 100 = ? OR c.table_label = ? COLLATE NOCASE
  OR (c.name <> '' AND folded(c.name) LIKE ?) OR c.waiter_id IN ({waiters})
  OR EXISTS (SELECT 1 FROM check_line l WHERE l.check_id = c.check_id AND l.state <> 'void'
    AND (l.item_id IN ({items}) OR (l.item_id = '' AND folded(l.name) LIKE ?))))
"""
_TENDERS = """
SELECT check_id, tender FROM payment WHERE check_id IN ({marks}) GROUP BY check_id, tender
ORDER BY check_id, MIN(taken_at_ms), tender
"""
_COLUMNS = ClosedCheck.__struct_fields__[:-1]


class Search(msgspec.Struct, frozen=True, kw_only=True):
    """What is looked for. Every word of the text must be found: a number, table, name, waiter, dish or amount."""

    text: str = ""
    business_day: str = ""  # "" for all
    after: str = ""  # the `next` of the page before


def closed_checks(conn: Connection, search: Search) -> ClosedChecks:
    """A page of closed checks."""
    conn.create_function("folded", 1, folded, deterministic=True)
    place = place_of(search.after)
    sql, values = _CHECKS, [place[0], *place]
    if search.business_day:
        sql, values = sql + _OF_DAY, [*values, search.business_day]
    people = [(id, folded(name)) for id, name in conn.execute("SELECT staff_id, name FROM person")]
    book = newest_book(conn)
    dishes = [(item.id, folded(item.name)) for item in book.items.values()] if book else []
    for word in folded(search.text).split()[:MOST_WORDS]:
        waiters = [id for id, name in people if word in name]
        items = [id for id, name in dishes if word in name]
        sql += _WORD.format(waiters=_marks(waiters), items=_marks(items))
        values += [*_numbers(word), word, _containing(word), *waiters, *items, _containing(word)]
    rows = conn.execute(sql + _IN_ORDER, (*values, PAGE + 1)).fetchall()
    tenders = _tenders(conn, [row[0] for row in rows[:PAGE]])
    checks = tuple(
        ClosedCheck(**dict(zip(_COLUMNS, row, strict=True)), tenders=tenders.get(row[0], ())) for row in rows[:PAGE]
    )
    return ClosedChecks(checks=checks, next=_after(checks[-1]) if len(rows) > PAGE else "")


def place_of(after: str) -> tuple[str, int, str]:
    """Where a page begins; at the newest for what is no place of ours."""
    day, _, rest = after.partition("~")
    at_ms, _, check_id = rest.partition("~")
    return (day, int(at_ms), check_id) if at_ms.isdecimal() and len(at_ms) < 16 else _NEWEST


def _after(check: ClosedCheck) -> str:
    return f"{check.business_day}~{check.closed_at_ms}~{check.check_id}"


def _numbers(word: str) -> tuple[int, int, int]:
    """A word as a check's number, as an amount to the cent, and as one without its cents; -1 for what it is not."""
    digits = word.lstrip("#$").replace(".", "")
    whole, _, cents = digits.partition(",")
    if not (whole.isdecimal() and whole.isascii() and len(whole) < 12 and (cents == "" or cents.isdecimal())):
        return (-1, -1, -1)
    if cents:
        return (-1, int(whole) * 100 + int(cents[:2].ljust(2, "0")), -1)
    return (int(whole), -1, int(whole))


def _marks(ids: Sequence[str]) -> str:
    return ",".join("?" * len(ids))


def _containing(word: str) -> str:
    return f"%{word.replace('%', '').replace('_', '')}%"


def _tenders(conn: Connection, check_ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
    tenders: dict[str, tuple[str, ...]] = {}
    marks = ",".join("?" * len(check_ids))
    for check_id, tender in conn.execute(_TENDERS.format(marks=marks), check_ids):
        tenders[check_id] = (*tenders.get(check_id, ()), tender)
    return tenders
