"""A projection that follows behind the writer: stock, audits, whatever no next decision needs.

A fault in one cannot stop a sale. Its rows and its cursor are written in one commit, so that every entry counts once
whatever it is killed in; it is rebuilt when its fingerprint changes, a part at a time, while the venue serves.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from functools import partial

import msgspec
import structlog

from edge.engine import cursors, log
from edge.engine.cursors import Cursor
from edge.engine.database import ReadPool
from edge.engine.projector import Projector, differences, make_empty, make_empty_if_stale
from edge.engine.slice import Slice
from edge.engine.tasks import Task, Tasks
from edge.engine.writer import Busy, Stopped, Writer
from edge.engine.writes import TableWriter, Touched
from shared.entry import Entry
from shared.ops.base import Op
from shared.projections.projection import Projection
from shared.writes import Write

READ_LIMIT = 500  # entries in one commit: its rows keep the writer for a few milliseconds
IDLE_STRIDE = 1_000  # entries of no interest after which the cursor is saved all the same
FIRST_DELAY_S = 0.1
LONGEST_DELAY_S = 30.0

_logger = structlog.get_logger()


class _Found(msgspec.Struct, frozen=True):
    """What the next entries come to."""

    begin: Cursor
    end: Cursor
    writes: Sequence[Write]
    is_all: bool  # the log held no more


class BehindProjection:
    """Keeps one projection's tables level with the log, in order, every entry once."""

    def __init__(
        self,
        projection: Projection,
        *,
        writer: Writer,
        reads: ReadPool,
        tasks: Tasks,
        decode: Callable[[str, bytes], Op],
        first_delay_s: float = FIRST_DELAY_S,
    ) -> None:
        self.projection = projection
        self.seq = 0  # its tables are level with the log up to here
        self._cursor = Cursor()  # as it is on disk: entries of no interest may lie after it
        self.attempts = 0  # since something last went well
        self._writer = writer
        self._reads = reads
        self._tasks = tasks
        self._decode = decode
        self._first_delay_s = first_delay_s
        self._by_kind = projection.by_kind
        self._tables = TableWriter(projection.tables)
        self._moved = asyncio.Event()
        self._bell = asyncio.Event()
        self._stopping = asyncio.Event()
        self._task: Task | None = None

    @property
    def name(self) -> str:
        """The name of its cursor."""
        return f"behind {self.projection.name}"

    def start(self) -> None:
        """Begin on the running loop where the last commit left off."""
        self._writer.listen(self._ring)
        self._task = self._tasks.start(self.name, self._work)

    async def stop(self) -> None:
        """Let the commit under way end, then end."""
        self._stopping.set()
        self._bell.set()
        if self._task is not None:
            await self._task.stop(grace_s=None)

    async def reaches(self, seq: int) -> None:
        """Return once its tables hold every entry up to this one."""
        while self.seq < seq:
            await self._moved.wait()

    def problems(self, conn: sqlite3.Connection) -> list[str]:
        """Every row that differs from a replay up to the cursor. `conn` should stand in one read transaction."""
        upto = cursors.saved(conn, self.name).seq
        return differences(conn, Projector([Slice(self.name, projections=[self.projection])], self._decode), upto=upto)

    def _ring(self, seq: int, touched: list[Touched]) -> None:
        self._bell.set()

    def _tell(self) -> None:
        self._moved.set()
        self._moved = asyncio.Event()

    async def _work(self) -> None:
        is_ready = False
        while not self._stopping.is_set():
            self._bell.clear()
            try:
                if not is_ready:
                    self._cursor = await self._writer.job(self._prepare)
                    is_ready = True
                found = await self._reads.run(self._read, self._cursor)
                if found.writes or found.end.seq - found.begin.seq >= IDLE_STRIDE:
                    await self._writer.job(partial(self._commit, found))
                    self._cursor = found.end
                self.seq, self.attempts = found.end.seq, 0
                self._tell()
            except Stopped:  # nothing can be saved any more; the next start begins at the cursor
                await self._stopping.wait()
            except Exception as error:
                is_ready = False  # the cursor on disk says where to go on
                await self._back_off(error)
                continue
            if found.is_all:  # what came since has rung the bell
                await self._bell.wait()

    # On the writer's thread.

    def _prepare(self, conn: sqlite3.Connection) -> Cursor:
        """The tables of this release and of this log: empty ones when they were made by or of another."""
        if not cursors.is_in_log(conn, cursors.saved(conn, self.name)):
            make_empty(conn, self.projection)
            cursors.forget(conn, self.name)
        elif make_empty_if_stale(conn, self.projection):
            cursors.forget(conn, self.name)
        return cursors.saved(conn, self.name)

    def _commit(self, found: _Found, conn: sqlite3.Connection) -> None:
        assert cursors.saved(conn, self.name) == found.begin, f"{self.name}: somebody else moved the cursor"
        assert cursors.is_in_log(conn, found.end), f"{self.name}: the log was changed meanwhile"
        cursor = conn.cursor()
        for write in found.writes:
            self._tables.apply(cursor, write)
        cursors.save(conn, self.name, found.end)

    # On a read thread.

    def _read(self, conn: sqlite3.Connection, after: Cursor) -> _Found:
        entries = log.read(conn, after.seq, READ_LIMIT)
        writes = [write for entry in entries for write in self._writes_of(entry)]
        return _Found(after, cursors.of(entries[-1]) if entries else after, writes, len(entries) < READ_LIMIT)

    def _writes_of(self, entry: Entry) -> Sequence[Write]:
        function = self._by_kind.get(entry.kind)
        return () if function is None else tuple(function(entry, self._decode(entry.kind, entry.body)))

    async def _back_off(self, error: Exception) -> None:
        delay_s = min(LONGEST_DELAY_S, self._first_delay_s * 2 ** min(self.attempts, 20))
        self.attempts += 1
        if not isinstance(error, Busy):
            told = {"projection": self.projection.name, "after": self.seq, "attempts": self.attempts}
            _logger.warning("a projection behind the writer will try again", **told, delay_s=delay_s, exc_info=error)
        try:
            async with asyncio.timeout(delay_s):
                await self._stopping.wait()
        except TimeoutError:
            return
