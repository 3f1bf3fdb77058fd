"""What is given, taken off and put on top: to the cent, never more than there is, and gone without a trace."""

import contextlib
from collections.abc import Sequence
from itertools import count

import msgspec
import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from shared.adjustments import COVER_CHARGE, AdjustedPart, Adjustment
from shared.context import Context
from shared.errors import Rejected
from shared.folds.totals import CheckTotals
from shared.ids import AdjustmentId, CheckId, ItemId, LineId, StaffId, StationId, TableId, VisitId
from shared.lines import OrderedLine
from shared.money import split_by_weight, vat_contained
from shared.ops.adjustments import Adjusted, AdjustmentChanged, AdjustmentRemoved
from shared.rules.adjustments import Refitted, charges_of, fitted, given, refit, taken_back
from shared.rules.closing import OwedCheck

CONTEXT = Context(
    now_ms=1,
    asked_at_ms=1,
    business_day="2026-12-01",
    device_id="till",
    device_role="pos",
    staff_id="mara",
    staff_role="manager",
    fresh_id=iter(map(str, count())).__next__,
)
KINDS = st.sampled_from(("discount", "comp", "surcharge", "service", "rounding", "tender_price"))


def a_check(*, covers: int = 2, cover_charge_minor: int = 0) -> OwedCheck:
    """An open check."""
    return OwedCheck(
        check_id=CheckId("c1"),
        number=7,
        kind="table",
        state="open",
        table_id=TableId("t4"),
        table_label="4",
        visit_id=VisitId(""),
        waiter_id=StaffId("ana"),
        covers=covers,
        cover_charge_each_minor=cover_charge_minor,
        cover_charge_vat_bp=2100,
        opened_at_ms=1,
        closed_at_ms=0,
        total_minor=0,
        paid_minor=0,
        tips_minor=0,
        adjustments=0,
        closed_by_name="",
    )


def a_line(line_id: str, unit_minor: int, *, quantity: int = 1, vat_bp: int = 2100) -> OrderedLine:
    """A priced line."""
    return OrderedLine(
        line_id=LineId(line_id),
        item_id=ItemId(f"item {unit_minor}"),
        name=str(unit_minor),
        quantity=quantity,
        unit_minor=unit_minor,
        gross_minor=quantity * unit_minor,
        vat_bp=vat_bp,
        course=1,
        station_id=StationId("cocina"),
    )


def asked(
    kind: str, lines: Sequence[OrderedLine] | OwedCheck, *, quantity: int = 0, id: str = "a1", **how: int
) -> Adjustment:
    """An adjustment of these lines, or of a whole check, as the edge makes one of a command."""
    parts = [
        AdjustedPart(line_id=one.line_id, quantity=quantity or one.quantity, vat_bp=one.vat_bp, amount_minor=0)
        for one in (lines if isinstance(lines, list | tuple) else [])
    ]
    return Adjustment(
        adjustment_id=AdjustmentId(id),
        kind=kind,
        by=StaffId("mara"),
        given_at_ms=1,
        amount_minor=0,
        parts=tuple(parts),
        **how,
    )


def of_line(kind: str, line: OrderedLine, *, quantity: int = 0, id: str = "a1", **how: int) -> Adjustment:
    """An adjustment of one line."""
    return msgspec.structs.replace(asked(kind, [line], quantity=quantity, id=id, **how), line_id=line.line_id)


def after(before: Sequence[Adjustment], new: Adjustment, lines: Sequence[OrderedLine], check: OwedCheck) -> Refitted:
    """The check's adjustments with a new one."""
    return given(check.check_id, new, before, charges_of(check, lines), CONTEXT)


def amounts(adjustments: Sequence[Adjustment]) -> list[int]:
    """What each comes to."""
    return [one.amount_minor for one in adjustments]


def less(line: OrderedLine, quantity: int) -> OrderedLine:
    """The line with another quantity."""
    return msgspec.structs.replace(line, quantity=quantity, gross_minor=quantity * line.unit_minor)


def test_ten_per_cent_off_the_check_is_of_what_its_lines_cost_after_their_own() -> None:
    check, lines = a_check(cover_charge_minor=50_00), [a_line("l1", 300_00), a_line("l2", 100_00, vat_bp=1050)]
    whole = after((), asked("discount", [*lines], rate_bp=-1000), lines, check)
    assert amounts(whole.adjustments) == [-50_00]
    assert {part.line_id: part.amount_minor for part in whole.adjustments[0].parts} == {
        "l1": -30_00,
        "l2": -10_00,
        COVER_CHARGE: -10_00,
    }
    both = after(whole.adjustments, of_line("comp", lines[1], rate_bp=-10_000, id="a2"), lines, check)
    assert amounts(both.adjustments) == [-40_00, -100_00], "the house gives the second line: the tenth is of the rest"
    assert [type(op) for op in both.ops] == [Adjusted, AdjustmentChanged]
    assert both.delta_minor == -90_00


