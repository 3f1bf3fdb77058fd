"""The rules of guests."""

from edge.guests.drafts import DRAFTS_OF_VISIT, priced, total
from edge.guests.state import (
    WAITING,
    Call,
    Calling,
    Draft,
    DraftDesk,
    Joining,
    LeftAlone,
    OwnDraft,
    Visit,
)
from shared.commands.guests import (
    AnswerCall,
    AskBill,
    CallWaiter,
    ChangeDraft,
    ClaimDraft,
    ExpireDrafts,
    JoinTable,
    PauseDrafts,
    RejectDraft,
    ReleaseDraft,
    ResumeDrafts,
    SubmitDraft,
    WithdrawDraft,
)
from shared.context import Context
from shared.errors import Rejected
from shared.ids import CallId, DraftId, PhoneId, StaffId, TableId, VisitId
from shared.ops import Op
from shared.ops.guests import (
    CallAnswered,
    DraftChanged,
    DraftClaimed,
    DraftExpired,
    DraftRejected,
    DraftReleased,
    DraftsPaused,
    DraftsResumed,
    DraftSubmitted,
    DraftWithdrawn,
    GuestCalled,
    PhoneJoined,
    VisitClosed,
    VisitOpened,
)
from shared.text import one_line

CALL_LIFE_MS = 900_000


def join_table(command: JoinTable, state: Joining, context: Context) -> list[Op]:
    """Let a phone into the party at the table; the first one opens the visit. Twice is once.

    Raises:
        Rejected: `table_unknown`; `code_expired` for a code that was replaced.
    """
    if state.generation is None:
        raise Rejected("table_unknown")
    if command.generation != state.generation:
        raise Rejected("code_expired")
    if state.is_there:
        return []
    table_id = TableId(command.table_id)
    visit_id = state.visit.visit_id if state.visit else VisitId(command.visit_id)
    joined = PhoneJoined(
        visit_id=visit_id, phone_id=PhoneId(command.phone_id), table_id=table_id, is_return=state.has_joined
    )
    if state.visit:
        return [joined]
    return [VisitOpened(visit_id=visit_id, table_id=table_id), joined]


def submit_draft(command: SubmitDraft, state: DraftDesk, context: Context) -> list[Op]:
    """Send a draft to the waiter. Asked again under the same id it is there once.

    Raises:
        Rejected: `visit_over`, `drafts_paused`, `draft_empty`, `too_many_drafts`, `draft_unknown` for an id that
            another phone used, and what `price_line` refuses.
    """
    visit = _open_visit(state.own.visit)
    if state.own.draft is not None:
        _check_own(state.own)
        return []
    if state.is_paused:
        raise Rejected("drafts_paused")
    if state.waiting >= context.venue.max_waiting_drafts:
        raise Rejected("too_many_drafts", max=context.venue.max_waiting_drafts)
    if state.unsettled >= DRAFTS_OF_VISIT:
        raise Rejected("too_many_drafts", max=DRAFTS_OF_VISIT)
    lines = priced(command, state)
    return [
        DraftSubmitted(
            draft_id=DraftId(command.draft_id),
            visit_id=visit.visit_id,
            table_id=visit.table_id,
            phone_id=state.own.phone_id,
            lines=lines,
            note=one_line(command.note),
            allergies=command.allergies,
            total_minor=total(lines),
            menu_version=state.menu_version,
            expires_at_ms=context.now_ms + context.venue.draft_expiry_s * 1000,
        )
    ]


def change_draft(command: ChangeDraft, state: DraftDesk, context: Context) -> list[Op]:
    """Replace a draft's content while no waiter has it open; it waits its full time again.

    Raises:
        Rejected: `visit_over`, `draft_unknown`, `draft_claimed`, `draft_settled`, `draft_empty`, and what `price_line`
            refuses.
    """
    draft = _changeable(state.own)
    lines = priced(command, state)
    return [
        DraftChanged(
            draft_id=draft.draft_id,
            lines=lines,
            note=one_line(command.note),
            allergies=command.allergies,
            total_minor=total(lines),
            menu_version=state.menu_version,
            expires_at_ms=context.now_ms + context.venue.draft_expiry_s * 1000,
        )
    ]


def withdraw_draft(command: WithdrawDraft, state: OwnDraft, context: Context) -> list[Op]:
    """Take a draft back while no waiter has it open. Twice is once.

    Raises:
        Rejected: `visit_over`, `draft_unknown`, `draft_claimed`, `draft_settled`.
    """
    if state.draft is not None and state.draft.state == "withdrawn":
        _check_own(state)
        return []
    return [DraftWithdrawn(draft_id=_changeable(state).draft_id)]


def call_waiter(command: CallWaiter, state: Calling, context: Context) -> list[Op]:
    """Ask a waiter to come.

    Raises:
        Rejected: `visit_over`; `call_pending` while the last one waits.
    """
    return _called(state, context, call_id=command.call_id, wants="waiter", reason=command.reason)


def ask_bill(command: AskBill, state: Calling, context: Context) -> list[Op]:
    """Ask for the bill.

    Raises:
        Rejected: `visit_over`; `call_pending` while the last one waits.
    """
    return _called(state, context, call_id=command.call_id, wants="bill", tender=command.tender)


