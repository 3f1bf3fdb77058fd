"""Which business day and hour a moment belongs to. The moment is always an argument."""

from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def local_time(at_ms: int, timezone: str) -> datetime:
    """A moment in epoch milliseconds as the clock on the venue's wall shows it."""
    return datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(_zone(timezone))


def business_day(at_ms: int, *, timezone: str, cutover_min: int) -> str:
    """The day, as `2026-03-05`, that a moment counts to: from its cut-over (minutes after local midnight) to the next one's.

    Nothing but the moment moves it. What a Z closes is a period, and there may be several a day.
    """
    return _day_of_minute(at_ms // 60_000, timezone, cutover_min)


@lru_cache(maxsize=64)
def _day_of_minute(minute: int, timezone: str, cutover_min: int) -> str:
    """Cut-overs and offsets from UTC are whole minutes, so no day begins inside one; asked for by every command."""
    day = (local_time(minute * 60_000, timezone) - timedelta(minutes=cutover_min)).date()
    # Where clocks are set back, an hour comes twice: a day whose cut-over lies in it begins the first time, for good.
    following = day + timedelta(days=1)
    begins = datetime.combine(following, time(), _zone(timezone)) + timedelta(minutes=cutover_min)
    return (following if minute * 60 >= begins.timestamp() else day).isoformat()


def hour_of(at_ms: int, timezone: str) -> int:
    """The local hour, 0 to 23."""
    return local_time(at_ms, timezone).hour
