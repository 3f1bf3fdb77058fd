"""The spool on real sockets: paper comes out once, in order, somewhere, and somebody is told when it does not."""

from pathlib import Path

from printing_builders import PrintRoom, a_line, print_room

from shared.commands.cash import CloseDay, CountDrawer, OpenDrawer, OpenDrawerWithoutSale, PrintXReport
from shared.commands.kitchen import ConfigureStation
from shared.commands.ordering import MoveCheck, PrintGuestCheck, VoidLine
from shared.commands.payments import PrintReceipt, TakePayment
from shared.commands.printing import ConfigurePrinter, PrintTest, ReprintTicket


def words(paper: str) -> str:
    """What it says, without its columns."""
    return " ".join(paper.split())


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
        await only_kitchen(room)
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


async def test_a_printer_that_loses_power_mid_ticket_prints_it_again_marked(tmp_path: Path) -> None:
    async with print_room(tmp_path) as room:
        await only_kitchen(room)
        room.set("cocina", bytes_per_s=1)
        await room.order(a_line("l1"))
        await room.until(lambda: room.devices["cocina"].received_bytes > 300)
        room.devices["cocina"].cut_power()
        room.set("cocina")
        await room.settled()
        (paper,) = room.papers("cocina")
        assert "REIMPRESIÓN" in paper and "Posible duplicado" in paper and "EMPANADA" in paper


async def test_a_printer_that_is_off_is_an_alarm_until_it_prints_what_waited_in_order(tmp_path: Path) -> None:
    async with print_room(tmp_path) as room:
        await only_kitchen(room)
        room.set("cocina", power="off")
        for number in range(5):
            await room.order(a_line(f"l{number}", note=f"nota {number}"))
        await room.until(lambda: room.faults() == {"cocina": "offline"})
        await room.until(lambda: room.service.views("printer")["cocina"].waiting_jobs == 5)
        room.set("cocina", power="on")
        await room.settled()
        papers = room.papers("cocina")
        assert [f'"nota {number}"' in paper for number, paper in enumerate(papers)] == [True] * 5
        assert not any("REIMPRESIÓN" in paper for paper in papers)
        await room.until(lambda: room.faults() == {})
        assert room.service.views("printer")["cocina"].fault == ""


async def test_a_printer_that_stops_reading_is_an_alarm_and_its_ticket_waits(tmp_path: Path) -> None:
    async with print_room(tmp_path) as room:
        await only_kitchen(room)
        room.set("cocina", reading="stalled")
        await room.order(a_line("l1"))
        await room.until(lambda: room.faults() == {"cocina": "offline"})
        room.set("cocina")
        await room.settled()
        assert len(room.papers("cocina")) == 1 and "REIMPRESIÓN" not in room.papers("cocina")[0]


async def test_a_printer_whose_fence_was_set_up_wrongly_prints_once_all_the_same(tmp_path: Path) -> None:
    async with print_room(tmp_path) as room:
        room.set("cocina", fence="none")
        await room.order(a_line("l1"))
        await room.settled()
        assert len(room.papers("cocina")) == 1
        assert room.states() == [("kitchen", "handed_over")]
        await room.until(lambda: room.faults() == {"cocina": "unconfirmed"})


async def test_nobody_else_is_kept_waiting_by_a_dead_printer(tmp_path: Path) -> None:
    async with print_room(tmp_path) as room:
        await only_kitchen(room)
        room.set("cocina", reading="stalled")
        await room.order(a_line("l1"), a_line("l2", "agua"))
        await room.until(lambda: len(room.papers("barra")) == 1)
        assert room.papers("cocina") == []


async def test_a_hundred_tickets_come_out_in_order_over_one_connection_at_a_time(tmp_path: Path) -> None:
    async with print_room(tmp_path) as room:
        room.set("cocina", connections="refuse", bytes_per_s=0)
        for number in range(100):
            await room.order(a_line(f"l{number}", note=f"n{number}."))
        await room.settled()
        assert [f'"n{number}."' in paper for number, paper in enumerate(room.papers("cocina"))] == [True] * 100
        assert {state for _, state in room.states()} == {"printed"}


