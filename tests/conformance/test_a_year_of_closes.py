"""A year with one, two and three Zs a day: days are the calendar's, periods have no gaps, and both add up to the same cents.

Also where clocks change, with the cut-over inside the hour that comes twice. Edge and hub say the same.
"""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pytest

from cloud.engine.database import Database, rows
from cloud.reports import views
from edge.engine import log as edge_log
from edge.engine.writes import dump
from shared.answers.reports import ZReport
from shared.commands import Command
from shared.commands.cash import CloseDay, CountDrawer, OpenDrawer
from shared.commands.floor import ConfigureVenue
from shared.commands.kitchen import SendLines
from shared.commands.lines import LineAsk
from shared.commands.ordering import AddLines, OpenCheck, VoidLine
from shared.commands.payments import TakePayment
from shared.projections import checks, days, payments
from tests.cloud.hub_builders import Databases, EdgeLog, StandingClock
from tests.cloud.test_hub_projector import a_projector, catch_up, send
from tests.conformance.test_two_databases import at_the_hub
from tests.real_venue import RealVenue, a_real_venue
from tests.service import START_MS

MINUTE_MS = 60_000
PRICES = {"agua": 1_500_00, "empanada": 1_200_00, "flan": 4_000_00}
#: When something is asked after the start, by whom, and what.
Moment = tuple[int, str, tuple[Command, ...]]


class Place(NamedTuple):
    """Where a venue is, when its day begins, and which days are played."""

    zone: str
    cutover_min: int
    first: date
    count: int

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=number) for number in range(self.count)]

    def begins(self, day: date) -> int:
        """When the day begins, after the start of the tests' venues."""
        return begins(day, self.zone, self.cutover_min) - START_MS

    def has_an_hour_twice(self, day: date) -> bool:
        """Whether clocks are set back between the day's noon and the next."""
        noons = (datetime.combine(one, time(12), ZoneInfo(self.zone)) for one in (day, day + timedelta(days=1)))
        noon, next_noon = (at.utcoffset() or timedelta() for at in noons)
        return next_noon < noon


#: In the first two an hour comes twice right where the day begins; the third is where most venues are.
PLACES = [
    Place("America/New_York", 90, date(2027, 1, 16), 365),
    Place("Australia/Sydney", 150, date(2027, 3, 20), 45),
    Place("America/Argentina/Buenos_Aires", 300, date(2027, 2, 1), 60),
]


