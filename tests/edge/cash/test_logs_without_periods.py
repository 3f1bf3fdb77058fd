"""A log as releases wrote it that closed days and kept no periods: what was closed stays so, and the rest counts once."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from msgspec.structs import replace

from edge import app as root
from edge.engine import log
from edge.engine.database import FILE_NAME
from edge.settings import settings_of
from shared.commands.cash import CloseDay, CountDrawer, OpenDrawer
from shared.commands.ordering import VoidLine
from shared.commands.payments import TakePayment
from shared.entry import GENESIS, Entry, digest_of
from shared.ops.cash import DayTotals
from tests.real_venue import DAY_MS, HOUR_MS, RealVenue, a_real_venue

_NEW_IN_TOTALS = ("period", "opened_at_ms", "business_days")
TOMORROW = "2027-01-16"


async def two_days(folder: Path) -> None:
    """A day with its Z, and the next one under way: money taken, a void, a drawer counted, a check open."""
    async with a_real_venue(folder) as venue:
        await venue.serve("closed", items=("flan",))
        await venue.pay_by_card("closed", 4_000_00)
        await venue.do("mara", CloseDay(), at_ms=HOUR_MS)
        await venue.do("caro", OpenDrawer(session_id="s1", drawer_id="till", float_minor=100_00), at_ms=DAY_MS)
        await venue.serve("paid", items=("empanada", "agua"), at_ms=DAY_MS)
        await venue.do("mara", VoidLine(check_id="paid", line_id="paid-1", reason="error"), at_ms=DAY_MS)
        cash = TakePayment(
            payment_id="p1",
            check_id="paid",
            tender="cash",
            amount_minor=1_200_00,
            tip_minor=50_00,
            tendered_minor=2_000_00,
        )
        await venue.do("caro", cash, CountDrawer(session_id="s1", counted_minor=1_300_00), at_ms=DAY_MS)
        await venue.serve("open", items=("flan",), at_ms=DAY_MS)


def as_written_before(entries: Iterator[Entry]) -> Iterator[Entry]:
    """The same entries without a word of periods, and the Z as one of a business day."""
    before = GENESIS
    for entry in entries:
        body = json.loads(entry.body)
        body.pop("period", None)
        body.pop("numbered_day", None)
        kind = entry.kind
        if kind == "period_closed":
            kind = body["type"] = "day_closed"
            body["totals"] = {name: value for name, value in body["totals"].items() if name not in _NEW_IN_TOTALS}
        old = replace(
            entry, kind=kind, subject=str(body.get("business_day")) if kind == "day_closed" else entry.subject
        )
        old = replace(old, body=json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode())
        old = replace(old, digest=digest_of(before, old))
        before = old.digest
        yield old


def rewrite(database: Path) -> None:
    """Make the folder's log an old one; its tables are made anew by whoever opens it."""
    conn = sqlite3.connect(database, isolation_level=None)
    old = list(as_written_before(entry for some in log.scan(conn) for entry in some))
    conn.execute("BEGIN")
    conn.execute("DELETE FROM log")
    for entry in old:
        log.insert(conn.cursor(), entry)
    conn.execute("DELETE FROM projection_fingerprint")
    conn.execute("COMMIT")
    conn.close()


async def z(venue: RealVenue, number: int) -> DayTotals:
    """A Z as a till has it."""
    totals: DayTotals = venue.views("z_report", str(number))[str(number)].totals
    return totals


async def test_the_next_z_has_the_next_number_and_what_was_open_once(tmp_path: Path) -> None:
    await two_days(tmp_path)
    rewrite(tmp_path / "venue" / FILE_NAME)
    async with root.deciding(settings_of({"HOS_DATA_DIR": str(tmp_path / "venue"), "HOS_CLOCK": "commands"})) as edge:
        venue = RealVenue(edge)
        assert venue.problems() == []
        assert venue.rows("SELECT DISTINCT period FROM payment") == [(0,)], "nothing of it says a period"
        before = await z(venue, 1)
        assert (before.period, before.business_days, before.sales_minor) == (1, ("2027-01-15",), 4_000_00)
        await venue.pay_by_card("open", 4_000_00, at_ms=DAY_MS + HOUR_MS)
        await venue.do("mara", CloseDay(), at_ms=DAY_MS + HOUR_MS)
        totals = await z(venue, 2)
        assert (totals.business_days, totals.checks, totals.sales_minor) == ((TOMORROW,), 2, 5_200_00)
        assert [(one.tender, one.amount_minor) for one in totals.tenders] == [("card", 4_000_00), ("cash", 1_200_00)]
        assert (totals.tips_minor, totals.voids_minor, totals.over_short_minor) == (50_00, 1_500_00, -50_00)
        assert sum(part.gross_minor for part in totals.vat) == 5_200_00
        assert await venue.code("mara", CloseDay(), at_ms=DAY_MS + HOUR_MS) == "day_empty", "it counts once"
        await venue.serve("after", at_ms=DAY_MS + 2 * HOUR_MS)
        await venue.pay_by_card("after", 1_200_00, at_ms=DAY_MS + 2 * HOUR_MS)
        await venue.do("mara", CloseDay(), at_ms=DAY_MS + 2 * HOUR_MS)
        assert (await z(venue, 3)).sales_minor == 1_200_00
        assert (await z(venue, 1)) == before
        assert venue.problems() == []


async def test_days_that_ran_away_come_back_and_their_zs_stay(tmp_path: Path) -> None:
    """The old log's last Z is of a day that has not come: the calendar goes on, and the next Z counts what is new alone."""
    await two_days(tmp_path)
    database = tmp_path / "venue" / FILE_NAME
    rewrite(database)
    move_every_day(database, "+400 days")
    async with root.deciding(settings_of({"HOS_DATA_DIR": str(tmp_path / "venue"), "HOS_CLOCK": "commands"})) as edge:
        venue = RealVenue(edge)
        await venue.do("mara", CloseDay(), at_ms=DAY_MS)
        assert (await z(venue, 2)).business_days == ("2028-02-20",), (
            "what was under way in those days is closed with them"
        )
        await venue.serve("now", at_ms=2 * DAY_MS)
        await venue.pay_by_card("now", 1_200_00, at_ms=2 * DAY_MS)
        await venue.do("mara", CloseDay(), at_ms=2 * DAY_MS)
        totals = await z(venue, 3)
        assert (totals.business_days, totals.sales_minor) == (("2027-01-17",), 1_200_00)
        assert venue.problems() == []


def move_every_day(database: Path, by: str) -> None:
    """As if many second closes had moved every day of the log."""
    conn = sqlite3.connect(database, isolation_level=None)
    before = GENESIS
    for entry in [one for some in log.scan(conn) for one in some]:
        body = json.loads(entry.body)
        for holder in (body, body.get("totals", {})):
            if "business_day" in holder:
                (holder["business_day"],) = conn.execute("SELECT date(?, ?)", (holder["business_day"], by)).fetchone()
        (day,) = conn.execute("SELECT date(?, ?)", (entry.business_day, by)).fetchone()
        moved = replace(
            entry, business_day=day, body=json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode()
        )
        moved = replace(moved, digest=digest_of(before, moved))
        before = moved.digest
        conn.execute("DELETE FROM log WHERE seq = ?", (entry.seq,))
        log.insert(conn.cursor(), moved)
    conn.execute("DELETE FROM projection_fingerprint")
    conn.close()
