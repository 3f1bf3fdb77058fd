"""Builds what the rules of guests need."""

from sqlite3 import Connection
from typing import Any

import msgspec

from edge.guests.reads import are_drafts_paused
from edge.guests.state import (
    Call,
    Calling,
    Draft,
    DraftDesk,
    Joining,
    LeftAlone,
    OwnDraft,
    Visit,
)
from edge.menu.reads import newest_book, sold_out_ids
from shared.answers.guests import Joined
from shared.commands.guests import (
    CLAIM_LIFE_MS,
    AnswerCall,
    AskBill,
    CallWaiter,
    ChangeDraft,
    ClaimDraft,
    ExpireDrafts,
    JoinTable,
    PauseDrafts,
    RejectDraft,
    ReleaseDraft,
    ResumeDrafts,
    SubmitDraft,
    WithdrawDraft,
)
from shared.context import Context, VenueRules
from shared.ids import PhoneId
from shared.table_code import CodedTable, code_of

#: A visit with no check, no draft and no call for this long was nobody's.
ABANDONED_MS = 10_800_000
AT_ONCE = 100  # settled in one command; the rest in the next, seconds later

_VISIT_AT = """
SELECT visit_id, table_id, state FROM visit WHERE table_id = ? AND state = 'open'
ORDER BY check_id = '', opened_at_ms, visit_id LIMIT 1
"""
_VISIT_OF_PHONE = """
SELECT v.visit_id, v.table_id, v.state FROM visit_phone p JOIN visit v ON v.visit_id = p.visit_id
WHERE p.phone_id = ? ORDER BY p.joined_seq DESC LIMIT 1
"""
_SEAT_OF_PHONE = """
SELECT v.visit_id, COALESCE(t.label, '') FROM visit_phone p JOIN visit v ON v.visit_id = p.visit_id
LEFT JOIN dining_table t ON t.table_id = v.table_id
WHERE p.phone_id = ? ORDER BY p.joined_seq DESC LIMIT 1
"""
_VENUE = """
SELECT name, language, currency, wifi_name, cover_charge_minor, max_waiting_drafts FROM venue LIMIT 1
"""
_DRAFT = """
SELECT d.draft_id, d.visit_id, d.phone_id, d.state, d.claimed_by, COALESCE(p.name, d.claimed_by), d.claimed_at_ms,
  v.state = 'open'
FROM draft d JOIN visit v ON v.visit_id = d.visit_id LEFT JOIN person p ON p.staff_id = d.claimed_by WHERE d.draft_id = ?
"""
_EXPIRED = """
SELECT d.draft_id FROM draft d LEFT JOIN visit v ON v.visit_id = d.visit_id
WHERE d.state = 'submitted' AND (d.expires_at_ms <= ? OR v.state = 'closed') LIMIT ?
"""
_LET_GO = "SELECT draft_id FROM draft WHERE state = 'claimed' AND abs(? - claimed_at_ms) > ? LIMIT ?"
_CALLS_OF_THE_GONE = """
SELECT c.call_id, c.visit_id FROM guest_call c JOIN visit v ON v.visit_id = c.visit_id
WHERE c.answered_at_ms = 0 AND v.state = 'closed' LIMIT ?
"""
_ABANDONED = """
SELECT v.visit_id, v.table_id, v.state FROM visit v
WHERE v.state = 'open' AND v.check_id = '' AND v.opened_at_ms < ?
AND NOT EXISTS (SELECT 1 FROM checks c WHERE c.visit_id = v.visit_id AND c.state = 'open')
AND NOT EXISTS (SELECT 1 FROM draft d WHERE d.visit_id = v.visit_id AND (d.state IN ('submitted', 'claimed')
    OR d.submitted_at_ms >= ?))
AND NOT EXISTS (SELECT 1 FROM visit_phone p WHERE p.visit_id = v.visit_id AND p.joined_at_ms >= ?)
LIMIT ?
"""


class TableCodes(msgspec.Struct, frozen=True):
    """What a scanned code is compared with."""

    tables: tuple[CodedTable, ...]
    secret: bytes


class PrintableCode(msgspec.Struct, frozen=True):
    """What the QR on a table is made of."""

    table_id: str
    label: str
    code: str


def joining(conn: Connection, command: JoinTable, context: Context) -> Joining:
    """The table, the visit there, and whether the phone is in it."""
    row = conn.execute(
        "SELECT code_generation FROM dining_table WHERE table_id = ? AND is_removed = 0", (command.table_id,)
    ).fetchone()
    visit = _visit(conn.execute(_VISIT_AT, (command.table_id,)).fetchone())
    joined = conn.execute(
        "SELECT 1 FROM visit_phone WHERE visit_id = ? AND phone_id = ?",
        (visit.visit_id if visit else "", command.phone_id),
    ).fetchone()
    return Joining(
        generation=row[0] if row else None,
        visit=visit,
        has_joined=joined is not None,
        is_there=visit is not None and visit_of_phone(conn, command.phone_id) == visit,
    )


def table_codes(conn: Connection) -> TableCodes:
    """The tables on the plan with the generation of their codes, and the venue's secret."""
    rows = conn.execute("SELECT table_id, code_generation FROM dining_table WHERE is_removed = 0")
    return TableCodes(tuple(CodedTable(*row) for row in rows), _code_secret(conn))


def printable_codes(conn: Connection) -> list[PrintableCode]:
    """The code of every table on the plan, by label."""
    secret = _code_secret(conn)
    rows = conn.execute(
        "SELECT table_id, label, code_generation FROM dining_table WHERE is_removed = 0 ORDER BY length(label), label"
    )
    return [PrintableCode(id, label, code_of(id, generation, secret)) for id, label, generation in rows]


