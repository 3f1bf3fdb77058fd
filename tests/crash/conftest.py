"""The hub, NATS and Postgres of tests/cloud, for the edges that are killed here."""

from tests.cloud.conftest import clock, database, database_name, databases, service

__all__ = ["clock", "database", "database_name", "databases", "service"]
