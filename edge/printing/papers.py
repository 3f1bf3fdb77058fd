"""Which paper an entry of the log asks for, where it comes out, and the facts it is filled with. Pure."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec

from edge.printing.facts import NO_MARKS, Facts, Marks, bill, dishes, left_to_pay, paid, party, place, totals
from shared.entry import Entry
from shared.ops import Op
from shared.ops.cash import CashMoved, DayClosed, DrawerOpened, DrawerOpenedWithoutSale, PeriodClosed, XReportPrinted
from shared.ops.kitchen import TicketLineVoided, TicketMoved, TicketOpened
from shared.ops.ordering import GuestCheckPrinted
from shared.ops.payments import PaymentTaken, ReceiptPrinted
from shared.ops.printing import PrinterTestAsked, TicketReprintAsked
from shared.rules.tills import PURSE

#: How long paper is worth printing. A drawer that opens a minute late opens with nobody there; last night's tickets
#: cook dishes for an empty room, so that one slip names them instead.
KEPT_MS = 4 * 3_600_000
KEPT_TICKET_MS = 3_600_000
KEPT_DRAWER_MS = 10_000
KEPT_GUEST_CHECK_MS = 900_000


class Station(msgspec.Struct, frozen=True):
    """Where a station's paper comes out."""

    name: str
    printer_id: str = ""
    backup_id: str = ""


class TicketNow(msgspec.Struct, frozen=True, kw_only=True):
    """A ticket as its last change left it. `facts` are its paper's; `lane_id` prints its last paper, "" once it is out."""

    station_id: str
    check_id: str
    facts: Facts
    moved_from: str = ""  # the table that its last paper names
    lane_id: str = ""
    changed: Facts = {}  # the line that the op names, as the ticket said it
    others: int = 0  # dishes of the same name that its other lines still want


class Room(msgspec.Struct, frozen=True, kw_only=True):
    """What the tables say that an op does not."""

    stations: Mapping[str, Station] = {}
    printers: tuple[str, ...] = ()
    receipt_printers: tuple[str, ...] = ()
    drawer_printers: Mapping[str, str] = {}  # drawer → the printer it hangs on; "" for one that says no drawer
    drawer_of_session: Mapping[str, str] = {}  # of the sessions that the op names; `purse` is no drawer
    drawer_of_asker: str = ""  # of the till that asked: its paper comes out beside it
    names: Mapping[str, str] = {}  # of staff
    check_names: Mapping[str, str] = {}  # of tabs
    tickets: Mapping[str, TicketNow] = {}
    marks: Marks = NO_MARKS  # of the menu's names


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """One piece of paper, or one kick of a drawer (`document` is drawer)."""

    job_id: str  # of its entry: the same entry asks for the same paper
    part: int
    printer_id: str
    home_id: str
    backup_id: str
    document: str
    facts: Facts
    ticket_id: str = ""
    check_id: str = ""
    made_at_ms: int
    until_ms: int


class _Wanted(msgspec.Struct, frozen=True):
    """A paper before it has a place."""

    document: str
    facts: Facts
    ticket_id: str = ""
    check_id: str = ""
    station_id: str = ""
    printer_id: str = ""  # a test page's own
    drawer_id: str = ""  # the drawer to kick
    lane_id: str = ""
    kept_ms: int = KEPT_MS


def papers_of(entry: Entry, op: Op, room: Room) -> Iterator[Paper]:
    """The papers of one entry, the same whenever it is read. None when no printer is set up for them."""
    for part, wanted in enumerate(_wanted(op, room)):
        home_id, backup_id = _printers(wanted, room)
        if home_id:
            yield Paper(
                job_id=f"{entry.id.hex()}-{part}",
                part=part,
                printer_id=wanted.lane_id if wanted.lane_id and wanted.lane_id == backup_id else home_id,
                home_id=home_id,
                backup_id=backup_id,
                document=wanted.document,
                facts=wanted.facts,
                ticket_id=wanted.ticket_id,
                check_id=wanted.check_id,
                made_at_ms=entry.at_ms,
                until_ms=entry.at_ms + wanted.kept_ms,
            )


def _printers(wanted: _Wanted, room: Room) -> tuple[str, str]:
    """Where it belongs, and where else it may come out; "" for nowhere."""
    if wanted.printer_id:
        return wanted.printer_id if wanted.printer_id in room.printers else "", ""
    if wanted.document == "drawer":
        return room.drawer_printers.get(wanted.drawer_id, ""), ""
    if wanted.station_id:
        station = room.stations.get(wanted.station_id, Station(""))
        known = [id for id in (station.printer_id, station.backup_id) if id in room.printers]
    else:
        beside = room.drawer_printers.get(room.drawer_of_asker, "")
        known = [*dict.fromkeys((*([beside] if beside else ()), *room.receipt_printers))]
    home_id, backup_id = [*known, "", ""][:2]
    return home_id, backup_id if backup_id != home_id else ""


def _wanted(op: Op, room: Room) -> Iterator[_Wanted]:
    paper = _PAPERS.get(type(op))
    if paper is not None:
        yield from paper(op, room)


def _ticket(op: TicketOpened, room: Room) -> Iterator[_Wanted]:
    facts = {
        "station": op.station_name,
        "number": op.number,
        "check_number": op.check_number,
        **place(op.table_label, is_table=bool(op.table_id)),
        "course": op.course,
        **party(op.covers),
        "waiter": room.names.get(op.waiter_id, ""),
        "fired_at_ms": op.fired_at_ms,
        "also_at": ", ".join(op.also_at),
        **dishes(
            ((line.quantity, line.name, line.modifiers, line.note, line.allergies) for line in op.lines), room.marks
        ),
    }
    yield _Wanted(
        "kitchen",
        facts,
        ticket_id=op.ticket_id,
        check_id=op.check_id,
        station_id=op.station_id,
        kept_ms=KEPT_TICKET_MS,
    )


