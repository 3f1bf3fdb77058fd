"""Screens as tables. Their keys are not among them: see `device_key`."""

from collections.abc import Iterator, Mapping

from shared.entry import Entry
from shared.ops.base import Op
from shared.ops.devices import DevicePaired, DeviceRevoked, DrawerChosen, PairingAsked
from shared.projections.projection import ProjectOp
from shared.projections.revisions import REVISION, revision
from shared.projections.rows import row_of
from shared.writes import Put, Set, Table, Write

DEVICE = Table(
    name="device",
    key=("device_id",),
    columns={
        "device_id": "text",
        "pairing_id": "text",
        "role": "text",
        "name": "text",
        "station_id": "text",
        "drawer_id": "text",
        "paired_at_ms": "int",
        "revoked_at_ms": "int",
        **REVISION,
    },
)
PAIRING = Table(
    name="pairing",
    key=("pairing_id",),
    columns={
        "pairing_id": "text",
        "code": "text",
        "app": "text",
        "device_name": "text",
        "state": "text",  # waiting or approved
        "asked_at_ms": "int",
        "expires_at_ms": "int",
    },
    indexes=(("state", "expires_at_ms"),),
)
TABLES = (DEVICE, PAIRING)

#: Made by a migration, never rebuilt: a digest is no op.
DEVICE_KEY = Table(
    name="device_key",
    key=("pairing_id",),
    columns={"pairing_id": "text", "key_digest": "text"},
)

#: Made by a migration, never rebuilt: which screens somebody can see now is no entry of the log.
SCREEN = Table(
    name="screen",
    key=("device_id",),
    columns={
        "device_id": "text",
        "is_awake": "int",
        "shows": "text",  # the station whose tickets are on it: "" for none, all for every one's
        "changed_at_ms": "int",
    },
)


def _asked(entry: Entry, op: PairingAsked) -> Iterator[Write]:
    yield Put("pairing", row_of(PAIRING, op, state="waiting", asked_at_ms=entry.at_ms))


def _paired(entry: Entry, op: DevicePaired) -> Iterator[Write]:
    yield Set("pairing", {"pairing_id": op.pairing_id}, {"state": "approved"})
    names = {"device_id": op.paired_id, "name": op.device_name}
    yield Put("device", row_of(DEVICE, op, **names, revoked_at_ms=0, **revision(entry)))


def _revoked(entry: Entry, op: DeviceRevoked) -> Iterator[Write]:
    yield Set("device", {"device_id": op.revoked_id}, {"revoked_at_ms": op.revoked_at_ms, **revision(entry)})


def _chose_drawer(entry: Entry, op: DrawerChosen) -> Iterator[Write]:
    yield Set("device", {"device_id": op.for_device_id}, {"drawer_id": op.drawer_id, **revision(entry)})


PROJECT: Mapping[type[Op], ProjectOp] = {
    PairingAsked: _asked,
    DevicePaired: _paired,
    DeviceRevoked: _revoked,
    DrawerChosen: _chose_drawer,
}
