"""The rules of checks and their lines, one at a time."""

import msgspec
from ordering_builders import (
    NOW_MS,
    a_check,
    a_draft,
    a_line,
    a_place,
    adding,
    an_ask,
    by,
    on_check,
    pricing,
    rejects,
)

from edge.ordering import decide, voids
from edge.ordering.state import (
    AddingOpenItem,
    Bill,
    Changing,
    Confirming,
    Covering,
    Draft,
    Moving,
    OnTicket,
    Opening,
    Place,
    Voiding,
    WaitingDishes,
)
from shared.commands.lines import OpenItemAsk
from shared.commands.ordering import (
    AddLines,
    AddOpenItem,
    ChangeLine,
    ConfirmDraft,
    MoveCheck,
    OpenCheck,
    PrintGuestCheck,
    SetCovers,
    VoidLine,
)
from shared.ids import CheckId, StaffId, StationId, TableId, TicketId, VisitId
from shared.ops.guests import DraftConfirmed, VisitClosed, VisitMoved, VisitOpened, VisitSeated
from shared.ops.kitchen import CourseReady, TicketLineVoided, TicketMoved
from shared.ops.ordering import CheckMoved, CheckOpened, LinesAdded, LineVoided
from shared.ops.payments import CheckClosed
from shared.rules.numbers import Numbering

GRILL = OnTicket(ticket_id=TicketId("k1"), station_id=StationId("parrilla"), name="Bife")


def opening(place: Place | None, *, is_known: bool = False) -> Opening:
    return Opening(is_known=is_known, numbering=Numbering(8, "2027-01-15"), place=place)


def confirming(draft: Draft | None, *, check: object = None, place: Place | None = None, **more: object) -> Confirming:
    at = place or a_place(visit_id=VisitId("v1"), visit_check_id=CheckId("c1" if check else ""))
    return Confirming(draft=draft, adding=adding(check, **more), opening=opening(at))


# opening


def test_a_check_at_an_empty_table_opens_a_visit_and_charges_covers() -> None:
    ops = decide.open_check(
        OpenCheck(check_id="c9", table_id="t4", covers=2), opening(a_place()), by(cover_charge_minor=500_00)
    )
    opened, check, seated = ops
    assert opened == VisitOpened(visit_id=VisitId("fresh1"), table_id=TableId("t4"))
    assert isinstance(check, CheckOpened)
    assert (check.number, check.visit_id, check.waiter_id) == (8, "fresh1", "ana")
    assert (check.cover_charge_minor, check.covers) == (500_00, 2)
    assert seated == VisitSeated(visit_id=VisitId("fresh1"), check_id=CheckId("c9"), table_id=TableId("t4"))


def test_a_check_joins_the_visit_that_the_phones_began() -> None:
    ops = decide.open_check(OpenCheck(check_id="c9", table_id="t4"), opening(a_place(visit_id=VisitId("v5"))), by())
    assert [op.tag for op in ops] == ["check_opened", "visit_seated"]
    assert ops[1].subject == "v5"


def test_a_second_check_on_a_table_leaves_the_phones_to_the_first() -> None:
    place = a_place(visit_id=VisitId("v5"), visit_check_id=CheckId("c1"))
    (check,) = decide.open_check(OpenCheck(check_id="c9", table_id="t4"), opening(place), by())
    assert isinstance(check, CheckOpened)
    assert check.visit_id == ""


def test_a_cashier_opens_a_table_for_the_waiter_of_its_section() -> None:
    ops = decide.open_check(OpenCheck(check_id="c9", table_id="t4"), opening(a_place()), by("cashier"))
    assert [op.waiter_id for op in ops if isinstance(op, CheckOpened)] == ["bruno"]


def test_a_counter_check_has_no_table_and_no_cover_charge() -> None:
    command = OpenCheck(check_id="c9", kind="counter")
    (check,) = decide.open_check(command, opening(None), by(cover_charge_minor=500_00))
    assert isinstance(check, CheckOpened)
    assert (check.table_id, check.cover_charge_minor, check.visit_id) == ("", 0, "")


def test_opening_needs_a_free_id_a_table_and_somebody_who_takes_orders() -> None:
    command = OpenCheck(check_id="c9", table_id="t4")
    with rejects("check_exists"):
        decide.open_check(command, opening(a_place(), is_known=True), by())
    with rejects("table_unknown"):
        decide.open_check(command, opening(None), by())
    with rejects("needs_manager", permission="take_orders"):
        decide.open_check(command, opening(a_place()), by("cook"))


# covers and lines


