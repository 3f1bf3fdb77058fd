"""`hos doctor` says what is wrong and what to do, and touches nothing."""

import os
import socket
from collections.abc import Mapping
from pathlib import Path

import pytest

from edge.engine.database import connect_writer
from installer import doctor
from installer.checkups.finding import Finding
from installer.checkups.machine import machine
from installer.checkups.venue import venue
from shared.commands.kitchen import ConfigureStation
from shared.commands.printing import ConfigurePrinter
from tests.real_venue import a_real_venue

A_YEAR_MS = 365 * 86_400_000


def found(environment: Mapping[str, str]) -> dict[str, Finding]:
    return {finding.what: finding for finding in venue(environment, progress=lambda what: None)}


async def a_venue(folder: Path, *, printer_port: int = 0) -> dict[str, str]:
    async with a_real_venue(folder) as service:
        if printer_port:
            await service.do(
                "console",
                ConfigurePrinter(printer_id="p", printer_name="Parrilla", host="127.0.0.1", port=printer_port),
            )
    return {"HOS_DATA_DIR": str(folder / "venue"), "HOS_PORT": "1"}


def test_this_machine_can_run_a_venue(tmp_path: Path) -> None:
    findings = list(machine(tmp_path / "not" / "there" / "yet", progress=lambda what: None))
    assert [finding.what for finding in findings] == ["SQLite", "clock", "time zones", "disk space", "disk writes"]
    assert [finding for finding in findings if finding.verdict == "wrong"] == []
    assert list(tmp_path.iterdir()) == []


async def test_a_venue_at_rest_has_a_whole_log_and_says_how_to_start(tmp_path: Path) -> None:
    findings = found(await a_venue(tmp_path))
    assert findings["log"].verdict == "well"
    assert findings["edge"] == Finding("edge", "look", "not running; port 1 is free", "Start it: hos edge run.")
    assert all(finding.advice for finding in findings.values() if finding.verdict != "well")


async def test_a_changed_byte_in_the_log_is_found_and_named(tmp_path: Path) -> None:
    environment = await a_venue(tmp_path)
    conn = connect_writer(tmp_path / "venue" / "venue.db")
    conn.execute("UPDATE log SET business_day = '1999-01-01' WHERE seq = 3")
    conn.close()
    finding = found(environment)["log"]
    assert finding.verdict == "wrong"
    assert finding.found.startswith("entry 3 ")


async def test_a_clock_behind_the_log_is_wrong(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as service:
        await service.do("console", ConfigureStation(station_id="x", name="X"), at_ms=100 * A_YEAR_MS)
    assert found({"HOS_DATA_DIR": str(tmp_path / "venue")})["clock and log"].verdict == "wrong"


async def test_a_printer_that_does_not_answer_is_wrong_and_one_that_does_is_well(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as printer:
        environment = await a_venue(tmp_path, printer_port=printer.getsockname()[1])
        assert found(environment)["printer Parrilla"].verdict == "well"
    assert found(environment)["printer Parrilla"].verdict == "wrong"


async def test_a_key_that_others_can_read_is_wrong(tmp_path: Path) -> None:
    environment = await a_venue(tmp_path)
    key = tmp_path / "venue" / "console.key"
    key.write_text("secret", encoding="ascii")
    key.chmod(0o644)
    assert found(environment)["keys"] == Finding(
        "keys", "wrong", "others can read console.key", "Close them: chmod 600 console.key."
    )


def test_a_file_that_is_no_database_is_wrong_and_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "venue.db").write_bytes(os.urandom(100_000))
    before = (tmp_path / "venue.db").read_bytes()
    assert found({"HOS_DATA_DIR": str(tmp_path)})["database"].verdict == "wrong"
    assert (tmp_path / "venue.db").read_bytes() == before


def test_an_empty_folder_is_no_venue(tmp_path: Path) -> None:
    assert [finding.verdict for finding in found({"HOS_DATA_DIR": str(tmp_path)}).values()] == ["wrong"]


def test_a_wrong_setting_is_said_in_words(tmp_path: Path) -> None:
    assert found({"HOS_DATA_DIR": str(tmp_path), "HOS_PORT": "eighty"})["settings"].verdict == "wrong"


def test_doctor_ends_with_one_when_something_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert doctor.main(["--data-dir", str(tmp_path), "--json"]) == doctor.PROBLEMS
    assert '"verdict": "wrong"' in capsys.readouterr().out
