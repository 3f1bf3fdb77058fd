"""What other slices may read of guests."""

from sqlite3 import Connection


def are_drafts_paused(conn: Connection) -> bool:
    """Whether the venue takes no new drafts from phones."""
    return conn.execute("SELECT 1 FROM draft_pause").fetchone() is not None
