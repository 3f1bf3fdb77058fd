"""The rules of the kitchen."""

import msgspec

from edge.kitchen.routing import fired_courses, tickets_of
from edge.kitchen.state import AtWork, OnPass, Sending, StationSetUp, Ticket
from shared.commands.kitchen import (
    RECALL_MS,
    AnswerPassCall,
    BumpLine,
    BumpTicket,
    CallToPass,
    ChangeStation,
    ConfigureStation,
    FireCourse,
    PickUpCourse,
    RecallTicket,
    SeeTicketChange,
    SendLines,
    ShowTickets,
    TakeFault,
)
from shared.context import Context
from shared.errors import Rejected
from shared.ids import CheckId, DeviceId, LineId, PrinterId, StaffId, StationId, TicketId
from shared.lines import OrderedLine
from shared.ops import Op
from shared.ops.kitchen import (
    CourseFired,
    CoursePickedUp,
    CourseReady,
    CourseUnready,
    FaultTaken,
    LinesSent,
    PassCallAnswered,
    SentLine,
    StationConfigured,
    TicketBumped,
    TicketChangeSeen,
    TicketLineBumped,
    TicketRecalled,
    TicketsShown,
    WaiterCalledToPass,
)
from shared.rules.closing import standing
from shared.rules.revisions import check_revision, merged


def configure_station(command: ConfigureStation, state: StationSetUp, context: Context) -> list[Op]:
    """A place where tickets are made, whole.

    Raises:
        Rejected: as of `change_station`, but for `station_unknown`: one that nobody knows is a new one.
    """
    context.require("manage_printers")
    check_revision(command.if_rev, state.revision)
    wanted = StationConfigured(
        station_id=StationId(command.station_id),
        name=command.name,
        position=command.position,
        warn_after_s=command.warn_after_s,
        late_after_s=command.late_after_s,
        printer_id=PrinterId(command.printer_id),
        backup_printer_id=PrinterId(command.backup_printer_id),
        is_paper_only=command.is_paper_only,
    )
    return [_seen_somewhere(wanted)]


def change_station(command: ChangeStation, state: StationSetUp, context: Context) -> list[Op]:
    """Some settings of a station, merged onto what it is now.

    Raises:
        Rejected: `station_unknown`; `changed_meanwhile`; `printer_unknown` for a station with neither screen nor
            printer; `needs_manager` without `manage_printers`.
    """
    context.require("manage_printers")
    if state.station is None:
        raise Rejected("station_unknown")
    check_revision(command.if_rev, state.revision)
    return [_seen_somewhere(merged(state.station, command))]


def _seen_somewhere(wanted: StationConfigured) -> StationConfigured:
    if wanted.is_paper_only and not wanted.printer_id:
        raise Rejected("printer_unknown", path="printer_id")
    return wanted


def send_lines(command: SendLines, state: Sending, context: Context) -> list[Op]:
    """Held lines to the kitchen; the courses that are due become tickets.

    At the counter, and when asked to, everything is made at once as one course.

    Raises:
        Rejected: `check_unknown`, `check_closed`, `line_unknown`, `line_sent`, `line_void`, `nothing_to_send`.
    """
    context.require("take_orders")
    check = standing(state.check)
    chosen = _chosen(command, state)
    courses = {line.course for line in chosen}
    if command.fire_all or check.kind == "counter":
        fired = frozenset({min(courses)})
        chosen = [msgspec.structs.replace(line, course=min(courses)) for line in chosen]
    else:
        fired = fired_courses(courses, state.highest_fired)
    sent = LinesSent(
        check_id=check.check_id,
        lines=tuple(
            SentLine(line_id=line.line_id, course=line.course, is_fired=line.course in fired) for line in chosen
        ),
        by=StaffId(context.staff_id),
        sent_at_ms=context.now_ms,
    )
    return [sent, *tickets_of([line for line in chosen if line.course in fired], state, check, context)]


