"""The numbers that people say: of checks, and of tickets. They begin again each business day, never in mid-evening."""

from datetime import date, timedelta
from functools import lru_cache

import msgspec

#: So long without a new one, and the evening is over whatever the calendar says.
QUIET_MS = 4 * 3_600_000


class Numbering(msgspec.Struct, frozen=True):
    """The next number, and the business day whose run it continues."""

    next: int
    day: str


class Numbered(msgspec.Struct, frozen=True):
    """The last number of a run, and when it was given."""

    number: int
    at_ms: int


def numbering(evening: Numbered | None, highest_today: int, *, today: str, now_ms: int) -> Numbering:
    """How numbers go on. `evening` is the last of yesterday's run in the period that is open still.

    An evening that goes on past the cut-over keeps counting until its Z, or until nothing was numbered for four hours.
    """
    if evening is not None and abs(now_ms - evening.at_ms) < QUIET_MS:
        return Numbering(evening.number + 1, day_before(today))
    return Numbering(highest_today + 1, today)


@lru_cache(maxsize=8)  # asked with each check and each ticket, of two or three days at most
def day_before(day: str) -> str:
    """2026-02-28 of 2026-03-01."""
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()
