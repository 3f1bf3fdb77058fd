"""`hos edge query`, `tables`, `export` and `search`: all of the venue's data but its secrets, and nothing is changed."""

import asyncio
import csv
import json
import sqlite3
import stat
from pathlib import Path

import pytest

from edge.__main__ import main
from edge.cli.opened import VIEWS, TookTooLong, opened
from edge.cli.searching import FILE_NAME
from edge.engine.database import FILE_NAME as VENUE
from shared.commands.ordering import AdjustLine
from tests.real_venue import MINUTE_MS, RealVenue, a_real_venue

DONE, PROBLEMS, TOO_SLOW = 0, 1, 5
SECRET = "scrypt$of-a-pin"
EMPANADA_MINOR = 1_200_00


async def sell(venue: RealVenue, *check_ids: str) -> None:
    for n, check_id in enumerate(check_ids):
        await venue.serve(check_id, at_ms=n * MINUTE_MS, items=("empanada", "flan"))
        await venue.pay_by_card(check_id, EMPANADA_MINOR + 4_000_00, at_ms=n * MINUTE_MS)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A venue that sold twice and is closed."""

    async def play() -> None:
        async with a_real_venue(tmp_path, pin_hash=SECRET) as venue:
            await sell(venue, "c1", "c2")

    asyncio.run(play())
    return tmp_path / "venue"


def typed(folder: Path, *words: str) -> int:
    return main(["--data-dir", str(folder), *words])


def test_a_query_answers_as_json_csv_or_a_table(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sql = "SELECT number, total FROM readable_checks ORDER BY number"
    assert typed(folder, "query", sql, "--format", "json") == DONE
    assert json.loads(capsys.readouterr().out) == [{"number": 1, "total": 5200.0}, {"number": 2, "total": 5200.0}]
    assert typed(folder, "query", sql, "--format", "csv", "--limit", "1") == DONE
    told = capsys.readouterr()
    assert told.out == "number,total\n1,5200.0\n"
    assert "more than 1 rows" in told.err
    assert typed(folder, "query", sql) == DONE
    assert capsys.readouterr().out.splitlines()[0].split() == ["number", "total"]


def test_what_is_exported_of_a_check_adds_up_with_what_was_given(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async def play() -> None:
        async with a_real_venue(tmp_path) as venue:
            await venue.serve("c1", items=("empanada", "flan"))
            comp = AdjustLine(adjustment_id="a1", check_id="c1", line_id="c1-0", kind="comp", reason="delay")
            await venue.do("mara", comp)

    asyncio.run(play())
    folder = tmp_path / "venue"
    sums = "SELECT dishes, cover_charge, adjustments, total FROM readable_checks"
    assert typed(folder, "query", sums, "--format", "csv") == DONE
    assert capsys.readouterr().out.splitlines()[1] == "5200.0,0.0,-1200.0,4000.0"
    given = "SELECT check_number, kind, dish, amount, reason, given_by FROM readable_adjustments"
    assert typed(folder, "query", given, "--format", "csv") == DONE
    assert capsys.readouterr().out.splitlines()[1:] == ["1,comp,Empanada,-1200.0,delay,Mara"]


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM checks",
        "CREATE TABLE mine (x)",
        "CREATE TEMP TABLE mine (x)",
        "ATTACH '/tmp/other.db' AS other",
        "PRAGMA query_only = 0",
        "PRAGMA journal_mode = DELETE",
        "ROLLBACK",
        "VACUUM INTO '/tmp/copy.db'",
        "SELECT pin_hash FROM person",
        "SELECT * FROM person",
        "SELECT (SELECT value FROM venue_secret) AS x",
        "SELECT key_digest FROM device_key",
        "SELECT 1; DELETE FROM checks",
        "SELECT nonsense",
        "",
    ],
)
def test_a_query_changes_nothing_and_gives_no_secret_away(
    folder: Path, sql: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (folder / VENUE).read_bytes()
    assert typed(folder, "query", sql) == PROBLEMS
    assert capsys.readouterr().out == ""
    assert (folder / VENUE).read_bytes() == before


def test_every_table_is_listed_with_its_rows_and_no_secret_one(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert typed(folder, "tables", "--format", "json") == DONE
    tables = {row["name"]: row for row in json.loads(capsys.readouterr().out)}
    assert tables["checks"]["rows"] == 2 and tables["log"]["kib"] > 0
    assert VIEWS.keys() <= tables.keys()
    assert {"device_key", "venue_secret"} & tables.keys() == set()
    assert "pin_hash" not in tables["person"]["columns"]


@pytest.mark.parametrize("form", ["sqlite", "csv", "ndjson"])
def test_an_export_has_every_row_and_no_secret(folder: Path, tmp_path: Path, form: str) -> None:
    target = tmp_path / ("out.db" if form == "sqlite" else "out")
    assert typed(folder, "export", str(target), "--format", form) == DONE
    files = [target] if target.is_file() else sorted(target.iterdir())
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in files)
    with sqlite3.connect(folder / VENUE) as venue:
        (secret,) = venue.execute("SELECT value FROM venue_secret").fetchone()
        digests = [digest for (digest,) in venue.execute("SELECT key_digest FROM device_key")]
        (entries,) = venue.execute("SELECT COUNT(*) FROM log").fetchone()
    content = b"".join(file.read_bytes() for file in files)
    for kept_back in (SECRET, secret.hex(), *digests):
        assert kept_back.encode() not in content
    assert secret not in content
    match form:
        case "sqlite":
            with sqlite3.connect(target) as copy:
                assert copy.execute("SELECT COUNT(*) FROM log").fetchone() == (entries,)
                dishes = copy.execute("SELECT dish, amount FROM readable_lines WHERE check_number = 1").fetchall()
        case "csv":
            with (target / "readable_lines.csv").open(encoding="utf-8", newline="") as file:
                rows = [row for row in csv.DictReader(file) if row["check_number"] == "1"]
            dishes = [(row["dish"], float(row["amount"])) for row in rows]
        case _:
            lines = (target / "readable_lines.ndjson").read_text(encoding="utf-8").splitlines()
            dishes = [(row["dish"], row["amount"]) for row in map(json.loads, lines) if row["check_number"] == 1]
    assert dishes == [("Empanada", 1200.0), ("Flan", 4000.0)]


def test_an_export_goes_into_no_data_folder_and_over_nothing_unless_told(folder: Path, tmp_path: Path) -> None:
    before = (folder / VENUE).read_bytes()
    assert typed(folder, "export", str(folder / VENUE), "--replace") == PROBLEMS
    assert typed(folder, "export", str(folder), "--format", "csv", "--replace") == PROBLEMS
    assert (folder / VENUE).read_bytes() == before
    (tmp_path / "out.db").write_bytes(b"something dear")
    assert typed(folder, "export", str(tmp_path / "out.db")) == PROBLEMS
    assert (tmp_path / "out.db").read_bytes() == b"something dear"
    assert typed(folder, "export", str(tmp_path / "out.db"), "--replace") == DONE
    assert typed(folder, "export", str(tmp_path / "usb" / "out.db")) == PROBLEMS


def found(folder: Path, capsys: pytest.CaptureFixture[str], *words: str) -> list[str]:
    capsys.readouterr()
    assert typed(folder, "search", *words, "--format", "json") == DONE
    return [str(row.get("check_id") or row.get("item_id")) for row in json.loads(capsys.readouterr().out)]


def test_search_finds_words_without_their_accents_and_learns_what_came_since(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert found(folder, capsys, "ANÁ", "flan") == ["c1", "c2"]
    assert found(folder, capsys, "bife") == []
    assert found(folder, capsys, "--dishes", "malbéc") == ["malbec"]
    assert found(folder, capsys, 'a"b*') == []

    with sqlite3.connect(folder / VENUE) as venue:  # a check that is closed while the index stands
        venue.execute("UPDATE check_line SET note = 'sin sal' WHERE check_id = 'c2'")
        venue.execute("INSERT INTO log SELECT seq + 1, epoch, id, kind, version, hlc, asked_at_ms, business_day, subject,"
                      " staff_id, device_id, command_id, origin_epoch, origin_seq, training, body, digest FROM log"
                      " WHERE seq = (SELECT MAX(seq) FROM log)")  # fmt: skip
        venue.execute("UPDATE log SET kind = 'check_closed', subject = 'c2' WHERE seq = (SELECT MAX(seq) FROM log)")
    assert found(folder, capsys, "sin", "sal") == ["c2"]


def test_search_makes_its_index_anew_for_another_log(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert found(folder, capsys, "flan") == ["c1", "c2"]
    with sqlite3.connect(folder / VENUE) as venue:  # as a restored backup leaves it
        venue.execute("UPDATE log SET digest = randomblob(32)")
        venue.execute("UPDATE checks SET state = 'open' WHERE check_id = 'c2'")
    assert found(folder, capsys, "flan") == ["c1"]
    (folder / FILE_NAME).unlink()
    assert found(folder, capsys, "flan") == ["c1"]


@pytest.mark.parametrize("words", [("",), ('"',), ("*", "-"), (" ", "()")])
def test_search_for_no_word_at_all_says_so_and_blames_no_database(
    folder: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    assert typed(folder, "search", *words) == PROBLEMS
    said = capsys.readouterr().err
    assert "Search for a word" in said
    assert "restore" not in said


def test_search_takes_quotes_and_the_index_own_grammar_as_words(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert found(folder, capsys, '"flan"') == ["c1", "c2"]
    assert found(folder, capsys, 'fl"an') == []
    assert found(folder, capsys, "flan", "NOT", "empanada") == []
    assert found(folder, capsys, "flan", "-") == ["c1", "c2"]


def test_search_makes_a_broken_index_anew_instead_of_blaming_the_venue(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / FILE_NAME).write_bytes(b"half of a page that a power cut left" * 200)
    assert found(folder, capsys, "flan") == ["c1", "c2"]


#: Rows without end, so that only an interrupt ends them: the first gives none, the others some, then no more, or for ever.
ENDLESS = {
    "no row": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n",
    "rows for ever": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n",
    "a row and no more": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n WHERE i < 2",
}


@pytest.mark.parametrize("sql", ENDLESS.values(), ids=ENDLESS)
def test_a_query_past_its_deadline_is_interrupted_and_says_so(
    folder: Path, sql: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert typed(folder, "query", sql, "--deadline", "1", "--limit", "0", "--format", "csv") == TOO_SLOW
    assert capsys.readouterr().err == (
        "Interrupted: it took longer than 1 s. Ask for less, or for longer with --deadline.\n"
    )


def test_a_query_within_its_deadline_or_without_one_is_answered(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for deadline_s in ("1", "0", "99999999999999"):
        assert typed(folder, "query", "SELECT 1 AS one", "--deadline", deadline_s, "--format", "csv") == DONE
        assert capsys.readouterr().out == "one\n1\n"


def test_a_question_that_reads_for_ever_does_not_outlive_its_deadline(folder: Path) -> None:
    with pytest.raises(TookTooLong), opened(folder / VENUE, deadline_s=0.01) as database:
        while True:  # many short statements, as `tables` asks
            database.execute("SELECT COUNT(*) FROM log, log, log").fetchone()
