"""`hos cloud` says in a sentence what it cannot do, with a code that a script can tell apart."""

from pathlib import Path

import pytest

from cloud.__main__ import main

PROBLEMS, USAGE, AWAY = 1, 2, 3
NOBODY = "postgresql://hos_app:x@127.0.0.1:1/hos"


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOS_DATA_DIR", "HOS_DATABASE_URL", "HOS_OWNER_DATABASE_URL", "HOS_PORT"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    "words", [["run"], ["run", "--port", "70000"], ["migrate"], ["enrol", "no.json"], ["restored"]]
)
def test_what_is_not_set_is_named(tmp_path: Path, words: list[str]) -> None:
    assert main([*words, "--data-dir", str(tmp_path)]) == USAGE


def test_an_address_of_no_database_is_said_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HOS_DATABASE_URL", "nonsense")
    assert main(["--data-dir", str(tmp_path), "run"]) == USAGE
    assert "HOS_DATABASE_URL is no address of a database" in capsys.readouterr().err


def test_a_database_that_does_not_answer_has_a_code_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOS_DATABASE_URL", NOBODY)
    monkeypatch.setenv("HOS_OWNER_DATABASE_URL", NOBODY)
    assert main(["--data-dir", str(tmp_path), "restored"]) == AWAY


def test_a_folder_where_nothing_can_be_made_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    (tmp_path / "none.json").write_text('{"tenants": []}', encoding="utf-8")
    assert main(["nats", str(tmp_path / "none.json"), "--data-dir", str(tmp_path / "file" / "hub")]) == PROBLEMS
    assert "Not a directory" in capsys.readouterr().err
