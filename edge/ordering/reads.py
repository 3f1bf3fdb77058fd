"""What other slices may read of checks: what was given on them, and those that the present commit opened."""

from collections.abc import Collection
from sqlite3 import Connection

from edge.engine.memory import fresh_rows
from shared.adjustments import Adjustment
from shared.projections.adjustments import ADJUSTMENT_COLUMNS, adjustment_of
from shared.projections.checks import CHECKS
from shared.writes import Value

_STATE = list(CHECKS.columns).index("state")
_GIVEN = f"""
SELECT {", ".join(ADJUSTMENT_COLUMNS)} FROM adjustment WHERE check_id = ? AND state = 'given' ORDER BY position
"""


def adjustments_of(conn: Connection, check_id: str) -> tuple[Adjustment, ...]:
    """The adjustments of a check that stand, in the order they were given."""
    return tuple(adjustment_of(row) for row in conn.execute(_GIVEN, (check_id,)))


def fresh_check(conn: Connection, check_id: str) -> tuple[Value, ...] | None:
    """The row of an open check that the present commit opened, as it is now; None for any other, which is in the file."""
    row = fresh_rows(conn, "checks", check_id).get((check_id,))
    return row if row is not None and row[_STATE] == "open" else None


def fresh_lines(conn: Connection, check_id: str) -> Collection[tuple[Value, ...]]:
    """All rows of such a check's lines, as they are now: no line is older than its check."""
    return fresh_rows(conn, "check_line", check_id).values()
