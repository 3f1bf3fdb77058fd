"""Lines, tickets and cooks for the tests of the kitchen."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

import msgspec
import pytest

from edge.kitchen.state import AtWork, Check, Sending, Ticket, TicketLine
from shared.context import Context
from shared.errors import Rejected
from shared.ids import CheckId, ItemId, LineId, StaffId, StationId, TableId, TicketId
from shared.lines import OrderedLine
from shared.permissions import ROLES
from shared.rules.numbers import Numbering

NOW_MS = 1_800_000_000_000


@contextmanager
def rejects(code: str, **facts: object) -> Iterator[None]:
    """The block is refused with this code and at least these facts."""
    with pytest.raises(Rejected) as caught:
        yield
    assert caught.value.code == code
    assert facts.items() <= caught.value.facts.items()


def by(role: str = "waiter") -> Context:
    """Somebody of this role asks."""
    ids = count(1)
    return Context(
        now_ms=NOW_MS,
        asked_at_ms=NOW_MS,
        business_day="2026-11-24",
        device_id="d1",
        device_role="waiter",
        staff_id="ana",
        staff_role=role,
        permissions=ROLES[role],
        fresh_id=lambda: f"fresh{next(ids)}",
    )


def a_check(**changes: object) -> Check:
    """An open check of Ana's on table 4."""
    check = Check(
        check_id=CheckId("c1"),
        number=7,
        kind="table",
        state="open",
        table_id=TableId("t4"),
        label="4",
        waiter_id=StaffId("ana"),
        covers=2,
        closed_at_ms=0,
        closed_by_name="",
    )
    return msgspec.structs.replace(check, **changes)


class Line(msgspec.Struct, frozen=True):
    """A line with how far it got."""

    line: OrderedLine
    state: str
    fired_at_ms: int


def a_line(
    line_id: str,
    *,
    course: int = 1,
    station: str = "parrilla",
    state: str = "held",
    fired_at_ms: int = 0,
    **more: object,
) -> Line:
    """A line that waits on its device, or went further."""
    line = OrderedLine(
        line_id=LineId(line_id),
        item_id=ItemId(f"i-{line_id}"),
        name=f"Dish {line_id}",
        quantity=1,
        unit_minor=100,
        gross_minor=100,
        vat_bp=2100,
        course=course,
        station_id=StationId(station),
    )
    return Line(msgspec.structs.replace(line, **more), state, fired_at_ms)


def sending(*lines: Line, check: Check | None = None) -> Sending:
    """A check with these lines."""
    return Sending(
        check=check or a_check(),
        held=tuple(one.line for one in lines if one.state == "held"),
        waiting=tuple(one.line for one in lines if one.state == "sent" and not one.fired_at_ms),
        states={one.line.line_id: one.state for one in lines},
        highest_fired=max((one.line.course for one in lines if one.fired_at_ms), default=0),
        station_names={"parrilla": "Parrilla", "barra": "Barra"},
        numbering=Numbering(41, "2027-01-15"),
    )


def to_make(line_id: str, *, quantity: int = 1, name: str = "Bife", state: str = "open") -> TicketLine:
    """A line of a ticket."""
    return TicketLine(line_id=LineId(line_id), quantity=quantity, name=name, state=state)


def a_ticket(ticket_id: str, *lines: TicketLine, **changes: object) -> Ticket:
    """An open ticket of table 4's first course."""
    ticket = Ticket(
        ticket_id=TicketId(ticket_id),
        check_id=CheckId("c1"),
        course=1,
        table_id=TableId("t4"),
        table_label="4",
        waiter_id=StaffId("ana"),
        state="open",
        bumped_at_ms=0,
        changed_at_ms=0,
        lines=lines or (to_make("l1"),),
    )
    return msgspec.structs.replace(ticket, **changes)


def at_work(ticket: Ticket | None, *others: Ticket, is_on_pass: bool = False) -> AtWork:
    """A ticket among those of its course."""
    return AtWork(ticket=ticket, others=others, is_on_pass=is_on_pass)
