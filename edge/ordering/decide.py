"""The rules of checks and their lines."""

from collections.abc import Iterable

import msgspec

from edge.ordering.changes import merged, repriced
from edge.ordering.state import (
    MAX_CHECK_LINES,
    Adding,
    AddingOpenItem,
    Bill,
    Changing,
    Check,
    Confirming,
    Covering,
    Draft,
    Given,
    Line,
    Moving,
    Opening,
    Place,
    Pricing,
)
from shared.commands.guests import CLAIM_LIFE_MS
from shared.commands.lines import LineAsk
from shared.commands.ordering import (
    AddLines,
    AddOpenItem,
    ChangeLine,
    ConfirmDraft,
    MoveCheck,
    OpenCheck,
    PrintGuestCheck,
    SetCovers,
)
from shared.context import Context
from shared.errors import Rejected
from shared.ids import CheckId, ItemId, LineId, StaffId, StationId, TableId, VisitId
from shared.lines import OrderedLine
from shared.ops import Op
from shared.ops.guests import DraftConfirmed, VisitMoved, VisitOpened, VisitSeated
from shared.ops.kitchen import CourseReady, TicketMoved
from shared.ops.ordering import (
    CheckMoved,
    CheckOpened,
    CoversSet,
    GuestCheckPrinted,
    LineChanged,
    LinesAdded,
)
from shared.rules.adjustments import refit
from shared.rules.closing import standing
from shared.rules.numbers import Numbering
from shared.rules.pricing import ask_of, price_line
from shared.text import one_line

#: Whoever may run a table for somebody else: the section's waiter gets what they open.
_RUN_FOR_OTHERS = frozenset({"manager", "cashier"})


def open_check(command: OpenCheck, state: Opening, context: Context) -> list[Op]:
    """An account for a party. At a table it belongs to the visit there, opened when there is none.

    A second check on a table has no visit: the phones belong to the first.

    Raises:
        Rejected: `check_exists`, `table_unknown`; `malformed` for a tab with no name; `needs_manager` without
            `take_orders`.
    """
    context.require("take_orders")
    if state.is_known:
        raise Rejected("check_exists")
    if command.kind == "tab" and not one_line(command.name):
        raise Rejected("malformed", where="name", why="a tab is known by its name")
    if command.kind != "table":
        return [_opened(command, state.numbering, None, VisitId(""), context)]
    place = state.place
    if place is None:
        raise Rejected("table_unknown")
    return _open_at_table(command, state.numbering, place, context)


def set_covers(command: SetCovers, state: Covering, context: Context) -> list[Op]:
    """Another number of guests; the cover charge follows.

    Raises:
        Rejected: `check_unknown`, `check_closed`; `amount_invalid` when less than what is paid would be left;
            `needs_manager` for fewer once the bill was printed.
    """
    context.require("take_orders")
    check = standing(state.check)
    if command.covers == check.covers:
        return []
    if command.covers < check.covers and check.cover_charge_each_minor and check.guest_check_at_ms:
        context.require("void_sent")
    delta_minor = (command.covers - check.covers) * check.cover_charge_each_minor
    seated = msgspec.structs.replace(check, covers=command.covers)
    after = refit(seated, state.given.adjustments, state.given.lines, context)
    check.keep_paid(-delta_minor - after.delta_minor)
    covers = CoversSet(check_id=check.check_id, covers=command.covers, charge_delta_minor=delta_minor)
    return [covers, *after.ops]


def add_lines(command: AddLines, state: Adding, context: Context) -> list[Op]:
    """Lines on a check, priced as the menu says now and held from the kitchen.

    Raises:
        Rejected: `check_unknown`, `check_closed`, `line_exists`, `draft_empty`, `too_many_lines`, `menu_missing`, and
            what pricing refuses.
    """
    context.require("take_orders")
    check = standing(state.check)
    if not command.lines:
        raise Rejected("draft_empty")
    _check_room(state.line_ids, [ask.line_id for ask in command.lines])
    return _added(check, _priced(command.lines, state.pricing), state.given, context)


