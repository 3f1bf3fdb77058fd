"""Stations, tickets, what waits to be fired and what waits on the pass, as tables."""

from collections.abc import Iterator

import msgspec

from shared.entry import Entry
from shared.ops import Op
from shared.ops.kitchen import (
    CourseFired,
    CoursePickedUp,
    CourseReady,
    CourseUnready,
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
    WaiterCalledToPass,
)
from shared.ops.ordering import LineVoided
from shared.ops.printing import PaperPrinted, TicketReprintAsked
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
    },
)
TICKET = Table(
    name="ticket",
    key=("ticket_id",),
    columns={
        "ticket_id": "text",
        "number": "int",
        "business_day": "text",
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
        "printed_at_ms": "int",
    },
    indexes=(("check_id", "course"), ("state", "bumped_at_ms"), ("business_day", "number")),
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
#: Touched whenever what waits of a course may have changed, so that the feed counts it anew.
COURSE_WAIT = Table(
    name="course_wait",
    key=("check_id", "course"),
    columns={"check_id": "text", "course": "int", "changed_at_ms": "int"},
)
TABLES = (STATION, TICKET, TICKET_LINE, READY_COURSE, COURSE_PICK_UP, PASS_CALL, COURSE_WAIT)

KINDS = frozenset(
    {
        "station_configured",
        "lines_sent",
        "line_voided",
        "course_fired",
        "ticket_opened",
        "ticket_line_voided",
        "ticket_moved",
        "ticket_change_seen",
        "ticket_line_bumped",
        "ticket_bumped",
        "ticket_recalled",
        "course_ready",
        "course_unready",
        "course_picked_up",
        "waiter_called_to_pass",
        "pass_call_answered",
        "paper_printed",
        "ticket_reprint_asked",
    }
)

_json = msgspec.json.Encoder()


def project(entry: Entry, op: Op) -> Iterator[Write]:
    """The rows that an entry changes."""
    match op:
        case StationConfigured():
            yield _station(op)
        case LinesSent():
            for course in sorted({line.course for line in op.lines if not line.is_fired}):
                yield _wait(entry, op.check_id, course)
        case CourseFired():
            yield _wait(entry, op.check_id, op.course)
        case LineVoided():
            if op.course:
                yield _wait(entry, op.check_id, op.course)
        case CourseReady() | CourseUnready() | CoursePickedUp():
            yield from _pass(entry, op)
        case WaiterCalledToPass():
            yield Put("pass_call", {**_course(op), "called_at_ms": op.called_at_ms})
        case PassCallAnswered():
            yield Delete("pass_call", _course(op))
        case _:
            yield from _ticket(entry, op)


def _ticket(entry: Entry, op: Op) -> Iterator[Write]:
    match op:
        case TicketOpened():
            yield from _opened(entry, op)
        case TicketLineVoided():
            yield from _voided(op)
        case TicketMoved():
            place: dict[str, Value] = {"table_id": op.table_id, "table_label": op.table_label}
            yield _set_ticket(op.ticket_id, {**place, "changed_at_ms": entry.at_ms})
        case TicketChangeSeen():
            yield _set_ticket(op.ticket_id, {"changed_at_ms": 0})
        case TicketLineBumped():
            yield _set_line(op.ticket_id, op.line_id, {"state": "bumped"})
        case TicketBumped():
            yield _set_ticket(op.ticket_id, {"state": "bumped", "bumped_at_ms": op.bumped_at_ms})
            for line_id in op.line_ids:
                yield _set_line(op.ticket_id, line_id, {"state": "bumped"})
        case TicketRecalled():
            yield _set_ticket(op.ticket_id, {"state": "open", "bumped_at_ms": 0})
            for line_id in op.line_ids:
                yield _set_line(op.ticket_id, line_id, {"state": "open"})
        case TicketReprintAsked():
            yield Add("ticket", {"ticket_id": op.ticket_id}, {"copies": 1})
        case PaperPrinted():
            if op.ticket_id and op.document == "kitchen":
                yield _set_ticket(op.ticket_id, {"printed_at_ms": op.printed_at_ms})


def _pass(entry: Entry, op: CourseReady | CourseUnready | CoursePickedUp) -> Iterator[Write]:
    key = _course(op)
    match op:
        case CourseReady():
            yield Put(
                "ready_course",
                {
                    **key,
                    "table_id": op.table_id,
                    "table_label": op.table_label,
                    "waiter_id": op.waiter_id,
                    "dishes": _json.encode(op.dishes).decode(),
                    "ready_at_ms": op.ready_at_ms,
                },
            )
        case CourseUnready():
            yield Delete("ready_course", key)
        case CoursePickedUp():
            yield Delete("ready_course", key)
            yield Delete("pass_call", key)
            yield Put("course_pick_up", {**key, "picked_up_at_ms": entry.at_ms})


def _course(
    op: CourseReady | CourseUnready | CoursePickedUp | WaiterCalledToPass | PassCallAnswered,
) -> dict[str, Value]:
    return {"check_id": op.check_id, "course": op.course}


def _station(op: StationConfigured) -> Put:
    return Put(
        "station",
        {
            "station_id": op.station_id,
            "name": op.name,
            "position": op.position,
            "warn_after_s": op.warn_after_s,
            "late_after_s": op.late_after_s,
            "printer_id": op.printer_id,
            "backup_printer_id": op.backup_printer_id,
            "is_paper_only": int(op.is_paper_only),
        },
    )


def _opened(entry: Entry, op: TicketOpened) -> Iterator[Write]:
    yield Put(
        "ticket",
        {
            "ticket_id": op.ticket_id,
            "number": op.number,
            "business_day": entry.business_day,
            "station_id": op.station_id,
            "check_id": op.check_id,
            "check_number": op.check_number,
            "table_id": op.table_id,
            "table_label": op.table_label,
            "course": op.course,
            "covers": op.covers,
            "waiter_id": op.waiter_id,
            "state": "open",
            "fired_at_ms": op.fired_at_ms,
            "bumped_at_ms": 0,
            "changed_at_ms": 0,
            "also_at": _json.encode(op.also_at).decode() if op.also_at else "[]",
            "copies": 0,
            "printed_at_ms": 0,
        },
    )
    for position, line in enumerate(op.lines):
        yield Put(
            "ticket_line",
            {
                "ticket_id": op.ticket_id,
                "line_id": line.line_id,
                "position": position,
                "check_id": op.check_id,
                "quantity": line.quantity,
                "voided_quantity": 0,
                "name": line.name,
                "modifiers": _json.encode(line.modifiers).decode() if line.modifiers else "[]",
                "note": line.note,
                "allergies": _json.encode(line.allergies).decode() if line.allergies else "[]",
                "state": "open",
                "variant_name": line.variant_name,
            },
        )


def _voided(op: TicketLineVoided) -> Iterator[Write]:
    columns: dict[str, Value] = {"quantity": op.remaining}
    if op.remaining == 0:
        columns["state"] = "void"
    yield _set_line(op.ticket_id, op.line_id, columns)
    yield Add("ticket_line", {"ticket_id": op.ticket_id, "line_id": op.line_id}, {"voided_quantity": op.quantity})
    yield _set_ticket(op.ticket_id, {"changed_at_ms": op.changed_at_ms})


def _wait(entry: Entry, check_id: str, course: int) -> Put:
    return Put("course_wait", {"check_id": check_id, "course": course, "changed_at_ms": entry.at_ms})


def _set_ticket(ticket_id: str, columns: dict[str, Value]) -> Set:
    return Set("ticket", {"ticket_id": ticket_id}, columns)


def _set_line(ticket_id: str, line_id: str, columns: dict[str, Value]) -> Set:
    return Set("ticket_line", {"ticket_id": ticket_id, "line_id": line_id}, columns)
