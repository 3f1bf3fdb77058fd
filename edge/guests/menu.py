"""The menu as guests get it: without what is hidden from them and what only the house needs."""

import gzip
import hashlib
from sqlite3 import Connection

import msgspec

from edge.menu.reads import newest_menu, newest_version
from shared.ids import StationId
from shared.menu import Menu
from shared.views.menu import MenuView
from shared.views.shown import ShownMenu, shown


class GuestMenu(msgspec.Struct, frozen=True, kw_only=True):
    """One version, ready to send."""

    version: int
    published_at_ms: int
    etag: str
    json: bytes
    gzipped: bytes


def menu_for_guests(conn: Connection, known: GuestMenu | None) -> GuestMenu:
    """The menu in force; the known one while it is that. Version 0 and empty before the first is published."""
    version, published_at_ms = newest_version(conn)
    if known is not None and (known.version, known.published_at_ms) == (version, published_at_ms):
        return known
    newest = newest_menu(conn)
    menu = newest.menu if newest else Menu(categories=(), items=())
    form = shown(shown_of(menu), ShownMenu)
    json = msgspec.json.encode(MenuView(version=version, published_at_ms=published_at_ms, menu=form))
    return GuestMenu(
        version=version,
        published_at_ms=published_at_ms,
        etag=f'"{version}-{hashlib.sha256(json).hexdigest()[:12]}"',
        json=json,
        gzipped=gzip.compress(json, mtime=0),
    )


def shown_of(menu: Menu) -> Menu:
    """What guests see of a menu; nothing is left that no item they see refers to."""
    items = tuple(
        msgspec.structs.replace(item, station_id=StationId(""), code="", short_name="")
        for item in menu.items
        if not item.is_hidden_from_guests
    )
    categories = {item.category_id for item in items}
    groups = {group_id for item in items for group_id in item.group_ids}
    return Menu(
        categories=tuple(category for category in menu.categories if category.id in categories),
        items=items,
        groups=tuple(group for group in menu.groups if group.id in groups),
    )