def add_open_item(command: AddOpenItem, state: AddingOpenItem, context: Context) -> list[Op]:
    """A line with a typed name and price.

    Raises:
        Rejected: `check_unknown`, `check_closed`, `line_exists`, `too_many_lines`, `station_unknown`; `malformed` for
            a name of nothing but spaces; `needs_manager` without `open_item`.
    """
    context.require("take_orders")
    check = standing(state.check)
    ask = command.line
    _check_room(state.line_ids, [ask.line_id])
    if not state.is_station_known:
        raise Rejected("station_unknown")
    context.require("open_item")
    name = one_line(ask.name)
    if not name:
        raise Rejected("malformed", where="name", why="it has no letters")
    line = OrderedLine(
        line_id=LineId(ask.line_id),
        item_id=ItemId(""),
        name=name,
        quantity=ask.quantity,
        unit_minor=ask.unit_minor,
        gross_minor=ask.unit_minor * ask.quantity,
        vat_bp=ask.vat_bp,
        course=ask.course,
        station_id=StationId(ask.station_id),
        note=one_line(ask.note),
    )
    return _added(check, (line,), state.given, context)


def change_line(command: ChangeLine, state: Changing, context: Context) -> list[Op]:
    """A held line as it should be: what its sender changed, on top of what others did. Its price stands while the dish does.

    What ran out meanwhile may be kept or lessened, not increased. What was given for it follows it to a smaller quantity
    and goes with the dish or a price that rises.

    Raises:
        Rejected: `check_unknown`, `check_closed`, `line_unknown`, `line_sent`, `line_void`, `line_changed`; `needs_manager`
            for what costs less, or is another dish, once it stood on a bill; what pricing refuses.
    """
    context.require("take_orders")
    check = standing(state.check)
    held = _held(state.line)
    before = held.line
    line = repriced(before, merged(held, command.line, command.seen), state.pricing)
    if line == before:
        return []
    delta_minor = line.gross_minor - before.gross_minor
    if check.is_on_bill(held.added_at_ms) and (delta_minor < 0 or line.item_id != before.item_id):
        context.require("void_sent")
    is_another = (line.item_id, line.variant_id) != (before.item_id, before.variant_id)
    after = refit(
        check,
        state.given.adjustments,
        [line if one.line_id == line.line_id else one for one in state.given.lines],
        context,
        changed_line=line.line_id if is_another or line.unit_minor > before.unit_minor else "",
    )
    check.keep_paid(-delta_minor - after.delta_minor)
    return [LineChanged(check_id=check.check_id, line=line, delta_minor=delta_minor), *after.ops]


def move_check(command: MoveCheck, state: Moving, context: Context) -> list[Op]:
    """The party sits elsewhere: its phones, its open tickets and what waits on the pass follow it.

    Raises:
        Rejected: `check_unknown`, `check_closed`, `table_unknown`; `needs_manager` without `move_checks`.
    """
    context.require("move_checks")
    check = standing(state.check)
    place = state.place
    if place is None:
        raise Rejected("table_unknown")
    if place.table_id == check.table_id:
        return []
    ops: list[Op] = [
        CheckMoved(
            check_id=check.check_id,
            from_table_id=check.table_id,
            table_id=place.table_id,
            table_label=place.label,
        )
    ]
    if state.is_visits:
        ops.append(VisitMoved(visit_id=check.visit_id, table_id=place.table_id, from_table_id=check.table_id))
    ops += [TicketMoved(ticket_id=id, table_id=place.table_id, table_label=place.label) for id in state.ticket_ids]
    ops += [
        CourseReady(
            check_id=check.check_id,
            course=waiting.course,
            table_id=place.table_id,
            table_label=place.label,
            waiter_id=check.waiter_id,
            dishes=waiting.dishes,
            ready_at_ms=waiting.ready_at_ms,
        )
        for waiting in state.on_pass
    ]
    return ops


