"""The words: what is asked, what happened, what is shown. In the product they live in shared/, one module per slice."""

from typing import Annotated, ClassVar

import msgspec

from shared.commands.base import Command
from shared.ids import IdText
from shared.ops.base import Op


class LeaveShiftNote(Command, frozen=True, kw_only=True, tag="leave_shift_note"):
    """Leave a note for the next shift; it replaces the one before."""

    note_id: IdText
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=140)]


class ShiftNoteLeft(Op, frozen=True, kw_only=True, tag="shift_note_left"):
    """A note waits for the next shift."""

    SUBJECT: ClassVar[str] = "note_id"
    note_id: str
    text: str
    by: str


class ShiftNoteView(msgspec.Struct, frozen=True, kw_only=True):
    """The note that waits; key `note`."""

    note_id: str
    text: str
    by: str
    left_at_ms: int