def fire_course(command: FireCourse, state: Sending, context: Context) -> list[Op]:
    """A course that waits is made now.

    Raises:
        Rejected: `check_unknown`, `check_closed`; `course_unknown` when nothing of it waits.
    """
    context.require("take_orders")
    check = standing(state.check)
    waiting = [line for line in state.waiting if line.course == command.course]
    if not waiting:
        raise Rejected("course_unknown", course=command.course)
    fired = CourseFired(
        check_id=check.check_id,
        course=command.course,
        line_ids=tuple(line.line_id for line in waiting),
        fired_at_ms=context.now_ms,
    )
    return [fired, *tickets_of(waiting, state, check, context)]


def bump_ticket(command: BumpTicket, state: AtWork, context: Context) -> list[Op]:
    """A ticket is done; when it was the last of its course, the waiter is called.

    Raises:
        Rejected: `ticket_unknown`, `ticket_bumped`; `needs_manager` without `bump`.
    """
    context.require("bump")
    ticket = _open(state)
    return _done(ticket, ticket.open_line_ids, state, context)


def bump_line(command: BumpLine, state: AtWork, context: Context) -> list[Op]:
    """One line is done; the last one completes its ticket.

    Raises:
        Rejected: `ticket_unknown`, `ticket_bumped`, `line_unknown`, `line_void`; `needs_manager` without `bump`.
    """
    context.require("bump")
    ticket = _open(state)
    line = next((line for line in ticket.lines if line.line_id == command.line_id), None)
    if line is None:
        raise Rejected("line_unknown")
    if line.state != "open":
        raise Rejected("line_void" if line.state == "void" else "ticket_bumped")
    if ticket.open_line_ids == (line.line_id,):
        return _done(ticket, ticket.open_line_ids, state, context)
    return [
        TicketLineBumped(
            ticket_id=ticket.ticket_id,
            check_id=ticket.check_id,
            line_id=line.line_id,
            bumped_at_ms=context.now_ms,
        )
    ]


def recall_ticket(command: RecallTicket, state: AtWork, context: Context) -> list[Op]:
    """A done ticket comes back; a course still on the pass is not ready any more. Voided lines stay void.

    Raises:
        Rejected: `ticket_unknown`, `ticket_open`; `recall_too_late` after ten minutes; `needs_manager` without `bump`.
    """
    context.require("bump")
    ticket = state.ticket
    if ticket is None:
        raise Rejected("ticket_unknown")
    if ticket.state == "open":
        raise Rejected("ticket_open")
    if context.now_ms - ticket.bumped_at_ms > RECALL_MS:
        raise Rejected("recall_too_late")
    line_ids = tuple(line.line_id for line in ticket.lines if line.state == "bumped")
    recalled = TicketRecalled(ticket_id=ticket.ticket_id, check_id=ticket.check_id, line_ids=line_ids)
    if not state.is_on_pass:
        return [recalled]
    return [recalled, CourseUnready(check_id=ticket.check_id, course=ticket.course)]


def see_ticket_change(command: SeeTicketChange, state: AtWork, context: Context) -> list[Op]:
    """The cook has seen what changed; a ticket with nothing left to make is done with that.

    Raises:
        Rejected: `ticket_unknown`; `needs_manager` without `bump`.
    """
    context.require("bump")
    ticket = state.ticket
    if ticket is None:
        raise Rejected("ticket_unknown")
    if not ticket.changed_at_ms:
        return []
    seen = TicketChangeSeen(ticket_id=ticket.ticket_id)
    if ticket.state == "open" and not ticket.open_line_ids:
        return [seen, *_done(ticket, (), state, context)]
    return [seen]


def show_tickets(command: ShowTickets, unseen: frozenset[str], context: Context) -> list[Op]:
    """The kitchen has these tickets: they are on a screen that somebody can see. What was shown before is no news."""
    ticket_ids = tuple(TicketId(id) for id in dict.fromkeys(command.ticket_ids) if id in unseen)
    if not ticket_ids:
        return []
    device_id = DeviceId(context.device_id)
    return [TicketsShown(on_device_id=device_id, ticket_ids=ticket_ids, shown_at_ms=context.asked_at_ms)]


