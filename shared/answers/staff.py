"""What a right PIN gives."""

import msgspec

#: The session of who asks, on a request that is no command.
SESSION_HEADER = "x-staff-session"


class SignedIn(msgspec.Struct, frozen=True, kw_only=True):
    """The session to put on every command, and what the person may do."""

    session: str
    staff_id: str
    name: str
    role: str
    permissions: tuple[str, ...]


class Approved(msgspec.Struct, frozen=True, kw_only=True):
    """The approval to put on that one command."""

    approval: str
    approver_id: str
    approver_name: str


ANSWERS = (SignedIn, Approved)
