"""The demo as a program: everything it describes works, what is killed comes back, Ctrl-C leaves nothing, it goes on where it was."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil
import psycopg
import pytest

from installer.demo.command_line import main
from installer.demo.guest_client import GuestClient
from installer.services.program import Program

START_S, PATIENCE_S = 600.0, 120.0


class Running:
    """The program, and what it says of itself."""

    def __init__(self, program: Program, folder: Path) -> None:
        self.program = program
        self._folder = folder

    def describe(self) -> dict[str, Any]:
        """As `hos demo --describe` prints it."""
        command = [sys.executable, "-m", "installer.cli", "demo", "--describe", "--data-dir", str(self._folder)]
        found: dict[str, Any] = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
        return found


@contextmanager
def running(folder: Path) -> Iterator[Running]:
    command = [sys.executable, "-m", "installer.cli", "demo", "--data-dir", str(folder)]
    no_screens = {"HOS_WEB_DIR": str(folder.parent)}
    no_way_out = dict.fromkeys(("http_proxy", "https_proxy", "all_proxy"), "http://127.0.0.1:9")  # as behind a firm's
    program = Program("demo", command, log=folder.with_suffix(".log"), environment=no_screens | no_way_out)
    program.start()
    program.wait_until(lambda: (folder / "demo.json").exists(), timeout_s=START_S)
    try:
        yield Running(program, folder)
    finally:
        program.stop(how=signal.SIGINT, timeout_s=PATIENCE_S)


@pytest.mark.slow
async def test_the_demo_serves_heals_ends_and_goes_on(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with running(home) as demo:
        told = demo.describe()
        venue = told["businesses"][0]["venues"][0]
        await _a_guest_may_join(venue)
        _a_link_pairs_a_screen(venue)
        demo.program.wait_until(lambda: _venues_at_the_hub(told) == 3, timeout_s=PATIENCE_S)
        _people_come_and_a_killed_edge_keeps_none_of_them_out(demo, told)
        children = [child.pid for child in psutil.Process(demo.program.pid).children(recursive=True)]
    assert [pid for pid in children if psutil.pid_exists(pid)] == []
    assert main(["--verify", "--data-dir", str(home)]) == 0
    with running(home) as demo:
        again = demo.describe()
    assert again["start_page"] == told["start_page"]
    assert again["businesses"][0]["venues"][0]["tables"] == venue["tables"]


async def _a_guest_may_join(venue: dict[str, Any]) -> None:
    phone = GuestClient(venue["url"])
    await phone.join(venue["tables"][-1]["code"])
    await phone.do("call_waiter", {"call_id": "call-of-the-test", "reason": "water"})
    await phone.close()


def _a_link_pairs_a_screen(venue: dict[str, Any]) -> None:
    with httpx.Client() as browser:
        first = browser.get(venue["open_paired"]["waiter"]).headers["location"]
        again = browser.get(venue["open_paired"]["waiter"]).headers["location"]
    assert first == again
    key = first.partition("#key=")[2]
    mine = httpx.get(f"{venue['url']}/devices/pairings/mine", headers={"Authorization": f"Bearer {key}"}).json()
    assert (mine["state"], mine["role"]) == ("approved", "waiter")


def _venues_at_the_hub(told: dict[str, Any]) -> int:
    """How many venues' checks have come there; the demo waits for them, but not for ever."""
    with psycopg.connect(told["hub"]["owner_database_url"]) as conn:
        ((count,),) = conn.execute("SELECT count(DISTINCT venue_id) FROM figures.checks")
    return int(count)


def _people_come_and_a_killed_edge_keeps_none_of_them_out(demo: Running, told: dict[str, Any]) -> None:
    venue = told["businesses"][0]["venues"][0]
    page = httpx.Client(base_url=told["start_page"], timeout=PATIENCE_S)
    page.post("/rush", json={"is_on": True}).raise_for_status()
    os.kill(venue["pid"], signal.SIGKILL)
    demo.program.wait_until(lambda: _is_back(demo, venue), timeout_s=PATIENCE_S)
    demo.program.wait_until(lambda: _rush(page)["palermo"]["tickets"] > 0, timeout_s=PATIENCE_S)
    assert [counts["passed_over"] for counts in _rush(page).values()] == [0, 0, 0]
    page.post("/rush", json={"is_on": False}).raise_for_status()
    page.close()


def _rush(page: httpx.Client) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = page.get("/state").json()["rush"]["counts"]
    return found


def _is_back(demo: Running, venue: dict[str, Any]) -> bool:
    now = demo.describe()["businesses"][0]["venues"][0]
    if now["pid"] in {0, venue["pid"]} or now["state"] != "running":
        return False
    return bool(httpx.get(venue["health"]).json()["writes"])