def test_covers_change_the_charge_by_the_difference() -> None:
    (op,) = decide.set_covers(SetCovers(check_id="c1", covers=5), Covering(check=a_check()), by())
    assert (op.covers, op.charge_delta_minor) == (5, 1_500_00)  # type: ignore[attr-defined]
    assert decide.set_covers(SetCovers(check_id="c1", covers=2), Covering(check=a_check()), by()) == []


def test_fewer_covers_never_leave_less_than_what_is_paid() -> None:
    check = a_check(paid_minor=29_500_00)
    with rejects("amount_invalid", balance_minor=500_00):
        decide.set_covers(SetCovers(check_id="c1", covers=0), Covering(check=check), by())


def test_a_closed_check_says_who_closed_it() -> None:
    check = a_check(state="closed", closed_by_name="Leo", closed_at_ms=5)
    with rejects("check_closed", number=7, by="Leo", closed_at_ms=5):
        decide.add_lines(AddLines(check_id="c1", lines=(an_ask(),)), adding(check), by())


def test_lines_are_priced_by_the_menu_and_held() -> None:
    asks = (an_ask("l1", quantity=2), an_ask("l2", item_id="malbec", variant_id="copa", modifier_ids=()))
    (op,) = decide.add_lines(AddLines(check_id="c1", lines=asks), adding(a_check()), by())
    assert isinstance(op, LinesAdded)
    assert [line.gross_minor for line in op.lines] == [24_000_00, 3_000_00]


def test_a_line_id_is_used_once() -> None:
    with rejects("line_exists"):
        decide.add_lines(
            AddLines(check_id="c1", lines=(an_ask(),)), adding(a_check(), line_ids=frozenset({"l1"})), by()
        )
    with rejects("line_exists"):
        decide.add_lines(AddLines(check_id="c1", lines=(an_ask(), an_ask())), adding(a_check()), by())


def test_what_is_sold_out_is_not_added() -> None:
    with rejects("item_sold_out", name="Bife de chorizo"):
        decide.add_lines(AddLines(check_id="c1", lines=(an_ask(),)), adding(a_check(), sold_out="bife"), by())


def test_an_open_item_needs_a_manager_and_a_station() -> None:
    line = OpenItemAsk(line_id="l1", name="Torta propia", unit_minor=2_000_00, quantity=3, station_id="cocina")
    command = AddOpenItem(check_id="c1", line=line)
    state = AddingOpenItem(check=a_check(), line_ids=frozenset(), is_station_known=True)
    with rejects("needs_manager", permission="open_item"):
        decide.add_open_item(command, state, by())
    with rejects("station_unknown"):
        decide.add_open_item(command, msgspec.structs.replace(state, is_station_known=False), by("manager"))
    (op,) = decide.add_open_item(command, state, by("manager"))
    assert isinstance(op, LinesAdded)
    assert (op.lines[0].gross_minor, op.lines[0].item_id) == (6_000_00, "")


def test_once_a_bill_charged_the_covers_fewer_need_a_manager() -> None:
    check = a_check(covers=4, cover_charge_each_minor=500_00, cover_charge_minor=2_000_00, guest_check_at_ms=NOW_MS)
    state = Covering(check=msgspec.structs.replace(check, total_minor=10_000_00))
    with rejects("needs_manager", permission="void_sent"):
        decide.set_covers(SetCovers(check_id="c1", covers=0), state, by())
    assert decide.set_covers(SetCovers(check_id="c1", covers=5), state, by())
    assert decide.set_covers(SetCovers(check_id="c1", covers=0), state, by("manager"))


def test_once_a_line_stood_on_a_bill_a_cheaper_one_needs_a_manager() -> None:
    """What the guests read stays what they pay, unless a manager says otherwise."""
    held = on_check(a_line(quantity=2), added_at_ms=NOW_MS - 1)
    state = Changing(check=a_check(total_minor=24_000_00, guest_check_at_ms=NOW_MS), line=held, pricing=pricing())
    for wanted in (an_ask(quantity=1), msgspec.structs.replace(an_ask(quantity=2), item_id="flan", modifier_ids=())):
        with rejects("needs_manager", permission="void_sent"):
            decide.change_line(ChangeLine(check_id="c1", line=wanted), state, by())
        assert decide.change_line(ChangeLine(check_id="c1", line=wanted), state, by("manager"))
    assert decide.change_line(ChangeLine(check_id="c1", line=an_ask(quantity=3, note="sin sal")), state, by())