async def test_a_void_is_a_slip_after_its_ticket_even_when_the_ticket_waits(tmp_path: Path) -> None:
    async with print_room(tmp_path) as room:
        await only_kitchen(room)
        room.set("cocina", cover="open")
        check_id = await room.order(a_line("l1", quantity=3))
        await room.service.do("mara", VoidLine(check_id=check_id, line_id="l1", quantity=1, reason="se arrepintió"))
        await room.until(lambda: room.faults() == {"cocina": "cover_open"})
        room.set("cocina")
        await room.settled()
        ticket, slip = room.papers("cocina")
        assert "3  EMPANADA" in ticket and "ANULADO" not in ticket
        assert "ANULADO" in slip and "-1 EMPANADA" in slip and "Quedan 2" in slip and "se arrepintió" in slip


async def test_a_void_says_which_of_three_alike_and_what_is_left_of_it(tmp_path: Path) -> None:
    async with print_room(tmp_path) as room:
        lines = [
            a_line("l1", "bife", quantity=3, modifier_ids=("punto/jugoso",)),
            a_line("l2", "bife", modifier_ids=("punto/cocido",), note="sin sal"),
            a_line("l3", "bife", quantity=2, modifier_ids=("punto/jugoso",), note="doble salsa", allergies=("milk",)),
        ]
        check_id = await room.order(*lines)
        for line_id, quantity in (("l1", 1), ("l2", 0), ("l3", 2), ("l1", 2)):
            await room.service.do("mara", VoidLine(check_id=check_id, line_id=line_id, quantity=quantity, reason="x"))
        await room.settled()
        part, second, third, last = (words(paper) for paper in room.papers("cocina")[1:])
        assert "-1 BIFE Jugoso Quedan 2 de 3 Quedan 3 distintos de este" in part and "sin sal" not in part
        assert '-1 BIFE Cocido "sin sal" Quedan 4 distintos de este' in second and "No queda" not in second
        assert '-2 BIFE Jugoso "doble salsa" ALERGIA: LECHE Quedan 2 distintos de este' in third
        assert "-2 BIFE Jugoso No queda ninguno" in last and "distinto" not in last
        assert all("Tiempo 2" in paper for paper in (part, second, third, last))


async def test_a_moved_table_is_a_slip_with_both_tables(tmp_path: Path) -> None:
    async with print_room(tmp_path) as room:
        check_id = await room.order(a_line("l1", "bife", modifier_ids=("punto/jugoso",), note="sin sal"))
        await room.settled()
        await room.service.do("mara", MoveCheck(check_id=check_id, table_id="t2"))
        await room.settled()
        slip = words(room.papers("cocina")[1])
        assert "CAMBIO DE MESA" in slip and "MESA 2 Era Mesa 1 Tiempo 2" in slip
        assert '1 Bife Jugoso "sin sal"' in slip


async def test_a_ticket_asked_for_again_says_that_it_is_a_reprint(tmp_path: Path) -> None:
    async with print_room(tmp_path) as room:
        await room.order(a_line("l1"))
        await room.settled()
        (ticket_id,) = room.service.views("ticket")
        await room.service.do("kds", ReprintTicket(ticket_id=ticket_id))
        await room.service.do("ana", ReprintTicket(ticket_id=ticket_id))
        await room.settled()
        first, second, third = room.papers("cocina")
        assert "REIMPRESIÓN" not in first and "REIMPRESIÓN 1" in second and "REIMPRESIÓN 2" in third


async def test_an_evening_at_the_till_is_a_bill_a_drawer_a_receipt_and_reports(tmp_path: Path) -> None:
    async with print_room(tmp_path) as room:
        check_id = await room.order(a_line("l1", quantity=2))
        till = OpenDrawer(session_id="d1", drawer_id="caja", drawer_name="Caja", float_minor=10_000_00)
        pay = TakePayment(
            payment_id="p1",
            check_id=check_id,
            tender="cash",
            amount_minor=2_400_00,
            tendered_minor=5_000_00,
            tip_minor=200_00,
        )
        await room.service.do("mara", till, PrintGuestCheck(check_id=check_id), pay, PrintReceipt(check_id=check_id))
        await room.service.do("mara", OpenDrawerWithoutSale(session_id="d1", reason="cambio"), PrintXReport())
        await room.service.do("mara", CountDrawer(session_id="d1", counted_minor=12_600_00), CloseDay())
        await room.settled()
        bill, receipt, copy, no_sale, x_report, z_report = room.papers("barra")
        assert "CONTROL DE MESA" in bill and "$ 2.400" in bill and "No válido como factura" in bill
        assert "Pagó con" in receipt and "$ 2.400" in receipt and "$ 200" in receipt and "COPIA" not in receipt
        assert "COPIA 1" in copy and "CAMBIO DE MESA" not in no_sale and "Motivo: cambio" in no_sale
        assert "INFORME X" in x_report and "CIERRE Z N° 1" in z_report
        assert room.devices["barra"].mechanism.kicks == 3  # the float, the payment, no sale; not the copy


