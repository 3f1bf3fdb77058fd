"""Which business day a moment counts to."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.calendar import business_day

ZONE = "America/Argentina/Buenos_Aires"


def at_ms(text: str) -> int:
    """A moment on the venue's clock."""
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(ZONE)).astimezone(UTC).timestamp() * 1000)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-03-05T05:00:00", "2026-03-05"),
        ("2026-03-06T04:59:59.999", "2026-03-05"),
        ("2026-03-06T05:00:00", "2026-03-06"),
    ],
)
def test_a_night_counts_to_the_day_it_began_until_the_cut_over(moment: str, day: str) -> None:
    assert business_day(at_ms(moment), timezone=ZONE, cutover_min=300) == day


ZONES_WITH_SUMMER_TIME = ("America/New_York", "Europe/Madrid", "America/Santiago", "Australia/Lord_Howe")


@pytest.mark.parametrize("zone", ZONES_WITH_SUMMER_TIME)
@pytest.mark.parametrize("cutover_min", [0, 60, 61, 90, 119, 120, 150, 180, 300])
def test_days_follow_each_other_through_both_changes_of_the_clock(zone: str, cutover_min: int) -> None:
    """Also with a cut-over in the hour that comes twice, or in the one that never comes."""
    start_ms = at_ms("2026-01-01T12:00:00")
    every_quarter = range(start_ms, start_ms + 365 * 86_400_000, 900_000)
    days = [business_day(at, timezone=zone, cutover_min=cutover_min) for at in every_quarter]
    changes = [day for before, day in pairwise(days) if before != day]
    assert changes == sorted(set(changes)), "a day that ended never comes back"
    first = date.fromisoformat(changes[0])
    assert changes == [(first + timedelta(days=n)).isoformat() for n in range(len(changes))], "none is left out"


@given(st.integers(0, 4 * 10**12), st.integers(0, 59_999), st.integers(0, 1439))
def test_no_day_begins_inside_a_minute(minute_ms: int, into_ms: int, cutover_min: int) -> None:
    start_ms = minute_ms // 60_000 * 60_000
    days = {business_day(at, timezone=ZONE, cutover_min=cutover_min) for at in (start_ms, start_ms + into_ms)}
    assert len(days) == 1
