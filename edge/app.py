"""COMPOSITION ROOT: the only module that knows every slice. Builds a venue's edge from plain calls."""

import asyncio
import importlib.metadata
import secrets
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from litestar import Litestar

from doors.gate import Gate
from doors.pages import said_to_browsers
from edge import cash, devices, floor, guests, kitchen, menu, metrics, ordering, payments, printing, staff, upkeep, web
from edge.cash import routes as cash_routes
from edge.cash.load import is_something_left_over
from edge.devices import routes as device_routes
from edge.devices.awake import LOOK_EVERY_S, Awake
from edge.devices.keys import KeyRing
from edge.engine import database, errand_views
from edge.engine.asks import CONSOLE, EDGE, Ask
from edge.engine.clock import Clock, CommandClock, SystemClock
from edge.engine.database import ReadPool, connect_reader, connect_writer, data_folder_lock
from edge.engine.door import Door
from edge.engine.door_schema import openapi_with_door
from edge.engine.feed import Feed
from edge.engine.feed_socket import feed_route
from edge.engine.lanes import Lanes
from edge.engine.lookups import Lookups
from edge.engine.memory import WriterConnection
from edge.engine.migrate import migrate
from edge.engine.projector import Progress, Projector, silent
from edge.engine.slice import Slice
from edge.engine.tasks import Tasks
from edge.engine.writer import Writer
from edge.engine.writes import Touched
from edge.guests import routes as guest_routes
from edge.guests.limits import Limits
from edge.guests.load import left_at
from edge.menu import routes as menu_routes
from edge.ordering import routes as ordering_routes
from edge.printing.senders import Senders
from edge.settings import Settings
from edge.staff import routes as staff_routes
from edge.staff.load import context_of
from edge.staff.reads import current_day, permissions_on
from edge.upkeep.chores import Backups
from edge.uplink import Uplink
from shared.commands.cash import BeginDay
from shared.commands.guests import ExpireDrafts
from shared.context import Context
from shared.ops import decode
from shared.schema import vocabulary

SLICES: tuple[Slice, ...] = (
    floor.SLICE,
    menu.SLICE,
    guests.SLICE,
    ordering.SLICE,
    kitchen.SLICE,
    payments.SLICE,
    cash.SLICE,
    printing.SLICE,
    staff.SLICE,
    devices.SLICE,
    upkeep.SLICE,
    errand_views.SLICE,
)
SETTLE_EVERY_S = 10
LOOK_FOR_A_NEW_DAY_EVERY_S = 30

Connect = Callable[[Path], WriterConnection]  # a bench gives one with a slower disk

_logger = structlog.get_logger()


class Edge:
    """A venue's edge, running: everything that a caller outside HTTP needs of it."""

    def __init__(self, settings: Settings, clock: Clock, conn: WriterConnection) -> None:
        self.settings = settings
        self.clock = clock
        self.tasks = Tasks(clock)
        self.projector = Projector(SLICES, decode)
        self.reads = ReadPool(settings.database)
        self.lookups = Lookups(settings.database)
        self.keys = KeyRing(connect_reader(settings.database), {key_of(settings, "console"): CONSOLE})
        self.gate = Gate(now_s=time.monotonic, is_known=self.keys.knows)
        self.writer = Writer(
            conn,
            slices=SLICES,
            projector=self.projector,
            context_of=partial(_context, clock=clock),
            clock=clock,
        )
        self.door = Door(self.writer, slices=SLICES, clock=clock, authenticate=self.keys.asker)
        self.uplink = Uplink(
            settings, reads=self.reads, writer=self.writer, clock=clock, tasks=self.tasks, release=_release()
        )
        self.feed = Feed(
            slices=SLICES,
            projector=self.projector,
            writer=self.writer,
            reads=self.reads,
            clock=clock,
            tasks=self.tasks,
            hub=self.uplink.hub,
            vocabulary=_vocabulary(),
        )
        self.backups = Backups(settings, reads=self.reads, writer=self.writer, door=self.door, clock=clock)
        self.awake = Awake(reads=self.reads, door=self.door, now_s=time.monotonic)
        senders = Senders(reads=self.reads, writer=self.writer, door=self.door, clock=clock)
        self.errands = Lanes(
            (errand for one in SLICES for errand in one.errands),
            {"print": senders.of},
            reads=self.reads,
            writer=self.writer,
            clock=clock,
            tasks=self.tasks,
            decode=decode,
        )
        self._changed_devices: set[str] = set()  # whose feeds may have to end
        self._device_bell = asyncio.Event()

    def on_bell(self, seq: int, touched: list[Touched]) -> None:
        """A device was paired or revoked: its key is looked up again, and a revoked one's feed ends."""
        changed = [str(key[0]) for table, key in touched if table == "device"]
        if changed:
            self.keys.forget()
            self._changed_devices.update(changed)
            self._device_bell.set()

    async def cut_revoked(self) -> None:
        """End the feeds of devices that were revoked, for ever; what failed is done again."""
        while True:
            await self._device_bell.wait()
            changed = sorted(self._changed_devices)
            for device_id in await self.reads.run(_revoked, changed):
                self.feed.cut(device_id, "device_revoked")
            self._changed_devices.difference_update(changed)
            if not self._changed_devices:
                self._device_bell.clear()


