"""The rules of drawers and days."""

from edge.cash.state import Day, DrawerSession
from shared.commands.cash import (
    CloseDay,
    CountDrawer,
    MoveCash,
    OpenDrawer,
    OpenDrawerWithoutSale,
    PrintXReport,
)
from shared.context import Context
from shared.errors import Rejected
from shared.ids import DrawerId, DrawerSessionId, ItemId, StaffId
from shared.ops import Op
from shared.ops.cash import (
    CashMoved,
    DayClosed,
    DrawerCounted,
    DrawerOpened,
    DrawerOpenedWithoutSale,
    XReportPrinted,
)
from shared.ops.guests import DraftsResumed
from shared.ops.menu import ItemRestored
from shared.text import one_line


def open_drawer(command: OpenDrawer, open_session: DrawerSession | None, context: Context) -> list[Op]:
    """Begin a drawer session with its float.

    Raises:
        Rejected: `drawer_open`; `needs_manager` without `drawer`.
    """
    context.require("drawer")
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
        )
    ]


def count_drawer(command: CountDrawer, session: DrawerSession | None, context: Context) -> list[Op]:
    """End a drawer session with what was found in it; over is positive, short negative.

    Raises:
        Rejected: `drawer_unknown`, `drawer_closed`; `amount_invalid` when denominations do not add up to the count;
            `needs_manager` without `drawer`.
    """
    context.require("drawer")
    session = _open(session)
    listed_minor = sum(value * count for value, count in command.denominations)
    if command.denominations and listed_minor != command.counted_minor:
        raise Rejected("amount_invalid", balance_minor=listed_minor)
    return [
        DrawerCounted(
            session_id=session.session_id,
            drawer_id=session.drawer_id,
            counted_minor=command.counted_minor,
            expected_minor=session.expected_minor,
            over_short_minor=command.counted_minor - session.expected_minor,
            denominations=command.denominations,
            by=StaffId(context.staff_id),
            counted_at_ms=context.now_ms,
        )
    ]


def print_x_report(command: PrintXReport, day: Day, context: Context) -> list[Op]:
    """The totals so far of the day that has its Z next, on paper; changes nothing.

    Raises:
        Rejected: `needs_manager` without `x_report`.
    """
    context.require("x_report")
    return [
        XReportPrinted(
            business_day=day.totals.business_day,
            totals=day.totals,
            by=StaffId(context.staff_id),
            printed_at_ms=context.now_ms,
        )
    ]


def close_day(command: CloseDay, day: Day, context: Context) -> list[Op]:
    """The Z of the oldest business day without one. Open checks carry over; what was sold out or paused comes back.

    Raises:
        Rejected: `day_closed`, `day_empty`; `drawers_open` with their names; `needs_manager` without `close_day`.
    """
    context.require("close_day")
    if day.is_closed:
        raise Rejected("day_closed", business_day=day.totals.business_day)
    if not day.has_happened:
        raise Rejected("day_empty")
    if day.open_drawers:
        raise Rejected("drawers_open", drawers=list(day.open_drawers))
    closed = DayClosed(
        business_day=day.totals.business_day,
        z_number=day.last_z_number + 1,
        totals=day.totals,
        by=StaffId(context.staff_id),
        closed_at_ms=context.now_ms,
    )
    return [
        *(ItemRestored(item_id=ItemId(id), name=name) for id, name in day.sold_out),
        *([DraftsResumed(by=StaffId(context.staff_id))] if day.are_drafts_paused else []),
        closed,
    ]


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
