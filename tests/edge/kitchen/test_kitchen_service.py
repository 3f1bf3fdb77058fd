"""Tickets through the writer and back as views."""

from pathlib import Path

from shared.commands.kitchen import (
    RECALL_MS,
    AnswerPassCall,
    BumpLine,
    BumpTicket,
    CallToPass,
    FireCourse,
    PickUpCourse,
    RecallTicket,
    SeeTicketChange,
    SendLines,
)
from shared.commands.lines import LineAsk
from shared.commands.ordering import AddLines, OpenCheck, VoidLine
from tests.service import START_MS, Service, in_service


async def order(service: Service, *items: str, at_ms: int = 0) -> None:
    """Table 1 orders and it is sent; the line's id is its item's."""
    lines = tuple(
        LineAsk(line_id=item, item_id=item, quantity=2, modifier_ids=("punto/jugoso",) if item == "bife" else ())
        for item in items
    )
    await service.do(
        "ana",
        OpenCheck(check_id="c1", table_id="t1"),
        AddLines(check_id="c1", lines=lines),
        SendLines(check_id="c1"),
        at_ms=at_ms,
    )


def ticket_at(service: Service, station_id: str, *, course: int = 1) -> str:
    ((ticket_id,),) = service.rows(
        "SELECT ticket_id FROM ticket WHERE station_id = ? AND course = ?", station_id, course
    )
    return str(ticket_id)


async def test_stations_get_their_tickets_with_their_bands(tmp_path: Path) -> None:
    async with in_service(tmp_path) as service:
        await order(service, "empanada", "agua", at_ms=50)
        tickets = sorted(service.views("ticket").values(), key=lambda one: one.number)
        assert [(one.number, one.station_id, one.also_at) for one in tickets] == [
            (1, "cocina", ("Barra",)),
            (2, "barra", ("Cocina",)),
        ]
        assert tickets[1].late_at_ms == START_MS + 50 + 300_000


async def test_a_course_that_waits_is_counted_by_station_until_fired_or_voided(tmp_path: Path) -> None:
    async with in_service(tmp_path) as service:
        await order(service, "agua", "bife", "flan")
        waiting = service.views("waiting_course")
        assert {key: view.quantities for key, view in waiting.items()} == {
            "c1:2": (("cocina", 2),),
            "c1:3": (("cocina", 2),),
        }
        await service.do("ana", FireCourse(check_id="c1", course=2))
        await service.do("ana", VoidLine(check_id="c1", line_id="flan", quantity=1))
        assert service.views("waiting_course", "c1:2", "c1:3")["c1:3"].quantities == (("cocina", 1),)
        assert service.views("waiting_course", "c1:2") == {}
        touched = {key for (key,) in service.rows("SELECT check_id || ':' || course FROM course_wait")}
        assert touched == {"c1:2", "c1:3"}


async def test_the_waiter_is_called_once_all_stations_are_done(tmp_path: Path) -> None:
    async with in_service(tmp_path) as service:
        await order(service, "empanada", "agua")
        await service.do("kds", BumpTicket(ticket_id=ticket_at(service, "barra")), at_ms=10)
        assert service.rows("SELECT 1 FROM ready_course") == []
        await service.do("kds", BumpLine(ticket_id=ticket_at(service, "cocina"), line_id="empanada"), at_ms=20)
        assert service.rows("SELECT course, dishes, ready_at_ms FROM ready_course") == [
            (1, '["2 Agua","2 Empanada"]', START_MS + 20)
        ]
        answers = await service.ask("kds", BumpTicket(ticket_id=ticket_at(service, "cocina")))
        assert [answer.code for answer in answers] == ["ticket_bumped"]
        assert service.problems() == []


async def test_a_recall_takes_the_course_off_the_pass(tmp_path: Path) -> None:
    async with in_service(tmp_path) as service:
        await order(service, "agua")
        ticket_id = ticket_at(service, "barra")
        await service.do("kds", BumpTicket(ticket_id=ticket_id), RecallTicket(ticket_id=ticket_id), at_ms=10)
        assert service.rows("SELECT 1 FROM ready_course") == []
        assert service.views("ticket", ticket_id)[ticket_id].state == "open"
        assert service.views("check", "c1")["c1"].lines[0].stage == "cooking"
        await service.do("kds", BumpTicket(ticket_id=ticket_id), at_ms=20)
        assert service.rows("SELECT dishes FROM ready_course") == [('["2 Agua"]',)]
        assert service.problems() == []


async def test_only_what_came_since_the_last_pick_up_is_announced(tmp_path: Path) -> None:
    async with in_service(tmp_path) as service:
        await order(service, "agua")
        await service.do("kds", BumpTicket(ticket_id=ticket_at(service, "barra")), at_ms=10)
        await service.do("ana", PickUpCourse(check_id="c1", course=1), at_ms=20)
        later = LineAsk(line_id="e2", item_id="empanada")
        await service.do("ana", AddLines(check_id="c1", lines=(later,)), SendLines(check_id="c1"), at_ms=30)
        await service.do("kds", BumpTicket(ticket_id=ticket_at(service, "cocina")), at_ms=40)
        assert service.rows("SELECT dishes FROM ready_course") == [('["1 Empanada"]',)]


