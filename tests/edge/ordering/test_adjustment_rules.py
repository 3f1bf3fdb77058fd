"""Who may give what, and what that does to a check on which something was paid."""

import msgspec
from ordering_builders import a_check, a_line, an_ask, by, on_check, pricing, rejects

from edge.ordering import adjustments as rules
from edge.ordering import decide, voids
from edge.ordering.state import Adding, Adjusting, Changing, Covering, Given, Line, Removing, Voiding
from shared.adjustments import Adjustment
from shared.commands.lines import LineAsk
from shared.commands.ordering import (
    AddLines,
    AdjustCheck,
    AdjustLine,
    ChangeLine,
    RemoveAdjustment,
    SetCovers,
    VoidLine,
)
from shared.ops.adjustments import Adjusted, AdjustmentChanged, AdjustmentRemoved
from shared.ops.guests import VisitClosed
from shared.ops.ordering import LineVoided
from shared.ops.payments import CheckClosed

STEAK_MINOR = 12_000_00
COVERS_MINOR = 1_000_00
FLAN_ASK = LineAsk(line_id="l9", item_id="flan")


def cooked(line_id: str = "l1") -> Line:
    """A steak of 12.000 that was fired."""
    return on_check(a_line(line_id), state="sent", sent_at_ms=1, fired_at_ms=1)


def adjusting(*lines: Line, line: Line | None = None, **changes: object) -> Adjusting:
    """A check with these lines and 1.000 of cover charge; `line` is the one that is meant."""
    total_minor = COVERS_MINOR + sum(one.line.gross_minor for one in lines)
    check = a_check(**{"total_minor": total_minor, **changes})
    return Adjusting(check=check, is_known=False, line=line, lines=lines, adjustments=())


def off_the_check(**changes: object) -> AdjustCheck:
    """Ten per cent off."""
    tenth = AdjustCheck(adjustment_id="a1", check_id="c1", kind="discount", rate_bp=1000, reason="Demora")
    return msgspec.structs.replace(tenth, **changes)


def off_the_line(**changes: object) -> AdjustLine:
    """The steak is given away."""
    comp = AdjustLine(adjustment_id="a1", check_id="c1", line_id="l1", kind="comp", reason="Se quemó")
    return msgspec.structs.replace(comp, **changes)


def a_tenth_off(*lines: Line) -> Adjustment:
    """The adjustment that the rule makes of it."""
    (op,) = rules.adjust_check(off_the_check(), adjusting(*lines), by("manager"))
    assert isinstance(op, Adjusted)
    return op.adjustment


def test_a_discount_on_the_check_says_what_it_takes_from_what() -> None:
    one = a_tenth_off(cooked("l1"), cooked("l2"))
    assert (one.kind, one.rate_bp, one.amount_minor, one.reason) == ("discount", -1000, -2_500_00, "Demora")
    assert {part.line_id: part.amount_minor for part in one.parts} == {"l1": -1_200_00, "l2": -1_200_00, "": -100_00}


def test_a_comp_gives_a_line_or_some_of_it_away() -> None:
    two = on_check(a_line("l1", quantity=2))
    for quantity, amount_minor in ((0, -2 * STEAK_MINOR), (1, -STEAK_MINOR)):
        (op,) = rules.adjust_line(off_the_line(quantity=quantity), adjusting(two, line=two), by("manager"))
        assert isinstance(op, Adjusted)
        assert (op.adjustment.line_id, op.adjustment.amount_minor) == ("l1", amount_minor)


def test_giving_needs_its_own_permission_and_says_who_approved_it() -> None:
    state = adjusting(cooked(), line=cooked())
    with rejects("needs_manager", permission="discount"):
        rules.adjust_check(off_the_check(), state, by())
    with rejects("needs_manager", permission="comp"):
        rules.adjust_line(off_the_line(), state, by("cashier"))
    approved = msgspec.structs.replace(by(), approved_by="mara", approved_permissions=frozenset({"comp"}))
    (op,) = rules.adjust_line(off_the_line(), state, approved)
    assert isinstance(op, Adjusted)
    assert (op.adjustment.by, op.adjustment.approved_by) == ("ana", "mara")
    (op,) = rules.adjust_line(off_the_line(), state, by("manager", staff_id="mara"))
    assert isinstance(op, Adjusted)
    assert (op.adjustment.by, op.adjustment.approved_by) == ("mara", "")


