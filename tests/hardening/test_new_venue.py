"""A venue that has nothing yet is set up from the terminal, as docs/howto/take-a-venue-live.md says."""

import asyncio
import json
from pathlib import Path

import pytest

from edge import app as root
from edge.__main__ import main
from edge.engine.database import FILE_NAME, connect_writer
from edge.settings import settings_of
from shared.commands.devices import AskPairing
from tests.real_venue import a_real_venue

DONE, PROBLEMS, USAGE = 0, 1, 2
EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "new-venue.json"


@pytest.fixture
async def folder(tmp_path: Path) -> Path:
    """The data folder of an edge that ran once, with a screen that waits to be let in."""
    async with a_real_venue(tmp_path) as service:
        asked = AskPairing(pairing_id="pair-1", code="123456", app="pos", device_name="Caja 1", key_digest="0" * 64)
        await service.do("edge", asked, at_ms=FAR_MS)
    return tmp_path / "venue"


FAR_MS = 4_000_000_000_000  # the code has not expired yet, whenever this runs


def rows(folder: Path, sql: str) -> list[tuple[object, ...]]:
    conn = connect_writer(folder / FILE_NAME)
    try:
        return conn.execute(sql).fetchall()
    finally:
        conn.close()


def asked(tmp_path: Path, commands: object) -> str:
    file = tmp_path / "commands.json"
    file.write_text(json.dumps(commands), encoding="utf-8")
    return str(file)


def test_the_example_sets_up_a_venue_that_is_whole(tmp_path: Path) -> None:
    folder = tmp_path / "venue"
    with asyncio.Runner() as runner:
        runner.run(opened_once(folder))
    assert main(["ask", str(EXAMPLE), "--data-dir", str(folder)]) == DONE
    assert rows(folder, "SELECT label FROM dining_table ORDER BY label") == [("1",), ("2",)]
    assert rows(folder, "SELECT staff_id, role FROM staff_member") == [("marta", "manager")]
    assert b"481516" not in (folder / FILE_NAME).read_bytes()
    assert main(["verify", "--data-dir", str(folder)]) == DONE


def test_what_is_refused_is_named_by_its_place_and_the_rest_is_done(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = asked(
        tmp_path,
        [
            {"name": "draw_table", "body": {"table_id": "t", "section_id": "nowhere", "label": "T"}},
            {"name": "draw_section", "body": {"section_id": "patio", "name": "Patio"}},
        ],
    )
    assert main(["ask", file, "--data-dir", str(folder)]) == PROBLEMS
    assert "1. draw_table: section_unknown" in capsys.readouterr().err
    assert rows(folder, "SELECT name FROM section WHERE section_id = 'patio'") == [("Patio",)]


@pytest.mark.parametrize(
    "commands",
    [
        {"name": "draw_section"},
        [{"name": "nonsense"}],
        [{"name": "draw_section", "body": {"name": "Patio"}}],
        [{"name": "ask_pairing", "body": {}}],
        [{"name": "draw_section", "body": {"section_id": "patio", "name": "Patio"}}, {"name": "nonsense"}],
    ],
)
def test_a_file_with_a_mistake_asks_nothing(folder: Path, tmp_path: Path, commands: object) -> None:
    before = rows(folder, "SELECT count(*) FROM log")
    assert main(["ask", asked(tmp_path, commands), "--data-dir", str(folder)]) == USAGE
    assert rows(folder, "SELECT count(*) FROM log") == before


def test_the_first_till_is_let_in_by_the_code_that_it_shows(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["let-in", "--data-dir", str(folder)]) == DONE
    assert capsys.readouterr().out == "123456  pos     Caja 1\n"
    assert main(["let-in", "999", "999", "--data-dir", str(folder)]) == PROBLEMS
    assert main(["let-in", "123", "456", "--drawer", "caja", "--data-dir", str(folder)]) == DONE
    assert rows(folder, "SELECT role, drawer_id FROM device WHERE device_id = 'pair-1'") == [("pos", "caja")]
    assert main(["let-in", "123456", "--data-dir", str(folder)]) == PROBLEMS


async def opened_once(folder: Path) -> None:
    async with root.deciding(settings_of({"HOS_DATA_DIR": str(folder)})):
        pass
