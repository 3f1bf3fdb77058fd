"""What guests see of their visit, and staff of drafts."""

import msgspec

from shared.views.shown import ShownLine


class DraftView(msgspec.Struct, frozen=True, kw_only=True):
    """A draft as staff and its visit see it."""

    draft_id: str
    visit_id: str
    table_id: str
    table_label: str
    phone_id: str
    state: str  # submitted, claimed, confirmed, rejected, withdrawn, expired
    lines: tuple[ShownLine, ...]  # as confirmed, once it is
    note: str
    allergies: tuple[str, ...]
    total_minor: int
    submitted_at_ms: int
    expires_at_ms: int
    claimed_by: str  # staff id
    claimed_by_name: str
    claimed_at_ms: int
    settled_at_ms: int
    check_id: str  # once confirmed; else the table's open check, if any
    reason: str
    reason_note: str
    edits: tuple[tuple[str, str], ...]
    sold_out: tuple[str, ...]  # line ids whose item is out now
    price_changed: tuple[str, ...]  # line ids that a new menu prices otherwise


class GuestLine(msgspec.Struct, frozen=True, kw_only=True):
    """A confirmed line as guests see it."""

    line_id: str
    name: str
    variant_name: str
    modifiers: tuple[str, ...]
    quantity: int
    gross_minor: int
    note: str
    stage: str  # confirmed, cooking (the kitchen has seen it or has it on paper) or ready


class GuestAdjustment(msgspec.Struct, frozen=True, kw_only=True):
    """What was taken off what the guests pay, or put on top; the amount as the total feels it."""

    adjustment_id: str
    line_id: str  # "" for the whole check
    kind: str  # of the kinds in shared/adjustments.py
    rate_bp: int  # 0 when it is an amount
    amount_minor: int
    reason: str


class GuestView(msgspec.Struct, frozen=True, kw_only=True):
    """A visit as its phones see it; key = visit id. Kept after the end so that phones can say so."""

    visit_id: str
    is_over: bool
    venue_name: str
    table_label: str
    drafts: tuple[DraftView, ...]  # newest first, the visit's phones' together
    lines: tuple[GuestLine, ...]
    covers: int
    cover_charge_minor: int
    total_minor: int
    paid_minor: int
    calls: tuple[str, ...]  # what was called for and not answered: waiter, bill
    answered_by: str  # the name of who comes, while the last call is fresh
    menu_version: int
    sold_out: tuple[str, ...]  # item ids
    is_paused: bool = False  # the venue takes no new drafts for now
    answers: tuple[tuple[str, str], ...] = ()  # what was called for and who comes, each while it is fresh
    adjustments: tuple[GuestAdjustment, ...] = ()  # of lines and of the whole, each already in the total


VIEWS = {"draft": DraftView, "guest": GuestView}
