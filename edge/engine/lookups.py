"""What people ask over HTTP: a bounded pool of connections that cannot write, apart from the feed's, with a deadline.

A report over a year may be slow; it may never delay a ticket. So each question has a moment after which SQLite is
interrupted and the asker is told, and the time spent waiting for a free connection counts towards it.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Coroutine
from functools import partial
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

import aiosqlite
import structlog

from edge.engine.database import connect_reader
from edge.engine.tasks import outliving
from shared.errors import Rejected

P = ParamSpec("P")
T = TypeVar("T")

#: One for reports, one for what is short: two reports that hang would take both cores of a small box.
CONNECTIONS = 2
DEADLINE_S = 3.0
MOST_WAITING = 64  # questions that wait for a connection; the next is refused as busy
AGAIN_S = 0.01  # an interrupt between two statements stops neither: it is repeated until the read has ended
_ROLLBACKS = 100  # an interrupt may hit the ROLLBACK; the next one stands

_logger = structlog.get_logger()


class Lookups:
    """Plain reads, run on a few connections of their own. A connection is opened when it is first needed."""

    def __init__(
        self,
        path: Path,
        *,
        connections: int = CONNECTIONS,
        deadline_s: float = DEADLINE_S,
        most_waiting: int = MOST_WAITING,
    ) -> None:
        self._path = path
        self._deadline_s = deadline_s
        self._most_waiting = most_waiting
        self._waiting = 0
        self._free: asyncio.LifoQueue[_Reader] = asyncio.LifoQueue()
        for _ in range(connections):
            self._free.put_nowait(_Reader(path))
        self._reports = asyncio.Semaphore(max(connections - 1, 1))
        self._running: dict[asyncio.Task[Any], _Reader] = {}

    @property
    def idle(self) -> int:
        """Connections that nobody uses now."""
        return self._free.qsize()

    async def run(self, read: Callable[Concatenate[sqlite3.Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call `read(conn, ...)`, which is short and which a person waits for. All it reads is of one moment.

        Raises:
            Rejected: `too_slow` past the deadline, `busy` when too many wait.
        """
        return await self._ask(lambda conn: read(conn, *args, **kwargs), self._until(), _nothing)

    async def report(
        self, read: Callable[Concatenate[sqlite3.Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """The same for what may take long: reports never hold the last free connection, so a PIN is checked meanwhile.

        Raises:
            Rejected: as `run`.
        """
        until = self._until()
        await self._wait(self._reports.acquire(), until)
        return await self._ask(lambda conn: read(conn, *args, **kwargs), until, self._reports.release)

    async def close(self) -> None:
        """Interrupt what runs, and close every connection."""
        for running, reader in self._running.items():
            self._interrupt(reader, running)
        if self._running:
            await asyncio.wait(tuple(self._running))
            await asyncio.sleep(0)  # what a task's end calls back comes after the task
        while not self._free.empty():
            await self._free.get_nowait().close()

    def _until(self) -> float:
        return asyncio.get_running_loop().time() + self._deadline_s

    async def _ask(self, read: Callable[[sqlite3.Connection], T], until: float, release: Callable[[], None]) -> T:
        try:
            reader = await self._wait(self._free.get(), until)
        except BaseException:
            release()
            raise
        loop = asyncio.get_running_loop()
        running = outliving(reader.read(read), partial(self._ended, release))  # until the thread is free
        self._running[running] = reader
        try:
            await asyncio.wait({running}, timeout=until - loop.time())
        finally:  # its time is over, or whoever asked has hung up
            self._interrupt(reader, running)
        if not running.done():
            raise self._too_slow()
        return running.result()

    async def _wait(self, free: Coroutine[Any, Any, T], until: float) -> T:
        if self._waiting >= self._most_waiting:
            free.close()
            raise Rejected("busy")
        self._waiting += 1
        try:
            async with asyncio.timeout_at(until):
                return await free
        except TimeoutError:
            raise self._too_slow() from None
        finally:
            self._waiting -= 1

    def _too_slow(self) -> Rejected:
        return Rejected("too_slow", limit_s=max(round(self._deadline_s), 1))

    def _interrupt(self, reader: "_Reader", running: asyncio.Task[Any]) -> None:
        if not running.done():
            reader.stop_reading()
            asyncio.get_running_loop().call_later(AGAIN_S, self._interrupt, reader, running)

    def _ended(self, release: Callable[[], None], running: asyncio.Task[Any]) -> None:
        """The thread is free again, and so is its connection; one that could not be opened makes room for another."""
        reader = self._running.pop(running)
        self._free.put_nowait(reader if reader.is_open else _Reader(self._path))
        release()
        error = None if running.cancelled() else running.exception()
        if error is not None and not isinstance(error, Rejected):
            _logger.warning("a lookup ended early", why=repr(error))


class _Reader(aiosqlite.Connection):
    """A connection and its thread, on which a whole read runs: a hop between threads for each statement costs more."""

    def __init__(self, path: Path) -> None:
        super().__init__(partial(connect_reader, path, factory=_Stoppable), iter_chunk_size=64)

    @property
    def is_open(self) -> bool:
        """Whether there is a connection."""
        return self._connection is not None

    async def read(self, read: Callable[[sqlite3.Connection], T]) -> T:
        """What the read gives, run in one transaction on this connection's thread."""
        if not self.is_open:
            await self
        found: T = await self._execute(_of_one_moment, self._conn, read)  # type: ignore[no-untyped-call]
        return found

    def stop_reading(self) -> None:
        """End the statement that runs now, and let no other begin; nothing when there is none."""
        conn = self._connection
        if isinstance(conn, _Stoppable):
            conn.is_stopped = True
            conn.interrupt()


class _Stoppable(sqlite3.Connection):
    """Begins no statement once it was stopped: a read of a thousand short ones ends as soon as one long one."""

    is_stopped = False

    def execute(self, *args: Any, **kwargs: Any) -> sqlite3.Cursor:
        if self.is_stopped:
            raise sqlite3.OperationalError("interrupted")
        return super().execute(*args, **kwargs)

    def roll_back(self) -> None:
        """End the transaction, whoever interrupts."""
        for _ in range(_ROLLBACKS):
            if not self.in_transaction:
                return
            try:
                super().execute("ROLLBACK")
            except sqlite3.OperationalError:
                continue
        raise sqlite3.OperationalError("a read transaction does not end")


def _of_one_moment(conn: _Stoppable, read: Callable[[sqlite3.Connection], T]) -> T:
    conn.is_stopped = False
    conn.execute("BEGIN")
    try:
        return read(conn)
    finally:
        conn.roll_back()


def _nothing() -> None:
    """Nothing to release."""
