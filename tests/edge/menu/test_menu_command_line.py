"""`hos edge menu import` and `export` on a real venue, with its edge running and without."""

import asyncio
import contextlib
import json
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from edge import app as root
from edge.__main__ import main
from edge.cli import console
from edge.engine import log
from edge.engine.asks import CONSOLE
from edge.engine.database import connect_reader, data_folder_lock
from edge.menu import reads
from edge.menu.spreadsheet.files import read_file
from edge.menu.spreadsheet.workbooks import xlsx_bytes
from edge.menu.spreadsheet.writing import workbook
from edge.settings import settings_of
from shared.commands.floor import ConfigureVenue
from shared.commands.kitchen import ConfigureStation
from shared.entry import GENESIS
from shared.menu import Menu, MenuItem
from sync.frames import Batch, encode_batch
from tests.service import MENU

STATIONS = {"cocina": "Cocina", "barra": "Barra"}
GOOD = "categoría;nombre;precio;puesto\nCarnes;Bife;12.500,50;Cocina\nVinos;Malbec;$ 9.000;Barra\n"
BROKEN = GOOD + "Postres;Flan;cuatro mil;Cocina\n"
Hos = Callable[..., int]


@pytest.fixture
def venue(tmp_path: Path) -> Path:
    """A venue's data folder with two stations, and no menu yet."""
    folder = tmp_path / "venue"
    folder.mkdir()
    settings = settings_of({"HOS_DATA_DIR": str(folder)})

    async def set_up() -> None:
        async with root.deciding(settings) as edge:
            for id, name in STATIONS.items():
                await edge.door.ask_one(ConfigureStation(station_id=id, name=name), CONSOLE)

    asyncio.run(set_up())
    return folder


@pytest.fixture
def hos(venue: Path, tmp_path: Path) -> Hos:
    """`hos edge menu …` on the venue; its exit code. A text given for a file is written to one first."""

    def run(*words: str | Path) -> int:
        return main(["--data-dir", str(venue), "menu", *map(str, words)])

    return run


