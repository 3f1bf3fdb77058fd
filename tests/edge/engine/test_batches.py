"""Commands that share a commit: as if each had come alone, whatever one of them does in the middle."""

import asyncio
import sqlite3
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest
from engine_toy import TOY, Venue, a_venue, put, take
from hypothesis import given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from edge.engine.asks import Ask
from edge.engine.database import FILE_NAME, connect_writer
from edge.engine.memory import WriterConnection
from edge.engine.projector import verify
from shared.commands.base import CommandAnswer

FAULTS = ["", "", "", "decide", "project", "second op", "kept", "keep", "needs manager"]


@st.composite
def asks(draw: st.DrawFn) -> Ask:
    """A wish from a pool so small that ids and things come again."""
    thing = draw(st.sampled_from("abc"))
    one = take(thing) if draw(st.booleans()) else put(thing, fault=draw(st.sampled_from(FAULTS)))
    id = draw(st.sampled_from([one.id, "0193aaaaaaaa", "0193bbbbbbbb", "0193cccccccc", "zz"]))
    return msgspec.structs.replace(one, id=id, approval=draw(st.sampled_from(["", "", "ok"])))


async def in_commits(
    folder: Path, batches: Sequence[Sequence[Ask]]
) -> tuple[list[CommandAnswer], list[Any], dict[str, int]]:
    """The answers, everything that was written but ids and times, and the refusals that were counted."""
    conn = connect_writer(folder / FILE_NAME)
    conn.execute("PRAGMA synchronous = OFF")  # thrown away
    with capture_logs():  # a traceback drawn for each fault takes longer than all the rest
        return await _in_commits(folder, conn, batches)


async def _in_commits(
    folder: Path, conn: WriterConnection, batches: Sequence[Sequence[Ask]]
) -> tuple[list[CommandAnswer], list[Any], dict[str, int]]:
    async with a_venue(folder, conn) as venue:
        answers = [answer for batch in batches for answer in await venue.writer.ask(batch)]
        assert verify(venue.conn, venue.projector, [TOY]) == []
        return answers, everything_in(venue), dict(venue.writer.refusals)


def everything_in(venue: Venue) -> list[Any]:
    return [
        venue.rows(f"SELECT {columns} FROM {table} ORDER BY 1")
        for table, columns in {
            "log": "seq, kind, subject, command_id, body",
            "command_done": "command_id, seq, code, facts, digest",
            "refusal": "id, command_id, name, code, device_id, staff_id",
            "thing": "thing_id, box_id, price_minor",
            "box": "*",
            "last": "*",
            "person": "*",
        }.items()
    ]


@settings(max_examples=50, deadline=None)
@given(st.lists(asks(), min_size=1, max_size=12))
def test_a_batch_answers_and_writes_what_the_same_commands_do_one_by_one(batch: list[Ask]) -> None:
    with tempfile.TemporaryDirectory() as name:
        together, alone = Path(name) / "together", Path(name) / "alone"
        together.mkdir()
        alone.mkdir()
        assert asyncio.run(in_commits(together, [batch])) == asyncio.run(in_commits(alone, [[one] for one in batch]))


def test_a_command_that_breaks_halfway_leaves_the_log_where_it_was(tmp_path: Path) -> None:
    async def play() -> None:
        async with a_venue(tmp_path) as venue:
            await venue.writer.ask([put("a"), put("bad", fault="project"), put("c")])
            assert venue.rows("SELECT seq, command_id FROM log") == [(1, "put-b1-a"), (2, "put-b1-c")]
            (after,) = await venue.writer.ask([put("d")])
            assert after.seq == 3
            assert venue.rows("SELECT count(*) FROM command_done") == [(3,)]

    asyncio.run(play())


def test_the_bell_tells_only_of_rows_that_were_kept(tmp_path: Path) -> None:
    async def play() -> None:
        async with a_venue(tmp_path) as venue:
            heard: list[object] = []
            venue.writer.listen(lambda seq, touched: heard.extend(touched))
            await venue.writer.ask([put("a"), put("bad", box="b2", fault="second op")])
            assert heard == [("thing", ("b1", "a")), ("box", ("b1",)), ("last", ("b1",))]

    asyncio.run(play())


@pytest.mark.parametrize("breaks_at", ["before", "after"])
def test_a_job_beside_a_command_that_breaks_is_done_once(tmp_path: Path, breaks_at: str) -> None:
    held, let_go = threading.Event(), threading.Event()

    def hold(conn: sqlite3.Connection) -> None:
        held.set()
        assert let_go.wait(60)

    def count(conn: sqlite3.Connection) -> int:
        conn.execute(
            "INSERT INTO worker_cursor (name, seq) VALUES ('w', 1) ON CONFLICT (name) DO UPDATE SET seq = seq + 1"
        )
        return 7

    async def play() -> None:
        async with a_venue(tmp_path) as venue:
            first = asyncio.ensure_future(venue.writer.job(hold))
            assert await asyncio.to_thread(held.wait, 60)
            waiting = [venue.writer.ask([put("bad", fault="project"), put("a")]), venue.writer.job(count)]
            waiting = waiting if breaks_at == "before" else waiting[::-1]
            together = [asyncio.ensure_future(one) for one in waiting]
            await asyncio.sleep(0)
            let_go.set()
            results = await asyncio.gather(*together)
            await first
            assert 7 in results
            assert venue.writer.commits == 1
            assert venue.rows("SELECT name, seq FROM worker_cursor") == [("w", 1)]
            assert venue.rows("SELECT thing_id FROM thing") == [("a",)]

    asyncio.run(play())
