"""Shift notes: what one shift leaves for the next. The smallest whole slice; docs/howto/add-a-command.md reads it aloud."""

from docs.examples.shift_notes import decide, load, project, views
from docs.examples.shift_notes.commands import LeaveShiftNote
from edge.engine.slice import Rule, Slice
from shared.projections.projection import Projection

SLICE = Slice(
    name="shift_notes",
    rules=[Rule(LeaveShiftNote, load.last_note, decide.leave_shift_note)],
    projections=[Projection("shift_notes", project.TABLES, project.PROJECT)],
    views=[views.SHIFT_NOTE],
)
