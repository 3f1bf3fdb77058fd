"""What the rules of paying work on."""

import msgspec

from shared.adjustments import Adjustment
from shared.lines import OrderedLine
from shared.ops.payments import PaidPart
from shared.rules.closing import OwedCheck
from shared.rules.tills import OpenSession


class Account(OwedCheck, frozen=True, kw_only=True):
    """A check with what stands on it and what was paid."""

    vat_minor: int  # what it was closed with; 0 while open
    receipts: int
    lines: tuple[OrderedLine, ...]  # those not voided
    unsent: int
    waiting_courses: tuple[int, ...]  # of lines that were sent and are not made yet, ascending
    paid: tuple[PaidPart, ...]
    given: tuple[Adjustment, ...] = ()


class Till(msgspec.Struct, frozen=True, kw_only=True):
    """An account at a till: where its cash would go, and whether the payment's id is new."""

    account: Account | None
    device_drawer_id: str  # the drawer that the device has, open or not
    open_sessions: tuple[OpenSession, ...]
    payment_is_known: bool
