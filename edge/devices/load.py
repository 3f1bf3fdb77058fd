"""Builds what the rules of devices need, and finds a screen by its key."""

from collections.abc import Mapping
from sqlite3 import Connection

import msgspec

from edge.devices.state import Pairing, Screen
from edge.staff.reads import REVISION, WHO, revision_of
from shared.commands.devices import ApprovePairing, AskPairing, ChooseDrawer, ReportScreens, RevokeDevice, ScreenNow
from shared.context import Context
from shared.rules.revisions import NEVER, Revision

_REVISION = f"SELECT {REVISION} FROM device t {WHO} WHERE t.device_id = ?"


class KeyHolder(msgspec.Struct, frozen=True, kw_only=True):
    """Who holds a key: a pairing that waits, or a paired screen."""

    pairing_id: str
    pairing_state: str
    expires_at_ms: int
    role: str  # "" until paired
    name: str
    station_id: str
    drawer_id: str
    revoked_at_ms: int


def waiting_pairings(conn: Connection, command: AskPairing, context: Context) -> int:
    """How many screens wait for a manager now."""
    row = conn.execute(
        "SELECT COUNT(*) FROM pairing WHERE state = 'waiting' AND expires_at_ms >= ?",
        (context.now_ms,),
    ).fetchone()
    return int(row[0])


def pairing(conn: Connection, command: ApprovePairing, context: Context) -> Pairing | None:
    """The pairing to approve."""
    fields = ("pairing_id", "app", "device_name", "state", "expires_at_ms")
    row = conn.execute(
        "SELECT pairing_id, app, device_name, state, expires_at_ms FROM pairing WHERE pairing_id = ?",
        (command.pairing_id,),
    ).fetchone()
    return None if row is None else Pairing(**dict(zip(fields, row, strict=True)))


def device(conn: Connection, command: RevokeDevice, context: Context) -> Screen | None:
    """The screen to shut out."""
    row = conn.execute(
        "SELECT device_id, revoked_at_ms FROM device WHERE device_id = ?",
        (command.device_id,),
    ).fetchone()
    return None if row is None else Screen(device_id=row[0], revoked_at_ms=row[1])


def own_revision(conn: Connection, command: ChooseDrawer, context: Context) -> Revision:
    """The last change of the device that asks."""
    row = conn.execute(_REVISION, (context.device_id,)).fetchone()
    return revision_of(row) if row else NEVER


def nothing(conn: Connection, command: ReportScreens, context: Context) -> None:
    """What the edge heard is all that the rule needs."""


def screens_now(conn: Connection) -> Mapping[str, ScreenNow]:
    """Which screens are known to be awake or asleep, by device."""
    rows = conn.execute("SELECT device_id, is_awake, shows FROM screen")
    return {row[0]: ScreenNow(device_id=row[0], is_awake=bool(row[1]), shows=row[2]) for row in rows}


def key_holder(conn: Connection, key_digest: str) -> KeyHolder | None:
    """Who holds the key with this digest."""
    row = conn.execute(
        "SELECT p.pairing_id, p.state, p.expires_at_ms, COALESCE(d.role, ''), COALESCE(d.name, p.device_name),"
        " COALESCE(d.station_id, ''), COALESCE(d.drawer_id, ''), COALESCE(d.revoked_at_ms, 0)"
        " FROM device_key k JOIN pairing p ON p.pairing_id = k.pairing_id"
        " LEFT JOIN device d ON d.device_id = k.pairing_id WHERE k.key_digest = ?",
        (key_digest,),
    ).fetchone()
    return None if row is None else KeyHolder(**dict(zip(KeyHolder.__struct_fields__, row, strict=True)))