def test_a_held_line_is_changed_by_the_difference() -> None:
    state = Changing(check=a_check(), line=on_check(a_line()), pricing=pricing())
    (op,) = decide.change_line(ChangeLine(check_id="c1", line=an_ask(quantity=3)), state, by())
    assert op.delta_minor == 24_000_00  # type: ignore[attr-defined]


def test_a_sold_out_line_may_be_lessened_not_increased() -> None:
    state = Changing(check=a_check(), line=on_check(a_line(quantity=2)), pricing=pricing(sold_out=frozenset({"bife"})))
    assert decide.change_line(ChangeLine(check_id="c1", line=an_ask(quantity=1)), state, by())
    with rejects("item_sold_out"):
        decide.change_line(ChangeLine(check_id="c1", line=an_ask(quantity=3)), state, by())


def test_the_kitchens_lines_are_not_changed() -> None:
    state = Changing(check=a_check(), line=on_check(a_line(), state="sent"), pricing=pricing())
    with rejects("line_sent"):
        decide.change_line(ChangeLine(check_id="c1", line=an_ask()), state, by())


# voids


def test_a_held_line_comes_off_without_a_reason() -> None:
    (op,) = voids.void_line(
        VoidLine(check_id="c1", line_id="l1"), Voiding(check=a_check(), line=on_check(a_line()), tickets=()), by()
    )
    assert isinstance(op, LineVoided)
    assert (op.was_sent, op.remaining, op.gross_minor, op.course) == (False, 0, 12_000_00, 0)


def test_part_of_a_line_comes_off_and_its_station_is_told() -> None:
    sent = on_check(a_line(quantity=3), state="sent", sent_at_ms=NOW_MS - 60_000, fired_at_ms=NOW_MS - 60_000)
    command = VoidLine(check_id="c1", line_id="l1", quantity=2, reason="se arrepintió")
    ops = voids.void_line(command, Voiding(check=a_check(), line=sent, tickets=(GRILL,)), by("manager"))
    voided, told = ops
    assert isinstance(voided, LineVoided)
    assert isinstance(told, TicketLineVoided)
    assert (voided.quantity, voided.remaining, voided.gross_minor) == (2, 1, 24_000_00)
    assert (told.ticket_id, told.quantity, told.remaining) == ("k1", 2, 1)


def test_a_sent_line_needs_a_reason_and_a_manager() -> None:
    sent = on_check(a_line(), state="sent", sent_at_ms=NOW_MS - 20_001)
    state = Voiding(check=a_check(), line=sent, tickets=())
    with rejects("reason_missing"):
        voids.void_line(VoidLine(check_id="c1", line_id="l1"), state, by())
    with rejects("needs_manager", permission="void_sent"):
        voids.void_line(VoidLine(check_id="c1", line_id="l1", reason="frío"), state, by())


def test_an_approved_void_names_who_approved_it() -> None:
    sent = on_check(a_line(), state="sent", sent_at_ms=1)
    context = msgspec.structs.replace(by(), approved_by="mara", approved_permissions=frozenset({"void_sent"}))
    (op,) = voids.void_line(
        VoidLine(check_id="c1", line_id="l1", reason="frío"),
        Voiding(check=a_check(), line=sent, tickets=()),
        context,
    )
    assert isinstance(op, LineVoided)
    assert (op.by, op.approved_by) == ("ana", "mara")


def test_its_sender_takes_back_a_slip_within_twenty_seconds() -> None:
    sent = on_check(a_line(), state="sent", sent_at_ms=NOW_MS - 20_000)
    command = VoidLine(check_id="c1", line_id="l1")
    (op,) = voids.void_line(command, Voiding(check=a_check(), line=sent, tickets=()), by())
    assert isinstance(op, LineVoided)
    assert op.reason == "slip"
    others = msgspec.structs.replace(sent, sent_by=StaffId("leo"))
    done = msgspec.structs.replace(sent, ready_at_ms=NOW_MS)
    for line in (others, done):
        with rejects("reason_missing"):
            voids.void_line(command, Voiding(check=a_check(), line=line, tickets=()), by())


def test_a_line_is_voided_once_and_within_its_quantity() -> None:
    void = Voiding(check=a_check(), line=on_check(a_line(), state="void"), tickets=())
    with rejects("line_void"):
        voids.void_line(VoidLine(check_id="c1", line_id="l1"), void, by())
    held = Voiding(check=a_check(), line=on_check(a_line()), tickets=())
    with rejects("quantity_invalid", max=1):
        voids.void_line(VoidLine(check_id="c1", line_id="l1", quantity=2), held, by())


