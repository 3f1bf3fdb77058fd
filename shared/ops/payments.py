"""What happens to money on a check. Tips are a ledger of their own, never sales."""

from typing import ClassVar

import msgspec

from shared.adjustments import Adjustment
from shared.ids import (
    CheckId,
    DrawerSessionId,
    PaymentId,
    StaffId,
    TableId,
    TipId,
    VisitId,
)
from shared.lines import OrderedLine, SoldItem, VatTotal
from shared.ops.base import Op


class PaymentTaken(Op, frozen=True, kw_only=True, tag="payment_taken"):
    """One use of a tender on a check. `amount_minor` lowers the balance; change is what cash gave back."""

    SUBJECT: ClassVar[str] = "check_id"
    check_id: CheckId
    payment_id: PaymentId
    tender: str  # cash, card or transfer
    amount_minor: int
    tendered_minor: int = 0  # cash put on the table, tip included
    change_minor: int = 0
    reference: str = ""  # the slip's number, for card and transfer
    drawer_session_id: DrawerSessionId = DrawerSessionId("")
    by: StaffId
    taken_at_ms: int
    period: int = 0  # in which it counts; 0 before periods were kept


class TipGiven(Op, frozen=True, kw_only=True, tag="tip_given"):
    """A guest left something for the staff with a payment; credited to who served the table."""

    SUBJECT: ClassVar[str] = "tip_id"
    tip_id: TipId
    check_id: CheckId
    payment_id: PaymentId
    waiter_id: StaffId
    tender: str
    amount_minor: int
    drawer_session_id: DrawerSessionId = DrawerSessionId("")
    given_at_ms: int
    period: int = 0  # in which it counts; 0 before periods were kept


class CheckClosed(Op, frozen=True, kw_only=True, tag="check_closed"):
    """The balance reached zero: the check counts as sold, in this business day and hour."""

    SUBJECT: ClassVar[str] = "check_id"
    check_id: CheckId
    number: int
    kind: str
    table_id: TableId = TableId("")
    visit_id: VisitId = VisitId("")
    waiter_id: StaffId
    covers: int
    opened_at_ms: int
    closed_at_ms: int
    hour: int  # local, 0 to 23
    lines_minor: int
    cover_charge_minor: int
    total_minor: int
    vat_minor: int
    tips_minor: int
    vat: tuple[VatTotal, ...]
    items: tuple[SoldItem, ...]
    by: StaffId
    period: int = 0  # in which it counts; 0 before periods were kept
    adjustments_minor: int = 0  # total = lines + cover charge + this
    adjustments: tuple[Adjustment, ...] = ()


class PaidPart(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A payment as a receipt shows it."""

    tender: str
    amount_minor: int
    tendered_minor: int = 0
    change_minor: int = 0
    tip_minor: int = 0
    reference: str = ""


class ReceiptPrinted(Op, frozen=True, kw_only=True, tag="receipt_printed"):
    """The paper after paying was asked for; what it says, so that a copy says the same. Not a fiscal document."""

    SUBJECT: ClassVar[str] = "check_id"
    check_id: CheckId
    number: int
    table_label: str
    waiter_id: StaffId
    covers: int
    cover_charge_minor: int
    lines: tuple[OrderedLine, ...]
    total_minor: int
    vat_minor: int
    payments: tuple[PaidPart, ...]
    printed_at_ms: int
    opens_drawer: bool = False
    copy: int = 0
    adjustments: tuple[Adjustment, ...] = ()
