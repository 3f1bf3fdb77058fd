"""A span of days is read as whole months and the days around them: each day once, whatever the span."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from cloud.reports.project import month_of
from cloud.reports.views import parts_of

DAYS = st.dates(date(2023, 1, 1), date(2027, 12, 31))


@given(DAYS, st.integers(0, 400))
def test_every_day_of_a_span_is_counted_once_and_no_other(start: date, length: int) -> None:
    first, last = start.isoformat(), (start + timedelta(days=length)).isoformat()
    (begin, end), *ends = parts_of(first, last)
    for offset in range(-70, length + 70):
        day = (start + timedelta(days=offset)).isoformat()
        times = sum(since <= day < until for since, until in ends) + (begin <= month_of(day) < end)
        assert times == (first <= day <= last), day


@given(DAYS, st.integers(0, 400))
def test_a_span_reads_less_than_two_months_day_by_day(start: date, length: int) -> None:
    last = (start + timedelta(days=length)).isoformat()
    _, *ends = parts_of(start.isoformat(), last)
    days = [(start + timedelta(days=offset)).isoformat() for offset in range(length + 1)]
    assert sum(since <= day < until for day in days for since, until in ends) <= 60
