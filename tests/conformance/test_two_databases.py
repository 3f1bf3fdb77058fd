"""One day of ops through SQLite at the edge and Postgres at the hub: every table both keep is the same, row by row."""

import sqlite3
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import sql

from cloud.engine.database import Database
from cloud.engine.writes import Tables, WriteBatch, create_table
from edge.engine import writes as sqlite_writes
from edge.engine.projector import Projector as EdgeProjector
from edge.engine.slice import Slice
from shared.entry import Entry
from shared.folded import MissingRow
from shared.ops import decode
from shared.ops.cash import DayTotals
from shared.projections import adjustments, checks, days, payments
from shared.projections.projection import Projection
from shared.writes import Add, Delete, Put, Set, Table, Write
from tests.cloud.hub_builders import Databases, EdgeLog, StandingClock
from tests.cloud.service_day import ServiceDay
from tests.cloud.test_hub_projector import a_projector, catch_up, send

SHARED = tuple(Projection(m.__name__, m.TABLES, m.PROJECT) for m in (checks, adjustments, payments, days))
TABLES = tuple(table for projection in SHARED for table in projection.tables)
#: The Z of a day, number 3, as releases made it that kept no periods.
A_DAY_CLOSED = Path(__file__).parents[1] / "golden" / "ops" / "day_closed.json"
Rows = list[tuple[Any, ...]]


def at_the_edge(path: Path, entries: list[Entry]) -> dict[str, Rows]:
    """Every shared table after these entries, as the edge's engine makes it."""
    conn = sqlite3.connect(path, isolation_level=None)
    sqlite_writes.create_tables(conn, TABLES)
    projector = EdgeProjector([Slice("shared", projections=SHARED)], decode)
    cursor = conn.cursor()
    for entry in entries:
        projector.project(cursor, entry, decode(entry.kind, entry.body), [])
    found = {table.name: list(sqlite_writes.dump(conn, table)) for table in TABLES}
    conn.close()
    return found


async def at_the_hub(database: Database, table: Table) -> Rows:
    """The same table in Postgres, without the columns the hub adds."""
    query = sql.SQL("SELECT {} FROM {} WHERE tenant_id = 'acme' AND venue_id = 'v1' ORDER BY {}").format(
        sql.SQL(", ").join(map(sql.Identifier, table.columns)),
        sql.Identifier(table.name),
        sql.SQL(", ").join(map(sql.Identifier, table.key)),
    )
    async with database.tenant("acme") as conn:
        return await (await conn.execute(query)).fetchall()


@pytest.mark.parametrize("seed", [1, 2])
async def test_a_day_makes_the_same_tables_in_both(
    seed: int, database: Database, clock: StandingClock, tmp_path: Path
) -> None:
    log = EdgeLog()
    log.write(decode("day_closed", A_DAY_CLOSED.read_bytes()), *ServiceDay(seed, checks=30, period=4).ops)
    edge = at_the_edge(tmp_path / "edge.db", log.entries)
    await send(database, clock, log)
    await catch_up(a_projector(database, clock))
    assert all(edge.values()), "the day touches every table"
    for table in TABLES:
        assert await at_the_hub(database, table) == edge[table.name], table.name


async def test_the_z_says_what_the_tables_add_up_to(database: Database, clock: StandingClock) -> None:
    log = EdgeLog()
    log.write(*ServiceDay(5, checks=20).ops)
    await send(database, clock, log)
    await catch_up(a_projector(database, clock))
    [(_, _, _, _, totals, *_)] = await at_the_hub(database, days.Z_REPORT)
    z = msgspec.json.decode(totals, type=DayTotals)
    sums = await at_the_hub(database, days.PERIOD_VAT)
    assert (z.sales_minor, z.vat_minor) == (sum(row[3] for row in sums), sum(row[4] for row in sums))
    async with database.tenant("acme") as conn:
        cursor = await conn.execute("SELECT SUM(gross_minor)::bigint, SUM(checks)::bigint FROM sales_hour")
        assert await cursor.fetchone() == (z.sales_minor, z.checks)


