"""Who is rung for a card, and when: its waiter, then every waiter, then the till and the managers."""

from pathlib import Path
from typing import Any

from real_venue_with_leo import LEO_PHONE, a_room, awake

from shared.commands.devices import ReportScreens, ScreenNow
from shared.commands.floor import AssignSection
from shared.commands.guests import AnswerCall, AskBill, CallWaiter, ClaimDraft, JoinTable, SubmitDraft
from shared.commands.lines import LineAsk
from shared.commands.ordering import OpenCheck
from shared.commands.staff import RecordSignIn, SignOut
from tests.real_venue import RealVenue, pair
from tests.service import START_MS

MINUTE_MS = 60_000


async def called(venue: RealVenue) -> Any:
    """A guest at table 1, in Leo's section, calls at 0; the card."""
    await venue.do("edge", JoinTable(table_id="t1", phone_id="p1", generation=1, visit_id="v1"))
    await venue.do("guest:p1", CallWaiter(call_id="k1", reason="water"))
    return card(venue, "call:k1")


def card(venue: RealVenue, key: str) -> Any:
    return venue.views("attention", key)[key]


def rung(view: Any) -> tuple[int, int]:
    """From when it is everybody's, and from when the till's, after the start; -1 for never."""
    return tuple(at_ms - START_MS if at_ms else -1 for at_ms in (view.everyone_at_ms, view.till_at_ms))  # type: ignore[return-value]


async def test_a_card_is_its_waiters_until_amber_and_the_tills_at_red(tmp_path: Path) -> None:
    async with a_room(tmp_path) as venue:
        await awake(venue, "phone", LEO_PHONE)
        view = await called(venue)
        assert (view.waiter_id, view.waiter_name, view.waiter_away) == ("leo", "Leo", "")
        assert rung(view) == (MINUTE_MS, 3 * MINUTE_MS)


async def test_a_card_whose_waiter_nobody_can_ring_is_everybodys_at_once(tmp_path: Path) -> None:
    async with a_room(tmp_path) as venue:
        await awake(venue, "phone")
        asleep = await called(venue)
        assert (asleep.waiter_away, rung(asleep)) == ("asleep", (0, 3 * MINUTE_MS))
        await venue.do("leo", SignOut(session_id="s-leo"))
        left = card(venue, "call:k1")
        assert (left.waiter_away, rung(left)) == ("signed_out", (0, 3 * MINUTE_MS))


async def test_a_room_in_which_no_waiter_can_be_rung_rings_at_the_till_at_once(tmp_path: Path) -> None:
    async with a_room(tmp_path) as venue:
        await awake(venue, "till2")  # the manager's; she is rung as the till is
        assert rung(await called(venue)) == (0, 0)


async def test_a_cashier_at_the_till_is_no_waiter_who_can_be_rung(tmp_path: Path) -> None:
    async with a_room(tmp_path) as venue:
        await awake(venue, "till")
        assert rung(await called(venue)) == (0, 0)
        await awake(venue, "phone")
        assert rung(card(venue, "call:k1")) == (0, 3 * MINUTE_MS)


async def test_a_table_of_nobody_is_everybodys_at_once(tmp_path: Path) -> None:
    async with a_room(tmp_path) as venue:
        await awake(venue, "phone", LEO_PHONE)
        await venue.do("console", AssignSection(section_id="salon", staff_id=""))
        view = await called(venue)
        assert (view.waiter_id, view.waiter_away, rung(view)) == ("", "", (0, 3 * MINUTE_MS))


async def test_what_somebody_has_open_rings_nobody_else(tmp_path: Path) -> None:
    async with a_room(tmp_path) as venue:
        await awake(venue, "phone")
        await venue.do("edge", JoinTable(table_id="t1", phone_id="p1", generation=1, visit_id="v1"))
        await venue.do("guest:p1", SubmitDraft(draft_id="d1", lines=(LineAsk(line_id="l1", item_id="agua"),)))
        assert rung(card(venue, "draft:d1")) == (0, 3 * MINUTE_MS)
        await venue.do("ana", ClaimDraft(draft_id="d1"))
        assert rung(card(venue, "draft:d1")) == (-1, -1)


async def test_a_nudge_never_rings_at_the_till(tmp_path: Path) -> None:
    async with a_room(tmp_path) as venue:
        await venue.do("leo", OpenCheck(check_id="c1", table_id="t1"))
        assert rung(card(venue, "nudge:c1")) == (6 * MINUTE_MS, -1)


async def test_a_screen_that_wakes_and_a_person_who_leaves_change_every_card(tmp_path: Path) -> None:
    async with a_room(tmp_path) as venue:
        await called(venue)
        for table, key in (("screen", {"device_id": "phone"}), ("staff_session", {"session_id": "s-leo"})):
            assert "call:k1" in venue.touched_keys("attention", table, key)
        assert "leo" in venue.touched_keys("staff", "staff_session", {"session_id": "s-leo"})


async def test_which_screens_are_awake_is_kept_and_is_no_entry_of_the_log(tmp_path: Path) -> None:
    async with a_room(tmp_path) as venue:
        before = venue.rows("SELECT MAX(seq), (SELECT COUNT(*) FROM command_done) FROM log")
        for is_awake in (True, False, True):
            await venue.do("edge", ReportScreens(screens=(ScreenNow(device_id="phone", is_awake=is_awake),)))
        assert venue.views("device", "phone")["phone"].is_awake
        assert venue.rows("SELECT MAX(seq), (SELECT COUNT(*) FROM command_done) FROM log") == before
        assert await venue.code("ana", ReportScreens(screens=())) == "not_for_device"
        assert venue.problems() == []


async def test_a_guest_reads_who_comes_for_each_wish_and_nobody_before_somebody_said_so(tmp_path: Path) -> None:
    async with a_room(tmp_path) as venue:
        await called(venue)
        assert guest(venue) == (("waiter",), ())
        await venue.do("leo", AnswerCall(call_id="k1"), at_ms=10)
        assert guest(venue) == ((), (("waiter", "Leo"),))
        await venue.do("guest:p1", AskBill(call_id="k2"), at_ms=20)
        assert guest(venue) == (("bill",), (("waiter", "Leo"),))
        await venue.do("ana", AnswerCall(call_id="k2"), at_ms=30)
        assert guest(venue) == ((), (("waiter", "Leo"), ("bill", "Ana")))


def guest(venue: RealVenue) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    view = venue.views("guest", "v1")["v1"]
    return view.calls, view.answers


async def test_a_screen_in_the_office_rings_nobody(tmp_path: Path) -> None:
    async with a_room(tmp_path) as venue:
        await pair(venue, "office", "manage")
        await venue.do("edge", RecordSignIn(session_id="s-office", staff_id="leo", on_device_id="office"))
        await awake(venue, "office")
        view = await called(venue)
        assert (view.waiter_away, rung(view)) == ("asleep", (0, 0))
