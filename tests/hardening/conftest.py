"""One venue that takes all the blows of the tests here: whatever one of them does to it, the next one finds it in service."""

from collections.abc import Iterator

import pytest

from tests.cloud.conftest import database_name, databases, service
from tests.hardening.kept_folder import folder, kept
from tests.hardening.open_venue import OpenVenue, an_open_venue

__all__ = ["database_name", "databases", "folder", "kept", "service"]


@pytest.fixture(scope="session")
def shared_venue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenVenue]:
    """A venue in service, as a program of its own."""
    with an_open_venue(tmp_path_factory.mktemp("open-venue") / "venue") as made:
        yield made


@pytest.fixture
def venue(shared_venue: OpenVenue) -> Iterator[OpenVenue]:
    """The same venue for every test; it must serve and write when the test is over."""
    yield shared_venue
    assert shared_venue.health()["writes"] is True
