"""Rooms, tables and the venue, as devices see them."""

import msgspec


class VenueView(msgspec.Struct, frozen=True, kw_only=True):
    """The venue's settings; key `venue`."""

    venue_id: str
    name: str
    currency: str
    language: str
    timezone: str
    business_day: str  # the current one
    cover_charge_minor: int
    wifi_name: str
    drafts_paused_at_ms: int = 0  # since when phones may send no new drafts; 0 while they may
    cutover_min: int = 300
    cover_charge_vat_bp: int = 2100
    draft_expiry_s: int = 1800
    max_waiting_drafts: int = 3
    rev: str = ""  # the ask that changed it last
    changed_by_name: str = ""  # "" for no person
    changed_at_ms: int = 0


class SectionView(msgspec.Struct, frozen=True, kw_only=True):
    """A room and who serves it."""

    section_id: str
    name: str
    position: int
    width: int
    height: int
    staff_id: str
    rev: str = ""  # the ask that changed it last
    changed_by_name: str = ""  # "" for no person
    changed_at_ms: int = 0


class TableView(msgspec.Struct, frozen=True, kw_only=True):
    """A table on the plan. What happens on it: its checks, tickets and attention cards, by `table_id`."""

    table_id: str
    section_id: str
    label: str
    shape: str
    seats: int
    x: int
    y: int
    width: int
    height: int
    code_path: str  # what the table's QR says after the venue's address: /t/<code>
    visit_id: str  # of the party there now; "" when none
    phones: int  # how many joined it
    rev: str = ""  # the ask that changed it last
    changed_by_name: str = ""  # "" for no person
    changed_at_ms: int = 0


VIEWS = {"venue": VenueView, "section": SectionView, "table": TableView}
