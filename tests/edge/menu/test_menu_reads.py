"""What the menu slice offers other slices."""

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec

from edge.menu.reads import newest_book
from shared.menu import Menu
from shared.rules.menu_book import MenuBook

EMPTY = msgspec.json.encode(Menu(categories=(), items=())).decode()
VENUES = 8  # more than the books that are kept
ROUNDS = 300


def a_venue_with_menu(path: Path, version: int) -> sqlite3.Connection:
    """A database with as much of it as the newest menu needs."""
    conn = sqlite3.connect(path, check_same_thread=False)
    conn.execute("CREATE TABLE log_identity (install_id TEXT)")
    conn.execute("CREATE TABLE menu_version (version INT, published_at_ms INT, menu TEXT)")
    conn.execute("INSERT INTO log_identity VALUES (?)", (path.name,))
    conn.execute("INSERT INTO menu_version VALUES (?, 1, ?)", (version, EMPTY))
    return conn


def test_threads_that_read_many_menus_at_once_each_get_their_own(tmp_path: Path) -> None:
    start = threading.Barrier(VENUES)

    def versions_read(version: int) -> set[int]:
        conn = a_venue_with_menu(tmp_path / f"{version}.db", version)
        start.wait()
        books = [newest_book(conn) for _ in range(ROUNDS)]
        conn.close()
        return {book.version for book in books if book is not None}

    with ThreadPoolExecutor(VENUES) as threads:
        assert list(threads.map(versions_read, range(1, VENUES + 1))) == [{n} for n in range(1, VENUES + 1)]


def test_threads_that_want_a_new_menu_at_once_get_the_same_book(tmp_path: Path) -> None:
    start = threading.Barrier(VENUES)

    def book(place: int) -> MenuBook | None:
        conn = sqlite3.connect(tmp_path / "one.db")
        start.wait()
        found = newest_book(conn)
        conn.close()
        return found

    whole = a_venue_with_menu(tmp_path / "one.db", 1)
    whole.commit()
    with ThreadPoolExecutor(VENUES) as threads:
        books = list(threads.map(book, range(VENUES)))
    whole.close()
    assert books[0] is not None and all(one is books[0] for one in books)
