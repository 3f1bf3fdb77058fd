"""What is over, as people ask for it over HTTP: it is in no feed."""

import msgspec

from shared.views.ordering import CheckView


class ClosedCheck(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the list of closed checks."""

    check_id: str
    number: int
    kind: str
    table_label: str
    name: str
    waiter_name: str
    covers: int
    business_day: str  # in which it counts as sold
    closed_at_ms: int
    total_minor: int
    tips_minor: int
    tenders: tuple[str, ...]


class ClosedChecks(msgspec.Struct, frozen=True, kw_only=True):
    """A page of closed checks, the last closed first. `next` asks for the page after it; empty on the last."""

    checks: tuple[ClosedCheck, ...]
    next: str


class CheckMoment(msgspec.Struct, frozen=True, kw_only=True):
    """Something that was done on a check: what, by whom, from which screen."""

    seq: int
    at_ms: int
    kind: str  # of the op
    by_name: str
    device_name: str
    approved_by_name: str  # "" when nobody had to
    dishes: tuple[str, ...]  # with their number, as in "2 Flan"
    amount_minor: int  # what the op says of money; 0 when nothing
    reason: str
    adjustment: str = ""  # what kind of one was given or taken back: of those in shared/adjustments.py


class WholeCheck(msgspec.Struct, frozen=True, kw_only=True):
    """One check with everything on it and everything that was done on it, oldest first."""

    check: CheckView
    history: tuple[CheckMoment, ...]


class AuditMoment(msgspec.Struct, frozen=True, kw_only=True):
    """What a manager looks at later: a refusal, a dish taken off after it was sent, what was given, a drawer opened without a sale."""

    kind: str  # refusal, void, discount, comp or no_sale
    at_ms: int
    by_name: str
    approved_by_name: str
    device_name: str
    command: str  # refusals: what was asked
    code: str  # refusals: what it was refused with
    dish: str  # voids; discounts and comps of a line
    quantity: int
    amount_minor: int
    reason: str
    check_id: str
    check_number: int


class Audit(msgspec.Struct, frozen=True, kw_only=True):
    """A page of the audit, the newest first. `next_ms` asks for what came before it; 0 on the last."""

    moments: tuple[AuditMoment, ...]
    next_ms: int


#: What routes return and no feed carries.
ANSWERS = (ClosedChecks, WholeCheck, Audit)
