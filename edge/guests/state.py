"""What the rules of guests work on."""

import msgspec

from shared.commands.guests import CLAIM_LIFE_MS
from shared.ids import CallId, DraftId, PhoneId, StaffId, TableId, VisitId
from shared.rules.menu_book import MenuBook

WAITING = frozenset({"submitted", "claimed"})


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """A party's stay at a table."""

    visit_id: VisitId
    table_id: TableId
    is_open: bool


class Joining(msgspec.Struct, frozen=True, kw_only=True):
    """The table whose code was scanned. `generation` is None when there is no such table."""

    generation: int | None
    visit: Visit | None  # the open one there
    has_joined: bool  # this phone, that visit
    is_there: bool  # and no other since


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A draft as rules see it."""

    draft_id: DraftId
    visit_id: VisitId
    phone_id: PhoneId
    state: str
    claimed_by: StaffId
    claimed_by_name: str
    claimed_at_ms: int
    is_visit_open: bool

    def is_claimed_by_another(self, staff_id: str, now_ms: int) -> bool:
        """Whether somebody else has it open, and not for too long; a claim made before the clock was set back is old."""
        is_fresh = abs(now_ms - self.claimed_at_ms) <= CLAIM_LIFE_MS
        return self.state == "claimed" and self.claimed_by != staff_id and is_fresh


class OwnDraft(msgspec.Struct, frozen=True, kw_only=True):
    """The asking phone's visit, and the draft it names."""

    phone_id: PhoneId
    visit: Visit | None
    draft: Draft | None


class DraftDesk(msgspec.Struct, frozen=True, kw_only=True):
    """What a draft's content is checked against."""

    own: OwnDraft
    waiting: int  # drafts at the table that nobody settled
    book: MenuBook | None
    menu_version: int
    sold_out: frozenset[str]
    is_paused: bool = False  # the venue takes no new drafts
    unsettled: int = 0  # drafts of the visit that no waiter took, whatever became of them


class Calling(msgspec.Struct, frozen=True, kw_only=True):
    """The asking phone's visit, and whether what it wants was called for already."""

    visit: Visit | None
    is_known: bool  # this call's id
    is_pending: bool  # one like it, not answered


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """A call that waits for an answer."""

    call_id: CallId
    visit_id: VisitId


class LeftAlone(msgspec.Struct, frozen=True, kw_only=True):
    """What time has settled."""

    expired: tuple[DraftId, ...]  # submitted, past their time or their visit's end
    let_go: tuple[DraftId, ...]  # claimed and left alone
    calls: tuple[Call, ...]  # of visits that are over
    abandoned: tuple[Visit, ...]

    @property
    def is_any(self) -> bool:
        """Whether there is anything to settle."""
        return bool(self.expired or self.let_go or self.calls or self.abandoned)