@contextlib.contextmanager
def an_edge(folder: Path) -> Iterator[None]:
    """The venue's edge, serving in a process of its own."""
    environment = {**os.environ, "HOS_DATA_DIR": str(folder)}
    command = [sys.executable, "-m", "edge", "run", "--port", "0"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if json.loads(line)["event"] == "serving":
                break
        try:
            yield
        finally:
            process.terminate()
            process.communicate()


def in_force(folder: Path) -> tuple[int, Menu | None]:
    """The venue's menu, and its version."""
    with contextlib.closing(connect_reader(folder / "venue.db")) as conn:
        menu = reads.newest_menu(conn)
        return (menu.version, menu.menu) if menu else (0, None)


def a_file(folder: Path, text: str) -> Path:
    """A spreadsheet as text."""
    path = folder / "carta.csv"
    path.write_text(text, encoding="utf-8")
    return path


def names_in_force(folder: Path) -> list[str]:
    """What the venue sells."""
    menu = in_force(folder)[1]
    return [item.name for item in menu.items] if menu else []


@pytest.mark.parametrize("is_running", [True, False], ids=["edge running", "edge stopped"])
def test_what_was_exported_is_imported_as_the_same_menu(
    hos: Hos, venue: Path, tmp_path: Path, is_running: bool
) -> None:
    book = tmp_path / "carta.xlsx"
    book.write_bytes(xlsx_bytes(workbook(MENU, stations=STATIONS, language="es")))
    with an_edge(venue) if is_running else contextlib.nullcontext():
        assert hos("import", book) == 0
        assert in_force(venue) == (1, MENU)
        assert hos("export", tmp_path / "salida.csv") == 0
        assert hos("import", a_file(tmp_path, GOOD)) == 0
        assert names_in_force(venue) == ["Bife", "Malbec"]
        assert hos("import", tmp_path / "salida.csv") == 0
        assert in_force(venue) == (3, MENU)
        assert hos("import", tmp_path / "salida.csv") == 0
        assert in_force(venue)[0] == 3, "the same menu is not published twice"
    assert main(["--data-dir", str(venue), "verify"]) == 0


@pytest.mark.parametrize("language", ["es", "en"])
def test_one_refused_row_publishes_nothing_and_is_told(
    hos: Hos, venue: Path, tmp_path: Path, language: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert hos("import", a_file(tmp_path, BROKEN), "--language", language) == 1
    assert in_force(venue) == (0, None)
    told = capfd.readouterr().err
    assert "cuatro mil" in told and "precio" in told and " 4 " in told
    assert ("no es un precio" if language == "es" else "it is not a price") in told


def test_the_venue_chooses_the_language(
    hos: Hos, venue: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    settings = settings_of({"HOS_DATA_DIR": str(venue)})
    answer = console.ask(settings, ConfigureVenue(name="The Grill", language="en"))
    assert answer.outcome == "done"
    assert hos("import", a_file(tmp_path, BROKEN)) == 1
    assert "it is not a price" in capfd.readouterr().err


def test_the_good_rows_are_published_when_asked_to(hos: Hos, venue: Path, tmp_path: Path) -> None:
    assert hos("import", a_file(tmp_path, BROKEN), "--skip-refused") == 0
    assert names_in_force(venue) == ["Bife", "Malbec"]


def test_no_good_row_at_all_publishes_nothing(hos: Hos, venue: Path, tmp_path: Path) -> None:
    rows = "categoría;nombre;precio;puesto\nPostres;Flan;cuatro mil;Cocina\n"
    assert hos("import", a_file(tmp_path, rows), "--skip-refused") == 1
    assert in_force(venue) == (0, None)


def test_a_dry_run_says_what_would_change_and_changes_nothing(
    hos: Hos, venue: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert hos("import", a_file(tmp_path, GOOD)) == 0
    changed = GOOD.replace("Bife;12.500,50", "Bife;13.000").replace("Malbec", "Syrah")
    assert hos("import", a_file(tmp_path, changed), "--dry-run") == 0
    told = capfd.readouterr().err
    assert "Nuevos (1): Syrah" in told and "Cambian (1): Bife" in told and "Se van (1): Malbec" in told
    assert in_force(venue)[0] == 1


def test_the_report_shows_each_price_that_changes_before_and_after(
    hos: Hos, venue: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    headings = "categoría;nombre;precio;puesto;variantes\n"
    assert (
        hos("import", a_file(tmp_path, headings + "Carnes;Bife;12.500,50;Cocina;\nVinos;Tinto;;Barra;Copa = 3.000\n"))
        == 0
    )
    capfd.readouterr()
    assert (
        hos("import", a_file(tmp_path, headings + "Carnes;Bife;13.000;Cocina;\nVinos;Tinto;;Barra;Copa = 3.500\n")) == 0
    )
    lines = [line.split() for line in capfd.readouterr().err.splitlines()]
    assert any(line[1:2] == ["Bife"] and "12.500,50" in line and "13.000" in line for line in lines)
    assert any(line[1:4] == ["Tinto", "·", "Copa"] and "3.000" in line and "3.500" in line for line in lines)


def test_a_price_that_leaps_is_published_only_when_confirmed(
    hos: Hos, venue: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert hos("import", a_file(tmp_path, GOOD)) == 0
    slip = a_file(tmp_path, GOOD.replace("12.500,50", "12,50"))
    assert hos("import", slip) == 1
    told = capfd.readouterr().err
    assert "Bife" in told and "12.500,50" in told and "--accept-doubts" in told
    assert hos("import", slip, "--skip-refused") == 1, "a doubt is no refusal"
    assert in_force(venue)[0] == 1
    assert hos("import", slip, "--accept-doubts") == 0
    assert in_force(venue)[0] == 2


@pytest.mark.parametrize("name", ["carta.csv", "carta.xlsx"])
def test_a_venue_without_a_menu_exports_the_form(hos: Hos, tmp_path: Path, name: str) -> None:
    assert hos("export", tmp_path / name) == 0
    headings = read_file(tmp_path / name)[0].rows
    assert [row[: row.index("nombre") + 1][-1] for row in headings] == ["nombre"]
    assert hos("import", tmp_path / name) == 1, "there is nothing in it to sell"


def test_the_example_in_the_docs_is_a_menu(hos: Hos, venue: Path) -> None:
    assert hos("import", Path("docs/examples/carta.csv")) == 0
    menu = in_force(venue)[1]
    assert menu is not None and [group.name for group in menu.groups] == ["Punto", "Extras"]
    assert len(menu.items) == 7


def test_an_export_writes_over_a_file_only_when_told_to(hos: Hos, tmp_path: Path) -> None:
    mine = a_file(tmp_path, GOOD)
    assert hos("export", mine) == 1, "the file is there"
    assert hos("import", mine) == 0
    assert hos("export", mine) == 1
    assert mine.read_text("utf-8") == GOOD
    assert hos("export", mine, "--replace") == 0
    assert mine.read_bytes() != GOOD.encode()


@pytest.mark.parametrize("name", ["carta.pdf", "no-such.csv"])
def test_a_file_that_cannot_be_read_ends_with_a_sentence(hos: Hos, venue: Path, tmp_path: Path, name: str) -> None:
    assert hos("import", tmp_path / name) == 1
    assert in_force(venue) == (0, None)


def test_a_file_that_cannot_be_written_ends_with_a_sentence(hos: Hos, tmp_path: Path) -> None:
    assert hos("import", a_file(tmp_path, GOOD)) == 0
    assert hos("export", tmp_path / "no-such-folder" / "carta.csv") == 1
    assert hos("export", tmp_path / "carta.pdf") == 1


def test_a_venue_that_never_ran_is_a_wrong_use(tmp_path: Path) -> None:
    assert main(["--data-dir", str(tmp_path), "menu", "export", "carta.csv"]) == 2


def test_an_edge_that_does_not_answer_is_told_apart_from_a_refusal(hos: Hos, venue: Path, tmp_path: Path) -> None:
    with data_folder_lock(venue):
        assert hos("import", a_file(tmp_path, GOOD)) == 3
    assert in_force(venue) == (0, None)


def long_rows(items: int, of: Callable[[int], str]) -> str:
    """Rows that each describe a dish in two languages."""
    rows = "".join(f"Platos;Plato {n};{1000 + n};Cocina;{of(n)};Dish {n};{of(n)}\n" for n in range(1, items + 1))
    return "categoría;nombre;precio;puesto;descripción;nombre en inglés;descripción en inglés\n" + rows


def test_a_menu_that_no_request_can_carry_is_refused(
    hos: Hos, venue: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert hos("import", a_file(tmp_path, long_rows(4_000, lambda n: "x" * 140))) == 1
    assert in_force(venue) == (0, None)
    assert "demasiado larga" in capsys.readouterr().err


def test_a_menu_that_no_message_can_carry_to_the_hub_is_refused(hos: Hos, venue: Path, tmp_path: Path) -> None:
    chance = random.Random(5)
    assert hos("import", a_file(tmp_path, long_rows(2_000, lambda n: chance.randbytes(65).hex()))) == 1
    assert in_force(venue) == (0, None)


def test_a_menu_of_two_thousand_items_that_are_described_fits_through_the_door(
    hos: Hos, venue: Path, tmp_path: Path
) -> None:
    about = "Con guarnición a elección, como en casa. Pedilo a punto o jugoso."
    with an_edge(venue):
        assert hos("import", a_file(tmp_path, long_rows(2_000, lambda n: f"{about} N.º {n}."))) == 0
    menu = in_force(venue)[1]
    assert menu is not None and len(menu.items) == 2_000
    with contextlib.closing(connect_reader(venue / "venue.db")) as conn:
        published = [entry for entry in log.read(conn, 0, 100) if entry.kind == "menu_published"]
    assert isinstance(encode_batch(Batch(epoch=1, session="s", prev=GENESIS, entries=tuple(published))), bytes)


def test_a_menu_of_a_thousand_items_fits(hos: Hos, venue: Path, tmp_path: Path) -> None:
    rows = "".join(f"Vinos;Vino de la casa número {n};{1000 + n};Barra;{n}\n" for n in range(1, 1_001))
    assert hos("import", a_file(tmp_path, "categoría;nombre;precio;puesto;código\n" + rows)) == 0
    menu = in_force(venue)[1]
    assert menu is not None and len(menu.items) == 1_000 and isinstance(menu.items[0], MenuItem)
