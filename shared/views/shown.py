"""What ops store without its defaults, as screens get it: with every field.

Each of these is the stored struct and only sends more. It goes by the stored struct's name in the screens' vocabulary.
"""

from typing import TypeVar

import msgspec

from shared import lines, menu
from shared.ops import cash

S = TypeVar("S", bound=msgspec.Struct)


def shown(stored: msgspec.Struct, form: type[S]) -> S:
    """The same with every field: `form` is the shown form of the stored struct."""
    return msgspec.convert(stored, form, from_attributes=True)


def stored_form(struct: type[msgspec.Struct]) -> type[msgspec.Struct]:
    """The stored struct that a shown one is the whole of; any other struct is its own."""
    base = struct.__base__
    assert base is not None
    return base if struct.__module__ == __name__ else struct


class ShownChoice(lines.ChosenModifier, frozen=True, kw_only=True, omit_defaults=False):
    """A modifier as chosen; `price_minor` is zero when it was one of the group's free ones."""


class ShownLine(lines.OrderedLine, frozen=True, kw_only=True, omit_defaults=False):
    """One item with its modifiers and quantity, priced. `gross_minor` = quantity × `unit_minor`, VAT included."""

    modifiers: tuple[ShownChoice, ...] = ()


class ShownTender(cash.TenderTotal, frozen=True, kw_only=True, omit_defaults=False):
    """What one tender took."""


class ShownVat(lines.VatTotal, frozen=True, kw_only=True, omit_defaults=False):
    """Sales at one VAT rate, after adjustments."""


class ShownAdjustments(cash.AdjustmentTotal, frozen=True, kw_only=True, omit_defaults=False):
    """What the adjustments of one kind come to on closed checks; below zero what was given."""


class ShownTotals(cash.DayTotals, frozen=True, kw_only=True, omit_defaults=False):
    """The figures of an X or a Z report. Sales are closed checks after adjustments, VAT included; tips are apart."""

    tenders: tuple[ShownTender, ...]
    vat: tuple[ShownVat, ...] = ()
    adjustments: tuple[ShownAdjustments, ...] = ()


class ShownModifier(menu.Modifier, frozen=True, kw_only=True, omit_defaults=False):
    """One choice of a group; its price is added to the item's and may be zero or negative."""


class ShownGroup(menu.ModifierGroup, frozen=True, kw_only=True, omit_defaults=False):
    """A question asked of an item. `min` > 0 makes it required; the first `free_count` chosen cost nothing."""

    modifiers: tuple[ShownModifier, ...]


class ShownVariant(menu.Variant, frozen=True, kw_only=True, omit_defaults=False):
    """A size or form with a price of its own, instead of the item's."""


class ShownCategory(menu.Category, frozen=True, kw_only=True, omit_defaults=False):
    """A heading of the menu. Not a course."""


class ShownItem(menu.MenuItem, frozen=True, kw_only=True, omit_defaults=False):
    """Something to sell. Prices include VAT at `vat_bp`."""

    variants: tuple[ShownVariant, ...] = ()


class ShownMenu(menu.Menu, frozen=True, kw_only=True, omit_defaults=False):
    """Everything for sale, in the order it is read."""

    categories: tuple[ShownCategory, ...]
    items: tuple[ShownItem, ...]
    groups: tuple[ShownGroup, ...] = ()
