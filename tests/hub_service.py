"""A hub in service: real Postgres, real NATS with an account per tenant, the hub as a program or in this process."""

import asyncio
import contextlib
import os
import shutil
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import psycopg

from cloud.app import Hub, running
from cloud.settings import Settings as HubSettings
from cloud.venues.state import Fleet
from edge.settings import Settings as EdgeSettings
from installer.services.nats import Nats
from installer.services.program import Program
from sync.nats.credentials import Authority

PATIENCE_S = 180.0  # a machine that has a lot to do takes a minute


class HubService:
    """What a hub needs, in one folder. NATS runs from the start; the hub does when it is told to."""

    def __init__(self, folder: Path, *, app_url: str, fleet: Fleet) -> None:
        self.folder = folder
        self.app_url = app_url
        self.authority = Authority(folder / "nats", now_s=1_772_755_200)
        self.accounts = {tenant.tenant_id: self.authority.account_of(tenant.tenant_id) for tenant in fleet.tenants}
        for tenant in fleet.tenants:
            for venue in tenant.venues:
                self.authority.venue(tenant.tenant_id, venue.venue_id)
        config = self.authority.config(host="127.0.0.1", port=-1)
        self.nats = Nats(folder / "nats-server", config_file=config)
        self.nats.start()
        self._program: Program | None = None

    def close(self) -> None:
        """Stop what runs."""
        self.kill_hub()
        self.nats.stop()

    def settings(self) -> HubSettings:
        """A hub's settings here."""
        return HubSettings(
            data_dir=self.folder / "hub",
            database_url=self.app_url,
            nats_url=self.nats.url,
            nats_creds=self.authority.hub(),
            port=0,
        )

    def edge_settings(self, tenant_id: str, venue_id: str, data_dir: Path) -> EdgeSettings:
        """An edge's settings here."""
        return EdgeSettings(
            data_dir=data_dir,
            tenant_id=tenant_id,
            venue_id=venue_id,
            nats_url=self.nats.url,
            nats_creds=self.authority.venue(tenant_id, venue_id),
            hub_retry_s=1,
        )

    @contextlib.asynccontextmanager
    async def hub(self) -> AsyncIterator[Hub]:
        """A hub in this process."""
        async with running(self.settings()) as hub:
            await until(lambda: hub.carrier.is_linked)
            yield hub

    def start_hub(self) -> str:
        """A hub as a program of its own, so that it can be killed; its address."""
        settings = self.settings()
        ready = self.folder / "hub.ready"
        ready.unlink(missing_ok=True)
        environment = {
            "HOS_DATA_DIR": str(settings.data_dir),
            "HOS_DATABASE_URL": settings.database_url,
            "HOS_NATS_URL": settings.nats_url,
            "HOS_NATS_CREDS": str(settings.nats_creds),
            "HOS_READY_FILE": str(ready),
            "PYTHONPATH": os.getcwd(),
        }
        command = [sys.executable, "-m", "cloud", "run", "--port", "0"]
        self._program = Program("hub", command, log=self.folder / "hub.log", environment=environment)
        self._program.start()
        self._program.wait_until(ready.exists)
        return ready.read_text(encoding="ascii")

    def kill_hub(self) -> None:
        """End the program as a power cut would."""
        if self._program is not None:
            self._program.kill()

    def lose_the_streams(self) -> None:
        """NATS comes back with an empty disk."""
        self.nats.kill()
        shutil.rmtree(self.folder / "nats" / "store")
        self.nats.start()

    @contextlib.contextmanager
    def looking(self, tenant_id: str) -> Iterator[psycopg.Connection]:
        """A connection that sees the tenant's rows, and commits at the end."""
        with psycopg.connect(self.app_url) as conn:
            conn.execute("SELECT set_config('app.tenant', %s, false)", (tenant_id,))
            yield conn

    def entries(self, tenant_id: str, venue_id: str) -> list[tuple[int, bytes]]:
        """Number and digest of every entry the hub holds of a venue, in the order of their numbers."""
        with self.looking(tenant_id) as conn:
            found = conn.execute("SELECT seq, digest FROM entries WHERE venue_id = %s ORDER BY seq", (venue_id,))
            return [(int(seq), bytes(digest)) for seq, digest in found]


async def until(is_so: Callable[[], object], timeout_s: float = PATIENCE_S) -> None:
    """Until `is_so` says yes.

    Raises:
        TimeoutError: it did not in time.
    """
    async with asyncio.timeout(timeout_s):
        while not is_so():  # noqa: ASYNC110 - what is waited for is in other processes
            await asyncio.sleep(0.01)
