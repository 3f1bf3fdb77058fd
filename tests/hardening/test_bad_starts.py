"""What keeps an edge from starting is said in one sentence, with an exit code that a script can tell apart."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from edge.engine.database import FILE_NAME
from tests.hardening.kept_folder import PATIENCE_S, Said, hos_edge, opened
from tests.hardening.open_venue import OpenVenue

pytestmark = pytest.mark.slow  # each starts programs of its own

DONE, PROBLEMS, USAGE, IN_USE = 0, 1, 2, 3


def one_sentence(said: Said) -> str:
    """What a person reads; never a traceback."""
    assert "Traceback" not in said.told and said.out == ""
    (sentence,) = [line for line in said.told.splitlines() if not line.startswith("{")]
    return sentence


@pytest.mark.parametrize("command", [["run", "--port", "0"], ["rebuild"]])
def test_a_second_edge_on_the_same_folder_is_told_who_has_it_and_the_first_goes_on(
    venue: OpenVenue, command: list[str]
) -> None:
    before = venue.seq()
    said = hos_edge(venue.data_dir, *command)
    assert said.code == IN_USE
    assert one_sentence(said) == (
        f"Another edge has this data folder: process {venue.program.program.pid}. Stop it first."
    )
    assert venue.seq() == before
    venue.check(venue.paired("waiter", "ana"), "agua")


@pytest.mark.parametrize("command", [["run", "--port", "0"], ["rebuild"]])
def test_a_database_of_a_newer_release_is_left_alone(folder: Path, command: list[str]) -> None:
    with opened(folder) as conn:
        conn.execute("INSERT INTO migration VALUES (9999, '9999_from_the_future.sql')")
    before = (folder / FILE_NAME).read_bytes()
    said = hos_edge(folder, *command)
    assert said.code == PROBLEMS
    assert "A newer release wrote this database" in one_sentence(said)
    assert "9999_from_the_future.sql" in said.told
    assert (folder / FILE_NAME).read_bytes() == before


@pytest.mark.parametrize("command", [["rebuild"], ["rebuild", "checks"]])
def test_an_op_of_a_newer_release_is_not_guessed_at(folder: Path, command: list[str]) -> None:
    with opened(folder) as conn:
        conn.execute("INSERT INTO log SELECT seq + 1, epoch, id, 'from_the_future', version, hlc, asked_at_ms,"
                     " business_day, subject, staff_id, device_id, command_id, origin_epoch, origin_seq, training,"
                     " body, digest FROM log ORDER BY seq DESC LIMIT 1")  # fmt: skip
    said = hos_edge(folder, *command)
    assert said.code == PROBLEMS and "Traceback" not in said.told
    assert "from_the_future" in said.told


@pytest.mark.parametrize("command", [["verify"], ["log"], ["backup", "copy.db"], ["rebuild"]])
def test_a_folder_without_a_venue_is_said_and_not_made_into_one(tmp_path: Path, command: list[str]) -> None:
    said = hos_edge(tmp_path, *command)
    assert said.code == USAGE
    assert one_sentence(said) == f"there is no venue database at {tmp_path / FILE_NAME}"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", [["run", "--port", "0"], ["verify"], ["log"]])
def test_a_file_that_is_no_database_is_said(tmp_path: Path, command: list[str]) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"not a database " * 1_000)
    said = hos_edge(tmp_path, *command)
    assert said.code == PROBLEMS
    assert one_sentence(said).startswith(f"The database {tmp_path / FILE_NAME} cannot be used: file is not a database")


def test_a_page_that_was_overwritten_is_said(folder: Path) -> None:
    content = bytearray((folder / FILE_NAME).read_bytes())
    for start in range(4_096 * 8, len(content) - 4_096, 4_096 * 3):
        content[start : start + 4_096] = os.urandom(4_096)
    (folder / FILE_NAME).write_bytes(content)
    said = hos_edge(folder, "verify")
    assert said.code == PROBLEMS and "Traceback" not in said.told


def test_a_port_that_is_taken_is_said(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        said = hos_edge(folder, "run", "--port", str(port))
    assert said.code == PROBLEMS
    assert one_sentence(said) == (
        f"Another program listens on 127.0.0.1:{port}. Stop it, or choose a port with --port."
    )


def test_a_data_folder_that_cannot_be_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    said = hos_edge(tmp_path / "file", "run", "--port", "0")
    assert said.code == PROBLEMS
    assert str(tmp_path / "file") in one_sentence(said)


def test_a_backup_to_where_none_can_be_is_said_and_leaves_nothing(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    said = hos_edge(folder, "backup", str(tmp_path / "file" / "copy.db"))
    assert said.code == PROBLEMS and str(tmp_path / "file") in one_sentence(said)
    (tmp_path / "taken").mkdir()
    said = hos_edge(folder, "backup", str(tmp_path / "taken"))
    assert said.code == PROBLEMS and str(tmp_path / "taken") in one_sentence(said)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "taken", "venue"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HOS_PORT", "eighty"),
        ("HOS_CLOCK", "sundial"),
        ("HOS_LOG_LEVEL", "loud"),
        ("HOS_HUB_RETRY_S", "0"),
        ("HOS_NATS_URL", "nats://127.0.0.1:4222"),
        ("HOS_DATA_DIR", ""),
    ],
)
def test_a_setting_that_makes_no_sense_is_said(tmp_path: Path, name: str, value: str) -> None:
    environment = {**os.environ, "HOS_DATA_DIR": str(tmp_path), "COLUMNS": "300", name: value}
    command = [sys.executable, "-m", "edge", "run"]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    assert ran.returncode == USAGE
    assert "HOS_" in one_sentence(Said(ran.returncode, ran.stdout, ran.stderr))
