"""Builds what the rule needs."""

from sqlite3 import Connection

from docs.examples.shift_notes.commands import LeaveShiftNote
from shared.context import Context


def last_note(conn: Connection, command: LeaveShiftNote, context: Context) -> str:
    """The text that waits now; empty when there is none."""
    row = conn.execute("SELECT text FROM shift_note WHERE slot = 'note'").fetchone()
    return str(row[0]) if row else ""
