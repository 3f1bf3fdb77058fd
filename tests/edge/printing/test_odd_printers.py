"""Printers that are odd: one that says nothing of what it prints, one that never stops talking, one that is slow."""

import time
from pathlib import Path

import msgspec
from printing_builders import HURRIED, PrintRoom, a_line, print_room

from edge.printing.senders import Pace
from shared.commands.cash import PrintXReport
from shared.commands.kitchen import ConfigureStation
from shared.commands.printing import ConfigurePrinter

PATIENT_S = 5.0
#: As patient as in service with a printer that takes a paper and says nothing: what waits for that is seen to wait.
PATIENT = msgspec.structs.replace(HURRIED, timing=msgspec.structs.replace(HURRIED.timing, fence_s=PATIENT_S))
#: An alarm after a moment, on a clock that stands until a command moves it.
ALARMED = msgspec.structs.replace(HURRIED, slow_s=0.05)


async def test_a_printer_that_does_not_confirm_is_found_out_before_its_first_paper(tmp_path: Path) -> None:
    async with print_room(tmp_path, spool=False) as room:
        room.set("cocina", fence="none")
        room.start_spool(PATIENT)
        await room.until(lambda: room.faults() == {"cocina": "unconfirmed"})
        began = time.monotonic()
        for number in range(6):
            await room.order(a_line(f"l{number}", note=f"n{number}."))
        await room.settled()
        assert time.monotonic() - began < PATIENT_S, "none of six was waited for"
        assert [f"n{number}." in paper for number, paper in enumerate(room.papers("cocina"))] == [True] * 6
        assert {state for _, state in room.states()} == {"handed_over"}
        assert not any("REIMPRESIÓN" in paper for paper in room.papers("cocina"))
        assert room.faults() == {"cocina": "unconfirmed"}


async def test_a_printer_that_stops_confirming_costs_one_wait_and_the_next_none(tmp_path: Path) -> None:
    async with print_room(tmp_path) as room:
        await only_kitchen(room)
        await room.order(a_line("l0"))
        await room.settled()
        room.set("cocina", fence="none")
        await room.order(a_line("l1"))
        await room.settled()
        await room.stop_spool()
        room.start_spool(PATIENT)
        began = time.monotonic()
        for number in range(2, 6):
            await room.order(a_line(f"l{number}"))
        await room.settled()
        assert time.monotonic() - began < PATIENT_S, "known after a restart too"
        assert [state for _, state in room.states()] == ["printed", *["handed_over"] * 5]
        assert room.faults() == {"cocina": "unconfirmed"}
        room.set("cocina")
        await room.order(a_line("l6"))
        await room.settled()
        await room.until(lambda: room.faults() == {})
        assert room.states()[-1] == ("kitchen", "printed")


async def test_a_printer_without_a_word_is_no_station_without_a_printer(tmp_path: Path) -> None:
    async with print_room(tmp_path, spool=False) as room:
        room.set("cocina", fence="none")
        room.set("barra", fence="none")
        room.start_spool()
        await room.until(lambda: room.faults() == {"cocina": "unconfirmed", "barra": "unconfirmed"})
        await room.order(a_line("l1"))
        await room.settled()
        titles = {card.title for card in room.service.views("attention").values() if card.kind == "fault"}
        assert titles == {"printer"}


async def test_a_printer_set_up_without_a_fence_is_no_alarm(tmp_path: Path) -> None:
    async with print_room(tmp_path, spool=False) as room:
        room.set("cocina", fence="none")
        room.start_spool()
        await room.until(lambda: room.faults() == {"cocina": "unconfirmed"})
        port = room.devices["cocina"].port
        command = ConfigurePrinter(
            printer_id="cocina", printer_name="Cocina", host="127.0.0.1", port=port, columns=48, fence="none"
        )
        await room.service.do("mara", command)
        await room.until(lambda: room.faults() == {})


async def test_what_never_stops_talking_is_an_alarm_and_its_tickets_wait_or_go_to_the_backup(tmp_path: Path) -> None:
    async with print_room(tmp_path) as room:
        room.set("cocina", link="babbles")
        await room.order(a_line("l1"), a_line("l2", "agua"))
        await room.until(lambda: room.faults() == {"cocina": "error"})
        await room.settled()
        bar, kitchen = room.papers("barra")
        assert "AGUA" in bar and "RESPALDO DE COCINA" in kitchen and "REIMPRESIÓN" not in kitchen
        assert room.papers("cocina") == []
        room.set("cocina")
        await room.until(lambda: room.faults() == {})


async def test_a_paper_that_waits_too_long_is_an_alarm_though_the_printer_says_that_it_is_well(tmp_path: Path) -> None:
    async with print_room(tmp_path, spool=False) as room:
        await only_kitchen(room)
        room.start_spool(ALARMED)
        room.set("cocina", bytes_per_s=100)
        for number in range(3):
            await room.order(a_line(f"l{number}"))
        await room.until(lambda: room.states()[0] == ("kitchen", "underway"))
        await later(room, 31_000)
        await room.until(lambda: room.faults() == {"cocina": "slow"})
        assert room.service.views("printer")["cocina"].waiting_jobs > 0
        room.set("cocina")
        await room.settled()
        await room.until(lambda: room.faults() == {})
        assert not any("REIMPRESIÓN" in paper for paper in room.papers("cocina"))


async def test_what_waited_for_a_printer_that_was_off_is_no_second_alarm_when_it_is_on(tmp_path: Path) -> None:
    async with print_room(tmp_path, spool=False) as room:
        await only_kitchen(room)
        room.set("cocina", power="off")
        room.start_spool(msgspec.structs.replace(HURRIED, slow_s=30))
        for number in range(5):
            await room.order(a_line(f"l{number}"))
        await room.until(lambda: room.faults() == {"cocina": "offline"})
        await later(room, 120_000)
        told: set[str] = set()
        room.service.writer.listen(lambda seq, touched: told.update(room.faults().values()))
        room.set("cocina", power="on")
        await room.settled()
        await room.until(lambda: room.faults() == {})
        assert "slow" not in told


async def only_kitchen(room: PrintRoom) -> None:
    """Kitchen paper without a backup."""
    await room.service.do("mara", ConfigureStation(station_id="cocina", name="Cocina", printer_id="cocina"))


async def later(room: PrintRoom, ms: int) -> None:
    """Let so much time pass; the report comes out elsewhere."""
    await room.service.ask("mara", PrintXReport(), at_ms=ms)


def test_the_kitchen_waits_half_a_minute_at_most_before_somebody_is_told() -> None:
    assert Pace().slow_s <= 30
