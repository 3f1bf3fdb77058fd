"""What happens to printers and paper."""

from typing import ClassVar

from shared.ids import CheckId, DrawerId, JobId, PrinterId, TicketId
from shared.ops.base import Op


class PrinterConfigured(Op, frozen=True, kw_only=True, tag="printer_configured"):
    """A printer the edge drives. `is_receipt` marks the one that prints bills and receipts."""

    SUBJECT: ClassVar[str] = "printer_id"
    printer_id: PrinterId
    name: str
    host: str
    port: int
    columns: int
    code_page: str = "PC858"
    fence: str = "gs_r"  # process_id, gs_r or none
    is_receipt: bool = False
    has_cutter: bool = True
    has_drawer: bool = False
    language: str = ""  # "" = the venue's
    drawer_id: DrawerId = DrawerId("")  # the drawer that hangs on it; "" for any


class PrinterFaulted(Op, frozen=True, kw_only=True, tag="printer_faulted"):
    """Paper does not come out: `paper_out`, `cover_open`, `offline`, `error`. A person must go there.

    Or it comes out late, `slow`, or with no word of the printer's that it did, `unconfirmed`.
    """

    SUBJECT: ClassVar[str] = "printer_id"
    printer_id: PrinterId
    fault: str
    waiting_jobs: int
    since_ms: int


class PrinterRecovered(Op, frozen=True, kw_only=True, tag="printer_recovered"):
    """The printer prints again."""

    SUBJECT: ClassVar[str] = "printer_id"
    printer_id: PrinterId


class PaperPrinted(Op, frozen=True, kw_only=True, tag="paper_printed"):
    """Paper came out: confirmed by the printer (`printed`), or handed over to one that cannot tell (`handed_over`)."""

    SUBJECT: ClassVar[str] = "job_id"
    job_id: JobId
    printer_id: PrinterId
    document: str  # kitchen, change, guest_check, receipt, x_report, z_report, test
    ticket_id: TicketId = TicketId("")
    check_id: CheckId = CheckId("")
    outcome: str = "printed"
    copies_before: int = 0  # a repeat of unknown fate is marked COPY
    printed_at_ms: int


class PaperFailed(Op, frozen=True, kw_only=True, tag="paper_failed"):
    """Paper that will not come out any more: never confirmed for all its repeats, or not worth printing by then.

    `doubtful` is one that is tried once more all the same: its printer takes it and breaks off, again and again.
    """

    SUBJECT: ClassVar[str] = "job_id"
    job_id: JobId
    printer_id: PrinterId
    document: str  # as of PaperPrinted
    ticket_id: TicketId = TicketId("")
    check_id: CheckId = CheckId("")
    why: str  # unconfirmed, expired, elsewhere (another box was to print it) or doubtful
    failed_at_ms: int


class TicketReprintAsked(Op, frozen=True, kw_only=True, tag="ticket_reprint_asked"):
    """Somebody wants a ticket's paper again; it is marked as a duplicate."""

    SUBJECT: ClassVar[str] = "ticket_id"
    ticket_id: TicketId
    copy: int


class PrinterTestAsked(Op, frozen=True, kw_only=True, tag="printer_test_asked"):
    """Somebody wants to see that a printer prints."""

    SUBJECT: ClassVar[str] = "printer_id"
    printer_id: PrinterId
