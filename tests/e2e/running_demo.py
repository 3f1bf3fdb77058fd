"""The demo as a program of its own, and what the figures say beside the screens."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import httpx

from installer.services.program import Program

START_S = 600.0  # with the first build of the screens, on a machine that has a lot to do
PATIENCE_S = 120.0
TICK_S = 0.005


class Demo:
    """A running demo: everything in it comes from `hos demo --describe`, as a script would have it."""

    def __init__(self, folder: Path, *, is_running: bool = False) -> None:
        self._folder = folder
        command = [sys.executable, "-m", "installer.cli", "demo", "--data-dir", str(folder)]
        self.program = Program("demo", command, log=folder.with_suffix(".log"), environment={"PYTHONPATH": os.getcwd()})
        if not is_running:
            self.program.start()
            self.program.wait_until(lambda: self._described() is not None, timeout_s=START_S)
        self.described = self.describe()

    def stop(self) -> None:
        """Ctrl-C; a demo that somebody else started goes on."""
        self.program.stop(how=signal.SIGINT, timeout_s=PATIENCE_S)

    def describe(self) -> dict[str, Any]:
        """Everything, as it is now; what `described` holds was so at the start: a restart changes process ids alone."""
        found = self._described()
        assert found is not None, "the demo does not run"
        return found

    @property
    def business(self) -> dict[str, Any]:
        """The business of two venues."""
        found: dict[str, Any] = self.described["businesses"][0]
        return found

    @property
    def venue(self) -> dict[str, Any]:
        """The venue in which the evening is played."""
        found: dict[str, Any] = self.business["venues"][0]
        return found

    def table_url(self, label: str) -> str:
        """What the QR on a table says."""
        return str(next(table["url"] for table in self.venue["tables"] if table["label"] == label))

    def pin(self, name: str) -> str:
        """A person's PIN."""
        return str(next(person["pin"] for person in self.venue["staff"] if person["name"] == name))

    def kill(self, part: str) -> None:
        """kill -9 of one program; the demo starts it again."""
        described = self.describe()
        pid = described["businesses"][0]["venues"][0]["pid"] if part == "edge" else described[part]["pid"]
        os.kill(int(pid), signal.SIGKILL)

    def restart_edge(self) -> None:
        """SIGTERM, as an update does it; the demo starts it again. Returns once it serves anew."""
        os.kill(int(self.describe()["businesses"][0]["venues"][0]["pid"]), signal.SIGTERM)
        eventually(lambda: not self._is_served())
        eventually(self._is_served)

    def _is_served(self) -> bool:
        try:
            return httpx.get(f"{self.venue['url']}/health", timeout=5).status_code == 200
        except httpx.HTTPError:
            return False

    def paper(self, printer: str) -> str:
        """All that came out of a printer, as text."""
        pages = self.described["printers"]["paper_page"]
        emulator = next(one["emulator"] for one in self.venue["printers"] if one["printer_id"] == printer)
        return httpx.get(f"{pages}/printers/{emulator}/paper.txt").text

    def edge_totals(self) -> dict[str, Any]:
        """The X of the day, from the venue."""
        headers = {"Authorization": f"Bearer {self.venue['console_key']}"}
        totals: dict[str, Any] = httpx.get(f"{self.venue['url']}/reports/x", headers=headers).raise_for_status().json()
        return totals

    def hub_figures(self) -> dict[str, Any]:
        """Today's figures of the venue, from the hub, as its owner gets them."""
        owner = self.business["owner"]
        with httpx.Client(base_url=self.described["hub"]["url"]) as http:
            sign_in = {"email": owner["email"], "password": owner["password"]}
            http.post("/api/session", json=sign_in).raise_for_status()
            today = http.get("/api/today", params={"venue": self.venue["venue_id"]}).raise_for_status().json()
        figures: dict[str, Any] = today["total"]
        return figures

    def _described(self) -> dict[str, Any] | None:
        command = [sys.executable, "-m", "installer.cli", "demo", "--describe", "--data-dir", str(self._folder)]
        found = subprocess.run(command, capture_output=True, check=False)
        if found.returncode != 0:
            return None
        described: dict[str, Any] = json.loads(found.stdout)
        return described


class Stopwatch:
    """How long something takes, less the time in which this machine let other programs run instead of ours."""

    def __init__(self) -> None:
        self._lost_s = 0.0
        self._is_over = threading.Event()
        self._began = time.monotonic()
        threading.Thread(target=self._tick, daemon=True).start()

    def stop(self) -> float:
        """Seconds until now."""
        self._is_over.set()
        return time.monotonic() - self._began - self._lost_s

    def _tick(self) -> None:
        last = time.monotonic()
        while not self._is_over.wait(TICK_S):
            now = time.monotonic()
            self._lost_s += max(0.0, now - last - 2 * TICK_S)
            last = now


def eventually(is_so: Any, *, timeout_s: float = PATIENCE_S) -> None:
    """Wait until `is_so()` is true; an HTTP error counts as not yet.

    Raises:
        AssertionError: it was not in time.
    """
    deadline = time.monotonic() + timeout_s
    while True:
        try:
            if is_so():
                return
        except httpx.HTTPError:
            pass
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.1)  # other programs are waited for, not our own code
