"""What an adjustment comes to, on what, and what becomes of it when that changes. Pure.

Adjustments of a line come first, then those of the whole check, each group in the order they were given: ten per cent
off the check is of what its lines cost after their own. So what stands on a check and what was asked say every amount,
whatever happened in between.
"""

from collections.abc import Mapping, Sequence

import msgspec

from shared.adjustments import COVER_CHARGE, AdjustedPart, Adjustment
from shared.context import Context
from shared.errors import Rejected
from shared.ids import CheckId, LineId, StaffId
from shared.lines import OrderedLine
from shared.money import divide_half_up, share_bp, split_by_weight
from shared.ops import Op
from shared.ops.adjustments import Adjusted, AdjustmentChanged, AdjustmentRemoved
from shared.rules.closing import OwedCheck

#: More adjustments than any check has; a bound, not a rule of the trade.
MAX_ADJUSTMENTS = 50


class Charge(msgspec.Struct, frozen=True, kw_only=True):
    """Something on a check that costs: a line, or its cover charge."""

    line_id: LineId
    quantity: int
    vat_bp: int
    gross_minor: int


class Refitted(msgspec.Struct, frozen=True, kw_only=True):
    """A check's adjustments after a change: what happened to them, how they are now, what the total gained."""

    ops: list[Op]
    adjustments: tuple[Adjustment, ...]
    delta_minor: int


def charges_of(check: OwedCheck, lines: Sequence[OrderedLine]) -> tuple[Charge, ...]:
    """What may be adjusted of a check: its lines, and its cover charge if there is one."""
    charges = [
        Charge(line_id=line.line_id, quantity=line.quantity, vat_bp=line.vat_bp, gross_minor=line.gross_minor)
        for line in lines
    ]
    cover_charge_minor = check.covers * check.cover_charge_each_minor
    if cover_charge_minor:
        charges.append(
            Charge(
                line_id=COVER_CHARGE,
                quantity=check.covers,
                vat_bp=check.cover_charge_vat_bp,
                gross_minor=cover_charge_minor,
            )
        )
    return tuple(charges)


def fitted(adjustments: Sequence[Adjustment], charges: Sequence[Charge]) -> tuple[Adjustment, ...]:
    """The adjustments with what they come to on these charges, in their order. Those left with nothing are absent."""
    known = {charge.line_id: charge for charge in charges}
    left = {charge.line_id: charge.gross_minor for charge in charges}
    fits: dict[str, Adjustment] = {}
    for one in sorted(adjustments, key=lambda one: not one.line_id):
        if one.follows:
            scope = [(charge, charge.quantity) for charge in charges]
        else:
            scope = [(known[part.line_id], part.quantity) for part in one.parts if part.line_id in known]
        if scope:
            fit = fits[one.adjustment_id] = _fit(one, scope, left)
            for part in fit.parts:
                left[part.line_id] += part.amount_minor
    return tuple(fits[one.adjustment_id] for one in adjustments if one.adjustment_id in fits)


def given(
    check_id: CheckId, asked: Adjustment, adjustments: Sequence[Adjustment], charges: Sequence[Charge], context: Context
) -> Refitted:
    """A new adjustment beside a check's others. `asked` says what it is for in parts without amounts.

    Raises:
        Rejected: `too_many_adjustments`; `adjustment_empty` when it would change nothing; `adjustment_too_much` for
            an amount that is more than what is left.
    """
    if len(adjustments) >= MAX_ADJUSTMENTS:
        raise Rejected("too_many_adjustments", max=MAX_ADJUSTMENTS)
    after = fitted([*adjustments, asked], charges)
    one = next(one for one in after if one.adjustment_id == asked.adjustment_id)
    if one.amount_minor == 0:
        raise Rejected("adjustment_empty")
    if asked.asked_minor and one.amount_minor != asked.asked_minor:
        raise Rejected("adjustment_too_much", max_minor=-one.amount_minor)
    began = Adjusted(check_id=check_id, adjustment=one, period=context.period)
    return _refitted([began], check_id, adjustments, after, context)


def taken_back(
    removed: Adjustment,
    adjustments: Sequence[Adjustment],
    check: OwedCheck,
    lines: Sequence[OrderedLine],
    context: Context,
    *,
    permission: str,
) -> Refitted:
    """A check's adjustments without one of them: the others are of what they would be without it."""
    kept = [one for one in adjustments if one.adjustment_id != removed.adjustment_id]
    approved_by = "" if permission in context.permissions else context.approved_by
    over = _removed(check.check_id, removed, "taken_back", context, approved_by=approved_by)
    return _refitted([over], check.check_id, adjustments, fitted(kept, charges_of(check, lines)), context)


