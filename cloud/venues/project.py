"""What a venue calls itself, and when its business day begins: the latest settings in its log."""

from collections.abc import Iterator

from shared.entry import Entry
from shared.ops import Op
from shared.ops.floor import VenueConfigured
from shared.writes import Put, Table, Write

VENUE_SETTINGS = Table(
    name="venue_settings",
    key=("which",),
    columns={
        "which": "text",  # always "current": a venue has one row
        "name": "text",
        "currency": "text",
        "language": "text",
        "timezone": "text",
        "cutover_min": "int",
    },
)

TABLES = (VENUE_SETTINGS,)


def project(entry: Entry, op: Op) -> Iterator[Write]:
    """The row that an entry changes."""
    if isinstance(op, VenueConfigured):
        yield Put(
            "venue_settings",
            {
                "which": "current",
                "name": op.name,
                "currency": op.currency,
                "language": op.language,
                "timezone": op.timezone,
                "cutover_min": op.cutover_min,
            },
        )