def test_an_adjustment_is_asked_one_way_and_with_a_reason() -> None:
    state, manager = adjusting(cooked(), line=cooked()), by("manager")
    for both_or_none in (off_the_check(amount_minor=1), off_the_check(rate_bp=0)):
        with rejects("adjustment_invalid"):
            rules.adjust_check(both_or_none, state, manager)
    with rejects("adjustment_invalid"):
        rules.adjust_line(off_the_line(rate_bp=1000), state, manager)
    with rejects("reason_missing"):
        rules.adjust_check(off_the_check(reason="  "), state, manager)
    (op,) = rules.adjust_check(off_the_check(kind="service", reason=""), state, manager)
    assert isinstance(op, Adjusted)
    assert op.adjustment.amount_minor == 1_300_00


def test_what_cannot_be_adjusted_is_refused() -> None:
    manager, steak = by("manager"), cooked()
    with rejects("check_unknown"):
        rules.adjust_check(off_the_check(), msgspec.structs.replace(adjusting(steak), check=None), manager)
    with rejects("check_closed", number=7):
        rules.adjust_check(off_the_check(), adjusting(steak, state="closed"), manager)
    with rejects("adjustment_exists"):
        rules.adjust_check(off_the_check(), msgspec.structs.replace(adjusting(steak), is_known=True), manager)
    with rejects("check_empty"):
        rules.adjust_check(off_the_check(), adjusting(covers=0), manager)
    with rejects("line_unknown"):
        rules.adjust_line(off_the_line(), adjusting(steak), manager)
    void = msgspec.structs.replace(steak, state="void")
    with rejects("line_void"):
        rules.adjust_line(off_the_line(), adjusting(line=void), manager)
    with rejects("quantity_invalid", max=1):
        rules.adjust_line(off_the_line(quantity=2), adjusting(steak, line=steak), manager)
    with rejects("adjustment_too_much", max_minor=STEAK_MINOR):
        much = off_the_line(kind="discount", amount_minor=STEAK_MINOR + 1)
        rules.adjust_line(much, adjusting(steak, line=steak), manager)


def test_what_is_given_never_leaves_less_than_what_is_paid() -> None:
    """Just what is paid closes the check, once all of it is made."""
    manager = by("manager")
    paid = adjusting(cooked("l1"), cooked("l2"), line=cooked("l1"), paid_minor=13_000_00)
    with rejects("amount_invalid", balance_minor=STEAK_MINOR):
        rules.adjust_check(off_the_check(rate_bp=5000), paid, manager)
    given, closed, over = rules.adjust_line(off_the_line(), paid, manager)
    assert isinstance(given, Adjusted) and isinstance(closed, CheckClosed) and isinstance(over, VisitClosed)
    assert (closed.total_minor, closed.adjustments_minor) == (13_000_00, -STEAK_MINOR)
    assert [one.kind for one in closed.adjustments] == ["comp"]
    assert [(item.gross_minor, item.adjusted_minor) for item in closed.items] == [
        (2 * STEAK_MINOR, -STEAK_MINOR),
        (COVERS_MINOR, 0),
    ]
    waiting = msgspec.structs.replace(paid, lines=(cooked("l1"), on_check(a_line("l2"))))
    with rejects("amount_invalid"):
        rules.adjust_line(off_the_line(), waiting, manager)


def test_a_surcharge_taken_back_closes_what_is_paid_without_it() -> None:
    (op,) = rules.adjust_check(off_the_check(kind="surcharge"), adjusting(cooked()), by("manager"))
    assert isinstance(op, Adjusted)
    check = a_check(total_minor=14_300_00, paid_minor=13_000_00, adjustments=1)
    state = Removing(check=check, lines=(cooked(),), adjustments=(op.adjustment,))
    command = RemoveAdjustment(check_id="c1", adjustment_id="a1")
    removed, closed, _ = rules.remove_adjustment(command, state, by("manager", staff_id="mara"))
    assert isinstance(removed, AdjustmentRemoved) and isinstance(closed, CheckClosed)
    assert (removed.cause, removed.amount_minor, removed.by) == ("taken_back", 1_300_00, "mara")
    assert (closed.total_minor, closed.adjustments) == (13_000_00, ())


def test_taking_back_needs_what_giving_did() -> None:
    one = a_tenth_off(cooked())
    state = Removing(check=a_check(total_minor=11_700_00, adjustments=1), lines=(cooked(),), adjustments=(one,))
    with rejects("needs_manager", permission="discount"):
        rules.remove_adjustment(RemoveAdjustment(check_id="c1", adjustment_id="a1"), state, by())
    with rejects("adjustment_unknown"):
        rules.remove_adjustment(RemoveAdjustment(check_id="c1", adjustment_id="a2"), state, by("manager"))


