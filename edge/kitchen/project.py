"""Stations, tickets, what waits to be fired and what waits on the pass, as tables."""

from collections.abc import Iterator, Mapping

from shared.entry import Entry
from shared.ops.base import Op
from shared.ops.kitchen import (
    CourseFired,
    CoursePickedUp,
    CourseReady,
    CourseUnready,
    FaultTaken,
    LinesSent,
    PassCallAnswered,
    StationConfigured,
    TicketBumped,
    TicketChangeSeen,
    TicketLineBumped,
    TicketLineVoided,
    TicketMoved,
    TicketOpened,
    TicketRecalled,
    TicketsShown,
    WaiterCalledToPass,
)
from shared.ops.ordering import LineVoided
from shared.ops.printing import PaperFailed, PaperPrinted, TicketReprintAsked
from shared.projections.projection import ProjectOp
from shared.projections.revisions import REVISION, revision
from shared.projections.rows import row_of
from shared.writes import Add, Delete, Put, Set, Table, Value, Write

STATION = Table(
    name="station",
    key=("station_id",),
    columns={
        "station_id": "text",
        "name": "text",
        "position": "int",
        "warn_after_s": "int",
        "late_after_s": "int",
        "printer_id": "text",
        "backup_printer_id": "text",
        "is_paper_only": "int",
        **REVISION,
    },
)
TICKET = Table(
    name="ticket",
    key=("ticket_id",),
    columns={
        "ticket_id": "text",
        "number": "int",
        "business_day": "text",
        "period": "int",
        "numbered_day": "text",  # whose run of numbers it belongs to
        "station_id": "text",
        "check_id": "text",
        "check_number": "int",
        "table_id": "text",
        "table_label": "text",
        "course": "int",
        "covers": "int",
        "waiter_id": "text",
        "state": "text",  # open or bumped
        "fired_at_ms": "int",
        "bumped_at_ms": "int",
        "changed_at_ms": "int",  # of the last change that no cook has seen; 0 when none
        "also_at": "text",  # JSON list of station names
        "copies": "int",  # paper asked for again
        "printed_at_ms": "int",  # its paper came out, or was handed to a printer that cannot tell
        "confirmed_at_ms": "int",  # the printer itself said that its paper came out
        "failed_at_ms": "int",  # its paper was given up
        "shown_at_ms": "int",  # it was first on a kitchen screen that somebody could see
    },
    indexes=(
        ("check_id", "course"),
        ("state", "bumped_at_ms"),
        ("numbered_day", "period", "number"),
        ("fired_at_ms",),
    ),
)
TICKET_LINE = Table(
    name="ticket_line",
    key=("ticket_id", "line_id"),
    columns={
        "ticket_id": "text",
        "line_id": "text",
        "position": "int",
        "check_id": "text",
        "quantity": "int",
        "voided_quantity": "int",
        "name": "text",
        "modifiers": "text",  # JSON list
        "note": "text",
        "allergies": "text",  # JSON list
        "state": "text",  # open, bumped or void
        "variant_name": "text",
    },
    indexes=(("check_id", "line_id"),),
)
READY_COURSE = Table(
    name="ready_course",
    key=("check_id", "course"),
    columns={
        "check_id": "text",
        "course": "int",
        "table_id": "text",
        "table_label": "text",
        "waiter_id": "text",
        "dishes": "text",  # JSON list
        "ready_at_ms": "int",
    },
)
COURSE_PICK_UP = Table(
    name="course_pick_up",
    key=("check_id", "course"),
    columns={"check_id": "text", "course": "int", "picked_up_at_ms": "int"},
)
#: Waiters who are wanted at the pass and have not said that they come.
PASS_CALL = Table(
    name="pass_call",
    key=("check_id", "course"),
    columns={"check_id": "text", "course": "int", "called_at_ms": "int"},
)
#: Who sees to a printer or a station that fails.
FAULT_TAKEN = Table(
    name="fault_taken",
    key=("about", "fault_id"),
    columns={
        "about": "text",  # printer, station or ticket
        "fault_id": "text",
        "taken_by": "text",
        "device_id": "text",
        "taken_at_ms": "int",
    },
)
#: Touched whenever what waits of a course may have changed, so that the feed counts it anew.
COURSE_WAIT = Table(
    name="course_wait",
    key=("check_id", "course"),
    columns={"check_id": "text", "course": "int", "changed_at_ms": "int"},
)
#: Papers of tickets that did not come out, until they do. Whether somebody has seen to it is in `fault_taken`.
LOST_PAPER = Table(
    name="lost_paper",
    key=("ticket_id", "job_id"),
    columns={"ticket_id": "text", "job_id": "text", "document": "text", "printer_id": "text", "failed_at_ms": "int"},
)
TABLES = (STATION, TICKET, TICKET_LINE, READY_COURSE, COURSE_PICK_UP, PASS_CALL, FAULT_TAKEN, COURSE_WAIT, LOST_PAPER)


