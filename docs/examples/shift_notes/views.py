"""The note as staff see it."""

from collections.abc import Mapping
from sqlite3 import Connection

from docs.examples.shift_notes.shown import ShiftNoteView
from edge.engine.slice import View


def shift_notes(conn: Connection, keys: list[str]) -> Mapping[str, ShiftNoteView]:
    """The note that waits, once one was left."""
    row = conn.execute("SELECT note_id, text, by, left_at_ms FROM shift_note").fetchone()
    return {} if row is None else {"note": ShiftNoteView(note_id=row[0], text=row[1], by=row[2], left_at_ms=row[3])}


SHIFT_NOTE = View(
    kind="shift_note",
    roles=frozenset({"waiter", "pos"}),
    touches={"shift_note": lambda key: "note"},
    load=shift_notes,
    current=lambda conn: ["note"],
)
