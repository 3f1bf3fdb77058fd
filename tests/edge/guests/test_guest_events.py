"""What phones see of their visit as it changes, over server-sent events on a real socket."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from guest_door import Event, GuestDoor, Phone, at_the_door

from edge.guests.limits import STREAMS_OF_PHONE
from shared.commands.guests import AnswerCall, ClaimDraft, RejectDraft
from shared.commands.kitchen import BumpTicket, SendLines, ShowTickets
from shared.commands.lines import LineAsk
from shared.commands.menu import EightySixItem, PublishMenu, RestoreItem
from shared.commands.ordering import ConfirmDraft, MoveCheck, OpenCheck, VoidLine
from shared.commands.payments import TakePayment
from tests.service import MENU, Service

EMPANADA = {"line_id": "l1", "item_id": "empanada"}
EVENTS = "/guest-api/events"


async def seated(venue: GuestDoor, phone: Phone, table_id: str = "t1") -> str:
    """The visit that the phone joins."""
    response = await phone.join((await venue.codes())[table_id])
    assert response.status_code == 200, response.text
    return str(response.json()["visit_id"])


async def following(events: AsyncIterator[Event]) -> dict[str, Any]:
    """The next view of the visit."""
    while True:
        event = await anext(events)
        if event.name == "guest":
            view: dict[str, Any] = event.content
            return view
        assert event.name == "beat"


async def paid(service: Service) -> None:
    ((total_minor,),) = service.rows("SELECT total_minor FROM checks WHERE check_id = 'c1'")
    await service.do(
        "mara",
        TakePayment(payment_id="p1", check_id="c1", tender="card", amount_minor=total_minor, reference="4711"),
    )


def stages(view: dict[str, Any]) -> list[tuple[str, str]]:
    return [(line["name"], line["stage"]) for line in view["lines"]]


async def test_a_guest_sees_a_draft_received_confirmed_cooking_and_ready(tmp_path: Path) -> None:
    async with at_the_door(tmp_path) as venue, venue.phone() as phone:
        visit = await seated(venue, phone)
        async with phone.events() as events:
            first = await following(events)
            assert (first["visit_id"], first["table_label"], first["menu_version"]) == (visit, "1", 1)
            assert (first["drafts"], first["lines"], first["is_over"]) == ([], [], False)
            assert await phone.refusal("submit_draft", draft_id="d1", lines=[EMPANADA]) == ""
            (draft,) = (await following(events))["drafts"]
            assert (draft["state"], draft["total_minor"]) == ("submitted", 1_200_00)
            await venue.service.do("ana", ClaimDraft(draft_id="d1"))
            (draft,) = (await following(events))["drafts"]
            assert (draft["state"], draft["claimed_by"]) == ("claimed", "")  # ids of staff stay with staff
            await venue.service.do("ana", ConfirmDraft(draft_id="d1", check_id="c1", covers=2))
            view = await following(events)
            assert (view["drafts"][0]["state"], stages(view)) == ("confirmed", [("Empanada", "confirmed")])
            assert (view["covers"], view["total_minor"], view["paid_minor"]) == (2, 1_200_00, 0)
            await venue.service.do("ana", SendLines(check_id="c1"))
            assert stages(await following(events)) == [("Empanada", "confirmed")]  # the kitchen may not have it yet
            ((ticket_id,),) = venue.service.rows("SELECT ticket_id FROM ticket")
            await venue.service.do("kds", ShowTickets(ticket_ids=(ticket_id,)))
            assert stages(await following(events)) == [("Empanada", "cooking")]
            await venue.service.do("kds", BumpTicket(ticket_id=ticket_id))
            assert stages(await following(events)) == [("Empanada", "ready")]


async def test_a_guest_reads_what_the_waiter_changed_and_why_a_draft_was_not_taken(tmp_path: Path) -> None:
    async with at_the_door(tmp_path) as venue, venue.phone() as phone:
        await seated(venue, phone)
        agua = {"line_id": "l2", "item_id": "agua"}
        await phone.ask("submit_draft", draft_id="d1", lines=[EMPANADA, agua])
        await phone.ask("submit_draft", draft_id="d2", lines=[EMPANADA])
        await venue.service.do(
            "ana", ConfirmDraft(draft_id="d1", check_id="c1", lines=(LineAsk(line_id="l2", item_id="agua"),))
        )
        await venue.service.do("ana", RejectDraft(draft_id="d2", reason="other", note="se cortó el gas"))
        async with phone.events() as events:
            second, first = (await following(events))["drafts"]
            assert (first["state"], first["edits"]) == ("confirmed", [["removed", "Empanada"]])
            assert (second["state"], second["reason"], second["reason_note"]) == (
                "rejected",
                "other",
                "se cortó el gas",
            )


async def test_what_sold_out_and_a_new_menu_reach_every_table_at_once(tmp_path: Path) -> None:
    async with at_the_door(tmp_path) as venue, venue.phone() as one, venue.phone() as two:
        await seated(venue, one, "t1")
        await seated(venue, two, "t2")
        await one.ask("submit_draft", draft_id="d1", lines=[EMPANADA])
        async with one.events() as ours, two.events() as theirs:
            assert [(await following(events))["sold_out"] for events in (ours, theirs)] == [[], []]
            await venue.service.do("kds", EightySixItem(item_id="empanada"))
            view = await following(ours)
            assert (view["sold_out"], view["drafts"][0]["sold_out"]) == (["empanada"], ["l1"])
            assert (await following(theirs))["sold_out"] == ["empanada"]
            await venue.service.do("kds", RestoreItem(item_id="empanada"))
            assert [(await following(events))["sold_out"] for events in (ours, theirs)] == [[], []]
            await venue.service.do("mara", PublishMenu(menu=dearer("empanada")))
            view = await following(ours)
            assert (view["menu_version"], view["drafts"][0]["price_changed"]) == (2, ["l1"])
            assert (await following(theirs))["menu_version"] == 2


def dearer(item_id: str) -> Any:
    items = tuple(
        msgspec.structs.replace(item, price_minor=item.price_minor + 1) if item.id == item_id else item
        for item in MENU.items
    )
    return msgspec.structs.replace(MENU, items=items)


async def test_a_call_waits_and_then_says_who_comes(tmp_path: Path) -> None:
    async with at_the_door(tmp_path) as venue, venue.phone() as phone:
        await seated(venue, phone)
        await venue.service.writer.job(
            lambda conn: conn.execute("INSERT INTO person VALUES ('ana', 'Ana', '')").rowcount
        )
        async with phone.events() as events:
            await following(events)
            assert await phone.refusal("call_waiter", call_id="k1", reason="water") == ""
            view = await following(events)
            assert (view["calls"], view["answered_by"]) == (["waiter"], "")
            assert await phone.refusal("ask_bill", call_id="k2", tender="card") == ""
            assert (await following(events))["calls"] == ["waiter", "bill"]
            await venue.service.do("ana", AnswerCall(call_id="k1"), AnswerCall(call_id="k2"))
            view = await following(events)
            assert (view["calls"], view["answered_by"]) == ([], "Ana")
            await venue.service.do("ana", OpenCheck(check_id="c1", table_id="t1"), at_ms=600_000)
            assert (await following(events))["answered_by"] == ""  # that was long ago


async def test_two_phones_of_a_party_see_each_others_drafts_and_no_other_tables(tmp_path: Path) -> None:
    async with at_the_door(tmp_path) as venue, venue.phone() as one, venue.phone() as two, venue.phone() as other:
        await seated(venue, one)
        await seated(venue, two)
        await seated(venue, other, "t2")
        async with two.events() as ours, other.events() as theirs:
            await following(ours)
            await following(theirs)
            await one.ask("submit_draft", draft_id="d1", lines=[EMPANADA])
            assert [draft["draft_id"] for draft in (await following(ours))["drafts"]] == ["d1"]
            await other.ask("call_waiter", call_id="k1")
            view = await following(theirs)  # the next thing this phone is told is its own
            assert (view["drafts"], view["calls"]) == ([], ["waiter"])


async def test_paying_ends_the_visit_and_the_next_party_sees_nothing_of_it(tmp_path: Path) -> None:
    async with at_the_door(tmp_path) as venue, venue.phone() as yesterday, venue.phone() as today:
        visit = await seated(venue, yesterday)
        await yesterday.ask("submit_draft", draft_id="d1", lines=[EMPANADA])
        await venue.service.do("ana", ConfirmDraft(draft_id="d1", check_id="c1"), SendLines(check_id="c1"))
        async with yesterday.events() as events:
            await following(events)
            await paid(venue.service)
            told = [event async for event in events if event.name != "beat"]  # until the door ends the stream
            assert [event.name for event in told] == ["guest", "over"]
            assert (told[0].content["is_over"], told[0].content["paid_minor"]) == (True, 1_200_00)
        next_visit = await seated(venue, today)
        assert next_visit != visit
        assert await yesterday.refusal("submit_draft", draft_id="d2", lines=[EMPANADA]) == "visit_over"
        assert await yesterday.refusal("call_waiter", call_id="k1") == "visit_over"
        async with yesterday.events() as events:
            assert [(event.name, event.content.get("visit_id")) async for event in events] == [
                ("guest", visit),
                ("over", None),
            ]
        async with today.events() as events:
            view = await following(events)
            assert (view["visit_id"], view["drafts"], view["lines"], view["total_minor"]) == (next_visit, [], [], 0)


async def test_a_party_that_moves_takes_its_phones_along(tmp_path: Path) -> None:
    async with at_the_door(tmp_path) as venue, venue.phone() as phone, venue.phone() as late:
        visit = await seated(venue, phone, "t1")
        await venue.service.do("ana", OpenCheck(check_id="c1", table_id="t1"))
        async with phone.events() as events:
            await following(events)
            await venue.service.do("ana", MoveCheck(check_id="c1", table_id="t2"))
            assert (await following(events))["table_label"] == "2"
        assert await seated(venue, late, "t2") == visit
        assert await seated(venue, late, "t1") != visit


async def test_a_void_line_leaves_the_guests_bill(tmp_path: Path) -> None:
    async with at_the_door(tmp_path) as venue, venue.phone() as phone:
        await seated(venue, phone)
        await phone.ask("submit_draft", draft_id="d1", lines=[EMPANADA])
        await venue.service.do("ana", ConfirmDraft(draft_id="d1", check_id="c1"))
        async with phone.events() as events:
            await following(events)
            await venue.service.do("ana", VoidLine(check_id="c1", line_id="l1", reason="error"))
            view = await following(events)
            assert (view["lines"], view["total_minor"]) == ([], 0)


@pytest.mark.parametrize("by", ["header", "query"])
@pytest.mark.parametrize("last", ["1", "-1", "x", "99999999", "9" * 40, "1.5"])
async def test_a_phone_that_comes_back_gets_its_visit_whole_whatever_it_says_it_has(
    tmp_path: Path, last: str, by: str
) -> None:
    async with at_the_door(tmp_path) as venue, venue.phone() as phone:
        visit = await seated(venue, phone)
        await phone.ask("submit_draft", draft_id="d1", lines=[EMPANADA])
        header = {"Last-Event-ID": last} if by == "header" else {}
        async with phone.events(f"{EVENTS}?last_event_id={last}" if by == "query" else EVENTS, **header) as events:
            first = await anext(events)
            assert (first.name, first.content["visit_id"]) == ("guest", visit)
            assert [draft["draft_id"] for draft in first.content["drafts"]] == ["d1"]


async def test_a_phone_that_joined_another_party_goes_on_with_that_one(tmp_path: Path) -> None:
    async with at_the_door(tmp_path) as venue, venue.phone() as phone:
        await seated(venue, phone, "t1")
        async with phone.events() as events:
            await anext(events)
        visit = await seated(venue, phone, "t2")
        async with phone.events() as events:
            assert (await following(events))["visit_id"] == visit


async def test_a_phone_has_a_few_streams_and_a_closed_one_counts_no_more(tmp_path: Path) -> None:
    async with at_the_door(tmp_path) as venue, venue.phone() as phone, venue.phone() as other:
        await seated(venue, phone)
        await seated(venue, other)
        async with contextlib.AsyncExitStack() as streams:
            open_now = [await streams.enter_async_context(phone.events()) for _ in range(STREAMS_OF_PHONE)]
            for events in open_now:
                await following(events)
            assert (await phone.http.get(EVENTS)).status_code == 429
            await following(await streams.enter_async_context(other.events()))
        while venue.limits.streams:  # the door notices that they hung up
            await phone.http.get("/guest-api/menu")
        assert venue.feed.subscribers == 0
        async with phone.events() as events:
            await following(events)


async def test_streams_end_when_the_venue_closes(tmp_path: Path) -> None:
    async with at_the_door(tmp_path) as venue, venue.phone() as phone:
        await seated(venue, phone)
        async with phone.events() as events:
            await following(events)
            await venue.feed.stop()
            assert [event.name async for event in events] == []


async def test_a_phone_that_believes_itself_elsewhere_is_told_that_its_visit_is_over(tmp_path: Path) -> None:
    """As after a backup is restored that is older than the table it sits at: the edge has it where it sat before."""
    async with at_the_door(tmp_path) as venue, venue.phone() as phone:
        visit = await seated(venue, phone)
        elsewhere = await phone.http.get(EVENTS, params={"visit": "made-after-the-backup"})
        assert (elsewhere.status_code, elsewhere.json()["code"]) == (409, "visit_over")
        async with phone.http.stream("GET", EVENTS, params={"visit": visit}) as here:
            assert here.status_code == 200
