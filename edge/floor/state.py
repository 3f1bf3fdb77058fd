"""What the rules of the floor work on."""

import msgspec

from shared.ids import SectionId, StaffId, TableId, VisitId


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """A room that was drawn before."""

    section_id: SectionId
    staff_id: StaffId


class Assignment(msgspec.Struct, frozen=True, kw_only=True):
    """A section, and whether the person who is to serve it works here."""

    section: Section | None
    is_person_known: bool


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """A table that was drawn before; it may have been removed since."""

    table_id: TableId
    is_removed: bool
    code_generation: int


class TablePlace(msgspec.Struct, frozen=True, kw_only=True):
    """Where a table is to be drawn."""

    table: Table | None
    is_section_known: bool
    is_label_taken: bool  # by another table that stands


class TableInUse(msgspec.Struct, frozen=True, kw_only=True):
    """A table, and who is at it."""

    table: Table | None
    has_open_check: bool
    visit_ids: tuple[VisitId, ...]  # open ones
