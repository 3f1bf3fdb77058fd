"""What other slices may read of guests."""

from sqlite3 import Connection


def are_drafts_paused(conn: Connection, since: str = "") -> bool:
    """Whether the venue takes no new drafts from phones, since a business day or a later one."""
    return conn.execute("SELECT 1 FROM draft_pause WHERE business_day >= ?", (since,)).fetchone() is not None


def were_drafts_left_paused(conn: Connection, day: str) -> bool:
    """Whether an earlier business day left the phones paused."""
    return conn.execute("SELECT 1 FROM draft_pause WHERE business_day < ?", (day,)).fetchone() is not None
