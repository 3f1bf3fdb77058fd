"""What a check costs and what it sold. VAT is rounded once a rate of the check; items get their share of that."""

from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec

from shared.adjustments import COVER_CHARGE, Adjustment
from shared.ids import ItemId
from shared.lines import OrderedLine, SoldItem, VatTotal
from shared.money import split_by_weight, vat_contained

#: The item under which reports show the cover charge. It has no name of its own: screens have words for it.
COVER_ITEM = ItemId("cover_charge")


class CheckTotals(msgspec.Struct, frozen=True, kw_only=True):
    """The sums of a check; amounts in minor units, VAT included. Adjustments that come to nothing are left out."""

    lines_minor: int
    cover_charge_minor: int
    adjustments_minor: int
    total_minor: int
    vat_minor: int
    vat: tuple[VatTotal, ...]
    items: tuple[SoldItem, ...]
    adjustments: tuple[Adjustment, ...]


def check_totals(
    lines: Sequence[OrderedLine],
    adjustments: Sequence[Adjustment] = (),
    *,
    covers: int,
    cover_charge_minor: int,
    cover_charge_vat_bp: int,
) -> CheckTotals:
    """Sums over lines that stand (voided ones left out by the caller), a charge per cover, and what adjusts them.

    However the lines are grouped, the VAT is the same: it is that of the sum at each rate.
    """
    parts: Counter[str] = Counter()
    for part in (part for one in adjustments for part in one.parts):
        parts[part.line_id] += part.amount_minor
    sold = [(line.vat_bp, _sold(line, parts[line.line_id])) for line in lines]
    charge_minor = covers * cover_charge_minor
    if charge_minor:
        sold.append((cover_charge_vat_bp, _cover_charge(covers, charge_minor, parts[COVER_CHARGE])))
    by_rate = [_with_vat(rate, _by_item(item for at, item in sold if at == rate)) for rate in sorted(dict(sold))]
    vat = tuple(part for part, _ in by_rate)
    lines_minor = sum(line.gross_minor for line in lines)
    adjustments_minor = sum(one.amount_minor for one in adjustments)
    return CheckTotals(
        lines_minor=lines_minor,
        cover_charge_minor=charge_minor,
        adjustments_minor=adjustments_minor,
        total_minor=lines_minor + charge_minor + adjustments_minor,
        vat_minor=sum(part.vat_minor for part in vat),
        vat=vat,
        items=_by_item(item for _, items in by_rate for item in items),
        adjustments=tuple(one for one in adjustments if one.amount_minor),
    )


def _sold(line: OrderedLine, adjusted_minor: int) -> SoldItem:
    return SoldItem(
        item_id=line.item_id,
        name=line.name,
        category_id=line.category_id,
        quantity=line.quantity,
        gross_minor=line.gross_minor,
        vat_minor=0,
        adjusted_minor=adjusted_minor,
    )


def _cover_charge(covers: int, charge_minor: int, adjusted_minor: int) -> SoldItem:
    return SoldItem(
        item_id=COVER_ITEM,
        name="",
        quantity=covers,
        gross_minor=charge_minor,
        vat_minor=0,
        lines=0,
        adjusted_minor=adjusted_minor,
    )


def _with_vat(rate: int, items: Sequence[SoldItem]) -> tuple[VatTotal, list[SoldItem]]:
    """The VAT at one rate, rounded once; the items with their shares of it, which add up to it."""
    sold_for = [item.gross_minor + item.adjusted_minor for item in items]
    gross_minor = sum(sold_for)
    vat_minor = vat_contained(gross_minor, rate)
    shares = split_by_weight(vat_minor, sold_for) if gross_minor else [0] * len(items)
    return VatTotal(vat_bp=rate, gross_minor=gross_minor, vat_minor=vat_minor), [
        msgspec.structs.replace(item, vat_minor=share) for item, share in zip(items, shares, strict=True)
    ]


def _by_item(sold: Iterable[SoldItem]) -> tuple[SoldItem, ...]:
    sums: dict[tuple[str, str], SoldItem] = {}
    for item in sold:
        before = sums.get((item.item_id, item.name))
        sums[item.item_id, item.name] = item if before is None else _joined(before, item)
    return tuple(sums.values())


def _joined(one: SoldItem, other: SoldItem) -> SoldItem:
    return msgspec.structs.replace(
        one,
        quantity=one.quantity + other.quantity,
        gross_minor=one.gross_minor + other.gross_minor,
        vat_minor=one.vat_minor + other.vat_minor,
        lines=one.lines + other.lines,
        adjusted_minor=one.adjusted_minor + other.adjusted_minor,
    )
