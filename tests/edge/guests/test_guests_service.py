"""Visits, drafts and calls through the writer, and back as staff see them."""

from pathlib import Path

import msgspec

from edge.guests.load import joined
from shared.commands.cash import CloseDay
from shared.commands.floor import ConfigureVenue
from shared.commands.guests import (
    AskBill,
    CallWaiter,
    ClaimDraft,
    ExpireDrafts,
    JoinTable,
    PauseDrafts,
    RejectDraft,
    ResumeDrafts,
    SubmitDraft,
    WithdrawDraft,
)
from shared.commands.kitchen import SendLines
from shared.commands.lines import LineAsk
from shared.commands.menu import EightySixItem, PublishMenu
from shared.commands.ordering import ConfirmDraft, MoveCheck, OpenCheck
from shared.commands.payments import TakePayment
from tests.service import MENU, START_MS, Service, in_service

SECOND_MS, MINUTE_MS, HOUR_MS = 1_000, 60_000, 3_600_000
LINES = (LineAsk(line_id="l1", item_id="empanada"), LineAsk(line_id="l2", item_id="agua"))
SUBMIT = SubmitDraft(draft_id="d1", lines=LINES)


def join(phone_id: str = "p1", table_id: str = "t1", *, visit_id: str = "v1") -> JoinTable:
    return JoinTable(table_id=table_id, phone_id=phone_id, generation=1, visit_id=visit_id)


def states(service: Service) -> list[tuple[str, ...]]:
    return service.rows("SELECT draft_id, state FROM draft ORDER BY draft_id")


async def pay(service: Service, check_id: str = "c1") -> None:
    ((total_minor,),) = service.rows("SELECT total_minor FROM checks WHERE check_id = ?", check_id)
    payment = TakePayment(
        payment_id=f"pay-{check_id}", check_id=check_id, tender="card", amount_minor=total_minor, reference="1"
    )
    await service.do("mara", payment)


async def test_a_draft_nobody_takes_expires_after_half_an_hour(tmp_path: Path) -> None:
    async with in_service(tmp_path) as service:
        await service.do("edge", join())
        await service.do("phone:p1", SUBMIT, at_ms=0)
        await service.do("edge", ExpireDrafts(), at_ms=30 * MINUTE_MS - 1)
        assert states(service) == [("d1", "submitted")]
        await service.do("edge", ExpireDrafts(), at_ms=30 * MINUTE_MS)
        assert states(service) == [("d1", "expired")]
        assert service.problems() == []


async def test_a_claim_left_alone_is_let_go_and_the_guest_may_change_it_again(tmp_path: Path) -> None:
    async with in_service(tmp_path) as service:
        await service.do("edge", join())
        await service.do("phone:p1", SUBMIT)
        await service.do("ana", ClaimDraft(draft_id="d1"))
        await service.do("edge", ExpireDrafts(), at_ms=90 * SECOND_MS)
        assert states(service) == [("d1", "claimed")]
        await service.do("edge", ExpireDrafts(), at_ms=90 * SECOND_MS + 1)
        assert states(service) == [("d1", "submitted")]
        await service.do("phone:p1", WithdrawDraft(draft_id="d1"), at_ms=91 * SECOND_MS)
        assert states(service) == [("d1", "withdrawn")]


async def test_a_visit_that_came_to_nothing_ends_after_three_hours(tmp_path: Path) -> None:
    async with in_service(tmp_path) as service:
        await service.do("edge", join())
        await service.do("edge", join("p2", "t2", visit_id="v2"))
        await service.do("ana", OpenCheck(check_id="c2", table_id="t2"))
        await service.do("edge", ExpireDrafts(), at_ms=3 * HOUR_MS)
        await service.do("edge", ExpireDrafts(), at_ms=3 * HOUR_MS + 1)
        assert service.rows("SELECT visit_id, state FROM visit ORDER BY visit_id") == [("v1", "closed"), ("v2", "open")]


async def test_what_a_party_left_waiting_is_settled_once_it_has_paid(tmp_path: Path) -> None:
    async with in_service(tmp_path) as service:
        await service.do("edge", join())
        await service.do("phone:p1", SUBMIT)
        await service.do("ana", ConfirmDraft(draft_id="d1", check_id="c1"), SendLines(check_id="c1"))
        later = msgspec.structs.replace(SUBMIT, draft_id="d2")
        await service.do("phone:p1", later, CallWaiter(call_id="k1"), AskBill(call_id="k2"))
        assert {key for key in service.views("attention") if key.startswith(("call", "draft"))} == {
            "draft:d2",
            "call:k1",
            "call:k2",
        }
        await pay(service)
        cards = service.views("attention", "draft:d2", "call:k1", "call:k2")
        assert (cards, service.views("draft", "d1", "d2")) == ({}, {})
        (answer,) = await service.ask("ana", ConfirmDraft(draft_id="d2", check_id="c1"))
        assert answer.code == "visit_over"
        await service.do("edge", ExpireDrafts())
        assert states(service) == [("d1", "confirmed"), ("d2", "expired")]
        assert service.rows("SELECT COUNT(*) FROM guest_call WHERE answered_at_ms = 0") == [(0,)]
        assert service.problems() == []


