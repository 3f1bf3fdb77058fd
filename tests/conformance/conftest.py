"""The hub's fixtures serve here too."""

from tests.cloud.conftest import clock, database, database_name, databases

__all__ = ["clock", "database", "database_name", "databases"]
