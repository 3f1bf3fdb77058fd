"""What happens to drawers, and the end of a period."""

from typing import ClassVar

import msgspec

from shared.ids import DrawerId, DrawerSessionId, StaffId
from shared.lines import VatTotal
from shared.ops.base import Op


class DrawerOpened(Op, frozen=True, kw_only=True, tag="drawer_opened"):
    """A drawer session began with its float."""

    SUBJECT: ClassVar[str] = "session_id"
    session_id: DrawerSessionId
    drawer_id: DrawerId
    drawer_name: str
    float_minor: int
    by: StaffId
    opened_at_ms: int
    period: int = 0  # in which it counts; 0 before periods were kept
    purse_of: StaffId = StaffId("")  # the waiter whose purse it is; "" for a drawer


class CashMoved(Op, frozen=True, kw_only=True, tag="cash_moved"):
    """Cash went to the safe (`drop`), paid for something (`payout`) or came in (`cash_in`). The amount is positive."""

    SUBJECT: ClassVar[str] = "session_id"
    session_id: DrawerSessionId
    kind: str
    amount_minor: int
    reason: str
    by: StaffId
    moved_at_ms: int
    period: int = 0  # in which it counts; 0 before periods were kept


class DrawerOpenedWithoutSale(Op, frozen=True, kw_only=True, tag="no_sale"):
    """The drawer was opened without a payment."""

    SUBJECT: ClassVar[str] = "session_id"
    session_id: DrawerSessionId
    reason: str
    by: StaffId
    opened_at_ms: int
    period: int = 0  # in which it counts; 0 before periods were kept


class DrawerCounted(Op, frozen=True, kw_only=True, tag="drawer_counted"):
    """A drawer session ended with what staff found in it. Over is positive, short negative."""

    SUBJECT: ClassVar[str] = "session_id"
    session_id: DrawerSessionId
    drawer_id: DrawerId
    counted_minor: int
    expected_minor: int
    over_short_minor: int
    denominations: tuple[tuple[int, int], ...] = ()  # value in minor units, how many
    by: StaffId
    counted_at_ms: int
    period: int = 0  # in which it counts; 0 before periods were kept


class TenderTotal(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one tender took."""

    tender: str
    count: int
    amount_minor: int
    tips_minor: int


class AdjustmentTotal(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the adjustments of one kind come to on closed checks; below zero what was given."""

    kind: str
    count: int
    amount_minor: int


class DayTotals(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The figures of an X or a Z report: of one period. Sales are closed checks after adjustments, VAT included; tips are apart."""

    business_day: str  # the first that it counts something of
    checks: int
    covers: int
    sales_minor: int
    vat_minor: int
    tips_minor: int
    voids: int
    voids_minor: int
    tenders: tuple[TenderTotal, ...]
    vat: tuple[VatTotal, ...] = ()
    over_short_minor: int = 0
    open_checks: int = 0
    open_minor: int = 0  # balance of the checks that carry over
    period: int = 0  # its number: the Z's; 0 in what older releases wrote
    opened_at_ms: int = 0  # the first thing that happened in it; 0 when nothing did
    business_days: tuple[str, ...] = ()  # every one that it counts something of, ascending
    adjustments: tuple[AdjustmentTotal, ...] = ()  # in the sales already


class XReportPrinted(Op, frozen=True, kw_only=True, tag="x_report_printed"):
    """The totals so far were asked for on paper; changes nothing."""

    SUBJECT: ClassVar[str] = "business_day"
    business_day: str
    totals: DayTotals
    by: StaffId
    printed_at_ms: int
    period: int = 0  # in which it counts; 0 before periods were kept


class DayClosed(Op, frozen=True, kw_only=True, tag="day_closed"):
    """The Z of a business day, as releases made it that closed days and not periods. Its period is its number."""

    SUBJECT: ClassVar[str] = "business_day"
    business_day: str
    z_number: int
    totals: DayTotals
    by: StaffId
    closed_at_ms: int


class PeriodClosed(Op, frozen=True, kw_only=True, tag="period_closed"):
    """The Z of a period: made once, numbered without gaps, never changed. It opens the next one; open checks carry over."""

    SUBJECT: ClassVar[str] = "z_number"
    z_number: int  # the period's
    business_day: str  # the first that it counts something of
    totals: DayTotals
    by: StaffId
    closed_at_ms: int
