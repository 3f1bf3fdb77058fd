"""What happens to the venue's rooms and settings."""

from typing import ClassVar

from shared.ids import SectionId, StaffId, TableId, VenueId
from shared.ops.base import Op


class VenueConfigured(Op, frozen=True, kw_only=True, tag="venue_configured"):
    """The venue's settings, whole. A later one replaces it."""

    SUBJECT: ClassVar[str] = "venue_id"
    venue_id: VenueId
    name: str
    currency: str
    language: str
    timezone: str
    cutover_min: int
    cover_charge_minor: int = 0
    cover_charge_vat_bp: int = 2100
    draft_expiry_s: int = 1800
    max_waiting_drafts: int = 3
    wifi_name: str = ""


class SectionDrawn(Op, frozen=True, kw_only=True, tag="section_drawn"):
    """A room or a waiter's area, new or redrawn. Its plan is `width` × `height` units."""

    SUBJECT: ClassVar[str] = "section_id"
    section_id: SectionId
    name: str
    position: int
    width: int = 1000
    height: int = 700
    staff_id: StaffId = StaffId("")  # who serves it, as before it was redrawn


class SectionAssigned(Op, frozen=True, kw_only=True, tag="section_assigned"):
    """Who serves a section now; nobody when `staff_id` is empty."""

    SUBJECT: ClassVar[str] = "section_id"
    section_id: SectionId
    staff_id: StaffId


class TableDrawn(Op, frozen=True, kw_only=True, tag="table_drawn"):
    """A table, new or redrawn, with its place on the section's plan in units."""

    SUBJECT: ClassVar[str] = "table_id"
    table_id: TableId
    section_id: SectionId
    label: str
    shape: str  # round, square or bar
    seats: int
    x: int
    y: int
    width: int
    height: int
    code_generation: int = 1  # of its printed codes, as before it was redrawn


class TableRemoved(Op, frozen=True, kw_only=True, tag="table_removed"):
    """A table is gone from the plan."""

    SUBJECT: ClassVar[str] = "table_id"
    table_id: TableId


class TableCodeReplaced(Op, frozen=True, kw_only=True, tag="table_code_replaced"):
    """Codes printed for this table before `generation` are dead."""

    SUBJECT: ClassVar[str] = "table_id"
    table_id: TableId
    generation: int
