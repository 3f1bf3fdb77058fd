"""The note as a table."""

from collections.abc import Iterator, Mapping

from docs.examples.shift_notes.ops import ShiftNoteLeft
from shared.entry import Entry
from shared.ops.base import Op
from shared.projections.projection import ProjectOp
from shared.writes import Put, Table, Write

SHIFT_NOTE = Table(
    name="shift_note",
    key=("slot",),
    columns={"slot": "text", "note_id": "text", "text": "text", "by": "text", "left_at_ms": "int"},
)
TABLES = (SHIFT_NOTE,)


def _left(entry: Entry, op: ShiftNoteLeft) -> Iterator[Write]:
    yield Put(
        "shift_note",
        {"slot": "note", "note_id": op.note_id, "text": op.text, "by": op.by, "left_at_ms": entry.at_ms},
    )


PROJECT: Mapping[type[Op], ProjectOp] = {ShiftNoteLeft: _left}
