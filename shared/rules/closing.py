"""A check as money sees it, and what happens when nothing is owed on it any more."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

import msgspec

from shared.adjustments import Adjustment
from shared.calendar import hour_of
from shared.context import Context
from shared.errors import Rejected
from shared.folds.totals import CheckTotals, check_totals
from shared.ids import CheckId, StaffId, TableId, VisitId
from shared.lines import OrderedLine
from shared.ops import Op
from shared.ops.guests import VisitClosed
from shared.ops.payments import CheckClosed


class OwedCheck(msgspec.Struct, frozen=True, kw_only=True):
    """What rules about money know of a check; the fields are columns of `checks`, but for the last."""

    check_id: CheckId
    number: int
    kind: str
    state: str
    table_id: TableId
    table_label: str
    visit_id: VisitId
    waiter_id: StaffId
    covers: int
    cover_charge_each_minor: int
    cover_charge_vat_bp: int
    opened_at_ms: int
    closed_at_ms: int
    total_minor: int
    paid_minor: int
    tips_minor: int
    adjustments: int  # how many it has
    closed_by_name: str

    @property
    def balance_minor(self) -> int:
        """What is left to pay."""
        return self.total_minor - self.paid_minor

    def check_open(self) -> None:
        """Go on only while it is open.

        Raises:
            Rejected: `check_closed`.
        """
        standing(self)

    def totals(self, lines: Sequence[OrderedLine], adjustments: Sequence[Adjustment]) -> CheckTotals:
        """The sums over the lines that stand, the cover charge, and what adjusts them."""
        return check_totals(
            lines,
            adjustments,
            covers=self.covers,
            cover_charge_minor=self.cover_charge_each_minor,
            cover_charge_vat_bp=self.cover_charge_vat_bp,
        )


class _Account(Protocol):
    """What tells whether a check is open, and who ended it."""

    @property
    def number(self) -> int: ...
    @property
    def state(self) -> str: ...
    @property
    def closed_by_name(self) -> str: ...
    @property
    def closed_at_ms(self) -> int: ...


A = TypeVar("A", bound=_Account)


def standing(check: A | None) -> A:
    """The check, while it is open.

    Raises:
        Rejected: `check_unknown`, `check_closed`.
    """
    if check is None:
        raise Rejected("check_unknown")
    if check.state != "open":
        raise Rejected("check_closed", number=check.number, by=check.closed_by_name, closed_at_ms=check.closed_at_ms)
    return check


def closed(
    check: OwedCheck, lines: Sequence[OrderedLine], adjustments: Sequence[Adjustment], context: Context
) -> list[Op]:
    """The check counts as sold, and its party's stay is over. Its totals and tips are as they are at the end."""
    totals = check.totals(lines, adjustments)
    assert totals.total_minor == check.total_minor, "a check's running total is the sum of what is on it"
    assert totals.total_minor == sum(part.gross_minor for part in totals.vat), "an adjustment is of what stands"
    sold = CheckClosed(
        check_id=check.check_id,
        number=check.number,
        kind=check.kind,
        table_id=check.table_id,
        visit_id=check.visit_id,
        waiter_id=check.waiter_id,
        covers=check.covers,
        opened_at_ms=check.opened_at_ms,
        closed_at_ms=context.now_ms,
        hour=hour_of(context.now_ms, context.venue.timezone),
        lines_minor=totals.lines_minor,
        cover_charge_minor=totals.cover_charge_minor,
        total_minor=totals.total_minor,
        vat_minor=totals.vat_minor,
        tips_minor=check.tips_minor,
        vat=totals.vat,
        items=totals.items,
        by=StaffId(context.staff_id),
        period=context.period,
        adjustments_minor=totals.adjustments_minor,
        adjustments=totals.adjustments,
    )
    return [sold, VisitClosed(visit_id=check.visit_id, table_id=check.table_id)] if check.visit_id else [sold]
