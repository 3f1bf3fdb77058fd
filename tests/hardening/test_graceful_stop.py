"""Told to stop in the middle of a rush: what was answered is there, nobody is left waiting, and the end comes soon."""

import asyncio
import json
import signal
import socket
import time
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from edge.engine.database import FILE_NAME
from tests.hardening.busy_screens import BusyScreens
from tests.hardening.open_venue import OpenVenue, an_open_venue

pytestmark = pytest.mark.slow  # each starts programs of its own

SECONDS = 30  # on a machine that has a lot to do; the edge itself waits three for requests under way


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_an_edge_that_is_told_to_stop_in_a_rush_loses_nothing_it_answered(tmp_path: Path, how: signal.Signals) -> None:
    with an_open_venue(tmp_path / "venue") as venue:
        phone = venue.seated()
        half_said = socket.create_connection(("127.0.0.1", venue.program.settings.port))
        half_said.sendall(b"POST /commands HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n{")
        busy = BusyScreens(venue, screens=6).start()
        with (
            connect(venue.address.replace("http", "ws") + "/feed", proxy=None, max_size=2**26) as feed,
            phone.http.stream("GET", "/guest-api/events") as events,
        ):
            feed.send(json.dumps({"type": "hello", "token": venue.console.key}))
            assert next(line for line in events.iter_lines() if line.startswith("event"))
            busy.after(60)
            took_s = stop(venue, how)
            assert "bye" in the_last_frame_of(feed)
        busy.join()
        half_said.close()
        assert venue.program.program.exit_code == 0 and took_s < SECONDS
        assert {response.status_code for response in busy.refused} <= {503}
        left = sorted(path.name for path in venue.data_dir.iterdir() if path.name.startswith(FILE_NAME))
        assert left == [FILE_NAME], "one file, to be copied as it is"
        assert not (venue.data_dir / "edge.address").exists()
        asyncio.run(venue.program.start())
        assert busy.missing(venue) == set()
        assert venue.problems() == []


def stop(venue: OpenVenue, how: signal.Signals) -> float:
    """How long the end took."""
    began = time.monotonic()
    venue.program.program.stop(how=how, timeout_s=2 * SECONDS)
    return time.monotonic() - began


def the_last_frame_of(feed: object) -> str:
    """What a screen was told before the socket closed."""
    said = ""
    try:
        while True:
            said = str(feed.recv(SECONDS))  # type: ignore[attr-defined]
    except ConnectionClosed:
        return said
