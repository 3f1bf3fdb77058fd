"""A reader of the log with a durable cursor and an effect: printing, terminals, stock, the uplink."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

import structlog

from edge.engine import log
from edge.engine.database import ReadPool
from edge.engine.tasks import Task, Tasks
from edge.engine.writer import Busy, Stopped, Writer
from edge.engine.writes import Touched
from shared.entry import Entry

READ_LIMIT = 500  # entries in one effect
IDLE_STRIDE = 1_000  # entries of no interest after which the cursor is saved all the same
FIRST_DELAY_S = 0.1
LONGEST_DELAY_S = 30.0

_logger = structlog.get_logger()


class Worker:
    """Gives entries to `run` in order and moves the cursor after it returned: at least once, none skipped."""

    def __init__(
        self,
        name: str,
        run: Callable[[Sequence[Entry]], Awaitable[None]],
        *,
        writer: Writer,
        reads: ReadPool,
        tasks: Tasks,
        kinds: frozenset[str] | None = None,
        first_delay_s: float = FIRST_DELAY_S,
    ) -> None:
        self.name = name
        self.cursor = 0  # the last entry this worker has done
        self.attempts = 0  # since something last went well
        self._run = run
        self._writer = writer
        self._reads = reads
        self._tasks = tasks
        self._kinds = kinds
        self._first_delay_s = first_delay_s
        self._bell = asyncio.Event()
        self._stopping = asyncio.Event()
        self._task: Task | None = None

    def start(self) -> None:
        """Begin on the running loop, from the durable cursor."""
        self._writer.listen(self._ring)
        self._task = self._tasks.start(f"worker {self.name}", self._work)

    async def stop(self) -> None:
        """Let the effect under way finish and its cursor be saved, then end."""
        self._stopping.set()
        self._bell.set()
        if self._task is not None:
            await self._task.stop(grace_s=None)

    def _ring(self, seq: int, touched: list[Touched]) -> None:
        self._bell.set()

    async def _work(self) -> None:
        self.cursor = saved = await self._reads.run(_saved_cursor, self.name)
        while not self._stopping.is_set():
            self._bell.clear()
            try:
                entries = await self._reads.run(log.read, self.cursor, READ_LIMIT)
                wanted = [e for e in entries if self._kinds is None or e.kind in self._kinds]
                if wanted:
                    await self._run(wanted)
                last = entries[-1].seq if entries else self.cursor
                if wanted or last - saved >= IDLE_STRIDE:
                    await self._writer.job(partial(_save_cursor, name=self.name, seq=last))
                    saved = last
                self.cursor = last
                self.attempts = 0
            except Stopped:  # nothing can be saved any more; the next start begins at the cursor
                await self._stopping.wait()
            except Exception as error:
                await self._back_off(error)
                continue
            if len(entries) < READ_LIMIT:  # that was all; what came since has rung the bell
                await self._bell.wait()

    async def _back_off(self, error: Exception) -> None:
        """Wait before the same entries are tried again, longer each time."""
        delay_s = min(LONGEST_DELAY_S, self._first_delay_s * 2 ** min(self.attempts, 20))
        self.attempts += 1
        if not isinstance(error, Busy):
            _logger.warning(
                "worker will try again",
                worker=self.name,
                after=self.cursor,
                attempts=self.attempts,
                delay_s=delay_s,
                exc_info=error,
            )
        try:
            async with asyncio.timeout(delay_s):
                await self._stopping.wait()
        except TimeoutError:
            return


def _saved_cursor(conn: sqlite3.Connection, name: str) -> int:
    row = conn.execute("SELECT seq FROM worker_cursor WHERE name = ?", (name,)).fetchone()
    return int(row[0]) if row else 0


def _save_cursor(conn: sqlite3.Connection, *, name: str, seq: int) -> None:
    conn.execute("INSERT OR REPLACE INTO worker_cursor (name, seq) VALUES (?, ?)", (name, seq))
