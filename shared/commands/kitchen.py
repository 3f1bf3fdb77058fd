"""What may be asked of the kitchen."""

from typing import Annotated

import msgspec

from shared.commands.base import Command, IfRev
from shared.ids import IdOrNone, IdText, among
from shared.text import Name

#: How long a done ticket can be brought back.
RECALL_MS = 600_000

Course = Annotated[int, msgspec.Meta(ge=1, le=9)]
Position = Annotated[int, msgspec.Meta(ge=0, le=1_000)]
Seconds = Annotated[int, msgspec.Meta(ge=10, le=7200)]


class ConfigureStation(Command, frozen=True, kw_only=True, tag="configure_station"):
    """Set up a place where tickets are made."""

    station_id: IdText
    name: Name
    position: Position = 0
    warn_after_s: Seconds = 480
    late_after_s: Seconds = 720
    printer_id: IdOrNone = ""
    backup_printer_id: IdOrNone = ""
    is_paper_only: bool = False
    if_rev: IfRev = ""


class ChangeStation(Command, frozen=True, kw_only=True, tag="change_station"):
    """Change some settings of a station; what is left out stays as it is."""

    station_id: IdText
    if_rev: IfRev = ""
    name: Name | None = None
    position: Position | None = None
    warn_after_s: Seconds | None = None
    late_after_s: Seconds | None = None
    printer_id: IdOrNone | None = None
    backup_printer_id: IdOrNone | None = None
    is_paper_only: bool | None = None


class SendLines(Command, frozen=True, kw_only=True, tag="send_lines"):
    """Give held lines to the kitchen: the named ones, or all when `line_ids` is None.

    The lowest course that the check has not fired yet is fired with it; `fire_all` fires every course sent.
    """

    check_id: IdText
    line_ids: Annotated[tuple[str, ...], msgspec.Meta(max_length=200)] | None = None
    fire_all: bool = False


class FireCourse(Command, frozen=True, kw_only=True, tag="fire_course"):
    """Tell the kitchen to make a course that was sent and waits."""

    check_id: IdText
    course: Course


class BumpTicket(Command, frozen=True, kw_only=True, tag="bump_ticket"):
    """Mark a ticket done."""

    ticket_id: IdText


class BumpLine(Command, frozen=True, kw_only=True, tag="bump_line"):
    """Mark one line of a ticket done; the last one completes the ticket."""

    ticket_id: IdText
    line_id: IdText


class RecallTicket(Command, frozen=True, kw_only=True, tag="recall_ticket"):
    """Bring a done ticket back, up to ten minutes later."""

    ticket_id: IdText


class SeeTicketChange(Command, frozen=True, kw_only=True, tag="see_ticket_change"):
    """Acknowledge the changes shown on a ticket."""

    ticket_id: IdText


class PickUpCourse(Command, frozen=True, kw_only=True, tag="pick_up_course"):
    """A waiter takes a ready course from the pass."""

    check_id: IdText
    course: Course


class CallToPass(Command, frozen=True, kw_only=True, tag="call_to_pass"):
    """Ask the waiter of a course that is being made, or waits on the pass, to come to the pass."""

    check_id: IdText
    course: Course


class AnswerPassCall(Command, frozen=True, kw_only=True, tag="answer_pass_call"):
    """Tell the pass that somebody comes."""

    check_id: IdText
    course: Course


class ShowTickets(Command, frozen=True, kw_only=True, tag="show_tickets"):
    """A kitchen screen in somebody's sight says which tickets are drawn on it. Once is enough for each ticket."""

    ticket_ids: Annotated[tuple[IdText, ...], msgspec.Meta(min_length=1, max_length=100)]


class TakeFault(Command, frozen=True, kw_only=True, tag="take_fault"):
    """See to a printer that does not print, a station that gets no tickets, or a ticket whose paper did not come out.

    Every screen shows who does; a ticket's card ends with it.
    """

    about: Annotated[str, among("printer", "station", "ticket")]
    fault_id: IdText
