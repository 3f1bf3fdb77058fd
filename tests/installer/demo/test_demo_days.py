"""When people come in the demo's past, and which day that counts to."""

import random
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from installer.demo.days import business_day, closing_times, days_before, moment_ms, so_far

DAY = date(2026, 3, 5)
days = st.dates(date(2024, 1, 1), date(2030, 1, 1))


def test_half_past_one_at_night_counts_to_the_evening_before() -> None:
    assert business_day(moment_ms(DAY, 25.5)) == DAY
    assert business_day(moment_ms(DAY, 5)) == DAY
    assert business_day(moment_ms(DAY, 4.9)) == date(2026, 3, 4)


@given(days, st.integers(0, 2**32))
def test_every_check_of_a_day_is_paid_in_its_business_day_in_order(day: date, seed: int) -> None:
    times = closing_times(day, 30, random.Random(seed))
    assert times == sorted(times)
    assert {business_day(at_ms) for at_ms in times} <= {day}


@given(days, st.integers(0, 2**32), st.floats(5.1, 28.9))
def test_today_has_sold_something_whenever_the_demo_starts(day: date, seed: int, hours: float) -> None:
    until_ms = moment_ms(day, hours)
    times = so_far(day, 30, random.Random(seed), until_ms=until_ms)
    assert len(times) >= 10
    assert all(business_day(at_ms) == day and at_ms < until_ms for at_ms in times)


def test_past_days_come_oldest_first() -> None:
    assert days_before(DAY, 2) == [date(2026, 3, 3), date(2026, 3, 4)]