def test_a_rate_of_the_whole_check_follows_it_and_a_comp_does_not() -> None:
    check, lines = a_check(), [a_line("l1", 100_00)]
    more = [*lines, a_line("l2", 40_00)]
    discount = after((), asked("discount", lines, rate_bp=-1000), lines, check).adjustments
    assert amounts(refit(check, discount, more, CONTEXT).adjustments) == [-14_00]
    comp = after((), asked("comp", lines, rate_bp=-10_000), lines, check).adjustments
    assert amounts(refit(check, comp, more, CONTEXT).adjustments) == [-100_00], "what comes later is charged"
    assert refit(check, comp, more, CONTEXT).ops == []


def test_what_was_given_for_some_of_a_line_shrinks_with_it_and_never_grows() -> None:
    check, beers = a_check(), a_line("l1", 333, quantity=3)
    one_of_three = after((), of_line("comp", beers, quantity=1, rate_bp=-10_000), [beers], check).adjustments
    assert amounts(one_of_three) == [-333]
    three = after((), of_line("discount", beers, asked_minor=-301), [beers], check).adjustments
    for quantity, comp, discount in ((2, -333, -201), (1, -333, -100), (5, -333, -301)):
        now = [less(beers, quantity)]
        assert amounts(refit(check, one_of_three, now, CONTEXT).adjustments) == [comp]
        assert amounts(refit(check, three, now, CONTEXT).adjustments) == [discount]


def test_what_was_given_for_a_line_goes_with_it_and_says_so() -> None:
    check, lines = a_check(), [a_line("l1", 100_00), a_line("l2", 40_00)]
    comp = after((), of_line("comp", lines[0], rate_bp=-10_000), lines, check).adjustments
    gone = refit(check, comp, lines[1:], CONTEXT)
    (over,) = gone.ops
    assert isinstance(over, AdjustmentRemoved)
    assert (over.cause, over.amount_minor, gone.delta_minor, gone.adjustments) == ("nothing_left", -100_00, 100_00, ())
    dearer = [a_line("l1", 900_00), lines[1]]
    changed = refit(check, comp, dearer, CONTEXT, changed_line="l1")
    assert [getattr(op, "cause", "") for op in changed.ops] == ["line_changed"]
    whole = after((), asked("comp", lines, rate_bp=-10_000), lines, check).adjustments
    changed = refit(check, whole, dearer, CONTEXT, changed_line="l1")
    assert amounts(changed.adjustments) == [-40_00], "of what was given away with the check, that line is charged"


def test_an_amount_off_the_check_is_no_more_than_what_is_left_and_comes_back_with_it() -> None:
    check, lines = a_check(), [a_line("l1", 100_00), a_line("l2", 40_00)]
    off = after((), asked("discount", lines, asked_minor=-90_00), lines, check).adjustments
    little = refit(check, off, lines[1:], CONTEXT).adjustments
    assert amounts(little) == [-40_00]
    assert amounts(refit(check, little, lines, CONTEXT).adjustments) == [-90_00]
    with pytest.raises(Rejected, match="adjustment_too_much") as caught:
        after(off, asked("discount", lines, asked_minor=-60_00, id="a2"), lines, check)
    assert caught.value.facts == {"max_minor": 50_00}


def test_what_changes_nothing_is_refused_and_there_is_a_most() -> None:
    check, lines = a_check(), [a_line("l1", 0)]
    with pytest.raises(Rejected, match="adjustment_empty"):
        after((), asked("discount", lines, rate_bp=-1000), lines, check)
    lines = [a_line("l1", 100_00)]
    given_so_far: tuple[Adjustment, ...] = ()
    for number in range(50):
        given_so_far = after(
            given_so_far, asked("surcharge", lines, asked_minor=1, id=f"a{number}"), lines, check
        ).adjustments
    with pytest.raises(Rejected, match="too_many_adjustments"):
        after(given_so_far, asked("surcharge", lines, asked_minor=1, id="one"), lines, check)


