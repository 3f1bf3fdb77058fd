"""One venue: its log, its tables, its screens and its printers."""

import edge.engine as _engine  # noqa: F401 - first, so that no module of ours meets the system's SQLite
