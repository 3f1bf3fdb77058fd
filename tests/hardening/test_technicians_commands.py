"""What a technician types by mistake costs nothing, and what they read is for people."""

import shutil
import stat
from pathlib import Path

import pytest

from edge.__main__ import main
from edge.engine.database import FILE_NAME
from tests.hardening.kept_folder import hos_edge, opened

DONE, PROBLEMS, USAGE = 0, 1, 2


def ended(*words: str) -> int:
    """The exit code, also when the arguments were no use."""
    try:
        return main(words)
    except SystemExit as ended:
        return int(str(ended.code))


@pytest.mark.parametrize("name", [FILE_NAME, "console.key", "other.db"])
def test_a_backup_never_goes_into_a_data_folder_where_an_edge_may_be_writing(folder: Path, name: str) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    assert ended("--data-dir", str(folder), "backup", str(folder / name), "--replace") == PROBLEMS
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} == before


def test_a_backup_through_a_link_does_not_reach_a_venue_either(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "stick.db").symlink_to(folder / FILE_NAME)
    before = (folder / FILE_NAME).stat().st_ino
    assert ended("--data-dir", str(folder), "backup", str(tmp_path / "stick.db"), "--replace") == PROBLEMS
    assert (folder / FILE_NAME).stat().st_ino == before


def test_a_backup_writes_over_a_file_only_when_told(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    copy.write_bytes(b"something dear")
    assert ended("--data-dir", str(folder), "backup", str(copy)) == PROBLEMS
    assert copy.read_bytes() == b"something dear"
    assert ended("--data-dir", str(folder), "backup", str(copy), "--replace") == DONE
    assert copy.read_bytes().startswith(b"SQLite format 3")


def test_a_backup_makes_no_folder_where_a_disk_is_not_plugged_in(folder: Path, tmp_path: Path) -> None:
    assert ended("--data-dir", str(folder), "backup", str(tmp_path / "usb" / "copy.db")) == PROBLEMS
    assert not (tmp_path / "usb").exists()


def test_a_backup_is_a_venue_that_can_be_verified_and_is_its_owners_alone(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "restored" / FILE_NAME
    copy.parent.mkdir()
    assert ended("--data-dir", str(folder), "backup", str(copy)) == DONE
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert ended("--data-dir", str(copy.parent), "verify") == DONE


def test_tables_of_another_release_are_not_called_damaged(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with opened(folder) as conn:
        conn.execute("UPDATE projection_fingerprint SET fingerprint = 'old' WHERE name = 'kitchen'")
        conn.execute("DROP TABLE ticket")
    assert ended("verify", "--data-dir", str(folder)) == PROBLEMS
    said = capsys.readouterr().err
    assert "the chain is whole" in said and "hos edge rebuild" in said
    assert ended("rebuild", "--data-dir", str(folder)) == ended("verify", "--data-dir", str(folder)) == DONE


def test_the_data_folder_may_be_named_before_and_after_the_command(folder: Path) -> None:
    assert ended("verify", "--data-dir", str(folder)) == ended("--data-dir", str(folder), "verify") == DONE


@pytest.mark.parametrize("words", [("--last", "-5"), ("--after", "-1"), ("--after", "x")])
def test_the_log_is_not_counted_backwards(folder: Path, words: tuple[str, str]) -> None:
    assert ended("log", *words, "--data-dir", str(folder)) == USAGE


def test_a_misspelt_op_is_told_what_it_may_have_meant(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ended("log", "--kind", "lines_send", "--data-dir", str(folder)) == USAGE
    assert "lines_sent" in capsys.readouterr().err


def test_an_entry_is_shown_in_the_venues_time(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ended("log", "--last", "1", "--data-dir", str(folder)) == DONE
    seq, day, time, _ = capsys.readouterr().out.split(maxsplit=3)
    assert int(seq) > 1
    assert (len(day), day[4], len(time), time[2]) == (10, "-", 8, ":")


def test_a_checks_story_has_its_tickets(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ended("log", "--subject", "check-1", "--data-dir", str(folder)) == DONE
    told = capsys.readouterr().out
    assert all(f'"type":"{kind}"' in told for kind in ("check_opened", "lines_sent", "ticket_opened"))


def test_a_log_with_nothing_to_show_says_so_and_keeps_standard_output_clean(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended("log", "--after", "999999", "--json", "--data-dir", str(folder)) == DONE
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "No entry is like that.\n")


@pytest.mark.parametrize("port", ["-1", "65536", "eighty"])
def test_a_port_that_cannot_be_is_said_before_anything_is_made(tmp_path: Path, port: str) -> None:
    assert ended("run", "--port", port, "--data-dir", str(tmp_path / "venue")) == USAGE
    assert not (tmp_path / "venue").exists()


@pytest.mark.slow
@pytest.mark.parametrize("host", ["192.0.2.1", "no-such-host.invalid"])
def test_an_address_that_is_not_this_machines_is_said(folder: Path, host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOS_HOST", host)
    said = hos_edge(folder, "run", "--port", "0")
    assert said.code == PROBLEMS
    assert "Traceback" not in said.told
    assert f"{host}" in said.told and "HOS_HOST" in said.told


def test_a_menu_is_not_lost_where_it_cannot_be_written(folder: Path, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "out", ignore_errors=True)
    assert ended("menu", "export", str(tmp_path / "out" / "carta.csv"), "--data-dir", str(folder)) == PROBLEMS
