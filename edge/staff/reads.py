"""What other slices may read of who asks and when: the venue's rules, its open period, the day of a moment, who may what."""

from collections.abc import Sequence
from functools import lru_cache
from sqlite3 import Connection
from typing import Any

from edge.engine.asks import Asker
from edge.engine.memory import seldom_changes
from shared.calendar import business_day
from shared.context import VenueRules
from shared.errors import Rejected
from shared.permissions import DEVICE_ROLES, ROLES
from shared.rules.revisions import Revision

#: What `Revision` says of a configured record `t`, and the join that finds who changed it.
REVISION = "t.rev, COALESCE(who.name, ''), t.changed_at_ms"
WHO = "LEFT JOIN person who ON who.staff_id = t.changed_by"

_VENUE_FIELDS = VenueRules.__struct_fields__
_SESSION = """
SELECT s.staff_id, m.role, s.device_id, s.signed_in_at_ms, s.signed_out_at_ms, m.is_active
FROM staff_session s JOIN staff_member m ON m.staff_id = s.staff_id WHERE s.session_id = ?
"""
_VENUE = f"""
SELECT (SELECT COALESCE(MAX(z_number), 0) + 1 FROM z_report), {", ".join(_VENUE_FIELDS)}
FROM (SELECT 1) LEFT JOIN venue LIMIT 1
"""


def current_day(conn: Connection, now_ms: int) -> str:
    """The business day that a moment counts to."""
    venue, _ = venue_rules(conn)
    return day_of(venue, now_ms)


@seldom_changes("venue", "z_report")
def venue_rules(conn: Connection) -> tuple[VenueRules, int]:
    """The venue's settings (the defaults before it was configured), and the number of the open period."""
    period, *fields = conn.execute(_VENUE).fetchone()
    if fields[0] is None:
        return VenueRules(), period
    return VenueRules(**dict(zip(_VENUE_FIELDS, fields, strict=True))), period


def revision_of(columns: Sequence[Any]) -> Revision:
    """The revision that the three columns of `REVISION` say."""
    rev, changed_by_name, changed_at_ms = columns
    return Revision(rev=rev, changed_by_name=changed_by_name, changed_at_ms=changed_at_ms)


def day_of(venue: VenueRules, now_ms: int) -> str:
    """The business day of a moment, by the venue's cut-over."""
    return business_day(now_ms, timezone=venue.timezone, cutover_min=venue.cutover_min)


def permissions_on(conn: Connection, asker: Asker, session_id: str) -> frozenset[str]:
    """What the person signed in on that device may do there; without one, what the device itself may.

    Raises:
        Rejected: `needs_sign_in` for a session that has ended or is another device's.
    """
    if not session_id:
        return permissions_of(asker.device_role, "")
    row = session_row(conn, session_id)
    if row is None:
        raise Rejected("needs_sign_in")
    _, role, device_id, _, signed_out_at_ms, is_active = row
    if device_id != asker.device_id or signed_out_at_ms or not is_active:
        raise Rejected("needs_sign_in")
    return permissions_of(asker.device_role, role)


@lru_cache(maxsize=64)
def permissions_of(device_role: str, staff_role: str) -> frozenset[str]:
    """What a device may do with a person of that role at it; with nobody, for no role."""
    return DEVICE_ROLES.get(device_role, frozenset()) | ROLES.get(staff_role, frozenset())


@seldom_changes("staff_session", "staff_member")
def session_row(conn: Connection, session_id: str) -> tuple[str, str, str, int, int, int] | None:
    """Whose session, their role, on which device, since when, until when (0 while it lasts), and whether they work here."""
    row: tuple[str, str, str, int, int, int] | None = conn.execute(_SESSION, (session_id,)).fetchone()
    return row
