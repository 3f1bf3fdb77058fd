"""What happens to the menu."""

from typing import ClassVar

from shared.ids import ItemId
from shared.menu import Menu
from shared.ops.base import Op


class MenuPublished(Op, frozen=True, kw_only=True, tag="menu_published"):
    """A menu came into force, whole. Versions count up from 1."""

    SUBJECT: ClassVar[str] = "version"
    version: int
    menu: Menu


class Item86ed(Op, frozen=True, kw_only=True, tag="item_86ed"):
    """An item is sold out from now on, until restored or the day ends."""

    SUBJECT: ClassVar[str] = "item_id"
    item_id: ItemId
    name: str


class ItemRestored(Op, frozen=True, kw_only=True, tag="item_restored"):
    """A sold-out item is back."""

    SUBJECT: ClassVar[str] = "item_id"
    item_id: ItemId
    name: str
