"""Who asks for what: a decoded command on its way to the writer."""

import msgspec

from shared.commands.base import Command


class Asker(msgspec.Struct, frozen=True):
    """Who is at the door, as the root's `authenticate` found it."""

    device_id: str
    device_role: str  # guest, waiter, pos, kds, console, edge, hub


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """One command with its asker. The root's `context_of(conn, ask)` turns it into a Context, or raises Rejected."""

    id: str
    name: str
    command: Command
    asker: Asker
    asked_at_ms: int = 0  # 0 means now
    staff_session: str = ""
    approval: str = ""
