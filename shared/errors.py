"""A rule's no, and every code that one may carry. Screens hold the words (webui message files, `rejections`)."""

import msgspec

Fact = str | int | bool | list[str] | None

#: Every rejection code, with what its facts mean. A screen has words for each in every language.
CODES: dict[str, str] = {
    # the door
    "malformed": "the request is not a command we know; where, why",
    "too_large": "the request is over the size limit; limit_bytes",
    "busy": "the queue is full, try again; nothing was written",
    "stopped": "the edge stopped writing after a failed commit",
    "id_taken": "something else was asked under this id before; nothing was written",
    "failed": "something of ours broke; nothing was written",
    "too_fast": "too many requests; retry_after_s",
    "too_slow": "the answer took longer than a question may; ask for less; limit_s",
    # who asks
    "device_unknown": "no such paired device",
    "device_revoked": "this device was revoked; at_ms",
    "not_for_device": "this device's role may not ask this; role",
    "needs_sign_in": "a person must sign in on this device first",
    "needs_permission": "this person's role may not do this; permission",
    "needs_manager": "a manager must approve; permission",
    "not_approvable": "no manager lends this in place: who may do it signs in; command",
    "changed_meanwhile": "somebody has changed it since; who (empty for no person), when, rev",
    "approval_invalid": "the approval is not for this command as it stands, or is over five minutes old",
    # staff and devices
    "pin_wrong": "wrong PIN; attempts_left",
    "pin_locked": "too many wrong PINs; retry_after_s",
    "pin_malformed": "a PIN is six digits",
    "staff_unknown": "no such person, or no longer active",
    "staff_exists": "somebody has this id, or had it",
    "role_unknown": "no such role",
    "pairing_unknown": "no such pairing code, or it was used",
    "pairing_expired": "the pairing code is older than ten minutes",
    # floor
    "table_unknown": "no such table",
    "table_taken": "the label is in use by another table; label",
    "table_busy": "the table has an open check",
    "section_unknown": "no such section",
    # menu
    "menu_invalid": "the menu contradicts itself; problems",
    "menu_missing": "no menu has been published yet",
    "item_unknown": "no such item on the menu; item_id",
    "item_sold_out": "sold out; name",
    "variant_unknown": "this item has no such variant; name",
    "variant_missing": "a variant must be chosen; name",
    "modifier_unknown": "no such option for this item; name",
    "modifier_too_few": "an option must be chosen; group, min",
    "modifier_too_many": "too many options; group, max",
    "price_changed": "the price is not what the device showed; name, price_minor, shown_minor",
    "quantity_invalid": "the quantity must be between 1 and what the line has; max",
    "too_many_lines": "too many lines in one request; max",
    "note_too_long": "the note is over 140 characters",
    # guests
    "code_invalid": "the table code is not one of this venue's",
    "code_expired": "the table code was replaced by a new one",
    "visit_over": "the party's check was closed; scan the code again",
    "draft_unknown": "no such draft",
    "draft_claimed": "a waiter has it open; by, since_ms",
    "draft_settled": "it was confirmed, rejected, withdrawn or has expired; state, by",
    "draft_empty": "nothing was chosen",
    "drafts_paused": "the venue takes no orders from phones for now; ask a waiter",
    "too_many_drafts": "this table has drafts waiting already; max",
    "call_pending": "the call is already on its way",
    "call_unknown": "no such call, or it was answered",
    # ordering
    "check_unknown": "no such check",
    "check_exists": "a check with this id was opened before",
    "check_closed": "the check is closed; number, by, closed_at_ms",
    "line_unknown": "no such line on this check",
    "line_exists": "a line with this id is on the check already",
    "line_sent": "the kitchen has it; void it instead",
    "line_changed": "somebody changed the same of it meanwhile; name, quantity, note as they are now",
    "line_void": "it was voided already",
    "nothing_to_send": "no line waits to be sent",
    "course_unknown": "no sent line of this course waits to be fired; course",
    "adjustment_unknown": "no such adjustment on this check, or it is over",
    "adjustment_exists": "an adjustment with this id was given before",
    "adjustment_invalid": "an adjustment is a rate or an amount, never both; a comp is neither",
    "adjustment_empty": "it would change nothing",
    "adjustment_too_much": "it would take off more than is left; max_minor",
    "too_many_adjustments": "the check has that many adjustments already; max",
    "covers_invalid": "the number of guests must be between 0 and 200",
    "reason_missing": "a reason is needed",
    # kitchen
    "station_unknown": "no such station",
    "ticket_unknown": "no such ticket",
    "ticket_bumped": "the ticket is done already",
    "ticket_open": "the ticket is not done yet",
    "recall_too_late": "it was done over ten minutes ago",
    # payments and cash
    "amount_invalid": "the amount must be positive and within the balance; balance_minor",
    "tendered_short": "less cash than the amount; short_minor",
    "reference_missing": "the slip's number is needed",
    "tender_unknown": "no such tender",
    "balance_left": "the check still has a balance; balance_minor",
    "check_empty": "there is nothing to charge",
    "unsent_lines": "lines wait to be sent; count",
    "courses_waiting": "lines were sent and nobody had them made; course of the first, count",
    "drawer_closed": "the drawer is not open: open it with its float, or name another one; drawers",
    "drawer_which": "several drawers are open: say where the cash goes; drawers",
    "drawer_open": "the drawer is open already; by, opened_at_ms",
    "drawer_unknown": "no such drawer session",
    "payment_exists": "a payment with this id was taken before",
    "cash_short": "the drawer does not hold that much",
    "clock_doubtful": "the last Z is so long ago that the clock may be wrong; business_day, last_day; a person says that it is right",
    "period_over": "somebody has closed that period already; z_number",
    "day_empty": "nothing happened since the last close",
    "drawers_open": "count the open drawers first; drawers",
    # printing
    "printer_unknown": "no such printer",
    "printer_invalid": "the printer's settings contradict each other; problem, path, by for an address that another one has",
    # venue
    "settings_invalid": "the venue's settings contradict each other; problem, path",
}

#: Those that a guest's phone may be told, and has words for; it is kept from the weight of the others.
GUEST_CODES = frozenset(
    {
        "malformed",
        "too_large",
        "busy",
        "stopped",
        "id_taken",
        "too_fast",
        "menu_missing",
        "item_unknown",
        "item_sold_out",
        "variant_unknown",
        "variant_missing",
        "modifier_unknown",
        "modifier_too_few",
        "modifier_too_many",
        "price_changed",
        "quantity_invalid",
        "too_many_lines",
        "note_too_long",
        "code_invalid",
        "code_expired",
        "visit_over",
        "draft_unknown",
        "draft_claimed",
        "draft_settled",
        "draft_empty",
        "drafts_paused",
        "too_many_drafts",
        "call_pending",
        "call_unknown",
    }
)


class Rejected(Exception):
    """A rule's no: a code from `CODES` and the facts a person needs to get a yes. Nothing was written."""

    def __init__(self, code: str, **facts: Fact) -> None:
        assert code in CODES, f"undeclared rejection code {code}"
        super().__init__(code)
        self.code = code
        self.facts = facts


class Rejection(msgspec.Struct, frozen=True, kw_only=True):
    """A rejection as it travels: the body of every 4xx answer of the edge and the hub."""

    code: str
    facts: dict[str, Fact] = {}
