"""A projection behind the writer: level in the end, every entry once, whatever it is cut off in; it stops no sale."""

import asyncio
import subprocess
import sys
from itertools import count
from pathlib import Path

import behind_toy
import msgspec
import pytest
from behind_toy import COUNT, COUNTS, a_behind
from engine_toy import ThingPut, Venue, a_venue, put, take

from edge.engine import cursors
from edge.engine.behind import BehindProjection
from edge.engine.cursors import Cursor

PATIENCE_S = 60


async def level(venue: Venue, behind: BehindProjection) -> None:
    """Until its tables hold the whole log."""
    ((last,),) = venue.rows("SELECT MAX(seq) FROM log")
    async with asyncio.timeout(PATIENCE_S):
        await behind.reaches(int(str(last)))


def test_its_rows_follow_the_log_and_are_what_a_replay_makes(tmp_path: Path) -> None:
    async def play() -> None:
        async with a_venue(tmp_path) as venue:
            await venue.writer.ask([put("a"), put("b", price_minor=50)])
            behind = a_behind(venue)
            behind.start()
            await venue.writer.ask([put("c", box="b2"), take("a")])
            await venue.writer.ask([put("d")])
            await level(venue, behind)
            await behind.stop()
            assert venue.rows("SELECT * FROM put_count") == [("b1", 3, 250), ("b2", 1, 100)]
            assert venue.reads.run_here(behind.problems) == []
            await venue.writer.job(lambda conn: conn.execute("UPDATE put_count SET puts = 9 WHERE box_id = 'b2'"))
            assert venue.reads.run_here(behind.problems) == [
                "table put_count differs from its replay: live ('b2', 9, 100), replayed ('b2', 1, 100)"
            ]

    asyncio.run(play())


def test_a_fault_in_it_stops_no_sale_and_once_it_is_cured_every_entry_counts_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def play() -> None:
        third_try, tries, loop = asyncio.Event(), count(1), asyncio.get_running_loop()

        def fails(op: ThingPut) -> None:
            if op.thing_id == "b":
                if next(tries) == 3:
                    loop.call_soon_threadsafe(third_try.set)
                raise ZeroDivisionError

        monkeypatch.setattr(behind_toy, "looks", [fails])
        async with a_venue(tmp_path) as venue:
            behind = a_behind(venue)
            behind.start()
            await venue.writer.ask([put("a")])
            await level(venue, behind)
            await venue.writer.ask([put("b"), put("c")])
            async with asyncio.timeout(PATIENCE_S):
                await third_try.wait()
            answers = await venue.writer.ask([put("d")])
            assert [answer.outcome for answer in answers] == ["done"]
            assert venue.rows("SELECT * FROM put_count") == [("b1", 1, 100)]
            monkeypatch.setattr(behind_toy, "looks", [])
            await level(venue, behind)
            await behind.stop()
            assert venue.rows("SELECT * FROM put_count") == [("b1", 4, 400)]

    asyncio.run(play())


def test_it_is_cut_off_between_any_two_steps_and_counts_every_entry_once(tmp_path: Path) -> None:
    victim = [sys.executable, str(Path(__file__).parent / "behind_victim.py"), str(tmp_path)]
    ran = subprocess.run(victim, capture_output=True, text=True, timeout=5 * PATIENCE_S, check=False)
    lives = [tuple(map(int, line.split())) for line in ran.stdout.splitlines()]
    assert [code for code, _, _ in lives] == [9] * (len(lives) - 1) + [0], ran.stderr
    assert len(lives) > 15, "it was cut in all of its steps"
    assert [(puts, logged) for _, puts, logged in lives if puts != logged] == []
    assert lives[-1][1] == 3 * len(lives)


def test_another_release_makes_its_tables_again_while_the_venue_serves(tmp_path: Path) -> None:
    async def play() -> None:
        async with a_venue(tmp_path) as venue:
            first = a_behind(venue)
            first.start()
            await venue.writer.ask([put("a"), put("b")])
            await level(venue, first)
            await first.stop()
            wider = msgspec.structs.replace(COUNT, columns={**COUNT.columns, "takes": "int"})
            later = a_behind(venue, msgspec.structs.replace(COUNTS, tables=(wider,)))
            later.start()
            await venue.writer.ask([put("c")])
            await level(venue, later)
            await later.stop()
            assert venue.rows("SELECT * FROM put_count") == [("b1", 3, 300, 0)]

    asyncio.run(play())


def test_tables_of_another_log_are_made_again_from_this_one(tmp_path: Path) -> None:
    """As after a restore: the numbers go on, the entries are others, in another epoch."""

    async def play() -> None:
        async with a_venue(tmp_path) as venue:
            first = a_behind(venue)
            first.start()
            await venue.writer.ask([put("a"), put("b")])
            await level(venue, first)
            await first.stop()
            await venue.writer.job(lambda conn: conn.execute("UPDATE log SET epoch = 7 WHERE seq = 2"))
            await venue.writer.job(lambda conn: conn.execute("DELETE FROM put_count"))
            later = a_behind(venue)
            later.start()
            await level(venue, later)
            await later.stop()
            assert venue.rows("SELECT * FROM put_count") == [("b1", 2, 200)]
            assert venue.reads.run_here(lambda conn: cursors.saved(conn, later.name)) == Cursor(7, 2)

    asyncio.run(play())


def test_a_cursor_is_in_the_log_by_epoch_and_number(tmp_path: Path) -> None:
    async def play() -> None:
        async with a_venue(tmp_path) as venue:
            await venue.writer.ask([put("a")])
            ((epoch,),) = venue.rows("SELECT epoch FROM log")
            known = (Cursor(), Cursor(epoch, 1), Cursor(epoch + 1, 1), Cursor(epoch, 2))
            there = venue.reads.run_here(lambda conn: [cursors.is_in_log(conn, cursor) for cursor in known])
            assert there == [True, True, False, False]

    asyncio.run(play())
