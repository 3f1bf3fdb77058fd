"""Rows of the commit in the making: as the writes left them, and gone with the commit."""

from pathlib import Path

import pytest

from edge.engine.database import connect_reader, connect_writer
from edge.engine.fresh import FreshRows
from edge.engine.memory import fresh_rows
from shared.writes import Add, Delete, Put, Set, Table, Write

LINE = Table(
    name="line",
    key=("check_id", "line_id"),
    columns={"line_id": "text", "check_id": "text", "n": "int", "state": "text"},
)
KEY = ("c1", "l1")
NAMED = {"check_id": "c1", "line_id": "l1"}


def some_fresh() -> FreshRows:
    fresh = FreshRows()
    fresh.keep([LINE])
    fresh.take(Put("line", ("l1", "c1", 2, "held")), KEY)
    return fresh


@pytest.mark.parametrize(
    ("write", "row"),
    [
        (Put("line", {"check_id": "c1", "line_id": "l1", "n": 5, "state": "new"}), ("l1", "c1", 5, "new")),
        (Set("line", NAMED, {"state": "sent"}), ("l1", "c1", 2, "sent")),
        (Add("line", NAMED, {"n": -2}), ("l1", "c1", 0, "held")),
        (Delete("line", NAMED), None),
    ],
)
def test_a_row_is_as_the_last_write_left_it(write: Write, row: tuple[object, ...] | None) -> None:
    fresh = some_fresh()
    fresh.take(write, KEY)
    assert fresh.of("line", "c1") == ({KEY: row} if row else {})


def test_a_change_to_a_row_that_was_there_before_keeps_nothing_of_it() -> None:
    fresh = some_fresh()
    fresh.take(Set("line", {"check_id": "c2", "line_id": "l1"}, {"state": "sent"}), ("c2", "l1"))
    assert fresh.of("line", "c2") == {}


def test_it_is_gone_when_something_was_written_that_nobody_listed(tmp_path: Path) -> None:
    conn = connect_writer(tmp_path / "venue.db")
    conn.fresh.keep([LINE])
    conn.fresh.take(Put("line", ("l1", "c1", 2, "held")), KEY)
    assert fresh_rows(conn, "line", "c1") == {KEY: ("l1", "c1", 2, "held")}
    assert fresh_rows(connect_reader(tmp_path / "venue.db"), "line", "c1") == {}
    conn.forget_all()
    assert fresh_rows(conn, "line", "c1") == {}
