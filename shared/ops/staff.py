"""What happens to people at work. Names and PINs live in tables that can forget; ops carry ids."""

from typing import ClassVar

from shared.ids import ApprovalId, DeviceId, SessionId, StaffId
from shared.ops.base import Op


class StaffAdded(Op, frozen=True, kw_only=True, tag="staff_added"):
    """A person works here, with a role."""

    SUBJECT: ClassVar[str] = "staff_id"
    staff_id: StaffId
    role: str


class StaffRoleSet(Op, frozen=True, kw_only=True, tag="staff_role_set"):
    """A person has another role now."""

    SUBJECT: ClassVar[str] = "staff_id"
    staff_id: StaffId
    role: str


class StaffRemoved(Op, frozen=True, kw_only=True, tag="staff_removed"):
    """A person no longer works here; sessions end."""

    SUBJECT: ClassVar[str] = "staff_id"
    staff_id: StaffId


class PinSet(Op, frozen=True, kw_only=True, tag="pin_set"):
    """A person has a new PIN; a lockout ends."""

    SUBJECT: ClassVar[str] = "staff_id"
    staff_id: StaffId


class PinFailed(Op, frozen=True, kw_only=True, tag="pin_failed"):
    """A wrong PIN was entered. `locked_until_ms` is 0 while tries are left."""

    SUBJECT: ClassVar[str] = "staff_id"
    staff_id: StaffId
    failures: int  # in a row
    locked_until_ms: int = 0


class StaffSignedIn(Op, frozen=True, kw_only=True, tag="staff_signed_in"):
    """A person works on a device now; whoever did before does not."""

    SUBJECT: ClassVar[str] = "session_id"
    session_id: SessionId
    staff_id: StaffId
    on_device_id: DeviceId
    signed_in_at_ms: int


class StaffSignedOut(Op, frozen=True, kw_only=True, tag="staff_signed_out"):
    """The person left the device, or it locked itself."""

    SUBJECT: ClassVar[str] = "session_id"
    session_id: SessionId


class ApprovalGiven(Op, frozen=True, kw_only=True, tag="approval_given"):
    """A manager approved one command of somebody else, by id and content, for five minutes, on the screen that asked."""

    SUBJECT: ClassVar[str] = "approval_id"
    approval_id: ApprovalId
    approver_id: StaffId
    for_command_id: str
    for_command_name: str
    given_at_ms: int
    expires_at_ms: int
    on_device_id: DeviceId = DeviceId("")  # "" in old logs: any screen
    for_digest: str = ""  # of the command's name and body, as hex; "" in old logs: any body
