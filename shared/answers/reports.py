"""What the hub tells the owner. Amounts in minor units, VAT included; tips are never part of sales."""

import msgspec

from shared.views.shown import ShownTotals


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """The sums of closed checks, and of what was voided beside them."""

    sales_minor: int = 0
    vat_minor: int = 0
    checks: int = 0
    covers: int = 0
    average_per_cover_minor: int = 0  # 0 without covers
    tips_minor: int = 0
    voids: int = 0
    voids_minor: int = 0


class HourSales(msgspec.Struct, frozen=True, kw_only=True):
    """The sales of one local hour."""

    hour: int
    sales_minor: int
    checks: int
    covers: int


class ItemSales(msgspec.Struct, frozen=True, kw_only=True):
    """What was sold of one item."""

    item_id: str
    name: str
    category_id: str
    lines: int
    quantity: int
    gross_minor: int  # what it was sold for, after its share of adjustments
    vat_minor: int
    adjusted_minor: int = 0  # that share: below zero what was given


class Attention(msgspec.Struct, frozen=True, kw_only=True):
    """Something a person should look at.

    `kind`: `drawer` over (positive) or short (negative); `void` of what the kitchen had; `silent` venue; `trouble` with its log;
    `backup` that failed: `copy_…`, `check_…` or `second_…` and why.
    """

    kind: str
    venue_id: str
    venue_name: str
    name: str = ""  # of the drawer ("" for a waiter's purse) or the dish; the reason of trouble
    amount_minor: int = 0
    reason: str = ""
    by: str = ""  # staff id
    at_ms: int = 0


class VenueAge(msgspec.Struct, frozen=True, kw_only=True):
    """How old a venue's part of a report is."""

    venue_id: str
    name: str
    applied_seq: int  # the hub has the log up to here
    projected_seq: int  # and the figures count it up to here
    last_entry_at_ms: int  # when the venue decided the entry at `applied_seq`; 0 before the first
    behind_entries: int  # the venue has this much more than the hub, as far as it has said
    last_seen_ms: int  # when the venue was heard last; 0 never
    is_silent: bool  # not heard for five minutes
    trouble: str  # "", or why no more comes: the reason of a refused batch, or `projection` where one stands still

    @property
    def is_partial(self) -> bool:
        """Whether the venue may have sold more than is counted."""
        return self.is_silent or bool(self.trouble) or self.behind_entries > 0 or self.projected_seq < self.applied_seq


class VenueToday(msgspec.Struct, frozen=True, kw_only=True):
    """One venue's business day so far."""

    venue_id: str
    name: str
    business_day: str
    timezone: str
    cutover_min: int  # minutes after local midnight at which its day begins: what hours come first
    currency: str
    figures: Figures
    open_checks: int
    open_minor: int  # what they still owe
    age: VenueAge


class ZReport(msgspec.Struct, frozen=True, kw_only=True):
    """A period as its venue closed it. When it began, and the days it counts, are in its totals."""

    venue_id: str
    business_day: str  # the first that it counts something of
    z_number: int  # of the period
    totals: ShownTotals
    closed_by: str
    closed_at_ms: int


class Today(msgspec.Struct, frozen=True, kw_only=True):
    """The current business day of every venue asked for. A venue that is silent or behind is counted as far as it is known, and says so."""

    now_ms: int
    currency: str  # "" when the venues use several: then `total` adds what must not be added
    total: Figures
    last_week: Figures  # the same weekday, whole
    hours: tuple[HourSales, ...]
    last_week_hours: tuple[HourSales, ...]
    items: tuple[ItemSales, ...]  # by sales, the first twenty
    attention: tuple[Attention, ...]
    venues: tuple[VenueToday, ...]
    is_partial: bool
    closings: tuple[ZReport, ...] = ()  # the Zs that count something of the day, by venue and number


class DaySales(msgspec.Struct, frozen=True, kw_only=True):
    """One venue's business day as sold."""

    venue_id: str
    business_day: str
    checks: int
    covers: int
    lines: int
    quantity: int
    gross_minor: int
    vat_minor: int
    tips_minor: int


class DailyReport(msgspec.Struct, frozen=True, kw_only=True):
    """Sales by venue and business day, both ends included."""

    days: tuple[DaySales, ...]
    venues: tuple[VenueAge, ...]
    is_partial: bool


class ItemReport(msgspec.Struct, frozen=True, kw_only=True):
    """Sales by item over business days, both ends included."""

    items: tuple[ItemSales, ...]
    venues: tuple[VenueAge, ...]
    is_partial: bool


class AdjustmentSales(msgspec.Struct, frozen=True, kw_only=True):
    """What adjustments of one kind come to, by reason and person, on the closed checks of one venue's business day."""

    venue_id: str
    business_day: str
    kind: str  # of the kinds in shared/adjustments.py
    reason: str
    given_by: str  # staff id
    approved_by: str  # "" when who gave it needed nobody
    adjustments: int
    amount_minor: int  # in the sales already: below zero what was given


class AdjustmentReport(msgspec.Struct, frozen=True, kw_only=True):
    """Discounts, comps and what was put on top, by venue and business day, both ends included."""

    adjustments: tuple[AdjustmentSales, ...]
    venues: tuple[VenueAge, ...]
    is_partial: bool


class ZReports(msgspec.Struct, frozen=True, kw_only=True):
    """The Zs that count something of business days, both ends included, the latest first."""

    reports: tuple[ZReport, ...]
    venues: tuple[VenueAge, ...]
    is_partial: bool


class FiguresChanged(msgspec.Struct, frozen=True, kw_only=True):
    """A venue's figures changed; read them again."""

    venue_id: str
    seq: int


class ReportBeat(msgspec.Struct, frozen=True, kw_only=True):
    """The stream lives; ages are counted from here."""

    now_ms: int


class SessionView(msgspec.Struct, frozen=True, kw_only=True):
    """Who is signed in. `csrf` goes in the header `X-CSRF-Token` of every request that changes something."""

    name: str
    role: str
    tenant_id: str
    tenant_name: str
    expires_at_ms: int
    csrf: str


ANSWERS = (
    Figures,
    HourSales,
    ItemSales,
    Attention,
    VenueAge,
    VenueToday,
    Today,
    DaySales,
    DailyReport,
    ItemReport,
    AdjustmentSales,
    AdjustmentReport,
    ZReport,
    ZReports,
    FiguresChanged,
    ReportBeat,
    SessionView,
)
