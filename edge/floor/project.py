"""The venue, its sections and tables as tables."""

from collections.abc import Iterator, Mapping

from shared.entry import Entry
from shared.ops.base import Op
from shared.ops.floor import (
    SectionAssigned,
    SectionDrawn,
    TableCodeReplaced,
    TableDrawn,
    TableRemoved,
    VenueConfigured,
)
from shared.projections.projection import ProjectOp
from shared.projections.revisions import REVISION, revision
from shared.projections.rows import row_of
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
        **REVISION,
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
        **REVISION,
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
        **REVISION,
    },
    indexes=(("section_id",), ("label",)),
)
TABLES = (VENUE, SECTION, DINING_TABLE)


def _venue(entry: Entry, op: VenueConfigured) -> Iterator[Write]:
    yield Put("venue", row_of(VENUE, op, **revision(entry)))


def _section(entry: Entry, op: SectionDrawn) -> Iterator[Write]:
    yield Put("section", row_of(SECTION, op, **revision(entry)))


def _assigned(entry: Entry, op: SectionAssigned) -> Iterator[Write]:
    yield Set("section", {"section_id": op.section_id}, {"staff_id": op.staff_id, **revision(entry)})


def _table(entry: Entry, op: TableDrawn) -> Iterator[Write]:
    yield Put("dining_table", row_of(DINING_TABLE, op, is_removed=0, **revision(entry)))


def _removed(entry: Entry, op: TableRemoved) -> Iterator[Write]:
    yield Set("dining_table", {"table_id": op.table_id}, {"is_removed": 1, **revision(entry)})


def _code_replaced(entry: Entry, op: TableCodeReplaced) -> Iterator[Write]:
    yield Set("dining_table", {"table_id": op.table_id}, {"code_generation": op.generation, **revision(entry)})


PROJECT: Mapping[type[Op], ProjectOp] = {
    VenueConfigured: _venue,
    SectionDrawn: _section,
    SectionAssigned: _assigned,
    TableDrawn: _table,
    TableRemoved: _removed,
    TableCodeReplaced: _code_replaced,
}