@asynccontextmanager
async def deciding(
    settings: Settings, *, progress: Progress = silent, connect: Connect = connect_writer
) -> AsyncIterator[Edge]:
    """An edge that decides and writes, with nothing around it: no screens, no workers, no hub.

    Raises:
        DatabaseInUse: another process has the data folder.
        DatabaseTooNew: a newer release wrote the database.
    """
    async with AsyncExitStack() as stack:
        stack.enter_context(data_folder_lock(settings.data_dir))
        conn = open_database(settings, progress=progress, connect=connect)
        stack.callback(conn.close)
        edge = Edge(settings, _clock_of(settings, conn), conn)
        stack.callback(edge.reads.close)
        stack.push_async_callback(edge.lookups.close)
        stack.callback(edge.door.close)
        stack.callback(edge.keys.close)  # the writer's connection closes last, and leaves one file without a -wal
        edge.writer.listen(edge.on_bell)
        edge.writer.start()
        stack.push_async_callback(edge.writer.stop)
        stack.push_async_callback(edge.tasks.stop)
        yield edge


@asynccontextmanager
async def running(
    settings: Settings, *, progress: Progress = silent, connect: Connect = connect_writer
) -> AsyncIterator[Edge]:
    """An edge with its database open, its projections true and its errands under way; ends them in order.

    Raises:
        DatabaseInUse, DatabaseTooNew: as `deciding`.
    """
    async with deciding(settings, progress=progress, connect=connect) as edge, AsyncExitStack() as stack:
        edge.tasks.start("revoked devices", edge.cut_revoked)
        await edge.feed.start()
        stack.push_async_callback(edge.feed.stop)
        parts: tuple[Lanes | Uplink, ...] = (edge.errands, edge.uplink)
        for part in parts:
            part.start()
            stack.push_async_callback(part.stop)
        await edge.tasks.attempt("begin of a business day", partial(begin_day, edge))
        edge.tasks.start("backups", edge.backups.run, is_vital=False)
        scheduler = _schedule(edge)
        stack.callback(scheduler.shutdown, wait=False)
        yield edge


def open_database(
    settings: Settings, *, progress: Progress = silent, connect: Connect = connect_writer
) -> WriterConnection:
    """The write connection, migrated, with every projection made by its present source."""
    conn = connect(settings.database)
    for name in migrate(conn):
        _logger.info("migrated", migration=name)
    conn.execute(
        "UPDATE log_identity SET tenant_id = ?, venue_id = ?, install_id = ?, session = ?, epoch = 1"
        " WHERE install_id = ''",
        (settings.tenant_id, settings.venue_id, secrets.token_hex(16), secrets.token_hex(16)),
    )
    projector = Projector(SLICES, decode)
    projector.rebuild(conn, projector.stale(conn), progress)
    return conn


