"""The writer on a real database: every command once, or not at all."""

import asyncio
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import msgspec
import pytest
from engine_toy import TOY, Venue, a_venue, put, take

from edge.engine import database
from edge.engine.asks import Ask, Asker
from edge.engine.memory import WriterConnection
from edge.engine.projector import verify
from edge.engine.writer import Busy, Stopped
from shared.commands.base import CommandAnswer
from sync.frames import MAX_PACKED

ENVIRONMENT = {
    **os.environ,
    "PYTHONPATH": os.pathsep.join(map(str, (Path(__file__).parents[3], Path(__file__).parent))),
}


def done(ask_id: str, seq: int) -> CommandAnswer:
    return CommandAnswer(id=ask_id, outcome="done", seq=seq)


def test_a_command_is_answered_with_its_last_entry(tmp_path: Path) -> None:
    async def play() -> None:
        async with a_venue(tmp_path) as venue:
            assert await venue.writer.ask([put("a"), put("b"), take("a")]) == [
                done("put-b1-a", 1),
                done("put-b1-b", 2),
                done("take-b1-a", 3),
            ]
            assert venue.rows("SELECT * FROM box") == [("b1", 100, 1)]

    asyncio.run(play())


def test_what_comes_while_a_batch_is_decided_shares_its_commit(tmp_path: Path) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow(conn: sqlite3.Connection) -> None:
        begun.set()
        assert go_on.wait(60)

    async def play() -> None:
        async with a_venue(tmp_path) as venue:
            first = asyncio.ensure_future(venue.writer.job(slow))
            assert await asyncio.to_thread(begun.wait, 60)
            others = [asyncio.ensure_future(venue.writer.ask([put(f"t{number}")])) for number in range(30)]
            await asyncio.sleep(0)
            go_on.set()
            await asyncio.gather(first, *others)
            assert (venue.writer.commits, venue.writer.commands) == (1, 30)

    asyncio.run(play())


def test_the_same_id_is_done_once(tmp_path: Path) -> None:
    async def play() -> None:
        async with a_venue(tmp_path) as venue:
            first = await venue.writer.ask([put("a"), put("a")])
            assert await venue.writer.ask([put("a")]) == first[:1] == first[1:]
        async with a_venue(tmp_path) as venue:
            assert await venue.writer.ask([put("a")]) == first[:1]
            assert venue.rows("SELECT count(*) FROM log") == [(1,)]

    asyncio.run(play())


@pytest.mark.parametrize(
    "other",
    [
        put("b", id="put-b1-a"),
        put("a", price_minor=101, id="put-b1-a"),
        msgspec.structs.replace(take("a"), id="put-b1-a"),
        msgspec.structs.replace(put("b", id="put-b1-a"), asker=Asker("d2", "waiter")),
    ],
)
@pytest.mark.parametrize("in_one_batch", [True, False])
def test_another_wish_under_a_known_id_is_refused_and_does_nothing(
    tmp_path: Path, other: Ask, in_one_batch: bool
) -> None:
    async def play() -> None:
        async with a_venue(tmp_path) as venue:
            if in_one_batch:
                first, second = await venue.writer.ask([put("a"), other])
            else:
                (first,), (second,) = await venue.writer.ask([put("a")]), await venue.writer.ask([other])
            assert second == CommandAnswer(id="put-b1-a", outcome="refused", code="id_taken")
            assert venue.rows("SELECT thing_id, price_minor FROM thing") == [("a", 100)]
            assert venue.rows("SELECT name, code, device_id FROM refusal") == [
                (other.name, "id_taken", other.asker.device_id)
            ]
            assert await venue.writer.ask([put("a")]) == [first], "the first wish is still what the id stands for"

    asyncio.run(play())


def test_another_wish_under_a_refused_id_is_refused_as_another(tmp_path: Path) -> None:
    async def play() -> None:
        async with a_venue(tmp_path) as venue:
            (refused,) = await venue.writer.ask([take("a")])
            await venue.writer.ask([put("b")])
            (other,) = await venue.writer.ask([msgspec.structs.replace(take("b"), id=refused.id)])
            assert (refused.code, other.code) == ("line_unknown", "id_taken")

    asyncio.run(play())


def test_an_id_from_before_wishes_were_kept_answers_whatever_is_asked(tmp_path: Path) -> None:
    async def play() -> None:
        async with a_venue(tmp_path) as venue:
            first = await venue.writer.ask([put("a")])
            await venue.writer.job(lambda conn: conn.execute("UPDATE command_done SET digest = x''").rowcount)
            assert await venue.writer.ask([put("b", id="put-b1-a")]) == first

    asyncio.run(play())


def test_a_refusal_writes_an_audit_row_and_stays_a_refusal(tmp_path: Path) -> None:
    async def play() -> None:
        async with a_venue(tmp_path) as venue:
            (refused,) = await venue.writer.ask([take("a")])
            assert refused == CommandAnswer(id="take-b1-a", outcome="refused", code="line_unknown")
            await venue.writer.ask([put("a")])
            assert await venue.writer.ask([take("a")]) == [refused]
            assert venue.rows("SELECT command_id, name, code, device_id FROM refusal") == [
                ("take-b1-a", "take_thing", "line_unknown", "d1")
            ]

    asyncio.run(play())