async def test_a_void_stays_struck_until_the_cook_has_seen_it(tmp_path: Path) -> None:
    async with in_service(tmp_path) as service:
        await order(service, "empanada", "agua")
        ticket_id = ticket_at(service, "cocina")
        await service.do("mara", VoidLine(check_id="c1", line_id="empanada", quantity=1, reason="error"), at_ms=10)
        (line,) = service.views("ticket", ticket_id)[ticket_id].lines
        assert (line.quantity, line.voided_quantity, line.state) == (1, 1, "open")
        await service.do("kds", SeeTicketChange(ticket_id=ticket_id), at_ms=20)
        ticket = service.views("ticket", ticket_id)[ticket_id]
        assert (ticket.changed_at_ms, ticket.lines[0].voided_quantity) == (0, 0)
        await service.do("mara", VoidLine(check_id="c1", line_id="empanada", reason="error"), at_ms=30)
        await service.do("kds", BumpTicket(ticket_id=ticket_at(service, "barra")), at_ms=40)
        await service.do("kds", SeeTicketChange(ticket_id=ticket_id), at_ms=50)
        assert service.rows("SELECT dishes FROM ready_course") == [('["2 Agua"]',)]
        assert service.problems() == []


async def test_a_recall_does_not_bring_back_what_was_voided_after_the_bump(tmp_path: Path) -> None:
    async with in_service(tmp_path) as service:
        await order(service, "empanada")
        ticket_id = ticket_at(service, "cocina")
        await service.do("kds", BumpTicket(ticket_id=ticket_id), at_ms=10)
        await service.do("mara", VoidLine(check_id="c1", line_id="empanada", reason="error"), at_ms=20)
        await service.do("kds", RecallTicket(ticket_id=ticket_id), at_ms=30)
        ticket = service.views("ticket", ticket_id)[ticket_id]
        assert [(line.state, line.quantity, line.voided_quantity) for line in ticket.lines] == [("void", 0, 2)]
        assert ticket.changed_at_ms > 0
        await service.do("kds", SeeTicketChange(ticket_id=ticket_id), at_ms=40)
        assert service.views("ticket", ticket_id)[ticket_id].state == "bumped"
        assert service.rows("SELECT 1 FROM ready_course") == []
        assert service.problems() == []


async def test_a_cook_is_told_that_a_dish_already_done_was_voided(tmp_path: Path) -> None:
    async with in_service(tmp_path) as service:
        twice = tuple(LineAsk(line_id=line_id, item_id="empanada", quantity=2) for line_id in ("e1", "e2"))
        add = AddLines(check_id="c1", lines=twice)
        await service.do("ana", OpenCheck(check_id="c1", table_id="t1"), add, SendLines(check_id="c1"))
        ticket_id = ticket_at(service, "cocina")
        await service.do("kds", BumpLine(ticket_id=ticket_id, line_id="e1"), at_ms=10)
        await service.do("mara", VoidLine(check_id="c1", line_id="e1", quantity=1, reason="error"), at_ms=20)
        ticket = service.views("ticket", ticket_id)[ticket_id]
        lines = [(line.state, line.quantity, line.voided_quantity) for line in ticket.lines]
        assert lines == [("bumped", 1, 1), ("open", 2, 0)]
        assert ticket.changed_at_ms > 0
        assert service.problems() == []


async def test_what_was_done_long_ago_is_voided_without_telling_the_kitchen(tmp_path: Path) -> None:
    async with in_service(tmp_path) as service:
        await order(service, "empanada")
        await service.do("kds", BumpTicket(ticket_id=ticket_at(service, "cocina")), at_ms=10)
        late_ms = 10 + RECALL_MS
        await service.do("mara", VoidLine(check_id="c1", line_id="empanada", reason="error"), at_ms=late_ms)
        assert service.rows("SELECT changed_at_ms FROM ticket") == [(0,)]


async def test_the_pass_calls_the_waiter_once_until_somebody_comes(tmp_path: Path) -> None:
    async with in_service(tmp_path) as service:
        await order(service, "empanada")
        call = CallToPass(check_id="c1", course=1)
        await service.do("kds", call, call, at_ms=10)
        (card,) = [one for one in service.views("attention").values() if one.kind == "pass"]
        assert (card.key, card.table_label, card.course, card.since_ms) == ("pass:c1:1", "1", 1, START_MS + 10)
        await service.do("ana", AnswerPassCall(check_id="c1", course=1), at_ms=20)
        assert service.views("attention", "pass:c1:1") == {}
        again = await service.ask("ana", AnswerPassCall(check_id="c1", course=1))
        assert [answer.code for answer in again] == ["call_unknown"]
        assert service.problems() == []


async def test_a_course_taken_from_the_pass_calls_nobody_any_more(tmp_path: Path) -> None:
    async with in_service(tmp_path) as service:
        await order(service, "empanada")
        await service.do("kds", BumpTicket(ticket_id=ticket_at(service, "cocina")), at_ms=10)
        await service.do("kds", CallToPass(check_id="c1", course=1), at_ms=20)
        await service.do("ana", PickUpCourse(check_id="c1", course=1), at_ms=30)
        assert service.rows("SELECT 1 FROM pass_call") == []
        answers = await service.ask("kds", CallToPass(check_id="c1", course=1))
        assert [answer.code for answer in answers] == ["course_unknown"]


async def test_only_a_kitchen_calls_to_the_pass(tmp_path: Path) -> None:
    async with in_service(tmp_path) as service:
        await order(service, "empanada")
        answers = await service.ask("ana", CallToPass(check_id="c1", course=1))
        assert [answer.code for answer in answers] == ["needs_manager"]


async def test_a_ticket_knows_the_variant_of_a_dish_from_its_options(tmp_path: Path) -> None:
    async with in_service(tmp_path) as service:
        malbec = LineAsk(line_id="v1", item_id="malbec", variant_id="copa")
        check = (OpenCheck(check_id="c1", table_id="t1"), AddLines(check_id="c1", lines=(malbec,)))
        await service.do("ana", *check, SendLines(check_id="c1"))
        (ticket,) = service.views("ticket").values()
        assert (ticket.lines[0].variant_name, ticket.lines[0].modifiers) == ("Copa", ("Copa",))
