"""kill -9 in a rush, again and again: what was acknowledged is there, nothing is there twice, and the hub has the same."""

import asyncio
import os
import random
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest

from edge.app import SLICES
from edge.engine.database import connect_reader
from edge.engine.projector import Projector, verify
from shared.ops import decode
from tests.crash.edge_program import EdgeProgram
from tests.crash.rush import Acked, Rush
from tests.hub_service import HubService, until

KILLS = int(os.environ.get("KILLS", "50"))  # `make torture KILLS=500` for a night
DEVICES = 8
#: Entries that each command of the rush writes, done once.
ENTRIES = {"open_check": 1, "add_lines": 1, "send_lines": 2, "take_payment": 4}


@pytest.mark.slow
@pytest.mark.timeout(600 + 20 * KILLS)
async def test_fifty_kills_in_a_rush_lose_nothing_and_repeat_nothing(service: HubService, tmp_path: Path) -> None:
    service.start_hub()
    edge = EdgeProgram(service.edge_settings("acme", "v1", tmp_path / "venue"))
    await edge.start()
    rush = Rush(edge.address, edge.console_key)
    await rush.open()
    playing = asyncio.create_task(rush.run(DEVICES))
    moments, began_s = random.Random(20261125), time.perf_counter()
    try:
        for _ in range(KILLS):
            await the_first_of(playing, rush.acked_more(moments.randrange(4, 80)))
            await asyncio.sleep(moments.uniform(0, 0.02))  # at any moment of what is under way
            edge.kill()
            await edge.start()
        rush.end()
        await playing
        conn = connect_reader(edge.settings.database)
        assert len(rush.acked) > 4 * KILLS and rush.asked_again > KILLS
        lost, twice = missing(conn, rush.acked), repeated(conn, rush.acked)
        assert (lost, twice) == ([], [])
        assert verify(conn, Projector(SLICES, decode), SLICES) == []
        await until(lambda: service.entries("acme", "v1") == rows(conn))
        sys.stdout.write(
            f"\n{KILLS} times kill -9 in {time.perf_counter() - began_s:.0f} s, {DEVICES} devices:"
            f" {len(rush.acked):,} commands were acknowledged, {rush.asked_again:,} requests were asked again.\n"
            f"Lost: {len(lost)}. Done twice: {len(twice)}. The log's {len(rows(conn)):,} entries form one chain,"
            " every table equals its replay, and the hub has the same entries.\n"
        )
        conn.close()
    finally:
        playing.cancel()
        edge.stop()


async def the_first_of(playing: asyncio.Task[None], acked: Coroutine[Any, Any, None]) -> None:
    """Wait for what was acknowledged, unless a device of the rush gives up before: then its fault is raised."""
    more = asyncio.create_task(acked)
    await asyncio.wait({playing, more}, return_when=asyncio.FIRST_COMPLETED)
    if playing.done():
        more.cancel()
        playing.result()


def missing(conn: sqlite3.Connection, acked: list[Acked]) -> list[Acked]:
    """Acknowledged commands whose last entry is not in the log."""
    by_seq = dict(conn.execute("SELECT seq, command_id FROM log"))
    return [one for one in acked if by_seq.get(one.seq) != one.command_id]


def repeated(conn: sqlite3.Connection, acked: list[Acked]) -> list[tuple[str, int]]:
    """Commands with more or fewer entries than doing them once writes."""
    counts = Counter(command_id for (command_id,) in conn.execute("SELECT command_id FROM log"))
    return [(one.name, counts[one.command_id]) for one in acked if counts[one.command_id] != ENTRIES[one.name]]


def rows(conn: sqlite3.Connection) -> list[tuple[int, bytes]]:
    """Number and digest of every entry at the edge."""
    return [(int(seq), bytes(digest)) for seq, digest in conn.execute("SELECT seq, digest FROM log ORDER BY seq")]
