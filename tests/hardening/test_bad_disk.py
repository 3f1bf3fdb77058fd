"""A full disk: the edge stops writing, says so, goes on showing what it has, and loses nothing that it answered."""

import asyncio
import json
import resource
import sqlite3
from pathlib import Path

import pytest
from websockets.sync.client import connect

from edge import app as root
from edge.engine.database import connect_writer
from edge.engine.writer import Stopped
from shared.answers.staff import SESSION_HEADER
from tests.hardening.busy_screens import BusyScreens
from tests.hardening.open_venue import PATIENCE_S, OpenVenue, Screen, an_open_venue
from tests.real_venue import a_real_venue

ROOM_BYTES = 300_000


def fill_the_disk(venue: OpenVenue) -> None:
    """No file of the edge may grow much further; what the kernel then says to a write is a fault of the disk."""
    largest = max(path.stat().st_size for path in venue.data_dir.glob("venue.db*"))
    _, hard = resource.prlimit(venue.program.program.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(venue.program.program.pid, resource.RLIMIT_FSIZE, (largest + ROOM_BYTES, hard))


@pytest.mark.slow
@pytest.mark.parametrize("log", ["edge.log", "/dev/full"])
def test_a_full_disk_stops_the_writing_and_nothing_else(tmp_path: Path, log: str) -> None:
    with an_open_venue(tmp_path / "venue", log=tmp_path / log) as venue:
        phone, till = venue.seated(), venue.paired("pos", "mara")
        fill_the_disk(venue)
        busy = BusyScreens(venue).start()
        busy.join()
        assert busy.acked and busy.cut_off == 0
        assert {response.status_code for response in busy.refused} == {503}
        assert [response.json() for response in busy.refused] == [{"code": "stopped", "facts": {}}] * 4
        nothing_is_written(venue, phone, till)
        reads_go_on(venue, phone, till)
        program = venue.program.program
        program.stop()
        assert program.exit_code == 0
        asyncio.run(venue.program.start())  # with room again
        assert busy.missing(venue) == set()
        assert venue.problems() == []
        assert venue.health()["writes"] is True
        assert till.code("open_check", check_id="c-after", kind="counter") == ""


def nothing_is_written(venue: OpenVenue, phone: Screen, till: Screen) -> None:
    """Every door that writes says the same."""
    before = venue.seq()
    answers = [
        till.post(till.an_ask("open_check", {"check_id": "c-full", "kind": "counter"})),
        phone.post(phone.an_ask("call_waiter", {"call_id": "full"})),
        phone.http.post("/guest-api/join", json={"code": venue.code_of(venue.table())}),
        till.sign_in("ana"),
        till.sign_in("ana", "000000"),
        venue.screen().http.post("/devices/pairings", json={"app": "kds", "device_name": "x"}),
    ]
    assert [(one.status_code, one.json()["code"]) for one in answers] == [(503, "stopped")] * len(answers)
    assert all(one.headers["retry-after"] for one in answers)
    assert venue.health()["writes"] is False
    assert venue.seq() == before


def reads_go_on(venue: OpenVenue, phone: Screen, till: Screen) -> None:
    """Screens open and show what was committed."""
    assert phone.http.get("/guest-api/menu").status_code == 200
    assert till.http.get("/reports/x", headers={SESSION_HEADER: till.session}).status_code == 200
    with phone.http.stream("GET", "/guest-api/events") as events:
        assert next(line for line in events.iter_lines() if line.startswith("event"))
    with connect(venue.address.replace("http", "ws") + "/feed", proxy=None, max_size=2**26) as feed:
        feed.send(json.dumps({"type": "hello", "token": till.key}))
        first = json.loads(feed.recv(PATIENCE_S))
    assert (first["type"], first["seq"]) == ("snapshot", venue.seq())


def cramped(path: Path) -> sqlite3.Connection:
    """The write connection to a database that may grow by a few pages: SQLite itself says that the disk is full."""
    conn = connect_writer(path)
    ((pages,),) = conn.execute("PRAGMA page_count")
    conn.execute(f"PRAGMA max_page_count = {pages + 20}")
    return conn


async def test_what_was_answered_before_sqlite_found_no_page_is_there_and_the_rest_is_not(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        settings = venue.edge.settings
    acked: list[str] = []
    async with root.deciding(settings, connect=cramped) as edge:
        venue.edge = edge
        with pytest.raises(Stopped):
            while True:
                check_id = f"full{len(acked)}"
                await venue.serve(check_id)
                acked.append(check_id)
        assert edge.writer.has_failed
        with pytest.raises(Stopped):
            await venue.serve("one-more")
        assert len(venue.views("check")) == len(acked), "reads go on"
    async with root.deciding(settings) as edge:
        venue.edge = edge
        assert [one for (one,) in venue.rows("SELECT check_id FROM checks ORDER BY opened_at_ms, number")] == acked
        assert venue.problems() == []
        await venue.serve("after")
