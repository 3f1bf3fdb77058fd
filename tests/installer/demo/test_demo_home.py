"""The demo's folder: one demo at a time, secrets closed, an interrupted start thrown away."""

import stat
from pathlib import Path

import pytest

from installer.demo.command_line import IN_USE, main
from installer.demo.home import DemoRuns, Home, NotOurs
from installer.services.program import answers, free_port


def seeded(folder: Path) -> None:
    home = Home(folder)
    with home.taken(fresh=False):
        home.port("hub")
        (home.folder / "venues").mkdir()
        home.kept.is_seeded = True
        home.keep()


def test_a_second_demo_is_told_that_one_runs(tmp_path: Path) -> None:
    with Home(tmp_path).taken(fresh=False), pytest.raises(DemoRuns), Home(tmp_path).taken(fresh=False):
        pass


@pytest.mark.parametrize(
    ("description", "words"),
    [({}, "still starting"), ({"start_page": "http://127.0.0.1:4711"}, "http://127.0.0.1:4711")],
)
def test_who_starts_it_again_is_told_where_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], description: dict[str, str], words: str
) -> None:
    home = Home(tmp_path)
    with home.taken(fresh=False):
        if description:
            home.describe(description)
        assert main(["--data-dir", str(tmp_path)]) == IN_USE
    assert words in capsys.readouterr().err.replace("\n", " ")


def test_what_a_finished_start_left_is_there_the_next_time(tmp_path: Path) -> None:
    seeded(tmp_path)
    with Home(tmp_path).taken(fresh=False):
        assert (tmp_path / "venues").is_dir()


def test_what_an_interrupted_first_start_left_is_thrown_away(tmp_path: Path) -> None:
    with Home(tmp_path).taken(fresh=False):
        (tmp_path / "venues").mkdir()
    assert Home(tmp_path).was_interrupted
    with Home(tmp_path).taken(fresh=False):
        assert not (tmp_path / "venues").exists()


def test_a_fresh_start_keeps_the_ports_and_the_replays_alone(tmp_path: Path) -> None:
    seeded(tmp_path)
    (tmp_path / "replay").mkdir()
    before = Home(tmp_path)
    with before.taken(fresh=True):
        assert not (tmp_path / "venues").exists()
        assert (tmp_path / "replay").is_dir()
        assert before.kept.ports and not before.kept.is_seeded


def test_a_port_stays_a_parts_own_while_it_is_free(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assert home.port("hub") == home.port("hub")
    assert not answers("127.0.0.1", home.port("hub"))


def test_a_taken_port_gives_way_to_another(tmp_path: Path) -> None:
    import socket

    home = Home(tmp_path)
    taken = free_port()
    home.kept.ports["hub"] = taken
    with socket.create_server(("127.0.0.1", taken)):
        assert home.port("hub") != taken


def test_no_two_parts_have_one_port(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ports = [free_port() for _ in range(2)]
    given = iter([ports[0], ports[0], ports[1]])
    monkeypatch.setattr("installer.demo.home.free_port", lambda: next(given))
    home = Home(tmp_path)
    assert [home.port("hub"), home.port("nats")] == ports


def test_the_description_is_for_its_owner_alone_and_gone_when_the_demo_is(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with home.taken(fresh=False):
        home.describe({"pid": 1})
        assert stat.S_IMODE((tmp_path / "demo.json").stat().st_mode) == 0o600
        assert Home(tmp_path).description() == b'{\n  "pid": 1\n}'
    assert Home(tmp_path).description() is None


@pytest.mark.parametrize("fresh", [False, True])
def test_a_folder_with_somebodys_files_is_left_as_it_is(tmp_path: Path, fresh: bool) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "letter.txt").write_text("dear", encoding="utf-8")
    with pytest.raises(NotOurs), Home(tmp_path).taken(fresh=fresh):
        pass
    assert sorted(path.name for path in tmp_path.iterdir()) == ["letter.txt", "photos"]
