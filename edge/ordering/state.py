"""What the rules of ordering work on."""

import msgspec

from shared.adjustments import Adjustment
from shared.errors import Rejected
from shared.ids import CheckId, DraftId, StaffId, StationId, TableId, TicketId, VisitId
from shared.lines import OrderedLine
from shared.rules.closing import OwedCheck
from shared.rules.menu_book import MenuBook
from shared.rules.numbers import Numbering

#: A slip of the finger: its sender may take a line back this long without a manager.
FREE_VOID_MS = 20_000
#: More lines than any check has; a bound, not a rule of the trade.
MAX_CHECK_LINES = 500


class Check(OwedCheck, frozen=True, kw_only=True):
    """A check as the rules of ordering see it; the fields are columns of `checks`, but for a name."""

    cover_charge_minor: int
    guest_check_copies: int
    guest_check_at_ms: int = 0  # when the last bill was printed; 0 for none

    def is_on_bill(self, since_ms: int) -> bool:
        """Whether what stands here since then was there when the last bill was printed: guests pay by that paper."""
        return 0 < self.guest_check_at_ms >= since_ms

    def keep_paid(self, loss_minor: int) -> None:
        """Refuse to lose what was paid for; and to leave nothing that a last payment could close the check with.

        Raises:
            Rejected: `amount_invalid`.
        """
        if loss_minor > 0 and self.paid_minor and loss_minor >= self.balance_minor:
            raise Rejected("amount_invalid", balance_minor=self.balance_minor)


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A table on the plan, and the party there."""

    table_id: TableId
    label: str
    section_waiter_id: StaffId
    visit_id: VisitId = VisitId("")  # the open visit; one that has no check yet before one that has
    visit_check_id: CheckId = CheckId("")


class Opening(msgspec.Struct, frozen=True, kw_only=True):
    """What opening a check needs."""

    is_known: bool  # a check with this id
    numbering: Numbering
    place: Place | None


class Pricing(msgspec.Struct, frozen=True, kw_only=True):
    """What prices lines."""

    book: MenuBook | None  # None before the first menu
    sold_out: frozenset[str]

    def menu(self) -> MenuBook:
        """What is sold.

        Raises:
            Rejected: `menu_missing`.
        """
        if self.book is None:
            raise Rejected("menu_missing")
        return self.book


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """The adjustments of a check with what they are of; empty, lines and all, for a check that has none."""

    adjustments: tuple[Adjustment, ...] = ()
    lines: tuple[OrderedLine, ...] = ()  # that stand


class Covering(msgspec.Struct, frozen=True, kw_only=True):
    """A check whose number of guests changes."""

    check: Check | None
    given: Given = Given()


class Adding(msgspec.Struct, frozen=True, kw_only=True):
    """A check that gets lines."""

    check: Check | None
    line_ids: frozenset[str]  # on the check already
    pricing: Pricing
    given: Given = Given()


class AddingOpenItem(msgspec.Struct, frozen=True, kw_only=True):
    """A check that gets a line with a typed price."""

    check: Check | None
    line_ids: frozenset[str]
    is_station_known: bool
    given: Given = Given()


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A line with how far it got."""

    line: OrderedLine
    state: str  # held, sent or void
    sent_by: StaffId
    sent_at_ms: int
    fired_at_ms: int
    ready_at_ms: int
    added_at_ms: int = 0
    is_changed: bool = False  # edited, or lessened, since it was added


class Changing(msgspec.Struct, frozen=True, kw_only=True):
    """A line to edit."""

    check: Check | None
    line: Line | None
    pricing: Pricing
    given: Given = Given()


class OnTicket(msgspec.Struct, frozen=True, kw_only=True):
    """Where a station still has a line to make."""

    ticket_id: TicketId
    station_id: StationId
    name: str


class Voiding(msgspec.Struct, frozen=True, kw_only=True):
    """A line to take off."""

    check: Check | None
    line: Line | None
    tickets: tuple[OnTicket, ...]
    standing: tuple[Line, ...] = ()  # of a check with payments or adjustments, this one among them
    adjustments: tuple[Adjustment, ...] = ()


class Adjusting(msgspec.Struct, frozen=True, kw_only=True):
    """A check that gets an adjustment."""

    check: Check | None
    is_known: bool  # an adjustment with this id
    line: Line | None = None  # the one that it is for
    lines: tuple[Line, ...]  # that stand
    adjustments: tuple[Adjustment, ...]


class Removing(msgspec.Struct, frozen=True, kw_only=True):
    """A check that an adjustment is taken off."""

    check: Check | None
    lines: tuple[Line, ...]  # that stand
    adjustments: tuple[Adjustment, ...]


class WaitingDishes(msgspec.Struct, frozen=True, kw_only=True):
    """A course on the pass that nobody has taken."""

    course: int
    dishes: tuple[str, ...]
    ready_at_ms: int


class Moving(msgspec.Struct, frozen=True, kw_only=True):
    """A check that goes to another table, with all that follows it there."""

    check: Check | None
    place: Place | None
    is_visits: bool  # the open visit of the check's party is seated at this check
    ticket_ids: tuple[TicketId, ...]  # open
    on_pass: tuple[WaitingDishes, ...]


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A guest's draft as a confirm sees it."""

    draft_id: DraftId
    visit_id: VisitId
    state: str
    lines: tuple[OrderedLine, ...]
    allergies: tuple[str, ...]
    claimed_by: StaffId
    claimed_by_name: str
    claimed_at_ms: int
    is_visit_open: bool


class Confirming(msgspec.Struct, frozen=True, kw_only=True):
    """A draft, the check it goes to, and what opening that one needs."""

    draft: Draft | None
    adding: Adding
    opening: Opening


class Leaving(msgspec.Struct, frozen=True, kw_only=True):
    """A check whose party may have left, with the number of its lines."""

    check: Check | None
    held: int
    standing: int  # held or sent


class Bill(msgspec.Struct, frozen=True, kw_only=True):
    """A check with the lines that stand."""

    check: Check | None
    lines: tuple[OrderedLine, ...]
    adjustments: tuple[Adjustment, ...] = ()
