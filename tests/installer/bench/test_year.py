"""`hos bench --year` on a short year: real evenings, in a log that is true, and a figure for each goal."""

import asyncio
import contextlib
import json
import sqlite3
from datetime import date, timedelta
from pathlib import Path

import pytest

from edge.app import SLICES
from edge.engine.database import FILE_NAME, connect_reader, connect_writer
from edge.engine.projector import Projector, verify
from installer.bench import command_line, dinners, year
from installer.bench.rows import Row
from shared.ops import decode

ENTRIES = 2_000
PARTIES = 10
SALES = 5
#: What happens on an evening, at least.
KINDS = {
    "check_opened",
    "lines_added",
    "lines_sent",
    "ticket_opened",
    "ticket_bumped",
    "course_picked_up",
    "payment_taken",
    "check_closed",
    "drawer_counted",
    "period_closed",
}


def silent(what: str, done: int, total: int) -> None:
    """Nobody watches."""


def measured(folder: Path) -> list[Row]:
    return year.measure(ENTRIES, into=folder, progress=silent, parties=PARTIES, sales=SALES)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A short year that was played."""
    made = tmp_path_factory.mktemp("year")
    asyncio.run(dinners.play(made, ENTRIES, parties=PARTIES))
    return made


def rows(folder: Path, sql: str) -> list[tuple[object, ...]]:
    with contextlib.closing(connect_reader(folder / FILE_NAME)) as conn:
        return list(conn.execute(sql))


def test_evenings_are_whole_and_each_ends_with_a_z_on_a_day_of_its_own(folder: Path) -> None:
    ((entries,),) = rows(folder, "SELECT COUNT(*) FROM log")
    assert isinstance(entries, int) and ENTRIES <= entries < ENTRIES * 1.2
    assert {kind for (kind,) in rows(folder, "SELECT DISTINCT kind FROM log")} >= KINDS
    zs = rows(folder, "SELECT z_number, business_day FROM z_report ORDER BY z_number")
    assert len(zs) > 5
    assert zs == [(n + 1, str(date(2026, 1, 1) + timedelta(days=n))) for n in range(len(zs))]
    assert rows(folder, "SELECT COUNT(*) FROM checks WHERE state = 'open'") != [(0,)]  # it ends in a full room
    assert rows(folder, "SELECT COUNT(*) FROM refusal") == [(0,)]
    with contextlib.closing(connect_reader(folder / FILE_NAME)) as conn:
        assert verify(conn, Projector(SLICES, decode), SLICES) == []


@pytest.mark.timeout(240)
def test_each_goal_has_its_figure_and_a_kept_year_is_not_played_again(folder: Path) -> None:
    ((before,),) = rows(folder, "SELECT MAX(seq) FROM log")
    found = measured(folder)
    assert [row.name for row in found] == [
        "data folder",
        "verify",
        "rebuild",
        *(f"first load of a {app} screen" for app in ("waiter", "pos", "kds")),
        "one command, alone in its commit",
    ]
    assert found[0].details["entries"] == before
    assert all(row.is_met for row in found[:3])
    assert all(0 < row.details["bytes"] <= year.MOST_FIRST_BYTES for row in found[3:6])
    assert found[6].details["of"] == SALES * 4
    assert {kind for (kind,) in rows(folder, f"SELECT kind FROM log WHERE seq > {before}")} >= {"check_closed"}


def test_a_year_whose_tables_are_not_what_its_log_says_is_not_measured(folder: Path, tmp_path: Path) -> None:
    with contextlib.closing(connect_reader(folder / FILE_NAME)) as conn, sqlite3.connect(tmp_path / FILE_NAME) as copy:
        conn.backup(copy)
    with contextlib.closing(connect_writer(tmp_path / FILE_NAME)) as conn:
        conn.execute("UPDATE checks SET total_minor = total_minor + 1 WHERE state = 'closed'")
    with pytest.raises(year.Wrong, match="table checks differs"):
        measured(tmp_path)


def test_what_was_measured_is_shown_as_json_with_a_code_of_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = command_line.main(["--year", "400", "--sales", "5", "--into", str(tmp_path / "venue"), "--json"])
    shown = json.loads(capsys.readouterr().out)["rows"]
    assert code == (0 if all(row["is_met"] for row in shown) else 1)
    assert shown[0]["name"] == "data folder" and shown[0]["details"]["entries"] >= 400


@pytest.mark.parametrize(("spent_s", "is_met"), [(59.9, True), (60.1, False)])
def test_a_goal_is_missed_by_a_tenth_of_a_second(spent_s: float, is_met: bool) -> None:
    assert year.of_a_minute("verify", spent_s, 1_000_000).is_met is is_met
