"""Which business day a moment counts to."""

from datetime import UTC, datetime
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


def test_what_comes_after_a_close_counts_to_the_next_day() -> None:
    late = at_ms("2026-03-06T02:00:00")
    assert business_day(late, timezone=ZONE, cutover_min=300, last_closed="2026-03-05") == "2026-03-06"


@given(st.integers(0, 4 * 10**12), st.integers(0, 59_999), st.integers(0, 1439))
def test_no_day_begins_inside_a_minute(minute_ms: int, into_ms: int, cutover_min: int) -> None:
    start_ms = minute_ms // 60_000 * 60_000
    days = {business_day(at, timezone=ZONE, cutover_min=cutover_min) for at in (start_ms, start_ms + into_ms)}
    assert len(days) == 1
