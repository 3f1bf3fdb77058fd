"""What other slices may read of who asks and when: the venue's rules, and the day that a moment counts to."""

from sqlite3 import Connection

from edge.engine.memory import seldom_changes
from shared.calendar import business_day
from shared.context import VenueRules

_VENUE_FIELDS = VenueRules.__struct_fields__
_VENUE = f"""
SELECT (SELECT COALESCE(MAX(business_day), '') FROM z_report), {", ".join(_VENUE_FIELDS)}
FROM (SELECT 1) LEFT JOIN venue LIMIT 1
"""


def current_day(conn: Connection, now_ms: int) -> str:
    """The business day that a moment counts to; never one that was closed."""
    return day_of(*venue_rules(conn), now_ms)


@seldom_changes("venue", "z_report")
def venue_rules(conn: Connection) -> tuple[VenueRules, str]:
    """The venue's settings (the defaults before it was configured), and the last day that was closed."""
    last_closed, *fields = conn.execute(_VENUE).fetchone()
    if fields[0] is None:
        return VenueRules(), last_closed
    return VenueRules(**dict(zip(_VENUE_FIELDS, fields, strict=True))), last_closed


def day_of(venue: VenueRules, last_closed: str, now_ms: int) -> str:
    """The business day of a moment, by the venue's cut-over and what was closed."""
    return business_day(now_ms, timezone=venue.timezone, cutover_min=venue.cutover_min, last_closed=last_closed)
