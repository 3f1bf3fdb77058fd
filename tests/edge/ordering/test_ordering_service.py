"""Checks from the first line to the last dish, through the writer and back as views."""

from pathlib import Path

from shared.commands.guests import AskBill, ClaimDraft, JoinTable, SubmitDraft
from shared.commands.kitchen import BumpTicket, FireCourse, PickUpCourse, SendLines, ShowTickets
from shared.commands.lines import LineAsk
from shared.commands.menu import EightySixItem
from shared.commands.ordering import (
    AbandonCheck,
    AddLines,
    ChangeLine,
    ConfirmDraft,
    MoveCheck,
    OpenCheck,
    PrintGuestCheck,
    SetCovers,
    VoidLine,
)
from shared.commands.payments import TakePayment
from tests.service import START_MS, Service, in_service

MINUTE_MS = 60_000


def ask_for(line_id: str, item_id: str, *, quantity: int = 1) -> LineAsk:
    modifiers = ("punto/jugoso",) if item_id == "bife" else ()
    return LineAsk(line_id=line_id, item_id=item_id, quantity=quantity, modifier_ids=modifiers)


def ticket_ids(service: Service) -> list[str]:
    return [id for (id,) in service.rows("SELECT ticket_id FROM ticket WHERE state = 'open' ORDER BY number")]


def stage(service: Service) -> tuple[str, int]:
    check = service.views("check", "c1")["c1"]
    return check.stage, check.stage_since_ms - START_MS


def nudges(service: Service) -> list[tuple[str, str, int]]:
    cards = service.views("attention").values()
    return [(c.key, c.title, c.appears_at_ms - START_MS) for c in cards if c.kind == "nudge"]


async def test_a_check_says_at_each_step_how_far_its_table_is(tmp_path: Path) -> None:
    async with in_service(tmp_path) as service:
        await service.do("ana", OpenCheck(check_id="c1", table_id="t1", covers=2), at_ms=1)
        assert stage(service) == ("seated", 1)
        lines = (ask_for("l1", "empanada", quantity=2), ask_for("l2", "bife"), ask_for("l3", "agua"))
        await service.do("ana", AddLines(check_id="c1", lines=lines), at_ms=2)
        assert stage(service) == ("held", 2)
        await service.do("ana", SendLines(check_id="c1"), at_ms=3)
        assert stage(service) == ("sent", 3)  # nobody knows yet that the kitchen has it
        await service.do("kds", ShowTickets(ticket_ids=tuple(ticket_ids(service))), at_ms=3)
        assert stage(service) == ("cooking", 3)
        check = service.views("check", "c1")["c1"]
        assert [line.stage for line in check.lines] == ["cooking", "waiting", "cooking"]
        assert check.late_at_ms == START_MS + 3 + 300_000  # the bar is late sooner than the kitchen
        for ticket_id in ticket_ids(service):
            await service.do("kds", BumpTicket(ticket_id=ticket_id), at_ms=4)
        assert stage(service) == ("ready", 4)
        await service.do("ana", PickUpCourse(check_id="c1", course=1), FireCourse(check_id="c1", course=2), at_ms=5)
        await service.do("kds", ShowTickets(ticket_ids=tuple(ticket_ids(service))), at_ms=5)
        assert stage(service) == ("cooking", 5)
        courses = [(one.course, one.stage) for one in service.views("check", "c1")["c1"].courses]
        assert courses == [(1, "served"), (2, "cooking")]
        await service.do("ana", PrintGuestCheck(check_id="c1"), at_ms=6)
        assert stage(service) == ("bill", 6)
        assert service.problems() == []