def build_app(edge: Edge) -> Litestar:
    """Everything the edge answers over HTTP."""
    settings = edge.settings
    limits = Limits(per_address_a_minute=settings.address_limit_per_min)
    return Litestar(
        route_handlers=[
            edge.door.route(),
            feed_route(edge.feed, edge.keys.asker, edge.awake.heard),
            staff_routes.router(edge.lookups, edge.door, edge.clock, edge.keys.authenticate),
            device_routes.router(edge.door, edge.clock, edge.keys, limits.pairing),
            guest_routes.router(
                door=edge.door,
                reads=edge.reads,
                lookups=edge.lookups,
                feed=edge.feed,
                clock=edge.clock,
                limits=limits,
                authenticate=edge.keys.authenticate,
                public_url=settings.public_url,
            ),
            ordering_routes.router(edge.lookups, edge.keys.authenticate),
            menu_routes.router(edge.lookups, edge.door, edge.keys.authenticate, _may_on(edge)),
            cash_routes.router(edge.lookups, edge.clock, edge.keys.authenticate),
            metrics.route(_measures_of(edge)),
            *web.handlers(settings, _health_of(edge)),
        ],
        exception_handlers=web.EXCEPTION_HANDLERS,
        openapi_config=openapi_with_door(SLICES, title="Hospitality OS edge", path="/schema"),
        logging_config=None,
        after_request=said_to_browsers,
        request_max_body_size=web.MAX_BODY_BYTES,
    )


def _may_on(edge: Edge) -> menu_routes.MayOn:
    return lambda asker, session: edge.lookups.run(permissions_on, asker, session)


def _measures_of(edge: Edge) -> metrics.Measure:
    return metrics.measure_of(
        edge.settings.database,
        reads=edge.reads,
        writer=edge.writer,
        feed=edge.feed,
        uplink=edge.uplink,
        gate=edge.gate,
    )


def _vocabulary() -> str:
    """What makes the views: this release and the form of what it says."""
    return f"{_release()} {vocabulary()}"


def _release() -> str:
    return importlib.metadata.version("hospitality-os")


def _health_of(edge: Edge) -> Callable[[], Awaitable[web.Health]]:
    return web.health_of(
        edge.settings,
        reads=edge.reads,
        writer=edge.writer,
        feed=edge.feed,
        uplink=edge.uplink,
        clock=edge.clock,
        tasks=edge.tasks,
    )


def key_of(settings: Settings, name: str) -> str:
    """A secret of this venue, made on first use and kept in its data folder with mode 600."""
    path = settings.data_dir / f"{name}.key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(32), encoding="ascii")
    return path.read_text(encoding="ascii")


def backup_to(settings: Settings, target: Path) -> None:
    """Copy the live database."""
    target.parent.mkdir(parents=True, exist_ok=True)
    database.backup(settings.database, target)


def _context(conn: sqlite3.Connection, ask: Ask, clock: Clock) -> Context:
    return context_of(conn, ask, clock.now_ms(), clock.fresh_id)


def _clock_of(settings: Settings, conn: sqlite3.Connection) -> Clock:
    if settings.clock == "system":
        return SystemClock()
    (last_hlc,) = conn.execute("SELECT COALESCE(MAX(hlc), 0) FROM log").fetchone()
    return CommandClock(last_hlc >> 16)


def _revoked(conn: sqlite3.Connection, device_ids: list[str]) -> list[str]:
    return [
        device_id
        for device_id in device_ids
        if conn.execute("SELECT 1 FROM device WHERE device_id = ? AND revoked_at_ms > 0", (device_id,)).fetchone()
    ]


def _schedule(edge: Edge) -> AsyncIOScheduler:
    scheduler = AsyncIOScheduler(timezone="UTC")
    looking = partial(edge.tasks.attempt, "look at screens", edge.awake.look)
    scheduler.add_job(looking, "interval", seconds=LOOK_EVERY_S)
    settling = partial(edge.tasks.attempt, "what guests left", partial(settle_what_was_left, edge))
    scheduler.add_job(settling, "interval", seconds=SETTLE_EVERY_S)
    beginning = partial(edge.tasks.attempt, "begin of a business day", partial(begin_day, edge))
    scheduler.add_job(beginning, "interval", seconds=LOOK_FOR_A_NEW_DAY_EVERY_S)
    scheduler.start()
    return scheduler


async def settle_what_was_left(edge: Edge) -> None:
    """Look for drafts, claims and visits that time has settled. Nothing is written while there are none."""
    left = await edge.reads.run(left_at, edge.clock.now_ms())
    if left.is_any:
        await edge.door.ask_one(ExpireDrafts(), EDGE)


async def begin_day(edge: Edge) -> None:
    """What an earlier business day left sold out or paused comes back; asked for only where there is such a thing."""
    if await edge.reads.run(_is_something_left_over, edge.clock.now_ms()):
        await edge.door.ask_one(BeginDay(), EDGE)


def _is_something_left_over(conn: sqlite3.Connection, now_ms: int) -> bool:
    return is_something_left_over(conn, current_day(conn, now_ms))