def begins(day: date, zone: str, cutover_min: int) -> int:
    """The first minute at which the clock on the wall shows the day's cut-over or later, looked up minute by minute."""
    wanted = datetime.combine(day, time()) + timedelta(minutes=cutover_min)
    minute = int(wanted.replace(tzinfo=UTC).timestamp()) - 16 * 3600  # no zone is that far off
    step = 3600
    while True:
        at = datetime.fromtimestamp(minute + step, UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        if at < wanted:
            minute += step
        elif step == 3600:
            step = 60
        else:
            return (minute + step) * 1000


def a_sale(check_id: str, chance: random.Random, session: str) -> tuple[Command, ...]:
    """A counter check that is paid, now and then after something came off; in cash where a drawer is open."""
    items = chance.choices(tuple(PRICES), k=chance.randrange(2, 5))
    lines = tuple(LineAsk(line_id=f"l{n}", item_id=item) for n, item in enumerate(items))
    is_void = chance.random() < 0.3
    due_minor = sum(PRICES[item] for item in items[is_void:])
    tip_minor = chance.choice((0, 0, 333_33))
    paid = TakePayment(
        payment_id=f"p-{check_id}",
        check_id=check_id,
        tender="cash" if session else chance.choice(("card", "transfer")),
        amount_minor=due_minor,
        tip_minor=tip_minor,
        tendered_minor=due_minor + tip_minor,
        reference="0042",
    )
    void = (VoidLine(check_id=check_id, line_id="l0", reason="se cayó"),) if is_void else ()
    return (
        OpenCheck(check_id=check_id, kind="counter"),
        AddLines(check_id=check_id, lines=lines),
        SendLines(check_id=check_id, fire_all=True),
        *void,
        paid,
    )


def a_shift(name: str, start_ms: int, end_ms: int, sales: list[int], chance: random.Random) -> Iterator[Moment]:
    """From the drawer's float, where there is one, to the Z."""
    session = f"s-{name}" if chance.random() < 0.4 else ""
    if session:
        yield start_ms, "mara", (OpenDrawer(session_id=session, drawer_id="till2", float_minor=0),)
    for number, at_ms in enumerate(sorted(sales)):
        yield at_ms, "mara", a_sale(f"{name}-{number}", chance, session)
    if session:
        yield end_ms, "mara", (CountDrawer(session_id=session, counted_minor=chance.choice((0, 5_000_00))),)
    if chance.random() < 0.97:  # now and then nobody thinks of it
        yield end_ms, "mara", (CloseDay(),)


def a_day(place: Place, day: date, begun_ms: int, chance: random.Random) -> list[Moment]:
    """Lunch, dinner and the small hours, or two of them, or the whole day in one. Nights run past the cut-over at times.

    Where clocks are set back a sale is made every ten minutes of that night.
    """
    start_ms, next_ms = place.begins(day), place.begins(day + timedelta(days=1))
    is_long_night = place.has_an_hour_twice(day)
    late_ms = 150 * MINUTE_MS if is_long_night else chance.choice((-40, -1, 0, 1, 40)) * MINUTE_MS
    ends = [start_ms + 12 * 60 * MINUTE_MS, start_ms + 19 * 60 * MINUTE_MS, next_ms + late_ms]
    moments: list[Moment] = []
    for until_ms in ends[-chance.randrange(1, 4) :]:
        sales = [chance.randrange(begun_ms, until_ms) for _ in range(chance.randrange(1, 3))]
        if is_long_night and until_ms == ends[-1]:
            sales += range(next_ms - 150 * MINUTE_MS, until_ms, 10 * MINUTE_MS)
        moments += a_shift(f"{day}-{until_ms}", begun_ms, until_ms, sales, chance)
        begun_ms = until_ms
    return moments


def days_off_the_calendar(venue: RealVenue, place: Place) -> list[object]:
    """Entries whose business day is not the one that had begun at their moment."""
    after = [place.days[-1] + timedelta(days=number) for number in range(1, 5)]
    starts = [(place.begins(day), day.isoformat()) for day in (*place.days, *after)]
    found = venue.rows("SELECT (hlc >> 16) - ?, business_day FROM log ORDER BY seq", START_MS)
    at, wrong = -1, list[object]()
    for at_ms, day in found:
        while at + 1 < len(starts) and starts[at + 1][0] <= at_ms // MINUTE_MS * MINUTE_MS:
            at += 1
        if at >= 0 and day != starts[at][1]:
            wrong.append((at_ms, day, starts[at][1]))
    return wrong


def sums_of_days(venue: RealVenue) -> dict[str, int]:
    """What the ledgers add up to, by business day and then in all, with no word of periods."""

    def total(sql: str) -> int:
        return sum(row[1] for row in venue.rows(sql))

    return {
        "sales": total("SELECT closed_day, SUM(total_minor) FROM checks WHERE state = 'closed' GROUP BY 1"),
        "checks": total("SELECT closed_day, COUNT(*) FROM checks WHERE state = 'closed' GROUP BY 1"),
        "vat": total("SELECT business_day, SUM(vat_minor) FROM period_vat GROUP BY 1"),
        "tips": total("SELECT business_day, SUM(amount_minor) FROM tip GROUP BY 1"),
        "taken": total("SELECT business_day, SUM(amount_minor) FROM payment GROUP BY 1"),
        "voids": total("SELECT business_day, SUM(gross_minor) FROM line_void GROUP BY 1"),
        "over_short": total("SELECT counted_day, SUM(over_short_minor) FROM drawer_session GROUP BY 1"),
    }


def sums_of_periods(closings: tuple[ZReport, ...]) -> dict[str, int]:
    """The same out of the Zs alone."""
    totals = [one.totals for one in closings]
    return {
        "sales": sum(one.sales_minor for one in totals),
        "checks": sum(one.checks for one in totals),
        "vat": sum(one.vat_minor for one in totals),
        "tips": sum(one.tips_minor for one in totals),
        "taken": sum(tender.amount_minor for one in totals for tender in one.tenders),
        "voids": sum(one.voids_minor for one in totals),
        "over_short": sum(one.over_short_minor for one in totals),
    }


async def at_the_hub_too(venue: RealVenue, database: Database, clock: StandingClock) -> tuple[ZReport, ...]:
    """Send the log and compare every shared table, row by row; the Zs as the hub has them."""
    sent = EdgeLog()
    sent.entries = [entry for some in venue.edge.reads.run_here(lambda conn: [*edge_log.scan(conn)]) for entry in some]
    await send(database, clock, sent)
    await catch_up(a_projector(database, clock))
    for table in (*checks.TABLES, *payments.TABLES, *days.TABLES):
        here: list[Any] = venue.edge.reads.run_here(lambda conn, table=table: [*dump(conn, table)])
        assert await at_the_hub(database, table) == here, table.name
    async with database.tenant("acme") as conn:
        return await views.z_reports(conn, "acme", ["v1"], first="2000-01-01", last="2100-01-01")


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.zone)
async def test_days_are_the_calendars_and_periods_add_up_to_them(
    place: Place, databases: Databases, database: Database, clock: StandingClock, tmp_path: Path
) -> None:
    chance = random.Random(place.count)
    async with a_real_venue(tmp_path) as venue:
        settings = ConfigureVenue(name="Año", timezone=place.zone, cutover_min=place.cutover_min)
        await venue.do("console", settings)
        begun_ms = place.begins(place.first) + 60 * MINUTE_MS
        for day in place.days:
            moments = a_day(place, day, begun_ms, chance)
            await venue.play(*moments)
            begun_ms = max(moments[-1][0], place.begins(day + timedelta(days=1))) + MINUTE_MS
        await venue.do("mara", OpenCheck(check_id="last", kind="counter"), CloseDay(), at_ms=begun_ms)
        assert days_off_the_calendar(venue, place) == []
        closings = await at_the_hub_too(venue, database, clock)
        assert sorted(one.z_number for one in closings) == list(range(1, len(closings) + 1))
        assert len(closings) > 1.5 * place.count, "most days had several"
        day = place.days[3].isoformat()
        async with database.tenant("acme") as conn:
            of_a_day = await views.closings(conn, "acme", [("v1", day)])
        assert of_a_day == tuple(one for one in reversed(closings) if day in one.totals.business_days)
        assert sums_of_periods(closings) == sums_of_days(venue)
        async with database.tenant("acme") as conn:
            sums = await rows(conn, "SELECT SUM(gross_minor)::bigint, SUM(vat_minor)::bigint FROM sales_day", ())
        assert sums == [(sums_of_days(venue)["sales"], sums_of_days(venue)["vat"])]
        assert venue.problems() == []
