"""People, as devices see them."""

from collections import defaultdict
from collections.abc import Mapping
from sqlite3 import Connection

from edge.engine.slice import Key, View
from edge.staff.reads import REVISION, WHO
from shared.permissions import ROLES
from shared.views.people import StaffView


def staff(conn: Connection, staff_ids: list[str]) -> Mapping[str, StaffView]:
    """People who work here, by id."""
    marks = ",".join("?" * len(staff_ids))
    devices: dict[str, list[str]] = defaultdict(list)
    for staff_id, device_id in conn.execute(
        "SELECT staff_id, device_id FROM staff_session WHERE signed_out_at_ms = 0"
        f" AND staff_id IN ({marks}) ORDER BY signed_in_at_ms",
        staff_ids,
    ):
        devices[staff_id].append(device_id)
    rows = conn.execute(
        f"SELECT t.staff_id, p.name, t.role, t.locked_until_ms, {REVISION} FROM staff_member t"
        f" JOIN person p ON p.staff_id = t.staff_id {WHO}"
        f" WHERE t.is_active = 1 AND t.staff_id IN ({marks})",
        staff_ids,
    )
    return {
        staff_id: StaffView(
            staff_id=staff_id,
            name=name,
            role=role,
            permissions=tuple(sorted(ROLES.get(role, ()))),
            locked_until_ms=locked_until_ms,
            signed_in_on=tuple(devices[staff_id]),
            rev=rev,
            changed_by_name=changed_by_name,
            changed_at_ms=changed_at_ms,
        )
        for staff_id, name, role, locked_until_ms, rev, changed_by_name, changed_at_ms in rows
    }


def _current(conn: Connection) -> list[str]:
    return [id for (id,) in conn.execute("SELECT staff_id FROM staff_member WHERE is_active = 1")]


def _staff_id(key: Key) -> str:
    return str(key["staff_id"])


def _session(key: Key) -> str:
    return f"session:{key['session_id']}"


def _resolve(conn: Connection, names: list[str]) -> set[str]:
    """Whose session began or ended, beside those whose own row changed."""
    sessions = [name.removeprefix("session:") for name in names if name.startswith("session:")]
    marks = ",".join("?" * len(sessions))
    rows = conn.execute(f"SELECT staff_id FROM staff_session WHERE session_id IN ({marks})", sessions)
    return {*(name for name in names if not name.startswith("session:")), *(id for (id,) in rows)}


STAFF = View(
    kind="staff",
    roles=frozenset({"waiter", "pos", "kds", "manage", "console"}),
    touches={"staff_member": _staff_id, "staff_session": _session},
    load=staff,
    current=_current,
    resolve=_resolve,
)
