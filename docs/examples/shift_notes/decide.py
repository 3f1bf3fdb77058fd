"""The rule of shift notes."""

from docs.examples.shift_notes.commands import LeaveShiftNote
from docs.examples.shift_notes.ops import ShiftNoteLeft
from shared.context import Context
from shared.ops import Op


def leave_shift_note(command: LeaveShiftNote, last_text: str, context: Context) -> list[Op]:
    """Leave a note for the next shift. The same text again changes nothing.

    Raises:
        Rejected: `needs_manager` without `take_orders`.
    """
    context.require("take_orders")
    text = command.text.strip()
    if text == last_text:
        return []
    return [ShiftNoteLeft(note_id=command.note_id, text=text, by=context.staff_id)]
