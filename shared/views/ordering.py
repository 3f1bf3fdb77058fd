"""Checks and the attention queue, as devices see them."""

import msgspec

from shared.views.shown import ShownChoice


class AdjustmentView(msgspec.Struct, frozen=True, kw_only=True):
    """What was given on a check, taken off it or put on top; the amount as the total feels it."""

    adjustment_id: str
    line_id: str  # "" for the whole check
    kind: str  # of the kinds in shared/adjustments.py
    rate_bp: int  # 0 when an amount was asked for
    amount_minor: int
    reason: str
    by_name: str
    approved_by_name: str
    given_at_ms: int


class LineView(msgspec.Struct, frozen=True, kw_only=True):
    """A line on a check."""

    line_id: str
    item_id: str
    name: str
    short_name: str
    variant_id: str
    variant_name: str
    modifiers: tuple[ShownChoice, ...]
    quantity: int
    unit_minor: int
    gross_minor: int
    course: int
    station_id: str
    note: str
    allergies: tuple[str, ...]
    seat: int
    draft_id: str
    stage: str  # held, waiting (sent, course not fired), cooking, ready, void
    added_by: str
    added_at_ms: int
    sent_at_ms: int
    fired_at_ms: int
    ready_at_ms: int
    void_reason: str
    voided_quantity: int
    free_void_until_ms: int  # until then its sender may void it with no approval
    voided_at_ms: int = 0  # the last time some of it came off; 0 when none did
    voided_by_name: str = ""
    void_approved_by_name: str = ""  # empty when who voided it needed nobody
    reached: str = ""  # as of its ticket: screen, paper or failed; "" while nobody knows that the kitchen has it
    fails_at_ms: int = 0  # as of its ticket
    adjustments: tuple[AdjustmentView, ...] = ()  # its own; those of the whole check are the check's


class PaymentView(msgspec.Struct, frozen=True, kw_only=True):
    """One use of a tender."""

    payment_id: str
    tender: str
    amount_minor: int
    tip_minor: int
    tendered_minor: int
    change_minor: int
    reference: str
    taken_at_ms: int


class CourseView(msgspec.Struct, frozen=True, kw_only=True):
    """One course of a check, for the Fire button and the pass."""

    course: int
    stage: str  # held, waiting, sent (fired, and nobody knows that the kitchen has it), cooking, ready, served
    since_ms: int


class CheckView(msgspec.Struct, frozen=True, kw_only=True):
    """A check with everything on it. The feed carries open ones and the last 30 closed; GET /checks/closed has the others."""

    check_id: str
    number: int
    kind: str
    table_id: str
    table_label: str
    name: str
    waiter_id: str
    waiter_name: str
    visit_id: str
    covers: int
    state: str
    opened_at_ms: int
    closed_at_ms: int
    stage: str  # the word on its tile: seated, held, sent, cooking, ready, bill, paid
    stage_since_ms: int
    late_at_ms: int  # when the oldest fired line turns late; 0 when none cooks
    lines: tuple[LineView, ...]
    courses: tuple[CourseView, ...]
    payments: tuple[PaymentView, ...]
    lines_minor: int
    cover_charge_minor: int
    total_minor: int
    paid_minor: int
    balance_minor: int
    tips_minor: int
    unsent: int  # lines held
    guest_check_at_ms: int
    guest_check_is_stale: bool  # the check changed since the bill was printed
    adjustments_minor: int = 0  # of its lines and of the whole: total = lines + cover charge + this
    adjustments: tuple[AdjustmentView, ...] = ()  # of the whole check


class AttentionView(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that needs a person now; key = kind:id, gone once done.

    Devices show it from `appears_at_ms` on, amber and red from theirs (0 = never). From `everyone_at_ms` on it is every
    waiter's and rings there; from `till_at_ms` on it rings at the till and on managers' phones.
    """

    key: str
    kind: str  # fault, ready, draft, bill, call, pass (the pass wants the waiter), nudge
    table_id: str
    table_label: str
    section_id: str
    waiter_id: str  # whose it is first: the table's waiter, else the section's
    check_id: str
    since_ms: int
    appears_at_ms: int
    amber_at_ms: int
    red_at_ms: int
    title: str  # nudge and fault: what, as a code the screens word (unsent_lines, nothing_sent, next_course, printer, station, ticket, slip)
    details: tuple[
        str, ...
    ]  # dishes; of a printer: name, fault, papers; of a station: name, its printer's name; of a lost paper: dishes
    amount_minor: int
    draft_id: str
    call_id: str
    course: int
    tender: str
    allergies: tuple[str, ...]
    claimed_by: str
    claimed_by_name: str
    is_flagged: bool  # only a review may settle it: sold out, price changed, allergy, unopened table, over six lines
    everyone_at_ms: int = 0  # at once when its waiter is not there, else at amber; 0 = never
    till_at_ms: int = 0  # at once when no waiter at all is there, else at red; 0 = never
    waiter_name: str = ""
    waiter_away: str = ""  # signed_out, or asleep: nobody can see the screen that they are signed in on
    fault_id: str = ""  # what `take_fault` names: the printer's, the station's or the ticket's id
    ticket_ids: tuple[str, ...] = ()  # that a fault keeps from the kitchen, oldest first
    station_ids: tuple[str, ...] = ()  # that a fault concerns
    taken_by_name: str = ""  # who sees to the fault; "" again once a later ticket waits for it
    taken_at_ms: int = 0


VIEWS = {"check": CheckView, "attention": AttentionView}
