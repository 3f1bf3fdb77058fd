"""Orders through the writer, against bare SQL that writes the very same rows and indexes at the same commit size.

The statements are the writer's own, as it gave them to SQLite once; they are run again on another copy of the same file.
What is between the two figures is what deciding costs: reading, rules, digests, Python.
"""

import asyncio
import shutil
import sqlite3
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Self

import msgspec
import uvloop

from edge.engine.asks import Ask
from edge.engine.clock import SystemClock
from edge.engine.database import FILE_NAME, backup, connect_writer
from edge.engine.memory import WriterConnection
from installer.bench.in_process import a_writer, ask
from shared.commands.kitchen import SendLines
from shared.commands.lines import LineAsk
from shared.commands.ordering import AddLines, OpenCheck

assert sqlite3.sqlite_version_info >= (3, 53), "import the edge first"

COMMANDS = 3  # of an order: open, add, send
_WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")

Statement = tuple[str, Any]


class SameRows(msgspec.Struct, frozen=True):
    """Both rates, and how many statements an order writes with."""

    orders_per_s: float
    floor_per_s: float
    statements: float


class _Recording(sqlite3.Cursor):
    """Keeps what is written, commit by commit."""

    commits: list[list[Statement]]

    def execute(self, sql: str, parameters: Any = ()) -> Self:
        """As any cursor, with a note of it."""
        if sql.startswith(_WRITES):
            self.commits[-1].append((sql, parameters))
        elif sql == "COMMIT":
            self.commits.append([])
        return super().execute(sql, parameters)


class _Connection(WriterConnection):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.commits: list[list[Statement]] = [[]]

    def cursor(self, *_: Any) -> Any:
        cursor = super().cursor(_Recording)
        cursor.commits = self.commits
        return cursor


def measure(data_dir: Path, *, at_once: int, seconds: float) -> SameRows:
    """Both in turns, each on a copy of a venue that was seeded before; `at_once` orders in each commit."""
    start = data_dir / "start.db"
    backup(data_dir / FILE_NAME, start)
    commits = _recorded(_copy(start, data_dir / "recorded"), at_once, seconds / 4)
    floors = [_replay(_copy(start, data_dir / "first"), commits)]
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:  # as the edge runs
        spent_s = runner.run(_play(connect_writer(_copy(start, data_dir / "played")), at_once, len(commits)))
    floors.append(_replay(_copy(start, data_dir / "second"), commits))
    orders = len(commits) * at_once
    return SameRows(
        orders_per_s=orders / spent_s,
        floor_per_s=orders / (sum(floors) / len(floors)),
        statements=sum(map(len, commits)) / orders,
    )


def _copy(start: Path, folder: Path) -> Path:
    folder.mkdir()
    return Path(shutil.copyfile(start, folder / FILE_NAME))


def _recorded(path: Path, at_once: int, seconds: float) -> list[list[Statement]]:
    """What the writer writes in that time, by commit; few enough to hold in memory."""
    conn = connect_writer(path, factory=_Connection)
    assert isinstance(conn, _Connection)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_play(conn, at_once, 2**30, longest_s=seconds))
    return [commit for commit in conn.commits if commit]


async def _play(conn: WriterConnection, at_once: int, commits: int, *, longest_s: float = 3600.0) -> float:
    """Seconds that the writer took for that many commits, or for as many as there was time for."""
    clock = SystemClock()
    writer = a_writer(conn, clock)
    writer.start()
    spent_s = 0.0
    try:
        while commits and spent_s < longest_s:
            asks = [one for _ in range(at_once) for one in _order(clock)]
            start = time.perf_counter()
            answers = await writer.ask(asks)
            spent_s += time.perf_counter() - start
            assert all(answer.outcome == "done" for answer in answers), answers
            commits -= 1
        return spent_s
    finally:
        await writer.stop()
        conn.close()


def _order(clock: SystemClock) -> Iterator[Ask]:
    check_id = clock.fresh_id()
    lines = tuple(LineAsk(line_id=clock.fresh_id(), item_id=f"dish{number}") for number in (1, 6, 11))
    yield ask(clock, OpenCheck(check_id=check_id, kind="counter"))
    yield ask(clock, AddLines(check_id=check_id, lines=lines))
    yield ask(clock, SendLines(check_id=check_id, fire_all=True))


def _replay(path: Path, commits: Sequence[Sequence[Statement]]) -> float:
    """Seconds for the statements alone."""
    conn = connect_writer(path)
    cursor = conn.cursor()
    start = time.perf_counter()
    try:
        for commit in commits:
            cursor.execute("BEGIN IMMEDIATE")
            for sql, values in commit:
                cursor.execute(sql, values)
            cursor.execute("COMMIT")
        return time.perf_counter() - start
    finally:
        conn.close()
