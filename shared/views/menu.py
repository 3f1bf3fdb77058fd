"""The menu, as devices see it."""

import msgspec

from shared.views.shown import ShownMenu


class MenuView(msgspec.Struct, frozen=True, kw_only=True):
    """The menu in force, whole; key `menu`."""

    version: int
    published_at_ms: int
    menu: ShownMenu
    rev: str = ""  # the ask that published it
    changed_by_name: str = ""  # "" for no person
    changed_at_ms: int = 0


class SoldOutView(msgspec.Struct, frozen=True, kw_only=True):
    """An item that is out; gone from the feed once it is back."""

    item_id: str
    name: str
    since_ms: int


VIEWS = {"menu": MenuView, "sold_out": SoldOutView}
