"""What other slices may read of the venue's settings."""

from sqlite3 import Connection


def timezone(conn: Connection) -> str:
    """The venue's time zone; UTC before it was configured."""
    row = conn.execute("SELECT timezone FROM venue LIMIT 1").fetchone()
    return str(row[0]) if row else "UTC"


def language(conn: Connection) -> str:
    """The venue's language: es or en."""
    row = conn.execute("SELECT language FROM venue LIMIT 1").fetchone()
    return "en" if row is not None and row[0].startswith("en") else "es"