async def test_totals_follow_covers_changes_and_voids(tmp_path: Path) -> None:
    async with in_service(tmp_path) as service:
        lines = (ask_for("l1", "empanada", quantity=3), ask_for("l2", "bife"))
        await service.do(
            "ana",
            OpenCheck(check_id="c1", table_id="t1", covers=2),
            AddLines(check_id="c1", lines=lines),
            SetCovers(check_id="c1", covers=3),
            ChangeLine(check_id="c1", line=ask_for("l2", "bife", quantity=2)),
            VoidLine(check_id="c1", line_id="l1", quantity=1),
            SendLines(check_id="c1"),
            PrintGuestCheck(check_id="c1"),
            AddLines(check_id="c1", lines=(ask_for("l3", "agua"),)),
        )
        check = service.views("check", "c1")["c1"]
        assert check.total_minor == 2 * 1_200_00 + 2 * 12_000_00 + 1_500_00
        assert check.guest_check_is_stale
        assert service.problems() == []


async def test_a_dish_that_stood_on_a_bill_before_it_was_sent_comes_off_by_a_manager(tmp_path: Path) -> None:
    async with in_service(tmp_path) as service:
        opened = OpenCheck(check_id="c1", table_id="t1")
        added = AddLines(check_id="c1", lines=(ask_for("l1", "agua"),))
        await service.do("ana", opened, added, PrintGuestCheck(check_id="c1"), at_ms=1_000)
        (answer,) = await service.ask("ana", VoidLine(check_id="c1", line_id="l1", reason="error"), at_ms=2_000)
        assert (answer.code, answer.facts) == ("needs_manager", {"permission": "void_sent"})


async def test_once_the_bill_is_printed_only_a_manager_takes_from_it(tmp_path: Path) -> None:
    """Bill and void: the guests pay by the paper, and what is taken off afterwards would stay with whoever took it off."""
    async with in_service(tmp_path) as service:
        lines = (ask_for("l1", "bife", quantity=2), ask_for("l2", "agua"))
        await service.do(
            "ana",
            OpenCheck(check_id="c1", table_id="t1", covers=4),
            AddLines(check_id="c1", lines=lines),
            SendLines(check_id="c1"),
            PrintGuestCheck(check_id="c1"),
            at_ms=1_000,
        )
        slip = VoidLine(check_id="c1", line_id="l2", reason="me equivoqué")
        cheaper = VoidLine(check_id="c1", line_id="l1", quantity=1, reason="error")
        for command in (slip, cheaper):
            (answer,) = await service.ask("ana", command, at_ms=2_000)
            assert (answer.code, answer.facts) == ("needs_manager", {"permission": "void_sent"})
        later = AddLines(check_id="c1", lines=(ask_for("l3", "bife", quantity=2),))
        fewer = ChangeLine(check_id="c1", line=ask_for("l3", "bife"))
        off = VoidLine(check_id="c1", line_id="l3")
        await service.do("ana", later, fewer, off, at_ms=3_000)
        await service.do("mara", slip, cheaper, at_ms=4_000)
        assert service.views("check", "c1")["c1"].total_minor == 12_000_00
        assert service.problems() == []


async def test_a_moved_check_takes_its_visit_and_tickets_along(tmp_path: Path) -> None:
    async with in_service(tmp_path) as service:
        await service.do(
            "ana",
            OpenCheck(check_id="c1", table_id="t1"),
            AddLines(check_id="c1", lines=(ask_for("l1", "agua"),)),
            SendLines(check_id="c1"),
            MoveCheck(check_id="c1", table_id="t2"),
        )
        assert service.rows("SELECT table_id FROM visit WHERE check_id = 'c1'") == [("t2",)]
        (ticket,) = service.views("ticket").values()
        assert (ticket.table_label, ticket.changed_at_ms > 0) == ("2", True)
        assert service.views("check", "c1")["c1"].table_label == "2"


