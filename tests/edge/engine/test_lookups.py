"""What people ask over HTTP: bounded, on connections of its own, and ended at its deadline."""

import asyncio
import contextlib
import sqlite3
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.engine.database import connect_writer
from edge.engine.lookups import Lookups
from shared.errors import Rejected

DEADLINE_S = 0.15
#: Counts further than anyone waits.
ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 100000000000) SELECT COUNT(*) FROM n"


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A file with a table of one row."""
    path = tmp_path / "venue.db"
    conn = connect_writer(path)
    conn.execute("CREATE TABLE dish (name TEXT)")
    conn.execute("INSERT INTO dish VALUES ('flan')")
    conn.close()
    return path


@contextlib.asynccontextmanager
async def open_lookups(database: Path, *, connections: int = 2, most_waiting: int = 64) -> AsyncIterator[Lookups]:
    lookups = Lookups(database, connections=connections, deadline_s=DEADLINE_S, most_waiting=most_waiting)
    try:
        yield lookups
    finally:
        await lookups.close()


def dishes(conn: sqlite3.Connection) -> list[str]:
    return [name for (name,) in conn.execute("SELECT name FROM dish")]


def count_for_ever(conn: sqlite3.Connection) -> None:
    conn.execute(ENDLESS).fetchall()


def ask_for_ever(conn: sqlite3.Connection) -> None:
    """Many short statements: one interrupt seldom hits one."""
    while True:
        conn.execute("SELECT 1").fetchall()
        time.sleep(0.0001)


async def until_idle(lookups: Lookups, connections: int) -> None:
    """A thread that was interrupted ends a moment after its asker was told."""
    for _ in range(1_000):
        if lookups.idle == connections:
            return
        await asyncio.sleep(0.005)
    raise AssertionError(f"{lookups.idle} of {connections} connections came back")


async def code_of(lookups: Lookups, read: object) -> str:
    try:
        await lookups.run(read)  # type: ignore[arg-type]
    except Rejected as rejected:
        return rejected.code
    return ""


def test_one_sqlite_library_serves_the_process_whoever_imports_it() -> None:
    program = (
        "import edge.engine.lookups, aiosqlite.core, sqlite_utils.db, pysqlite3, sys;"
        "assert aiosqlite.core.sqlite3 is pysqlite3, aiosqlite.core.sqlite3;"
        "assert sqlite_utils.db.sqlite3.dbapi2.sqlite_version == pysqlite3.sqlite_version;"
        "assert sys.modules['sqlite3'] is pysqlite3"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


async def test_a_question_is_answered(database: Path) -> None:
    async with open_lookups(database) as lookups:
        assert await lookups.run(dishes) == ["flan"]
        assert await lookups.report(dishes) == ["flan"]


async def test_a_question_cannot_write(database: Path) -> None:
    async with open_lookups(database) as lookups:
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            await lookups.run(lambda conn: conn.execute("DELETE FROM dish"))
        assert await lookups.run(dishes) == ["flan"]


@pytest.mark.parametrize("endless", [count_for_ever, ask_for_ever], ids=["one long statement", "many short ones"])
async def test_a_question_past_its_deadline_is_interrupted_and_says_so(database: Path, endless: object) -> None:
    async with open_lookups(database) as lookups:
        began = time.monotonic()
        assert await code_of(lookups, endless) == "too_slow"
        assert time.monotonic() - began < DEADLINE_S + 2
        await until_idle(lookups, 2)
        assert await lookups.run(dishes) == ["flan"]


async def test_waiting_for_a_connection_counts_towards_the_deadline(database: Path) -> None:
    async with open_lookups(database, connections=1) as lookups:
        codes = await asyncio.gather(*(code_of(lookups, count_for_ever) for _ in range(3)))
        assert codes == ["too_slow"] * 3


async def test_more_than_may_wait_are_refused_at_once(database: Path) -> None:
    async with open_lookups(database, connections=1, most_waiting=1) as lookups:
        codes = await asyncio.gather(*(code_of(lookups, count_for_ever) for _ in range(4)))
        assert sorted(codes) == ["busy", "busy", "too_slow", "too_slow"]


async def test_reports_leave_a_connection_for_what_is_short(database: Path) -> None:
    async with open_lookups(database, connections=2) as lookups:
        reports = [asyncio.create_task(lookups.report(count_for_ever)) for _ in range(4)]
        await asyncio.sleep(0)
        assert await lookups.run(dishes) == ["flan"]
        assert not any(report.done() for report in reports)
        ends = await asyncio.gather(*reports, return_exceptions=True)
        assert [end.code for end in ends if isinstance(end, Rejected)] == ["too_slow"] * 4


async def test_a_connection_that_could_not_be_opened_makes_room_for_one_that_can(tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    async with open_lookups(tmp_path / "here" / "no" / "venue.db", connections=1) as lookups:
        with pytest.raises(sqlite3.OperationalError):
            await lookups.run(dishes)
        await until_idle(lookups, 1)
        (tmp_path / "here" / "no").mkdir()
        assert await lookups.run(lambda conn: conn.execute("SELECT 1").fetchall()) == [(1,)]


async def test_closing_ends_what_runs(database: Path) -> None:
    lookups = Lookups(database, connections=1, deadline_s=60)
    running = asyncio.create_task(lookups.run(count_for_ever))
    await asyncio.sleep(DEADLINE_S)
    assert lookups.idle == 0
    async with asyncio.timeout(5):
        await lookups.close()
    with pytest.raises(sqlite3.OperationalError, match="interrupted"):
        await running


KINDS = st.sampled_from(["short", "endless", "fails", "hangs up while waiting", "hangs up while reading"])


@settings(max_examples=15, deadline=None)
@given(kinds=st.lists(KINDS, min_size=1, max_size=12))
def test_no_connection_is_lost_whatever_becomes_of_the_askers(
    kinds: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("pool") / "venue.db"
    writer = connect_writer(path)
    writer.execute("CREATE TABLE dish (name TEXT)")

    async def ask(lookups: Lookups, kind: str) -> None:
        reads = {"short": dishes, "fails": lambda conn: conn.execute("SELECT * FROM nowhere")}
        asking = asyncio.create_task(lookups.report(reads.get(kind, count_for_ever)))
        if kind.startswith("hangs up"):
            for _ in range(0 if kind.endswith("waiting") else 3):
                await asyncio.sleep(DEADLINE_S / 10)
            asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)

    async def play() -> None:
        async with open_lookups(path) as lookups:
            await asyncio.gather(*(ask(lookups, kind) for kind in kinds))
            await until_idle(lookups, 2)
            writer.execute("INSERT INTO dish VALUES ('flan')")
            answers = await asyncio.gather(*(lookups.run(dishes) for _ in range(4)))
            assert answers == [["flan"]] * 4  # no connection stands in an older moment

    try:
        asyncio.run(play())
    finally:
        writer.close()