def visit_of_phone(conn: Connection, phone_id: str) -> Visit | None:
    """The visit that the phone joined last, open or not."""
    return _visit(conn.execute(_VISIT_OF_PHONE, (phone_id,)).fetchone())


def joined(conn: Connection, phone_id: str) -> Joined:
    """What a phone that has joined is told."""
    visit_id, table_label = conn.execute(_SEAT_OF_PHONE, (phone_id,)).fetchone()
    row = conn.execute(_VENUE).fetchone()
    if row is None:
        rules = VenueRules()
        row = (rules.name, rules.language, rules.currency, "", rules.cover_charge_minor, rules.max_waiting_drafts)
    return Joined(*(visit_id, table_label, *row, are_drafts_paused(conn)))


def own_draft(conn: Connection, command: SubmitDraft | ChangeDraft | WithdrawDraft, context: Context) -> OwnDraft:
    """The visit that the asking phone joined last, and the draft it names."""
    phone_id = _phone_id(context)
    return OwnDraft(
        phone_id=phone_id,
        visit=_visit(conn.execute(_VISIT_OF_PHONE, (phone_id,)).fetchone()),
        draft=_draft(conn, command.draft_id),
    )


def draft_desk(conn: Connection, command: SubmitDraft | ChangeDraft, context: Context) -> DraftDesk:
    """What the draft's content is checked against."""
    own = own_draft(conn, command, context)
    waiting = unsettled = 0
    if own.visit is not None:
        waiting, unsettled = conn.execute(
            "SELECT COUNT(*) FILTER (WHERE state IN ('submitted', 'claimed')), COUNT(*) FILTER (WHERE state <> 'confirmed')"
            " FROM draft WHERE visit_id = ?",
            (own.visit.visit_id,),
        ).fetchone()
    book = newest_book(conn)
    return DraftDesk(
        own=own,
        waiting=waiting,
        unsettled=unsettled,
        book=book,
        menu_version=book.version if book else 0,
        sold_out=sold_out_ids(conn, context.business_day),
        is_paused=are_drafts_paused(conn, context.business_day),
    )


def is_paused(conn: Connection, command: PauseDrafts | ResumeDrafts, context: Context) -> bool:
    """Whether the venue takes no new drafts."""
    return are_drafts_paused(conn, context.business_day)


def draft(conn: Connection, command: ClaimDraft | ReleaseDraft | RejectDraft, context: Context) -> Draft | None:
    """The draft, whatever became of it."""
    return _draft(conn, command.draft_id)


def calling(conn: Connection, command: CallWaiter | AskBill, context: Context) -> Calling:
    """The phone's visit, and its calls that wait."""
    visit = _visit(conn.execute(_VISIT_OF_PHONE, (_phone_id(context),)).fetchone())
    wants = "bill" if isinstance(command, AskBill) else "waiter"
    known = conn.execute("SELECT 1 FROM guest_call WHERE call_id = ?", (command.call_id,)).fetchone()
    pending = (
        visit
        and conn.execute(
            "SELECT 1 FROM guest_call WHERE visit_id = ? AND wants = ? AND answered_at_ms = 0 LIMIT 1",
            (visit.visit_id, wants),
        ).fetchone()
    )
    return Calling(visit=visit, is_known=known is not None, is_pending=bool(pending))


def call(conn: Connection, command: AnswerCall, context: Context) -> Call | None:
    """The call, while it waits."""
    row = conn.execute(
        "SELECT call_id, visit_id FROM guest_call WHERE call_id = ? AND answered_at_ms = 0", (command.call_id,)
    ).fetchone()
    return None if row is None else Call(call_id=row[0], visit_id=row[1])


def left_alone(conn: Connection, command: ExpireDrafts, context: Context) -> LeftAlone:
    """What time has settled, a bounded part of it."""
    return left_at(conn, context.now_ms)


def left_at(conn: Connection, now_ms: int) -> LeftAlone:
    """The same for whoever only looks: nothing is asked of the writer while there is none."""
    long_ago_ms = now_ms - ABANDONED_MS
    abandoned = conn.execute(_ABANDONED, (long_ago_ms, long_ago_ms, long_ago_ms, AT_ONCE))
    return LeftAlone(
        expired=tuple(id for (id,) in conn.execute(_EXPIRED, (now_ms, AT_ONCE))),
        let_go=tuple(id for (id,) in conn.execute(_LET_GO, (now_ms, CLAIM_LIFE_MS, AT_ONCE))),
        calls=tuple(Call(call_id=id, visit_id=v) for id, v in conn.execute(_CALLS_OF_THE_GONE, (AT_ONCE,))),
        abandoned=tuple(Visit(visit_id=id, table_id=table_id, is_open=True) for id, table_id, _ in abandoned),
    )


def _phone_id(context: Context) -> PhoneId:
    """The public door names its askers guest:<phone>."""
    return PhoneId(context.device_id.removeprefix("guest:"))


def _visit(row: Any) -> Visit | None:
    return None if row is None else Visit(visit_id=row[0], table_id=row[1], is_open=row[2] == "open")


def _draft(conn: Connection, draft_id: str) -> Draft | None:
    row = conn.execute(_DRAFT, (draft_id,)).fetchone()
    return None if row is None else Draft(**dict(zip(Draft.__struct_fields__, (*row[:-1], bool(row[-1])), strict=True)))


def _code_secret(conn: Connection) -> bytes:
    (secret,) = conn.execute("SELECT value FROM venue_secret WHERE name = 'table_codes'").fetchone()
    return bytes(secret)
