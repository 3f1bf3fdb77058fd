"""What a check costs and what it sold: every sum agrees with every other."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from shared.folds.totals import COVER_ITEM, check_totals
from shared.ids import ItemId, LineId, StationId
from shared.lines import OrderedLine
from shared.money import vat_contained


@st.composite
def lines(draw: st.DrawFn) -> list[OrderedLine]:
    """A check's lines; some of the same item."""
    drawn = draw(
        st.lists(
            st.tuples(
                st.sampled_from(("bife", "agua", "flan")),
                st.integers(1, 99),
                st.integers(0, 100_000_00),
                st.sampled_from((0, 1050, 2100)),
            ),
            max_size=12,
        )
    )
    return [
        OrderedLine(
            line_id=LineId(f"l{place}"),
            item_id=ItemId(item),
            name=item,
            quantity=quantity,
            unit_minor=unit_minor,
            gross_minor=quantity * unit_minor,
            vat_bp=vat_bp,
            course=1,
            station_id=StationId("cocina"),
        )
        for place, (item, quantity, unit_minor, vat_bp) in enumerate(drawn)
    ]


@given(lines(), st.integers(0, 200), st.integers(0, 5_000_00))
def test_every_breakdown_adds_up_to_the_total(
    on_check: list[OrderedLine], covers: int, cover_charge_minor: int
) -> None:
    totals = check_totals(on_check, covers=covers, cover_charge_minor=cover_charge_minor, cover_charge_vat_bp=2100)
    assert totals.total_minor == totals.lines_minor + totals.cover_charge_minor
    assert totals.lines_minor == sum(line.gross_minor for line in on_check)
    assert totals.cover_charge_minor == covers * cover_charge_minor
    for parts in (totals.vat, totals.items):
        assert sum(part.gross_minor for part in parts) == totals.total_minor
        assert sum(part.vat_minor for part in parts) == totals.vat_minor
    sold = [item for item in totals.items if item.item_id != COVER_ITEM]
    assert sum(item.lines for item in sold) == len(on_check)
    assert sum(item.quantity for item in sold) == sum(line.quantity for line in on_check)


@given(lines(), st.randoms(use_true_random=False))
def test_the_order_of_lines_changes_no_sum(on_check: list[OrderedLine], random: object) -> None:
    one = check_totals(on_check, covers=2, cover_charge_minor=500, cover_charge_vat_bp=2100)
    mixed = list(on_check)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    other = check_totals(mixed, covers=2, cover_charge_minor=500, cover_charge_vat_bp=2100)
    assert (other.total_minor, other.vat_minor, other.vat) == (one.total_minor, one.vat_minor, one.vat)


@given(lines(), st.integers(0, 200), st.integers(0, 5_000_00))
def test_vat_is_rounded_once_a_rate(on_check: list[OrderedLine], covers: int, cover_charge_minor: int) -> None:
    totals = check_totals(on_check, covers=covers, cover_charge_minor=cover_charge_minor, cover_charge_vat_bp=2100)
    for part in totals.vat:
        assert part.vat_minor == vat_contained(part.gross_minor, part.vat_bp)
    assert len({part.vat_bp for part in totals.vat}) == len(totals.vat)


@given(lines(), st.data())
def test_the_vat_is_the_same_however_lines_are_grouped(on_check: list[OrderedLine], data: st.DataObject) -> None:
    """One line of four, four of one, or anything between."""
    apart: list[OrderedLine] = []
    for line in on_check:
        first = data.draw(st.integers(0, line.quantity))
        for part in filter(None, (first, line.quantity - first)):
            apart.append(msgspec.structs.replace(line, quantity=part, gross_minor=part * line.unit_minor))
    one, other = (
        check_totals(lines, covers=3, cover_charge_minor=333, cover_charge_vat_bp=1050) for lines in (on_check, apart)
    )
    assert (other.total_minor, other.vat_minor, other.vat) == (one.total_minor, one.vat_minor, one.vat)
    assert [(item.name, item.gross_minor, item.vat_minor) for item in other.items] == [
        (item.name, item.gross_minor, item.vat_minor) for item in one.items
    ]


def test_an_items_share_of_the_vat_is_at_most_a_cent_from_its_own() -> None:
    prices = (148, 148, 148, 148, 152, 154, 39)
    cents = [
        OrderedLine(
            line_id=LineId(f"l{place}"),
            item_id=ItemId(f"i{place}"),
            name=str(price),
            quantity=1,
            unit_minor=price,
            gross_minor=price,
            vat_bp=2100,
            course=1,
            station_id=StationId("cocina"),
        )
        for place, price in enumerate(prices)
    ]
    totals = check_totals(cents, covers=0, cover_charge_minor=0, cover_charge_vat_bp=2100)
    assert totals.vat_minor == 163, "each of them rounded by itself makes 164"
    assert [item.vat_minor for item in totals.items] == [26, 26, 26, 25, 26, 27, 7]
