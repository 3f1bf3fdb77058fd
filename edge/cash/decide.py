"""The rules of drawers and periods."""

from edge.cash.state import DrawerLeftOpen, DrawerSession, LeftOver, OpenPeriod, Settling
from shared.calendar import business_day
from shared.commands.cash import (
    BeginDay,
    CloseDay,
    CountDrawer,
    MoveCash,
    OpenDrawer,
    OpenDrawerWithoutSale,
    PrintXReport,
    SettlePurse,
)
from shared.context import Context
from shared.errors import Rejected
from shared.ids import DrawerId, DrawerSessionId, StaffId
from shared.ops import Op
from shared.ops.cash import (
    CashMoved,
    DrawerCounted,
    DrawerOpened,
    DrawerOpenedWithoutSale,
    PeriodClosed,
    XReportPrinted,
)
from shared.ops.guests import DraftsResumed
from shared.ops.menu import ItemRestored
from shared.reasons import SETTLEMENT
from shared.rules.tills import check_drawer_id
from shared.text import one_line

#: So long after the last Z the clock is wrong, or the venue was closed for a season: a person says which.
DOUBTFUL_MS = 183 * 24 * 3_600_000


def open_drawer(command: OpenDrawer, open_session: DrawerSession | None, context: Context) -> list[Op]:
    """Begin a drawer session with its float.

    Raises:
        Rejected: `drawer_open`; `malformed` for the word that stands for waiters' purses; `needs_manager` without `drawer`.
    """
    context.require("drawer")
    check_drawer_id(command.drawer_id)
    if open_session is not None:
        raise Rejected(
            "drawer_open",
            by=open_session.opened_by_name,
            opened_at_ms=open_session.opened_at_ms,
        )
    return [
        DrawerOpened(
            session_id=DrawerSessionId(command.session_id),
            drawer_id=DrawerId(command.drawer_id),
            drawer_name=command.drawer_name or command.drawer_id,
            float_minor=command.float_minor,
            by=StaffId(context.staff_id),
            opened_at_ms=context.now_ms,
            period=context.period,
        )
    ]


def move_cash(command: MoveCash, session: DrawerSession | None, context: Context) -> list[Op]:
    """Take cash out of an open drawer, or bring some in.

    Raises:
        Rejected: `drawer_unknown`, `drawer_closed`; `cash_short` when it holds less; `reason_missing`;
            `needs_manager` without `drawer`.
    """
    context.require("drawer")
    session = _open(session)
    if command.kind != "cash_in" and command.amount_minor > session.expected_minor:
        raise Rejected("cash_short")
    return [
        CashMoved(
            session_id=session.session_id,
            kind=command.kind,
            amount_minor=command.amount_minor,
            reason=_reason(command.reason),
            by=StaffId(context.staff_id),
            moved_at_ms=context.now_ms,
            period=context.period,
        )
    ]


def open_drawer_without_sale(
    command: OpenDrawerWithoutSale, session: DrawerSession | None, context: Context
) -> list[Op]:
    """Open the drawer with no payment; always recorded.

    Raises:
        Rejected: `drawer_unknown`, `drawer_closed`, `reason_missing`; `needs_manager` without `no_sale`.
    """
    context.require("no_sale")
    return [
        DrawerOpenedWithoutSale(
            session_id=_open(session).session_id,
            reason=_reason(command.reason),
            by=StaffId(context.staff_id),
            opened_at_ms=context.now_ms,
            period=context.period,
        )
    ]


def count_drawer(command: CountDrawer, session: DrawerSession | None, context: Context) -> list[Op]:
    """End a drawer session with what was found in it; over is positive, short negative.

    A purse is handed over, and not just counted: its cash would be in no drawer.

    Raises:
        Rejected: `drawer_unknown`, also for a purse; `drawer_closed`; `amount_invalid` when denominations do not add up to the count;
            `needs_manager` without `drawer`.
    """
    context.require("drawer")
    session = _open(session)
    if session.purse_of:
        raise Rejected("drawer_unknown")
    listed_minor = sum(value * count for value, count in command.denominations)
    if command.denominations and listed_minor != command.counted_minor:
        raise Rejected("amount_invalid", balance_minor=listed_minor)
    return [_counted(session, command.counted_minor, command.denominations, context)]


