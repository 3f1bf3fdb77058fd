"""The rules of printing, and which paper an entry asks for."""

import msgspec
import pytest

from edge.printing import decide
from edge.printing.papers import KEPT_DRAWER_MS, KEPT_TICKET_MS, Paper, Room, Station, papers_of
from edge.printing.state import Bench, Reprint, SetUp
from shared.commands.printing import (
    ConfigurePrinter,
    PrintTest,
    ReportPrinted,
    ReportPrinterFault,
    ReportPrinterReady,
    ReprintTicket,
)
from shared.context import Context
from shared.entry import Entry
from shared.errors import Rejected
from shared.ids import CheckId, DrawerSessionId, LineId, PaymentId, StaffId, StationId, TicketId
from shared.ops import Op, encode
from shared.ops.cash import DayTotals, DrawerOpenedWithoutSale, XReportPrinted
from shared.ops.kitchen import TicketLine, TicketOpened
from shared.ops.payments import PaymentTaken
from shared.ops.printing import PrinterFaulted, PrinterRecovered, TicketReprintAsked
from shared.permissions import ROLES
from shared.rules.tills import PURSE

AT_MS = 1_800_000_000_000
READY = Bench(is_known=True)
ADDRESS = ConfigurePrinter(printer_id="p1", printer_name="Parrilla", host="192.168.0.50")
FAULT = ReportPrinterFault(printer_id="p1", fault="paper_out", waiting_jobs=2, since_ms=AT_MS)
ROOM = Room(
    stations={"grill": Station("Parrilla", "p1", "p2"), "bar": Station("Barra", "gone", "p2"), "none": Station("X")},
    printers=("p1", "p2", "till"),
    receipt_printers=("till", "p2"),
    drawer_printers={"": "till"},
    names={"ana": "Ana"},
)


def by(role: str = "technician") -> Context:
    """Somebody of this role asks."""
    return Context(
        now_ms=AT_MS,
        asked_at_ms=AT_MS,
        business_day="2027-01-15",
        device_id="d1",
        device_role="pos",
        staff_id="ana",
        staff_role=role,
        permissions=ROLES[role],
        fresh_id=lambda: "x",
    )


def rejection(call: object, *args: object) -> tuple[str, dict[str, object]]:
    """The code and facts of a refusal."""
    with pytest.raises(Rejected) as caught:
        call(*args)  # type: ignore[operator]
    return caught.value.code, dict(caught.value.facts)


@pytest.mark.parametrize("host", ["", "  ", "http://x", "a b", "ñandú", "x\x1b@"])
def test_a_host_must_be_an_address(host: str) -> None:
    command = msgspec.structs.replace(ADDRESS, host=host)
    assert rejection(decide.configure_printer, command, SetUp(), by()) == (
        "printer_invalid",
        {"problem": "host", "path": "host"},
    )


def test_two_printers_may_not_share_an_address() -> None:
    twin = SetUp(others={("192.168.0.50", 9100): "Horno"})
    assert rejection(decide.configure_printer, ADDRESS, twin, by()) == (
        "printer_invalid",
        {"problem": "address_taken", "by": "Horno", "path": "host"},
    )


def test_printers_are_the_technicians() -> None:
    test = PrintTest(printer_id="p1")
    assert rejection(decide.configure_printer, ADDRESS, SetUp(), by("cashier"))[0] == "needs_manager"
    assert rejection(decide.print_test, test, READY, by("cashier"))[0] == "needs_manager"


def test_a_reprint_counts_its_copies_and_is_for_kitchen_and_waiters() -> None:
    command, known = ReprintTicket(ticket_id="t1"), Reprint(is_known=True, copies=2)
    asked = [TicketReprintAsked(ticket_id=TicketId("t1"), copy=3)]
    assert decide.reprint_ticket(command, known, by("cook")) == asked
    assert decide.reprint_ticket(command, known, by("waiter")) == asked
    assert rejection(decide.reprint_ticket, command, known, by("technician"))[0] == "needs_manager"
    assert rejection(decide.reprint_ticket, command, Reprint(is_known=False), by("cook"))[0] == "ticket_unknown"


def test_a_fault_is_news_once_and_ends_once() -> None:
    faulty = Bench(is_known=True, fault="paper_out", waiting_jobs=2)
    (op,) = decide.report_fault(FAULT, READY, by())
    assert isinstance(op, PrinterFaulted) and (op.fault, op.waiting_jobs) == ("paper_out", 2)
    assert decide.report_fault(FAULT, faulty, by()) == []
    ready = ReportPrinterReady(printer_id="p1")
    assert [type(op) for op in decide.report_ready(ready, faulty, by())] == [PrinterRecovered]
    assert decide.report_ready(ready, READY, by()) == []


def test_nothing_is_reported_of_a_printer_that_nobody_set_up() -> None:
    unknown = Bench(is_known=False)
    report = ReportPrinted(job_id="j", printer_id="p9", document="test")
    assert rejection(decide.report_printed, report, unknown, by())[0] == "printer_unknown"
    assert rejection(decide.report_fault, FAULT, unknown, by())[0] == "printer_unknown"


