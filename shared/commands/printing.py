"""What may be asked of printers, and what the spool reports."""

from typing import Annotated

import msgspec

from shared.commands.base import Command, IfRev
from shared.ids import IdOrNone, IdText, among
from shared.text import Name

#: What may keep a printer from printing, and what a person must know of one that prints; screens have words for each.
FAULTS = ("paper_out", "cover_open", "offline", "error", "slow", "unconfirmed")
#: Its paper comes out all the same: tickets wait longer than they should, or it cannot say what became of them.
PRINTS_WITH = ("slow", "unconfirmed")

Host = Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
Port = Annotated[int, msgspec.Meta(ge=1, le=65535)]
Columns = Annotated[int, msgspec.Meta(ge=20, le=64)]
CodePage = Annotated[str, among("PC858", "PC850", "WPC1252", "ISO8859-15", "PC437")]
Fence = Annotated[str, among("process_id", "gs_r", "none")]
Language = Annotated[str, among("", "es-AR", "en")]


class ConfigurePrinter(Command, frozen=True, kw_only=True, tag="configure_printer"):
    """Set up a network printer."""

    printer_id: IdText
    printer_name: Name
    host: Host
    port: Port = 9100
    columns: Columns = 42
    code_page: CodePage = "PC858"
    fence: Fence = "gs_r"
    is_receipt: bool = False
    has_cutter: bool = True
    has_drawer: bool = False
    language: Language = ""
    drawer_id: IdOrNone = ""  # the drawer that hangs on it, and whose till it stands at; empty: any
    if_rev: IfRev = ""


class ChangePrinter(Command, frozen=True, kw_only=True, tag="change_printer"):
    """Change some settings of a printer; what is left out stays as it is."""

    printer_id: IdText
    if_rev: IfRev = ""
    printer_name: Name | None = None
    host: Host | None = None
    port: Port | None = None
    columns: Columns | None = None
    code_page: CodePage | None = None
    fence: Fence | None = None
    is_receipt: bool | None = None
    has_cutter: bool | None = None
    has_drawer: bool | None = None
    language: Language | None = None
    drawer_id: IdOrNone | None = None


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
