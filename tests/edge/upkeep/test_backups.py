"""The database is copied when it should be, copies are proved, and whoever can help is told when something fails."""

import asyncio
import contextlib
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest

from edge import app as root
from edge.cli.upkeep import PROBLEMS
from edge.engine.clock import CommandClock
from edge.engine.database import connect_reader
from edge.engine.projector import Projector, verify
from edge.settings import Settings
from edge.upkeep import copies
from edge.upkeep.load import OLD_MS
from shared.commands.cash import CloseDay
from shared.commands.guests import ExpireDrafts
from shared.ops import decode
from tests.real_venue import DAY_MS, HOUR_MS, RealVenue, a_real_venue
from tests.service import START_MS


@contextlib.asynccontextmanager
async def a_venue(folder: Path, *, second: Path | None = None) -> AsyncIterator[RealVenue]:
    async with a_real_venue(folder) as venue:
        settings = msgspec.structs.replace(venue.edge.settings, backup_to=second)
        venue.edge.backups._settings = settings  # the venue's own settings name no second place
        yield venue


def step_to(venue: RealVenue, at_ms: int) -> None:
    """The edge's clock stands this long after the opening."""
    clock = venue.edge.clock
    assert isinstance(clock, CommandClock)
    clock.follow(START_MS + at_ms)


def made(venue: RealVenue) -> list[tuple[str, str, str]]:
    """What the log says of every backup: copied, checked, second."""
    return venue.rows(
        "SELECT json_extract(body, '$.copied'), json_extract(body, '$.checked'), json_extract(body, '$.second')"
        " FROM log WHERE kind = 'backup_made' ORDER BY seq"
    )


async def test_a_new_venue_is_copied_at_its_first_look_and_the_copy_is_proved(tmp_path: Path) -> None:
    async with a_venue(tmp_path) as venue:
        await venue.edge.backups.look()
        assert made(venue) == [("", "", "unset")]
        (view,) = venue.views("backup").values()
        assert (view.copied, view.checked, view.good_at_ms) == ("", "", view.made_at_ms)
        (file,) = venue.edge.settings.backups.iterdir()
        assert file.stat().st_mode & 0o077 == 0
        assert await copies.check(file) == ("", 0)


async def test_a_look_within_twenty_hours_makes_none_and_a_later_one_does(tmp_path: Path) -> None:
    async with a_venue(tmp_path) as venue:
        await venue.edge.backups.look()
        await venue.serve("c1", at_ms=OLD_MS - HOUR_MS)
        await venue.edge.backups.look()
        assert len(made(venue)) == 1
        step_to(venue, OLD_MS + HOUR_MS)
        await venue.edge.backups.look()
        assert len(made(venue)) == 2


async def test_each_z_is_followed_by_a_backup_that_holds_it(tmp_path: Path) -> None:
    async with a_venue(tmp_path) as venue:
        await venue.edge.backups.look()
        await venue.serve("c1", at_ms=HOUR_MS)
        again = asyncio.Event()
        venue.edge.writer.listen(lambda seq, touched: again.set() if len(made(venue)) > 1 else None)
        task = asyncio.create_task(venue.edge.backups.run())
        try:
            await venue.do("mara", CloseDay(), at_ms=2 * HOUR_MS)
            async with asyncio.timeout(60):
                await again.wait()
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        file = venue.edge.settings.backups / copies.name_of(venue.edge.clock.now_ms())
        with contextlib.closing(sqlite3.connect(file)) as copy:
            assert copy.execute("SELECT COUNT(*) FROM z_report").fetchone() == (1,)


async def test_a_venue_where_nothing_happened_makes_no_second_one(tmp_path: Path) -> None:
    async with a_venue(tmp_path) as venue:
        await venue.edge.backups.look()
        for day in range(1, 8):
            step_to(venue, day * DAY_MS)
            await venue.edge.backups.look()
        assert len(made(venue)) == 1


