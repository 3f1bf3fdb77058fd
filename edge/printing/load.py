"""Builds what the rules of printing need, and says what must hold."""

from collections.abc import Iterable
from sqlite3 import Connection

from edge.printing.state import Bench, Reprint
from shared.commands.printing import (
    ConfigurePrinter,
    PrintTest,
    ReportPrinted,
    ReportPrinterFault,
    ReportPrinterReady,
    ReprintTicket,
)
from shared.context import Context

_STATE = """
SELECT COALESCE(s.fault, ''), COALESCE(s.waiting_jobs, 0) FROM printer p
LEFT JOIN printer_state s ON s.printer_id = p.printer_id WHERE p.printer_id = ?
"""
_TWIN = "SELECT name FROM printer WHERE host = ? AND port = ? AND printer_id <> ?"
_STRAY = """
SELECT j.job_id, j.ticket_id FROM print_job j LEFT JOIN ticket t ON t.ticket_id = j.ticket_id
WHERE j.document IN ('kitchen', 'change') AND t.ticket_id IS NULL
"""
_TWICE = "SELECT job_id, copies FROM print_job WHERE document = 'drawer' AND copies > 0"


def place(conn: Connection, command: ConfigurePrinter, context: Context) -> Bench:
    """Whether another printer has the address."""
    row = conn.execute(_TWIN, (command.host.strip(), command.port, command.printer_id)).fetchone()
    return Bench(is_known=True, twin=row[0] if row else "")


def bench(
    conn: Connection,
    command: PrintTest | ReportPrinterFault | ReportPrinterReady | ReportPrinted,
    context: Context,
) -> Bench:
    """The printer as it is known to be."""
    row = conn.execute(_STATE, (command.printer_id,)).fetchone()
    return Bench(is_known=False) if row is None else Bench(is_known=True, fault=row[0], waiting_jobs=row[1])


def reprint(conn: Connection, command: ReprintTicket, context: Context) -> Reprint:
    """How often the ticket's paper was asked for again."""
    row = conn.execute("SELECT copies FROM ticket WHERE ticket_id = ?", (command.ticket_id,)).fetchone()
    return Reprint(is_known=False) if row is None else Reprint(is_known=True, copies=row[0])


def stray_jobs(conn: Connection) -> Iterable[str]:
    """Kitchen paper that belongs to no ticket. There must never be any."""
    for job_id, ticket_id in conn.execute(_STRAY):
        yield f"print job {job_id} is for ticket {ticket_id}, which does not exist"


def drawers_kicked_again(conn: Connection) -> Iterable[str]:
    """Drawer kicks that were repeated: a drawer opens once or not at all."""
    for job_id, copies in conn.execute(_TWICE):
        yield f"print job {job_id} kicked a drawer {copies + 1} times"
