"""A line as ops carry it: everything about it resolved once, so that replay never needs last year's menu."""

import msgspec

from shared.ids import (
    CategoryId,
    DraftId,
    GroupId,
    ItemId,
    LineId,
    ModifierId,
    StationId,
    VariantId,
)


class ChosenModifier(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A modifier as chosen; `price_minor` is zero when it was one of the group's free ones."""

    group_id: GroupId
    modifier_id: ModifierId
    name: str
    price_minor: int = 0


class OrderedLine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One item with its modifiers and quantity, priced. `gross_minor` = quantity × `unit_minor`, VAT included."""

    line_id: LineId
    item_id: ItemId  # "" for an open item
    name: str
    short_name: str = ""
    category_id: CategoryId = CategoryId("")
    variant_id: VariantId = VariantId("")
    variant_name: str = ""
    modifiers: tuple[ChosenModifier, ...] = ()
    quantity: int
    unit_minor: int
    gross_minor: int
    vat_bp: int
    course: int
    station_id: StationId
    note: str = ""
    allergies: tuple[str, ...] = ()
    seat: int = 0
    draft_id: DraftId = DraftId("")  # the guest's draft it came from


class SoldItem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a closed check sold of one item; the figures of reports are sums of these. `vat_minor` is its share of the check's."""

    item_id: ItemId
    name: str
    category_id: CategoryId = CategoryId("")
    quantity: int
    gross_minor: int
    vat_minor: int
    lines: int = 1
    adjusted_minor: int = 0  # what its adjustments come to: it was sold for `gross_minor` + this


class VatTotal(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Sales at one VAT rate, after adjustments."""

    vat_bp: int
    gross_minor: int
    vat_minor: int
