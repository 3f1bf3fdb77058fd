"""`hos doctor` says what is wrong and what to do, and touches nothing."""

import contextlib
import os
import socket
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import SimpleNamespace

import pytest

from edge.engine.database import connect_writer
from installer import doctor
from installer.checkups.finding import Finding
from installer.checkups.machine import machine, port_of
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


def test_a_folder_where_no_edge_ran_yet_is_looked_at_before_the_first_start(tmp_path: Path) -> None:
    findings = found({"HOS_DATA_DIR": str(tmp_path), "HOS_PORT": "1"})
    assert findings["venue"].verdict == "look"
    assert findings["port"] == Finding("port", "well", "1 is free")
    assert "hub" in findings and "screens" in findings
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_wrong(tmp_path: Path) -> None:
    findings = found({"HOS_DATA_DIR": str(tmp_path / "misspelt")})
    assert [finding.verdict for finding in findings.values()] == ["wrong"]


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_a_port_that_another_program_has_is_wrong(host: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        environment = {"HOS_HOST": host, "HOS_PORT": str(other.getsockname()[1])}
        assert port_of(environment).verdict == "wrong"


@pytest.mark.parametrize("left", ["http://127.0.0.1:{port}", "nonsense", "http://[", "", "http://127.0.0.1:1"])
async def test_an_address_that_a_killed_edge_left_behind_is_not_believed(tmp_path: Path, left: str) -> None:
    environment = await a_venue(tmp_path)
    with a_program_that_says("[]") as port:
        (tmp_path / "venue" / "edge.address").write_text(left.format(port=port), encoding="utf-8")
        finding = found(environment)["edge"]
    assert (finding.verdict, finding.found) == ("look", "not running; port 1 is free")


async def test_a_hub_that_takes_nothing_more_is_wrong(tmp_path: Path) -> None:
    environment = await a_venue(tmp_path)
    health = '{"writes": true, "devices": 0, "hub": "connected", "behind": 7, "trouble": "fork"}'
    with a_program_that_says(health) as port:
        (tmp_path / "venue" / "edge.address").write_text(f"http://127.0.0.1:{port}", encoding="utf-8")
        finding = found(environment)["hub"]
    assert finding.verdict == "wrong"
    assert "fork" in finding.found


async def test_tables_of_another_release_are_not_called_broken(tmp_path: Path) -> None:
    environment = await a_venue(tmp_path)
    conn = connect_writer(tmp_path / "venue" / "venue.db")
    conn.execute("UPDATE projection_fingerprint SET fingerprint = 'old' WHERE name = 'printing'")
    conn.execute("DROP TABLE printer")
    conn.close()
    findings = found(environment)
    assert findings["tables"].verdict == "look"
    assert "database" not in findings


async def test_a_database_that_others_can_read_is_wrong(tmp_path: Path) -> None:
    environment = await a_venue(tmp_path)
    assert found(environment)["keys"].verdict == "well"
    (tmp_path / "venue" / "venue.db").chmod(0o644)
    assert found(environment)["keys"].found == "others can read venue.db"


@contextlib.contextmanager
def a_program_that_says(words: str) -> Iterator[int]:
    """Another program on loopback that answers every request with the same; its port."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(words.encode())

        def log_message(self, format: str, *args: object) -> None:
            """Silent."""

    server = HTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


def test_a_wrong_setting_is_said_in_words(tmp_path: Path) -> None:
    assert found({"HOS_DATA_DIR": str(tmp_path), "HOS_PORT": "eighty"})["settings"].verdict == "wrong"


def test_doctor_ends_with_one_when_something_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert doctor.main(["--data-dir", str(tmp_path / "not there"), "--json"]) == doctor.PROBLEMS
    assert '"verdict": "wrong"' in capsys.readouterr().out


def of_machine(folder: Path) -> dict[str, Finding]:
    return {finding.what: finding for finding in machine(folder, progress=lambda what: None)}


def test_a_clock_that_was_never_set_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.time", lambda: 0.0)
    assert of_machine(tmp_path)["clock"].verdict == "wrong"


@pytest.mark.parametrize(
    ("free", "verdict"), [(999_999_999, "wrong"), (4_000_000_000, "look"), (9_000_000_000, "well")]
)
def test_a_disk_is_called_full_before_it_is(
    tmp_path: Path, free: int, verdict: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda folder: SimpleNamespace(free=free))
    assert of_machine(tmp_path)["disk space"].verdict == verdict


def test_names_that_look_like_markup_are_shown_as_they_are(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "[red]bold"
    folder.mkdir()
    assert doctor.main(["--data-dir", str(folder)]) == doctor.OK
    assert "[red]bold" in capsys.readouterr().out.replace("\n", "").replace(" ", "")
