"""What the rules of devices work on."""

import msgspec

from shared.ids import DeviceId, PairingId


class Pairing(msgspec.Struct, frozen=True, kw_only=True):
    """A screen that asked to be let in."""

    pairing_id: PairingId
    app: str
    device_name: str
    state: str  # waiting or approved
    expires_at_ms: int


class Screen(msgspec.Struct, frozen=True, kw_only=True):
    """A paired screen."""

    device_id: DeviceId
    revoked_at_ms: int
