"""What may be asked of printers, and what the spool reports."""

from typing import Annotated

import msgspec

from shared.commands.base import Command
from shared.ids import IdOrNone, IdText, among
from shared.text import Name

#: What may keep a printer from printing, and what a person must know of one that prints; screens have words for each.
FAULTS = ("paper_out", "cover_open", "offline", "error", "slow", "unconfirmed")
#: Its paper comes out all the same: tickets wait longer than they should, or it cannot say what became of them.
PRINTS_WITH = ("slow", "unconfirmed")


class ConfigurePrinter(Command, frozen=True, kw_only=True, tag="configure_printer"):
    """Set up a network printer."""

    printer_id: IdText
    printer_name: Name
    host: Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
    port: Annotated[int, msgspec.Meta(ge=1, le=65535)] = 9100
    columns: Annotated[int, msgspec.Meta(ge=20, le=64)] = 42
    code_page: Annotated[str, among("PC858", "PC850", "WPC1252", "ISO8859-15", "PC437")] = "PC858"
    fence: Annotated[str, among("process_id", "gs_r", "none")] = "gs_r"
    is_receipt: bool = False
    has_cutter: bool = True
    has_drawer: bool = False
    language: Annotated[str, among("", "es-AR", "en")] = ""
    drawer_id: IdOrNone = ""  # the drawer that hangs on it, and whose till it stands at; empty: any


class ReprintTicket(Command, frozen=True, kw_only=True, tag="reprint_ticket"):
    """Print a ticket's paper again, marked as a duplicate."""

    ticket_id: IdText


class PrintTest(Command, frozen=True, kw_only=True, tag="print_test"):
    """Print a test page."""

    printer_id: IdText


class ReportPrinterFault(Command, frozen=True, kw_only=True, tag="report_printer_fault"):
    """The spool says that paper does not come out."""

    printer_id: IdText
    fault: Annotated[str, among(*FAULTS)]
    waiting_jobs: int
    since_ms: int


class ReportPrinterReady(Command, frozen=True, kw_only=True, tag="report_printer_ready"):
    """The spool says that a faulty printer prints again."""

    printer_id: IdText


class ReportPrinted(Command, frozen=True, kw_only=True, tag="report_printed"):
    """The spool says that a job's paper came out."""

    job_id: IdText
    printer_id: IdText
    document: str
    ticket_id: str = ""
    check_id: str = ""
    outcome: Annotated[str, among("printed", "handed_over")] = "printed"
    copies_before: int = 0


class ReportPaperFailed(Command, frozen=True, kw_only=True, tag="report_paper_failed"):
    """The spool says that a job's paper will not come out any more."""

    job_id: IdText
    printer_id: IdText
    document: str
    ticket_id: str = ""
    check_id: str = ""
    why: Annotated[str, among("unconfirmed", "expired", "elsewhere", "doubtful")]