def refit(
    check: OwedCheck,
    adjustments: Sequence[Adjustment],
    lines: Sequence[OrderedLine],
    context: Context,
    *,
    changed_line: str = "",
) -> Refitted:
    """What becomes of a check's adjustments when its lines or covers are as given now.

    `changed_line` names a line that is another dish than before, or a dearer one: what was given for it goes.
    """
    if not adjustments:
        return Refitted(ops=[], adjustments=(), delta_minor=0)
    kept = [_without(one, changed_line) for one in adjustments] if changed_line else adjustments
    after = fitted(kept, charges_of(check, lines))
    remain = {one.adjustment_id for one in after}
    over: list[Op] = []
    for one in adjustments:
        if one.adjustment_id not in remain:
            is_changed = changed_line and any(part.line_id == changed_line for part in one.parts)
            over.append(_removed(check.check_id, one, "line_changed" if is_changed else "nothing_left", context))
    return _refitted(over, check.check_id, adjustments, after, context)


def _refitted(
    ops: list[Op], check_id: CheckId, before: Sequence[Adjustment], after: tuple[Adjustment, ...], context: Context
) -> Refitted:
    were = {one.adjustment_id: one for one in before}
    changes = [
        _changed(check_id, were[one.adjustment_id], one, context)
        for one in after
        if one.adjustment_id in were and were[one.adjustment_id] != one
    ]
    delta_minor = sum(one.amount_minor for one in after) - sum(one.amount_minor for one in before)
    return Refitted(ops=[*ops, *changes], adjustments=after, delta_minor=delta_minor)


def _fit(one: Adjustment, scope: Sequence[tuple[Charge, int]], left: Mapping[LineId, int]) -> Adjustment:
    """The adjustment on the charges it is for, each with how many of it at most; of what others left of them."""
    costs = [_share_of(left[charge.line_id], charge, most) for charge, most in scope]
    cost_minor = sum(costs)
    asked_minor = share_bp(cost_minor, one.rate_bp) if one.rate_bp else one.asked_minor
    if one.line_id and one.asked_minor:
        ((charge, most),) = scope
        asked_minor = divide_half_up(one.asked_minor * min(charge.quantity, most), most)
    amount_minor = max(asked_minor, -cost_minor)
    amounts = _split(amount_minor, costs, scope)
    parts = [
        AdjustedPart(line_id=charge.line_id, quantity=most, vat_bp=charge.vat_bp, amount_minor=amount)
        for (charge, most), amount in zip(scope, amounts, strict=True)
        if amount or not one.follows  # what it was given for says what it may still be of
    ]
    return msgspec.structs.replace(one, amount_minor=amount_minor, parts=tuple(parts))


def _share_of(left_minor: int, charge: Charge, most: int) -> int:
    return left_minor if most >= charge.quantity else divide_half_up(left_minor * most, charge.quantity)


def _split(amount_minor: int, costs: Sequence[int], scope: Sequence[tuple[Charge, int]]) -> list[int]:
    """By what each costs; what is put on top of nothing, by what it cost before, or by how many there are.

    Rates first, then what is at each: so the VAT is the same however equal dishes stand on lines.
    """
    if not amount_minor:
        return [0] * len(costs)
    charges = [charge for charge, _ in scope]
    tries = (costs, [charge.gross_minor for charge in charges], [charge.quantity for charge in charges])
    weights = next(found for found in tries if any(found))
    at_rate: dict[int, list[int]] = {}
    for place, charge in enumerate(charges):
        at_rate.setdefault(charge.vat_bp, []).append(place)
    rates = sorted(at_rate)
    of_rates = split_by_weight(abs(amount_minor), [sum(weights[place] for place in at_rate[rate]) for rate in rates])
    parts = [0] * len(costs)
    for rate, of_rate in zip(rates, of_rates, strict=True):
        places = at_rate[rate]
        if of_rate:
            for place, part in zip(places, split_by_weight(of_rate, [weights[one] for one in places]), strict=True):
                parts[place] = part if amount_minor > 0 else -part
    return parts


def _without(one: Adjustment, line_id: str) -> Adjustment:
    if one.follows:
        return one
    return msgspec.structs.replace(one, parts=tuple(part for part in one.parts if part.line_id != line_id))


def _changed(check_id: CheckId, before: Adjustment, after: Adjustment, context: Context) -> AdjustmentChanged:
    return AdjustmentChanged(
        check_id=check_id,
        adjustment_id=after.adjustment_id,
        amount_minor=after.amount_minor,
        delta_minor=after.amount_minor - before.amount_minor,
        parts=after.parts,
        period=context.period,
    )


def _removed(
    check_id: CheckId, one: Adjustment, cause: str, context: Context, *, approved_by: str = ""
) -> AdjustmentRemoved:
    return AdjustmentRemoved(
        check_id=check_id,
        adjustment_id=one.adjustment_id,
        kind=one.kind,
        amount_minor=one.amount_minor,
        cause=cause,
        by=StaffId(context.staff_id),
        approved_by=StaffId(approved_by),
        removed_at_ms=context.now_ms,
        period=context.period,
    )
