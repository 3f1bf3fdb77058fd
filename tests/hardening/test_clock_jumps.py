"""The machine's clock is wrong by a day, or is set back in the middle of a service: nothing stops, nothing is lost."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from edge import app as root
from edge.devices.keys import digest_of_key
from edge.engine.asks import Asker
from edge.engine.clock import SystemClock
from edge.settings import settings_of
from edge.staff.pins import prepare_pin
from shared.calendar import business_day
from shared.commands.cash import CloseDay
from shared.commands.devices import ApprovePairing, AskPairing
from shared.commands.guests import ClaimDraft, ExpireDrafts, JoinTable, SubmitDraft
from shared.commands.lines import LineAsk
from shared.commands.ordering import VoidLine
from shared.commands.staff import AddStaff, RecordSignIn
from shared.context import VenueRules
from tests.real_venue import DAY_MS, PIN, STAFF, RealVenue, pair
from tests.service import START_MS, opening_time

KEY = "the key of the till"


class SetClock(SystemClock):
    """The machine's clock, in somebody's hands."""

    def __init__(self) -> None:
        super().__init__()
        self.at_ms = START_MS

    def now_ms(self) -> int:
        return self.at_ms


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SetClock:
    """What every edge of the test takes for the machine's clock."""
    made = SetClock()
    monkeypatch.setattr(root, "SystemClock", lambda: made)
    return made


def calendar_day(at_ms: int) -> str:
    """The business day of a moment at a venue with the defaults."""
    return business_day(at_ms, timezone=VenueRules().timezone, cutover_min=VenueRules().cutover_min)


@contextlib.asynccontextmanager
async def booted(folder: Path) -> AsyncIterator[RealVenue]:
    """The venue, started on what it has."""
    async with root.deciding(settings_of({"HOS_DATA_DIR": str(folder / "venue")})) as edge:
        yield RealVenue(edge)


async def set_up(venue: RealVenue) -> None:
    """An open venue with its people signed in, and a till that speaks HTTP."""
    await venue.do("console", *opening_time())
    for staff_id, (device_id, app, role) in STAFF.items():
        await pair(venue, device_id, app)
        person = AddStaff(staff_id=staff_id, staff_name=staff_id.title(), role=role, pin=PIN)
        await venue.do("console", prepare_pin(person))
        await venue.do("edge", RecordSignIn(session_id=f"s-{staff_id}", staff_id=staff_id, on_device_id=device_id))
    till = AskPairing(pairing_id="http", code="1", app="pos", device_name="Caja", key_digest=digest_of_key(KEY))
    await venue.do("edge", till)
    await venue.do("console", ApprovePairing(pairing_id="http", role="pos"))


async def test_an_edge_that_boots_a_day_behind_goes_on_in_the_same_log(tmp_path: Path, clock: SetClock) -> None:
    async with booted(tmp_path) as venue:
        await set_up(venue)
        await venue.serve("c1")
        await venue.pay_by_card("c1", 1_200_00)
        await venue.do("console", CloseDay())
    for jump_ms in (-DAY_MS, 3 * DAY_MS, -30 * DAY_MS):
        clock.at_ms += jump_ms
        async with booted(tmp_path) as venue:
            ((before,),) = venue.rows("SELECT MAX(seq) FROM log")
            await venue.serve(f"c{clock.at_ms}")
            assert venue.problems() == []
            days = venue.rows("SELECT DISTINCT business_day FROM log WHERE seq > ?", before)
            assert days == [(calendar_day(clock.at_ms),)], "what the clock says, whatever was closed before"
            assert venue.rows("SELECT MAX(seq) = COUNT(*) FROM log") == [(1,)]
    async with booted(tmp_path) as venue:
        await venue.do("console", CloseDay())
        assert venue.rows("SELECT z_number, COALESCE(totals ->> 'open_checks', 0) FROM z_report") == [(1, 0), (2, 3)]
        assert venue.rows("SELECT DISTINCT period FROM checks WHERE check_id <> 'c1'") == [(2,)]


