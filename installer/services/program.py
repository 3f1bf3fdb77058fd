"""A child program: started, waited for, told to stop, and never left behind."""

import ctypes
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

POLL_S = 0.03
PATIENCE_S = 120.0  # a machine that has a lot to do starts a server in a minute
_PR_SET_PDEATHSIG = 1


class NotReady(Exception):
    """The program ended, or did not answer in time; the message holds the end of what it said."""


class Program:
    """One child process. What it prints goes to a file; it dies with its parent, whatever the parent dies of."""

    def __init__(
        self, name: str, command: Sequence[str], *, log: Path, environment: Mapping[str, str] | None = None
    ) -> None:
        self.name = name
        self.command = tuple(command)
        self.log = log
        self.environment = {**os.environ, **(environment or {})}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The running process; 0 when there is none."""
        return self._process.pid if self._process is not None and self.is_running else 0

    @property
    def is_running(self) -> bool:
        """Whether it was started and has not ended."""
        return self._process is not None and self._process.poll() is None

    @property
    def exit_code(self) -> int | None:
        """What it ended with, negative for a signal; None while it runs."""
        return None if self._process is None else self._process.poll()

    def start(self) -> None:
        """Start it; its output is appended to the log file."""
        assert not self.is_running, f"{self.name} runs already"
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                self.command,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                preexec_fn=_die_with_parent,
            )

    def wait_until(self, is_ready: Callable[[], bool], *, timeout_s: float = PATIENCE_S) -> None:
        """Wait until `is_ready` says yes.

        Raises:
            NotReady: it ended first, or took longer than `timeout_s`.
        """
        deadline = time.monotonic() + timeout_s
        while not is_ready():
            if not self.is_running:
                raise NotReady(f"{self.name} ended while it was starting:\n{self.last_words()}")
            if time.monotonic() > deadline:
                raise NotReady(f"{self.name} was not ready after {timeout_s:.0f} s:\n{self.last_words()}")
            time.sleep(POLL_S)

    def stop(self, *, how: signal.Signals = signal.SIGTERM, timeout_s: float = 10.0) -> None:
        """Tell it to stop; kill it when it does not in time. Nothing happens when it has ended."""
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.send_signal(how)
            try:
                self._process.wait(timeout_s)
            except subprocess.TimeoutExpired:
                self._process.kill()
        self._process.wait()

    def kill(self) -> None:
        """End it with SIGKILL, as a power cut would."""
        self.stop(how=signal.SIGKILL)

    def last_words(self, lines: int = 15) -> str:
        """The end of its log."""
        if not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


def free_port() -> int:
    """A port on loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(host: str, port: int) -> bool:
    """Whether something accepts connections there."""
    try:
        with socket.create_connection((host, port), timeout=0.5):
            return True
    except OSError:
        return False


def _die_with_parent() -> None:
    """Between fork and exec: the kernel sends SIGKILL when the parent's thread ends. Linux only, like the edge."""
    os.setpgid(0, 0)  # Ctrl-C in the terminal is the parent's to pass on, in the right order
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