def confirm_draft(command: ConfirmDraft, state: Confirming, context: Context) -> list[Op]:
    """A draft becomes lines on a check, held from the kitchen: the only way from a guest's wish to a ticket.

    A draft taken as it is refuses when a price changed since; the waiter then sees the new one and edits. An allergy
    that the guest named for the whole draft goes onto each line.

    Raises:
        Rejected: `draft_unknown`, `draft_settled`, `draft_claimed`, `visit_over`, `draft_empty`; `check_unknown` for
            another party's check, `check_closed`; `table_busy` when a new check is named and the visit has one;
            what pricing refuses; `needs_manager` without `confirm_drafts`.
    """
    context.require("confirm_drafts")
    draft = _confirmable(state.draft, context)
    opened, check, check_id, table_id = _check_for(command, draft, state, context)
    asks = command.lines
    if asks is None:
        asks = tuple(msgspec.structs.replace(ask_of(line), shown_minor=line.unit_minor) for line in draft.lines)
    if not asks:
        raise Rejected("draft_empty")
    _check_room(frozenset(), [ask.line_id for ask in asks], others=len(state.adding.line_ids))
    lines = _priced(asks, state.adding.pricing, draft_id=draft.draft_id)
    edits = _edits(draft.lines, lines)
    lines = tuple(_settled(line, draft, state.adding.line_ids, context) for line in lines)
    confirmed = DraftConfirmed(
        draft_id=draft.draft_id,
        visit_id=draft.visit_id,
        check_id=check_id,
        table_id=table_id,
        lines=lines,
        edits=edits,
    )
    if check is None:
        return [*opened, confirmed, _lines_added(check_id, lines, context)]
    return [confirmed, *_added(check, lines, state.adding.given, context)]


def print_guest_check(command: PrintGuestCheck, state: Bill, context: Context) -> list[Op]:
    """The bill before paying, as the check stands.

    Raises:
        Rejected: `check_unknown`, `check_closed`, `check_empty`.
    """
    context.require("take_orders")
    check = standing(state.check)
    if not state.lines:
        raise Rejected("check_empty")
    return [
        GuestCheckPrinted(
            check_id=check.check_id,
            number=check.number,
            table_label=check.table_label,
            waiter_id=check.waiter_id,
            covers=check.covers,
            cover_charge_minor=check.cover_charge_minor,
            lines=state.lines,
            total_minor=check.total_minor,
            paid_minor=check.paid_minor,
            printed_at_ms=context.now_ms,
            copy=check.guest_check_copies,
            adjustments=tuple(one for one in state.adjustments if one.amount_minor),
        )
    ]


def _open_at_table(command: OpenCheck, number: Numbering, place: Place, context: Context) -> list[Op]:
    if place.visit_check_id:
        return [_opened(command, number, place, VisitId(""), context)]
    visit_id = place.visit_id or VisitId(context.fresh_id())
    began = [] if place.visit_id else [VisitOpened(visit_id=visit_id, table_id=place.table_id)]
    check = _opened(command, number, place, visit_id, context)
    seated = VisitSeated(visit_id=visit_id, check_id=check.check_id, table_id=place.table_id)
    return [*began, check, seated]


def _opened(
    command: OpenCheck, number: Numbering, place: Place | None, visit_id: VisitId, context: Context
) -> CheckOpened:
    check = CheckOpened(
        check_id=CheckId(command.check_id),
        number=number.next,
        business_day=context.business_day,
        opened_at_ms=context.now_ms,
        kind=command.kind,
        name=one_line(command.name),
        waiter_id=StaffId(context.staff_id),
        covers=command.covers,
        period=context.period,
        numbered_day=number.day if number.day != context.business_day else "",
    )
    if place is None:
        return check
    serves_other = context.staff_role in _RUN_FOR_OTHERS or not context.staff_id
    return msgspec.structs.replace(
        check,
        table_id=place.table_id,
        table_label=place.label,
        waiter_id=(place.section_waiter_id if serves_other else StaffId("")) or check.waiter_id,
        cover_charge_minor=context.venue.cover_charge_minor,
        cover_charge_vat_bp=context.venue.cover_charge_vat_bp,
        visit_id=visit_id,
    )


def _held(line: Line | None) -> Line:
    if line is None:
        raise Rejected("line_unknown")
    if line.state != "held":
        raise Rejected("line_void" if line.state == "void" else "line_sent")
    return line


