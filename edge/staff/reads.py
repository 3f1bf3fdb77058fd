"""What other slices may read of who asks and when: the venue's rules, its open period, and the day of a moment."""

from sqlite3 import Connection

from edge.engine.memory import seldom_changes
from shared.calendar import business_day
from shared.context import VenueRules

_VENUE_FIELDS = VenueRules.__struct_fields__
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


def day_of(venue: VenueRules, now_ms: int) -> str:
    """The business day of a moment, by the venue's cut-over."""
    return business_day(now_ms, timezone=venue.timezone, cutover_min=venue.cutover_min)
