"""People, sessions and approvals as tables. Names are not among them: see `person`."""

from collections.abc import Iterator, Mapping

from shared.entry import Entry
from shared.ops.base import Op
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
from shared.projections.projection import ProjectOp
from shared.projections.revisions import REVISION, revision
from shared.projections.rows import columns_of, row_of
from shared.writes import Put, Set, Table, Write

MEMBER = Table(
    name="staff_member",
    key=("staff_id",),
    columns={
        "staff_id": "text",
        "role": "text",
        "is_active": "int",
        "failures": "int",
        "locked_until_ms": "int",
        **REVISION,
    },
)
SESSION = Table(
    name="staff_session",
    key=("session_id",),
    columns={
        "session_id": "text",
        "staff_id": "text",
        "device_id": "text",
        "signed_in_at_ms": "int",
        "signed_out_at_ms": "int",  # 0 while it lasts
    },
    indexes=(("device_id", "signed_out_at_ms"), ("staff_id", "signed_out_at_ms")),
)
APPROVAL = Table(
    name="approval",
    key=("approval_id",),
    columns={
        "approval_id": "text",
        "approver_id": "text",
        "for_command_id": "text",
        "for_command_name": "text",
        "expires_at_ms": "int",
        "on_device_id": "text",  # "" for any
        "for_digest": "text",  # "" for any
    },
)
TABLES = (MEMBER, SESSION, APPROVAL)

#: Made by a migration, never rebuilt: the log holds nobody's name.
PERSON = Table(
    name="person",
    key=("staff_id",),
    columns={"staff_id": "text", "name": "text", "pin_hash": "text"},
)


def _added(entry: Entry, op: StaffAdded) -> Iterator[Write]:
    yield Put("staff_member", row_of(MEMBER, op, is_active=1, failures=0, locked_until_ms=0, **revision(entry)))


def _role_set(entry: Entry, op: StaffRoleSet) -> Iterator[Write]:
    yield Set("staff_member", {"staff_id": op.staff_id}, {"role": op.role, **revision(entry)})


def _removed(entry: Entry, op: StaffRemoved) -> Iterator[Write]:
    yield Set("staff_member", {"staff_id": op.staff_id}, {"is_active": 0, **revision(entry)})


def _pin_set(entry: Entry, op: PinSet) -> Iterator[Write]:
    yield _forgiven(op.staff_id)
    yield Set("staff_member", {"staff_id": op.staff_id}, revision(entry))


def _pin_failed(entry: Entry, op: PinFailed) -> Iterator[Write]:
    yield Set("staff_member", {"staff_id": op.staff_id}, columns_of(op, "failures", "locked_until_ms"))


def _signed_in(entry: Entry, op: StaffSignedIn) -> Iterator[Write]:
    yield Put("staff_session", row_of(SESSION, op, device_id=op.on_device_id, signed_out_at_ms=0))
    yield _forgiven(op.staff_id)


def _signed_out(entry: Entry, op: StaffSignedOut) -> Iterator[Write]:
    yield Set("staff_session", {"session_id": op.session_id}, {"signed_out_at_ms": entry.at_ms})


def _approved(entry: Entry, op: ApprovalGiven) -> Iterator[Write]:
    yield Put("approval", row_of(APPROVAL, op))
    yield _forgiven(op.approver_id)


def _forgiven(staff_id: str) -> Set:
    """Whoever knows the PIN has not failed at it."""
    return Set("staff_member", {"staff_id": staff_id}, {"failures": 0, "locked_until_ms": 0})


PROJECT: Mapping[type[Op], ProjectOp] = {
    StaffAdded: _added,
    StaffRoleSet: _role_set,
    StaffRemoved: _removed,
    PinSet: _pin_set,
    PinFailed: _pin_failed,
    StaffSignedIn: _signed_in,
    StaffSignedOut: _signed_out,
    ApprovalGiven: _approved,
}
