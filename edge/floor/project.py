"""The venue, its sections and tables as tables."""

from collections.abc import Iterator

from shared.entry import Entry
from shared.ops import Op
from shared.ops.floor import (
    SectionAssigned,
    SectionDrawn,
    TableCodeReplaced,
    TableDrawn,
    TableRemoved,
    VenueConfigured,
)
from shared.writes import Put, Set, Table, Write

VENUE = Table(
    name="venue",
    key=("venue_id",),
    columns={
        "venue_id": "text",
        "name": "text",
        "currency": "text",
        "language": "text",
        "timezone": "text",
        "cutover_min": "int",
        "cover_charge_minor": "int",
        "cover_charge_vat_bp": "int",
        "draft_expiry_s": "int",
        "max_waiting_drafts": "int",
        "wifi_name": "text",
    },
)
SECTION = Table(
    name="section",
    key=("section_id",),
    columns={
        "section_id": "text",
        "name": "text",
        "position": "int",
        "width": "int",
        "height": "int",
        "staff_id": "text",
    },
)
DINING_TABLE = Table(
    name="dining_table",
    key=("table_id",),
    columns={
        "table_id": "text",
        "section_id": "text",
        "label": "text",
        "shape": "text",
        "seats": "int",
        "x": "int",
        "y": "int",
        "width": "int",
        "height": "int",
        "is_removed": "int",
        "code_generation": "int",
    },
    indexes=(("section_id",), ("label",)),
)
_DRAWN = tuple(column for column in DINING_TABLE.columns if column != "is_removed")
TABLES = (VENUE, SECTION, DINING_TABLE)

KINDS = frozenset(
    {
        "venue_configured",
        "section_drawn",
        "section_assigned",
        "table_drawn",
        "table_removed",
        "table_code_replaced",
    }
)


def project(entry: Entry, op: Op) -> Iterator[Write]:
    """The rows that an entry changes."""
    match op:
        case VenueConfigured():
            yield Put("venue", {column: getattr(op, column) for column in VENUE.columns})
        case SectionDrawn():
            yield Put("section", {column: getattr(op, column) for column in SECTION.columns})
        case SectionAssigned():
            yield Set("section", {"section_id": op.section_id}, {"staff_id": op.staff_id})
        case TableDrawn():
            yield Put("dining_table", {column: getattr(op, column) for column in _DRAWN} | {"is_removed": 0})
        case TableRemoved():
            yield Set("dining_table", {"table_id": op.table_id}, {"is_removed": 1})
        case TableCodeReplaced():
            yield Set("dining_table", {"table_id": op.table_id}, {"code_generation": op.generation})
