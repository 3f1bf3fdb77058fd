"""The rules of printing."""

import msgspec

from edge.printing.state import Bench, Reprint, SetUp
from shared.commands.printing import (
    ChangePrinter,
    ConfigurePrinter,
    PrintTest,
    ReportPaperFailed,
    ReportPrinted,
    ReportPrinterFault,
    ReportPrinterReady,
    ReprintTicket,
)
from shared.context import Context
from shared.errors import Rejected
from shared.ids import CheckId, DrawerId, JobId, PrinterId, TicketId
from shared.ops import Op
from shared.ops.printing import (
    PaperFailed,
    PaperPrinted,
    PrinterConfigured,
    PrinterFaulted,
    PrinterRecovered,
    PrinterTestAsked,
    TicketReprintAsked,
)
from shared.rules.revisions import check_revision, merged
from shared.rules.tills import check_drawer_id


def configure_printer(command: ConfigurePrinter, state: SetUp, context: Context) -> list[Op]:
    """A network printer, whole.

    Raises:
        Rejected: as of `change_printer`, but for `printer_unknown`: one that nobody knows is a new one.
    """
    context.require("manage_printers")
    check_revision(command.if_rev, state.revision)
    wanted = PrinterConfigured(
        printer_id=PrinterId(command.printer_id),
        name=command.printer_name,
        host=command.host,
        port=command.port,
        columns=command.columns,
        code_page=command.code_page,
        fence=command.fence,
        is_receipt=command.is_receipt,
        has_cutter=command.has_cutter,
        has_drawer=command.has_drawer,
        language=command.language,
        drawer_id=DrawerId(command.drawer_id),
    )
    return [_set_up(wanted, state)]


def change_printer(command: ChangePrinter, state: SetUp, context: Context) -> list[Op]:
    """Some settings of a printer, merged onto what it is now.

    Raises:
        Rejected: `printer_unknown`; `changed_meanwhile`; `printer_invalid` for a host that is no address, or one that
            another printer has: two senders on one printer mix their tickets; `malformed` for a purse in the place of a
            drawer, which hangs on no printer; `needs_manager` without `manage_printers`.
    """
    context.require("manage_printers")
    if state.printer is None:
        raise Rejected("printer_unknown")
    check_revision(command.if_rev, state.revision)
    return [_set_up(merged(state.printer, command, printer_name="name"), state)]


def _set_up(wanted: PrinterConfigured, state: SetUp) -> PrinterConfigured:
    check_drawer_id(wanted.drawer_id)
    host = wanted.host.strip()
    if not host or not host.isascii() or not host.isprintable() or any(sign in host for sign in " /@?#"):
        raise Rejected("printer_invalid", problem="host", path="host")
    twin = state.others.get((host, wanted.port))
    if twin is not None:
        raise Rejected("printer_invalid", problem="address_taken", by=twin, path="host")
    return msgspec.structs.replace(wanted, host=host)


def reprint_ticket(command: ReprintTicket, state: Reprint, context: Context) -> list[Op]:
    """The ticket's paper again, marked as a copy.

    Raises:
        Rejected: `ticket_unknown`; `needs_manager` for who neither takes orders nor works a kitchen screen.
    """
    if not context.may("bump"):
        context.require("take_orders")
    if not state.is_known:
        raise Rejected("ticket_unknown")
    return [TicketReprintAsked(ticket_id=TicketId(command.ticket_id), copy=state.copies + 1)]


def print_test(command: PrintTest, bench: Bench, context: Context) -> list[Op]:
    """A test page.

    Raises:
        Rejected: `printer_unknown`; `needs_manager` without `manage_printers`.
    """
    context.require("manage_printers")
    return [PrinterTestAsked(printer_id=_known(command.printer_id, bench))]


def report_fault(command: ReportPrinterFault, bench: Bench, context: Context) -> list[Op]:
    """Paper does not come out; saying again what is known changes nothing.

    Raises:
        Rejected: `printer_unknown`.
    """
    printer_id = _known(command.printer_id, bench)
    if (bench.fault, bench.waiting_jobs) == (command.fault, command.waiting_jobs):
        return []
    return [
        PrinterFaulted(
            printer_id=printer_id,
            fault=command.fault,
            waiting_jobs=command.waiting_jobs,
            since_ms=command.since_ms,
        )
    ]


def report_ready(command: ReportPrinterReady, bench: Bench, context: Context) -> list[Op]:
    """It prints again; nothing for one that was never faulty.

    Raises:
        Rejected: `printer_unknown`.
    """
    printer_id = _known(command.printer_id, bench)
    return [PrinterRecovered(printer_id=printer_id)] if bench.fault else []


def report_printed(command: ReportPrinted, bench: Bench, context: Context) -> list[Op]:
    """A job's paper came out.

    Raises:
        Rejected: `printer_unknown`.
    """
    return [
        PaperPrinted(
            job_id=JobId(command.job_id),
            printer_id=_known(command.printer_id, bench),
            document=command.document,
            ticket_id=TicketId(command.ticket_id),
            check_id=CheckId(command.check_id),
            outcome=command.outcome,
            copies_before=command.copies_before,
            printed_at_ms=context.now_ms,
        )
    ]


def report_paper_failed(command: ReportPaperFailed, bench: Bench, context: Context) -> list[Op]:
    """A job's paper is given up.

    Raises:
        Rejected: `printer_unknown`.
    """
    return [
        PaperFailed(
            job_id=JobId(command.job_id),
            printer_id=_known(command.printer_id, bench),
            document=command.document,
            ticket_id=TicketId(command.ticket_id),
            check_id=CheckId(command.check_id),
            why=command.why,
            failed_at_ms=context.now_ms,
        )
    ]


def _known(printer_id: str, bench: Bench) -> PrinterId:
    if not bench.is_known:
        raise Rejected("printer_unknown")
    return PrinterId(printer_id)
