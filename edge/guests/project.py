"""Visits, their phones, drafts and calls as tables."""

from collections.abc import Iterator, Mapping

from shared.entry import Entry
from shared.ops.base import Op
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
from shared.projections.projection import ProjectOp
from shared.projections.rows import columns_of, empty, row_of
from shared.writes import Add, ColumnType, Delete, Put, Set, Table, Value, Write

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
#: What a draft learns after it was submitted.
_LATER: Mapping[str, ColumnType] = {
    "claimed_by": "text",
    "claimed_at_ms": "int",
    "settled_at_ms": "int",
    "check_id": "text",  # once confirmed
    "reason": "text",
    "reason_note": "text",
}
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
        **_LATER,
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
    columns={"place": "text", "paused_by": "text", "paused_at_ms": "int", "business_day": "text"},
)
TABLES = (VISIT, VISIT_PHONE, DRAFT, GUEST_CALL, TABLE_STAY, DRAFT_PAUSE)


def _opened(entry: Entry, op: VisitOpened) -> Iterator[Write]:
    yield Put("visit", row_of(VISIT, op, state="open", check_id="", opened_at_ms=entry.at_ms, closed_at_ms=0, phones=0))
    yield from _stay(entry, op.table_id)


def _joined(entry: Entry, op: PhoneJoined) -> Iterator[Write]:
    yield Put("visit_phone", row_of(VISIT_PHONE, op, joined_at_ms=entry.at_ms, joined_seq=entry.seq))
    yield Add("visit", {"visit_id": op.visit_id}, {"phones": 0 if op.is_return else 1})
    yield from _stay(entry, op.table_id)


def _seated(entry: Entry, op: VisitSeated) -> Iterator[Write]:
    yield Set("visit", {"visit_id": op.visit_id}, {"check_id": op.check_id, "table_id": op.table_id})
    yield from _stay(entry, op.table_id)


def _moved(entry: Entry, op: VisitMoved) -> Iterator[Write]:
    yield Set("visit", {"visit_id": op.visit_id}, {"table_id": op.table_id})
    yield from _stay(entry, op.table_id)
    yield from _stay(entry, op.from_table_id)


def _left(entry: Entry, op: VisitClosed) -> Iterator[Write]:
    yield Set("visit", {"visit_id": op.visit_id}, {"state": "closed", "closed_at_ms": entry.at_ms})
    yield from _stay(entry, op.table_id)


def _stay(entry: Entry, table_id: str) -> Iterator[Write]:
    if table_id:
        yield Put("table_stay", {"table_id": table_id, "changed_at_ms": entry.at_ms})


def _submitted(entry: Entry, op: DraftSubmitted) -> Iterator[Write]:
    begun: dict[str, Value] = {"state": "submitted", "submitted_at_ms": entry.at_ms, "edits": "[]"}
    yield Put("draft", row_of(DRAFT, op, **empty(_LATER), **begun))


def _changed(entry: Entry, op: DraftChanged) -> Iterator[Write]:
    content = columns_of(op, "lines", "note", "allergies", "total_minor", "menu_version", "expires_at_ms")
    yield Set("draft", {"draft_id": op.draft_id}, content)


def _claimed(entry: Entry, op: DraftClaimed) -> Iterator[Write]:
    claim: dict[str, Value] = {"state": "claimed", "claimed_by": op.staff_id, "claimed_at_ms": entry.at_ms}
    yield Set("draft", {"draft_id": op.draft_id}, claim)


def _released(entry: Entry, op: DraftReleased) -> Iterator[Write]:
    yield Set("draft", {"draft_id": op.draft_id}, {"state": "submitted", "claimed_by": "", "claimed_at_ms": 0})


def _withdrawn(entry: Entry, op: DraftWithdrawn) -> Iterator[Write]:
    yield _settled(entry, op.draft_id, {"state": "withdrawn"})


def _expired(entry: Entry, op: DraftExpired) -> Iterator[Write]:
    yield _settled(entry, op.draft_id, {"state": "expired"})


def _rejected(entry: Entry, op: DraftRejected) -> Iterator[Write]:
    yield _settled(entry, op.draft_id, {"state": "rejected", "reason": op.reason, "reason_note": op.note})


def _confirmed(entry: Entry, op: DraftConfirmed) -> Iterator[Write]:
    confirmed = columns_of(op, "lines", "check_id", "edits")
    confirmed |= {"state": "confirmed", "total_minor": sum(line.gross_minor for line in op.lines)}
    yield _settled(entry, op.draft_id, confirmed)


def _settled(entry: Entry, draft_id: str, columns: Mapping[str, Value]) -> Set:
    """Whoever settles it has it from then on: the waiter who comes second is told who was first."""
    return Set(
        "draft",
        {"draft_id": draft_id},
        {**columns, "claimed_by": entry.staff_id, "settled_at_ms": entry.at_ms},
    )


def _called(entry: Entry, op: GuestCalled) -> Iterator[Write]:
    yield Put("guest_call", row_of(GUEST_CALL, op, called_at_ms=entry.at_ms, answered_by="", answered_at_ms=0))


def _answered(entry: Entry, op: CallAnswered) -> Iterator[Write]:
    answer: dict[str, Value] = {"answered_by": op.staff_id, "answered_at_ms": entry.at_ms}
    yield Set("guest_call", {"call_id": op.call_id}, answer)


def _paused(entry: Entry, op: DraftsPaused) -> Iterator[Write]:
    yield Put("draft_pause", row_of(DRAFT_PAUSE, op, paused_by=op.by, business_day=entry.business_day))


def _resumed(entry: Entry, op: DraftsResumed) -> Iterator[Write]:
    yield Delete("draft_pause", {"place": op.place})


PROJECT: Mapping[type[Op], ProjectOp] = {
    VisitOpened: _opened,
    PhoneJoined: _joined,
    VisitSeated: _seated,
    VisitMoved: _moved,
    VisitClosed: _left,
    DraftSubmitted: _submitted,
    DraftChanged: _changed,
    DraftWithdrawn: _withdrawn,
    DraftClaimed: _claimed,
    DraftReleased: _released,
    DraftRejected: _rejected,
    DraftExpired: _expired,
    DraftConfirmed: _confirmed,
    GuestCalled: _called,
    CallAnswered: _answered,
    DraftsPaused: _paused,
    DraftsResumed: _resumed,
}
