"""What may be asked of shift notes. In the product: shared/commands/shift_notes.py."""

from typing import Annotated

import msgspec

from shared.commands.base import Command
from shared.ids import IdText


class LeaveShiftNote(Command, frozen=True, kw_only=True, tag="leave_shift_note"):
    """Leave a note for the next shift; it replaces the one before."""

    note_id: IdText
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=140)]
