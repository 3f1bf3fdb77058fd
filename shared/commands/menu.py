"""What may be asked about the menu."""

from shared.commands.base import Command, IfRev
from shared.ids import IdText
from shared.menu import Menu


class PublishMenu(Command, frozen=True, kw_only=True, tag="publish_menu"):
    """Bring a menu into force, whole; refused whole when it contradicts itself."""

    menu: Menu
    if_rev: IfRev = ""  # of the menu that it was made from


class EightySixItem(Command, frozen=True, kw_only=True, tag="eighty_six_item"):
    """Mark an item sold out."""

    item_id: IdText


class RestoreItem(Command, frozen=True, kw_only=True, tag="restore_item"):
    """Bring a sold-out item back."""

    item_id: IdText
