"""One Postgres cluster for the tests of the hub; a database of its own for each test."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from cloud.app import enrol, opened
from cloud.engine.clock import SystemClock
from cloud.engine.database import Database
from cloud.people.accounts import Accounts
from cloud.venues.state import Fleet, NewOwner, NewTenant, NewVenue
from tests.cloud.hub_builders import Databases, StandingClock
from tests.hub_service import HubService

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
            venues=(NewVenue(venue_id="w1", name="Rival"), NewVenue(venue_id="v1", name="Same id")),
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
        await enrol(made, Accounts(made, clock), FLEET, clock)
        yield made


@pytest.fixture
async def service(databases: Databases, database_name: str, tmp_path: Path) -> AsyncIterator[HubService]:
    """NATS and a database with two tenants in it; the hub itself starts when the test says so."""
    made = HubService(tmp_path / "hub-service", app_url=databases.app_url(database_name), fleet=FLEET)
    try:
        clock = SystemClock()
        async with opened(made.app_url) as database:
            tenants = (replace(one, account=made.accounts[one.tenant_id], owners=()) for one in FLEET.tenants)
            await enrol(database, Accounts(database, clock), Fleet(tenants=tuple(tenants)), clock)
        yield made
    finally:
        made.close()
