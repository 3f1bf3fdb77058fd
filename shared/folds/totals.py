"""What a check costs and what it sold. VAT is rounded once a line, so every sum of lines agrees with every other."""

from collections.abc import Iterable, Sequence

import msgspec

from shared.ids import ItemId
from shared.lines import OrderedLine, SoldItem, VatTotal
from shared.money import vat_contained

#: The item under which reports show the cover charge.
COVER_ITEM = ItemId("cover_charge")


class CheckTotals(msgspec.Struct, frozen=True, kw_only=True):
    """The sums of a check; amounts in minor units, VAT included."""

    lines_minor: int
    cover_charge_minor: int
    total_minor: int
    vat_minor: int
    vat: tuple[VatTotal, ...]
    items: tuple[SoldItem, ...]


def check_totals(
    lines: Sequence[OrderedLine],
    *,
    covers: int,
    cover_charge_minor: int,
    cover_charge_vat_bp: int,
) -> CheckTotals:
    """Sums over lines that stand (voided ones left out by the caller) and a charge per cover."""
    sold = [*map(_sold, lines)]
    vat_rates = [line.vat_bp for line in lines]
    charge_minor = covers * cover_charge_minor
    if charge_minor:
        vat_minor = vat_contained(charge_minor, cover_charge_vat_bp)
        sold.append(
            SoldItem(
                item_id=COVER_ITEM,
                name="Cubierto",
                quantity=covers,
                gross_minor=charge_minor,
                vat_minor=vat_minor,
                lines=0,
            )
        )
        vat_rates.append(cover_charge_vat_bp)
    lines_minor = sum(line.gross_minor for line in lines)
    return CheckTotals(
        lines_minor=lines_minor,
        cover_charge_minor=charge_minor,
        total_minor=lines_minor + charge_minor,
        vat_minor=sum(item.vat_minor for item in sold),
        vat=_by_rate(zip(vat_rates, sold, strict=True)),
        items=_by_item(sold),
    )


def _sold(line: OrderedLine) -> SoldItem:
    return SoldItem(
        item_id=line.item_id,
        name=line.name,
        category_id=line.category_id,
        quantity=line.quantity,
        gross_minor=line.gross_minor,
        vat_minor=vat_contained(line.gross_minor, line.vat_bp),
    )


def _by_rate(parts: Iterable[tuple[int, SoldItem]]) -> tuple[VatTotal, ...]:
    sums: dict[int, tuple[int, int]] = {}
    for rate, item in parts:
        gross, vat = sums.get(rate, (0, 0))
        sums[rate] = (gross + item.gross_minor, vat + item.vat_minor)
    return tuple(VatTotal(vat_bp=rate, gross_minor=gross, vat_minor=vat) for rate, (gross, vat) in sorted(sums.items()))


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
    )
