"""`hos`: hands over to each command, says what there is, and ends with codes that scripts can trust."""

import subprocess
import sys
from pathlib import Path

import pytest

from installer import cli
from installer.demo import command_line as demo


def code_of(*words: str) -> int:
    try:
        return cli.main(words)
    except SystemExit as ended:
        return int(str(ended.code))


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert code_of("--help") == 0
    told = capsys.readouterr().out
    assert all(f"\n  {name}" in told for name in cli.COMMANDS)


@pytest.mark.parametrize("command", ["edge", "cloud", "demo", "doctor", "bench"])
def test_every_command_explains_itself_with_its_exit_codes(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert code_of(command, "--help") == 0
    told = capsys.readouterr().out
    assert told.startswith(f"usage: hos {command}")
    assert "Exit codes: 0 " in " ".join(told.split())


def test_hos_alone_says_what_there_is_where_messages_go(capsys: pytest.CaptureFixture[str]) -> None:
    assert code_of() == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert all(f"\n  {name}" in said.err for name in cli.COMMANDS)


@pytest.mark.parametrize("command", ["edge", "cloud", "doctor", "bench", "demo"])
def test_ctrl_c_ends_any_command_with_a_word_and_a_code_of_its_own(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(name: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("importlib.import_module", interrupted)
    assert code_of(command) == 130
    assert capsys.readouterr().err == "Interrupted.\n"


def test_a_reader_that_had_enough_is_no_failure() -> None:
    hos = f"{sys.executable} -m installer.cli"
    shell = f"set -o pipefail; {hos} doctor --help | head -c 1"
    ran = subprocess.run(["bash", "-c", shell], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")


@pytest.mark.parametrize("words", [(), ("nonsense",), ("demo", "--nonsense"), ("doctor", "--nonsense")])
def test_wrong_use_is_code_two(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert code_of(*words) == 2


def test_the_version_is_the_packages(capsys: pytest.CaptureFixture[str]) -> None:
    assert code_of("--version") == 0
    assert capsys.readouterr().out.startswith("hos 20")


def test_a_demo_that_does_not_run_describes_nothing(tmp_path: Path) -> None:
    assert code_of("demo", "--describe", "--data-dir", str(tmp_path)) == demo.IN_USE


def test_there_is_nothing_to_verify_before_the_first_demo(tmp_path: Path) -> None:
    assert code_of("demo", "--verify", "--data-dir", str(tmp_path)) == demo.PROBLEMS


def test_a_replay_of_files_of_another_form_says_what_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "menu.csv"
    file.write_text("a,b\n1,2\n", encoding="utf-8")
    assert code_of("demo", "replay", str(file), str(file), "--data-dir", str(tmp_path / "home")) == 2
    assert "menu_item_id" in capsys.readouterr().err


def files(tmp_path: Path, *, menu: bytes, orders: bytes) -> tuple[str, str, str, str]:
    (tmp_path / "menu.csv").write_bytes(menu)
    (tmp_path / "orders.csv").write_bytes(orders)
    return str(tmp_path / "menu.csv"), str(tmp_path / "orders.csv"), "--data-dir", str(tmp_path / "home")


MENU = b"menu_item_id,item_name,category,price\n1,Sopa,Sopas,5\n"
ORDERS = b"order_details_id,order_id,order_date,order_time,item_id\n1,1,1/1/23,11:38:36 AM,9\n"


def test_a_replay_with_no_row_to_play_says_why_of_each(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert code_of("demo", "replay", *files(tmp_path, menu=MENU, orders=ORDERS), "--json") == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "no item has the id 9" in said.err and "rows 2" in said.err


@pytest.mark.parametrize("menu", ["Ñoquis".encode("latin-1"), b"", MENU.replace(b",", b"\0")])
def test_a_replay_of_what_is_no_table_is_wrong_use(tmp_path: Path, menu: bytes) -> None:
    assert code_of("demo", "replay", *files(tmp_path, menu=menu, orders=ORDERS)) == 2


def test_a_replay_of_a_file_that_is_not_there_names_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert code_of("demo", "replay", str(tmp_path / "no.csv"), str(tmp_path)) == 2
    assert f"{tmp_path / 'no.csv'}: No such file" in capsys.readouterr().err.replace("\n", "")


@pytest.mark.parametrize("words", [("demo",), ("demo", "--fresh")])
def test_a_demo_does_not_empty_a_folder_that_is_not_its_own(words: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear", encoding="utf-8")
    assert code_of(*words, "--data-dir", str(tmp_path)) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]
