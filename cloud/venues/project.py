"""What a venue calls itself, and when its business day begins: the latest settings in its log."""

from collections.abc import Iterator, Mapping

from shared.entry import Entry
from shared.ops.base import Op
from shared.ops.floor import VenueConfigured
from shared.projections.projection import ProjectOp
from shared.projections.rows import row_of
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


def _configured(entry: Entry, op: VenueConfigured) -> Iterator[Write]:
    yield Put("venue_settings", row_of(VENUE_SETTINGS, op, which="current"))


PROJECT: Mapping[type[Op], ProjectOp] = {VenueConfigured: _configured}
