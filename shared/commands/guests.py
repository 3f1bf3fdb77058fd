"""What guests may ask, and what staff do with it. A guest's commands come only through the public door."""

from typing import Annotated

import msgspec

from shared.commands.base import Command
from shared.commands.lines import MAX_LINES, LineAsk, Note
from shared.ids import IdText, among

#: A claim left alone this long counts as let go.
CLAIM_LIFE_MS = 90_000

Lines = Annotated[tuple[LineAsk, ...], msgspec.Meta(max_length=MAX_LINES)]
Allergies = Annotated[tuple[str, ...], msgspec.Meta(max_length=10)]


class JoinTable(Command, frozen=True, kw_only=True, tag="join_table"):
    """A phone scanned a table's code; the edge has verified it and names the table and the phone."""

    table_id: IdText
    phone_id: IdText
    generation: int
    visit_id: IdText  # used when the table has no visit yet


class SubmitDraft(Command, frozen=True, kw_only=True, tag="submit_draft"):
    """Send a draft to the waiter."""

    draft_id: IdText
    lines: Lines
    note: Note = ""
    allergies: Allergies = ()


class ChangeDraft(Command, frozen=True, kw_only=True, tag="change_draft"):
    """Replace a draft's content while no waiter has it open."""

    draft_id: IdText
    lines: Lines
    note: Note = ""
    allergies: Allergies = ()


class WithdrawDraft(Command, frozen=True, kw_only=True, tag="withdraw_draft"):
    """Take a draft back while no waiter has it open."""

    draft_id: IdText


class CallWaiter(Command, frozen=True, kw_only=True, tag="call_waiter"):
    """Ask a waiter to come."""

    call_id: IdText
    reason: Annotated[str, among("", "water", "cutlery", "question", "other")] = ""


class AskBill(Command, frozen=True, kw_only=True, tag="ask_bill"):
    """Ask for the bill, saying how they mean to pay."""

    call_id: IdText
    tender: Annotated[str, among("", "cash", "card", "qr")] = ""


class ClaimDraft(Command, frozen=True, kw_only=True, tag="claim_draft"):
    """Open a draft for review; the guest can no longer change it."""

    draft_id: IdText


class ReleaseDraft(Command, frozen=True, kw_only=True, tag="release_draft"):
    """Let go of a claimed draft."""

    draft_id: IdText


class RejectDraft(Command, frozen=True, kw_only=True, tag="reject_draft"):
    """Say no to a draft, with a reason the guest reads."""

    draft_id: IdText
    reason: Annotated[
        str,
        among("kitchen_closed", "sold_out", "wrong_table", "spoke_to_guest", "other"),
    ]
    note: Note = ""


class ExpireDrafts(Command, frozen=True, kw_only=True, tag="expire_drafts"):
    """Expire drafts nobody took, free claims left alone for 90 s, close abandoned visits. The edge asks it itself."""


class PauseDrafts(Command, frozen=True, kw_only=True, tag="pause_drafts"):
    """Take no new drafts from phones until resumed or the day ends; those that wait go on, and guests may still call."""


class ResumeDrafts(Command, frozen=True, kw_only=True, tag="resume_drafts"):
    """Take drafts from phones again."""


class AnswerCall(Command, frozen=True, kw_only=True, tag="answer_call"):
    """Tell a guest that somebody comes."""

    call_id: IdText