def _station(entry: Entry, op: StationConfigured) -> Iterator[Write]:
    yield Put("station", row_of(STATION, op, **revision(entry)))


def _sent(entry: Entry, op: LinesSent) -> Iterator[Write]:
    for course in sorted({line.course for line in op.lines if not line.is_fired}):
        yield _wait(entry, op.check_id, course)


def _fired(entry: Entry, op: CourseFired) -> Iterator[Write]:
    yield _wait(entry, op.check_id, op.course)


def _line_voided(entry: Entry, op: LineVoided) -> Iterator[Write]:
    if op.course:
        yield _wait(entry, op.check_id, op.course)


def _opened(entry: Entry, op: TicketOpened) -> Iterator[Write]:
    not_yet = (
        "bumped_at_ms",
        "changed_at_ms",
        "copies",
        "printed_at_ms",
        "confirmed_at_ms",
        "failed_at_ms",
        "shown_at_ms",
    )
    unseen: dict[str, Value] = dict.fromkeys(not_yet, 0)
    day = entry.business_day
    days: dict[str, Value] = {"business_day": day, "numbered_day": op.numbered_day or day}
    yield Put("ticket", row_of(TICKET, op, **unseen, **days, state="open"))
    whose: dict[str, Value] = {
        "ticket_id": op.ticket_id,
        "check_id": op.check_id,
        "voided_quantity": 0,
        "state": "open",
    }
    for position, line in enumerate(op.lines):
        yield Put("ticket_line", row_of(TICKET_LINE, line, **whose, position=position))


def _voided(entry: Entry, op: TicketLineVoided) -> Iterator[Write]:
    columns: dict[str, Value] = {"quantity": op.remaining}
    if op.remaining == 0:
        columns["state"] = "void"
    yield _set_line(op.ticket_id, op.line_id, columns)
    yield Add("ticket_line", {"ticket_id": op.ticket_id, "line_id": op.line_id}, {"voided_quantity": op.quantity})
    yield _set_ticket(op.ticket_id, {"changed_at_ms": op.changed_at_ms})


def _moved(entry: Entry, op: TicketMoved) -> Iterator[Write]:
    place: dict[str, Value] = {"table_id": op.table_id, "table_label": op.table_label}
    yield _set_ticket(op.ticket_id, {**place, "changed_at_ms": entry.at_ms})


def _change_seen(entry: Entry, op: TicketChangeSeen) -> Iterator[Write]:
    yield _set_ticket(op.ticket_id, {"changed_at_ms": 0})


def _line_bumped(entry: Entry, op: TicketLineBumped) -> Iterator[Write]:
    yield _set_line(op.ticket_id, op.line_id, {"state": "bumped"})


def _bumped(entry: Entry, op: TicketBumped) -> Iterator[Write]:
    yield _set_ticket(op.ticket_id, {"state": "bumped", "bumped_at_ms": op.bumped_at_ms})
    for line_id in op.line_ids:
        yield _set_line(op.ticket_id, line_id, {"state": "bumped"})


def _recalled(entry: Entry, op: TicketRecalled) -> Iterator[Write]:
    yield _set_ticket(op.ticket_id, {"state": "open", "bumped_at_ms": 0})
    for line_id in op.line_ids:
        yield _set_line(op.ticket_id, line_id, {"state": "open"})


