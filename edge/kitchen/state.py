"""What the rules of the kitchen work on."""

import msgspec

from shared.ids import CheckId, LineId, StaffId, TableId, TicketId
from shared.lines import OrderedLine
from shared.ops.kitchen import StationConfigured
from shared.rules.numbers import Numbering
from shared.rules.revisions import NEVER, Revision


class StationSetUp(msgspec.Struct, frozen=True, kw_only=True):
    """A station as somebody set it up."""

    station: StationConfigured | None = None  # None before the first time
    revision: Revision = NEVER


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """A check as the kitchen knows it."""

    check_id: CheckId
    number: int
    kind: str
    state: str
    table_id: TableId
    label: str  # the table's, or the tab's name
    waiter_id: StaffId
    covers: int
    closed_at_ms: int
    closed_by_name: str


class Sending(msgspec.Struct, frozen=True, kw_only=True):
    """A check with its lines that are not made yet, in order, and what tickets need."""

    check: Check | None
    held: tuple[OrderedLine, ...]
    waiting: tuple[OrderedLine, ...]  # sent, their course not fired
    states: dict[str, str]  # of every line: held, sent or void
    highest_fired: int  # course; 0 before the first fire
    station_names: dict[str, str]
    numbering: Numbering  # of its tickets


class TicketLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line to make."""

    line_id: LineId
    quantity: int
    name: str
    state: str  # open, bumped or void


class Ticket(msgspec.Struct, frozen=True, kw_only=True):
    """One station's work from one fire."""

    ticket_id: TicketId
    check_id: CheckId
    course: int
    table_id: TableId
    table_label: str
    waiter_id: StaffId
    state: str  # open or bumped
    bumped_at_ms: int
    changed_at_ms: int
    lines: tuple[TicketLine, ...]

    @property
    def open_line_ids(self) -> tuple[LineId, ...]:
        """The lines still to make."""
        return tuple(line.line_id for line in self.lines if line.state == "open")


class AtWork(msgspec.Struct, frozen=True, kw_only=True):
    """A ticket, and what else was fired of its check's course."""

    ticket: Ticket | None
    others: tuple[Ticket, ...]  # at stations with a screen, since the course was last taken from the pass
    is_on_pass: bool


class OnPass(msgspec.Struct, frozen=True, kw_only=True):
    """How a course stands that is made, or waits on the pass."""

    is_ready: bool
    is_cooking: bool = False
    is_called: bool = False  # its waiter, and nobody said yet that they come
