"""Visits, their phones, drafts and calls as tables."""

from collections.abc import Iterator, Sequence

import msgspec

from shared.entry import Entry
from shared.lines import OrderedLine
from shared.ops import Op
from shared.ops.guests import (
    CallAnswered,
    DraftChanged,
    DraftClaimed,
    DraftConfirmed,
    DraftExpired,
    DraftRejected,
    DraftReleased,
    DraftsPaused,
    DraftsResumed,
    DraftSubmitted,
    DraftWithdrawn,
    GuestCalled,
    PhoneJoined,
    VisitClosed,
    VisitMoved,
    VisitOpened,
    VisitSeated,
)
from shared.writes import Add, Delete, Put, Set, Table, Value, Write

VISIT = Table(
    name="visit",
    key=("visit_id",),
    columns={
        "visit_id": "text",
        "table_id": "text",
        "state": "text",  # open or closed
        "check_id": "text",  # "" until it is seated
        "opened_at_ms": "int",
        "closed_at_ms": "int",
        "phones": "int",
    },
    indexes=(("table_id", "state"), ("state",), ("check_id",)),
)
VISIT_PHONE = Table(
    name="visit_phone",
    key=("visit_id", "phone_id"),
    columns={"visit_id": "text", "phone_id": "text", "joined_at_ms": "int", "joined_seq": "int"},
    indexes=(("phone_id",),),
)
DRAFT = Table(
    name="draft",
    key=("draft_id",),
    columns={
        "draft_id": "text",
        "visit_id": "text",
        "table_id": "text",
        "phone_id": "text",
        "state": "text",  # submitted, claimed, confirmed, rejected, withdrawn, expired
        "lines": "text",  # JSON list of OrderedLine; as confirmed, once it is
        "note": "text",
        "allergies": "text",  # JSON list
        "total_minor": "int",
        "menu_version": "int",
        "submitted_at_ms": "int",
        "expires_at_ms": "int",
        "claimed_by": "text",
        "claimed_at_ms": "int",
        "settled_at_ms": "int",
        "check_id": "text",  # once confirmed
        "reason": "text",
        "reason_note": "text",
        "edits": "text",  # JSON list of pairs
    },
    indexes=(("visit_id",), ("state",)),
)
GUEST_CALL = Table(
    name="guest_call",
    key=("call_id",),
    columns={
        "call_id": "text",
        "visit_id": "text",
        "table_id": "text",
        "wants": "text",
        "reason": "text",
        "tender": "text",
        "called_at_ms": "int",
        "answered_by": "text",
        "answered_at_ms": "int",  # 0 while it waits
    },
    indexes=(("visit_id",), ("answered_at_ms",)),
)
#: Touched whenever the party at a table changes, so that the feed shows the table anew.
TABLE_STAY = Table(
    name="table_stay",
    key=("table_id",),
    columns={"table_id": "text", "changed_at_ms": "int"},
)
#: A row while phones may send no new drafts.
DRAFT_PAUSE = Table(
    name="draft_pause",
    key=("place",),
    columns={"place": "text", "paused_by": "text", "paused_at_ms": "int"},
)
TABLES = (VISIT, VISIT_PHONE, DRAFT, GUEST_CALL, TABLE_STAY, DRAFT_PAUSE)

KINDS = frozenset(
    {
        "visit_opened",
        "phone_joined",
        "visit_seated",
        "visit_moved",
        "visit_closed",
        "draft_submitted",
        "draft_changed",
        "draft_withdrawn",
        "draft_claimed",
        "draft_released",
        "draft_rejected",
        "draft_expired",
        "draft_confirmed",
        "guest_called",
        "call_answered",
        "drafts_paused",
        "drafts_resumed",
    }
)

_encode = msgspec.json.Encoder().encode


