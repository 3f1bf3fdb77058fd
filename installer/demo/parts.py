"""One supervised program of the demo: started, waited for, started again when it dies, stopped in order."""

import asyncio
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from installer.services.postgres import Postgres
from installer.services.program import NotReady, Program, answers

LOOK_S = 0.1
HEALTHY_S = 20.0
LONGEST_WAIT_S = 5.0
START_S = 120.0

OnChange = Callable[[], None]


class Runner(Protocol):
    """How a part's program is run."""

    @property
    def pid(self) -> int:
        """0 while it does not run."""

    def launch(self) -> None:
        """Start it without waiting."""

    def wait(self) -> None:
        """Wait until it answers; raises NotReady."""

    def stop(self) -> None:
        """Tell it to end and wait for that."""


class Served:
    """A program that listens on a port of ours."""

    def __init__(self, program: Program, port: int, *, ready_file: Path | None = None) -> None:
        self.program = program
        self.port = port
        self._ready_file = ready_file

    @property
    def pid(self) -> int:
        """0 while it does not run."""
        return self.program.pid

    def launch(self) -> None:
        """Start it without waiting."""
        if self._ready_file is not None:
            self._ready_file.unlink(missing_ok=True)
        self.program.start()

    def wait(self) -> None:
        """Wait until it answers.

        Raises:
            NotReady: it ended, or took too long.
        """
        self.program.wait_until(self._is_ready, timeout_s=START_S)

    def stop(self) -> None:
        """Tell it to end and wait for that."""
        self.program.stop(how=signal.SIGTERM)

    def _is_ready(self) -> bool:
        if self._ready_file is not None and not self._ready_file.exists():
            return False
        return answers("127.0.0.1", self.port)


class Part:
    """A runner under supervision. `state` is for people: starting, running, restarting, stopped."""

    def __init__(self, name: str, runner: Runner | Postgres, *, on_change: OnChange) -> None:
        self.name = name
        self.runner = runner
        self.state = "stopped"
        self.restarts = 0
        self._on_change = on_change
        self._watch: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int:
        """The process; 0 while there is none."""
        return self.runner.pid

    async def start(self) -> None:
        """Start it, wait until it answers, and keep an eye on it from then on.

        Raises:
            NotReady: it did not start.
        """
        await self._launch("starting")
        self._watch = asyncio.create_task(self._keep_alive())

    async def stop(self) -> None:
        """Stop it for good."""
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.gather(self._watch, return_exceptions=True)
            self._watch = None
        await asyncio.to_thread(self.runner.stop)
        self._say("stopped")

    async def _launch(self, state: str) -> None:
        self._say(state)
        self.runner.launch()  # on the main thread: a child dies with the thread that made it
        await asyncio.to_thread(self.runner.wait)
        self._say("running")

    async def _keep_alive(self) -> None:
        """Start it again whenever it is gone; the longer it keeps dying, the longer the pause before."""
        since, deaths = time.monotonic(), 0
        while True:
            await asyncio.sleep(LOOK_S)
            if self.pid:
                continue
            deaths = 0 if time.monotonic() - since > HEALTHY_S else deaths + 1
            if deaths:
                self._say("restarting")
                await asyncio.sleep(min(LONGEST_WAIT_S, 0.2 * 2**deaths))
            self.restarts += 1
            since = time.monotonic()
            try:
                await self._launch("restarting")
            except NotReady:
                continue

    def _say(self, state: str) -> None:
        if state != self.state:
            self.state = state
            self._on_change()
