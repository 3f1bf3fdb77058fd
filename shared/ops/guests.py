"""What guests do from their phones. Nothing here makes a ticket or moves a total."""

from typing import ClassVar

from shared.ids import CallId, CheckId, DraftId, PhoneId, StaffId, TableId, VisitId
from shared.lines import OrderedLine
from shared.ops.base import Op


class VisitOpened(Op, frozen=True, kw_only=True, tag="visit_opened"):
    """A party's stay at a table began: staff seated it, or its first phone scanned the code."""

    SUBJECT: ClassVar[str] = "visit_id"
    visit_id: VisitId
    table_id: TableId


class PhoneJoined(Op, frozen=True, kw_only=True, tag="phone_joined"):
    """A phone became one of the visit's."""

    SUBJECT: ClassVar[str] = "visit_id"
    visit_id: VisitId
    phone_id: PhoneId
    table_id: TableId = TableId("")
    is_return: bool = False  # it was of this visit before, and went to another since


class VisitSeated(Op, frozen=True, kw_only=True, tag="visit_seated"):
    """The visit has a check now."""

    SUBJECT: ClassVar[str] = "visit_id"
    visit_id: VisitId
    check_id: CheckId
    table_id: TableId


class VisitMoved(Op, frozen=True, kw_only=True, tag="visit_moved"):
    """The party went to another table and keeps its phones."""

    SUBJECT: ClassVar[str] = "visit_id"
    visit_id: VisitId
    table_id: TableId
    from_table_id: TableId = TableId("")


class VisitClosed(Op, frozen=True, kw_only=True, tag="visit_closed"):
    """The stay is over; its phones reach nothing any more."""

    SUBJECT: ClassVar[str] = "visit_id"
    visit_id: VisitId
    table_id: TableId
    reason: str = "check_closed"  # or abandoned


class DraftSubmitted(Op, frozen=True, kw_only=True, tag="draft_submitted"):
    """A guest asks for something. Reserves nothing, reaches no kitchen. Prices are the edge's estimate."""

    SUBJECT: ClassVar[str] = "draft_id"
    draft_id: DraftId
    visit_id: VisitId
    table_id: TableId
    phone_id: PhoneId
    lines: tuple[OrderedLine, ...]
    note: str = ""
    allergies: tuple[str, ...] = ()
    total_minor: int
    menu_version: int
    expires_at_ms: int


class DraftChanged(Op, frozen=True, kw_only=True, tag="draft_changed"):
    """The guest changed a draft that no waiter had open; the new content, whole."""

    SUBJECT: ClassVar[str] = "draft_id"
    draft_id: DraftId
    lines: tuple[OrderedLine, ...]
    note: str = ""
    allergies: tuple[str, ...] = ()
    total_minor: int
    menu_version: int
    expires_at_ms: int


class DraftWithdrawn(Op, frozen=True, kw_only=True, tag="draft_withdrawn"):
    """The guest took a draft back."""

    SUBJECT: ClassVar[str] = "draft_id"
    draft_id: DraftId


class DraftClaimed(Op, frozen=True, kw_only=True, tag="draft_claimed"):
    """A waiter has the draft open; the guest can no longer change it."""

    SUBJECT: ClassVar[str] = "draft_id"
    draft_id: DraftId
    staff_id: StaffId


class DraftReleased(Op, frozen=True, kw_only=True, tag="draft_released"):
    """The waiter let go of the draft; anyone may claim it."""

    SUBJECT: ClassVar[str] = "draft_id"
    draft_id: DraftId


class DraftRejected(Op, frozen=True, kw_only=True, tag="draft_rejected"):
    """A waiter said no; the guest reads the reason."""

    SUBJECT: ClassVar[str] = "draft_id"
    draft_id: DraftId
    reason: str  # kitchen_closed, sold_out, wrong_table, spoke_to_guest, other
    note: str = ""


class DraftExpired(Op, frozen=True, kw_only=True, tag="draft_expired"):
    """Nobody took the draft in time."""

    SUBJECT: ClassVar[str] = "draft_id"
    draft_id: DraftId


class DraftConfirmed(Op, frozen=True, kw_only=True, tag="draft_confirmed"):
    """A waiter turned the draft into lines on a check. `edits` tells the guest what differs.

    Each edit reads `removed`, `added`, `quantity` or `changed`, then the line's name as the guest knew it.
    """

    SUBJECT: ClassVar[str] = "draft_id"
    draft_id: DraftId
    visit_id: VisitId
    check_id: CheckId
    table_id: TableId
    lines: tuple[OrderedLine, ...]  # as they stand on the check
    edits: tuple[tuple[str, str], ...] = ()


class GuestCalled(Op, frozen=True, kw_only=True, tag="guest_called"):
    """A guest wants a waiter or the bill."""

    SUBJECT: ClassVar[str] = "call_id"
    call_id: CallId
    visit_id: VisitId
    table_id: TableId
    wants: str  # waiter or bill
    reason: str = ""  # water, cutlery, question, other
    tender: str = ""  # how they mean to pay, for a bill
    expires_at_ms: int = 0


class CallAnswered(Op, frozen=True, kw_only=True, tag="call_answered"):
    """A waiter is on the way, or the bill came."""

    SUBJECT: ClassVar[str] = "call_id"
    call_id: CallId
    visit_id: VisitId
    staff_id: StaffId


class DraftsPaused(Op, frozen=True, kw_only=True, tag="drafts_paused"):
    """Phones may send no new drafts, in the whole venue."""

    SUBJECT: ClassVar[str] = "place"
    place: str = "venue"
    by: StaffId
    paused_at_ms: int


class DraftsResumed(Op, frozen=True, kw_only=True, tag="drafts_resumed"):
    """Phones may send drafts again: somebody said so, or another business day began."""

    SUBJECT: ClassVar[str] = "place"
    place: str = "venue"
    by: StaffId
