"""The rules of the floor."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

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

FIRST_GENERATION = 1


def configure_venue(command: ConfigureVenue, venue_id: str, context: Context) -> list[Op]:
    """Set the venue's settings, whole.

    Raises:
        Rejected: `settings_invalid` when nobody knows the time zone; `needs_manager` without `configure_venue`.
    """
    context.require("configure_venue")
    if not _is_timezone(command.timezone):
        raise Rejected("settings_invalid", problem=f"no time zone is called {command.timezone[:60]}")
    return [VenueConfigured(venue_id=VenueId(venue_id), **msgspec.structs.asdict(command))]


def draw_section(command: DrawSection, section: Section | None, context: Context) -> list[Op]:
    """Draw a room, or redraw it; whoever serves it goes on serving it.

    Raises:
        Rejected: `needs_manager` without `draw_floor`.
    """
    context.require("draw_floor")
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


def assign_section(command: AssignSection, state: Assignment, context: Context) -> list[Op]:
    """Give a section to a waiter, or to nobody. Waiters may take one that is free, or let go of their own.

    Raises:
        Rejected: `section_unknown`, `staff_unknown`; `needs_manager` for somebody else's without `draw_floor`.
    """
    section = state.section
    if section is None:
        raise Rejected("section_unknown")
    if not (context.may("take_orders") and _is_own_affair(command, section, context)):
        context.require("draw_floor")
    if command.staff_id and not state.is_person_known:
        raise Rejected("staff_unknown")
    if section.staff_id == command.staff_id:
        return []
    return [SectionAssigned(section_id=section.section_id, staff_id=StaffId(command.staff_id))]


def draw_table(command: DrawTable, state: TablePlace, context: Context) -> list[Op]:
    """Draw a table, or redraw it; the codes printed for it stay good.

    Raises:
        Rejected: `section_unknown`, `table_taken`; `needs_manager` without `draw_floor`.
    """
    context.require("draw_floor")
    if not state.is_section_known:
        raise Rejected("section_unknown")
    if state.is_label_taken:
        raise Rejected("table_taken", label=command.label)
    generation = state.table.code_generation if state.table else FIRST_GENERATION
    return [
        TableDrawn(
            table_id=TableId(command.table_id),
            section_id=SectionId(command.section_id),
            label=command.label,
            shape=command.shape,
            seats=command.seats,
            x=command.x,
            y=command.y,
            width=command.width,
            height=command.height,
            code_generation=generation,
        )
    ]


def remove_table(command: RemoveTable, state: TableInUse, context: Context) -> list[Op]:
    """Take a table off the plan; phones that only looked at the menu there are let go.

    Raises:
        Rejected: `table_unknown`, `table_busy`; `needs_manager` without `draw_floor`.
    """
    context.require("draw_floor")
    table = _standing(state.table)
    if state.has_open_check:
        raise Rejected("table_busy")
    ended = [
        VisitClosed(visit_id=visit_id, table_id=table.table_id, reason="abandoned") for visit_id in state.visit_ids
    ]
    return [*ended, TableRemoved(table_id=table.table_id)]


def replace_table_code(command: ReplaceTableCode, table: Table | None, context: Context) -> list[Op]:
    """Make every code printed for this table so far invalid.

    Raises:
        Rejected: `table_unknown`; `needs_manager` without `draw_floor`.
    """
    context.require("draw_floor")
    standing = _standing(table)
    return [TableCodeReplaced(table_id=standing.table_id, generation=standing.code_generation + 1)]


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