@pytest.mark.parametrize("fault", ["decide", "project", "second op", "keep"])
def test_a_command_that_fails_leaves_its_neighbours_whole(tmp_path: Path, fault: str) -> None:
    async def play() -> None:
        async with a_venue(tmp_path) as venue:
            answers = await venue.writer.ask([put("a"), put("bad", fault=fault), put("c")])
            assert answers == [
                done("put-b1-a", 1),
                CommandAnswer(id="put-b1-bad", outcome="failed", code="failed"),
                done("put-b1-c", 2),
            ]
            assert venue.rows("SELECT thing_id FROM thing ORDER BY 1") == [("a",), ("c",)]
            assert venue.rows("SELECT * FROM person") == []
            assert venue.rows("SELECT count(*) FROM command_done") == [(2,)]  # asked again, it is tried again
            assert verify(venue.conn, venue.projector, [TOY]) == []

    asyncio.run(play())


@pytest.mark.parametrize("fault", ["", "second op"])
def test_what_cannot_travel_to_the_hub_is_refused_and_leaves_its_neighbours_whole(tmp_path: Path, fault: str) -> None:
    """`second op` has its first entry and rows written before the one that is too large."""
    thing = random.Random(7).randbytes(MAX_PACKED).hex()

    async def play() -> None:
        async with a_venue(tmp_path) as venue:
            large = msgspec.structs.replace(put(thing, fault=fault), id="large")
            answers = await venue.writer.ask([put("a"), large, put("c")])
            refused = CommandAnswer(id="large", outcome="refused", code="too_large", facts={"limit_bytes": MAX_PACKED})
            assert answers == [done("put-b1-a", 1), refused, done("put-b1-c", 2)]
            assert venue.rows("SELECT thing_id FROM thing ORDER BY 1") == [("a",), ("c",)]
            assert verify(venue.conn, venue.projector, [TOY]) == []

    asyncio.run(play())


def test_a_full_queue_refuses_and_writes_nothing(tmp_path: Path) -> None:
    async def play() -> None:
        async with a_venue(tmp_path, queue_limit=3) as venue:
            held, let_go = threading.Event(), threading.Event()

            def hold(conn: sqlite3.Connection) -> None:
                held.set()
                let_go.wait(10)

            job = asyncio.ensure_future(venue.writer.job(hold))
            await asyncio.to_thread(held.wait, 10)
            waiting = asyncio.ensure_future(venue.writer.ask([put("a"), put("b")]))
            await asyncio.sleep(0)
            with pytest.raises(Busy):
                await venue.writer.ask([put("c"), put("d")])
            let_go.set()
            await asyncio.gather(job, waiting)
            assert venue.rows("SELECT thing_id FROM thing ORDER BY 1") == [("a",), ("b",)]

    asyncio.run(play())


def test_a_tool_that_holds_the_database_makes_commands_try_again_later(tmp_path: Path) -> None:
    async def play() -> None:
        async with a_venue(tmp_path) as venue:
            venue.conn.execute("PRAGMA busy_timeout = 1")
            tool = sqlite3.connect(venue.path, isolation_level=None)
            tool.execute("BEGIN IMMEDIATE")
            with pytest.raises(Busy):
                await venue.writer.ask([put("a")])
            tool.execute("ROLLBACK")
            tool.close()
            assert await venue.writer.ask([put("a")]) == [done("put-b1-a", 1)]

    asyncio.run(play())


class _FailingCursor(sqlite3.Cursor):
    failing = False

    def execute(self, sql: str, parameters: object = ()) -> sqlite3.Cursor:  # type: ignore[override]
        if sql == "COMMIT" and _FailingCursor.failing:
            raise sqlite3.OperationalError("disk I/O error")
        return super().execute(sql, parameters)  # type: ignore[arg-type]


class _FailingConnection(WriterConnection):
    def cursor(self, factory: type[sqlite3.Cursor] = _FailingCursor) -> sqlite3.Cursor:  # type: ignore[override]
        return super().cursor(factory)


def test_a_failed_commit_fails_all_its_commands_and_stops_the_writing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def play() -> None:
        path = tmp_path / database.FILE_NAME
        conn = sqlite3.connect(path, factory=_FailingConnection, isolation_level=None, check_same_thread=False)
        conn.execute("PRAGMA journal_mode = WAL")
        async with a_venue(tmp_path, conn) as venue:
            rung: list[int] = []
            venue.writer.listen(lambda seq, touched: rung.append(seq))
            await venue.writer.ask([put("a")])
            monkeypatch.setattr(_FailingCursor, "failing", True)
            both = await asyncio.gather(
                venue.writer.ask([put("b")]), venue.writer.ask([put("c")]), return_exceptions=True
            )
            assert [type(answer) for answer in both] == [Stopped, Stopped]
            monkeypatch.setattr(_FailingCursor, "failing", False)
            with pytest.raises(Stopped):
                await venue.writer.ask([put("d")])
            assert venue.writer.has_failed
            assert rung == [1]
            assert venue.rows("SELECT thing_id FROM thing") == [("a",)]

    asyncio.run(play())


