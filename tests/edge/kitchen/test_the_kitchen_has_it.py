"""When the kitchen has a ticket, when it never will, and who is told."""

from pathlib import Path
from typing import Any

import pytest
from kitchen_builders import by, rejects

from edge.kitchen.decide import show_tickets, take_fault
from edge.kitchen.reads import FAILS_AFTER_MS
from shared.commands.devices import ReportScreens, ScreenNow
from shared.commands.kitchen import BumpTicket, ConfigureStation, SendLines, ShowTickets, TakeFault
from shared.commands.lines import LineAsk
from shared.commands.ordering import AddLines, OpenCheck, VoidLine
from shared.commands.printing import (
    ConfigurePrinter,
    ReportPaperFailed,
    ReportPrinted,
    ReportPrinterFault,
    ReportPrinterReady,
    ReprintTicket,
)
from shared.views.ordering import AttentionView
from tests.service import START_MS, Service, in_service


async def order(service: Service, line_id: str = "l1", *, item: str = "empanada", at_ms: int = 0) -> str:
    """A dish of the kitchen's, sent; its ticket's id."""
    known = {id for (id,) in service.rows("SELECT ticket_id FROM ticket")}
    opened = () if known else (OpenCheck(check_id="c1", table_id="t1"),)
    lines = (LineAsk(line_id=line_id, item_id=item),)
    await service.do("ana", *opened, AddLines(check_id="c1", lines=lines), SendLines(check_id="c1"), at_ms=at_ms)
    (ticket_id,) = {id for (id,) in service.rows("SELECT ticket_id FROM ticket")} - known
    return str(ticket_id)


async def printer(service: Service, *, is_paper_only: bool = False) -> None:
    """The kitchen's printer."""
    await service.do(
        "mara",
        ConfigurePrinter(printer_id="p1", printer_name="Impresora 1", host="10.0.0.9"),
        ConfigureStation(station_id="cocina", name="Cocina", printer_id="p1", is_paper_only=is_paper_only),
    )


async def screen(service: Service, *, is_awake: bool = True, shows: str = "cocina", at_ms: int = 0) -> None:
    screens = (ScreenNow(device_id="kds", is_awake=is_awake, shows=shows if is_awake else ""),)
    await service.do("edge", ReportScreens(screens=screens), at_ms=at_ms)


def reached(service: Service) -> set[tuple[str, int]]:
    """What every line and every ticket says of itself: how it reached the kitchen, and when it fails to."""
    lines = service.views("check", "c1")["c1"].lines
    tickets = service.views("ticket").values()
    return {(one.reached, one.fails_at_ms and one.fails_at_ms - START_MS) for one in (*lines, *tickets)}


def printed(ticket_id: str, outcome: str = "printed") -> ReportPrinted:
    return ReportPrinted(
        job_id=f"j-{ticket_id}", printer_id="p1", document="kitchen", ticket_id=ticket_id, outcome=outcome
    )


def dark(service: Service) -> dict[str, Any]:
    return {key: card for key, card in service.views("attention").items() if card.title == "station"}


def lost(service: Service) -> dict[str, AttentionView]:
    """Cards of papers that did not come out."""
    return {key: card for key, card in service.views("attention").items() if card.title in {"ticket", "slip"}}


async def test_the_kitchen_has_a_ticket_once_a_live_screen_shows_it(tmp_path: Path) -> None:
    async with in_service(tmp_path) as service:
        await screen(service)
        ticket_id = await order(service)
        assert reached(service) == {("", 0)}
        await service.do("kds", ShowTickets(ticket_ids=(ticket_id, "unknown")), at_ms=5)
        assert reached(service) == {("screen", 0)}
        (before,) = service.rows("SELECT MAX(seq) FROM log")
        await service.do("kds", ShowTickets(ticket_ids=(ticket_id,)))
        assert service.rows("SELECT MAX(seq) FROM log") == [before]
        assert [one.code for one in await service.ask("ana", ShowTickets(ticket_ids=(ticket_id,)))] == [
            "not_for_device"
        ]
        assert service.problems() == []


async def test_the_kitchen_has_a_ticket_once_its_printer_said_that_paper_came_out(tmp_path: Path) -> None:
    async with in_service(tmp_path) as service:
        await printer(service)
        ticket_id = await order(service)
        assert reached(service) == {("", 0)}
        await service.do("edge", printed(ticket_id))
        assert reached(service) == {("paper", 0)}


async def test_paper_that_was_only_handed_over_is_no_proof_and_no_alarm(tmp_path: Path) -> None:
    async with in_service(tmp_path) as service:
        await printer(service)
        await service.do("edge", printed(await order(service), "handed_over"))
        assert reached(service) == {("", 0)}
        assert dark(service) == {}


