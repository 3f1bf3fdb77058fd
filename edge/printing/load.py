"""Builds what the rules of printing need, and says what must hold."""

from collections.abc import Iterable
from sqlite3 import Connection

import msgspec

from edge.engine.memory import seldom_changes
from edge.menu.reads import newest_book
from edge.printing.facts import NO_MARKS, Marks, dish, dishes, party, place
from edge.printing.names import marks_of
from edge.printing.papers import Room, Station, TicketNow
from edge.printing.state import Bench, Reprint, SetUp
from edge.staff.reads import REVISION, WHO, revision_of
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
from shared.ops import Op
from shared.ops.cash import CashMoved, DrawerOpened, DrawerOpenedWithoutSale
from shared.ops.kitchen import TicketLineVoided, TicketMoved, TicketOpened
from shared.ops.ordering import GuestCheckPrinted
from shared.ops.payments import PaymentTaken, ReceiptPrinted
from shared.ops.printing import PrinterConfigured, TicketReprintAsked
from shared.projections.rows import struct_of
from shared.rules.menu_book import MenuBook

_STATE = """
SELECT COALESCE(s.fault, ''), COALESCE(s.waiting_jobs, 0) FROM printer p
LEFT JOIN printer_state s ON s.printer_id = p.printer_id WHERE p.printer_id = ?
"""
_FIELDS = PrinterConfigured.__struct_fields__
_SET_UP = f"SELECT {', '.join(f't.{name}' for name in _FIELDS)}, {REVISION} FROM printer t {WHO} WHERE t.printer_id = ?"
_ADDRESSES = "SELECT host, port, name FROM printer WHERE printer_id <> ?"
_TICKETS = """
SELECT t.ticket_id, t.station_id, COALESCE(s.name, ''), t.check_id, t.number, t.check_number, t.table_id,
  t.table_label, t.course, t.covers, COALESCE(p.name, ''), t.fired_at_ms, t.also_at
FROM ticket t LEFT JOIN station s ON s.station_id = t.station_id LEFT JOIN person p ON p.staff_id = t.waiter_id
WHERE t.ticket_id = ?
"""
_TICKET_LINES = """
SELECT quantity, name, modifiers, note, allergies FROM ticket_line
WHERE ticket_id = ? AND quantity > 0 AND state <> 'void' ORDER BY position
"""
_TICKET_LINE = "SELECT name, modifiers, note, allergies FROM ticket_line WHERE ticket_id = ? AND line_id = ?"
_OTHERS = """
SELECT COALESCE(SUM(quantity), 0) FROM ticket_line
WHERE ticket_id = ?1 AND line_id <> ?2 AND state = 'open'
  AND name = (SELECT name FROM ticket_line WHERE ticket_id = ?1 AND line_id = ?2)
"""
_LAST_PAPER = """
SELECT body ->> '$.facts.table', ended_at_ms, lane FROM errand WHERE subject = ? AND errand = 'print'
ORDER BY number DESC LIMIT 1
"""
_STRAY = """
SELECT j.job_id, j.subject FROM errand j LEFT JOIN ticket t ON t.ticket_id = j.subject
WHERE j.errand = 'print' AND j.what IN ('kitchen', 'change') AND t.ticket_id IS NULL
"""
_TWICE = "SELECT job_id, attempts FROM errand WHERE errand = 'print' AND what = 'drawer' AND attempts > 1"

_words_of = msgspec.json.Decoder(tuple[str, ...]).decode


def set_up(conn: Connection, command: ConfigurePrinter | ChangePrinter, context: Context) -> SetUp:
    """The printer as it is set up, and the addresses of the others."""
    row = conn.execute(_SET_UP, (command.printer_id,)).fetchone()
    others = {(host, port): name for host, port, name in conn.execute(_ADDRESSES, (command.printer_id,))}
    if row is None:
        return SetUp(others=others)
    printer = struct_of(PrinterConfigured, dict(zip(_FIELDS, row[:-3], strict=True)))
    return SetUp(printer=printer, revision=revision_of(row[-3:]), others=others)