def _reprint_asked(entry: Entry, op: TicketReprintAsked) -> Iterator[Write]:
    yield Add("ticket", {"ticket_id": op.ticket_id}, {"copies": 1})
    # Who has it printed again sees to it; should that fail too, that is news.
    seen: dict[str, Value] = {"taken_by": entry.staff_id, "device_id": entry.device_id, "taken_at_ms": entry.at_ms}
    yield Put("fault_taken", {"about": "ticket", "fault_id": op.ticket_id, **seen})


def _printed(entry: Entry, op: PaperPrinted) -> Iterator[Write]:
    if op.ticket_id:
        yield Delete("lost_paper", {"ticket_id": op.ticket_id, "job_id": op.job_id})
    if op.ticket_id and op.document == "kitchen":
        confirmed: dict[str, Value] = {"confirmed_at_ms": op.printed_at_ms} if op.outcome == "printed" else {}
        yield _set_ticket(op.ticket_id, {"printed_at_ms": op.printed_at_ms, **confirmed})


def _paper_failed(entry: Entry, op: PaperFailed) -> Iterator[Write]:
    if op.ticket_id:
        yield Put("lost_paper", row_of(LOST_PAPER, op))
    if op.ticket_id and op.document == "kitchen":
        yield _set_ticket(op.ticket_id, {"failed_at_ms": op.failed_at_ms})


def _shown(entry: Entry, op: TicketsShown) -> Iterator[Write]:
    for ticket_id in op.ticket_ids:
        yield _set_ticket(ticket_id, {"shown_at_ms": op.shown_at_ms})


def _fault_taken(entry: Entry, op: FaultTaken) -> Iterator[Write]:
    taken: dict[str, Value] = {"taken_by": op.by, "device_id": op.on_device_id, "taken_at_ms": op.taken_at_ms}
    yield Put("fault_taken", {"about": op.about, "fault_id": op.fault_id, **taken})


def _ready(entry: Entry, op: CourseReady) -> Iterator[Write]:
    yield Put("ready_course", row_of(READY_COURSE, op))


def _unready(entry: Entry, op: CourseUnready) -> Iterator[Write]:
    yield Delete("ready_course", _course(op))


def _picked_up(entry: Entry, op: CoursePickedUp) -> Iterator[Write]:
    yield Delete("ready_course", _course(op))
    yield Delete("pass_call", _course(op))
    yield Put("course_pick_up", row_of(COURSE_PICK_UP, op, picked_up_at_ms=entry.at_ms))


def _called(entry: Entry, op: WaiterCalledToPass) -> Iterator[Write]:
    yield Put("pass_call", row_of(PASS_CALL, op))


def _call_answered(entry: Entry, op: PassCallAnswered) -> Iterator[Write]:
    yield Delete("pass_call", _course(op))


def _course(
    op: CourseUnready | CoursePickedUp | PassCallAnswered,
) -> dict[str, Value]:
    return {"check_id": op.check_id, "course": op.course}


def _wait(entry: Entry, check_id: str, course: int) -> Put:
    return Put("course_wait", {"check_id": check_id, "course": course, "changed_at_ms": entry.at_ms})


def _set_ticket(ticket_id: str, columns: dict[str, Value]) -> Set:
    return Set("ticket", {"ticket_id": ticket_id}, columns)


def _set_line(ticket_id: str, line_id: str, columns: dict[str, Value]) -> Set:
    return Set("ticket_line", {"ticket_id": ticket_id, "line_id": line_id}, columns)


PROJECT: Mapping[type[Op], ProjectOp] = {
    StationConfigured: _station,
    LinesSent: _sent,
    LineVoided: _line_voided,
    CourseFired: _fired,
    TicketOpened: _opened,
    TicketLineVoided: _voided,
    TicketMoved: _moved,
    TicketChangeSeen: _change_seen,
    TicketLineBumped: _line_bumped,
    TicketBumped: _bumped,
    TicketRecalled: _recalled,
    TicketReprintAsked: _reprint_asked,
    TicketsShown: _shown,
    PaperPrinted: _printed,
    PaperFailed: _paper_failed,
    CourseReady: _ready,
    CourseUnready: _unready,
    CoursePickedUp: _picked_up,
    WaiterCalledToPass: _called,
    PassCallAnswered: _call_answered,
    FaultTaken: _fault_taken,
}
