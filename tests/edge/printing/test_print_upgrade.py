"""A folder of the release before errands: what waited there still prints, once, and nothing of it is told twice."""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from printing_builders import PrintRoom, a_line, printers, room_with

from edge.engine.database import FILE_NAME, connect_writer
from edge.engine.migrate import FOLDER

HEIR = "0007_errands.sql"


async def test_an_old_folders_jobs_still_print_and_those_it_had_not_made_are_made(tmp_path: Path) -> None:
    notes = ("waiting", "sending", "printed", "unread")
    async with updated(tmp_path, lambda: put_back_as_before(tmp_path), *notes) as room:
        papers = [(*re.findall(r'"(\w+)"', paper), "REIMPRESIÓN" in paper) for paper in room.papers("cocina")]
        assert papers == [("waiting", False), ("sending", True), ("unread", False)]
        assert told(room) == 4
        assert room.service.problems() == []


async def test_a_folder_that_never_printed_prints_its_first_ticket_after_the_update(tmp_path: Path) -> None:
    async with updated(tmp_path, lambda: put_back_as_before(tmp_path, never_printed=True), "first") as room:
        assert len(room.papers("cocina")) == 1


async def test_what_another_box_decided_is_not_printed_after_the_update(tmp_path: Path) -> None:
    def put_back() -> None:
        put_back_as_before(tmp_path, never_printed=True, and_then="UPDATE log SET epoch = 7")

    async with updated(tmp_path, put_back, "elsewhere") as room:
        assert room.states() == []


@contextlib.asynccontextmanager
async def updated(folder: Path, put_back: Callable[[], None], *notes: str) -> AsyncIterator[PrintRoom]:
    """A venue that took a ticket with each note before the update, and has printed what it prints after."""
    changes = asyncio.Event()
    async with printers(changes) as devices:
        async with room_with(devices, changes, folder, spool=False) as room:
            for note in notes:
                await room.order(a_line(f"l{note}", note=note))
        put_back()
        async with room_with(devices, changes, folder, spool=True) as room:
            await room.until(lambda: room.service.rows("SELECT * FROM worker_cursor") == [])
            await room.settled()
            yield room


def put_back_as_before(folder: Path, *, never_printed: bool = False, and_then: str = "") -> None:
    """Give the folder its old table of jobs, each in the state that its ticket's note names; the spool has not read the
    last ticket yet, or no entry at all.
    """
    conn = connect_writer(folder / FILE_NAME)
    old = (FOLDER / "0004_print_jobs.sql").read_text(encoding="utf-8")
    conn.executescript(old)
    if not never_printed:
        conn.execute(
            "INSERT INTO print_job SELECT job_id, number, 0, lane, body ->> 'home_id', body ->> 'backup_id', what,"
            " body -> 'facts', subject, body ->> 'check_id', body ->> '$.facts.lines[0].note', 0, 0, made_at_ms,"
            " until_ms, 0 FROM errand WHERE number < (SELECT MAX(number) FROM errand)"
        )
        conn.execute(
            "INSERT INTO worker_cursor (name, seq) SELECT 'print_spool', MAX(seq) - 1 FROM log WHERE kind = 'ticket_opened'"
        )
    conn.execute("DROP TABLE errand")
    conn.executemany("DELETE FROM migration WHERE name = ?", [(HEIR,), ("0010_errand_later.sql",)])
    if and_then:
        conn.execute(and_then)
    conn.close()


def told(room: PrintRoom) -> int:
    """How many papers the log has."""
    ((count,),) = room.service.rows("SELECT COUNT(*) FROM log WHERE kind = 'paper_printed'")
    return int(count)
