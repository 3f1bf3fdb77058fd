"""What happens to shift notes. In the product: shared/ops/shift_notes.py."""

from typing import ClassVar

from shared.ops.base import Op


class ShiftNoteLeft(Op, frozen=True, kw_only=True, tag="shift_note_left"):
    """A note waits for the next shift."""

    SUBJECT: ClassVar[str] = "note_id"
    note_id: str
    text: str
    by: str
