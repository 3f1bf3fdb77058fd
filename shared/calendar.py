"""Which business day and hour a moment belongs to. The moment is always an argument."""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def local_time(at_ms: int, timezone: str) -> datetime:
    """A moment in epoch milliseconds as the clock on the venue's wall shows it."""
    return datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(_zone(timezone))


def business_day(at_ms: int, *, timezone: str, cutover_min: int, last_closed: str = "") -> str:
    """The day, as `2026-03-05`, that a moment counts to.

    A day runs from its cut-over (minutes after local midnight) to the next one's. A closed day
    stays closed: what happens later the same night counts to the day after `last_closed`.
    """
    day = _day_of_minute(at_ms // 60_000, timezone, cutover_min)
    if day > last_closed:
        return day
    return (date.fromisoformat(last_closed) + timedelta(days=1)).isoformat()


@lru_cache(maxsize=64)
def _day_of_minute(minute: int, timezone: str, cutover_min: int) -> str:
    """Cut-overs and offsets from UTC are whole minutes, so no day begins inside one; asked for by every command."""
    return (local_time(minute * 60_000, timezone) - timedelta(minutes=cutover_min)).date().isoformat()


def hour_of(at_ms: int, timezone: str) -> int:
    """The local hour, 0 to 23."""
    return local_time(at_ms, timezone).hour
