"""The rules of staff."""

from collections.abc import Iterable, Sequence

from edge.staff.state import Member, OpenSession, SignIn
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
from shared.ids import ApprovalId, DeviceId, SessionId, StaffId
from shared.ops import Op
from shared.ops.staff import (
    ApprovalGiven,
    PinFailed,
    PinSet,
    StaffAdded,
    StaffRemoved,
    StaffRoleSet,
    StaffSignedIn,
    StaffSignedOut,
)
from shared.permissions import APPROVABLE, ROLES
from shared.rules.revisions import check_revision
from shared.writes import Put, Set, Write

TRIES = 5  # wrong PINs in a row before a wait
FIRST_WAIT_MS = 30_000
LONGEST_WAIT_MS = 900_000
APPROVAL_LIFE_MS = 300_000


def add_staff(command: AddStaff, member: Member | None, context: Context) -> list[Op]:
    """Add a person. The name and the PIN's hash go to a table that can forget.

    Raises:
        Rejected: `role_unknown`, `staff_exists` also for the id of somebody who left; `needs_manager` without `manage_staff`.
    """
    context.require("manage_staff")
    _check_role(command.role)
    if member is not None:
        raise Rejected("staff_exists")
    staff_id = StaffId(command.staff_id)
    return [StaffAdded(staff_id=staff_id, role=command.role), PinSet(staff_id=staff_id)]


def keep_person(command: AddStaff, ops: Sequence[Op], context: Context) -> Iterable[Write]:
    """The new person's row."""
    yield Put(
        "person",
        {
            "staff_id": command.staff_id,
            "name": command.staff_name,
            "pin_hash": command.pin,
        },
    )


def set_staff_role(command: SetStaffRole, member: Member | None, context: Context) -> list[Op]:
    """Give a person another role; their sessions end, and they sign in with what they may do now.

    Raises:
        Rejected: `staff_unknown`, `role_unknown`; `changed_meanwhile`; `needs_manager` without `manage_staff`.
    """
    context.require("manage_staff")
    _check_role(command.role)
    member = _active(member)
    check_revision(command.if_rev, member.revision)
    if member.role == command.role:
        return []
    return [*_ended(member), StaffRoleSet(staff_id=member.staff_id, role=command.role)]


def set_pin(command: SetPin, member: Member | None, context: Context) -> list[Op]:
    """Give a person a new PIN; a lockout ends, and so do the sessions that the old one opened.

    Raises:
        Rejected: `staff_unknown`; `changed_meanwhile`; `needs_manager` without `manage_staff`.
    """
    context.require("manage_staff")
    member = _active(member)
    check_revision(command.if_rev, member.revision)
    return [*_ended(member), PinSet(staff_id=member.staff_id)]


def keep_pin(command: SetPin, ops: Sequence[Op], context: Context) -> Iterable[Write]:
    """The new PIN's hash."""
    yield Set("person", {"staff_id": command.staff_id}, {"pin_hash": command.pin})


def remove_staff(command: RemoveStaff, member: Member | None, context: Context) -> list[Op]:
    """A person no longer works here; their sessions end.

    Raises:
        Rejected: `staff_unknown`; `changed_meanwhile`; `needs_manager` without `manage_staff`.
    """
    context.require("manage_staff")
    member = _active(member)
    check_revision(command.if_rev, member.revision)
    return [*_ended(member), StaffRemoved(staff_id=member.staff_id)]


def forget_pin(command: RemoveStaff, ops: Sequence[Op], context: Context) -> Iterable[Write]:
    """No PIN is right for somebody who left."""
    yield Set("person", {"staff_id": command.staff_id}, {"pin_hash": ""})


def record_sign_in(command: RecordSignIn, sign_in: SignIn, context: Context) -> list[Op]:
    """The person works on the device; whoever did before does not.

    Raises:
        Rejected: `staff_unknown`.
    """
    member = _active(sign_in.member)
    return [
        *(StaffSignedOut(session_id=session_id) for session_id in sign_in.sessions_on_device),
        StaffSignedIn(
            session_id=SessionId(command.session_id),
            staff_id=member.staff_id,
            on_device_id=DeviceId(command.on_device_id),
            signed_in_at_ms=context.now_ms,
        ),
    ]


def record_pin_failure(command: RecordPinFailure, member: Member | None, context: Context) -> list[Op]:
    """One more wrong PIN; after five in a row a wait that doubles, 15 minutes at most.

    Raises:
        Rejected: `staff_unknown`.
    """
    member = _active(member)
    failures = member.failures + 1
    locked_until_ms = 0
    if failures >= TRIES:
        wait_ms = min(FIRST_WAIT_MS << min(failures - TRIES, 10), LONGEST_WAIT_MS)
        locked_until_ms = context.now_ms + wait_ms
    return [PinFailed(staff_id=member.staff_id, failures=failures, locked_until_ms=locked_until_ms)]


def record_approval(command: RecordApproval, approver: Member | None, context: Context) -> list[Op]:
    """A manager approves one command, by its id and what it says.

    Raises:
        Rejected: `staff_unknown`; `needs_permission` when the person may not approve; `not_approvable` for a command
            that is not lent.
    """
    approver = _active(approver)
    if "approve" not in ROLES[approver.role]:
        raise Rejected("needs_permission", permission="approve")
    if command.for_command_name not in APPROVABLE:
        raise Rejected("not_approvable", command=command.for_command_name)
    return [
        ApprovalGiven(
            approval_id=ApprovalId(command.approval_id),
            approver_id=approver.staff_id,
            for_command_id=command.for_command_id,
            for_command_name=command.for_command_name,
            given_at_ms=context.now_ms,
            expires_at_ms=context.now_ms + APPROVAL_LIFE_MS,
            on_device_id=DeviceId(command.on_device_id),
            for_digest=command.for_digest,
        )
    ]


def sign_out(command: SignOut, session: OpenSession | None, context: Context) -> list[Op]:
    """End a session; one that has ended stays ended.

    Raises:
        Rejected: `needs_permission` for another device's session.
    """
    if session is None:
        return []
    if session.device_id != context.device_id and not context.may("manage_staff"):
        raise Rejected("needs_permission", permission="manage_staff")
    return [StaffSignedOut(session_id=session.session_id)]


def _ended(member: Member) -> list[Op]:
    return [StaffSignedOut(session_id=session_id) for session_id in member.sessions]


def _active(member: Member | None) -> Member:
    if member is None or not member.is_active:
        raise Rejected("staff_unknown")
    return member


def _check_role(role: str) -> None:
    if role not in ROLES:
        raise Rejected("role_unknown")
