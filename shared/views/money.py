"""Drawers, days and printers, as tills see them."""

import msgspec

from shared.views.shown import ShownTotals


class CashMovementView(msgspec.Struct, frozen=True, kw_only=True):
    """Cash that came (`cash_in`) or went (`drop`, `payout`, below zero), or a drawer opened without a sale (`no_sale`, 0)."""

    kind: str
    amount_minor: int
    reason: str
    by_name: str
    moved_at_ms: int


class DrawerView(msgspec.Struct, frozen=True, kw_only=True):
    """A drawer session. What should lie in it is shown only once it was counted: a count is blind."""

    session_id: str
    drawer_id: str
    drawer_name: str  # "" for a purse
    purse_of: str  # the waiter whose purse it is; "" for a drawer
    purse_of_name: str
    state: str
    float_minor: int
    opened_by: str
    opened_by_name: str
    opened_at_ms: int
    movements: tuple[CashMovementView, ...]
    no_sales: int
    expected_minor: int | None
    counted_minor: int | None
    over_short_minor: int | None
    counted_at_ms: int
    business_day: str  # in which it was opened


class ZReportView(msgspec.Struct, frozen=True, kw_only=True):
    """A closed period; key = its number. When it began and the days it counts are in its totals."""

    business_day: str  # the first that it counts something of
    z_number: int
    totals: ShownTotals
    closed_by_name: str
    closed_at_ms: int


class PrinterView(msgspec.Struct, frozen=True, kw_only=True):
    """A printer and how it is."""

    printer_id: str
    name: str
    host: str
    port: int
    columns: int
    code_page: str
    fence: str  # process_id, gs_r or none
    is_receipt: bool
    has_cutter: bool
    has_drawer: bool
    language: str  # "" = the venue's
    drawer_id: str  # the drawer that hangs on it; "" for any
    fault: str  # "" when it prints
    fault_since_ms: int
    waiting_jobs: int
    rev: str = ""  # the ask that changed its settings last
    changed_by_name: str = ""  # "" for no person
    changed_at_ms: int = 0


VIEWS = {"drawer": DrawerView, "z_report": ZReportView, "printer": PrinterView}
