"""A real Postgres and a real NATS start, stop, keep what they had, and survive being killed."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from installer.services.nats import Nats
from installer.services.postgres import Postgres
from installer.services.program import NotReady, Program

JETSTREAM = 'jetstream { store_dir: "%s", sync_interval: always }\n'


@pytest.fixture
def postgres(tmp_path: Path) -> Iterator[Postgres]:
    cluster = Postgres(tmp_path / "postgres")
    cluster.start()
    yield cluster
    cluster.stop()


def test_a_cluster_keeps_its_rows_over_a_stop_and_a_power_cut(postgres: Postgres) -> None:
    with psycopg.connect(postgres.url()) as conn:
        conn.execute("CREATE TABLE kept (number int)")
        conn.execute("INSERT INTO kept VALUES (1)")
    postgres.stop()
    postgres.start()
    with psycopg.connect(postgres.url()) as conn:
        conn.execute("INSERT INTO kept VALUES (2)")
    postgres.kill()
    postgres.start()
    with psycopg.connect(postgres.url()) as conn:
        assert conn.execute("SELECT number FROM kept ORDER BY number").fetchall() == [(1,), (2,)]


def test_a_cluster_starts_while_workers_of_a_killed_one_still_end(postgres: Postgres) -> None:
    """As after kill -9 on a slow disk: a worker that hangs on keeps the memory that the next server needs."""
    worker = psutil.Process(postgres.pid).children()[0]
    worker.suspend()
    os.kill(postgres.pid, signal.SIGKILL)
    threading.Timer(0.5, worker.resume).start()
    postgres.start()
    with psycopg.connect(postgres.url()) as conn:
        assert conn.execute("SELECT 1").fetchone() == (1,)


def test_a_wrong_password_is_refused(postgres: Postgres) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(postgres.url(password="wrong")).close()


def test_nats_comes_back_on_its_port(tmp_path: Path) -> None:
    server = Nats(tmp_path, config=JETSTREAM % (tmp_path / "store"))
    server.start()
    first = server.url
    server.kill()
    server.start()
    assert server.url == first
    server.stop()


PARENT = """
import sys, time
from pathlib import Path
from installer.services.nats import Nats
from installer.services.postgres import Postgres
postgres, nats = Postgres(Path(sys.argv[1]) / "postgres"), Nats(Path(sys.argv[1]) / "nats")
postgres.start()
nats.start()
print(postgres.pid, nats.pid, flush=True)
time.sleep(600)
"""


def test_whoever_starts_a_service_and_is_killed_takes_it_along(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path)], stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": "."}
    ) as parent:
        assert parent.stdout is not None
        pids = [int(pid) for pid in parent.stdout.readline().split()]
        assert len(pids) == 2 and all(map(is_alive, pids))
        parent.kill()
    deadline = time.monotonic() + 60
    while any(map(is_alive, pids)):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def is_alive(pid: int) -> bool:
    """Whether it runs; one that ended and that nobody has asked about yet does not."""
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


def test_nats_starts_from_a_file_that_another_program_wrote(tmp_path: Path) -> None:
    config = tmp_path / "made.conf"
    config.write_text('listen: "127.0.0.1:4222"\n' + JETSTREAM % (tmp_path / "store"))
    server = Nats(tmp_path / "server", config_file=config)
    server.start()
    assert server.port not in {0, 4222}
    server.stop()


def test_a_program_that_ends_at_once_says_why(tmp_path: Path) -> None:
    program = Program("wrong", ["sh", "-c", "echo no such luck; exit 3"], log=tmp_path / "log")
    program.start()
    with pytest.raises(NotReady, match="no such luck"):
        program.wait_until(lambda: False)
