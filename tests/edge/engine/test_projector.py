"""Tables are a cache of the log: rebuilt they are the same, and what differs is found and named."""

import asyncio
import tempfile
from pathlib import Path

import msgspec
import pytest
from engine_toy import BOX, LAST, PROJECTION, THING, TOY, Venue, a_venue, decode, put, take
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.engine import database, log
from edge.engine.migrate import DatabaseTooNew, migrate
from edge.engine.projector import Projector, verify
from edge.engine.writes import TableWriter
from shared.folded import MissingRow, WrongWrite
from shared.writes import Add, Delete, Put, Set, Write

steps = st.lists(
    st.tuples(st.sampled_from(["put", "take"]), st.sampled_from("abcd"), st.sampled_from("xyz")), max_size=40
)


def everything(venue: Venue) -> list[list[tuple[object, ...]]]:
    return [venue.rows(f"SELECT * FROM {table.name} ORDER BY 1, 2") for table in (BOX, THING, LAST)]


@settings(max_examples=15, deadline=None)
@given(steps)
def test_rebuilt_tables_are_the_live_ones(asked: list[tuple[str, str, str]]) -> None:
    async def play(folder: Path) -> None:
        async with a_venue(folder) as venue:
            for n, (verb, thing, box) in enumerate(asked):
                ask = put(thing, box=box) if verb == "put" else take(thing, box=box)
                await venue.writer.ask([msgspec.structs.replace(ask, id=f"c{n}")])
            live = everything(venue)
            await venue.writer.stop()
            assert verify(venue.conn, venue.projector, [TOY]) == []
            venue.projector.rebuild(venue.conn, venue.projector.projections)
            assert everything(venue) == live

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(play(Path(folder)))


async def three_things(folder: Path) -> None:
    async with a_venue(folder) as venue:
        await venue.writer.ask([put("a"), put("b"), put("c", box="b2")])


def test_a_changed_declaration_rebuilds_and_an_unchanged_one_does_not(tmp_path: Path) -> None:
    asyncio.run(three_things(tmp_path))
    conn = database.connect_writer(tmp_path / database.FILE_NAME)
    projector = Projector([TOY], decode)
    assert projector.stale(conn) == []
    wider = msgspec.structs.replace(THING, indexes=(("price_minor",),))
    changed = msgspec.structs.replace(PROJECTION, tables=(BOX, wider, LAST))
    projector = Projector([msgspec.structs.replace(TOY, projections=[changed])], decode)
    assert projector.stale(conn) == [changed]
    seen: list[tuple[str, int, int]] = []
    projector.rebuild(conn, [changed], lambda what, so_far, total: seen.append((what, so_far, total)))
    assert seen == [("rebuild", 3, 3)]
    assert projector.stale(conn) == []
    assert conn.execute("SELECT count(*) FROM thing").fetchone() == (3,)
    conn.close()


def test_a_changed_row_is_found_and_named(tmp_path: Path) -> None:
    asyncio.run(three_things(tmp_path))
    venue = Venue(tmp_path)
    venue.conn.execute("UPDATE thing SET price_minor = 1 WHERE thing_id = 'b'")
    problems = verify(venue.conn, venue.projector, [TOY])
    assert len(problems) == 2
    assert "table thing" in problems[0] and "('b1', 'b', 1, 'in')" in problems[0]
    assert problems[1] == "toy: box b1 does not add up to 200"
    venue.reads.close()
    venue.conn.close()


@pytest.mark.parametrize("byte", [0, 20, 50])
def test_a_flipped_byte_in_the_log_is_found_and_named(tmp_path: Path, byte: int) -> None:
    asyncio.run(three_things(tmp_path))
    conn = database.connect_writer(tmp_path / database.FILE_NAME)
    (body,) = conn.execute("SELECT body FROM log WHERE seq = 2").fetchone()
    flipped = body[:byte] + bytes([body[byte] ^ 1]) + body[byte + 1 :]
    conn.execute("UPDATE log SET body = ? WHERE seq = 2", (flipped,))
    problems = verify(conn, Projector([TOY], decode), [TOY])
    assert problems == ["entry 2 (thing_put) is not what was written: its digest does not match"]
    conn.close()


def test_a_missing_entry_is_found_and_named(tmp_path: Path) -> None:
    asyncio.run(three_things(tmp_path))
    conn = database.connect_writer(tmp_path / database.FILE_NAME)
    conn.execute("DELETE FROM log WHERE seq = 2")
    assert log.check_chain(conn) == "entry 2 is missing: 3 follows 1"
    conn.close()


def test_a_database_of_a_newer_program_is_refused(tmp_path: Path) -> None:
    conn = database.connect_writer(tmp_path / database.FILE_NAME)
    assert migrate(conn)[0] == "0001_log.sql"
    assert migrate(conn) == []
    conn.execute("INSERT INTO migration VALUES (9999, '9999_tomorrow.sql')")
    with pytest.raises(DatabaseTooNew, match="9999_tomorrow"):
        migrate(conn)
    conn.close()


def test_a_migration_that_fails_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "0001_half.sql").write_text("CREATE TABLE a (x);\nCREATE TABLE a (x);")
    conn = database.connect_writer(tmp_path / database.FILE_NAME)
    with pytest.raises(Exception, match="already exists"):
        migrate(conn, tmp_path)
    assert conn.execute("SELECT name FROM sqlite_master WHERE name = 'a'").fetchall() == []
    conn.close()


def test_a_backup_is_whole_while_the_venue_writes(tmp_path: Path) -> None:
    async def play() -> None:
        async with a_venue(tmp_path) as venue:
            await venue.writer.ask([put("a")])
            copying = asyncio.to_thread(database.backup, venue.path, tmp_path / "copy.db")
            await asyncio.gather(copying, venue.writer.ask([put("b")]))

    asyncio.run(play())
    copy = database.connect_reader(tmp_path / "copy.db")
    assert verify(copy, Projector([TOY], decode), [TOY]) == []
    assert copy.execute("SELECT count(*) FROM log").fetchone()[0] in {1, 2}
    copy.close()


@pytest.mark.parametrize(
    ("write", "error"),
    [
        (Set("thing", {"box_id": "b", "thing_id": "t"}, {"state": "in"}), MissingRow),
        (Add("last", {"box_id": "b"}, {"changes": 1}), MissingRow),
        (Set("thing", {"box_id": "b"}, {"state": "in"}), WrongWrite),
        (Delete("thing", {"box_id": "b"}), WrongWrite),
        (Delete("last", {"box_id": "b", "thing_id": "t"}), WrongWrite),
        (Put("last", {"box_id": "b"}), WrongWrite),
        (Put("last", {"box_id": "b", "thing_id": "t", "charges": 1}), WrongWrite),
        (Put("last", ("b", "t")), WrongWrite),
        (Set("thing", {"box_id": "b", "thing_id": "t"}, {"price": 1}), WrongWrite),
        (Set("thing", {"box_id": "b", "thing_id": "t"}, {"box_id": "c"}), WrongWrite),
        (Set("box", {"box_id": "b"}, {"things": 1}), WrongWrite),
        (Put("box", {"box_id": "b", "total_minor": 1, "things": 1}), WrongWrite),
        (Delete("log", {"seq": 1}), WrongWrite),
    ],
)
def test_a_write_that_does_not_fit_its_table_raises(tmp_path: Path, write: Write, error: type[Exception]) -> None:
    venue = Venue(tmp_path)
    with pytest.raises(error):
        TableWriter((BOX, THING, LAST)).apply(venue.conn.cursor(), write)
    venue.reads.close()
    venue.conn.close()
