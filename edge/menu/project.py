"""Menu versions and sold-out items as tables."""

from collections.abc import Iterator

import msgspec

from shared.entry import Entry
from shared.ops import Op
from shared.ops.menu import Item86ed, ItemRestored, MenuPublished
from shared.writes import Delete, Put, Table, Write

MENU_VERSION = Table(
    name="menu_version",
    key=("version",),
    columns={"version": "int", "published_at_ms": "int", "menu": "text"},  # the menu as JSON
)
ITEM_86 = Table(
    name="item_86",
    key=("item_id",),
    columns={"item_id": "text", "name": "text", "since_ms": "int"},
)
TABLES = (MENU_VERSION, ITEM_86)

KINDS = frozenset({"menu_published", "item_86ed", "item_restored"})


def project(entry: Entry, op: Op) -> Iterator[Write]:
    """The rows that an entry changes."""
    match op:
        case MenuPublished():
            menu = msgspec.json.encode(op.menu).decode()
            yield Put("menu_version", {"version": op.version, "published_at_ms": entry.at_ms, "menu": menu})
        case Item86ed():
            yield Put("item_86", {"item_id": op.item_id, "name": op.name, "since_ms": entry.at_ms})
        case ItemRestored():
            yield Delete("item_86", {"item_id": op.item_id})