async def test_a_ticket_that_a_cook_marks_done_was_seen(tmp_path: Path) -> None:
    async with in_service(tmp_path) as service:
        await service.do("kds", BumpTicket(ticket_id=await order(service)))
        assert reached(service) == {("screen", 0)}


async def test_a_station_with_neither_screen_nor_printer_is_a_card_within_fifteen_seconds(tmp_path: Path) -> None:
    async with in_service(tmp_path) as service:
        ticket_id = await order(service, at_ms=1_000)
        assert reached(service) == {("", 1_000 + FAILS_AFTER_MS)}
        (card,) = dark(service).values()
        assert (card.key, card.kind, card.title, card.details) == ("dark:cocina", "fault", "station", ("Cocina", ""))
        assert (card.ticket_ids, card.station_ids, card.fault_id) == ((ticket_id,), ("cocina",), "cocina")
        times = {card.appears_at_ms, card.red_at_ms, card.everyone_at_ms, card.till_at_ms}
        assert times == {START_MS + 1_000 + FAILS_AFTER_MS} and FAILS_AFTER_MS < 15_000


@pytest.mark.parametrize("shows", ["cocina", "all"])
async def test_a_screen_that_wakes_ends_it_and_one_that_falls_asleep_begins_it(tmp_path: Path, shows: str) -> None:
    async with in_service(tmp_path) as service:
        await order(service)
        await screen(service, shows=shows)
        assert (dark(service), reached(service)) == ({}, {("", 0)})
        await screen(service, is_awake=False)
        assert set(dark(service)) == {"dark:cocina"}


async def test_a_screen_of_another_station_helps_nobody(tmp_path: Path) -> None:
    async with in_service(tmp_path) as service:
        await order(service)
        for shows in ("barra", "expo", ""):
            await screen(service, shows=shows)
            assert set(dark(service)) == {"dark:cocina"}


async def test_tickets_that_a_screen_showed_before_it_died_are_lost_to_the_cook(tmp_path: Path) -> None:
    async with in_service(tmp_path) as service:
        await screen(service)
        ticket_id = await order(service)
        await service.do("kds", ShowTickets(ticket_ids=(ticket_id,)))
        await screen(service, is_awake=False)
        assert dark(service)["dark:cocina"].ticket_ids == (ticket_id,)


async def test_a_printer_that_fails_leaves_its_station_dark_and_names_what_waits(tmp_path: Path) -> None:
    async with in_service(tmp_path) as service:
        await printer(service)
        ticket_id = await order(service)
        assert dark(service) == {}
        await service.do(
            "edge", ReportPrinterFault(printer_id="p1", fault="paper_out", waiting_jobs=1, since_ms=START_MS)
        )
        assert dark(service)["dark:cocina"].details == ("Cocina", "Impresora 1")
        fault = service.views("attention", "fault:p1")["fault:p1"]
        assert (fault.ticket_ids, fault.station_ids) == ((ticket_id,), ("cocina",))
        await service.do("edge", ReportPrinterReady(printer_id="p1"), printed(ticket_id))
        assert [card for card in service.views("attention").values() if card.kind == "fault"] == []


async def test_paper_that_is_given_up_fails_and_says_so_until_it_is_printed_again(tmp_path: Path) -> None:
    async with in_service(tmp_path) as service:
        await printer(service)
        ticket_id = await order(service)
        failed = ReportPaperFailed(
            job_id="j1", printer_id="p1", document="kitchen", ticket_id=ticket_id, why="unconfirmed"
        )
        await service.do("edge", failed, at_ms=7_000)
        assert reached(service) == {("failed", 0)}
        card = lost(service)[f"paper:{ticket_id}"]
        assert (card.title, card.ticket_ids, card.appears_at_ms) == ("ticket", (ticket_id,), START_MS + 7_000)
        assert (card.table_label, card.check_id, card.details) == ("1", "c1", ("1 Empanada",))
        await service.do("edge", printed(ticket_id))
        assert (lost(service), reached(service)) == ({}, {("paper", 0)})
        assert service.problems() == []


