"""What is known of the last backup, and whether another is due."""

from sqlite3 import Connection

from edge.upkeep.state import Backup
from shared.commands.upkeep import ReportBackup
from shared.context import Context

OLD_MS = 20 * 3_600_000  # a venue that is switched off each night makes one at each start
_FIELDS = Backup.__struct_fields__
_BACKUP = f"SELECT {', '.join(_FIELDS)} FROM backup WHERE which = ?"
#: What a backup writes of itself is no reason for the next one: a closed restaurant's file does not grow.
_NEWS = "SELECT EXISTS (SELECT 1 FROM log WHERE seq > ? AND kind <> 'backup_made')"
_A_Z = "SELECT EXISTS (SELECT 1 FROM log WHERE seq > ? AND kind = 'period_closed')"


def last_backup(conn: Connection, command: ReportBackup, context: Context) -> Backup | None:
    """The last one that was tried."""
    return backup(conn, "last")


def backup(conn: Connection, which: str) -> Backup | None:
    """The `last` one that was tried, or the last `good` one; None when there was none."""
    row = conn.execute(_BACKUP, (which,)).fetchone()
    return None if row is None else Backup(**dict(zip(_FIELDS, row, strict=True)))


def is_due(conn: Connection, *, now_ms: int) -> bool:
    """Whether no good copy has the last Z, or the last is old and something is new since.

    A Z whose copy failed, or was cut short with the edge, is copied at the next look, and not the day after. A clock that
    ran ahead when the last was made does not put off the next for ever.
    """
    good = backup(conn, "good")
    through_seq, made_at_ms = (good.through_seq, good.made_at_ms) if good else (0, 0)
    is_old = not 0 <= now_ms - made_at_ms < OLD_MS
    return bool(conn.execute(_NEWS if is_old else _A_Z, (through_seq,)).fetchone()[0])
