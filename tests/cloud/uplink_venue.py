"""A venue's log with its writer and its uplink, and nothing else: enough to see a log travel."""

import contextlib
import sqlite3
from collections.abc import AsyncIterator
from functools import partial

from edge.engine import log
from edge.engine.clock import SystemClock
from edge.engine.database import ReadPool, connect_writer
from edge.engine.migrate import migrate
from edge.engine.projector import Projector
from edge.engine.tasks import Tasks
from edge.engine.writer import Writer
from edge.settings import Settings
from edge.uplink import Uplink
from shared.context import Context
from shared.ops import Op, decode
from tests.cloud.hub_builders import DAY, NOW_MS
from tests.cloud.service_day import a_line, sold

CLOCK = SystemClock()


class LogVenue:
    """Appends ops as commands would, each `write` in one commit."""

    def __init__(self, settings: Settings, conn: sqlite3.Connection) -> None:
        self.settings = settings
        self.reads = ReadPool(settings.database)
        self.writer = Writer(conn, slices=(), projector=Projector((), decode), context_of=_no_context, clock=CLOCK)
        self.uplink = Uplink(settings, reads=self.reads, writer=self.writer, clock=CLOCK, tasks=Tasks(CLOCK))
        self._sales = 0

    async def sell(self, checks: int) -> None:
        """So many checks opened and closed: two entries each."""
        ops = [op for number in range(checks) for op in sold(f"c{self._sales + number}", a_line("l1", 2))]
        self._sales += checks
        await self.write(*ops)

    async def write(self, *ops: Op) -> None:
        """Append ops."""
        await self.writer.job(partial(_append, ops=ops))

    def rows(self) -> list[tuple[int, bytes]]:
        """Number and digest of every entry."""
        return self.reads.run_here(lambda conn: list(conn.execute("SELECT seq, digest FROM log ORDER BY seq")))

    def acked(self) -> int:
        """How far the hub has the log, as kept on the disk."""
        return int(self.reads.run_here(lambda conn: conn.execute("SELECT acked FROM log_identity").fetchone())[0])


@contextlib.asynccontextmanager
async def a_log_venue(settings: Settings) -> AsyncIterator[LogVenue]:
    """The venue, running; its files stay when it ends."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    conn = connect_writer(settings.database)
    migrate(conn)
    conn.execute(
        "UPDATE log_identity SET tenant_id = ?, venue_id = ?, install_id = ?, session = ?, epoch = 1"
        " WHERE install_id = ''",
        (settings.tenant_id, settings.venue_id, f"install-{settings.data_dir}", f"session-{settings.data_dir}"),
    )
    venue = LogVenue(settings, conn)
    venue.writer.start()
    venue.uplink.start()
    try:
        yield venue
    finally:
        await venue.uplink.stop()
        await venue.writer.stop()
        venue.reads.close()
        conn.close()


def _append(conn: sqlite3.Connection, *, ops: tuple[Op, ...]) -> None:
    context = Context(
        now_ms=NOW_MS, asked_at_ms=NOW_MS, business_day=DAY, device_id="pos", device_role="pos", staff_id="ana",
        staff_role="manager", command_id="", permissions=frozenset(), fresh_id=CLOCK.fresh_id,
    )  # fmt: skip
    end = log.Log(conn, CLOCK)
    cursor = conn.cursor()
    for op in ops:
        end.append(cursor, op, context)


def _no_context(conn: sqlite3.Connection, ask: object) -> Context:
    raise AssertionError("no commands here")
