"""What is shown of shift notes. In the product: shared/views/shift_notes.py."""

import msgspec


class ShiftNoteView(msgspec.Struct, frozen=True, kw_only=True):
    """The note that waits; key `note`."""

    note_id: str
    text: str
    by: str
    left_at_ms: int


VIEWS = {"shift_note": ShiftNoteView}
