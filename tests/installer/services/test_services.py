"""A real Postgres and a real NATS start, stop, keep what they had, and survive being killed."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from installer.services.nats import Nats
from installer.services.postgres import Postgres
from installer.services.process import NotReady, Program

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


def test_a_program_that_ends_at_once_says_why(tmp_path: Path) -> None:
    program = Program("wrong", ["sh", "-c", "echo no such luck; exit 3"], log=tmp_path / "log")
    program.start()
    with pytest.raises(NotReady, match="no such luck"):
        program.wait_until(lambda: False)
