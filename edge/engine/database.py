"""The venue's SQLite file: its lock, the write connection, the read pool and the backup."""

import asyncio
import contextlib
import errno
import fcntl
import os
import queue
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from edge.engine.jobs import leave_to_others
from edge.engine.memory import WriterConnection

P = ParamSpec("P")
T = TypeVar("T")
C = TypeVar("C", bound=sqlite3.Connection)

FILE_NAME = "venue.db"
LOCK_NAME = "venue.lock"
#: Read and write, make what is not there, and no lock in the library around each of its calls: a connection is one
#: thread's at a time here, and locking takes a tenth of a statement.
_UNLOCKED = 0x2 | 0x4 | 0x8000
PRIVATE = 0o600  # it holds hashes of PINs, and the secret of the tables' codes


class DatabaseInUse(Exception):
    """Another process has this data folder."""

    def __init__(self, pid: int) -> None:
        super().__init__(f"the data folder is in use by process {pid}")
        self.pid = pid


@contextlib.contextmanager
def data_folder_lock(folder: Path) -> Iterator[None]:
    """Hold the data folder for this process alone; the kernel lets go when the process dies.

    Raises:
        DatabaseInUse: another process holds it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder / LOCK_NAME, os.O_RDWR | os.O_CREAT, PRIVATE)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DatabaseInUse(int(os.read(descriptor, 20) or b"0")) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(descriptor)


def connect_writer(path: Path, *, factory: type[WriterConnection] = WriterConnection) -> WriterConnection:
    """The one connection that writes. Transactions are begun and ended by hand. A new file is its owner's alone."""
    path.touch(mode=PRIVATE)  # SQLite gives -wal and -shm the mode of the file
    conn = _connect(path, statements=512, factory=factory)
    conn.execute("PRAGMA journal_mode = WAL")
    conn.execute("PRAGMA synchronous = FULL")
    conn.execute("PRAGMA busy_timeout = 5000")
    conn.execute("PRAGMA cache_size = -16384")  # KiB
    conn.execute("PRAGMA journal_size_limit = 67108864")
    return conn


def connect_reader(path: Path, *, factory: type[sqlite3.Connection] = sqlite3.Connection) -> sqlite3.Connection:
    """A connection that cannot write."""
    conn = _connect(path, statements=256, factory=factory)
    conn.execute("PRAGMA busy_timeout = 5000")
    conn.execute("PRAGMA query_only = 1")
    conn.execute("PRAGMA cache_size = -4096")
    return conn


def _connect(path: Path, *, statements: int, factory: type[C]) -> C:
    conn: C = sqlite3.connect(  # type: ignore[call-overload]  # the library has `flags`, which Python's own lacks
        path,
        isolation_level=None,
        cached_statements=statements,
        check_same_thread=False,
        factory=factory,
        flags=_UNLOCKED,
    )
    return conn


class ReadPool:
    """A few threads, each with a connection that cannot write."""

    def __init__(self, path: Path, *, threads: int = 2) -> None:
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix="read")
        self._idle: queue.SimpleQueue[sqlite3.Connection] = queue.SimpleQueue()
        self._connections = [connect_reader(path) for _ in range(threads)]
        for conn in self._connections:
            self._idle.put(conn)

    async def run(self, read: Callable[Concatenate[sqlite3.Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call `read(conn, ...)` on a read thread. All it reads is of one moment."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._executor, lambda: self.run_here(read, *args, **kwargs))

    def run_here(self, read: Callable[Concatenate[sqlite3.Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The same on the calling thread; waits while every connection is in use."""
        conn = self._idle.get()
        try:
            conn.execute("BEGIN")
            try:
                return read(conn, *args, **kwargs)
            finally:
                conn.execute("ROLLBACK")
        finally:
            self._idle.put(conn)

    def close(self) -> None:
        """Wait for the reads that run, then close every connection."""
        self._executor.shutdown(wait=True)
        for conn in self._connections:
            conn.close()


def backup(path: Path, target: Path) -> None:
    """Copy the live database to `target` while it is written; the copy appears whole or not at all.

    Raises:
        OSError: there is no room for it there, no file can be made, or what is copied is no whole database.
    """
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)
    try:
        part.touch(mode=PRIVATE)
        _copy(path, part)
        os.replace(part, target)
    except (
        sqlite3.DatabaseError
    ) as error:  # SQLite's words for a full disk, a bad one, or a file that is none of its own
        raise OSError(errno.EIO, str(error), str(target)) from None
    finally:
        part.unlink(missing_ok=True)
    sync(target.parent)


def _copy(path: Path, part: Path) -> None:
    source = connect_reader(path)
    copy = sqlite3.connect(part)
    try:
        source.backup(copy)  # in one step: in WAL mode a reader stops no writer, and steps would start over
        leave_to_others(copy)  # who opens the copy is not who was asked to do them
        copy.commit()
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, no -wal beside it
    finally:
        copy.close()
        source.close()


def sync(path: Path) -> None:
    """Return once a file, or the names in a folder, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
