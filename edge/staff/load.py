"""Builds what the rules of staff need, and the Context of every command."""

from collections.abc import Callable
from sqlite3 import Connection

import msgspec

from edge.engine.asks import Ask, Asker
from edge.engine.memory import seldom_changes
from edge.staff.reads import REVISION, WHO, day_of, permissions_of, revision_of, session_row, venue_rules
from edge.staff.state import Member, OpenSession, SignIn
from shared.commands.base import digest_of
from shared.commands.staff import (
    AddStaff,
    RecordApproval,
    RecordPinFailure,
    RecordSignIn,
    RemoveStaff,
    SetPin,
    SetStaffRole,
    SignOut,
)
from shared.context import Context
from shared.errors import Rejected
from shared.permissions import APPROVABLE, MAY_COME_LATE, ROLES

_MEMBER = (
    f"SELECT t.staff_id, t.role, t.is_active, t.failures, {REVISION} FROM staff_member t {WHO} WHERE t.staff_id = ?"
)
_APPROVAL = """
SELECT a.approver_id, m.role FROM approval a JOIN staff_member m ON m.staff_id = a.approver_id
WHERE a.approval_id = ? AND a.for_command_id = ? AND a.for_command_name = ? AND a.expires_at_ms >= ? AND m.is_active = 1
  AND a.on_device_id IN ('', ?) AND a.for_digest IN ('', ?)
"""
#: A device that was offline may say so long after a session's end what was asked in it: its clock is all we have.
LATE_MS = 2 * 3_600_000
#: Askers that are no paired screen: parts of the edge, the technician's console, a guest's phone, the hub.
_UNPAIRED = frozenset({"guest", "edge", "console", "hub"})


class LoginFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What the sign-in route needs of a person."""

    name: str
    role: str
    pin_hash: str
    failures: int
    locked_until_ms: int


def context_of(conn: Connection, ask: Ask, now_ms: int, fresh_id: Callable[[], str]) -> Context:
    """Who asks, as the tables say inside the command's own transaction.

    Raises:
        Rejected: `device_unknown`, `device_revoked`, `needs_sign_in` for a session that is not this device's, or is
            over, but for an order asked within it by a device that is offline no longer than it is believed;
            `approval_invalid`.
    """
    role = _device_role(conn, ask.asker)
    venue, period = venue_rules(conn)
    asked_at_ms = min(ask.asked_at_ms or now_ms, now_ms)
    staff_id, staff_role = _person(conn, ask, asked_at_ms, now_ms)
    approver_id, approved = _approval(conn, ask, now_ms)
    return Context(
        now_ms=now_ms,
        asked_at_ms=asked_at_ms,
        business_day=day_of(venue, now_ms),
        period=period,
        device_id=ask.asker.device_id,
        device_role=role,
        staff_id=staff_id,
        staff_role=staff_role,
        command_id=ask.id,
        permissions=permissions_of(role, staff_role),
        approved_by=approver_id,
        approved_permissions=approved,
        venue=venue,
        fresh_id=fresh_id,
    )


def member(
    conn: Connection,
    command: AddStaff | SetStaffRole | SetPin | RemoveStaff | RecordPinFailure,
    context: Context,
) -> Member | None:
    """The person that the command names."""
    return _member(conn, command.staff_id)


def approver(conn: Connection, command: RecordApproval, context: Context) -> Member | None:
    """The manager who approves."""
    return _member(conn, command.approver_id)


def sign_in(conn: Connection, command: RecordSignIn, context: Context) -> SignIn:
    """The person, and who works on the device now."""
    rows = conn.execute(
        "SELECT session_id FROM staff_session WHERE device_id = ? AND signed_out_at_ms = 0",
        (command.on_device_id,),
    )
    return SignIn(
        member=_member(conn, command.staff_id),
        sessions_on_device=tuple(id for (id,) in rows),
    )


def session_to_end(conn: Connection, command: SignOut, context: Context) -> OpenSession | None:
    """The session, while it lasts."""
    row = conn.execute(
        "SELECT session_id, device_id FROM staff_session WHERE session_id = ? AND signed_out_at_ms = 0",
        (command.session_id,),
    ).fetchone()
    return None if row is None else OpenSession(session_id=row[0], device_id=row[1])


def login_facts(conn: Connection, staff_id: str) -> LoginFacts | None:
    """What the sign-in route checks a PIN against; None for nobody who works here."""
    row = conn.execute(
        "SELECT p.name, m.role, p.pin_hash, m.failures, m.locked_until_ms FROM staff_member m"
        " JOIN person p ON p.staff_id = m.staff_id WHERE m.staff_id = ? AND m.is_active = 1",
        (staff_id,),
    ).fetchone()
    return None if row is None else LoginFacts(**dict(zip(LoginFacts.__struct_fields__, row, strict=True)))


def _member(conn: Connection, staff_id: str) -> Member | None:
    row = conn.execute(_MEMBER, (staff_id,)).fetchone()
    if row is None:
        return None
    sessions = conn.execute(
        "SELECT session_id FROM staff_session WHERE staff_id = ? AND signed_out_at_ms = 0",
        (staff_id,),
    )
    return Member(
        staff_id=row[0],
        role=row[1],
        is_active=bool(row[2]),
        failures=row[3],
        sessions=tuple(id for (id,) in sessions),
        revision=revision_of(row[4:]),
    )


def _device_role(conn: Connection, asker: Asker) -> str:
    if asker.device_role in _UNPAIRED:
        return asker.device_role
    row = _device(conn, asker.device_id)
    if row is None:
        raise Rejected("device_unknown")
    role, revoked_at_ms = row
    if revoked_at_ms:
        raise Rejected("device_revoked", at_ms=revoked_at_ms)
    return role


@seldom_changes("device")
def _device(conn: Connection, device_id: str) -> tuple[str, int] | None:
    row: tuple[str, int] | None = conn.execute(
        "SELECT role, revoked_at_ms FROM device WHERE device_id = ?", (device_id,)
    ).fetchone()
    return row


def _person(conn: Connection, ask: Ask, asked_at_ms: int, now_ms: int) -> tuple[str, str]:
    if not ask.staff_session:
        return "", ""
    row = session_row(conn, ask.staff_session)
    if row is None:
        raise Rejected("needs_sign_in")
    staff_id, role, device_id, signed_in_at_ms, signed_out_at_ms, is_active = row
    if device_id != ask.asker.device_id or not is_active:
        raise Rejected("needs_sign_in")
    if signed_out_at_ms:
        was_there = signed_in_at_ms <= asked_at_ms <= signed_out_at_ms and now_ms - signed_out_at_ms <= LATE_MS
        if not was_there or ask.name not in MAY_COME_LATE:
            raise Rejected("needs_sign_in")
    return staff_id, role


def _approval(conn: Connection, ask: Ask, now_ms: int) -> tuple[str, frozenset[str]]:
    if not ask.approval:
        return "", frozenset()
    wanted = (ask.approval, ask.id, ask.name, now_ms, ask.asker.device_id, digest_of(ask.command).hex())
    row = conn.execute(_APPROVAL, wanted).fetchone()
    if row is None:
        raise Rejected("approval_invalid")
    return row[0], ROLES.get(row[1], frozenset()) & APPROVABLE.get(ask.name, frozenset())
