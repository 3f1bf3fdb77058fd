"""What reports say. Amounts in minor units, VAT included; tips are never part of sales."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

import msgspec

from shared.answers.reports import Figures, VenueAge
from shared.calendar import business_day
from shared.money import divide_half_up

SILENT_AFTER_MS = 5 * 60_000


class Venue(msgspec.Struct, frozen=True, kw_only=True):
    """A venue with the settings that its figures depend on."""

    age: VenueAge
    currency: str
    timezone: str
    cutover_min: int

    def today(self, now_ms: int) -> str:
        """The venue's business day now."""
        return business_day(now_ms, timezone=self.timezone, cutover_min=self.cutover_min)


def total_of(parts: Iterable[Figures]) -> Figures:
    """The sum of figures; the average is of the sum."""
    sums = dict.fromkeys(("sales_minor", "vat_minor", "checks", "covers", "tips_minor", "voids", "voids_minor"), 0)
    for part in parts:
        for name in sums:
            sums[name] += getattr(part, name)
    return with_average(Figures(**sums))


def with_average(figures: Figures) -> Figures:
    """The same with its average per cover."""
    average = divide_half_up(figures.sales_minor, figures.covers) if figures.covers else 0
    return msgspec.structs.replace(figures, average_per_cover_minor=average)


def known_timezone(name: str) -> str:
    """The name, or UTC when this machine knows no such zone."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return "UTC"
    return name