async def test_yesterdays_phone_does_not_get_todays_party(tmp_path: Path) -> None:
    async with in_service(tmp_path) as service:
        await service.do("edge", join("old", visit_id="v1"))
        await service.do("phone:old", SUBMIT)
        await service.do("ana", ConfirmDraft(draft_id="d1", check_id="c1"), SendLines(check_id="c1"))
        await pay(service)
        await service.do("edge", join("new", visit_id="v2"))
        again = msgspec.structs.replace(SUBMIT, draft_id="d2")
        assert [answer.code for answer in await service.ask("phone:old", again)] == ["visit_over"]
        await service.do("phone:new", again)
        views = service.views("guest", "v1", "v2")
        assert [draft.draft_id for draft in views["v1"].drafts] == ["d1"]
        assert [draft.draft_id for draft in views["v2"].drafts] == ["d2"]
        assert (views["v1"].is_over, views["v2"].is_over) == (True, False)


async def test_staff_see_what_changed_under_a_draft_that_waits(tmp_path: Path) -> None:
    async with in_service(tmp_path) as service:
        await service.do("edge", join())
        await service.do("phone:p1", SUBMIT)
        fresh = service.views("draft")["d1"]
        assert (fresh.sold_out, fresh.price_changed, fresh.check_id) == ((), (), "")
        await service.do("ana", OpenCheck(check_id="c1", table_id="t1"))
        await service.do("kds", EightySixItem(item_id="agua"))
        items = tuple(
            msgspec.structs.replace(item, price_minor=item.price_minor + 1) if item.id == "empanada" else item
            for item in MENU.items
            if item.id != "flan"
        )
        await service.do("mara", PublishMenu(menu=msgspec.structs.replace(MENU, items=items)))
        stale = service.views("draft")["d1"]
        assert (stale.sold_out, stale.price_changed, stale.check_id) == (("l2",), ("l1",), "c1")
        assert service.views("attention", "draft:d1")["draft:d1"].is_flagged


async def test_a_settled_draft_says_how_it_ended_while_the_party_sits(tmp_path: Path) -> None:
    async with in_service(tmp_path) as service:
        await service.do("edge", join())
        await service.do("phone:p1", SUBMIT, msgspec.structs.replace(SUBMIT, draft_id="d2"))
        await service.do("kds", EightySixItem(item_id="agua"))
        await service.do("ana", ConfirmDraft(draft_id="d1", check_id="c1", lines=LINES[:1]))
        await service.do("ana", RejectDraft(draft_id="d2", reason="sold_out"))
        confirmed, rejected = (service.views("draft")[id] for id in ("d1", "d2"))
        assert (confirmed.state, confirmed.check_id, confirmed.total_minor) == ("confirmed", "c1", 1_200_00)
        assert (confirmed.edits, confirmed.sold_out) == ((("removed", "Agua"),), ())
        assert (rejected.state, rejected.reason, rejected.settled_at_ms > 0) == ("rejected", "sold_out", True)


async def test_who_scans_where_two_parties_are_joins_the_one_that_was_seated(tmp_path: Path) -> None:
    async with in_service(tmp_path) as service:
        await service.do("edge", join("stray", "t2", visit_id="v0"))  # looked at the menu and left
        await service.do("edge", join("p1", "t1", visit_id="v1"))
        await service.do("ana", OpenCheck(check_id="c1", table_id="t1"), MoveCheck(check_id="c1", table_id="t2"))
        await service.do("edge", join("p2", "t2", visit_id="unused"))
        assert service.rows("SELECT visit_id FROM visit_phone WHERE phone_id = 'p2'") == [("v1",)]
        assert service.views("table", "t1")["t1"].visit_id == ""
        assert service.problems() == []


async def test_a_manager_pauses_new_drafts_and_what_waits_goes_on(tmp_path: Path) -> None:
    async with in_service(tmp_path) as service:
        await service.do("edge", join())
        await service.do("phone:p1", SUBMIT)
        (answer,) = await service.ask("ana", PauseDrafts())
        assert (answer.code, answer.facts) == ("needs_manager", {"permission": "pause_drafts"})
        await service.do("mara", ConfigureVenue(name="La Esquina"), PauseDrafts(), PauseDrafts(), at_ms=7)
        assert service.views("venue")["venue"].drafts_paused_at_ms == START_MS + 7
        assert service.rows("SELECT COUNT(*) FROM log WHERE kind = 'drafts_paused'") == [(1,)]
        assert service.views("guest", "v1")["v1"].is_paused
        assert service.reads.run_here(lambda conn: joined(conn, "p1")).paused
        (answer,) = await service.ask("phone:p1", SubmitDraft(draft_id="d2", lines=LINES))
        assert answer.code == "drafts_paused"
        await service.do("phone:p1", SUBMIT)  # sent again for want of an answer
        await service.do("phone:p1", CallWaiter(call_id="k1"))
        await service.do("ana", ConfirmDraft(draft_id="d1", check_id="c1"))
        await service.do("mara", ResumeDrafts(), ResumeDrafts())
        assert not service.views("guest", "v1")["v1"].is_paused
        assert service.views("venue")["venue"].drafts_paused_at_ms == 0
        await service.do("phone:p1", SubmitDraft(draft_id="d2", lines=LINES))
        assert service.problems() == []


async def test_closing_the_day_ends_the_pause(tmp_path: Path) -> None:
    async with in_service(tmp_path) as service:
        await service.do("edge", join())
        await service.do("ana", OpenCheck(check_id="c1", table_id="t1"))
        await service.do("mara", PauseDrafts(), CloseDay())
        await service.do("phone:p1", SUBMIT)