async def test_a_lost_paper_is_a_card_for_days_until_somebody_has_seen_to_it(tmp_path: Path) -> None:
    async with in_service(tmp_path) as service:
        await printer(service)
        ticket_id = await order(service)
        await service.do("edge", a_failure(ticket_id, "j1"), at_ms=3_600_000)
        await service.do("mara", OpenCheck(check_id="c2", table_id="t2"), at_ms=3 * 86_400_000)
        assert [*lost(service)] == [f"paper:{ticket_id}"]
        await service.do("ana", TakeFault(about="ticket", fault_id=ticket_id), at_ms=3 * 86_400_000 + 1)
        assert lost(service) == {}
        await service.do("edge", a_failure(ticket_id, "j2"), at_ms=3 * 86_400_000 + 2)
        assert [*lost(service)] == [f"paper:{ticket_id}"], "another paper of it is news"
        await service.do("ana", ReprintTicket(ticket_id=ticket_id), at_ms=3 * 86_400_000 + 3)
        assert lost(service) == {}
        assert service.problems() == []


async def test_a_lost_slip_says_what_is_to_be_made_and_what_is_not(tmp_path: Path) -> None:
    async with in_service(tmp_path) as service:
        await printer(service)
        ticket_id = await order(service)
        await service.do("edge", printed(ticket_id))
        await service.do("mara", VoidLine(check_id="c1", line_id="l1", reason="error"), at_ms=5_000)
        await service.do("edge", a_failure(ticket_id, "j2", document="change"), at_ms=9_000)
        card = lost(service)[f"paper:{ticket_id}"]
        assert (card.title, card.table_label, card.details) == ("slip", "1", ("-1 Empanada",))


async def test_what_a_cook_bumped_or_saw_on_a_screen_is_not_lost(tmp_path: Path) -> None:
    async with in_service(tmp_path) as service:
        await printer(service)
        first, second = await order(service), await order(service, "l2")
        for ticket_id in (first, second):
            await service.do("edge", a_failure(ticket_id, ticket_id), at_ms=7_000)
        assert len(lost(service)) == 2
        await service.do("kds", BumpTicket(ticket_id=first), ShowTickets(ticket_ids=(second,)))
        assert lost(service) == {}


def a_failure(ticket_id: str, job_id: str, *, document: str = "kitchen") -> ReportPaperFailed:
    """The spool gave up a paper."""
    return ReportPaperFailed(
        job_id=job_id, printer_id="p1", document=document, ticket_id=ticket_id, check_id="c1", why="unconfirmed"
    )


async def test_who_takes_a_fault_is_named_until_a_later_ticket_waits_for_it(tmp_path: Path) -> None:
    async with in_service(tmp_path) as service:
        await order(service)
        await service.do("ana", TakeFault(about="station", fault_id="cocina"), at_ms=20_000)
        card = dark(service)["dark:cocina"]
        assert card.taken_at_ms == START_MS + 20_000
        await order(service, "l2", at_ms=30_000)
        assert (dark(service)["dark:cocina"].taken_at_ms, len(dark(service)["dark:cocina"].ticket_ids)) == (0, 2)
        await service.do("kds", TakeFault(about="station", fault_id="cocina"), at_ms=40_000)
        assert dark(service)["dark:cocina"].taken_at_ms == START_MS + 40_000
        assert service.problems() == []


async def test_a_void_dish_and_a_table_that_left_ask_for_nobodys_help(tmp_path: Path) -> None:
    async with in_service(tmp_path) as service:
        await order(service)
        await service.do("mara", VoidLine(check_id="c1", line_id="l1", reason="error"))
        assert dark(service) == {}


async def test_a_station_of_paper_alone_made_nothing_before_its_paper_came_out(tmp_path: Path) -> None:
    async with in_service(tmp_path) as service:
        await printer(service, is_paper_only=True)
        ticket_id = await order(service)
        assert service.views("check", "c1")["c1"].lines[0].stage == "cooking"
        await service.do("edge", printed(ticket_id))
        assert service.views("check", "c1")["c1"].lines[0].stage == "ready"


async def test_what_changes_whether_a_ticket_gets_there_is_shown_anew(tmp_path: Path) -> None:
    async with in_service(tmp_path) as service:
        ticket_id = await order(service)
        for table in ("screen", "printer_state", "station"):
            assert service.touched_keys("ticket", table) == {ticket_id}
            assert service.touched_keys("check", table) == {"c1"}
            assert "dark:cocina" in service.touched_keys("attention", table)
        assert service.touched_keys("check", "ticket", ticket_id=ticket_id) == {"c1"}


def test_only_who_works_in_room_or_kitchen_takes_a_fault() -> None:
    command = TakeFault(about="printer", fault_id="p1")
    with rejects("printer_unknown"):
        take_fault(command, False, by())
    with rejects("station_unknown"):
        take_fault(TakeFault(about="station", fault_id="s1"), False, by("cook"))
    assert len(take_fault(command, True, by("technician"))) == 1


def test_showing_what_was_shown_is_no_news() -> None:
    assert show_tickets(ShowTickets(ticket_ids=("t1",)), frozenset(), by("cook")) == []
