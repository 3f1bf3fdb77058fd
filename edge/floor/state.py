"""What the rules of the floor work on."""

import msgspec

from shared.ids import StaffId, VisitId
from shared.ops.floor import SectionDrawn, TableDrawn, VenueConfigured
from shared.rules.revisions import NEVER, Revision


class Venue(msgspec.Struct, frozen=True, kw_only=True):
    """The venue's settings as they are."""

    venue_id: str  # under which the hub knows it
    settings: VenueConfigured | None = None  # None before the first time
    revision: Revision = NEVER


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """A room that was drawn before."""

    drawn: SectionDrawn
    revision: Revision = NEVER

    @property
    def staff_id(self) -> StaffId:
        """Who serves it; empty for nobody."""
        return self.drawn.staff_id


class Assignment(msgspec.Struct, frozen=True, kw_only=True):
    """A section, and whether the person who is to serve it works here."""

    section: Section | None
    is_person_known: bool


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """A table that was drawn before; it may have been removed since."""

    drawn: TableDrawn
    is_removed: bool
    revision: Revision = NEVER


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
