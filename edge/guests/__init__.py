"""Guests: visits, drafts and calls. A draft reserves nothing and reaches no kitchen; only a waiter's confirm does."""

from edge.engine.slice import Rule, Slice
from edge.guests import decide, load, project, views
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
from shared.projections.projection import Projection

_PHONES = frozenset({"guest"})
_EDGE = frozenset({"edge"})


SLICE = Slice(
    name="guests",
    rules=[
        Rule(JoinTable, load.joining, decide.join_table, devices=_EDGE),
        Rule(SubmitDraft, load.draft_desk, decide.submit_draft, devices=_PHONES),
        Rule(ChangeDraft, load.draft_desk, decide.change_draft, devices=_PHONES),
        Rule(WithdrawDraft, load.own_draft, decide.withdraw_draft, devices=_PHONES),
        Rule(CallWaiter, load.calling, decide.call_waiter, devices=_PHONES),
        Rule(AskBill, load.calling, decide.ask_bill, devices=_PHONES),
        Rule(ClaimDraft, load.draft, decide.claim_draft),
        Rule(ReleaseDraft, load.draft, decide.release_draft),
        Rule(RejectDraft, load.draft, decide.reject_draft),
        Rule(ExpireDrafts, load.left_alone, decide.expire_drafts, devices=_EDGE),
        Rule(PauseDrafts, load.is_paused, decide.pause_drafts),
        Rule(ResumeDrafts, load.is_paused, decide.resume_drafts),
        Rule(AnswerCall, load.call, decide.answer_call),
    ],
    projections=[Projection("guests", project.TABLES, project.PROJECT)],
    views=[views.DRAFT, views.GUEST],
)
