"""The rules of the menu."""

from collections.abc import Collection, Iterator

from edge.menu.state import ItemNow, MenuInForce
from shared.commands.menu import EightySixItem, PublishMenu, RestoreItem
from shared.context import Context
from shared.errors import Rejected
from shared.ids import ItemId
from shared.menu import Menu, problems_of
from shared.ops import Op
from shared.ops.menu import Item86ed, ItemRestored, MenuPublished
from shared.rules.revisions import check_revision

MAX_PROBLEMS = 20  # as many as a person reads before mending the sheet


def publish_menu(command: PublishMenu, state: MenuInForce, context: Context) -> list[Op]:
    """Bring a menu into force, whole. What is sold out stays so while the menu has it.

    Raises:
        Rejected: `changed_meanwhile` when it was made from an older one; `menu_invalid` with what contradicts itself, or
            is made at no station of the venue once it has some; `needs_manager` without `publish_menu`. The log refuses with `too_large` what no message could carry.
    """
    context.require("publish_menu")
    check_revision(command.if_rev, state.revision)
    problems = [*problems_of(command.menu), *_misrouted(command.menu, state.station_ids)]
    if problems:
        raise Rejected("menu_invalid", problems=problems[:MAX_PROBLEMS])
    op = MenuPublished(version=state.version + 1, menu=command.menu)
    kept = {item.id for item in command.menu.items}
    gone = [
        ItemRestored(item_id=sold_out.item_id, name=sold_out.name)
        for sold_out in state.sold_out
        if sold_out.item_id not in kept
    ]
    return [op, *gone]


def eighty_six_item(command: EightySixItem, item: ItemNow, context: Context) -> list[Op]:
    """Mark an item sold out, until restored or the day ends. Twice is once.

    Raises:
        Rejected: `menu_missing`, `item_unknown`; `needs_manager` without `sold_out`.
    """
    context.require("sold_out")
    _check_known(item, command.item_id)
    if item.is_sold_out:
        return []
    return [Item86ed(item_id=ItemId(command.item_id), name=item.name)]


def restore_item(command: RestoreItem, item: ItemNow, context: Context) -> list[Op]:
    """Bring a sold-out item back. One that is not out stays as it is.

    Raises:
        Rejected: `menu_missing`, `item_unknown`; `needs_manager` without `sold_out`.
    """
    context.require("sold_out")
    _check_known(item, command.item_id)
    if not item.is_sold_out:
        return []
    return [ItemRestored(item_id=ItemId(command.item_id), name=item.name)]


def _misrouted(menu: Menu, station_ids: Collection[str]) -> Iterator[str]:
    """Dishes whose tickets nobody would see."""
    for item in menu.items:
        if station_ids and item.station_id not in station_ids:
            yield f"item {item.id} is made at the unknown station {item.station_id}"


def _check_known(item: ItemNow, item_id: str) -> None:
    if not item.has_menu:
        raise Rejected("menu_missing")
    if not item.name:
        raise Rejected("item_unknown", item_id=item_id)
