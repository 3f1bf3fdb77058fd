"""A supervised program that dies is started again where it was; one that is told to stop stays down."""

import asyncio
import os
import signal
import sys
from pathlib import Path

from installer.demo.parts import Part, Served
from installer.services.program import Program, answers, free_port


class Watched:
    """A part that serves a folder, and every state it went through."""

    def __init__(self, folder: Path) -> None:
        port = free_port()
        command = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1", "--directory", str(folder)]
        self.served = Served(Program("server", command, log=folder / "log"), port)
        self.part = Part("server", self.served, on_change=self._note)
        self.states: list[str] = []
        self.runs_again = asyncio.Event()

    def _note(self) -> None:
        self.states.append(self.part.state)
        if self.states[-2:] == ["restarting", "running"]:
            self.runs_again.set()


async def test_a_killed_program_is_started_again_on_its_port(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    part = watched.part
    await part.start()
    first = part.pid
    os.kill(first, signal.SIGKILL)
    await asyncio.wait_for(watched.runs_again.wait(), 120)
    assert part.pid not in {0, first}
    assert answers("127.0.0.1", watched.served.port)
    await part.stop()
    assert watched.states == ["starting", "running", "restarting", "running", "stopped"]


async def test_a_stopped_program_stays_down(tmp_path: Path) -> None:
    part = Watched(tmp_path).part
    await part.start()
    await part.stop()
    assert (part.pid, part.restarts, part.state) == (0, 0, "stopped")
