"""Numbers of checks and tickets begin again with a business day, never in the middle of an evening."""

import pytest

from shared.rules.numbers import QUIET_MS, Numbered, Numbering, numbering

NOW_MS = 1_800_000_000_000
TODAY = "2027-03-01"


@pytest.mark.parametrize(
    ("evening", "highest_today", "wanted"),
    [
        (None, 0, Numbering(1, TODAY)),
        (None, 41, Numbering(42, TODAY)),
        (Numbered(87, NOW_MS - 60_000), 0, Numbering(88, "2027-02-28")),
        (Numbered(87, NOW_MS - QUIET_MS + 1), 0, Numbering(88, "2027-02-28")),
        (Numbered(87, NOW_MS - QUIET_MS), 0, Numbering(1, TODAY)),
        (Numbered(87, NOW_MS + 60_000), 0, Numbering(88, "2027-02-28")),
        (Numbered(87, NOW_MS + QUIET_MS), 5, Numbering(6, TODAY)),
    ],
    ids=[
        "the first of a day",
        "the day goes on",
        "an evening past its cut-over goes on",
        "as long as somebody comes",
        "but not into the next morning",
        "also when the clock was set back a little",
        "not when it was a day ahead",
    ],
)
def test_numbers_go_on_while_an_evening_does(evening: Numbered | None, highest_today: int, wanted: Numbering) -> None:
    assert numbering(evening, highest_today, today=TODAY, now_ms=NOW_MS) == wanted
