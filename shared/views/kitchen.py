"""Stations and tickets, as kitchen screens see them."""

import msgspec


class StationView(msgspec.Struct, frozen=True, kw_only=True):
    """A station and its bands."""

    station_id: str
    name: str
    position: int
    warn_after_s: int
    late_after_s: int
    printer_id: str
    backup_printer_id: str
    is_paper_only: bool
    rev: str = ""  # the ask that changed its settings last
    changed_by_name: str = ""  # "" for no person
    changed_at_ms: int = 0


class TicketLineView(msgspec.Struct, frozen=True, kw_only=True):
    """A line to make. `voided_quantity` stays, struck, until the change is seen."""

    line_id: str
    quantity: int
    voided_quantity: int
    name: str
    modifiers: tuple[str, ...]
    note: str
    allergies: tuple[str, ...]
    state: str  # open, bumped or void
    variant_name: str = ""  # the size or sort of the dish; among the modifiers too


class TicketView(msgspec.Struct, frozen=True, kw_only=True):
    """What one station must make from one fire. Bumped ones stay in the feed for ten minutes, for recall."""

    ticket_id: str
    number: int
    station_id: str
    check_id: str
    check_number: int
    table_id: str
    table_label: str
    course: int
    covers: int
    waiter_id: str
    waiter_name: str
    state: str  # open or bumped
    lines: tuple[TicketLineView, ...]
    also_at: tuple[str, ...]
    fired_at_ms: int
    bumped_at_ms: int
    changed_at_ms: int  # of the last change not yet seen; 0 when none
    warn_at_ms: int
    late_at_ms: int
    is_printed: bool
    reached: str = (
        ""  # the kitchen, by: screen (it was drawn there), paper (the printer's own word); failed; "" not yet
    )
    fails_at_ms: int = 0  # when "" turns to failed: its station has no live screen and no printer; 0 while it has one


class WaitingCourseView(msgspec.Struct, frozen=True, kw_only=True):
    """Lines sent and not fired, by station: what the kitchen may expect; key = check:course."""

    check_id: str
    course: int
    quantities: tuple[tuple[str, int], ...]  # station id, how many


VIEWS = {
    "station": StationView,
    "ticket": TicketView,
    "waiting_course": WaitingCourseView,
}