def project(entry: Entry, op: Op) -> Iterator[Write]:
    """The rows that an entry changes."""
    match op:
        case VisitOpened() | PhoneJoined() | VisitSeated() | VisitMoved() | VisitClosed():
            yield from _stay(entry, op)
        case DraftSubmitted():
            yield _submitted(entry, op)
        case DraftChanged():
            content: dict[str, Value] = {
                "lines": _lines(op.lines),
                "note": op.note,
                "allergies": _encode(op.allergies).decode(),
                "total_minor": op.total_minor,
                "menu_version": op.menu_version,
                "expires_at_ms": op.expires_at_ms,
            }
            yield Set("draft", {"draft_id": op.draft_id}, content)
        case DraftClaimed():
            claim: dict[str, Value] = {
                "state": "claimed",
                "claimed_by": op.staff_id,
                "claimed_at_ms": entry.at_ms,
            }
            yield Set("draft", {"draft_id": op.draft_id}, claim)
        case DraftReleased():
            yield Set("draft", {"draft_id": op.draft_id}, {"state": "submitted", "claimed_by": "", "claimed_at_ms": 0})
        case DraftWithdrawn():
            yield _settled(entry, op.draft_id, {"state": "withdrawn"})
        case DraftExpired():
            yield _settled(entry, op.draft_id, {"state": "expired"})
        case DraftRejected():
            yield _settled(entry, op.draft_id, {"state": "rejected", "reason": op.reason, "reason_note": op.note})
        case DraftConfirmed():
            yield _confirmed(entry, op)
        case DraftsPaused():
            pause: dict[str, Value] = {"paused_by": op.by, "paused_at_ms": op.paused_at_ms}
            yield Put("draft_pause", {"place": op.place, **pause})
        case DraftsResumed():
            yield Delete("draft_pause", {"place": op.place})
        case GuestCalled():
            yield _called(entry, op)
        case CallAnswered():
            answer: dict[str, Value] = {"answered_by": op.staff_id, "answered_at_ms": entry.at_ms}
            yield Set("guest_call", {"call_id": op.call_id}, answer)


def _stay(entry: Entry, op: VisitOpened | PhoneJoined | VisitSeated | VisitMoved | VisitClosed) -> Iterator[Write]:
    key: dict[str, Value] = {"visit_id": op.visit_id}
    tables = [op.table_id]
    match op:
        case VisitOpened():
            yield _opened(entry, op)
        case PhoneJoined():
            place: dict[str, Value] = {"joined_at_ms": entry.at_ms, "joined_seq": entry.seq}
            yield Put("visit_phone", {**key, "phone_id": op.phone_id, **place})
            yield Add("visit", key, {"phones": 0 if op.is_return else 1})
        case VisitSeated():
            yield Set("visit", key, {"check_id": op.check_id, "table_id": op.table_id})
        case VisitMoved():
            yield Set("visit", key, {"table_id": op.table_id})
            tables.append(op.from_table_id)
        case VisitClosed():
            yield Set("visit", key, {"state": "closed", "closed_at_ms": entry.at_ms})
    for table_id in tables:
        if table_id:
            yield Put("table_stay", {"table_id": table_id, "changed_at_ms": entry.at_ms})


def _opened(entry: Entry, op: VisitOpened) -> Put:
    return Put(
        "visit",
        {
            "visit_id": op.visit_id,
            "table_id": op.table_id,
            "state": "open",
            "check_id": "",
            "opened_at_ms": entry.at_ms,
            "closed_at_ms": 0,
            "phones": 0,
        },
    )


def _submitted(entry: Entry, op: DraftSubmitted) -> Put:
    return Put(
        "draft",
        {
            "draft_id": op.draft_id,
            "visit_id": op.visit_id,
            "table_id": op.table_id,
            "phone_id": op.phone_id,
            "state": "submitted",
            "lines": _lines(op.lines),
            "note": op.note,
            "allergies": _encode(op.allergies).decode(),
            "total_minor": op.total_minor,
            "menu_version": op.menu_version,
            "submitted_at_ms": entry.at_ms,
            "expires_at_ms": op.expires_at_ms,
            "claimed_by": "",
            "claimed_at_ms": 0,
            "settled_at_ms": 0,
            "check_id": "",
            "reason": "",
            "reason_note": "",
            "edits": "[]",
        },
    )


def _confirmed(entry: Entry, op: DraftConfirmed) -> Set:
    return _settled(
        entry,
        op.draft_id,
        {
            "state": "confirmed",
            "lines": _lines(op.lines),
            "total_minor": sum(line.gross_minor for line in op.lines),
            "check_id": op.check_id,
            "edits": _encode(op.edits).decode(),
        },
    )


def _settled(entry: Entry, draft_id: str, columns: dict[str, Value]) -> Set:
    """Whoever settles it has it from then on: the waiter who comes second is told who was first."""
    return Set(
        "draft",
        {"draft_id": draft_id},
        {**columns, "claimed_by": entry.staff_id, "settled_at_ms": entry.at_ms},
    )


def _called(entry: Entry, op: GuestCalled) -> Put:
    return Put(
        "guest_call",
        {
            "call_id": op.call_id,
            "visit_id": op.visit_id,
            "table_id": op.table_id,
            "wants": op.wants,
            "reason": op.reason,
            "tender": op.tender,
            "called_at_ms": entry.at_ms,
            "answered_by": "",
            "answered_at_ms": 0,
        },
    )


def _lines(lines: Sequence[OrderedLine]) -> str:
    return _encode(lines).decode()