def test_a_void_takes_what_was_given_for_the_line_with_it() -> None:
    steak, other = cooked("l1"), cooked("l2")
    (op,) = rules.adjust_line(off_the_line(), adjusting(steak, other, line=steak), by("manager"))
    assert isinstance(op, Adjusted)
    state = Voiding(
        check=a_check(total_minor=13_000_00, adjustments=1),
        line=steak,
        tickets=(),
        standing=(steak, other),
        adjustments=(op.adjustment,),
    )
    command = VoidLine(check_id="c1", line_id="l1", reason="no salió")
    voided, removed = voids.void_line(command, state, by("manager"))
    assert isinstance(voided, LineVoided) and isinstance(removed, AdjustmentRemoved)
    assert voided.gross_minor + removed.amount_minor == 0, "the guest owed nothing for it before, and owes nothing now"
    assert removed.cause == "nothing_left"


def test_a_void_of_an_adjusted_check_closes_it_on_what_is_left_after_the_discount() -> None:
    steak, other = cooked("l1"), cooked("l2")
    one = a_tenth_off(steak, other)
    state = Voiding(
        check=a_check(total_minor=22_500_00, paid_minor=11_700_00, adjustments=1),
        line=steak,
        tickets=(),
        standing=(steak, other),
        adjustments=(one,),
    )
    ops = voids.void_line(VoidLine(check_id="c1", line_id="l1", reason="no salió"), state, by("manager"))
    assert [type(op) for op in ops] == [LineVoided, AdjustmentChanged, CheckClosed, VisitClosed]
    less = msgspec.structs.replace(state, check=a_check(total_minor=22_500_00, paid_minor=11_700_01, adjustments=1))
    with rejects("amount_invalid", balance_minor=10_799_99):
        voids.void_line(VoidLine(check_id="c1", line_id="l1", reason="no salió"), less, by("manager"))


def test_more_dishes_and_fewer_guests_change_what_a_rate_comes_to() -> None:
    one = a_tenth_off(cooked())
    given = Given(adjustments=(one,), lines=(a_line(),))
    check = a_check(total_minor=11_700_00, adjustments=1)
    _, changed = decide.add_lines(
        AddLines(check_id="c1", lines=(FLAN_ASK,)),
        Adding(check=check, line_ids=frozenset({"l1"}), pricing=pricing(), given=given),
        by(),
    )
    assert isinstance(changed, AdjustmentChanged)
    assert (changed.amount_minor, changed.delta_minor) == (-1_700_00, -400_00)
    _, changed = decide.set_covers(SetCovers(check_id="c1", covers=0), Covering(check=check, given=given), by())
    assert isinstance(changed, AdjustmentChanged)
    assert changed.delta_minor == 100_00
    part_paid = msgspec.structs.replace(check, paid_minor=10_800_00)
    with rejects("amount_invalid"):
        decide.set_covers(SetCovers(check_id="c1", covers=0), Covering(check=part_paid, given=given), by())


def test_a_line_that_becomes_another_dish_or_a_dearer_one_loses_what_was_given_for_it() -> None:
    held = on_check(a_line("l1"))
    (op,) = rules.adjust_line(off_the_line(), adjusting(held, line=held), by("manager"))
    assert isinstance(op, Adjusted)
    given = Given(adjustments=(op.adjustment,), lines=(held.line,))
    state = Changing(check=a_check(total_minor=1_000_00, adjustments=1), line=held, pricing=pricing(), given=given)
    same = decide.change_line(ChangeLine(check_id="c1", line=an_ask(note="sin sal")), state, by())
    assert [type(op).__name__ for op in same] == ["LineChanged"], "a note changes nothing"
    more = msgspec.structs.replace(an_ask(), quantity=3)
    assert [type(op).__name__ for op in decide.change_line(ChangeLine(check_id="c1", line=more), state, by())] == [
        "LineChanged"
    ], "two of the three are charged"
    dearer = an_ask(modifier_ids=("punto/jugoso", "guarnicion/papas", "guarnicion/pure"))
    for another in (dearer, msgspec.structs.replace(FLAN_ASK, line_id="l1")):
        _, removed = decide.change_line(ChangeLine(check_id="c1", line=another), state, by())
        assert isinstance(removed, AdjustmentRemoved)
        assert removed.cause == "line_changed"
