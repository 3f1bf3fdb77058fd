"""What the rules of staff work on."""

import msgspec

from shared.ids import DeviceId, SessionId, StaffId
from shared.rules.revisions import NEVER, Revision


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """A person who works here, as rules see them."""

    staff_id: StaffId
    role: str
    is_active: bool
    failures: int
    sessions: tuple[SessionId, ...] = ()  # open ones
    revision: Revision = NEVER


class SignIn(msgspec.Struct, frozen=True, kw_only=True):
    """A person about to work on a device, and whoever works there now."""

    member: Member | None
    sessions_on_device: tuple[SessionId, ...]


class OpenSession(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody's work on a device."""

    session_id: SessionId
    device_id: DeviceId