async def test_a_draft_is_a_card_until_its_confirm_makes_it_a_ticket(tmp_path: Path) -> None:
    async with in_service(tmp_path) as service:
        join = JoinTable(table_id="t1", phone_id="p1", generation=1, visit_id="v1")
        await service.do("edge", join)
        draft = SubmitDraft(draft_id="d1", lines=(ask_for("l1", "bife"),), allergies=("peanut",))
        await service.do("phone:p1", draft, at_ms=10)
        card = service.views("attention", "draft:d1")["draft:d1"]
        assert (card.table_label, card.amount_minor, card.allergies) == ("1", 12_000_00, ("peanut",))
        assert (card.amber_at_ms, card.red_at_ms) == (START_MS + 10 + MINUTE_MS, START_MS + 10 + 3 * MINUTE_MS)
        assert card.is_flagged
        await service.do("ana", ClaimDraft(draft_id="d1"), at_ms=20)
        assert service.views("attention", "draft:d1")["draft:d1"].claimed_by == "ana"
        assert ticket_ids(service) == []
        await service.do(
            "ana", ConfirmDraft(draft_id="d1", check_id="c1", covers=2), SendLines(check_id="c1"), at_ms=30
        )
        (ticket,) = service.views("ticket").values()
        assert [(line.name, line.modifiers, line.allergies) for line in ticket.lines] == [
            ("Bife", ("Jugoso",), ("peanut",))
        ]
        assert service.views("attention", "draft:d1") == {}
        assert service.problems() == []


async def test_a_confirm_is_refused_whole_when_one_dish_ran_out(tmp_path: Path) -> None:
    async with in_service(tmp_path) as service:
        await service.do("edge", JoinTable(table_id="t1", phone_id="p1", generation=1, visit_id="v1"))
        lines = (ask_for("l1", "agua"), ask_for("l2", "flan"))
        await service.do("phone:p1", SubmitDraft(draft_id="d1", lines=lines))
        await service.do("kds", EightySixItem(item_id="flan"))
        answers = await service.ask("ana", ConfirmDraft(draft_id="d1", check_id="c1"), SendLines(check_id="c1"))
        assert [answer.code for answer in answers] == ["item_sold_out", "check_unknown"]
        assert service.rows("SELECT COUNT(*) FROM checks") == [(0,)]
        await service.do("ana", ConfirmDraft(draft_id="d1", check_id="c1", lines=(lines[0],)))
        assert service.rows("SELECT edits FROM draft") == [('[["removed","Flan"]]',)]


async def test_a_bill_call_puts_a_card_and_the_table_in_its_last_stage(tmp_path: Path) -> None:
    async with in_service(tmp_path) as service:
        await service.do("edge", JoinTable(table_id="t1", phone_id="p1", generation=1, visit_id="v1"))
        await service.do(
            "ana",
            OpenCheck(check_id="c1", table_id="t1"),
            AddLines(check_id="c1", lines=(ask_for("l1", "agua"),)),
        )
        await service.do("phone:p1", AskBill(call_id="g1", tender="card"), at_ms=7)
        card = service.views("attention", "call:g1")["call:g1"]
        assert (card.kind, card.tender, card.amount_minor, card.check_id) == ("bill", "card", 1_500_00, "c1")
        assert (card.amber_at_ms, card.red_at_ms) == (START_MS + 7 + 2 * MINUTE_MS, START_MS + 7 + 5 * MINUTE_MS)
        assert stage(service) == ("bill", 7)


async def test_nudges_follow_what_a_table_still_misses(tmp_path: Path) -> None:
    async with in_service(tmp_path) as service:
        await service.do("ana", OpenCheck(check_id="c1", table_id="t1"), at_ms=0)
        assert nudges(service) == [("nudge:c1", "nothing_sent", 6 * MINUTE_MS)]
        lines = (ask_for("l1", "empanada"), ask_for("l2", "bife"))
        await service.do("ana", AddLines(check_id="c1", lines=lines), at_ms=100)
        assert nudges(service) == [("nudge:c1", "unsent_lines", 100 + 2 * MINUTE_MS)]
        await service.do("ana", SendLines(check_id="c1"), at_ms=200)
        assert nudges(service) == []
        (ticket_id,) = ticket_ids(service)
        await service.do("kds", BumpTicket(ticket_id=ticket_id), at_ms=300)
        assert nudges(service) == [("nudge:c1", "next_course", 300 + 5 * MINUTE_MS)]
        ready = service.views("attention", "ready:c1:1")["ready:c1:1"]
        assert (ready.appears_at_ms, ready.details) == (START_MS + 300 + 3_000, ("1 Empanada",))
        await service.do("ana", FireCourse(check_id="c1", course=2), at_ms=400)
        assert nudges(service) == []