def test_a_ticket_comes_out_at_its_station_with_the_backup_behind_it() -> None:
    (job,) = jobs(a_ticket("grill"))
    assert (job.printer_id, job.home_id, job.backup_id, job.document) == ("p1", "p1", "p2", "kitchen")
    assert (job.ticket_id, job.made_at_ms, job.until_ms) == ("t1", AT_MS, AT_MS + KEPT_TICKET_MS)
    assert job.facts["waiter"] == "Ana"
    assert [line["modifiers"] for line in job.facts["lines"]] == [
        [{"without": "SIN", "what": "cebolla"}, {"without": "", "what": "Jugoso"}]
    ]


def test_a_station_whose_printer_is_gone_uses_its_backup_and_one_without_any_prints_nothing() -> None:
    assert [job.home_id for job in jobs(a_ticket("bar"))] == ["p2"]
    assert jobs(a_ticket("none")) == jobs(a_ticket("unheard of")) == []


def test_an_entry_read_twice_makes_the_same_jobs() -> None:
    assert jobs(a_ticket("grill")) == jobs(a_ticket("grill"))


def test_only_cash_opens_the_drawer_and_not_for_long() -> None:
    (kick,) = jobs(a_payment("cash"))
    assert (kick.document, kick.printer_id, kick.backup_id) == ("drawer", "till", "")
    assert kick.until_ms == AT_MS + KEPT_DRAWER_MS
    assert jobs(a_payment("card")) == []


def test_a_no_sale_is_a_kick_and_then_a_slip_that_says_who_and_why() -> None:
    op = DrawerOpenedWithoutSale(
        session_id=DrawerSessionId("d1"), reason="cambio", by=StaffId("ana"), opened_at_ms=AT_MS
    )
    kick, slip = jobs(op)
    assert (kick.document, slip.document, slip.backup_id) == ("drawer", "no_sale", "p2")
    assert slip.facts == {"reason": "cambio", "by": "Ana", "opened_at_ms": AT_MS}
    assert kick.job_id != slip.job_id and kick.part < slip.part


def test_the_drawer_that_took_the_money_opens_and_a_purse_opens_none() -> None:
    two = msgspec.structs.replace(
        ROOM,
        drawer_printers={"caja-1": "till", "caja-2": "p2"},
        drawer_of_session={"s1": "caja-1", "s2": "caja-2", "s3": "caja-3", "s4": PURSE},
    )

    def kicked(session_id: str) -> list[str]:
        paid = msgspec.structs.replace(a_payment("cash"), drawer_session_id=DrawerSessionId(session_id))
        return [job.printer_id for job in jobs(paid, two)]

    assert [kicked(session) for session in ("s1", "s2", "s3", "s4")] == [["till"], ["p2"], [], []]


def test_a_tills_paper_comes_out_beside_it() -> None:
    two = msgspec.structs.replace(ROOM, drawer_printers={"caja-1": "till", "caja-2": "p2"}, drawer_of_asker="caja-2")
    report = jobs(an_x_report(), two)
    assert [(job.printer_id, job.backup_id) for job in report] == [("p2", "till")]


def jobs(op: Op, room: Room = ROOM) -> list[Paper]:
    """The jobs of an op in the room."""
    entry = Entry(
        seq=7, epoch=1, id=bytes(16), kind=op.tag, version=1, hlc=AT_MS << 16, asked_at_ms=AT_MS,
        business_day="2027-01-15", subject=op.subject, staff_id="ana", device_id="d1", command_id="c",
        body=encode(op), digest=bytes(32),
    )  # fmt: skip
    return list(papers_of(entry, op, room))


def a_ticket(station_id: str) -> TicketOpened:
    """Something to make at a station."""
    return TicketOpened(
        ticket_id=TicketId("t1"),
        number=1,
        station_id=StationId(station_id),
        station_name=station_id,
        check_id=CheckId("c1"),
        check_number=1,
        table_label="1",
        course=1,
        covers=2,
        waiter_id=StaffId("ana"),
        lines=(TicketLine(line_id=LineId("l1"), quantity=1, name="Bife", modifiers=("Sin cebolla", "Jugoso")),),
        fired_at_ms=AT_MS,
    )


def an_x_report() -> XReportPrinted:
    """The totals of a period in which nothing happened."""
    totals = DayTotals(
        business_day="2027-01-15", checks=0, covers=0, sales_minor=0, vat_minor=0, tips_minor=0, voids=0, voids_minor=0,
        tenders=(),
    )  # fmt: skip
    return XReportPrinted(business_day="2027-01-15", totals=totals, by=StaffId("ana"), printed_at_ms=AT_MS)


def a_payment(tender: str) -> PaymentTaken:
    """A payment of a thousand."""
    return PaymentTaken(
        check_id=CheckId("c1"),
        payment_id=PaymentId("p1"),
        tender=tender,
        amount_minor=1_000_00,
        by=StaffId("ana"),
        taken_at_ms=AT_MS,
    )
