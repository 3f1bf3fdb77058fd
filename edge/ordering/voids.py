"""The rules of what comes off: a line, part of one, and a check that has nothing left on it. Pure."""

from collections.abc import Sequence

import msgspec

from edge.ordering.adjustments import settled
from edge.ordering.state import FREE_VOID_MS, Check, Leaving, Line, Voiding
from shared.commands.ordering import AbandonCheck, VoidLine
from shared.context import Context
from shared.errors import Rejected
from shared.ids import StaffId
from shared.lines import OrderedLine
from shared.ops import Op
from shared.ops.guests import VisitClosed
from shared.ops.kitchen import TicketLineVoided
from shared.ops.ordering import CheckAbandoned, LineVoided
from shared.reasons import SLIP
from shared.rules.adjustments import refit
from shared.rules.closing import standing
from shared.text import one_line


def void_line(command: VoidLine, state: Voiding, context: Context) -> list[Op]:
    """A line, or part of it, comes off; stations that have it are told. When all that stays was paid, the check closes.

    What was given for it shrinks with it, or goes.

    Its sender may take back what was sent less than 20 s ago and is not done.

    Raises:
        Rejected: `check_unknown`, `check_closed`, `line_unknown`, `line_void`, `quantity_invalid`; `reason_missing`
            and `needs_manager` once it was sent, or stood on a bill; `amount_invalid` when less than what is paid would be left, or just
            that with something still to send or fire.
    """
    check = standing(state.check)
    found = state.line
    if found is None:
        raise Rejected("line_unknown")
    if found.state == "void":
        raise Rejected("line_void")
    quantity = command.quantity or found.line.quantity
    if quantity > found.line.quantity:
        raise Rejected("quantity_invalid", max=found.line.quantity)
    reason = _reason(one_line(command.reason), found, check, context)
    voided = _voided(check, found, quantity, reason, context)
    told = [
        TicketLineVoided(
            ticket_id=ticket.ticket_id,
            line_id=voided.line_id,
            station_id=ticket.station_id,
            name=ticket.name,
            quantity=quantity,
            remaining=voided.remaining,
            reason=reason,
            changed_at_ms=context.now_ms,
        )
        for ticket in state.tickets
    ]
    left = _left(state.standing, voided)
    after = refit(check, state.adjustments, [line.line for line in left], context)
    total_minor = check.total_minor - voided.gross_minor + after.delta_minor
    return [voided, *after.ops, *told, *settled(check, total_minor, left, after.adjustments, context)]


def abandon_check(command: AbandonCheck, state: Leaving, context: Context) -> list[Op]:
    """The party left owing nothing, or the check was opened by mistake: its table is free, its phones are let go.

    A cover charge falls with it.

    Raises:
        Rejected: `check_unknown`, `check_closed`; `unsent_lines` while lines are held; `balance_left` while sent ones
            stand or something was paid.
    """
    context.require("take_orders")
    check = standing(state.check)
    if state.held:
        raise Rejected("unsent_lines", count=state.held)
    if state.standing or check.paid_minor:
        raise Rejected("balance_left", balance_minor=check.balance_minor)
    abandoned = CheckAbandoned(check_id=check.check_id, by=StaffId(context.staff_id), abandoned_at_ms=context.now_ms)
    if not check.visit_id:
        return [abandoned]
    return [abandoned, VisitClosed(visit_id=check.visit_id, table_id=check.table_id, reason="abandoned")]


def _reason(reason: str, line: Line, check: Check, context: Context) -> str:
    if check.is_on_bill(line.added_at_ms):
        if not reason:
            raise Rejected("reason_missing")
        context.require("void_sent")
        return reason
    if line.state == "held":
        context.require("void_unsent")
        return reason
    is_slip = abs(context.now_ms - line.sent_at_ms) <= FREE_VOID_MS and not line.ready_at_ms
    if is_slip and context.staff_id and line.sent_by == context.staff_id and context.may("void_unsent"):
        return reason or SLIP
    if not reason:
        raise Rejected("reason_missing")
    context.require("void_sent")
    return reason


def _voided(check: Check, found: Line, quantity: int, reason: str, context: Context) -> LineVoided:
    line = found.line
    is_sent = found.state == "sent"
    permission = "void_sent" if is_sent or check.is_on_bill(found.added_at_ms) else "void_unsent"
    return LineVoided(
        check_id=check.check_id,
        line_id=line.line_id,
        name=line.name,
        quantity=quantity,
        remaining=line.quantity - quantity,
        gross_minor=quantity * line.unit_minor,
        was_sent=is_sent,
        reason=reason,
        by=StaffId(context.staff_id),
        approved_by=StaffId("" if permission in context.permissions else context.approved_by),
        voided_at_ms=context.now_ms,
        course=line.course if is_sent else 0,
        period=context.period,
    )


def _left(lines: Sequence[Line], voided: LineVoided) -> Sequence[Line]:
    """The lines that stand after the void."""
    left = []
    for line in lines:
        if line.line.line_id != voided.line_id:
            left.append(line)
        elif voided.remaining:
            left.append(msgspec.structs.replace(line, line=_less(line.line, voided.remaining)))
    return left


def _less(line: OrderedLine, quantity: int) -> OrderedLine:
    return msgspec.structs.replace(line, quantity=quantity, gross_minor=quantity * line.unit_minor)
