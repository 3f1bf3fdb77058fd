"""The demo's folder: what it keeps from one run to the next, and what it tells scripts while it runs."""

import fcntl
import os
import secrets
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from installer.demo.seed import Device
from installer.services.program import free_port

KEPT = "kept.json"
STAY = frozenset({"lock", "replay"})  # when a folder is emptied
_WORDS = ("brasa", "malbec", "ombu", "zaguan", "milonga", "quebracho", "parral", "sifon", "vereda", "farol")


class DemoRuns(Exception):
    """Another demo has the folder; it can be asked with `hos demo --describe`."""


class NotOurs(Exception):
    """The folder holds what no demo made, and a first start would throw it away."""


class Wires(msgspec.Struct, frozen=True):
    """What `hos cloud nats` made."""

    config: str
    hub_creds: str
    system_creds: str
    tenants: dict[str, dict[str, Any]]

    def creds_of(self, tenant_id: str, venue_id: str) -> str:
        """The venue's credentials file."""
        return str(self.tenants[tenant_id]["venues"][venue_id])


class Kept(msgspec.Struct, kw_only=True):
    """What must be the same at the next start: ports, so that links and installed screens stay good, and secrets."""

    ports: dict[str, int] = {}
    app_password: str = ""
    owner_passwords: dict[str, str] = {}  # by tenant
    devices: dict[str, dict[str, Device]] = {}  # by venue, by purpose
    wires: Wires | None = None
    wires_made_for: str = ""
    printer_ports: dict[str, int] = {}  # as the venues were told
    scene_ms: int = 0  # when the venues were last brought to the middle of a service
    is_enrolled: bool = False  # at the hub
    is_seeded: bool = False


class Home:
    """A folder that one demo at a time has."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.kept = Kept()

    @contextmanager
    def taken(self, *, fresh: bool) -> Iterator[None]:
        """Have the folder. What a start that did not come to its end left, or everything if `fresh`, is thrown away.

        Raises:
            DemoRuns: another process has it.
            NotOurs: somebody's files are in it.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        if not self._is_ours():
            raise NotOurs(str(self.folder))
        with (self.folder / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise DemoRuns(str(self.folder)) from None
            self._read()
            if fresh or not self.kept.is_seeded:
                self._empty()
                self.keep()  # from here on the folder says whose it is
            try:
                yield
            finally:
                self.forget_description()

    @property
    def is_running(self) -> bool:
        """Whether a demo has the folder now."""
        try:
            with (self.folder / "lock").open("r") as lock:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except FileNotFoundError:
            return False
        except BlockingIOError:
            return True
        return False

    @property
    def was_interrupted(self) -> bool:
        """Whether an earlier first start did not come to its end, and is not under way now."""
        return (self.folder / "venues").is_dir() and not self._read().is_seeded and not self.is_running

    def port(self, name: str) -> int:
        """The port that a part had before, if it is free; else another that stays its own."""
        port = self.kept.ports.get(name, 0)
        others = {given for part, given in self.kept.ports.items() if part != name}  # some do not listen yet
        while not port or port in others or not _is_free(port):
            port = free_port()
        self.kept.ports[name] = port
        return port

    def secret(self) -> str:
        """A password for programs."""
        return secrets.token_urlsafe(24)

    def password(self) -> str:
        """A password for people: `malbec-4821-brasa-7390`."""
        return "-".join(f"{secrets.choice(_WORDS)}-{secrets.randbelow(9000) + 1000}" for _ in range(2))

    def keep(self) -> None:
        """Write what must last."""
        write_private(self.folder / KEPT, msgspec.json.format(msgspec.json.encode(self.kept)))

    def describe(self, description: dict[str, Any]) -> None:
        """Write what `hos demo --describe` prints."""
        write_private(self.folder / "demo.json", msgspec.json.format(msgspec.json.encode(description)))

    def description(self) -> bytes | None:
        """What the running demo wrote about itself; None while it is still starting, or does not run."""
        path = self.folder / "demo.json"
        return path.read_bytes() if self.is_running and path.exists() else None

    def forget_description(self) -> None:
        """A demo that ended describes nothing."""
        (self.folder / "demo.json").unlink(missing_ok=True)

    def _is_ours(self) -> bool:
        """Whether nothing is lost when it is emptied: a demo's folder, or one with nothing in it but a lock or a replay."""
        names = {path.name for path in self.folder.iterdir()}
        return KEPT in names or names <= STAY

    def _read(self) -> Kept:
        try:
            self.kept = msgspec.json.decode((self.folder / KEPT).read_bytes(), type=Kept)
        except (FileNotFoundError, msgspec.MsgspecError):
            self.kept = Kept()
        return self.kept

    def _empty(self) -> None:
        """Throw away all but the lock and replays; ports are kept, for links and installed screens."""
        for path in self.folder.iterdir():
            if path.name in STAY:
                continue
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
        self.kept = Kept(ports=self.kept.ports)


def write_private(path: Path, content: bytes) -> None:
    """Whole or not at all, readable by its owner alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, part = tempfile.mkstemp(dir=path.parent)  # made with mode 600
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    Path(part).replace(path)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
