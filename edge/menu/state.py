"""What the rules of the menu work on."""

import msgspec

from shared.ids import ItemId
from shared.rules.revisions import NEVER, Revision


class SoldOut(msgspec.Struct, frozen=True, kw_only=True):
    """An item that is out."""

    item_id: ItemId
    name: str


class MenuInForce(msgspec.Struct, frozen=True, kw_only=True):
    """The last version published (0 before the first), what is sold out of it, and where dishes can be made."""

    version: int
    sold_out: tuple[SoldOut, ...]
    station_ids: frozenset[str]  # of the venue; none yet while it is being set up
    revision: Revision = NEVER


class ItemNow(msgspec.Struct, frozen=True, kw_only=True):
    """An item as things stand. `name` is empty when the menu has no such item."""

    has_menu: bool
    name: str
    is_sold_out: bool
