"""Menu versions and sold-out items as tables."""

from collections.abc import Iterator, Mapping

from shared.entry import Entry
from shared.ops.base import Op
from shared.ops.menu import Item86ed, ItemRestored, MenuPublished
from shared.projections.projection import ProjectOp
from shared.projections.revisions import REVISION, revision
from shared.projections.rows import row_of
from shared.writes import Delete, Put, Table, Write

MENU_VERSION = Table(
    name="menu_version",
    key=("version",),
    columns={"version": "int", "published_at_ms": "int", "menu": "text", **REVISION},  # the menu as JSON
)
ITEM_86 = Table(
    name="item_86",
    key=("item_id",),
    columns={"item_id": "text", "name": "text", "since_ms": "int", "business_day": "text"},
)
TABLES = (MENU_VERSION, ITEM_86)


def _published(entry: Entry, op: MenuPublished) -> Iterator[Write]:
    yield Put("menu_version", row_of(MENU_VERSION, op, published_at_ms=entry.at_ms, **revision(entry)))


def _eighty_sixed(entry: Entry, op: Item86ed) -> Iterator[Write]:
    yield Put("item_86", row_of(ITEM_86, op, since_ms=entry.at_ms, business_day=entry.business_day))


def _restored(entry: Entry, op: ItemRestored) -> Iterator[Write]:
    yield Delete("item_86", {"item_id": op.item_id})


PROJECT: Mapping[type[Op], ProjectOp] = {MenuPublished: _published, Item86ed: _eighty_sixed, ItemRestored: _restored}