def test_a_charge_on_what_was_given_away_has_the_vat_of_what_it_stood_for() -> None:
    check, lines = a_check(), [a_line("l1", 100_00, vat_bp=1050), a_line("l2", 300_00)]
    comp = after((), asked("comp", lines, rate_bp=-10_000), lines, check).adjustments
    both = after(comp, asked("service", lines, asked_minor=40_00, id="a2"), lines, check)
    totals = check.totals(lines, both.adjustments)
    assert [(part.vat_bp, part.gross_minor) for part in totals.vat] == [(1050, 10_00), (2100, 30_00)]


# whatever happens

AMOUNTS = st.integers(0, 5_000_00)
LINES = st.lists(st.tuples(AMOUNTS, st.integers(1, 5), st.sampled_from((0, 1050, 2100))), min_size=1, max_size=6).map(
    lambda drawn: [a_line(f"l{n}", unit, quantity=many, vat_bp=bp) for n, (unit, many, bp) in enumerate(drawn)]
)


class Play:
    """A check whose lines, covers and adjustments change; the running total is kept by what ops say alone."""

    def __init__(self, lines: list[OrderedLine], covers: int, cover_charge_minor: int) -> None:
        self.check = a_check(covers=covers, cover_charge_minor=cover_charge_minor)
        self.lines = lines
        self.adjustments: tuple[Adjustment, ...] = ()
        self.adjusted_minor = 0
        self.ids = count()

    def take(self, change: Refitted) -> None:
        """What ops say happened; they must agree with what the rule says."""
        now = {one.adjustment_id: one for one in self.adjustments}
        for op in change.ops:
            match op:
                case Adjusted():
                    now[op.adjustment.adjustment_id] = op.adjustment
                    self.adjusted_minor += op.adjustment.amount_minor
                case AdjustmentChanged():
                    before = now[op.adjustment_id]
                    assert op.delta_minor == op.amount_minor - before.amount_minor
                    now[op.adjustment_id] = msgspec.structs.replace(
                        before, amount_minor=op.amount_minor, parts=op.parts
                    )
                    self.adjusted_minor += op.delta_minor
                case AdjustmentRemoved():
                    assert now.pop(op.adjustment_id).amount_minor == op.amount_minor
                    self.adjusted_minor -= op.amount_minor
        assert tuple(now.values()) == change.adjustments
        self.adjustments = change.adjustments

    def give(self, kind: str, rate_bp: int, asked_minor: int, line: int) -> None:
        """An adjustment of a line, or of the whole check; what is refused changes nothing."""
        sign = -1 if kind in {"discount", "comp"} or (kind in {"rounding", "tender_price"} and rate_bp % 2) else 1
        how = (
            {"rate_bp": -10_000}
            if kind == "comp"
            else ({"rate_bp": sign * rate_bp} if rate_bp else {"asked_minor": sign * asked_minor})
        )
        id = f"a{next(self.ids)}"
        if 0 <= line < len(self.lines):
            new = of_line(kind, self.lines[line], id=id, **how)
        else:
            cover = a_line("", self.check.cover_charge_each_minor, quantity=self.check.covers)
            new = asked(kind, [*self.lines, *([cover] if cover.gross_minor else [])], id=id, **how)
        charges = charges_of(self.check, self.lines)
        if not charges:
            return
        with contextlib.suppress(Rejected):
            self.take(given(self.check.check_id, new, self.adjustments, charges, CONTEXT))

    def change(self, line: int, quantity: int) -> None:
        """A line gets another quantity, or comes off."""
        place = line % len(self.lines) if self.lines else 0
        self.lines = [
            less(one, quantity) if n == place else one for n, one in enumerate(self.lines) if n != place or quantity
        ]
        self.take(refit(self.check, self.adjustments, self.lines, CONTEXT))

    def seat(self, covers: int) -> None:
        """Another number of guests."""
        self.check = msgspec.structs.replace(self.check, covers=covers)
        self.take(refit(self.check, self.adjustments, self.lines, CONTEXT))

    def take_back(self, which: int) -> None:
        """One of the adjustments, by its place."""
        if self.adjustments:
            one = self.adjustments[which % len(self.adjustments)]
            self.take(taken_back(one, self.adjustments, self.check, self.lines, CONTEXT, permission="discount"))

    def totals(self) -> CheckTotals:
        """What the check comes to."""
        return self.check.totals(self.lines, self.adjustments)