def test_a_void_never_leaves_less_than_what_is_paid() -> None:
    state = Voiding(check=a_check(paid_minor=20_000_00), line=on_check(a_line()), tickets=())
    with rejects("amount_invalid", balance_minor=10_000_00):
        voids.void_line(VoidLine(check_id="c1", line_id="l1"), state, by())


def test_a_check_closes_when_the_void_leaves_just_what_was_paid() -> None:
    other = on_check(a_line("l2"), state="sent", sent_at_ms=1, fired_at_ms=1)  # 12.000 and 1.000 of cover charge
    missing = on_check(a_line(), state="sent", sent_at_ms=1, fired_at_ms=1)
    check = a_check(total_minor=25_000_00, paid_minor=13_000_00, tips_minor=700_00)
    state = Voiding(check=check, line=missing, tickets=(), standing=(missing, other))
    command = VoidLine(check_id="c1", line_id="l1", reason="no salió")
    _, closed, over = voids.void_line(command, state, by("manager"))
    assert isinstance(closed, CheckClosed) and isinstance(over, VisitClosed)
    assert (closed.total_minor, closed.tips_minor, closed.covers) == (13_000_00, 700_00, 2)
    assert [(item.name, item.gross_minor) for item in closed.items] == [
        ("Bife de chorizo", 12_000_00),
        ("", 1_000_00),
    ]
    unfired = msgspec.structs.replace(other, fired_at_ms=0)
    with rejects("amount_invalid", balance_minor=12_000_00):
        waiting = msgspec.structs.replace(state, standing=(missing, unfired))
        voids.void_line(command, waiting, by("manager"))


def test_a_tab_has_a_name() -> None:
    opening = Opening(is_known=False, numbering=Numbering(1, "2027-01-15"), place=None)
    with rejects("malformed", where="name"):
        decide.open_check(OpenCheck(check_id="c1", kind="tab", name=" \u2028 "), opening, by())


def test_staff_too_names_allergies_that_every_paper_has_words_for() -> None:
    command = AddLines(check_id="c1", lines=(an_ask(allergies=("x" * 5_000,)),))
    with rejects("malformed", where="allergies", why=f"no allergy is called {'x' * 40}"):
        decide.add_lines(command, adding(a_check()), by())


# moving


def test_a_moved_party_takes_its_phones_tickets_and_dishes_along() -> None:
    on_pass = WaitingDishes(course=1, dishes=("2 Empanada",), ready_at_ms=NOW_MS - 5)
    state = Moving(
        check=a_check(),
        place=a_place(table_id=TableId("t9"), label="9"),
        is_visits=True,
        ticket_ids=(TicketId("k1"),),
        on_pass=(on_pass,),
    )
    moved, visit, ticket, ready = decide.move_check(MoveCheck(check_id="c1", table_id="t9"), state, by())
    assert moved == CheckMoved(
        check_id=CheckId("c1"), from_table_id=TableId("t4"), table_id=TableId("t9"), table_label="9"
    )
    assert visit == VisitMoved(visit_id=VisitId("v1"), table_id=TableId("t9"), from_table_id=TableId("t4"))
    assert ticket == TicketMoved(ticket_id=TicketId("k1"), table_id=TableId("t9"), table_label="9")
    assert isinstance(ready, CourseReady)
    assert (ready.table_label, ready.ready_at_ms) == ("9", NOW_MS - 5)


# confirming


def test_a_confirmed_draft_opens_the_check_of_its_party() -> None:
    command = ConfirmDraft(draft_id="dr1", check_id="c9", covers=2)
    ops = decide.confirm_draft(command, confirming(a_draft()), by())
    assert [op.tag for op in ops] == ["check_opened", "visit_seated", "draft_confirmed", "lines_added"]
    assert isinstance(ops[2], DraftConfirmed)
    assert isinstance(ops[3], LinesAdded)
    assert ops[2].lines == ops[3].lines
    assert [line.draft_id for line in ops[3].lines] == ["dr1"]
    assert ops[2].edits == ()


def test_a_confirmed_draft_never_sends_by_itself() -> None:
    ops = decide.confirm_draft(
        ConfirmDraft(draft_id="dr1", check_id="c1"), confirming(a_draft(), check=a_check()), by()
    )
    assert [op.tag for op in ops] == ["draft_confirmed", "lines_added"]


