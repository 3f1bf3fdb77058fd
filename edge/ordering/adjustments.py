"""The rules of what is given, taken off and put on top; and what other changes of a check do to that. Pure."""

from collections.abc import Sequence

import msgspec

from edge.ordering.state import Adjusting, Check, Line, Removing
from shared.adjustments import AdjustedPart, Adjustment
from shared.commands.ordering import AdjustCheck, AdjustLine, RemoveAdjustment
from shared.context import Context
from shared.errors import Rejected
from shared.ids import AdjustmentId, LineId, StaffId
from shared.lines import OrderedLine
from shared.money import BASIS
from shared.ops import Op
from shared.rules.adjustments import Charge, Refitted, charges_of, given, taken_back
from shared.rules.closing import closed, standing
from shared.text import one_line

#: What lowers a price; the rest raises it.
_TAKES_OFF = frozenset({"discount", "comp"})
#: What the house puts on every check of a kind needs no reason.
_WITHOUT_REASON = frozenset({"service"})


def adjust_check(command: AdjustCheck, state: Adjusting, context: Context) -> list[Op]:
    """A discount, comp, surcharge or service charge on the whole check, its cover charge among it.

    Raises:
        Rejected: `check_unknown`, `check_closed`, `adjustment_exists`, `check_empty`, `adjustment_invalid`,
            `adjustment_empty`, `adjustment_too_much`, `too_many_adjustments`, `reason_missing`; `amount_invalid` when
            less than what is paid would be left, or just that with something still to send or fire; `needs_manager`
            without `discount`, or `comp` for a comp.
    """
    check = _adjustable(state)
    charges = charges_of(check, _lines(state.lines))
    if not charges:
        raise Rejected("check_empty")
    asked = _asked(command, [_part(charge, charge.quantity) for charge in charges], context)
    return _adjusted(check, asked, state, context)


def adjust_line(command: AdjustLine, state: Adjusting, context: Context) -> list[Op]:
    """A discount, comp or surcharge on one line, or on some of its quantity.

    Raises:
        Rejected: `check_unknown`, `check_closed`, `adjustment_exists`, `line_unknown`, `line_void`,
            `quantity_invalid`; the rest as for a whole check.
    """
    check = _adjustable(state)
    found = state.line
    if found is None:
        raise Rejected("line_unknown")
    if found.state == "void":
        raise Rejected("line_void")
    if command.quantity > found.line.quantity:
        raise Rejected("quantity_invalid", max=found.line.quantity)
    (charge,) = (one for one in charges_of(check, _lines(state.lines)) if one.line_id == command.line_id)
    asked = _asked(command, [_part(charge, command.quantity or charge.quantity)], context)
    return _adjusted(check, msgspec.structs.replace(asked, line_id=LineId(command.line_id)), state, context)


def remove_adjustment(command: RemoveAdjustment, state: Removing, context: Context) -> list[Op]:
    """An adjustment is taken back; it needs what giving it did.

    Raises:
        Rejected: `check_unknown`, `check_closed`, `adjustment_unknown`; `amount_invalid` when less than what is paid
            would be left, or just that with something still to send or fire; `needs_manager` without `discount`, or
            `comp` for a comp.
    """
    check = standing(state.check)
    one = next((one for one in state.adjustments if one.adjustment_id == command.adjustment_id), None)
    if one is None:
        raise Rejected("adjustment_unknown")
    permission = permission_of(one.kind)
    context.require(permission)
    after = taken_back(one, state.adjustments, check, _lines(state.lines), context, permission=permission)
    return _with(check, after, state.lines, context)


def permission_of(kind: str) -> str:
    """What a person must hold to give an adjustment of this kind, or to take it back."""
    return "comp" if kind == "comp" else "discount"


def settled(
    check: Check, total_minor: int, lines: Sequence[Line], adjustments: Sequence[Adjustment], context: Context
) -> list[Op]:
    """What closes a check that something came off of, when just what was paid is left; nothing while more is owed.

    Raises:
        Rejected: `amount_invalid` when less is left, or just that with something still to send or fire.
    """
    if not check.paid_minor or total_minor > check.paid_minor:
        return []
    if total_minor < check.paid_minor or any(not line.fired_at_ms for line in lines):
        raise Rejected("amount_invalid", balance_minor=check.balance_minor)
    return closed(msgspec.structs.replace(check, total_minor=total_minor), _lines(lines), adjustments, context)


def _adjustable(state: Adjusting) -> Check:
    check = standing(state.check)
    if state.is_known:
        raise Rejected("adjustment_exists")
    return check


def _asked(command: AdjustCheck | AdjustLine, parts: list[AdjustedPart], context: Context) -> Adjustment:
    """The adjustment as asked, its amount and parts not worked out yet."""
    is_comp = command.kind == "comp"
    if (command.rate_bp > 0) + (command.amount_minor > 0) != (0 if is_comp else 1):
        raise Rejected("adjustment_invalid")
    reason = one_line(command.reason)
    if not reason and command.kind not in _WITHOUT_REASON:
        raise Rejected("reason_missing")
    permission = permission_of(command.kind)
    context.require(permission)
    sign = -1 if command.kind in _TAKES_OFF else 1
    return Adjustment(
        adjustment_id=AdjustmentId(command.adjustment_id),
        kind=command.kind,
        rate_bp=sign * (BASIS if is_comp else command.rate_bp),
        asked_minor=sign * command.amount_minor,
        amount_minor=0,
        reason=reason,
        by=StaffId(context.staff_id),
        approved_by=StaffId("" if permission in context.permissions else context.approved_by),
        given_at_ms=context.now_ms,
        parts=tuple(parts),
    )


def _with(check: Check, after: Refitted, lines: Sequence[Line], context: Context) -> list[Op]:
    total_minor = check.total_minor + after.delta_minor
    return [*after.ops, *settled(check, total_minor, lines, after.adjustments, context)]


def _part(charge: Charge, quantity: int) -> AdjustedPart:
    return AdjustedPart(line_id=charge.line_id, quantity=quantity, vat_bp=charge.vat_bp, amount_minor=0)


def _adjusted(check: Check, asked: Adjustment, state: Adjusting, context: Context) -> list[Op]:
    after = given(check.check_id, asked, state.adjustments, charges_of(check, _lines(state.lines)), context)
    return _with(check, after, state.lines, context)


def _lines(lines: Sequence[Line]) -> list[OrderedLine]:
    return [line.line for line in lines]