def bench(
    conn: Connection,
    command: PrintTest | ReportPrinterFault | ReportPrinterReady | ReportPrinted | ReportPaperFailed,
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
    for job_id, attempts in conn.execute(_TWICE):
        yield f"print job {job_id} kicked a drawer {attempts} times"


def printer_ids(conn: Connection) -> list[str]:
    """Every printer that is set up."""
    return [id for (id,) in conn.execute("SELECT printer_id FROM printer ORDER BY printer_id")]


def room_of(conn: Connection, op: Op, *, device_id: str) -> Room:
    """What the papers of an op need to know; `device_id` asked for it."""
    room = _room(conn)
    if not room.printers:
        return room
    match op:
        case DrawerOpened():
            return msgspec.structs.replace(room, drawer_of_session={op.session_id: op.drawer_id})
        case PaymentTaken(drawer_session_id=session_id) | CashMoved(session_id=session_id):
            return _with_drawer(conn, room, session_id)
        case DrawerOpenedWithoutSale(session_id=session_id):  # it kicks, and says so on a slip beside who asked
            room = _with_drawer(conn, room, session_id)
        case TicketOpened():
            return msgspec.structs.replace(room, marks=_marks(conn))
        case TicketLineVoided():
            changed = _changed(conn, op, _marks(conn))
            return msgspec.structs.replace(room, tickets={op.ticket_id: changed} if changed else {})
        case TicketMoved() | TicketReprintAsked():
            ticket = _ticket(conn, op.ticket_id, _marks(conn))
            return msgspec.structs.replace(room, tickets={op.ticket_id: ticket} if ticket else {})
        case GuestCheckPrinted() | ReceiptPrinted():
            names = conn.execute("SELECT check_id, name FROM checks WHERE check_id = ?", (op.check_id,))
            room = msgspec.structs.replace(room, check_names=dict(names), marks=_marks(conn))
    asker = conn.execute("SELECT drawer_id FROM device WHERE device_id = ?", (device_id,)).fetchone()
    return msgspec.structs.replace(room, drawer_of_asker=asker[0]) if asker and asker[0] else room


def _with_drawer(conn: Connection, room: Room, session_id: str) -> Room:
    rows = conn.execute("SELECT session_id, drawer_id FROM drawer_session WHERE session_id = ?", (session_id,))
    return msgspec.structs.replace(room, drawer_of_session=dict(rows))


def _marks(conn: Connection) -> Marks:
    """What tells the menu's names apart on the venue's printers."""
    book = newest_book(conn)
    return NO_MARKS if book is None else _marks_kept.of(book, _code_pages(conn))


@seldom_changes("printer")
def _code_pages(conn: Connection) -> tuple[str, ...]:
    return tuple(page for (page,) in conn.execute("SELECT DISTINCT code_page FROM printer ORDER BY code_page"))


class _MarksKept:
    """The marks of the menu in force: all its names are compared once a version, and not again for every ticket."""

    def __init__(self) -> None:
        self._last: tuple[MenuBook | None, tuple[str, ...], Marks] = (None, (), NO_MARKS)

    def of(self, book: MenuBook, code_pages: tuple[str, ...]) -> Marks:
        """The marks of that menu on those pages."""
        last_book, last_pages, marks = self._last
        if last_book is not book or last_pages != code_pages:
            marks = marks_of(book.items.values(), book.groups.values(), code_pages)
            self._last = (book, code_pages, marks)
        return marks


_marks_kept = _MarksKept()


@seldom_changes("station", "printer", "person")
def _room(conn: Connection) -> Room:
    """What is the same for all papers."""
    stations = conn.execute("SELECT station_id, name, printer_id, backup_printer_id FROM station")
    receipts = conn.execute(
        "SELECT printer_id, has_drawer, drawer_id FROM printer WHERE is_receipt = 1 ORDER BY printer_id DESC"
    )
    receipt_printers = receipts.fetchall()
    return Room(
        stations={id: Station(name, printer_id, backup_id) for id, name, printer_id, backup_id in stations},
        printers=tuple(printer_ids(conn)),
        receipt_printers=tuple(id for id, *_ in reversed(receipt_printers)),
        drawer_printers={
            drawer_id: id for id, has_drawer, drawer_id in receipt_printers if has_drawer
        },  # the first by id
        names=dict(conn.execute("SELECT staff_id, name FROM person")),
    )


def _changed(conn: Connection, op: TicketLineVoided, marks: Marks) -> TicketNow | None:
    """The ticket with the line that changed, which may be on it no more."""
    ticket = _ticket(conn, op.ticket_id, marks)
    line = conn.execute(_TICKET_LINE, (op.ticket_id, op.line_id)).fetchone()
    if ticket is None or line is None:
        return ticket
    name, modifiers, note, allergies = line
    (others,) = conn.execute(_OTHERS, (op.ticket_id, op.line_id)).fetchone()
    changed = dish(op.quantity, name, _words_of(modifiers), note, _words_of(allergies), marks)
    return msgspec.structs.replace(ticket, changed=changed, others=others)


def _ticket(conn: Connection, ticket_id: str, marks: Marks) -> TicketNow | None:
    row = conn.execute(_TICKETS, (ticket_id,)).fetchone()
    if row is None:
        return None
    _, station_id, station, check_id, number, check_number, table_id, label, course, covers, waiter, at_ms, also = row
    lines = (
        (quantity, name, _words_of(modifiers), note, _words_of(allergies))
        for quantity, name, modifiers, note, allergies in conn.execute(_TICKET_LINES, (ticket_id,))
    )
    facts = {
        "station": station,
        "number": number,
        "check_number": check_number,
        **place(label, is_table=bool(table_id)),
        "course": course,
        **party(covers),
        "waiter": waiter,
        "fired_at_ms": at_ms,
        "also_at": ", ".join(_words_of(also)),
        **dishes(lines, marks),
    }
    last = conn.execute(_LAST_PAPER, (ticket_id,)).fetchone()
    table, ended_at_ms, lane_id = last or ("", 1, "")
    return TicketNow(
        station_id=station_id,
        check_id=check_id,
        facts=facts,
        moved_from=table or "",
        lane_id="" if ended_at_ms else lane_id,
    )