def claim_draft(command: ClaimDraft, draft: Draft | None, context: Context) -> list[Op]:
    """Open a draft for review; the guest can no longer change it. A claim left alone for 90 s may be taken over.

    Raises:
        Rejected: `draft_unknown`, `draft_settled`; `draft_claimed` while another has it; `visit_over` once its party
            has paid; `needs_manager` without `confirm_drafts`.
    """
    waiting = _waiting(draft, context)
    if not waiting.is_visit_open:
        raise Rejected("visit_over")
    if waiting.state == "claimed" and waiting.claimed_by == context.staff_id:
        return []
    return [DraftClaimed(draft_id=waiting.draft_id, staff_id=StaffId(context.staff_id))]


def release_draft(command: ReleaseDraft, draft: Draft | None, context: Context) -> list[Op]:
    """Let go of a claimed draft.

    Raises:
        Rejected: `draft_unknown`, `draft_settled`; `draft_claimed` when another has it; `needs_manager` without
            `confirm_drafts`.
    """
    waiting = _waiting(draft, context)
    return [DraftReleased(draft_id=waiting.draft_id)] if waiting.state == "claimed" else []


def reject_draft(command: RejectDraft, draft: Draft | None, context: Context) -> list[Op]:
    """Say no to a draft.

    Raises:
        Rejected: `draft_unknown`, `draft_settled`; `draft_claimed` when another has it; `reason_missing` for "other"
            without a note; `needs_manager` without `confirm_drafts`.
    """
    waiting = _waiting(draft, context)
    note = one_line(command.note)
    if command.reason == "other" and not note:
        raise Rejected("reason_missing")
    return [DraftRejected(draft_id=waiting.draft_id, reason=command.reason, note=note)]


def pause_drafts(command: PauseDrafts, is_paused: bool, context: Context) -> list[Op]:
    """No new drafts: the kitchen is full, or the room is short of hands. What waits goes on. Twice is once.

    Raises:
        Rejected: `needs_manager` without `pause_drafts`.
    """
    context.require("pause_drafts")
    return [] if is_paused else [DraftsPaused(by=StaffId(context.staff_id), paused_at_ms=context.now_ms)]


def resume_drafts(command: ResumeDrafts, is_paused: bool, context: Context) -> list[Op]:
    """Drafts are taken again.

    Raises:
        Rejected: `needs_manager` without `pause_drafts`.
    """
    context.require("pause_drafts")
    return [DraftsResumed(by=StaffId(context.staff_id))] if is_paused else []


def expire_drafts(command: ExpireDrafts, state: LeftAlone, context: Context) -> list[Op]:
    """Settle what time has settled: drafts nobody took, claims left alone, calls and visits of parties that left."""
    return [
        *(DraftReleased(draft_id=draft_id) for draft_id in state.let_go),
        *(DraftExpired(draft_id=draft_id) for draft_id in state.expired),
        *(CallAnswered(call_id=c.call_id, visit_id=c.visit_id, staff_id=StaffId("")) for c in state.calls),
        *(VisitClosed(visit_id=v.visit_id, table_id=v.table_id, reason="abandoned") for v in state.abandoned),
    ]


def answer_call(command: AnswerCall, call: Call | None, context: Context) -> list[Op]:
    """Tell a guest that somebody comes.

    Raises:
        Rejected: `call_unknown` when there is none or it was answered; `needs_manager` without `answer_calls`.
    """
    context.require("answer_calls")
    if call is None:
        raise Rejected("call_unknown")
    return [CallAnswered(call_id=call.call_id, visit_id=call.visit_id, staff_id=StaffId(context.staff_id))]


def _open_visit(visit: Visit | None) -> Visit:
    if visit is None or not visit.is_open:
        raise Rejected("visit_over")
    return visit


def _check_own(own: OwnDraft) -> Draft:
    if own.draft is None or own.draft.phone_id != own.phone_id:
        raise Rejected("draft_unknown")
    return own.draft


def _changeable(own: OwnDraft) -> Draft:
    visit = _open_visit(own.visit)
    draft = _check_own(own)
    if draft.visit_id != visit.visit_id:
        raise Rejected("visit_over")
    if draft.state == "claimed":  # a stale claim too: until it is let go, somebody may be reading
        raise Rejected("draft_claimed", by=draft.claimed_by_name, since_ms=draft.claimed_at_ms)
    if draft.state != "submitted":
        raise Rejected("draft_settled", state=draft.state, by=draft.claimed_by_name)
    return draft


def _waiting(draft: Draft | None, context: Context) -> Draft:
    context.require("confirm_drafts")
    if draft is None:
        raise Rejected("draft_unknown")
    if draft.state not in WAITING:
        raise Rejected("draft_settled", state=draft.state, by=draft.claimed_by_name)
    if draft.is_claimed_by_another(context.staff_id, context.now_ms):
        raise Rejected("draft_claimed", by=draft.claimed_by_name, since_ms=draft.claimed_at_ms)
    return draft


def _called(
    state: Calling, context: Context, *, call_id: str, wants: str, reason: str = "", tender: str = ""
) -> list[Op]:
    visit = _open_visit(state.visit)
    if state.is_known:
        return []
    if state.is_pending:
        raise Rejected("call_pending")
    return [
        GuestCalled(
            call_id=CallId(call_id),
            visit_id=visit.visit_id,
            table_id=visit.table_id,
            wants=wants,
            reason=reason,
            tender=tender,
            expires_at_ms=context.now_ms + CALL_LIFE_MS,
        )
    ]
