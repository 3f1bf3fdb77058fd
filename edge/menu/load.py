"""Builds what the rules of the menu need."""

from sqlite3 import Connection

import msgspec

from edge.menu.state import ItemNow, MenuInForce, SoldOut
from shared.commands.menu import EightySixItem, PublishMenu, RestoreItem
from shared.context import Context
from shared.menu import Menu
from shared.rules.menu_book import book_of

_NEWEST = "SELECT version, menu FROM menu_version ORDER BY version DESC LIMIT 1"


def menu_in_force(conn: Connection, command: PublishMenu, context: Context) -> MenuInForce:
    """The last version, what is sold out, and the venue's stations."""
    (version,) = conn.execute("SELECT COALESCE(MAX(version), 0) FROM menu_version").fetchone()
    sold_out = conn.execute("SELECT item_id, name FROM item_86 ORDER BY item_id")
    return MenuInForce(
        version=version,
        sold_out=tuple(SoldOut(item_id=id, name=name) for id, name in sold_out),
        station_ids=frozenset(id for (id,) in conn.execute("SELECT station_id FROM station")),
    )


def item(conn: Connection, command: EightySixItem | RestoreItem, context: Context) -> ItemNow:
    """The item in the menu in force, and whether it is out."""
    row = conn.execute(_NEWEST).fetchone()
    if row is None:
        return ItemNow(has_menu=False, name="", is_sold_out=False)
    known = book_of(*row).items.get(command.item_id)
    out = conn.execute("SELECT 1 FROM item_86 WHERE item_id = ?", (command.item_id,)).fetchone()
    return ItemNow(has_menu=True, name=known.name if known else "", is_sold_out=out is not None)


def published(conn: Connection) -> tuple[int, Menu | None]:
    """The version in force and its menu; 0 and None before the first."""
    row = conn.execute(_NEWEST).fetchone()
    return (0, None) if row is None else (row[0], msgspec.json.decode(row[1], type=Menu))


def station_names(conn: Connection) -> dict[str, str]:
    """Stations by id, in their order."""
    return dict(conn.execute("SELECT station_id, name FROM station ORDER BY position, station_id").fetchall())


def language(conn: Connection) -> str:
    """The venue's language: es or en."""
    row = conn.execute("SELECT language FROM venue LIMIT 1").fetchone()
    return "en" if row is not None and row[0].startswith("en") else "es"
