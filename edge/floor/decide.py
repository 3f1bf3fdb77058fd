"""The rules of the floor."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from edge.floor.state import Assignment, Section, Table, TableInUse, TablePlace, Venue
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
from shared.errors import Rejected
from shared.ids import SectionId, StaffId, TableId, VenueId
from shared.ops import Op
from shared.ops.floor import (
    SectionAssigned,
    SectionDrawn,
    TableCodeReplaced,
    TableDrawn,
    TableRemoved,
    VenueConfigured,
)
from shared.ops.guests import VisitClosed
from shared.rules.revisions import NEVER, check_revision, merged

FIRST_GENERATION = 1


def configure_venue(command: ConfigureVenue, venue: Venue, context: Context) -> list[Op]:
    """Set the venue's settings, whole.

    Raises:
        Rejected: as of `change_venue`.
    """
    context.require("configure_venue")
    check_revision(command.if_rev, venue.revision)
    settings = {name: getattr(command, name) for name in command.__struct_fields__ if name != "if_rev"}
    return [_somewhere(VenueConfigured(venue_id=VenueId(venue.venue_id), **settings))]


def change_venue(command: ChangeVenue, venue: Venue, context: Context) -> list[Op]:
    """Change some of the venue's settings, merged onto what they are now.

    Raises:
        Rejected: `settings_invalid` when there are none yet, or nobody knows the time zone; `changed_meanwhile`;
            `needs_manager` without `configure_venue`.
    """
    context.require("configure_venue")
    if venue.settings is None:
        raise Rejected("settings_invalid", problem="the venue was not set up yet", path="name")
    check_revision(command.if_rev, venue.revision)
    return [_somewhere(merged(venue.settings, command))]


def draw_section(command: DrawSection, section: Section | None, context: Context) -> list[Op]:
    """Draw a room, or redraw it; whoever serves it goes on serving it.

    Raises:
        Rejected: `changed_meanwhile`; `needs_manager` without `draw_floor`.
    """
    context.require("draw_floor")
    check_revision(command.if_rev, section.revision if section else NEVER)
    return [
        SectionDrawn(
            section_id=SectionId(command.section_id),
            name=command.name,
            position=command.position,
            width=command.width,
            height=command.height,
            staff_id=section.staff_id if section else StaffId(""),
        )
    ]


def change_section(command: ChangeSection, section: Section | None, context: Context) -> list[Op]:
    """Change some of what a room looks like, merged onto what it is now.

    Raises:
        Rejected: `section_unknown`; `changed_meanwhile`; `needs_manager` without `draw_floor`.
    """
    context.require("draw_floor")
    if section is None:
        raise Rejected("section_unknown")
    check_revision(command.if_rev, section.revision)
    return [merged(section.drawn, command)]


def assign_section(command: AssignSection, state: Assignment, context: Context) -> list[Op]:
    """Give a section to a waiter, or to nobody. Waiters may take one that is free, or let go of their own.

    Raises:
        Rejected: `section_unknown`, `staff_unknown`; `changed_meanwhile`; `needs_manager` for somebody else's without
            `draw_floor`.
    """
    section = state.section
    if section is None:
        raise Rejected("section_unknown")
    if not (context.may("take_orders") and _is_own_affair(command, section, context)):
        context.require("draw_floor")
    check_revision(command.if_rev, section.revision)
    if command.staff_id and not state.is_person_known:
        raise Rejected("staff_unknown")
    if section.staff_id == command.staff_id:
        return []
    return [SectionAssigned(section_id=section.drawn.section_id, staff_id=StaffId(command.staff_id))]


def draw_table(command: DrawTable, state: TablePlace, context: Context) -> list[Op]:
    """Draw a table, or redraw it; the codes printed for it stay good.

    Raises:
        Rejected: `section_unknown`, `table_taken`; `changed_meanwhile`; `needs_manager` without `draw_floor`.
    """
    context.require("draw_floor")
    check_revision(command.if_rev, state.table.revision if state.table else NEVER)
    wanted = TableDrawn(
        table_id=TableId(command.table_id),
        section_id=SectionId(command.section_id),
        label=command.label,
        shape=command.shape,
        seats=command.seats,
        x=command.x,
        y=command.y,
        width=command.width,
        height=command.height,
        code_generation=state.table.drawn.code_generation if state.table else FIRST_GENERATION,
    )
    return [_fitting(wanted, state)]


def change_table(command: ChangeTable, state: TablePlace, context: Context) -> list[Op]:
    """Change some of what a table looks like, or where it stands, merged onto what it is now.

    Raises:
        Rejected: `table_unknown`, `section_unknown`, `table_taken`; `changed_meanwhile`; `needs_manager` without
            `draw_floor`.
    """
    context.require("draw_floor")
    table = _standing(state.table)
    check_revision(command.if_rev, table.revision)
    return [_fitting(merged(table.drawn, command), state)]


def remove_table(command: RemoveTable, state: TableInUse, context: Context) -> list[Op]:
    """Take a table off the plan; phones that only looked at the menu there are let go.

    Raises:
        Rejected: `table_unknown`, `table_busy`; `changed_meanwhile`; `needs_manager` without `draw_floor`.
    """
    context.require("draw_floor")
    table = _standing(state.table)
    check_revision(command.if_rev, table.revision)
    if state.has_open_check:
        raise Rejected("table_busy")
    ended = [
        VisitClosed(visit_id=visit_id, table_id=table.drawn.table_id, reason="abandoned")
        for visit_id in state.visit_ids
    ]
    return [*ended, TableRemoved(table_id=table.drawn.table_id)]


def replace_table_code(command: ReplaceTableCode, table: Table | None, context: Context) -> list[Op]:
    """Make every code printed for this table so far invalid.

    Raises:
        Rejected: `table_unknown`; `changed_meanwhile`; `needs_manager` without `draw_floor`.
    """
    context.require("draw_floor")
    standing = _standing(table)
    check_revision(command.if_rev, standing.revision)
    drawn = standing.drawn
    return [TableCodeReplaced(table_id=drawn.table_id, generation=drawn.code_generation + 1)]


def _somewhere(settings: VenueConfigured) -> VenueConfigured:
    if not _is_timezone(settings.timezone):
        raise Rejected("settings_invalid", problem=f"no time zone is called {settings.timezone[:60]}", path="timezone")
    return settings


def _fitting(wanted: TableDrawn, state: TablePlace) -> TableDrawn:
    if not state.is_section_known:
        raise Rejected("section_unknown", path="section_id")
    if state.is_label_taken:
        raise Rejected("table_taken", label=wanted.label, path="label")
    return wanted


def _standing(table: Table | None) -> Table:
    if table is None or table.is_removed:
        raise Rejected("table_unknown")
    return table


def _is_own_affair(command: AssignSection, section: Section, context: Context) -> bool:
    takes_free = command.staff_id == context.staff_id and section.staff_id in {"", context.staff_id}
    lets_go = command.staff_id == "" and section.staff_id == context.staff_id
    return bool(context.staff_id) and (takes_free or lets_go)


def _is_timezone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