def _check_room(known: frozenset[str], line_ids: list[str], *, others: int = 0) -> None:
    if len(set(line_ids)) < len(line_ids) or not known.isdisjoint(line_ids):
        raise Rejected("line_exists")
    if len(known) + others + len(line_ids) > MAX_CHECK_LINES:
        raise Rejected("too_many_lines", max=MAX_CHECK_LINES)


def _priced(asks: Iterable[LineAsk], pricing: Pricing, *, draft_id: str = "") -> tuple[OrderedLine, ...]:
    book = pricing.menu()
    return tuple(price_line(book, ask, sold_out=pricing.sold_out, draft_id=draft_id) for ask in asks)


def _added(check: Check, lines: tuple[OrderedLine, ...], before: Given, context: Context) -> list[Op]:
    """The lines, and what they make of the check's adjustments."""
    after = refit(check, before.adjustments, (*before.lines, *lines), context)
    check.keep_paid(-sum(line.gross_minor for line in lines) - after.delta_minor)
    return [_lines_added(check.check_id, lines, context), *after.ops]


def _lines_added(check_id: CheckId, lines: tuple[OrderedLine, ...], context: Context) -> LinesAdded:
    return LinesAdded(check_id=check_id, lines=lines, added_at_ms=context.now_ms, by=StaffId(context.staff_id))


def _confirmable(draft: Draft | None, context: Context) -> Draft:
    if draft is None:
        raise Rejected("draft_unknown")
    if draft.state not in {"submitted", "claimed"}:
        raise Rejected("draft_settled", state=draft.state, by=draft.claimed_by_name)
    is_fresh = abs(context.now_ms - draft.claimed_at_ms) <= CLAIM_LIFE_MS  # a clock may be set back
    if draft.state == "claimed" and draft.claimed_by != context.staff_id and is_fresh:
        raise Rejected("draft_claimed", by=draft.claimed_by_name, since_ms=draft.claimed_at_ms)
    if not draft.is_visit_open:
        raise Rejected("visit_over")
    return draft


def _check_for(
    command: ConfirmDraft, draft: Draft, state: Confirming, context: Context
) -> tuple[list[Op], Check | None, CheckId, TableId]:
    """What opens the check when it is new, else the check; its id and table."""
    place = state.opening.place
    check = state.adding.check
    if place is None:
        raise Rejected("table_unknown")
    if check is None:
        if place.visit_check_id:
            raise Rejected("table_busy")
        opening = OpenCheck(check_id=command.check_id, table_id=place.table_id, covers=command.covers)
        ops = _open_at_table(opening, state.opening.numbering, place, context)
        return ops, None, CheckId(command.check_id), place.table_id
    check = standing(check)
    if check.visit_id != draft.visit_id and check.table_id != place.table_id:
        raise Rejected("check_unknown")
    return [], check, check.check_id, place.table_id


def _settled(line: OrderedLine, draft: Draft, taken: frozenset[str], context: Context) -> OrderedLine:
    """The line with the draft's allergies, under an id that is free on the check: phones choose theirs themselves."""
    allergies = tuple(dict.fromkeys((*line.allergies, *draft.allergies)))
    line_id = LineId(context.fresh_id()) if line.line_id in taken else line.line_id
    return msgspec.structs.replace(line, allergies=allergies, line_id=line_id)


def _edits(asked: tuple[OrderedLine, ...], confirmed: tuple[OrderedLine, ...]) -> tuple[tuple[str, str], ...]:
    """What differs from what the guest asked, in the guest's names."""
    now = {line.line_id: line for line in confirmed}
    edits: list[tuple[str, str]] = []
    for line in asked:
        other = now.pop(line.line_id, None)
        if other is None:
            edits.append(("removed", line.name))
        elif _wish(other) != _wish(line):
            edits.append(("changed", line.name))
        elif other.quantity != line.quantity:
            edits.append(("quantity", line.name))
    return (*edits, *(("added", line.name) for line in now.values()))


def _wish(line: OrderedLine) -> tuple[object, ...]:
    modifiers = frozenset((chosen.group_id, chosen.modifier_id) for chosen in line.modifiers)
    return line.item_id, line.variant_id, modifiers, line.note, line.unit_minor
