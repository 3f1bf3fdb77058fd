"""One Postgres cluster for the tests of the hub; a database of its own for each test."""

from collections.abc import AsyncIterator, Iterator

import pytest

from cloud.app import enrol, opened
from cloud.engine.database import Database
from cloud.people.accounts import Accounts
from cloud.venues.state import Fleet, NewOwner, NewTenant, NewVenue
from tests.cloud.hub_builders import Databases, StandingClock

FLEET = Fleet(
    tenants=(
        NewTenant(
            tenant_id="acme",
            name="Acme",
            account="ACCT_ACME",
            venues=(NewVenue(venue_id="v1", name="Palermo"), NewVenue(venue_id="v2", name="Centro")),
            owners=(NewOwner(email="owner@acme.test", name="Olga", password="correct horse"),),
        ),
        NewTenant(
            tenant_id="other",
            name="Other",
            account="ACCT_OTHER",
            venues=(NewVenue(venue_id="w1", name="Rival"),),
            owners=(NewOwner(email="owner@other.test", name="Rita", password="battery staple"),),
        ),
    )
)


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    made = Databases(tmp_path_factory.mktemp("postgres"))
    yield made
    made.cluster.stop()


@pytest.fixture
def database_name(databases: Databases) -> str:
    return databases.fresh()


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
async def database(databases: Databases, database_name: str, clock: StandingClock) -> AsyncIterator[Database]:
    """A hub's database with two tenants in it."""
    async with opened(databases.app_url(database_name)) as made:
        await enrol(made, Accounts(made, clock, secret=b"secret"), FLEET, clock)
        yield made
