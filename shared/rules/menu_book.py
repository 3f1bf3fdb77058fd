"""A menu with everything found by its id."""

from collections.abc import Mapping

import msgspec

from shared.menu import Menu, MenuItem, ModifierGroup


class MenuBook(msgspec.Struct, frozen=True, kw_only=True):
    """One version of the menu, for rules that look things up in it."""

    version: int
    items: Mapping[str, MenuItem]
    groups: Mapping[str, ModifierGroup]

    def groups_of(self, item: MenuItem) -> list[ModifierGroup]:
        """The item's groups, in the order they are asked at the table."""
        return [self.groups[group_id] for group_id in item.group_ids]


_decode = msgspec.json.Decoder(Menu).decode

#: Before the first menu is published.
EMPTY_BOOK = MenuBook(version=0, items={}, groups={})


def book_of(version: int, menu_json: str) -> MenuBook:
    """The book of a published menu."""
    menu = _decode(menu_json)
    return MenuBook(
        version=version,
        items={item.id: item for item in menu.items},
        groups={group.id: group for group in menu.groups},
    )
