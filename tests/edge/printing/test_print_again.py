"""Kitchen paper is never given up in silence: slower, at the other printer, then a card with its table and dishes."""

from pathlib import Path

import msgspec
from printing_builders import HURRIED, PrintRoom, a_line, print_room

from edge.printing.senders import Pace
from shared.commands.cash import PrintXReport
from shared.commands.kitchen import ConfigureStation, TakeFault
from shared.commands.ordering import PrintGuestCheck, VoidLine
from shared.commands.printing import ReprintTicket
from shared.views.ordering import AttentionView

#: The real waits, on a clock that stands until a command moves it.
SLOWER = msgspec.structs.replace(HURRIED, again_s=Pace().again_s, backup_after_s=3_600.0)


async def test_each_repeat_waits_longer_and_what_comes_behind_it_does_not(tmp_path: Path) -> None:
    async with print_room(tmp_path, spool=False) as room:
        await only_kitchen(room)
        room.set("cocina", link="resets")
        room.start_spool(SLOWER)
        await room.order(a_line("l1", note="primero"))
        await room.until(lambda: waits(room) == [(1, 5_000)])
        room.set("cocina")
        await room.order(a_line("l2", note="segundo"))
        await room.until(lambda: len(room.papers("cocina")) == 1)
        assert "segundo" in room.papers("cocina")[0]
        room.set("cocina", link="resets")
        await later(room, 5_000)
        await room.until(lambda: waits(room) == [(2, 20_000)])
        await later(room, 20_000)
        await room.until(lambda: waits(room) == [(3, 80_000)])
        room.set("cocina")
        await later(room, 80_000)
        await room.settled()
        assert ["primero" in paper and "REIMPRESIÓN" in paper for paper in room.papers("cocina")] == [False, True]
        assert room.service.problems() == []


async def test_the_second_reset_sends_it_to_the_other_printer_at_once_with_its_slips(tmp_path: Path) -> None:
    async with print_room(tmp_path, spool=False) as room:
        room.set("cocina", link="resets")
        room.start_spool(SLOWER)
        check_id = await room.order(a_line("l1", quantity=2))
        await room.until(lambda: waits(room) == [(1, 5_000)])
        await room.service.do("mara", VoidLine(check_id=check_id, line_id="l1", quantity=1, reason="error"))
        await later(room, 5_000)
        await room.settled()
        ticket, slip = (paper for paper in room.papers("barra") if "INFORME" not in paper)
        assert "RESPALDO DE COCINA" in ticket and "REIMPRESIÓN" in ticket and "EMPANADA" in ticket
        assert "RESPALDO DE COCINA" in slip and "ANULADO" in slip
        assert lost(room) == []


async def test_after_the_third_it_is_a_card_with_table_and_dishes_over_restarts_until_a_person_ends_it(
    tmp_path: Path,
) -> None:
    async with print_room(tmp_path) as room:
        await only_kitchen(room)
        room.set("cocina", link="resets")
        await room.order(a_line("l1", "bife", modifier_ids=("punto/jugoso",), note="sin sal", quantity=2))
        await room.settled()
        (card,) = lost(room)
        assert (card.kind, card.title, card.table_label) == ("fault", "ticket", "1")
        assert card.details == ("2 Bife · Jugoso «sin sal»",)
        why = room.service.rows("SELECT body ->> '$.why' FROM log WHERE kind = 'paper_failed' ORDER BY seq")
        assert why == [("doubtful",), ("unconfirmed",)]
        await room.stop_spool()
        room.set("cocina")
        room.start_spool()
        await room.order(a_line("l2"))
        await room.settled()
        await later(room, 3 * 86_400_000)
        assert lost(room) == [card], "days later, after a restart, and though the printer prints again"
        await room.service.do("ana", TakeFault(about="ticket", fault_id=card.fault_id))
        assert lost(room) == []
        assert room.service.problems() == []