def test_a_job_that_raises_leaves_nothing_and_its_neighbours_whole(tmp_path: Path) -> None:
    def spoil(conn: sqlite3.Connection) -> None:
        conn.execute("INSERT INTO worker_cursor (name, seq) VALUES ('w', 1)")
        raise ZeroDivisionError

    async def play() -> None:
        async with a_venue(tmp_path) as venue:
            first, job, last = await asyncio.gather(
                venue.writer.ask([put("a")]),
                venue.writer.job(spoil),
                venue.writer.ask([put("b")]),
                return_exceptions=True,
            )
            assert isinstance(job, ZeroDivisionError)
            assert (first, last) == ([done("put-b1-a", 1)], [done("put-b1-b", 2)])
            assert venue.rows("SELECT * FROM worker_cursor") == []

    asyncio.run(play())


CRASHING = """
import asyncio, os, signal, sys
from pathlib import Path
from engine_toy import a_venue, put

async def play():
    async with a_venue(Path(sys.argv[1])) as venue:
        left = [int(sys.argv[2])]
        def step(sql):
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)
        venue.conn.set_trace_callback(step)
        for n in range(1000):
            (answer,) = await venue.writer.ask([put(f"t{n}", box=f"b{n % 3}")])
            os.write(1, f"{answer.id}\\n".encode())
asyncio.run(play())
"""


@pytest.mark.parametrize("step", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 40, 41, 42])
def test_a_kill_between_any_two_steps_loses_no_answered_command(tmp_path: Path, step: int) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", CRASHING, str(tmp_path), str(step)],
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert ran.returncode == -signal.SIGKILL, ran.stderr
    venue = Venue(tmp_path)
    try:
        kept = {row[0] for row in venue.rows("SELECT command_id FROM command_done WHERE code = ''")}
        assert set(ran.stdout.split()) <= kept
        assert {row[0] for row in venue.rows("SELECT command_id FROM log")} == kept
        assert verify(venue.conn, venue.projector, [TOY]) == []
    finally:
        venue.reads.close()
        venue.conn.close()


FULL_DISK = """
import asyncio, resource, signal, sys
from pathlib import Path
from edge.engine.writer import Stopped
from engine_toy import a_venue, put

async def play():
    async with a_venue(Path(sys.argv[1])) as venue:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        size = Path(str(venue.path) + "-wal").stat().st_size
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + 200_000, size + 200_000))
        n = 0
        try:
            while n < 5000:
                for answer in await venue.writer.ask([put(f"t{n}-{i}") for i in range(20)]):
                    print(answer.id)
                n += 1
        except Stopped:
            print("stopped")
asyncio.run(play())
"""


def test_a_full_disk_stops_the_writing_and_keeps_what_was_answered(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(tmp_path)],
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    said = ran.stdout.splitlines()
    assert said[-1] == "stopped", ran.stderr
    answered = [line for line in said if line.startswith("put-")]
    venue = Venue(tmp_path)
    try:
        kept = {row[0] for row in venue.rows("SELECT command_id FROM command_done")}
        assert answered and set(answered) == kept
        assert verify(venue.conn, venue.projector, [TOY]) == []
    finally:
        venue.reads.close()
        venue.conn.close()


def test_a_second_process_is_told_who_has_the_folder(tmp_path: Path) -> None:
    with database.data_folder_lock(tmp_path):
        with pytest.raises(database.DatabaseInUse) as refused, database.data_folder_lock(tmp_path):
            pass
        assert refused.value.pid == os.getpid()
    with database.data_folder_lock(tmp_path):
        pass  # let go of, it may be taken again


def test_a_command_refused_for_want_of_a_manager_passes_once_approved(tmp_path: Path) -> None:
    async def play() -> None:
        async with a_venue(tmp_path) as venue:
            asked = put("a", fault="needs manager")
            (refused,) = await venue.writer.ask([asked])
            assert refused.code == "needs_manager"
            assert await venue.writer.ask([asked]) == [refused]
            approved = msgspec.structs.replace(asked, approval="approval1")
            assert await venue.writer.ask([approved]) == [done("put-b1-a", 1)]
            assert await venue.writer.ask([asked]) == [done("put-b1-a", 1)]

    asyncio.run(play())


def test_a_listener_that_fails_keeps_the_news_from_nobody(tmp_path: Path) -> None:
    async def play() -> None:
        async with a_venue(tmp_path) as venue:
            told: list[int] = []

            def fail(seq: int, touched: object) -> None:
                raise RuntimeError("a fault of ours")

            venue.writer.listen(fail)
            venue.writer.listen(lambda seq, touched: told.append(seq))
            await venue.writer.ask([put("a")])
            await venue.writer.ask([put("b")])
            assert told == [1, 2]

    asyncio.run(play())
