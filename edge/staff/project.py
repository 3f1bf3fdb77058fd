"""People, sessions and approvals as tables. Names are not among them: see `person`."""

from collections.abc import Iterator

from shared.entry import Entry
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
from shared.writes import Put, Set, Table, Value, Write

MEMBER = Table(
    name="staff_member",
    key=("staff_id",),
    columns={
        "staff_id": "text",
        "role": "text",
        "is_active": "int",
        "failures": "int",
        "locked_until_ms": "int",
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
    },
)
TABLES = (MEMBER, SESSION, APPROVAL)

#: Made by a migration, never rebuilt: the log holds nobody's name.
PERSON = Table(
    name="person",
    key=("staff_id",),
    columns={"staff_id": "text", "name": "text", "pin_hash": "text"},
)

KINDS = frozenset(
    {
        "staff_added",
        "staff_role_set",
        "staff_removed",
        "pin_set",
        "pin_failed",
        "staff_signed_in",
        "staff_signed_out",
        "approval_given",
    }
)


def project(entry: Entry, op: Op) -> Iterator[Write]:
    """The rows that an entry changes."""
    match op:
        case StaffAdded():
            yield Put("staff_member", _member(op))
        case StaffRoleSet():
            yield Set("staff_member", {"staff_id": op.staff_id}, {"role": op.role})
        case StaffRemoved():
            yield Set("staff_member", {"staff_id": op.staff_id}, {"is_active": 0})
        case PinSet():
            yield Set(
                "staff_member",
                {"staff_id": op.staff_id},
                {"failures": 0, "locked_until_ms": 0},
            )
        case PinFailed():
            yield Set(
                "staff_member",
                {"staff_id": op.staff_id},
                {"failures": op.failures, "locked_until_ms": op.locked_until_ms},
            )
        case StaffSignedIn():
            yield Put(
                "staff_session",
                {
                    "session_id": op.session_id,
                    "staff_id": op.staff_id,
                    "device_id": op.on_device_id,
                    "signed_in_at_ms": op.signed_in_at_ms,
                    "signed_out_at_ms": 0,
                },
            )
            yield Set(
                "staff_member",
                {"staff_id": op.staff_id},
                {"failures": 0, "locked_until_ms": 0},
            )
        case StaffSignedOut():
            yield Set(
                "staff_session",
                {"session_id": op.session_id},
                {"signed_out_at_ms": entry.at_ms},
            )
        case ApprovalGiven():
            yield Put(
                "approval",
                {
                    "approval_id": op.approval_id,
                    "approver_id": op.approver_id,
                    "for_command_id": op.for_command_id,
                    "for_command_name": op.for_command_name,
                    "expires_at_ms": op.expires_at_ms,
                    "on_device_id": op.on_device_id,
                },
            )
            yield Set(
                "staff_member",
                {"staff_id": op.approver_id},
                {"failures": 0, "locked_until_ms": 0},
            )


def _member(op: StaffAdded) -> dict[str, Value]:
    return {"staff_id": op.staff_id, "role": op.role, "is_active": 1, "failures": 0, "locked_until_ms": 0}