def _voided(op: TicketLineVoided, room: Room) -> Iterator[_Wanted]:
    ticket = room.tickets.get(op.ticket_id)
    if ticket is None:
        return
    change = {
        "voided": op.quantity,
        "what": ticket.changed.get("name", op.name),
        "of": ticket.changed,
        "remaining": op.remaining,
        "before": op.quantity + op.remaining,
        "others": ticket.others,
        "is_one_other": ticket.others == 1,
        "reason": op.reason,
        "changed_at_ms": op.changed_at_ms,
    }
    yield _change(op.ticket_id, ticket, {**ticket.facts, **change})


def _moved(op: TicketMoved, room: Room) -> Iterator[_Wanted]:
    ticket = room.tickets.get(op.ticket_id)
    if ticket is None:
        return
    facts = {**ticket.facts, **place(op.table_label, is_table=bool(op.table_id)), "moved_from": ticket.moved_from}
    yield _change(op.ticket_id, ticket, {**facts, "is_moved": True})


def _change(ticket_id: str, ticket: TicketNow, facts: Facts) -> _Wanted:
    return _Wanted(
        "change",
        facts,
        ticket_id=ticket_id,
        check_id=ticket.check_id,
        station_id=ticket.station_id,
        lane_id=ticket.lane_id,  # never ahead of the ticket it changes
        kept_ms=KEPT_TICKET_MS,
    )


def _reprint(op: TicketReprintAsked, room: Room) -> Iterator[_Wanted]:
    ticket = room.tickets.get(op.ticket_id)
    if ticket is not None:
        yield _Wanted(
            "kitchen",
            {**ticket.facts, "copy": op.copy},
            ticket_id=op.ticket_id,
            check_id=ticket.check_id,
            station_id=ticket.station_id,
        )


def _guest_check(op: GuestCheckPrinted, room: Room) -> Iterator[_Wanted]:
    facts = {**_bill(op, room), **left_to_pay(op)}
    yield _Wanted("guest_check", facts, check_id=op.check_id, kept_ms=KEPT_GUEST_CHECK_MS)


def _receipt(op: ReceiptPrinted, room: Room) -> Iterator[_Wanted]:
    yield _Wanted("receipt", {**_bill(op, room), **paid(op)}, check_id=op.check_id)


def _bill(op: GuestCheckPrinted | ReceiptPrinted, room: Room) -> Facts:
    tab = room.check_names.get(op.check_id, "")
    return bill(op, waiter=room.names.get(op.waiter_id, ""), tab=tab, marks=room.marks)


def _cash(op: PaymentTaken, room: Room) -> Iterator[_Wanted]:
    if op.tender == "cash":
        yield from _kick(op.drawer_session_id, room)


def _opens_drawer(op: DrawerOpened | CashMoved, room: Room) -> Iterator[_Wanted]:
    yield from _kick(op.session_id, room)


def _no_sale(op: DrawerOpenedWithoutSale, room: Room) -> Iterator[_Wanted]:
    yield from _kick(op.session_id, room)
    yield _Wanted("no_sale", {"reason": op.reason, "by": room.names.get(op.by, ""), "opened_at_ms": op.opened_at_ms})


def _kick(session_id: str, room: Room) -> Iterator[_Wanted]:
    """Open the drawer that the money is in, and no other; a waiter's purse is no drawer.

    One that hangs on no printer by name is opened by the printer that names none: a venue with one drawer says nothing.
    """
    drawer_id = room.drawer_of_session.get(session_id, "")
    if drawer_id != PURSE:
        yield _Wanted(
            "drawer", {}, drawer_id=drawer_id if drawer_id in room.drawer_printers else "", kept_ms=KEPT_DRAWER_MS
        )


def _x_report(op: XReportPrinted, room: Room) -> Iterator[_Wanted]:
    yield _Wanted("x_report", totals(op.totals, by=room.names.get(op.by, ""), at_ms=op.printed_at_ms))


def _z_report(op: DayClosed | PeriodClosed, room: Room) -> Iterator[_Wanted]:
    facts = totals(op.totals, by=room.names.get(op.by, ""), at_ms=op.closed_at_ms)
    yield _Wanted("z_report", {**facts, "z_number": op.z_number, "period": op.z_number})


def _test(op: PrinterTestAsked, room: Room) -> Iterator[_Wanted]:
    yield _Wanted("test", {}, printer_id=op.printer_id, kept_ms=KEPT_GUEST_CHECK_MS)


_PAPERS: dict[type[Op], Callable[[Any, Room], Iterator[_Wanted]]] = {
    TicketOpened: _ticket,
    TicketLineVoided: _voided,
    TicketMoved: _moved,
    TicketReprintAsked: _reprint,
    GuestCheckPrinted: _guest_check,
    ReceiptPrinted: _receipt,
    PaymentTaken: _cash,
    DrawerOpened: _opens_drawer,
    CashMoved: _opens_drawer,
    DrawerOpenedWithoutSale: _no_sale,
    XReportPrinted: _x_report,
    DayClosed: _z_report,
    PeriodClosed: _z_report,
    PrinterTestAsked: _test,
}

#: The kinds of op that may ask for paper or a drawer.
KINDS = frozenset(op.kind_name() for op in _PAPERS)
