"""What happens to checks and their lines."""

from typing import ClassVar

from shared.adjustments import Adjustment
from shared.ids import CheckId, LineId, StaffId, TableId, VisitId
from shared.lines import OrderedLine
from shared.ops.base import Op


class CheckOpened(Op, frozen=True, kw_only=True, tag="check_opened"):
    """An account of one party began. `number` is the one people say, given by the edge, from 1 each `numbered_day`."""

    SUBJECT: ClassVar[str] = "check_id"
    check_id: CheckId
    number: int
    business_day: str
    opened_at_ms: int
    kind: str  # table, counter or tab
    table_id: TableId = TableId("")
    table_label: str = ""
    name: str = ""  # of a tab
    waiter_id: StaffId
    covers: int
    cover_charge_minor: int = 0  # per cover, as it stood
    cover_charge_vat_bp: int = 2100
    visit_id: VisitId = VisitId("")
    period: int = 0  # in which it was opened; 0 before periods were kept
    numbered_day: str = ""  # whose run of numbers it belongs to; "" for `business_day`


class CoversSet(Op, frozen=True, kw_only=True, tag="covers_set"):
    """The party turned out to be another number."""

    SUBJECT: ClassVar[str] = "check_id"
    check_id: CheckId
    covers: int
    charge_delta_minor: int = 0  # what the cover charge gains


class LinesAdded(Op, frozen=True, kw_only=True, tag="lines_added"):
    """Lines came on the check, held from the kitchen until sent."""

    SUBJECT: ClassVar[str] = "check_id"
    check_id: CheckId
    lines: tuple[OrderedLine, ...]
    added_at_ms: int
    by: StaffId


class LineChanged(Op, frozen=True, kw_only=True, tag="line_changed"):
    """A held line was edited; the line as it is now, and what the total gains."""

    SUBJECT: ClassVar[str] = "check_id"
    check_id: CheckId
    line: OrderedLine
    delta_minor: int


class LineVoided(Op, frozen=True, kw_only=True, tag="line_voided"):
    """A line, or some of its quantity, came off an open check; the guest is not charged for it."""

    SUBJECT: ClassVar[str] = "check_id"
    check_id: CheckId
    line_id: LineId
    name: str
    quantity: int  # how many came off
    remaining: int  # how many stay; zero voids the line
    gross_minor: int  # what the check's total loses
    was_sent: bool
    reason: str
    by: StaffId
    approved_by: StaffId = StaffId("")
    voided_at_ms: int
    course: int = 0  # of a sent line, so that a course that waits is counted anew
    period: int = 0  # in which it counts; 0 before periods were kept


class CheckMoved(Op, frozen=True, kw_only=True, tag="check_moved"):
    """The party sits at another table now."""

    SUBJECT: ClassVar[str] = "check_id"
    check_id: CheckId
    from_table_id: TableId
    table_id: TableId
    table_label: str


class CheckAbandoned(Op, frozen=True, kw_only=True, tag="check_abandoned"):
    """The party left owing nothing: the account ends unpaid and is in no figure."""

    SUBJECT: ClassVar[str] = "check_id"
    check_id: CheckId
    by: StaffId
    abandoned_at_ms: int


class GuestCheckPrinted(Op, frozen=True, kw_only=True, tag="guest_check_printed"):
    """The bill before paying was asked for; what it said. Later changes of the check are flagged."""

    SUBJECT: ClassVar[str] = "check_id"
    check_id: CheckId
    number: int
    table_label: str
    waiter_id: StaffId
    covers: int
    cover_charge_minor: int  # the whole charge
    lines: tuple[OrderedLine, ...]
    total_minor: int
    paid_minor: int
    printed_at_ms: int
    copy: int = 0  # 0 the first, then how many came before
    adjustments: tuple[Adjustment, ...] = ()
