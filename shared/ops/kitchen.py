"""What happens between the table and the stove."""

from typing import ClassVar

import msgspec

from shared.ids import CheckId, DeviceId, LineId, PrinterId, StaffId, StationId, TableId, TicketId
from shared.ops.base import Op


class StationConfigured(Op, frozen=True, kw_only=True, tag="station_configured"):
    """A place where tickets are made, and where its paper comes out."""

    SUBJECT: ClassVar[str] = "station_id"
    station_id: StationId
    name: str
    position: int = 0
    warn_after_s: int = 480
    late_after_s: int = 720
    printer_id: PrinterId = PrinterId("")
    backup_printer_id: PrinterId = PrinterId("")
    is_paper_only: bool = False  # no screen: its tickets are done once printed


class SentLine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A line given to the kitchen; fired now, or waiting for its course."""

    line_id: LineId
    course: int
    is_fired: bool


class LinesSent(Op, frozen=True, kw_only=True, tag="lines_sent"):
    """Lines were given to the kitchen. From here a void needs a permission."""

    SUBJECT: ClassVar[str] = "check_id"
    check_id: CheckId
    lines: tuple[SentLine, ...]
    by: StaffId
    sent_at_ms: int


class CourseFired(Op, frozen=True, kw_only=True, tag="course_fired"):
    """The kitchen was told to make a course that waited."""

    SUBJECT: ClassVar[str] = "check_id"
    check_id: CheckId
    course: int
    line_ids: tuple[LineId, ...]
    fired_at_ms: int


class TicketLine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What to make: the name the kitchen knows, and its modifiers as words, the variant's first."""

    line_id: LineId
    quantity: int
    name: str
    modifiers: tuple[str, ...] = ()
    note: str = ""
    allergies: tuple[str, ...] = ()
    variant_name: str = ""  # which of the modifiers' words is not a modifier


class TicketOpened(Op, frozen=True, kw_only=True, tag="ticket_opened"):
    """One station must make this, from one fire. `also_at` names the other stations of the same fire."""

    SUBJECT: ClassVar[str] = "ticket_id"
    ticket_id: TicketId
    number: int  # what cooks and waiters say; from 1 each business day
    station_id: StationId
    station_name: str
    check_id: CheckId
    check_number: int
    table_id: TableId = TableId("")
    table_label: str
    course: int
    covers: int
    waiter_id: StaffId
    lines: tuple[TicketLine, ...]
    also_at: tuple[str, ...] = ()
    fired_at_ms: int
    period: int = 0  # in which it was opened; 0 before periods were kept
    numbered_day: str = ""  # whose run of numbers it belongs to; "" for the business day


class TicketsShown(Op, frozen=True, kw_only=True, tag="tickets_shown"):
    """A kitchen screen that somebody can see has these tickets on it: from here the kitchen has them."""

    SUBJECT: ClassVar[str] = "on_device_id"
    on_device_id: DeviceId
    ticket_ids: tuple[TicketId, ...]
    shown_at_ms: int


class TicketLineVoided(Op, frozen=True, kw_only=True, tag="ticket_line_voided"):
    """A line of a ticket must not be made; the cook acknowledges it. `remaining` zero voids it whole."""

    SUBJECT: ClassVar[str] = "ticket_id"
    ticket_id: TicketId
    line_id: LineId
    station_id: StationId
    name: str
    quantity: int
    remaining: int
    reason: str
    changed_at_ms: int


class TicketMoved(Op, frozen=True, kw_only=True, tag="ticket_moved"):
    """The dishes go to another table."""

    SUBJECT: ClassVar[str] = "ticket_id"
    ticket_id: TicketId
    table_id: TableId
    table_label: str


class TicketChangeSeen(Op, frozen=True, kw_only=True, tag="ticket_change_seen"):
    """The cook acknowledged the changes of a ticket."""

    SUBJECT: ClassVar[str] = "ticket_id"
    ticket_id: TicketId


class TicketLineBumped(Op, frozen=True, kw_only=True, tag="ticket_line_bumped"):
    """One line of a ticket is done; the ticket is not."""

    SUBJECT: ClassVar[str] = "ticket_id"
    ticket_id: TicketId
    check_id: CheckId
    line_id: LineId
    bumped_at_ms: int


class TicketBumped(Op, frozen=True, kw_only=True, tag="ticket_bumped"):
    """A ticket is done, with these lines that were still open."""

    SUBJECT: ClassVar[str] = "ticket_id"
    ticket_id: TicketId
    check_id: CheckId
    line_ids: tuple[LineId, ...]
    bumped_at_ms: int


class TicketRecalled(Op, frozen=True, kw_only=True, tag="ticket_recalled"):
    """A done ticket came back; voided lines stay void."""

    SUBJECT: ClassVar[str] = "ticket_id"
    ticket_id: TicketId
    check_id: CheckId
    line_ids: tuple[LineId, ...]


class CourseReady(Op, frozen=True, kw_only=True, tag="course_ready"):
    """Every fired line of a check's course is done: the waiter is called."""

    SUBJECT: ClassVar[str] = "check_id"
    check_id: CheckId
    course: int
    table_id: TableId = TableId("")
    table_label: str
    waiter_id: StaffId
    dishes: tuple[str, ...]  # "2 Bife"
    ready_at_ms: int


class CourseUnready(Op, frozen=True, kw_only=True, tag="course_unready"):
    """A recall took back a ready course that nobody had picked up."""

    SUBJECT: ClassVar[str] = "check_id"
    check_id: CheckId
    course: int


class CoursePickedUp(Op, frozen=True, kw_only=True, tag="course_picked_up"):
    """A waiter took a ready course from the pass."""

    SUBJECT: ClassVar[str] = "check_id"
    check_id: CheckId
    course: int
    by: StaffId


class WaiterCalledToPass(Op, frozen=True, kw_only=True, tag="waiter_called_to_pass"):
    """The pass wants the waiter of a course."""

    SUBJECT: ClassVar[str] = "check_id"
    check_id: CheckId
    course: int
    by: StaffId
    called_at_ms: int


class PassCallAnswered(Op, frozen=True, kw_only=True, tag="pass_call_answered"):
    """A waiter is on the way to the pass."""

    SUBJECT: ClassVar[str] = "check_id"
    check_id: CheckId
    course: int
    by: StaffId


class FaultTaken(Op, frozen=True, kw_only=True, tag="fault_taken"):
    """Somebody sees to a printer, or to a station that gets no tickets: its alarm is quiet until more waits for it.

    Or to a ticket whose paper did not come out: the kitchen knows of it.
    """

    SUBJECT: ClassVar[str] = "fault_id"
    fault_id: str  # of the printer, of the station, or of the ticket
    about: str  # printer, station or ticket
    by: StaffId  # "" on a kitchen screen, where nobody signs in
    on_device_id: DeviceId
    taken_at_ms: int