PLAIN = Table(
    name="plain", key=("a", "b"), columns={"a": "text", "b": "int", "n": "int", "t": "text"}, indexes=(("t",),)
)
TALLY = Table(name="tally", key=("a",), columns={"a": "text", "n": "int", "m": "int"}, tally=True)
AMOUNTS = st.integers(-(2**40), 2**40)
TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=5)
ROWS = st.tuples(st.sampled_from("xy"), st.integers(0, 1))


@st.composite
def some_writes(draw: st.DrawFn) -> Write:
    """Any write to the two tables; the first half of the keys is there from the start."""
    if draw(st.booleans()):
        columns = draw(st.dictionaries(st.sampled_from(["n", "m"]), AMOUNTS, min_size=1))
        return Add("tally", {"a": draw(st.sampled_from("xyz"))}, columns)
    a, b = draw(ROWS)
    key: dict[str, int | str | None] = {"a": a, "b": b}
    match draw(st.sampled_from(["put", "set", "add", "delete"])):
        case "put":
            return Put("plain", {**key, "n": draw(AMOUNTS), "t": draw(TEXTS)})
        case "set":
            return Set("plain", key, draw(st.sampled_from([{"n": 7}, {"t": "é"}, {"t": "", "n": 0}])))
        case "add":
            return Add("plain", key, {"n": draw(AMOUNTS)})
        case _:
            return Delete("plain", key)


@pytest.fixture(scope="module")
def scratch(databases: Databases) -> str:
    """A database with only the two tables."""
    name = databases.fresh()
    with psycopg.connect(databases.owner_url(name)) as conn:
        for table in (PLAIN, TALLY):
            for step in create_table(table):
                conn.execute(step)
    return databases.app_url(name)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=st.lists(st.lists(some_writes(), min_size=1, max_size=12), min_size=1, max_size=3))
async def test_any_writes_end_the_same_in_both(scratch: str, batches: list[list[Write]]) -> None:
    """Or both refuse: a batch at the hub is one change a row, at the edge one statement a write."""
    conn = sqlite3.connect(":memory:", isolation_level=None)
    sqlite_writes.create_tables(conn, (PLAIN, TALLY))
    writer = sqlite_writes.TableWriter((PLAIN, TALLY))
    tables = {table.name: table for table in (PLAIN, TALLY)}
    async with await psycopg.AsyncConnection.connect(scratch) as hub:
        await hub.execute("SELECT set_config('app.tenant', 't', true)")
        for batch in batches:
            if not await _both_take(conn, writer, hub, WriteBatch(Tables(tables.values())), batch):
                break
        else:
            for table in tables.values():
                columns = sql.SQL(", ").join(map(sql.Identifier, table.columns))
                query = sql.SQL("SELECT {} FROM {} ORDER BY {}").format(
                    columns, sql.Identifier(table.name), sql.SQL(", ").join(map(sql.Identifier, table.key))
                )
                assert await (await hub.execute(query)).fetchall() == list(sqlite_writes.dump(conn, table))
        await hub.rollback()
    conn.close()


async def _both_take(
    conn: sqlite3.Connection,
    writer: sqlite_writes.TableWriter,
    hub: psycopg.AsyncConnection[Any],
    folded: WriteBatch,
    batch: list[Write],
) -> bool:
    """Whether both did; neither may do alone what the other refuses."""
    try:
        for write in batch:
            writer.apply(conn.cursor(), write)
    except MissingRow:
        return False  # an edge never commits such entries: the hub never gets them
    for write in batch:
        folded.take(write)
    await folded.apply(hub, tenant_id="t", venue_id="v")
    return True


async def test_a_missing_row_is_refused_by_the_hub_too(scratch: str) -> None:
    missing: dict[str, int | str | None] = {"a": "nobody", "b": 1}
    for write in (Set("plain", missing, {"n": 1}), Add("plain", missing, {"n": 1})):
        async with await psycopg.AsyncConnection.connect(scratch) as hub:
            await hub.execute("SELECT set_config('app.tenant', 't', true)")
            batch = WriteBatch(Tables([PLAIN]))
            batch.take(write)
            with pytest.raises(MissingRow):
                await batch.apply(hub, tenant_id="t", venue_id="v")
            await hub.rollback()
