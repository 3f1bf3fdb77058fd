"""Builds what the rules of the menu need."""

from sqlite3 import Connection

import msgspec

from edge.menu.reads import PublishedMenu, newest_book, newest_menu, newest_version, sold_out, sold_out_ids
from edge.menu.state import ItemNow, MenuInForce, SoldOut
from edge.staff.reads import REVISION, WHO, revision_of
from shared.commands.menu import EightySixItem, PublishMenu, RestoreItem
from shared.context import Context
from shared.rules.revisions import NEVER

_REVISION = f"SELECT {REVISION} FROM menu_version t {WHO} ORDER BY t.version DESC LIMIT 1"


class InForce(msgspec.Struct, frozen=True):
    """What a sheet is read against: the stations by id, what prices are in, and the menu that it would replace."""

    stations: dict[str, str]
    currency: str
    published: PublishedMenu | None


def menu_in_force(conn: Connection, command: PublishMenu, context: Context) -> MenuInForce:
    """The last version, what is sold out, and the venue's stations."""
    return MenuInForce(
        version=newest_version(conn)[0],
        sold_out=tuple(SoldOut(item_id=id, name=name) for id, name in sold_out(conn).items()),
        station_ids=frozenset(id for (id,) in conn.execute("SELECT station_id FROM station")),
        revision=revision_of(row) if (row := conn.execute(_REVISION).fetchone()) else NEVER,
    )


def item(conn: Connection, command: EightySixItem | RestoreItem, context: Context) -> ItemNow:
    """The item in the menu in force, and whether it is out."""
    book = newest_book(conn)
    if book is None:
        return ItemNow(has_menu=False, name="", is_sold_out=False)
    known = book.items.get(command.item_id)
    return ItemNow(
        has_menu=True,
        name=known.name if known else "",
        is_sold_out=command.item_id in sold_out_ids(conn, context.business_day),
    )


def station_names(conn: Connection) -> dict[str, str]:
    """Stations by id, in their order."""
    return dict(conn.execute("SELECT station_id, name FROM station ORDER BY position, station_id").fetchall())


def currency(conn: Connection) -> str:
    """What prices are in; pesos before the venue was set up."""
    row = conn.execute("SELECT currency FROM venue LIMIT 1").fetchone()
    return str(row[0]) if row else "ARS"


def in_force(conn: Connection) -> InForce:
    """What a sheet is read against."""
    return InForce(station_names(conn), currency(conn), newest_menu(conn))
