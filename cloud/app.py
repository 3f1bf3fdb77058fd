"""COMPOSITION ROOT: the only module that knows every slice. Builds a hub from plain calls."""

import ipaddress
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager

import psycopg
import structlog
from litestar import Litestar, get

from cloud import metrics, people, reports, venues, web  # noqa: F401 - named for the reader: every slice of the hub
from cloud.engine import bell, migrate
from cloud.engine.bell import Bell, Ring
from cloud.engine.carrier import Carrier
from cloud.engine.clock import Clock, SystemClock
from cloud.engine.database import AWAY, Database
from cloud.engine.ingest import Ingest
from cloud.engine.live import Live
from cloud.engine.projector import Projector
from cloud.engine.worker import ProjectorWorker
from cloud.people import routes as people_routes
from cloud.people.accounts import Accounts
from cloud.people.routes import AnyRequest, Doorkeeper
from cloud.reports import project as report_tables
from cloud.reports import routes as report_routes
from cloud.settings import Settings
from cloud.venues import load as venue_rows
from cloud.venues import project as venue_tables
from cloud.venues.state import Fleet
from doors.gate import Gate
from shared.ops import decode
from shared.projections import adjustments, backups, checks, days, payments
from shared.projections.projection import Projection

PROJECTIONS: tuple[Projection, ...] = (
    Projection("checks", checks.TABLES, checks.PROJECT),
    Projection("adjustments", adjustments.TABLES, adjustments.PROJECT),
    Projection("payments", payments.TABLES, payments.PROJECT),
    Projection("days", days.TABLES, days.PROJECT),
    Projection("backups", backups.TABLES, backups.PROJECT),
    Projection("venues", venue_tables.TABLES, venue_tables.PROJECT),
    Projection("reports", report_tables.TABLES, report_tables.PROJECT),
)

DEAF_S = 90.0  # a stream answers each pull within half a minute, so three of them in a row said nothing

_logger = structlog.get_logger()


class Hub:
    """A hub, running."""

    def __init__(self, settings: Settings, database: Database, clock: Clock) -> None:
        self.settings = settings
        self.clock = clock
        self.database = database
        self.live = Live()
        self.gate = Gate(
            now_s=time.monotonic,
            is_known=lambda authorization: False,
            is_ours=_proxies(settings.trusted_proxies),
        )
        self.projector = Projector(database, PROJECTIONS, decode=decode, clock=clock)
        self.worker = ProjectorWorker(database, self.projector, clock)
        self.bell = Bell(settings.database_url, clock=clock, on_ring=self._on_ring, on_reconnect=self.worker.wake_all)
        self.ingest = Ingest(database, clock)
        self.carrier = Carrier(settings.nats_url, settings.nats_creds, ingest=self.ingest, clock=clock)
        self.accounts = Accounts(database, clock)

    @property
    def nats(self) -> str:
        """How the link to NATS is: off, waiting, connected, or deaf: connected, and no stream answers."""
        if not self.settings.nats_url:
            return "off"
        if not self.carrier.is_linked:
            return "waiting"
        return "deaf" if self.carrier.heard_ago_s > DEAF_S else "connected"

    @property
    def stored_ago_s(self) -> float:
        """How long ago entries were last stored; -1 when none were since the start."""
        stored_at_ms = self.ingest.stored_at_ms
        return (self.clock.now_ms() - stored_at_ms) / 1000 if stored_at_ms else -1.0

    def measures(self) -> metrics.Measures:
        """How this hub is, in figures."""
        pool_size, pool_waiting = self.database.pool
        return metrics.Measures(
            entries=self.ingest.entries,
            refused=dict(self.ingest.refusals),
            nats=self.nats,
            heard_ago_s=self.carrier.heard_ago_s,
            stored_ago_s=self.stored_ago_s,
            store_trouble=self.ingest.trouble,
            given_up=self.carrier.given_up,
            waiting_venues=self.worker.waiting,
            projected=self.projector.projected,
            followers=self.live.followers,
            pool_size=pool_size,
            pool_waiting=pool_waiting,
            strangers=self.gate.strangers,
            shut=dict(self.gate.shut),
        )

    def _on_ring(self, ring: Ring) -> None:
        if ring.channel == bell.ENTRIES:
            self.worker.wake((ring.tenant_id, ring.venue_id))
        else:
            self.live.ring(ring.tenant_id, ring.venue_id, ring.seq)