async def test_a_repeat_that_comes_out_takes_the_card_away(tmp_path: Path) -> None:
    async with print_room(tmp_path, spool=False) as room:
        await only_kitchen(room)
        room.set("cocina", link="resets")
        room.start_spool(SLOWER)
        await room.order(a_line("l1"))
        for waited, at_ms in ((1, 5_000), (2, 20_000)):
            await room.until(lambda waited=waited, at_ms=at_ms: waits(room) == [(waited, at_ms)])  # type: ignore[misc]
            await later(room, at_ms)
        await room.until(lambda: len(lost(room)) == 1)
        room.set("cocina")
        await later(room, 80_000)
        await room.settled()
        assert lost(room) == []


async def test_a_card_is_printed_again_from_its_button_and_comes_back_if_that_fails(tmp_path: Path) -> None:
    async with print_room(tmp_path) as room:
        await only_kitchen(room)
        room.set("cocina", link="resets")
        await room.order(a_line("l1"))
        await room.settled()
        (card,) = lost(room)
        for is_well in (False, True):
            room.set("cocina", link="ok" if is_well else "resets")
            await later(room, 1_000 if is_well else 500)
            await room.service.do("ana", ReprintTicket(ticket_id=card.fault_id))
            await later(room, 1_500 if is_well else 700)
            await room.settled()
            assert len(lost(room)) == (0 if is_well else 1)
        assert "REIMPRESIÓN 2" in room.papers("cocina")[-1]


async def test_a_slip_that_is_lost_is_a_card_too(tmp_path: Path) -> None:
    async with print_room(tmp_path) as room:
        await only_kitchen(room)
        check_id = await room.order(a_line("l1"))
        await room.settled()
        room.set("cocina", link="resets")
        await later(room, 500)
        await room.service.do("mara", VoidLine(check_id=check_id, line_id="l1", reason="error"))
        await room.settled()
        (card,) = lost(room)
        assert (card.title, card.table_label, card.details) == ("slip", "1", ("-1 Empanada",))


async def test_tickets_of_a_printer_that_was_off_all_night_are_cards(tmp_path: Path) -> None:
    async with print_room(tmp_path) as room:
        await only_kitchen(room)
        room.set("cocina", power="off")
        await room.order(a_line("l1"), a_line("l2", quantity=2))
        await room.until(lambda: room.states() == [("kitchen", "waiting")])
        await later(room, 8 * 3_600_000)
        await room.until(lambda: len(lost(room)) == 1)
        assert lost(room)[0].details == ("1 Empanada", "2 Empanada")


async def test_a_bill_that_nobody_can_be_sure_of_is_given_up_without_a_card(tmp_path: Path) -> None:
    async with print_room(tmp_path, spool=False) as room:
        room.start_spool(SLOWER)
        check_id = await room.order(a_line("l1"))
        await room.settled()
        room.set("barra", link="resets")
        await room.service.do("ana", PrintGuestCheck(check_id=check_id))
        await room.settled()
        assert room.states()[-1] == ("guest_check", "unconfirmed")
        assert lost(room) == []


async def only_kitchen(room: PrintRoom) -> None:
    """Kitchen paper without a backup."""
    await room.service.do("mara", ConfigureStation(station_id="cocina", name="Cocina", printer_id="cocina"))


def waits(room: PrintRoom) -> list[tuple[int, int]]:
    """How often each open paper was in doubt, and until when after the start it waits."""
    rows = room.service.rows(
        "SELECT doubts, not_before_ms - made_at_ms FROM errand WHERE ended_at_ms = 0 AND doubts > 0 ORDER BY number"
    )
    return [(doubts, ms) for doubts, ms in rows]


def lost(room: PrintRoom) -> list[AttentionView]:
    """Cards of papers that did not come out."""
    return [card for card in room.service.views("attention").values() if card.title in ("ticket", "slip")]


async def later(room: PrintRoom, ms: int) -> None:
    """Let it be so long after the start; the report comes out elsewhere."""
    await room.service.ask("mara", PrintXReport(), at_ms=ms)
