"""What may be asked about screens."""

from typing import Annotated

import msgspec

from shared.commands.base import Command
from shared.ids import IdText

App = Annotated[str, msgspec.Meta(pattern="^(waiter|pos|kds)$")]
DeviceName = Annotated[str, msgspec.Meta(min_length=1, max_length=40)]


class AskPairing(Command, frozen=True, kw_only=True, tag="ask_pairing"):
    """A new screen asks to be let in. Asked by the edge's pairing route, which made the code and keeps the key's digest."""

    pairing_id: IdText
    code: IdText
    app: App
    device_name: DeviceName
    key_digest: str


class ApprovePairing(Command, frozen=True, kw_only=True, tag="approve_pairing"):
    """Let a new screen in, with a role."""

    pairing_id: IdText
    role: App
    device_name: str = ""
    station_id: str = ""
    drawer_id: str = ""


class RevokeDevice(Command, frozen=True, kw_only=True, tag="revoke_device"):
    """Shut a screen out, now."""

    device_id: IdText
