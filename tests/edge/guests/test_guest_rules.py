"""The rules of visits, drafts and calls, one at a time."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from guests_builders import (
    MINE,
    NOW_MS,
    THEIRS,
    a_desk,
    a_draft,
    a_line,
    a_visit,
    an_ask,
    by,
    calling,
    claimed,
    joining,
    own,
    rejects,
)

from edge.guests import decide
from edge.guests.state import CLAIM_LIFE_MS, Call, Draft, LeftAlone
from shared.commands.guests import (
    AnswerCall,
    AskBill,
    CallWaiter,
    ChangeDraft,
    ClaimDraft,
    ExpireDrafts,
    JoinTable,
    RejectDraft,
    ReleaseDraft,
    SubmitDraft,
    WithdrawDraft,
)
from shared.ids import CallId, DraftId, StaffId, TableId, VisitId
from shared.ops.guests import (
    CallAnswered,
    DraftChanged,
    DraftClaimed,
    DraftExpired,
    DraftRejected,
    DraftReleased,
    DraftSubmitted,
    DraftWithdrawn,
    GuestCalled,
    PhoneJoined,
    VisitClosed,
    VisitOpened,
)

JOIN = JoinTable(table_id="t4", phone_id="p1", generation=1, visit_id="new")
SUBMIT = SubmitDraft(draft_id="d1", lines=(an_ask(),))
CHANGE = ChangeDraft(draft_id="d1", lines=(an_ask(quantity=2),))
WITHDRAW = WithdrawDraft(draft_id="d1")
WAITER = by("waiter", staff_id="ana")
D1 = DraftId("d1")


def joined(visit_id: str, *, is_return: bool = False) -> PhoneJoined:
    return PhoneJoined(visit_id=VisitId(visit_id), phone_id=MINE, table_id=TableId("t4"), is_return=is_return)


def test_the_first_phone_at_a_table_opens_its_visit() -> None:
    opened = VisitOpened(visit_id=VisitId("new"), table_id=TableId("t4"))
    assert decide.join_table(JOIN, joining(), by()) == [opened, joined("new")]


def test_another_phone_joins_the_party_that_is_there() -> None:
    assert decide.join_table(JOIN, joining(visit=a_visit()), by()) == [joined("v1")]


def test_a_phone_that_scans_again_is_there_once() -> None:
    state = joining(visit=a_visit(), has_joined=True, is_there=True)
    assert decide.join_table(JOIN, state, by()) == []


def test_a_phone_that_comes_back_from_another_table_is_there_again() -> None:
    state = joining(visit=a_visit(), has_joined=True)
    assert decide.join_table(JOIN, state, by()) == [joined("v1", is_return=True)]


def test_a_table_that_is_gone_and_a_code_that_was_replaced_let_nobody_in() -> None:
    with rejects("table_unknown"):
        decide.join_table(JOIN, joining(generation=None), by())
    with rejects("code_expired"):
        decide.join_table(JOIN, joining(generation=2), by())


def test_a_draft_is_priced_by_the_edge() -> None:
    command = msgspec.structs.replace(SUBMIT, lines=(an_ask("l1", quantity=2), an_ask("l2")), note="rápido")
    assert decide.submit_draft(command, a_desk(), by()) == [
        DraftSubmitted(
            draft_id=D1,
            visit_id=VisitId("v1"),
            table_id=TableId("t4"),
            phone_id=MINE,
            lines=(a_line("l1", quantity=2), a_line("l2")),
            note="rápido",
            total_minor=36_000_00,
            menu_version=4,
            expires_at_ms=NOW_MS + 600_000,
        )
    ]


def test_a_draft_sent_twice_is_there_once() -> None:
    assert decide.submit_draft(SUBMIT, a_desk(a_draft(state="confirmed")), by()) == []


def test_a_drafts_id_belongs_to_the_phone_that_used_it_first() -> None:
    with rejects("draft_unknown"):
        decide.submit_draft(SUBMIT, a_desk(a_draft(phone_id=THEIRS)), by())


def test_a_party_may_have_so_many_drafts_waiting() -> None:
    assert decide.submit_draft(SUBMIT, a_desk(waiting=2), by())
    with rejects("too_many_drafts", max=3):
        decide.submit_draft(SUBMIT, a_desk(waiting=3), by())
    assert decide.change_draft(CHANGE, a_desk(a_draft(), waiting=3), by())  # one of the three


@pytest.mark.parametrize("command", [SUBMIT, CHANGE, WITHDRAW])
@pytest.mark.parametrize("visit", [None, a_visit(is_open=False)])
def test_when_the_visit_is_over_its_phones_reach_nothing(command: Any, visit: Any) -> None:
    draft = None if command is SUBMIT else a_draft()
    desk = a_desk(own=msgspec.structs.replace(own(draft), visit=visit))
    with rejects("visit_over"):
        rule_of(command)(command, desk.own if command is WITHDRAW else desk, by())


def rule_of(command: Any) -> Callable[..., list[Any]]:
    rules: dict[type, Callable[..., list[Any]]] = {
        SubmitDraft: decide.submit_draft,
        ChangeDraft: decide.change_draft,
        WithdrawDraft: decide.withdraw_draft,
        ClaimDraft: decide.claim_draft,
        ReleaseDraft: decide.release_draft,
        RejectDraft: decide.reject_draft,
        CallWaiter: decide.call_waiter,
        AskBill: decide.ask_bill,
    }
    return rules[type(command)]


@pytest.mark.parametrize(
    ("lines", "code", "facts"),
    [
        ((), "draft_empty", {}),
        ((an_ask(), an_ask()), "line_exists", {}),
        ((an_ask(item_id="fugu"),), "item_unknown", {"item_id": "fugu"}),
        ((an_ask(item_id="personal"),), "item_unknown", {"item_id": "personal"}),
        (
            (an_ask(shown_minor=1),),
            "price_changed",
            {"name": "Bife", "price_minor": 12_000_00, "shown_minor": 1},
        ),
        (
            (an_ask(allergies=("gluten",)),),
            "malformed",
            {"where": "allergies", "why": "no allergy is called gluten"},
        ),
    ],
)
def test_a_draft_that_cannot_be_made_is_refused(lines: Any, code: str, facts: dict[str, Any]) -> None:
    for command, desk in ((SUBMIT, a_desk()), (CHANGE, a_desk(a_draft()))):
        with rejects(code, **facts):
            rule_of(command)(msgspec.structs.replace(command, lines=lines), desk, by())


def test_what_is_sold_out_cannot_be_asked_for() -> None:
    with rejects("item_sold_out", name="Bife"):
        decide.submit_draft(SUBMIT, a_desk(sold_out=frozenset({"bife"})), by())


def test_before_the_first_menu_nothing_can_be_asked_for() -> None:
    with rejects("menu_missing"):
        decide.submit_draft(SUBMIT, a_desk(book=None, menu_version=0), by())


def test_an_allergy_goes_with_the_draft_and_must_be_one_we_have_words_for() -> None:
    (op,) = decide.submit_draft(msgspec.structs.replace(SUBMIT, allergies=("peanut",)), a_desk(), by())
    assert isinstance(op, DraftSubmitted)
    assert op.allergies == ("peanut",)
    with rejects("malformed", where="allergies", why="no allergy is called moon"):
        decide.submit_draft(msgspec.structs.replace(SUBMIT, allergies=("moon",)), a_desk(), by())


def test_notes_keep_emoji_and_lose_control_bytes() -> None:
    lines = (an_ask(note="\x1b@sin sal\x00\r\n🌶️👨‍👩‍👧 \u202eñandú"),)
    (op,) = decide.submit_draft(msgspec.structs.replace(SUBMIT, lines=lines, note="\x07ya\t \n"), a_desk(), by())
    assert isinstance(op, DraftSubmitted)
    assert (op.lines[0].note, op.note) == ("@sin sal 🌶️👨‍👩‍👧 ñandú", "ya")


def test_a_changed_draft_is_priced_anew_and_waits_its_full_time() -> None:
    assert decide.change_draft(CHANGE, a_desk(a_draft()), by(now_ms=NOW_MS + 1)) == [
        DraftChanged(
            draft_id=D1,
            lines=(a_line(quantity=2),),
            total_minor=24_000_00,
            menu_version=4,
            expires_at_ms=NOW_MS + 1 + 600_000,
        )
    ]


def test_a_draft_is_withdrawn_once() -> None:
    assert decide.withdraw_draft(WITHDRAW, own(a_draft()), by()) == [DraftWithdrawn(draft_id=D1)]
    assert decide.withdraw_draft(WITHDRAW, own(a_draft(state="withdrawn")), by()) == []


@pytest.mark.parametrize("command", [CHANGE, WITHDRAW])
@pytest.mark.parametrize(
    ("draft", "code", "facts"),
    [
        (None, "draft_unknown", {}),
        (a_draft(phone_id=THEIRS), "draft_unknown", {}),
        (a_draft(phone_id=THEIRS, state="withdrawn"), "draft_unknown", {}),
        (a_draft(visit_id=VisitId("v0")), "visit_over", {}),
        (claimed(), "draft_claimed", {"by": "Ana", "since_ms": NOW_MS}),
        (claimed(at_ms=1), "draft_claimed", {"by": "Ana", "since_ms": 1}),  # somebody may still be reading
        (a_draft(state="confirmed"), "draft_settled", {"state": "confirmed", "by": ""}),
        (a_draft(state="rejected"), "draft_settled", {"state": "rejected", "by": ""}),
        (a_draft(state="expired"), "draft_settled", {"state": "expired", "by": ""}),
    ],
)
def test_a_draft_changes_only_by_its_phone_and_while_nobody_reads_it(
    command: Any, draft: Draft | None, code: str, facts: dict[str, Any]
) -> None:
    desk = a_desk(draft)
    with rejects(code, **facts):
        rule_of(command)(command, desk.own if command is WITHDRAW else desk, by())


CLAIM = ClaimDraft(draft_id="d1")
RELEASE = ReleaseDraft(draft_id="d1")
REJECT = RejectDraft(draft_id="d1", reason="kitchen_closed")


def test_a_waiter_claims_a_draft_once() -> None:
    taken = [DraftClaimed(draft_id=D1, staff_id=StaffId("ana"))]
    assert decide.claim_draft(CLAIM, a_draft(), WAITER) == taken
    assert decide.claim_draft(CLAIM, claimed("ana"), WAITER) == []


def test_a_claim_left_alone_may_be_taken_over() -> None:
    stale = claimed("leo", at_ms=NOW_MS - CLAIM_LIFE_MS - 1)
    assert decide.claim_draft(CLAIM, stale, WAITER) == [DraftClaimed(draft_id=D1, staff_id=StaffId("ana"))]


def test_a_draft_is_let_go_of_once() -> None:
    assert decide.release_draft(RELEASE, claimed("ana"), WAITER) == [DraftReleased(draft_id=D1)]
    assert decide.release_draft(RELEASE, a_draft(), WAITER) == []


def test_a_draft_is_rejected_with_a_reason_that_the_guest_reads() -> None:
    said = msgspec.structs.replace(REJECT, reason="other", note=" se cortó\nla luz ")
    assert decide.reject_draft(REJECT, a_draft(), WAITER) == [DraftRejected(draft_id=D1, reason="kitchen_closed")]
    assert decide.reject_draft(said, claimed("ana"), WAITER) == [
        DraftRejected(draft_id=D1, reason="other", note="se cortó la luz")
    ]
    with rejects("reason_missing"):
        decide.reject_draft(msgspec.structs.replace(said, note=" \x00 "), a_draft(), WAITER)


@pytest.mark.parametrize("command", [CLAIM, RELEASE, REJECT])
def test_one_waiter_at_a_time_settles_a_draft_that_waits(command: Any) -> None:
    rule = rule_of(command)
    with rejects("draft_unknown"):
        rule(command, None, WAITER)
    with rejects("draft_settled", state="confirmed", by="Leo"):
        rule(command, a_draft(state="confirmed", claimed_by_name="Leo"), WAITER)
    with rejects("draft_claimed", by="Leo", since_ms=NOW_MS):
        rule(command, claimed("leo"), WAITER)
    with rejects("needs_manager", permission="confirm_drafts"):
        rule(command, a_draft(), by("cook", staff_id="cora"))
    with rejects("needs_sign_in"):
        rule(command, a_draft(), by())


CALL = CallWaiter(call_id="k1", reason="water")
BILL = AskBill(call_id="k1", tender="cash")


def test_a_call_says_who_is_wanted_and_why() -> None:
    waiter = GuestCalled(
        call_id=CallId("k1"),
        visit_id=VisitId("v1"),
        table_id=TableId("t4"),
        wants="waiter",
        reason="water",
        expires_at_ms=NOW_MS + decide.CALL_LIFE_MS,
    )
    bill = msgspec.structs.replace(waiter, wants="bill", reason="", tender="cash")
    assert decide.call_waiter(CALL, calling(), by()) == [waiter]
    assert decide.ask_bill(BILL, calling(), by()) == [bill]


@pytest.mark.parametrize("command", [CALL, BILL])
def test_a_call_is_made_once_while_it_waits(command: Any) -> None:
    rule = rule_of(command)
    assert rule(command, calling(is_known=True, is_pending=True), by()) == []
    with rejects("call_pending"):
        rule(command, calling(is_pending=True), by())
    for visit in (None, a_visit(is_open=False)):
        with rejects("visit_over"):
            rule(command, calling(visit=visit), by())


def test_a_waiter_answers_a_call_that_waits() -> None:
    command, call = AnswerCall(call_id="k1"), Call(call_id=CallId("k1"), visit_id=VisitId("v1"))
    answered = CallAnswered(call_id=CallId("k1"), visit_id=VisitId("v1"), staff_id=StaffId("ana"))
    assert decide.answer_call(command, call, WAITER) == [answered]
    with rejects("call_unknown"):
        decide.answer_call(command, None, WAITER)
    with rejects("needs_manager", permission="answer_calls"):
        decide.answer_call(command, call, by("cook", staff_id="cora"))


def test_time_settles_what_nobody_did() -> None:
    state = LeftAlone(
        expired=(DraftId("d2"),),
        let_go=(DraftId("d3"),),
        calls=(Call(call_id=CallId("k1"), visit_id=VisitId("v0")),),
        abandoned=(a_visit(),),
    )
    assert decide.expire_drafts(ExpireDrafts(), state, by()) == [
        DraftReleased(draft_id=DraftId("d3")),
        DraftExpired(draft_id=DraftId("d2")),
        CallAnswered(call_id=CallId("k1"), visit_id=VisitId("v0"), staff_id=StaffId("")),
        VisitClosed(visit_id=VisitId("v1"), table_id=TableId("t4"), reason="abandoned"),
    ]


def test_nobody_claims_what_a_party_that_has_paid_left_waiting() -> None:
    with rejects("visit_over"):
        decide.claim_draft(ClaimDraft(draft_id="d1"), a_draft(is_visit_open=False), WAITER)


def test_a_guest_does_not_choose_the_course() -> None:
    (op,) = decide.submit_draft(msgspec.structs.replace(SUBMIT, lines=(an_ask(course=9),)), a_desk(), by())
    assert isinstance(op, DraftSubmitted)
    assert [line.course for line in op.lines] == [1]
