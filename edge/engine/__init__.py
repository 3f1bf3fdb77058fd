"""Knows SQLite, threads and cursors; knows no restaurant.

The system's SQLite may have the WAL-reset bug (fixed in 3.53), and two SQLite libraries on one file in one process drop
each other's locks. So pysqlite3 takes sqlite3's place here, once, before anything of ours imports it.
"""

import sys

import pysqlite3
import pysqlite3.dbapi2

OLDEST_SQLITE = (3, 53, 0)

assert pysqlite3.sqlite_version_info >= OLDEST_SQLITE, f"SQLite {pysqlite3.sqlite_version} is older than 3.53"
sys.modules["sqlite3"] = pysqlite3
sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2