def test_the_guest_learns_what_the_waiter_changed() -> None:
    wine = a_line("l2", item_id="malbec", variant_id="copa", modifier_ids=())
    second = a_line("l3", modifier_ids=("punto/cocido",))
    command = ConfirmDraft(
        draft_id="dr1",
        check_id="c1",
        lines=(
            an_ask("l1", quantity=2),
            an_ask("l3", modifier_ids=("punto/jugoso",)),
            an_ask("l4", item_id="flan", modifier_ids=()),
        ),
    )
    ops = decide.confirm_draft(command, confirming(a_draft(a_line(), wine, second), check=a_check()), by())
    assert isinstance(ops[0], DraftConfirmed)
    assert ops[0].edits == (
        ("quantity", "Bife de chorizo"),
        ("removed", "Malbec"),
        ("changed", "Bife de chorizo"),
        ("added", "Flan"),
    )


def test_a_drafts_allergies_are_on_every_line() -> None:
    draft = a_draft(a_line(allergies=("egg",)), allergies=("peanut", "egg"))
    ops = decide.confirm_draft(ConfirmDraft(draft_id="dr1", check_id="c1"), confirming(draft, check=a_check()), by())
    assert isinstance(ops[1], LinesAdded)
    assert ops[1].lines[0].allergies == ("egg", "peanut")


def test_a_phones_line_id_that_is_taken_gets_a_new_one() -> None:
    state = confirming(a_draft(), check=a_check(), line_ids=frozenset({"l1"}))
    ops = decide.confirm_draft(ConfirmDraft(draft_id="dr1", check_id="c1"), state, by())
    assert isinstance(ops[1], LinesAdded)
    assert ops[1].lines[0].line_id == "fresh1"


def test_another_waiters_claim_holds_for_ninety_seconds() -> None:
    claim = {"state": "claimed", "claimed_by": StaffId("leo"), "claimed_by_name": "Leo"}
    fresh = a_draft(**claim, claimed_at_ms=NOW_MS - 90_000)
    command = ConfirmDraft(draft_id="dr1", check_id="c1")
    with rejects("draft_claimed", by="Leo", since_ms=NOW_MS - 90_000):
        decide.confirm_draft(command, confirming(fresh, check=a_check()), by())
    stale = msgspec.structs.replace(fresh, claimed_at_ms=NOW_MS - 90_001)
    assert decide.confirm_draft(command, confirming(stale, check=a_check()), by())


def test_a_draft_is_confirmed_once_and_while_its_party_is_there() -> None:
    command = ConfirmDraft(draft_id="dr1", check_id="c1")
    for state in ("confirmed", "rejected", "withdrawn", "expired"):
        with rejects("draft_settled", state=state):
            decide.confirm_draft(command, confirming(a_draft(state=state), check=a_check()), by())
    with rejects("visit_over"):
        decide.confirm_draft(command, confirming(a_draft(is_visit_open=False), check=a_check()), by())
    with rejects("draft_unknown"):
        decide.confirm_draft(command, confirming(None, check=a_check()), by())
    with rejects("needs_manager"):
        decide.confirm_draft(command, confirming(a_draft(), check=a_check()), by("cook"))


def test_a_price_that_changed_is_read_before_it_is_confirmed() -> None:
    old = msgspec.structs.replace(a_line(), unit_minor=9_000_00, gross_minor=9_000_00)
    command = ConfirmDraft(draft_id="dr1", check_id="c1")
    with rejects("price_changed", price_minor=12_000_00, shown_minor=9_000_00):
        decide.confirm_draft(command, confirming(a_draft(old), check=a_check()), by())


def test_a_draft_goes_to_its_own_party() -> None:
    command = ConfirmDraft(draft_id="dr1", check_id="c1")
    elsewhere = a_check(visit_id=VisitId("v8"), table_id=TableId("t8"))
    with rejects("check_unknown"):
        decide.confirm_draft(command, confirming(a_draft(), check=elsewhere), by())
    seated = a_place(visit_id=VisitId("v1"), visit_check_id=CheckId("c5"))
    with rejects("table_busy"):
        decide.confirm_draft(command, confirming(a_draft(), place=seated), by())


# the bill


def test_a_bill_says_what_stands_and_counts_its_copies() -> None:
    state = Bill(check=a_check(guest_check_copies=1, paid_minor=5_00), lines=(a_line(),))
    (op,) = decide.print_guest_check(PrintGuestCheck(check_id="c1"), state, by())
    assert (op.copy, op.paid_minor, op.total_minor) == (1, 5_00, 30_000_00)  # type: ignore[attr-defined]
    with rejects("check_empty"):
        decide.print_guest_check(PrintGuestCheck(check_id="c1"), Bill(check=a_check(), lines=()), by())
