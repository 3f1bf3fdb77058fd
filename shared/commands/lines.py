"""How a device names what it wants on a line. Prices are never asked for: the edge resolves them."""

from typing import Annotated

import msgspec

from shared.ids import IdText

Note = Annotated[str, msgspec.Meta(max_length=140)]
Quantity = Annotated[int, msgspec.Meta(ge=1, le=99)]
#: More lines than any party orders in one go; a bound, not a rule of the trade.
MAX_LINES = 60


class LineAsk(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One line as asked: ids of the menu, no prices.

    `shown_minor`, when given, is the unit price the device showed; another price now refuses with `price_changed`.
    `course` 0 means the item's own.
    """

    line_id: IdText
    item_id: IdText
    variant_id: Annotated[str, msgspec.Meta(max_length=40)] = ""
    modifier_ids: Annotated[tuple[str, ...], msgspec.Meta(max_length=40)] = ()  # "group_id/modifier_id"
    quantity: Quantity = 1
    course: Annotated[int, msgspec.Meta(ge=0, le=9)] = 0
    note: Note = ""
    allergies: Annotated[tuple[str, ...], msgspec.Meta(max_length=10)] = ()
    seat: Annotated[int, msgspec.Meta(ge=0, le=50)] = 0
    shown_minor: int | None = None


class OpenItemAsk(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A line with a typed name and price; needs a permission."""

    line_id: IdText
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
    unit_minor: Annotated[int, msgspec.Meta(ge=0, le=1_000_000_000_00)]
    quantity: Quantity = 1
    station_id: IdText
    course: Annotated[int, msgspec.Meta(ge=1, le=9)] = 1
    vat_bp: Annotated[int, msgspec.Meta(ge=0, le=10_000)] = 2100
    note: Note = ""