@asynccontextmanager
async def running(settings: Settings, *, clock: Clock | None = None) -> AsyncIterator[Hub]:
    """A hub that hears venues and keeps figures; ends in order.

    Raises:
        RoleTooStrong: the database role is not bound by row-level security.
        NotMigrated: `hos cloud migrate` must come first.
        PoolTimeout: Postgres does not answer.
    """
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(opened(settings.database_url))
        hub = Hub(settings, database, clock or SystemClock())
        hub.worker.start()
        stack.push_async_callback(hub.worker.stop)
        hub.bell.start()
        stack.push_async_callback(hub.bell.stop)
        if settings.nats_url:
            hub.carrier.start()
            stack.push_async_callback(hub.carrier.stop)
        yield hub


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    """The database, checked: the role is weak enough and the tables are this release's.

    Raises:
        RoleTooStrong, NotMigrated, PoolTimeout: as `running`.
    """
    database = Database(url)
    await database.open()
    try:
        async with database.transaction("directory", "") as conn:
            await migrate.check(conn, PROJECTIONS)
        yield database
    finally:
        await database.close()


async def enrol(database: Database, accounts: Accounts, fleet: Fleet, clock: Clock) -> None:
    """Enrol tenants, their venues and their owners; saying the same again changes nothing but names and passwords."""
    for tenant in fleet.tenants:
        now_ms = clock.now_ms()
        async with database.tenant(tenant.tenant_id) as conn:
            await venue_rows.put_tenant(conn, tenant, now_ms=now_ms)
            for venue in tenant.venues:
                await venue_rows.put_venue(conn, tenant.tenant_id, venue, now_ms=now_ms)
        for owner in tenant.owners:
            await accounts.add_owner(tenant.tenant_id, email=owner.email, name=owner.name, password=owner.password)


def build_app(hub: Hub) -> Litestar:
    """Everything the hub answers over HTTP."""
    doorkeeper = Doorkeeper(hub.accounts, has_secure_cookies=hub.settings.has_secure_cookies)

    async def tenant_of(request: AnyRequest) -> str:
        return (await doorkeeper.session(request)).tenant_id

    @get("/healthz")
    async def health() -> web.Health:
        """How the hub is, for a load balancer and a technician; 503 is never its answer, what is wrong stands in it."""
        return web.Health(
            database=await _answers(hub.database),
            nats=hub.nats,
            entries=hub.ingest.entries,
            refused=hub.ingest.refusals.total(),
            store=hub.ingest.trouble,
            heard_ago_s=int(hub.carrier.heard_ago_s),
            stored_ago_s=int(hub.stored_ago_s),
        )

    return Litestar(
        route_handlers=[
            health,
            metrics.route(hub.measures),
            people_routes.router(doorkeeper),
            report_routes.router(hub.database, hub.clock, hub.live, tenant_of),
            *web.screens(hub.settings.web_dir),
        ],
        exception_handlers=web.EXCEPTION_HANDLERS,
        openapi_config=web.OPENAPI,
        logging_config=None,
        request_max_body_size=web.MAX_BODY_BYTES,
        after_request=web.private,
    )


def _proxies(named: str) -> Callable[[str], bool]:
    """Whether an address is among those proxies: addresses and networks with commas, or * for all."""
    names = [name.strip() for name in named.split(",")]
    networks = [ipaddress.ip_network(name) for name in names if name and name != "*"]

    def is_ours(host: str) -> bool:
        if "*" in names or not host:
            return True  # without a host it came over a socket of this machine
        return any(ipaddress.ip_address(host) in network for network in networks)

    return is_ours


async def _answers(database: Database) -> bool:
    try:
        async with database.transaction("directory", "") as conn:
            await conn.execute("SELECT 1")
    except AWAY:
        return False
    except psycopg.Error:
        _logger.exception("health")
        return False
    return True