async def test_what_never_came_comes_off_a_check_that_is_paid_but_for_it(tmp_path: Path) -> None:
    async with in_service(tmp_path) as service:
        lines = (ask_for("l1", "empanada", quantity=3), ask_for("l2", "agua"))
        opened = OpenCheck(check_id="c1", kind="counter")
        await service.do("ana", opened, AddLines(check_id="c1", lines=lines), SendLines(check_id="c1"))
        part = TakePayment(payment_id="p1", check_id="c1", tender="card", amount_minor=3_900_00, reference="7")
        await service.do("ana", part)  # two of the three, and the water
        await service.do("mara", VoidLine(check_id="c1", line_id="l1", quantity=1, reason="no salió"))
        check = service.views("check", "c1")["c1"]
        assert (check.state, check.total_minor, check.balance_minor) == ("closed", 3_900_00, 0)
        assert service.rows("SELECT vat_bp, gross_minor FROM period_vat ORDER BY vat_bp") == [
            (1050, 2_400_00),
            (2100, 1_500_00),
        ]
        assert service.problems() == []


async def test_a_table_whose_party_left_owing_nothing_is_free_again_and_in_no_figure(tmp_path: Path) -> None:
    async with in_service(tmp_path) as service:
        await service.do("edge", JoinTable(table_id="t1", phone_id="p1", generation=1, visit_id="v1"))
        line = ask_for("l1", "empanada")
        await service.do("ana", OpenCheck(check_id="c1", table_id="t1", covers=2))
        await service.do("ana", AddLines(check_id="c1", lines=(line,)))
        (answer,) = await service.ask("leo", AbandonCheck(check_id="c1"))
        assert (answer.code, answer.facts) == ("unsent_lines", {"count": 1})
        await service.do("ana", SendLines(check_id="c1"))
        (answer,) = await service.ask("leo", AbandonCheck(check_id="c1"))
        assert (answer.code, answer.facts) == ("balance_left", {"balance_minor": 1_200_00})
        await service.do("ana", VoidLine(check_id="c1", line_id="l1"))
        await service.do("leo", AbandonCheck(check_id="c1"))
        assert service.views("check", "c1") == {} and service.views("check") == {}
        assert service.views("table", "t1")["t1"].visit_id == ""
        assert service.rows("SELECT state, closed_day, closed_by FROM checks") == [("abandoned", "", "leo")]
        assert [a.code for a in await service.ask("ana", AddLines(check_id="c1", lines=(line,)))] == ["check_closed"]
        assert nudges(service) == [] and service.problems() == []


async def test_a_voided_line_says_who_took_it_off_and_when(tmp_path: Path) -> None:
    async with in_service(tmp_path) as service:
        lines = (ask_for("l1", "empanada", quantity=3), ask_for("l2", "agua"))
        await service.do(
            "ana",
            OpenCheck(check_id="c1", table_id="t1"),
            AddLines(check_id="c1", lines=lines),
            SendLines(check_id="c1"),
        )
        await service.writer.job(lambda conn: conn.execute("INSERT INTO person VALUES ('mara', 'Mara', '')").rowcount)
        void = VoidLine(check_id="c1", line_id="l1", quantity=1, reason="error")
        await service.do("mara", void, at_ms=MINUTE_MS)
        found = service.views("check", "c1")["c1"].lines
        said = [(one.voided_by_name, one.void_reason, one.voided_at_ms) for one in found]
        assert said == [("Mara", "error", START_MS + MINUTE_MS), ("", "", 0)]
