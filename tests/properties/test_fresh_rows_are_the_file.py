"""What the writer keeps of a commit in the making is what stands in the file, whenever a command reads it."""

import asyncio
import sqlite3
import tempfile
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

from evenings import SEATED, evenings, named
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edge.engine.fresh import FreshRows, Key, Row
from shared.commands import Command
from shared.commands.kitchen import SendLines
from shared.commands.lines import LineAsk
from shared.commands.ordering import AddLines, ChangeLine, MoveCheck, OpenCheck, SetCovers, VoidLine
from shared.writes import Table, Value
from tests.service import SLICES, in_service

TABLES = {table.name: table for one in SLICES for table in one.fresh_tables}


class Doubted(FreshRows):
    """Looks into the file too, each time it is read. A read that raises would only fail its command: what differs is noted."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        super().__init__()
        self._conn = conn
        self.reads = 0
        self.wrong: list[tuple[str, Value]] = []

    def of(self, table: str, owner: Value) -> Mapping[Key, Row]:
        """The rows, compared with all that the file has of the owner when its check is one that was opened now."""
        rows = super().of(table, owner)
        if super().of("checks", owner):
            self.reads += 1
            if dict(rows) != _in_file(self._conn, TABLES[table], owner):
                self.wrong.append((table, owner))
        return rows


def _in_file(conn: sqlite3.Connection, table: Table, owner: Value) -> dict[Key, Row]:
    columns = list(table.columns)
    rows = conn.execute(f"SELECT {', '.join(columns)} FROM {table.name} WHERE {table.key[0]} = ?", (owner,))
    return {tuple(row[columns.index(column)] for column in table.key): row for row in rows}


async def _play(steps: list[tuple[str, Command]], cuts: list[int]) -> Doubted:
    """Ask the steps, those between two cuts in one commit."""
    with tempfile.TemporaryDirectory() as folder:
        async with in_service(Path(folder)) as service:
            doubted = Doubted(service.conn)
            doubted.keep(TABLES.values())
            service.conn.fresh = doubted
            for start, end in pairwise(sorted({0, *cuts, len(steps)})):
                asks = [service.an_ask(who, named(service, command)) for who, command in steps[start:end]]
                await service.writer.ask(asks)
                assert all(not doubted.of(table, owner) for table in TABLES for owner in ("c1", "c2", "c3"))
            assert service.problems() == []
            return doubted


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(evenings(longest=40), st.lists(st.integers(1, 40), max_size=4))
def test_rows_of_the_commit_are_as_the_file_has_them(
    evening: tuple[list[tuple[str, Command]], list[int]], cuts: list[int]
) -> None:
    assert asyncio.run(_play(evening[0], cuts)).wrong == []


def test_a_whole_order_and_what_is_changed_of_it_in_one_commit() -> None:
    lines = tuple(LineAsk(line_id=f"l{number}", item_id="empanada", quantity=2) for number in range(3))
    steps: list[tuple[str, Command]] = [
        *SEATED,
        ("ana", OpenCheck(check_id="c1", table_id="t1")),
        ("ana", AddLines(check_id="c1", lines=lines)),
        ("ana", ChangeLine(check_id="c1", line=LineAsk(line_id="l1", item_id="empanada", quantity=3))),
        ("ana", SetCovers(check_id="c1", covers=3)),
        ("ana", SendLines(check_id="c1", line_ids=("l0", "l1"))),
        ("ana", MoveCheck(check_id="c1", table_id="t2")),
        ("ana", VoidLine(check_id="c1", line_id="l2", reason="mistake")),
        ("ana", AddLines(check_id="c1", lines=(LineAsk(line_id="l9", item_id="empanada"),))),
        ("ana", SendLines(check_id="c1")),
    ]
    doubted = asyncio.run(_play(steps, []))
    assert doubted.wrong == []
    assert doubted.reads > 10  # else nothing was compared
