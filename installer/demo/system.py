"""All programs of a system on loopback: Postgres, NATS, the hub, an edge for each venue, printers. Each is a child process."""

import asyncio
import importlib.metadata
import json
import os
import signal
import sys
from collections.abc import Callable, Coroutine, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import psycopg
from psycopg import sql

from installer.demo.edge_client import http_to
from installer.demo.fleet import Business, Venue
from installer.demo.home import Home, Wires, write_private
from installer.demo.parts import OnChange, Part, Served
from installer.services.nats import packaged_binary
from installer.services.postgres import Postgres
from installer.services.program import NotReady, Program

DATABASE = "hos"
PUBLIC_REQUESTS_PER_MIN = 12_000  # every browser and every player here has the same address
COMMAND_S = 120.0


class System:
    """The programs over one home. Start them in the order that `demo` or `replay` needs; `stop` ends them in reverse."""

    def __init__(
        self,
        home: Home,
        businesses: Sequence[Business],
        *,
        web_dir: Callable[[], Path | None] = lambda: None,
        on_change: OnChange = lambda: None,
    ) -> None:
        self.home = home
        self.businesses = businesses
        self.parts: dict[str, Part] = {}
        self.wires = Wires("", "", "", {})
        self.printer_ports: dict[str, int] = {}  # by emulator
        self._web_dir = web_dir
        self._on_change = on_change
        self._postgres = Postgres(home.folder / "postgres")

    @property
    def hub_folder(self) -> Path:
        """The hub's own files."""
        return self.home.folder / "hub"

    def venue_folder(self, venue: Venue) -> Path:
        """A venue's database and keys."""
        return self.home.folder / "venues" / venue.id

    def address(self, part: str) -> str:
        """Where a part answers HTTP."""
        return f"http://127.0.0.1:{self.home.kept.ports[part]}"

    def edge_of(self, venue: Venue) -> str:
        """The address of a venue's edge."""
        return self.address(edge_name(venue))

    @property
    def nats_url(self) -> str:
        """Where NATS listens."""
        return f"nats://127.0.0.1:{self.home.kept.ports['nats']}"

    @property
    def postgres(self) -> Postgres:
        """The cluster."""
        return self._postgres

    def database_url(self, *, as_owner: bool) -> str:
        """The hub's database, as its owner or as the role that row-level security binds."""
        if as_owner:
            return self._postgres.url(DATABASE)
        return self._postgres.url(DATABASE, "hos_app", self.home.kept.app_password)

    async def start_postgres(self) -> None:
        """A real Postgres with the hub's database, as this release wants it.

        Raises:
            NotReady: it did not start.
        """
        self._postgres.port = self.home.port("postgres")
        self.home.kept.app_password = self.home.kept.app_password or self.home.secret()
        if not (self._postgres.folder / "data" / "PG_VERSION").exists():
            await asyncio.to_thread(self._postgres.make_cluster)
        await self._start("postgres", self._postgres)
        await asyncio.to_thread(_make_database, self._postgres.url())
        both = {"HOS_DATABASE_URL": self.database_url(as_owner=False)}
        await self._cloud({**both, "HOS_OWNER_DATABASE_URL": self.database_url(as_owner=True)}, "migrate")

    async def start_nats(self) -> None:
        """A real NATS server with an account for each business.

        Raises:
            NotReady: it did not start.
        """
        port = self.home.port("nats")
        self.wires = await self._wires(port)
        program = self._program("nats", [str(packaged_binary()), "-c", self.wires.config])
        await self._start("nats", Served(program, port))

    async def start_hub(self) -> None:
        """The hub, with its businesses enrolled. Postgres and NATS come first.

        Raises:
            NotReady: it did not start.
        """
        as_app = {"HOS_DATABASE_URL": self.database_url(as_owner=False)}
        if not self.home.kept.is_enrolled:
            await self._cloud(as_app, "enrol", str(self._fleet_file()))
            self.home.kept.is_enrolled = True
            self.home.keep()
        port = self.home.port("hub")
        ready = self.hub_folder / "ready"
        environment = {
            **as_app,
            "HOS_DATA_DIR": str(self.hub_folder),
            "HOS_HOST": "127.0.0.1",
            "HOS_PORT": str(port),
            "HOS_NATS_URL": self.nats_url,
            "HOS_NATS_CREDS": self.wires.hub_creds,
            "HOS_READY_FILE": str(ready),
            **self._web(),
        }
        program = self._program("hub", [sys.executable, "-m", "cloud", "run"], environment)
        await self._start("hub", Served(program, port, ready_file=ready))

    async def start_edge(self, venue: Venue, *, clock: str = "system") -> None:
        """A venue's edge. A clock that follows `commands` is for playing what happened before.

        Raises:
            NotReady: it did not start.
        """
        name = edge_name(venue)
        port = self.home.port(name)
        folder = self.venue_folder(venue)
        ready = folder / "ready"
        folder.mkdir(parents=True, exist_ok=True)
        environment = {
            "HOS_DATA_DIR": str(folder),
            "HOS_HOST": "127.0.0.1",
            "HOS_PORT": str(port),
            "HOS_TENANT": self.business_of(venue).id,
            "HOS_VENUE": venue.id,
            "HOS_PUBLIC_URL": f"http://127.0.0.1:{port}",
            "HOS_NATS_URL": self.nats_url,
            "HOS_NATS_CREDS": self.wires.creds_of(self.business_of(venue).id, venue.id),
            "HOS_CLOCK": clock,
            "HOS_READY_FILE": str(ready),
            "HOS_ADDRESS_LIMIT_PER_MIN": str(PUBLIC_REQUESTS_PER_MIN),
            "HOS_HUB_RETRY_S": "2",
            **self._web(),
        }
        program = self._program(name, [sys.executable, "-m", "edge", "run"], environment)
        await self._start(name, Served(program, port, ready_file=ready))

    async def start_printers(self) -> None:
        """The emulators of every venue's printers.

        Raises:
            NotReady: they did not start.
        """
        port = self.home.port("printers")
        command = [sys.executable, "-m", "installer.simulators.printers", "--http", str(port)]
        command += ["--state-dir", str(self.home.folder / "printers")]
        for venue in self.venues:
            for printer in venue.printers:
                command += ["--printer", f"{printer.emulator}:{'80mm' if printer.columns == 48 else '80mm-42'}"]
        await self._start("printers", Served(self._program("printers", command), port))
        async with http_to(self.address("printers")) as http:
            found = (await http.get("/printers")).json()
        self.printer_ports = {str(printer["name"]): int(printer["port"]) for printer in found}

    async def stop_part(self, name: str) -> None:
        """End one program."""
        await self.parts.pop(name).stop()

    async def stop(self) -> None:
        """End all, the last started first."""
        for name in reversed(list(self.parts)):
            await self.parts.pop(name).stop()

    @property
    def venues(self) -> list[Venue]:
        """Every venue of every business."""
        return [venue for business in self.businesses for venue in business.venues]

    def business_of(self, venue: Venue) -> Business:
        """Whose venue it is."""
        return next(business for business in self.businesses if venue in business.venues)

    def console_key(self, venue: Venue) -> str:
        """The technician's key of a venue, once its edge has run."""
        return (self.venue_folder(venue) / "console.key").read_text(encoding="ascii")

    async def _start(self, name: str, runner: Served | Postgres) -> None:
        part = Part(name, runner, on_change=self._on_change)
        self.parts[name] = part
        await part.start()

    def _program(self, name: str, command: Sequence[str], environment: Mapping[str, str] | None = None) -> Program:
        log = self.home.folder / "logs" / f"{name}.log"
        return Program(name, command, log=log, environment={"HOS_LOG_LEVEL": "info", **(environment or {})})

    def _web(self) -> dict[str, str]:
        web_dir = self._web_dir()
        return {"HOS_WEB_DIR": str(web_dir)} if web_dir is not None else {}

    async def _wires(self, port: int) -> Wires:
        """Keys and configuration, made once for this port, these businesses and this release."""
        kept, fleet = self.home.kept, self._fleet_file()
        made_for = f"{self.home.folder} {port} {importlib.metadata.version('hospitality-os')} {fleet.read_text(encoding='utf-8')}"
        if kept.wires is None or kept.wires_made_for != made_for:
            made = await self._cloud({}, "nats", str(fleet), "--port", str(port))
            kept.wires, kept.wires_made_for = msgspec.json.decode(made, type=Wires), made_for
        return kept.wires

    def _fleet_file(self) -> Path:
        """The businesses as `hos cloud enrol` reads them; passwords are made on first use."""
        passwords = self.home.kept.owner_passwords
        tenants = []
        for business in self.businesses:
            password = passwords.setdefault(business.id, self.home.password())
            owner = {"email": business.owner_email, "name": business.owner_name, "password": password}
            venues = [{"venue_id": venue.id, "name": venue.name} for venue in business.venues]
            tenants.append({"tenant_id": business.id, "name": business.name, "venues": venues, "owners": [owner]})
        path = self.hub_folder / "fleet.json"
        write_private(path, json.dumps({"tenants": tenants}, ensure_ascii=False).encode())
        return path

    async def _cloud(self, environment: Mapping[str, str], *arguments: str) -> bytes:
        """Run one of the hub's commands to its end; what it printed.

        Raises:
            NotReady: it said no.
        """
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "cloud", *arguments),
            env={**os.environ, "HOS_DATA_DIR": str(self.hub_folder), **environment},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            output, errors = await asyncio.wait_for(process.communicate(), COMMAND_S)
        except (TimeoutError, asyncio.CancelledError):
            process.send_signal(signal.SIGKILL)
            raise
        if process.returncode != 0:
            raise NotReady(f"`hos cloud {arguments[0]}` failed:\n{errors.decode(errors='replace')[-2000:]}")
        return output


async def together(*work: Coroutine[Any, Any, None]) -> None:
    """Do it all at once; the first that fails ends the rest."""
    tasks = [asyncio.create_task(one) for one in work]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def edge_name(venue: Venue) -> str:
    """What a venue's edge is called among the parts."""
    return f"edge:{venue.id}"


def _make_database(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as conn:
        if conn.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,)).fetchone() is None:
            conn.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
