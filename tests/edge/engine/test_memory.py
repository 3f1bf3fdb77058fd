"""What the writer remembers of rows that seldom change: read once, and never out of date."""

import sqlite3
from pathlib import Path

from edge.engine.database import connect_reader, connect_writer
from edge.engine.memory import LIMIT, WriterConnection, seldom_changes


class Counting:
    """A read of one table that says how often it was made."""

    def __init__(self) -> None:
        self.reads = 0

        @seldom_changes("station")
        def name_of(conn: sqlite3.Connection, station_id: str) -> str | None:
            self.reads += 1
            row = conn.execute("SELECT name FROM station WHERE station_id = ?", (station_id,)).fetchone()
            return None if row is None else str(row[0])

        self.name_of = name_of


def a_database(folder: Path) -> WriterConnection:
    conn = connect_writer(folder / "venue.db")
    conn.execute("CREATE TABLE station (station_id TEXT PRIMARY KEY, name TEXT)")
    conn.execute("INSERT INTO station VALUES ('grill', 'Parrilla')")
    return conn


def test_a_read_is_made_once_for_each_key(tmp_path: Path) -> None:
    conn, counting = a_database(tmp_path), Counting()
    found = [counting.name_of(conn, station_id) for station_id in ("grill", "bar", "grill", "bar")]
    assert (found, counting.reads) == (["Parrilla", None, "Parrilla", None], 2)


def test_it_is_made_again_after_a_row_of_its_table_was_written(tmp_path: Path) -> None:
    conn, counting = a_database(tmp_path), Counting()
    counting.name_of(conn, "grill")
    conn.execute("UPDATE station SET name = 'Brasas'")
    conn.forget([("checks", ("c1",)), ("station", ("grill",))])
    assert counting.name_of(conn, "grill") == "Brasas"


def test_rows_of_other_tables_leave_it_alone(tmp_path: Path) -> None:
    conn, counting = a_database(tmp_path), Counting()
    counting.name_of(conn, "grill")
    conn.forget([("checks", ("c1",))])
    counting.name_of(conn, "grill")
    assert counting.reads == 1


def test_a_connection_that_does_not_write_reads_each_time(tmp_path: Path) -> None:
    a_database(tmp_path)
    counting, reader = Counting(), connect_reader(tmp_path / "venue.db")
    counting.name_of(reader, "grill")
    counting.name_of(reader, "grill")
    assert counting.reads == 2


def test_it_remembers_no_more_than_its_limit(tmp_path: Path) -> None:
    conn, counting = a_database(tmp_path), Counting()
    for number in range(LIMIT + 1):
        counting.name_of(conn, f"s{number}")
    counting.name_of(conn, "s0")
    assert counting.reads == LIMIT + 2
