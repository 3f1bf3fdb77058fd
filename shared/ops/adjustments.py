"""What is given, taken off and put on top of a check's prices."""

from typing import ClassVar

from shared.adjustments import AdjustedPart, Adjustment
from shared.ids import AdjustmentId, CheckId, StaffId
from shared.ops.base import Op


class Adjusted(Op, frozen=True, kw_only=True, tag="adjusted"):
    """A check, or a line of it, costs other than its prices say. The total gains the adjustment's amount."""

    SUBJECT: ClassVar[str] = "check_id"
    check_id: CheckId
    adjustment: Adjustment
    period: int = 0  # in which it was decided


class AdjustmentChanged(Op, frozen=True, kw_only=True, tag="adjustment_changed"):
    """What an adjustment is of changed, and so it did: the amount and the parts as they are now."""

    SUBJECT: ClassVar[str] = "check_id"
    check_id: CheckId
    adjustment_id: AdjustmentId
    amount_minor: int
    delta_minor: int  # what the check's total gains
    parts: tuple[AdjustedPart, ...]
    period: int = 0  # in which it was decided


class AdjustmentRemoved(Op, frozen=True, kw_only=True, tag="adjustment_removed"):
    """An adjustment is over: taken back by a person, or gone with what it was of."""

    SUBJECT: ClassVar[str] = "check_id"
    check_id: CheckId
    adjustment_id: AdjustmentId
    kind: str
    amount_minor: int  # what it was; the check's total loses it
    cause: str  # taken_back, nothing_left (its line came off) or line_changed (to another dish, or a dearer one)
    by: StaffId
    approved_by: StaffId = StaffId("")
    removed_at_ms: int
    period: int = 0  # in which it was decided