async def test_days_come_back_once_the_clock_that_was_a_year_ahead_is_right(tmp_path: Path, clock: SetClock) -> None:
    """Even when somebody insisted on a Z while it was wrong."""
    async with booted(tmp_path) as venue:
        await set_up(venue)
        await venue.serve("before")
        await venue.pay_by_card("before", 1_200_00)
        await venue.do("console", CloseDay())
    clock.at_ms += 365 * DAY_MS
    async with booted(tmp_path) as venue:
        await venue.serve("ahead")
        await venue.pay_by_card("ahead", 1_200_00)
        assert await venue.code("console", CloseDay()) == "clock_doubtful"
        await venue.do("console", CloseDay(is_clock_right=True))
    clock.at_ms -= 364 * DAY_MS
    async with booted(tmp_path) as venue:
        await venue.serve("after")
        await venue.pay_by_card("after", 1_200_00)
        await venue.do("console", CloseDay())
        today = calendar_day(clock.at_ms)
        assert venue.rows("SELECT closed_day, closed_period, number FROM checks WHERE check_id = 'after'") == [
            (today, 3, 1)
        ]
        assert venue.rows("SELECT z_number, business_day FROM z_report WHERE z_number = 3") == [(3, today)]
        assert {*venue.views("z_report")} == {"1", "2", "3"}
        assert venue.problems() == []


async def test_a_clock_set_back_in_the_middle_of_a_service_stops_nobody(tmp_path: Path, clock: SetClock) -> None:
    async with booted(tmp_path) as venue:
        await set_up(venue)
        phone = JoinTable(table_id="t1", phone_id="p1", generation=1, visit_id="v1")
        await venue.do("edge", phone)
        draft = SubmitDraft(draft_id="d1", lines=(LineAsk(line_id="l1", item_id="agua"),))
        assert (await venue.edge.door.ask_one(draft, Asker("guest:p1", "guest"))).outcome == "done"
        await venue.do("ana", ClaimDraft(draft_id="d1"))
        assert await venue.code("caro", ClaimDraft(draft_id="d1")) == "draft_claimed"
        clock.at_ms -= DAY_MS
        assert await venue.code("caro", ClaimDraft(draft_id="d1")) == "", "not held for a day"
        clock.at_ms -= DAY_MS
        await venue.do("edge", ExpireDrafts())
        assert venue.rows("SELECT state FROM draft") == [("submitted",)]
        assert venue.problems() == []


async def test_what_was_sent_before_the_clock_was_set_back_still_needs_a_manager_to_void(
    tmp_path: Path, clock: SetClock
) -> None:
    async with booted(tmp_path) as venue:
        await set_up(venue)
        await venue.serve("c1", items=("empanada", "agua"))
        void = VoidLine(check_id="c1", line_id="c1-0", reason="error")
        clock.at_ms -= DAY_MS
        assert await venue.code("ana", void) == "needs_manager"


async def test_nobody_is_locked_out_for_a_day_by_a_clock_that_was_ahead(tmp_path: Path, clock: SetClock) -> None:
    async with booted(tmp_path) as venue:
        await set_up(venue)
        transport = httpx.ASGITransport(app=root.build_app(venue.edge))  # type: ignore[arg-type]
        headers = {"Authorization": f"Bearer {KEY}"}
        async with httpx.AsyncClient(transport=transport, base_url="http://edge", headers=headers) as http:

            async def code(pin: str) -> str:
                response = await http.post("/staff/sign-in", json={"staff_id": "ana", "pin": pin})
                return str(response.json().get("code", ""))

            assert [await code("000000") for _ in range(5)][-1] == "pin_locked"
            clock.at_ms -= DAY_MS
            assert await code("000000") == "pin_locked", "one more wrong one counts as before"
            clock.at_ms -= DAY_MS
            assert await code(PIN) == ""