async def test_a_drawer_kick_that_nobody_waits_for_any_more_never_comes(tmp_path: Path) -> None:
    async with print_room(tmp_path) as room:
        room.set("barra", power="off")
        await room.service.do(
            "mara", OpenDrawer(session_id="d1", drawer_id="caja", drawer_name="Caja", float_minor=10_000_00)
        )
        await room.until(lambda: room.states() == [("drawer", "waiting")])
        await room.service.ask("mara", PrintXReport(), at_ms=11_000)
        room.set("barra", power="on")
        await room.settled()
        assert len(room.papers("barra")) == 1
        assert room.states() == [("drawer", "expired"), ("x_report", "printed")]
        assert room.devices["barra"].mechanism.kicks == 0


async def test_a_printer_that_was_off_all_night_names_its_tickets_on_one_slip(tmp_path: Path) -> None:
    async with print_room(tmp_path) as room:
        await only_kitchen(room)
        room.set("cocina", power="off")
        for number in range(3):
            await room.order(a_line(f"l{number}"))
        await room.until(lambda: room.states() == [("kitchen", "waiting")] * 3)
        await room.service.ask("mara", PrintXReport(), at_ms=8 * 3_600_000)
        room.set("cocina", power="on")
        await room.settled()
        (slip,) = room.papers("cocina")
        assert "COMANDAS SIN IMPRIMIR: 3" in slip and slip.count("Mesa 1") == 3


async def test_a_test_page_proves_accents_and_code(tmp_path: Path) -> None:
    async with print_room(tmp_path) as room:
        await room.service.do("mara", PrintTest(printer_id="cocina"))
        await room.settled()
        (page,) = room.papers("cocina")
        assert "áéíóúüñ ÁÉÍÓÚÜÑ ¿? ¡! º ª ° €" in page and "[QR cocina 127.0.0.1:" in page


async def test_a_printer_that_moved_is_found_once_it_is_set_up_again(tmp_path: Path) -> None:
    async with print_room(tmp_path) as room:
        await only_kitchen(room)
        address = {"printer_id": "cocina", "printer_name": "Cocina", "columns": 48, "fence": "process_id"}
        await room.service.do("mara", ConfigurePrinter(host="127.0.0.1", port=1, **address))
        await room.order(a_line("l1"))
        await room.until(lambda: room.faults() == {"cocina": "offline"})
        await room.service.do("mara", ConfigurePrinter(host="127.0.0.1", port=room.devices["cocina"].port, **address))
        await room.settled()
        assert len(room.papers("cocina")) == 1


async def only_kitchen(room: PrintRoom) -> None:
    """Kitchen paper without a backup."""
    await room.service.do("mara", ConfigureStation(station_id="cocina", name="Cocina", printer_id="cocina"))


async def test_a_job_that_nobody_can_print_is_an_alarm_and_keeps_no_ticket_waiting(tmp_path: Path) -> None:
    async with print_room(tmp_path) as room:
        await room.stop_spool()
        await room.order(a_line("l1", note="n1."))
        await room.order(a_line("l2", note="n2."))
        spoil = "UPDATE errand SET body = '{}' WHERE number = (SELECT MIN(number) FROM errand)"
        await room.service.writer.job(lambda conn: conn.execute(spoil))
        faults = set()
        room.service.writer.listen(lambda seq, touched: faults.update(room.faults().values()))
        room.start_spool()
        await room.settled()
        assert [outcome for _, outcome in room.states()] == ["broken", "printed"]
        assert faults == {"error"}
        papers = [paper for name in room.devices for paper in room.papers(name)]
        assert ["n2." in paper for paper in papers] == [True], "there, or at the backup"
