"""Screens, as managers see them."""

from collections.abc import Mapping
from sqlite3 import Connection

from edge.engine.slice import View
from edge.staff.reads import REVISION, WHO
from shared.views.people import DeviceView, PairingView

_CURRENT_PAIRINGS = """
SELECT pairing_id FROM pairing WHERE state = 'waiting'
  AND expires_at_ms >= (SELECT COALESCE(MAX(hlc >> 16), 0) FROM log WHERE seq = (SELECT MAX(seq) FROM log))
"""
_ROLES = frozenset({"pos", "waiter", "manage", "console"})


def devices(conn: Connection, device_ids: list[str]) -> Mapping[str, DeviceView]:
    """Paired screens by id, the revoked among them."""
    marks = ",".join("?" * len(device_ids))
    rows = conn.execute(
        "SELECT t.device_id, t.name, t.role, t.station_id, t.drawer_id, t.paired_at_ms, t.revoked_at_ms,"
        f" COALESCE(s.is_awake, 0), COALESCE(s.changed_at_ms, 0), {REVISION}"
        f" FROM device t LEFT JOIN screen s ON s.device_id = t.device_id {WHO}"
        f" WHERE t.device_id IN ({marks})",
        device_ids,
    )
    names = DeviceView.__struct_fields__
    return {row[0]: DeviceView(**{**dict(zip(names, row, strict=True)), "is_awake": bool(row[7])}) for row in rows}


def pairings(conn: Connection, pairing_ids: list[str]) -> Mapping[str, PairingView]:
    """Screens that wait for a manager."""
    marks = ",".join("?" * len(pairing_ids))
    rows = conn.execute(
        "SELECT pairing_id, code, app, device_name, asked_at_ms, expires_at_ms FROM pairing"
        f" WHERE state = 'waiting' AND pairing_id IN ({marks})",
        pairing_ids,
    )
    return {row[0]: PairingView(**dict(zip(PairingView.__struct_fields__, row, strict=True))) for row in rows}


def _current_devices(conn: Connection) -> list[str]:
    return [id for (id,) in conn.execute("SELECT device_id FROM device WHERE revoked_at_ms = 0")]


def _current_pairings(conn: Connection) -> list[str]:
    """Those whose time has not run out: whoever knocked last year is in nobody's way."""
    return [id for (id,) in conn.execute(_CURRENT_PAIRINGS)]


DEVICES = View(
    kind="device",
    roles=_ROLES,
    touches={"device": lambda key: str(key["device_id"]), "screen": lambda key: str(key["device_id"])},
    load=devices,
    current=_current_devices,
    since=lambda conn, seq: _current_devices(conn),
)
PAIRINGS = View(
    kind="pairing",
    roles=_ROLES,
    touches={"pairing": lambda key: str(key["pairing_id"])},
    load=pairings,
    current=_current_pairings,
)
