"""What every table of configured records says of its last change."""

from shared.entry import Entry
from shared.writes import ColumnType, Value

#: The columns: the ask that made the change, who asked, and when.
REVISION: dict[str, ColumnType] = {"rev": "text", "changed_by": "text", "changed_at_ms": "int"}


def revision(entry: Entry) -> dict[str, Value]:
    """Their values once this entry is in the log."""
    return {"rev": entry.command_id, "changed_by": entry.staff_id, "changed_at_ms": entry.at_ms}
