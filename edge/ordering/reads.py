"""What other slices may read of checks: what was given on them."""

from sqlite3 import Connection

from shared.adjustments import Adjustment
from shared.projections.adjustments import ADJUSTMENT_COLUMNS, adjustment_of

_GIVEN = f"""
SELECT {", ".join(ADJUSTMENT_COLUMNS)} FROM adjustment WHERE check_id = ? AND state = 'given' ORDER BY position
"""


def adjustments_of(conn: Connection, check_id: str) -> tuple[Adjustment, ...]:
    """The adjustments of a check that stand, in the order they were given."""
    return tuple(adjustment_of(row) for row in conn.execute(_GIVEN, (check_id,)))
