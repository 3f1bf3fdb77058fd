"""What happens to screens. Keys live in a table of secrets; ops carry ids."""

from typing import ClassVar

from shared.ids import DeviceId, DrawerId, PairingId, StationId
from shared.ops.base import Op


class PairingAsked(Op, frozen=True, kw_only=True, tag="pairing_asked"):
    """A new screen shows `code` and waits for a manager."""

    SUBJECT: ClassVar[str] = "pairing_id"
    pairing_id: PairingId
    code: str
    app: str  # waiter, pos or kds
    device_name: str
    expires_at_ms: int


class DevicePaired(Op, frozen=True, kw_only=True, tag="device_paired"):
    """A screen belongs to the venue, with a role."""

    SUBJECT: ClassVar[str] = "paired_id"
    paired_id: DeviceId
    pairing_id: PairingId
    role: str  # waiter, pos or kds
    device_name: str
    station_id: StationId = StationId("")  # of a kds; "" shows all stations
    drawer_id: DrawerId = DrawerId("")  # of a pos
    paired_at_ms: int


class DrawerChosen(Op, frozen=True, kw_only=True, tag="drawer_chosen"):
    """The cash of a device goes elsewhere from now on."""

    SUBJECT: ClassVar[str] = "for_device_id"
    for_device_id: DeviceId
    drawer_id: DrawerId  # `purse` for each waiter's own; "" for the only one that is open


class DeviceRevoked(Op, frozen=True, kw_only=True, tag="device_revoked"):
    """A screen reaches nothing any more."""

    SUBJECT: ClassVar[str] = "revoked_id"
    revoked_id: DeviceId
    revoked_at_ms: int
