"""What the rules of paying work on."""

import msgspec

from shared.ids import CheckId, StaffId, TableId, VisitId
from shared.lines import OrderedLine
from shared.ops.payments import PaidPart


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """A check with what stands on it and what was paid."""

    check_id: CheckId
    number: int
    kind: str
    state: str
    table_id: TableId
    table_label: str
    visit_id: VisitId
    waiter_id: StaffId
    covers: int
    cover_charge_each_minor: int
    cover_charge_vat_bp: int
    opened_at_ms: int
    closed_at_ms: int
    closed_by_name: str
    total_minor: int
    paid_minor: int
    tips_minor: int
    vat_minor: int
    receipts: int
    lines: tuple[OrderedLine, ...]  # those not voided
    unsent: int
    waiting_courses: tuple[int, ...]  # of lines that were sent and are not made yet, ascending
    paid: tuple[PaidPart, ...]

    @property
    def balance_minor(self) -> int:
        """What is still owed."""
        return self.total_minor - self.paid_minor


class Till(msgspec.Struct, frozen=True, kw_only=True):
    """An account at a till: where its cash would go, and whether the payment's id is new."""

    account: Account | None
    drawer_session_id: str  # "" when no drawer that the device may use is open
    payment_is_known: bool
