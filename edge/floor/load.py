"""Builds what the rules of the floor need."""

from sqlite3 import Connection

from edge.floor.state import Assignment, Section, Table, TableInUse, TablePlace
from shared.commands.floor import (
    AssignSection,
    ConfigureVenue,
    DrawSection,
    DrawTable,
    RemoveTable,
    ReplaceTableCode,
)
from shared.context import Context


def venue_id(conn: Connection, command: ConfigureVenue, context: Context) -> str:
    """The id under which the hub knows this venue."""
    row = conn.execute("SELECT venue_id FROM log_identity").fetchone()
    return str(row[0]) if row else ""


def section(conn: Connection, command: DrawSection, context: Context) -> Section | None:
    """The section, when it was drawn before."""
    return _section(conn, command.section_id)


def section_and_person(conn: Connection, command: AssignSection, context: Context) -> Assignment:
    """The section and whether the person works here."""
    person = conn.execute(
        "SELECT 1 FROM staff_member WHERE staff_id = ? AND is_active = 1", (command.staff_id,)
    ).fetchone()
    return Assignment(section=_section(conn, command.section_id), is_person_known=person is not None)


def place_for_table(conn: Connection, command: DrawTable, context: Context) -> TablePlace:
    """The table, its section, and whether its label is free."""
    taken = conn.execute(
        "SELECT 1 FROM dining_table WHERE label = ? AND table_id <> ? AND is_removed = 0",
        (command.label, command.table_id),
    ).fetchone()
    return TablePlace(
        table=_table(conn, command.table_id),
        is_section_known=_section(conn, command.section_id) is not None,
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
    row = conn.execute("SELECT section_id, staff_id FROM section WHERE section_id = ?", (section_id,)).fetchone()
    return None if row is None else Section(section_id=row[0], staff_id=row[1])


def _table(conn: Connection, table_id: str) -> Table | None:
    row = conn.execute(
        "SELECT table_id, is_removed, code_generation FROM dining_table WHERE table_id = ?", (table_id,)
    ).fetchone()
    return None if row is None else Table(table_id=row[0], is_removed=bool(row[1]), code_generation=row[2])