async def test_a_table_that_differs_from_the_log_is_found_in_the_copy(tmp_path: Path) -> None:
    async with a_venue(tmp_path) as venue:
        await venue.serve("c1")
        await venue.edge.writer.job(lambda conn: conn.execute("UPDATE checks SET total_minor = total_minor + 1"))
        await venue.edge.backups.look()
        assert made(venue) == [("", "wrong", "unset")]
        (view,) = venue.views("backup").values()
        assert (view.problems > 0, view.good_at_ms) == (True, 0)


async def test_a_copy_that_is_wrong_takes_the_place_of_none_that_was_proved(tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    async with a_venue(tmp_path / "venue", second=stick) as venue:
        await venue.edge.backups.look()
        places = (venue.edge.settings.backups, stick)
        ((proved, before), _) = [(file, file.read_bytes()) for place in places for file in place.iterdir()]
        await venue.serve("c1")
        await venue.edge.writer.job(lambda conn: conn.execute("UPDATE checks SET total_minor = total_minor + 1"))
        await venue.do("mara", CloseDay())
        await venue.edge.backups.look()
        assert made(venue)[-1] == ("", "wrong", "")
        for place in places:
            assert (place / proved.name).read_bytes() == before
            assert (place / copies.UNPROVED).read_bytes() != before, "what is newest is kept all the same"
        await venue.edge.writer.job(lambda conn: conn.execute("UPDATE checks SET total_minor = total_minor - 1"))
        await venue.edge.backups.look()
        assert made(venue)[-1] == ("", "", "")
        assert [file.name for place in places for file in place.iterdir()] == [proved.name] * 2


async def test_a_z_whose_copy_failed_is_copied_at_the_next_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_venue(tmp_path) as venue:
        await venue.edge.backups.look()
        await venue.serve("c1", at_ms=HOUR_MS)
        await venue.do("mara", CloseDay(), at_ms=2 * HOUR_MS)
        with monkeypatch.context() as full:
            full.setattr(copies.shutil, "disk_usage", lambda path: SimpleNamespace(free=1))
            await venue.edge.backups.look()
        assert made(venue)[-1] == ("no_room", "not_done", "unset")
        step_to(venue, 3 * HOUR_MS)
        await venue.edge.backups.look()
        assert made(venue)[-1] == ("", "", "unset")
        await venue.edge.backups.look()
        assert len(made(venue)) == 3, "the Z has its copy"


async def test_a_fault_that_lasts_is_said_once_and_leaves_no_more_than_that(tmp_path: Path) -> None:
    async with a_venue(tmp_path) as venue:
        venue.edge.settings.backups.write_text("a file where the folder should be")
        await venue.edge.backups.look()
        before = venue.rows("SELECT COUNT(*) FROM command_done")
        for hour in range(1, 49):
            step_to(venue, hour * HOUR_MS)
            await venue.edge.backups.look()
        assert made(venue) == [("failed", "not_done", "unset")]
        assert venue.rows("SELECT COUNT(*) FROM command_done") == before


async def test_a_full_disk_is_said_before_the_copy_fills_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with a_venue(tmp_path) as venue:
        monkeypatch.setattr(copies.shutil, "disk_usage", lambda path: SimpleNamespace(free=1))
        await venue.edge.backups.look()
        assert made(venue) == [("no_room", "not_done", "unset")]
        assert list(venue.edge.settings.backups.iterdir()) == []


async def test_a_stick_that_is_missing_is_said_and_gets_its_copy_when_it_is_back(tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    async with a_venue(tmp_path, second=stick) as venue:
        await venue.edge.backups.look()
        await venue.edge.backups.look()
        stick.mkdir()
        await venue.edge.backups.look()
        assert made(venue) == [("", "", "missing"), ("", "", "")]
        (first,) = venue.edge.settings.backups.iterdir()
        (second,) = stick.iterdir()
        assert second.read_bytes() == first.read_bytes()
        assert second.stat().st_mode & 0o077 == 0


async def test_what_a_kill_left_of_a_copy_gives_its_room_back_at_the_next(tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    async with a_venue(tmp_path / "venue", second=stick) as venue:
        backups = venue.edge.settings.backups
        for folder in (backups, stick):
            folder.mkdir(parents=True)
            for left in ("venue-1.db.part", "venue-5.db.part-journal"):
                (folder / left).write_bytes(b"half")
        await venue.edge.backups.look()
        assert made(venue) == [("", "", "")]
        assert [one.name for one in backups.iterdir()] == [one.name for one in stick.iterdir()]
        assert len(list(stick.iterdir())) == 1


async def test_a_database_that_is_none_is_a_backup_that_failed_and_stops_no_later_one(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    settings.database.write_bytes(b"what a dying disk gives back" * 1_000)
    assert copies.copy(settings, settings.backups / "venue-0.db") == "failed"
    assert list(settings.backups.iterdir()) == []


async def test_a_clock_that_ran_ahead_does_not_put_off_the_next_backup(tmp_path: Path) -> None:
    async with a_venue(tmp_path) as venue:
        step_to(venue, 365 * DAY_MS)
        await venue.edge.backups.look()
        assert len(made(venue)) == 1
        await venue.serve("c1")
        venue.edge.clock._now_ms = START_MS + DAY_MS  # type: ignore[attr-defined]  # the battery was changed
        await venue.edge.backups.look()
        assert len(made(venue)) == 2


async def test_what_a_guest_left_is_settled_all_the_same(tmp_path: Path) -> None:
    async with a_venue(tmp_path) as venue:
        asked = []
        ask_one = venue.edge.door.ask_one

        async def listening(command: object, *args: object, **kwargs: object) -> object:
            asked.append(command)
            return await ask_one(command, *args, **kwargs)  # type: ignore[arg-type]

        venue.edge.door.ask_one = listening  # type: ignore[method-assign, assignment]
        await root.settle_what_was_left(venue.edge)
        assert asked == []
        await venue.edge.writer.job(
            lambda conn: conn.execute(
                "INSERT INTO visit (visit_id, table_id, state, check_id, opened_at_ms) VALUES ('v', 't1', 'open', '', 1)"
            )
        )
        await root.settle_what_was_left(venue.edge)
        assert asked == [ExpireDrafts()]
        assert venue.rows("SELECT state FROM visit") == [("closed",)]


def test_verify_says_of_a_file_what_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from edge.__main__ import main

    settings = Settings(data_dir=tmp_path)
    root.open_database(settings).close()
    capsys.readouterr()
    asked = ["verify", "--data-dir", str(tmp_path), "--file", str(settings.database), "--json"]
    assert main(asked) == 0
    assert msgspec.json.decode(capsys.readouterr().out) == {"entries": 0, "problems": []}
    with contextlib.closing(sqlite3.connect(settings.database)) as conn:
        conn.execute("UPDATE projection_fingerprint SET fingerprint = 'another release'")
        conn.commit()
    assert main(asked) == PROBLEMS
    assert "another release" in capsys.readouterr().out


def test_a_check_ends_with_the_edge_that_asked_for_it(tmp_path: Path) -> None:
    file = asyncio.run(a_day_on(tmp_path))
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    assert checked_for(gone.pid, file) == b""
    assert msgspec.json.decode(checked_for(os.getpid(), file))["problems"] == []


async def a_day_on(folder: Path) -> Path:
    """The database of a venue that served somebody."""
    async with a_venue(folder) as venue:
        await venue.serve("c1", at_ms=0)
        return venue.edge.settings.database


def checked_for(edge: int, file: Path) -> bytes:
    """What a check of the file says that the process `edge` asked for."""
    command = [sys.executable, "-m", "edge", "--data-dir", str(file.parent), "verify"]
    asked = [*command, "--file", str(file), "--json", "--give-way", str(edge)]
    return subprocess.run(asked, stdout=subprocess.PIPE, check=False).stdout


async def test_a_check_that_is_killed_leaves_no_tables_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setenv("SQLITE_TMPDIR", str(scratch))
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    left: list[str] = []
    async with a_venue(tmp_path / "venue") as venue:
        with contextlib.closing(connect_reader(venue.edge.settings.database)) as conn:
            conn.execute("BEGIN")
            projector = Projector(root.SLICES, decode)
            assert verify(conn, projector, root.SLICES, lambda *_: left.extend(map(str, scratch.iterdir()))) == []
    assert left == []
