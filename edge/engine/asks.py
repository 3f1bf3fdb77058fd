"""Who asks for what: a decoded command on its way to the writer."""

from collections.abc import Callable

import msgspec

from shared.commands.base import Command
from shared.errors import Rejected


class Asker(msgspec.Struct, frozen=True):
    """Who is at the door, as the root's `authenticate` found it."""

    device_id: str
    device_role: str  # guest, waiter, pos, kds, console, edge, hub


#: The edge itself, for what nobody's hand did; and the technician's console.
EDGE = Asker("edge", "edge")
CONSOLE = Asker("console", "console")

#: Finds the paired screen behind an Authorization header; raises Rejected when there is none.
Authenticate = Callable[[str], Asker]


def only_for(asker: Asker, roles: frozenset[str]) -> None:
    """Go on only for devices of these roles.

    Raises:
        Rejected: `not_for_device`.
    """
    if asker.device_role not in roles:
        raise Rejected("not_for_device", role=asker.device_role)


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """One command with its asker. The root's `context_of(conn, ask)` turns it into a Context, or raises Rejected."""

    id: str
    name: str
    command: Command
    asker: Asker
    asked_at_ms: int = 0  # 0 means now
    staff_session: str = ""
    approval: str = ""