def take_fault(command: TakeFault, is_known: bool, context: Context) -> list[Op]:
    """Somebody sees to it; who comes second takes it over.

    Raises:
        Rejected: `printer_unknown`, `station_unknown`, `ticket_unknown`; `needs_manager` for who neither works a kitchen screen nor
            answers calls.
    """
    if not (context.may("bump") or context.may("manage_printers")):
        context.require("answer_calls")
    if not is_known:
        raise Rejected(f"{command.about}_unknown")
    return [
        FaultTaken(
            fault_id=command.fault_id,
            about=command.about,
            by=StaffId(context.staff_id),
            on_device_id=DeviceId(context.device_id),
            taken_at_ms=context.now_ms,
        )
    ]


def pick_up_course(command: PickUpCourse, state: OnPass, context: Context) -> list[Op]:
    """A waiter, or the cook who hands it out, takes a course from the pass.

    Raises:
        Rejected: `course_unknown` when it is not on the pass.
    """
    if not context.may("bump"):
        context.require("take_orders")
    if not state.is_ready:
        raise Rejected("course_unknown", course=command.course)
    return [CoursePickedUp(check_id=CheckId(command.check_id), course=command.course, by=StaffId(context.staff_id))]


def call_to_pass(command: CallToPass, state: OnPass, context: Context) -> list[Op]:
    """The waiter of a course is wanted at the pass. Who was called and did not answer yet is not called twice.

    Raises:
        Rejected: `course_unknown` when nothing of it is made or waits; `needs_manager` without `bump`.
    """
    context.require("bump")
    if not (state.is_ready or state.is_cooking):
        raise Rejected("course_unknown", course=command.course)
    if state.is_called:
        return []
    return [
        WaiterCalledToPass(
            check_id=CheckId(command.check_id),
            course=command.course,
            by=StaffId(context.staff_id),
            called_at_ms=context.now_ms,
        )
    ]


def answer_pass_call(command: AnswerPassCall, state: OnPass, context: Context) -> list[Op]:
    """Somebody comes to the pass.

    Raises:
        Rejected: `call_unknown` when nobody was called or it was answered; `needs_manager` without `answer_calls`.
    """
    context.require("answer_calls")
    if not state.is_called:
        raise Rejected("call_unknown")
    return [PassCallAnswered(check_id=CheckId(command.check_id), course=command.course, by=StaffId(context.staff_id))]


def _chosen(command: SendLines, state: Sending) -> list[OrderedLine]:
    chosen = list(state.held)
    if command.line_ids is not None:
        for line_id in command.line_ids:
            _check_held(state.states.get(line_id))
        wanted = frozenset(command.line_ids)
        chosen = [line for line in chosen if line.line_id in wanted]
    if not chosen:
        raise Rejected("nothing_to_send")
    return chosen


def _check_held(state: str | None) -> None:
    if state is None:
        raise Rejected("line_unknown")
    if state != "held":
        raise Rejected("line_void" if state == "void" else "line_sent")


def _open(state: AtWork) -> Ticket:
    if state.ticket is None:
        raise Rejected("ticket_unknown")
    if state.ticket.state != "open":
        raise Rejected("ticket_bumped")
    return state.ticket


def _done(ticket: Ticket, line_ids: tuple[LineId, ...], state: AtWork, context: Context) -> list[Op]:
    """The ticket is bumped; its course is ready when no other ticket of it is open and something was made."""
    bumped = TicketBumped(
        ticket_id=ticket.ticket_id,
        check_id=ticket.check_id,
        line_ids=line_ids,
        bumped_at_ms=context.now_ms,
    )
    dishes = _dishes(ticket, state)
    if not dishes or any(other.open_line_ids for other in state.others if other.state == "open"):
        return [bumped]
    ready = CourseReady(
        check_id=ticket.check_id,
        course=ticket.course,
        table_id=ticket.table_id,
        table_label=ticket.table_label,
        waiter_id=ticket.waiter_id,
        dishes=dishes,
        ready_at_ms=context.now_ms,
    )
    return [bumped, ready]


def _dishes(ticket: Ticket, state: AtWork) -> tuple[str, ...]:
    made: dict[str, int] = {}
    for one in (*state.others, ticket):
        for line in one.lines:
            if line.state != "void":
                made[line.name] = made.get(line.name, 0) + line.quantity
    return tuple(f"{quantity} {name}" for name, quantity in made.items())
