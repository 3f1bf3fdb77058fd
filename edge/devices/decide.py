"""The rules of devices."""

from collections.abc import Iterable, Sequence

from edge.devices.state import Pairing, Screen
from shared.commands.devices import ApprovePairing, AskPairing, ChooseDrawer, ReportScreens, RevokeDevice
from shared.context import Context
from shared.errors import Rejected
from shared.ids import DeviceId, DrawerId, PairingId, StationId
from shared.ops import Op
from shared.ops.devices import DevicePaired, DeviceRevoked, DrawerChosen, PairingAsked
from shared.rules.revisions import Revision, check_revision
from shared.writes import Put, Write

PAIRING_LIFE_MS = 600_000
MOST_WAITING = 20  # screens that may wait at once; more is somebody knocking, not a restaurant opening


def ask_pairing(command: AskPairing, waiting: int, context: Context) -> list[Op]:
    """A new screen waits for a manager, for ten minutes.

    Raises:
        Rejected: `too_fast` when too many screens wait already.
    """
    if waiting >= MOST_WAITING:
        raise Rejected("too_fast", retry_after_s=60)
    return [
        PairingAsked(
            pairing_id=PairingId(command.pairing_id),
            code=command.code,
            app=command.app,
            device_name=command.device_name,
            expires_at_ms=context.now_ms + PAIRING_LIFE_MS,
        )
    ]


def keep_key(command: AskPairing, ops: Sequence[Op], context: Context) -> Iterable[Write]:
    """The digest of the screen's key."""
    yield Put(
        "device_key",
        {"pairing_id": command.pairing_id, "key_digest": command.key_digest},
    )


def approve_pairing(command: ApprovePairing, pairing: Pairing | None, context: Context) -> list[Op]:
    """Let a screen in; its pairing's id becomes the device's.

    Raises:
        Rejected: `pairing_unknown`, `pairing_expired`; `needs_manager` without `manage_devices`.
    """
    context.require("manage_devices")
    if pairing is None or pairing.state != "waiting":
        raise Rejected("pairing_unknown")
    if context.now_ms > pairing.expires_at_ms:
        raise Rejected("pairing_expired")
    return [
        DevicePaired(
            paired_id=DeviceId(pairing.pairing_id),
            pairing_id=pairing.pairing_id,
            role=command.role,
            device_name=command.device_name or pairing.device_name,
            station_id=StationId(command.station_id),
            drawer_id=DrawerId(command.drawer_id),
            paired_at_ms=context.now_ms,
        )
    ]


def choose_drawer(command: ChooseDrawer, last: Revision, context: Context) -> list[Op]:
    """The cash of the device that asks goes there from now on. It need not be open yet: its float may come later.

    Raises:
        Rejected: `changed_meanwhile`; `needs_manager` without `charge`.
    """
    context.require("charge")
    check_revision(command.if_rev, last)
    return [DrawerChosen(for_device_id=DeviceId(context.device_id), drawer_id=DrawerId(command.drawer_id))]


def report_screens(command: ReportScreens, state: None, context: Context) -> list[Op]:
    """Nothing for the log: what is kept of it is in `keep_screens`."""
    return []


def keep_screens(command: ReportScreens, ops: Sequence[Op], context: Context) -> Iterable[Write]:
    """The screens as they are now."""
    for screen in command.screens:
        yield Put(
            "screen",
            {
                "device_id": screen.device_id,
                "is_awake": int(screen.is_awake),
                "shows": screen.shows,
                "changed_at_ms": context.now_ms,
            },
        )


def revoke_device(command: RevokeDevice, screen: Screen | None, context: Context) -> list[Op]:
    """Shut a screen out at once; one that is out stays out.

    Raises:
        Rejected: `device_unknown`; `needs_manager` without `manage_devices`.
    """
    context.require("manage_devices")
    if screen is None:
        raise Rejected("device_unknown")
    if screen.revoked_at_ms:
        return []
    return [DeviceRevoked(revoked_id=screen.device_id, revoked_at_ms=context.now_ms)]