STEPS = st.lists(
    st.one_of(
        st.tuples(
            st.just("give"),
            KINDS,
            st.sampled_from((0, 0, 1, 333, 1000, 2550, 9999, 10_000)),
            st.integers(1, 9_000_00),
            st.integers(-4, 5),
        ),
        st.tuples(st.just("change"), st.integers(0, 5), st.integers(0, 6)),
        st.tuples(st.just("seat"), st.integers(0, 5)),
        st.tuples(st.just("take_back"), st.integers(0, 5)),
    ),
    max_size=14,
)


@examples(LINES, st.integers(0, 4), st.sampled_from((0, 1, 500_00)), STEPS)
def test_parts_sum_to_the_whole_at_every_level_whatever_happens(
    lines: list[OrderedLine], covers: int, charge_minor: int, steps: list[tuple[object, ...]]
) -> None:
    play = Play(lines, covers, charge_minor)
    for name, *values in steps:
        getattr(play, str(name))(*values)
        totals = play.totals()
        assert play.adjusted_minor == totals.adjustments_minor == sum(amounts(play.adjustments))
        assert totals.total_minor == totals.lines_minor + totals.cover_charge_minor + totals.adjustments_minor
        assert totals.total_minor == sum(part.gross_minor for part in totals.vat) >= 0
        assert totals.total_minor == sum(item.gross_minor + item.adjusted_minor for item in totals.items)
        assert totals.vat_minor == sum(part.vat_minor for part in totals.vat)
        assert totals.vat_minor == sum(item.vat_minor for item in totals.items)
        assert all(part.vat_minor == vat_contained(part.gross_minor, part.vat_bp) for part in totals.vat)
        for one in play.adjustments:
            assert one.amount_minor == sum(part.amount_minor for part in one.parts)
        for charge in charges_of(play.check, play.lines):
            taken = sum(p.amount_minor for one in play.adjustments for p in one.parts if p.line_id == charge.line_id)
            assert charge.gross_minor + taken >= 0, "no line costs less than nothing"
        assert fitted(play.adjustments, charges_of(play.check, play.lines)) == play.adjustments, "what stands says all"


@examples(LINES, st.integers(0, 4), st.sampled_from((0, 1, 500_00)), STEPS)
def test_adjustments_that_are_taken_back_leave_no_trace(
    lines: list[OrderedLine], covers: int, charge_minor: int, steps: list[tuple[object, ...]]
) -> None:
    play = Play(lines, covers, charge_minor)
    for name, *values in steps:
        getattr(play, str(name))(*values)
    while play.adjustments:
        play.take_back(0)
    assert play.totals() == play.check.totals(play.lines, ())


@examples(
    LINES, st.lists(st.tuples(KINDS.filter(lambda kind: kind != "comp"), st.integers(1, 10_000)), max_size=4), st.data()
)
def test_the_vat_of_an_adjusted_check_is_the_same_however_lines_are_grouped(
    lines: list[OrderedLine], rates: list[tuple[str, int]], data: st.DataObject
) -> None:
    apart = []
    for line in lines:
        first = data.draw(st.integers(0, line.quantity))
        for place, part in enumerate((first, line.quantity - first)):
            if part:
                apart.append(msgspec.structs.replace(less(line, part), line_id=LineId(f"{line.line_id}-{place}")))
    found = []
    for group in (lines, apart):
        play = Play(group, covers=2, cover_charge_minor=333)
        for kind, rate_bp in rates:
            play.give(kind, rate_bp, 0, -1)
        totals = play.totals()
        found.append((totals.total_minor, totals.vat, amounts(play.adjustments)))
    assert found[0] == found[1]


@examples(LINES, STEPS, AMOUNTS, st.integers(1, 3))
def test_a_dish_that_is_added_lowers_no_total_by_more_than_a_cents_rounding(
    lines: list[OrderedLine], steps: list[tuple[object, ...]], unit_minor: int, quantity: int
) -> None:
    play = Play(lines, 0, 0)
    for name, *values in steps:
        getattr(play, str(name))(*values)
    before_minor = play.totals().total_minor
    play.lines = [*play.lines, a_line("new", unit_minor, quantity=quantity)]
    play.take(refit(play.check, play.adjustments, play.lines, CONTEXT))
    assert play.totals().total_minor >= before_minor - len(play.adjustments)


@examples(st.integers(0, 10**9), st.lists(st.integers(0, 10**6), min_size=1, max_size=9).filter(any))
def test_a_share_takes_no_more_than_there_is(amount_minor: int, costs: list[int]) -> None:
    amount_minor = min(amount_minor, sum(costs))
    assert all(part <= cost for part, cost in zip(split_by_weight(amount_minor, costs), costs, strict=True))