def settle_purse(command: SettlePurse, state: Settling, context: Context) -> list[Op]:
    """A waiter hands over what they took: their purse ends with its count, and the drawer has that much more.

    Over is positive, short negative, and stays with the purse: the drawer has what was really put into it.

    Raises:
        Rejected: `drawer_unknown` for what is no purse, or no drawer; `drawer_closed`; `needs_manager` without `drawer`.
    """
    context.require("drawer")
    purse, into = _open(state.purse), _open(state.into)
    if not purse.purse_of or into.purse_of:
        raise Rejected("drawer_unknown")
    counted = _counted(purse, command.counted_minor, (), context)
    if not command.counted_minor:
        return [counted]
    handed_over = CashMoved(
        session_id=into.session_id,
        kind="cash_in",
        amount_minor=command.counted_minor,
        reason=SETTLEMENT,
        by=StaffId(context.staff_id),
        moved_at_ms=context.now_ms,
        period=context.period,
    )
    return [counted, handed_over]


def print_x_report(command: PrintXReport, period: OpenPeriod, context: Context) -> list[Op]:
    """The totals so far of the open period, on paper; changes nothing.

    Raises:
        Rejected: `needs_manager` without `x_report`.
    """
    context.require("x_report")
    return [
        XReportPrinted(
            business_day=period.totals.business_day,
            totals=period.totals,
            by=StaffId(context.staff_id),
            printed_at_ms=context.now_ms,
            period=context.period,
        )
    ]


def close_day(command: CloseDay, period: OpenPeriod, context: Context) -> list[Op]:
    """The Z of the open period. Open checks carry over, and what is sold out today stays so.

    Phones that were paused may send again, unless the Z comes a day late: then today's pause stands.

    Raises:
        Rejected: `period_over` when somebody has closed the period that was looked at, and another one runs; `day_empty`;
            `drawers_open` with their names; `clock_doubtful` when the last Z is half a year ago and nobody said that the
            clock is right; `needs_manager` without `close_day`.
    """
    context.require("close_day")
    if command.z_number not in {0, context.period}:
        raise Rejected("period_over", z_number=command.z_number)
    if not period.has_happened:
        raise Rejected("day_empty")
    uncounted = [drawer.name for drawer in period.open_drawers if not _is_of_today_alone(drawer, period, context)]
    if uncounted:
        raise Rejected("drawers_open", drawers=uncounted)
    if context.now_ms - period.last_z_at_ms > DOUBTFUL_MS and not command.is_clock_right:
        raise Rejected(
            "clock_doubtful", business_day=context.business_day, last_day=_day_of(period.last_z_at_ms, context)
        )
    closed = PeriodClosed(
        z_number=context.period,
        business_day=period.totals.business_day,
        totals=period.totals,
        by=StaffId(context.staff_id),
        closed_at_ms=context.now_ms,
    )
    are_over = period.left_over.are_drafts_paused or (period.are_drafts_paused and not _is_late(period, context))
    return [*_restored(period.left_over), *_resumed(are_over, context), closed]


def begin_day(command: BeginDay, left_over: LeftOver, context: Context) -> list[Op]:
    """What an earlier business day left sold out is for sale again, and phones may send drafts."""
    return [*_restored(left_over), *_resumed(left_over.are_drafts_paused, context)]


def _restored(left_over: LeftOver) -> list[ItemRestored]:
    return [ItemRestored(item_id=id, name=name) for id, name in left_over.sold_out]


def _resumed(are_paused: bool, context: Context) -> list[DraftsResumed]:
    return [DraftsResumed(by=StaffId(context.staff_id))] if are_paused else []


def _is_of_today_alone(drawer: DrawerLeftOpen, period: OpenPeriod, context: Context) -> bool:
    """Whether a Z that comes a day late leaves this drawer be: it was opened today, for what follows."""
    return _is_late(period, context) and drawer.business_day == context.business_day


def _day_of(at_ms: int, context: Context) -> str:
    return business_day(at_ms, timezone=context.venue.timezone, cutover_min=context.venue.cutover_min)


def _is_late(period: OpenPeriod, context: Context) -> bool:
    """Whether the Z comes on a later business day than what it closes began on."""
    return period.began_on < context.business_day


def _counted(
    session: DrawerSession, counted_minor: int, denominations: tuple[tuple[int, int], ...], context: Context
) -> DrawerCounted:
    return DrawerCounted(
        session_id=session.session_id,
        drawer_id=session.drawer_id,
        counted_minor=counted_minor,
        expected_minor=session.expected_minor,
        over_short_minor=counted_minor - session.expected_minor,
        denominations=denominations,
        by=StaffId(context.staff_id),
        counted_at_ms=context.now_ms,
        period=context.period,
    )


def _reason(typed: str) -> str:
    reason = one_line(typed)
    if not reason:
        raise Rejected("reason_missing")
    return reason


def _open(session: DrawerSession | None) -> DrawerSession:
    if session is None:
        raise Rejected("drawer_unknown")
    if session.state != "open":
        raise Rejected("drawer_closed")
    return session
