"""`hos`: hands over to each command, says what there is, and ends with codes that scripts can trust."""

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
    assert all(f"\n  {name}" in capsys.readouterr().out or name for name in cli.COMMANDS)


@pytest.mark.parametrize("command", ["edge", "cloud", "demo", "doctor", "bench"])
def test_every_command_explains_itself_with_its_exit_codes(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert code_of(command, "--help") == 0
    told = capsys.readouterr().out
    assert told.startswith(f"usage: hos {command}")


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
