"""A crash between any two steps: every ticket is on paper, and none twice without saying so."""

import asyncio
import json
import os
import re
import sqlite3
import sys
from collections import Counter
from pathlib import Path

import pytest
from printing_builders import PrintRoom, a_line, print_room, printers

from edge.engine.database import FILE_NAME
from installer.simulators.printers.device import Device
from installer.simulators.printers.paper import text_of
from shared.commands.cash import OpenDrawer

KILLS = 8
WAIT_S = 120
ROOT = Path(__file__).parents[3]


async def test_entries_that_are_read_again_make_no_second_paper(tmp_path: Path) -> None:
    async with print_room(tmp_path) as room:
        await room.order(a_line("l1"))
        await room.settled()
        await room.stop_spool()
        await room.service.writer.job(
            lambda conn: conn.execute("INSERT INTO worker_cursor (name, seq) VALUES ('print_spool', 0)")
        )
        room.start_spool()
        await room.settled()
        await room.order(a_line("l2"))
        await room.settled()
        assert len(room.papers("cocina")) == 2


async def test_a_ticket_that_was_on_its_way_is_repeated_and_says_so(tmp_path: Path) -> None:
    async with print_room(tmp_path, spool=False) as room:
        await waiting_in(room, "underway")
        room.start_spool()
        await room.settled()
        (paper,) = room.papers("cocina")
        assert "REIMPRESIÓN" in paper and "Posible duplicado" in paper


async def test_a_ticket_that_had_not_left_is_printed_as_if_nothing_had_happened(tmp_path: Path) -> None:
    async with print_room(tmp_path, spool=False) as room:
        await waiting_in(room, "waiting")
        room.start_spool()
        await room.settled()
        (paper,) = room.papers("cocina")
        assert "REIMPRESIÓN" not in paper


async def test_paper_that_came_out_before_the_log_had_it_is_told_once(tmp_path: Path) -> None:
    async with print_room(tmp_path, spool=False) as room:
        await waiting_in(room, "done")
        room.start_spool()
        await room.settled()
        await room.stop_spool()
        await room.service.writer.job(lambda conn: conn.execute("UPDATE errand SET is_told = 0"))
        room.start_spool()
        await room.settled()
        assert room.papers("cocina") == []
        assert room.service.rows("SELECT COUNT(*) FROM log WHERE kind = 'paper_printed'") == [(1,)]


async def test_a_drawer_that_may_have_opened_is_not_opened_again(tmp_path: Path) -> None:
    async with print_room(tmp_path, spool=False) as room:
        await room.service.do("mara", OpenDrawer(session_id="d1", drawer_id="caja", float_minor=1_000_00))
        await begun(room)
        room.start_spool()
        await room.until(lambda: room.states() == [("drawer", "unconfirmed")])
        await room.order(a_line("l1", "agua"))
        await room.settled()
        assert room.devices["barra"].mechanism.kicks == 0
        assert room.service.problems() == []


async def test_paper_that_nobody_confirms_is_repeated_a_few_times_and_no_more(tmp_path: Path) -> None:
    async with print_room(tmp_path, spool=False) as room:
        await waiting_in(room, "underway")
        await room.service.writer.job(lambda conn: conn.execute("UPDATE errand SET doubts = 3"))
        room.start_spool()
        await room.until(lambda: room.states() == [("kitchen", "unconfirmed")])
        await room.settled()
        assert room.service.rows("SELECT COUNT(*) FROM log WHERE kind = 'paper_failed'") == [(1,)]
        (line,) = room.service.views("check", "c1")["c1"].lines
        assert line.reached == "failed"
        assert room.papers("cocina") == []


@pytest.mark.slow
async def test_killed_again_and_again_every_ticket_is_on_paper_and_only_marked_ones_twice(tmp_path: Path) -> None:
    changes = asyncio.Event()
    async with printers(changes) as devices:
        for device in devices.values():
            device.set(type(device.switches)(bytes_per_s=30_000))
        for kill in range(KILLS):
            await killed(tmp_path, devices, changes, after_bytes=1_500 + 977 * kill)
        last = await victim(tmp_path, devices, "settle")
        assert await asyncio.wait_for(last.wait(), WAIT_S) == 0
        papers = [text_of(ticket) for device in devices.values() for ticket in device.mechanism.tickets]
    ordered = notes_of_tickets(tmp_path)
    notes = [(re.findall(r'"(n\d+\.)"', paper), "REIMPRESIÓN" in paper) for paper in papers]
    whole = Counter(found[0] for found, _ in notes if found)
    unmarked = Counter(found[0] for found, is_marked in notes if found and not is_marked)
    assert set(whole) == ordered
    assert set(unmarked.values()) <= {1}


async def waiting_in(room: PrintRoom, state: str) -> None:
    """A ticket whose job a crash left in this state."""
    await room.order(a_line("l1"))
    assert room.states() == [("kitchen", "waiting")]
    match state:
        case "underway":
            await begun(room)
        case "done":
            ended = "UPDATE errand SET state = 'done', outcome = 'printed', ended_at_ms = 1"
            await room.service.writer.job(lambda conn: conn.execute(ended))


async def begun(room: PrintRoom) -> None:
    """Every job as a crash leaves it whose first byte may have left."""
    await room.service.writer.job(
        lambda conn: conn.execute("UPDATE errand SET state = 'underway', attempts = attempts + 1")
    )


async def victim(folder: Path, devices: dict[str, Device], *mode: str) -> asyncio.subprocess.Process:
    """A venue in a process of its own, once it is running."""
    ports = json.dumps({name: device.port for name, device in devices.items()})
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(Path(__file__).with_name("printing_victim.py")),
        str(folder),
        ports,
        *mode,
        env={**os.environ, "PYTHONPATH": f"{ROOT}:{Path(__file__).parent}"},
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    assert await asyncio.wait_for(process.stdout.readline(), WAIT_S) == b"running\n"
    return process


async def killed(folder: Path, devices: dict[str, Device], changes: asyncio.Event, *, after_bytes: int) -> None:
    """Run the venue until its printers got so many bytes more, then end it without a word."""
    process = await victim(folder, devices)
    goal = sum(device.received_bytes for device in devices.values()) + after_bytes
    async with asyncio.timeout(WAIT_S):
        while sum(device.received_bytes for device in devices.values()) < goal:
            changes.clear()
            await changes.wait()
    process.kill()
    await process.wait()


def notes_of_tickets(folder: Path) -> set[str]:
    """What every ticket that was committed says."""
    conn = sqlite3.connect(folder / FILE_NAME)
    try:
        return {note for (note,) in conn.execute("SELECT note FROM ticket_line")}
    finally:
        conn.close()
