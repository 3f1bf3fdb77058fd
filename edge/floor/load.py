"""Builds what the rules of the floor need."""

from sqlite3 import Connection

from edge.floor.state import Assignment, Section, Table, TableInUse, TablePlace, Venue
from edge.staff.reads import REVISION, WHO, revision_of
from shared.commands.floor import (
    AssignSection,
    ChangeSection,
    ChangeTable,
    ChangeVenue,
    ConfigureVenue,
    DrawSection,
    DrawTable,
    RemoveTable,
    ReplaceTableCode,
)
from shared.context import Context
from shared.ops.floor import SectionDrawn, TableDrawn, VenueConfigured
from shared.projections.rows import struct_of

_VENUE_FIELDS = VenueConfigured.__struct_fields__
_SECTION_FIELDS = SectionDrawn.__struct_fields__
_TABLE_FIELDS = TableDrawn.__struct_fields__
_VENUE = f"SELECT {', '.join(f't.{name}' for name in _VENUE_FIELDS)}, {REVISION} FROM venue t {WHO} LIMIT 1"
_SECTION = f"""
SELECT {", ".join(f"t.{name}" for name in _SECTION_FIELDS)}, {REVISION} FROM section t {WHO} WHERE t.section_id = ?
"""
_TABLE = f"""
SELECT t.is_removed, {", ".join(f"t.{name}" for name in _TABLE_FIELDS)}, {REVISION}
FROM dining_table t {WHO} WHERE t.table_id = ?
"""


def venue(conn: Connection, command: ConfigureVenue | ChangeVenue, context: Context) -> Venue:
    """The venue's settings, and the id under which the hub knows it."""
    identity = conn.execute("SELECT venue_id FROM log_identity").fetchone()
    venue_id = str(identity[0]) if identity else ""
    row = conn.execute(_VENUE).fetchone()
    if row is None:
        return Venue(venue_id=venue_id)
    settings = struct_of(VenueConfigured, dict(zip(_VENUE_FIELDS, row[:-3], strict=True)))
    return Venue(venue_id=venue_id, settings=settings, revision=revision_of(row[-3:]))


def section(conn: Connection, command: DrawSection | ChangeSection, context: Context) -> Section | None:
    """The section, when it was drawn before."""
    return _section(conn, command.section_id)


def section_and_person(conn: Connection, command: AssignSection, context: Context) -> Assignment:
    """The section and whether the person works here."""
    person = conn.execute(
        "SELECT 1 FROM staff_member WHERE staff_id = ? AND is_active = 1", (command.staff_id,)
    ).fetchone()
    return Assignment(section=_section(conn, command.section_id), is_person_known=person is not None)


def place_for_table(conn: Connection, command: DrawTable | ChangeTable, context: Context) -> TablePlace:
    """The table, its section, and whether its label is free. Where it stands goes for what a change leaves out."""
    table = _table(conn, command.table_id)
    section_id = command.section_id or (table.drawn.section_id if table else "")
    label = command.label or (table.drawn.label if table else "")
    taken = conn.execute(
        "SELECT 1 FROM dining_table WHERE label = ? AND table_id <> ? AND is_removed = 0",
        (label, command.table_id),
    ).fetchone()
    return TablePlace(
        table=table,
        is_section_known=_section(conn, section_id) is not None,
        is_label_taken=taken is not None,
    )


def table_in_use(conn: Connection, command: RemoveTable, context: Context) -> TableInUse:
    """The table, its open checks and visits."""
    check = conn.execute(
        "SELECT 1 FROM checks WHERE state = 'open' AND table_id = ? LIMIT 1", (command.table_id,)
    ).fetchone()
    visits = conn.execute("SELECT visit_id FROM visit WHERE table_id = ? AND state = 'open'", (command.table_id,))
    return TableInUse(
        table=_table(conn, command.table_id),
        has_open_check=check is not None,
        visit_ids=tuple(visit_id for (visit_id,) in visits),
    )


def table(conn: Connection, command: ReplaceTableCode, context: Context) -> Table | None:
    """The table, when it was ever drawn."""
    return _table(conn, command.table_id)


def _section(conn: Connection, section_id: str) -> Section | None:
    row = conn.execute(_SECTION, (section_id,)).fetchone()
    if row is None:
        return None
    drawn = struct_of(SectionDrawn, dict(zip(_SECTION_FIELDS, row[:-3], strict=True)))
    return Section(drawn=drawn, revision=revision_of(row[-3:]))


def _table(conn: Connection, table_id: str) -> Table | None:
    row = conn.execute(_TABLE, (table_id,)).fetchone()
    if row is None:
        return None
    is_removed, *columns = row
    drawn = struct_of(TableDrawn, dict(zip(_TABLE_FIELDS, columns[:-3], strict=True)))
    return Table(drawn=drawn, is_removed=bool(is_removed), revision=revision_of(columns[-3:]))
