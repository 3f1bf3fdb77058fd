"""Times of service in the demo: when people come, and which business day a moment counts to. Pure."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("America/Argentina/Buenos_Aires")
CUTOVER_HOUR = 5
MINUTE_MS = 60_000
#: When checks are paid, as hours after midnight, and how many of ten are paid then.
_LUNCH, _DINNER = (13.0, 15.8), (21.2, 24.4)
_LUNCHES_OF_TEN = 4
#: How full each weekday is, Monday first.
_WEEK = (0.6, 0.7, 0.8, 1.0, 1.4, 1.6, 1.2)


def business_day(at_ms: int) -> date:
    """The day that a moment counts to."""
    local = datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(ZONE)
    return (local - timedelta(hours=CUTOVER_HOUR)).date()


def moment_ms(day: date, hours: float) -> int:
    """So many hours after that day's midnight, by the venue's clock."""
    local = datetime(day.year, day.month, day.day, tzinfo=ZONE) + timedelta(hours=hours)
    return int(local.timestamp() * 1000)


def closing_times(day: date, checks_a_day: int, chance: random.Random) -> list[int]:
    """When each check of that day is paid, in order."""
    count = round(checks_a_day * _WEEK[day.weekday()] * chance.uniform(0.85, 1.15))
    return sorted(moment_ms(day, hours) for hours in _hours(count, chance))


def so_far(day: date, checks_a_day: int, chance: random.Random, *, until_ms: int) -> list[int]:
    """When today's checks were paid until now: a few at least, whenever the demo is started."""
    times = [at_ms for at_ms in closing_times(day, checks_a_day, chance) if at_ms < until_ms]
    opened_ms = max(moment_ms(day, CUTOVER_HOUR), until_ms - 240 * MINUTE_MS)
    missing = checks_a_day // 3 - len(times)
    if missing > 0 and until_ms - opened_ms > MINUTE_MS:
        times += [chance.randrange(opened_ms, until_ms) for _ in range(missing)]
    return sorted(times)


def days_before(today: date, count: int) -> list[date]:
    """The days before today, oldest first."""
    return [today - timedelta(days=back) for back in range(count, 0, -1)]


def _hours(count: int, chance: random.Random) -> Iterator[float]:
    for _ in range(count):
        first, last = _LUNCH if chance.randrange(10) < _LUNCHES_OF_TEN else _DINNER
        yield chance.triangular(first, last, (first + last) / 2)
