"""The spool on real sockets: paper comes out once, in order, somewhere, and somebody is told when it does not."""

from pathlib import Path

from printing_builders import a_line, print_room

from shared.commands.kitchen import ConfigureStation


async def test_a_sent_ticket_is_on_paper_and_the_log_says_so(tmp_path: Path) -> None:
    async with print_room(tmp_path) as room:
        await room.order(a_line("l1", quantity=2, note="sin picante"), a_line("l2", "agua"))
        await room.settled()
        (kitchen,), (bar,) = room.papers("cocina"), room.papers("barra")
        assert "EMPANADA" in kitchen and '"sin picante"' in kitchen and "MESA 1" in kitchen
        assert "AGUA" in bar
        assert [view.is_printed for view in room.service.views("ticket").values()] == [True, True]
        assert room.service.problems() == []


async def test_a_printer_without_paper_is_an_alarm_its_tickets_come_out_at_the_backup_and_never_again(
    tmp_path: Path,
) -> None:
    async with print_room(tmp_path) as room:
        room.set("cocina", paper="out")
        await room.order(a_line("l1"))
        await room.until(lambda: room.faults() == {"cocina": "paper_out"})
        await room.settled()
        (paper,) = room.papers("barra")
        assert "RESPALDO DE COCINA" in paper and "EMPANADA" in paper and "REIMPRESIÓN" not in paper
        room.set("cocina")
        await room.until(lambda: room.faults() == {})
        await room.order(a_line("l2", "flan"))
        await room.settled()
        (paper,) = room.papers("cocina")
        assert "FLAN" in paper and "RESPALDO" not in paper
        assert len(room.papers("barra")) == 1


async def test_a_ticket_that_paper_ran_out_under_is_finished_by_the_printer_itself(tmp_path: Path) -> None:
    async with print_room(tmp_path) as room:
        await room.service.do("mara", ConfigureStation(station_id="cocina", name="Cocina", printer_id="cocina"))
        room.set("cocina", paper_out_after_bytes=100)
        await room.order(a_line("l1"))
        await room.until(lambda: room.faults() == {"cocina": "paper_out"})
        room.set("cocina")
        await room.settled()
        (paper,) = room.papers("cocina")
        assert "EMPANADA" in paper and "REIMPRESIÓN" not in paper
        await room.until(lambda: room.faults() == {})


async def test_a_half_printed_ticket_goes_to_the_backup_marked_and_its_rest_is_forgotten(tmp_path: Path) -> None:
    async with print_room(tmp_path) as room:
        room.set("cocina", paper_out_after_bytes=100)
        await room.order(a_line("l1"))
        await room.settled()
        (paper,) = room.papers("barra")
        assert "RESPALDO DE COCINA" in paper and "REIMPRESIÓN" in paper and "EMPANADA" in paper
        room.set("cocina")
        await room.until(lambda: room.faults() == {})
        assert room.devices["cocina"].held_bytes == 0
        assert room.papers("cocina") == []
