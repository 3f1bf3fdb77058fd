"""The note as a table."""

from collections.abc import Iterator

from docs.examples.shift_notes.vocabulary import ShiftNoteLeft
from shared.entry import Entry
from shared.ops import Op
from shared.writes import Put, Table, Write

SHIFT_NOTE = Table(
    name="shift_note",
    key=("slot",),
    columns={"slot": "text", "note_id": "text", "text": "text", "by": "text", "left_at_ms": "int"},
)
TABLES = (SHIFT_NOTE,)
KINDS = frozenset({"shift_note_left"})


def project(entry: Entry, op: Op) -> Iterator[Write]:
    """The rows that an entry changes."""
    match op:
        case ShiftNoteLeft():
            yield Put(
                "shift_note",
                {"slot": "note", "note_id": op.note_id, "text": op.text, "by": op.by, "left_at_ms": entry.at_ms},
            )
