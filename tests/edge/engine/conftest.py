"""The engine puts its SQLite in the system's place; that must come before any test's own `import sqlite3`."""

import edge.engine  # noqa: F401
