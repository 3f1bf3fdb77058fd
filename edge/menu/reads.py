"""What other slices may read of the menu: the one in force, and what is sold out."""

from collections import OrderedDict
from sqlite3 import Connection
from threading import Lock

import msgspec

from edge.engine.memory import seldom_changes
from shared.ids import ItemId
from shared.menu import Menu
from shared.rules.menu_book import MenuBook, book_of

_KEY = """
SELECT version, published_at_ms, octet_length(menu), (SELECT install_id FROM log_identity)
FROM menu_version ORDER BY version DESC LIMIT 1
"""
_NEWEST = "SELECT version, published_at_ms, menu FROM menu_version ORDER BY version DESC LIMIT 1"
_BOOKS_KEPT = 4


class PublishedMenu(msgspec.Struct, frozen=True, kw_only=True):
    """The menu in force, whole."""

    version: int
    published_at_ms: int
    menu: Menu


class _Books:
    """Books by what tells a menu apart from any other: its text is read and decoded once a version.

    The writer and the read threads share them.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[object, ...], MenuBook] = OrderedDict()
        self._turn = Lock()

    def book(self, conn: Connection, key: tuple[object, ...]) -> MenuBook:
        """The book with this key. Whoever comes while it is made waits: after a new menu all want the same one."""
        with self._turn:
            book = self._kept.get(key)
            if book is None:
                (text,) = conn.execute("SELECT menu FROM menu_version WHERE version = ?", key[:1]).fetchone()
                book = self._kept[key] = book_of(int(str(key[0])), text)
                if len(self._kept) > _BOOKS_KEPT:
                    self._kept.popitem(last=False)
            return book


_books = _Books()


@seldom_changes("menu_version", "log_identity")
def newest_book(conn: Connection) -> MenuBook | None:
    """The menu in force with everything found by its id; None before the first."""
    key = conn.execute(_KEY).fetchone()
    return None if key is None else _books.book(conn, key)


def newest_menu(conn: Connection) -> PublishedMenu | None:
    """The menu in force as it was published; None before the first."""
    row = conn.execute(_NEWEST).fetchone()
    if row is None:
        return None
    version, published_at_ms, text = row
    return PublishedMenu(version=version, published_at_ms=published_at_ms, menu=msgspec.json.decode(text, type=Menu))


def newest_version(conn: Connection) -> tuple[int, int]:
    """The number of the menu in force, and when it was published; zeros before the first."""
    row = conn.execute("SELECT version, published_at_ms FROM menu_version ORDER BY version DESC LIMIT 1").fetchone()
    return row or (0, 0)


@seldom_changes("item_86")
def sold_out_ids(conn: Connection, since: str = "") -> frozenset[str]:
    """The items that are out since a business day or a later one: what ran out on an earlier day is for sale again."""
    rows = conn.execute("SELECT item_id FROM item_86 WHERE business_day >= ?", (since,))
    return frozenset(item_id for (item_id,) in rows)


def sold_out_before(conn: Connection, day: str) -> dict[ItemId, str]:
    """The names of the items that an earlier business day left out, by id."""
    rows = conn.execute("SELECT item_id, name FROM item_86 WHERE business_day < ? ORDER BY item_id", (day,))
    return dict(rows.fetchall())


def sold_out_on_other_days(conn: Connection, day: str) -> dict[ItemId, str]:
    """The same, and what a day that is not yet here left out: the clock ran ahead, or an older release's days did."""
    rows = conn.execute("SELECT item_id, name FROM item_86 WHERE business_day <> ? ORDER BY item_id", (day,))
    return dict(rows.fetchall())


def sold_out(conn: Connection) -> dict[ItemId, str]:
    """The names of the items that are out, by id, in the order of the ids."""
    return dict(conn.execute("SELECT item_id, name FROM item_86 ORDER BY item_id").fetchall())
