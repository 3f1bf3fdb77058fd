"""A changed projection is built beside: figures are never empty, and a hub of the release before goes on."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from msgspec.structs import replace
from psycopg import sql

from cloud.app import PROJECTIONS, Hub
from cloud.engine import migrate
from cloud.engine.database import Database, one, rows
from cloud.engine.ingest import Arrival, Ingest
from cloud.reports import project as report_tables
from cloud.settings import Settings
from shared.entry import Entry
from shared.ops.payments import CheckClosed
from shared.projections.projection import Projection
from shared.writes import Add, Table, Write
from tests.cloud.hub_builders import Databases, EdgeLog, StandingClock, packed
from tests.cloud.service_day import a_line, sold
from tests.cloud.test_hub_projector import a_projector, catch_up, level, sales_of, send

WIDER = replace(report_tables.SALES_HOUR, columns={**report_tables.SALES_HOUR.columns, "doubled": "int"})
SOLD = [(13, 5, 5 * 1_500_00, 0)]


def sold_twice(entry: Entry, op: CheckClosed) -> Iterator[Write]:
    """As the next release counts: the same, and another sum."""
    for write in report_tables.PROJECT[CheckClosed](entry, op):
        if write.table == "sales_hour":
            assert isinstance(write, Add)
            yield Add("sales_hour", write.key, {**write.columns, "doubled": 2 * op.total_minor})
        else:
            yield write


def next_release(*, table: Table = WIDER) -> tuple[Projection, ...]:
    """Every projection, the reports' changed."""
    tables = tuple(table if one.name == table.name else one for one in report_tables.TABLES)
    changed = Projection("reports", tables, {**report_tables.PROJECT, CheckClosed: sold_twice})
    return tuple(changed if p.name == "reports" else p for p in PROJECTIONS)


class Release:
    """A database that releases migrate."""

    def __init__(self, databases: Databases, name: str) -> None:
        self.owner_url, self.app_url = databases.owner_url(name), databases.app_url(name)

    def migrates(self, projections: tuple[Projection, ...]) -> list[str]:
        """What `hos cloud migrate` of that release does."""
        return migrate.migrate(self.owner_url, self.app_url, projections)

    def tables(self) -> set[str]:
        """Every set of tables of reports that stands."""
        with psycopg.connect(self.owner_url) as conn:
            found = conn.execute("SELECT tablename FROM pg_tables WHERE tablename LIKE 'sales\\_hour%'")
            return {str(row[0]) for row in found}


@pytest.fixture
def release(databases: Databases, database_name: str) -> Release:
    return Release(databases, database_name)


async def send_new(database: Database, clock: StandingClock, log: EdgeLog) -> None:
    """What the log got since; five sales are ten entries."""
    last = len(log.entries)
    await Ingest(database, clock).take([Arrival("ACCT_ACME", "v1", *packed([log.batch(last - 9, last)])[0])])


def five_sales(log: EdgeLog, first: int = 0) -> EdgeLog:
    for number in range(first, first + 5):
        log.write(*sold(f"c{number}", a_line("l1", 2)))
    return log


async def doubled(database: Database) -> Any:
    """The sum that only the next release has, as its queries read it."""
    async with database.tenant("acme") as conn:
        row = await one(conn, "SELECT SUM(doubled)::bigint FROM sales_hour WHERE venue_id = 'v1'")
    assert row is not None
    return row[0]


async def test_figures_are_never_empty_and_become_the_new_release_s_once_every_venue_is_level(
    release: Release, database: Database, clock: StandingClock
) -> None:
    log = five_sales(EdgeLog())
    await send(database, clock, log)
    older = a_projector(database, clock)
    await level(older)
    assert release.migrates(next_release()) == ["tables of reports"]
    assert (await sales_of(database), await doubled(database)) == (SOLD, 0), "the old figures, in the new columns too"
    newer = a_projector(database, clock, next_release())
    await catch_up(newer)
    assert await newer.show_what_is_level() != [], "a venue of another tenant was not looked at"
    assert (await sales_of(database), await doubled(database)) == (SOLD, 0)
    await level(newer)
    assert (await sales_of(database), await doubled(database)) == (SOLD, 2 * 5 * 1_500_00)
    assert release.migrates(next_release()) == []


async def test_hubs_of_two_releases_fill_their_own_tables_side_by_side(
    release: Release, database: Database, clock: StandingClock
) -> None:
    log = five_sales(EdgeLog())
    await send(database, clock, log)
    older = a_projector(database, clock)
    await level(older)
    release.migrates(next_release())
    newer = a_projector(database, clock, next_release())
    for first in range(5, 20, 5):
        await send_new(database, clock, five_sales(log, first))
        await asyncio.gather(catch_up(older), catch_up(newer))
        assert await sales_of(database) == [(13, first + 5, (first + 5) * 1_500_00, 0)]
        if first == 10:
            await level(newer)
    own = sorted(release.tables())
    with psycopg.connect(release.owner_url) as conn:
        sums = [
            conn.execute(sql.SQL("SELECT SUM(checks) FROM {}").format(sql.Identifier(name))).fetchone() for name in own
        ]
    assert sums == [(20,), (20,)]
    assert await older.show_what_is_level() == [], "the older one turns nothing back"
    assert await doubled(database) == 2 * 20 * 1_500_00


async def test_the_release_before_may_come_back(release: Release, database: Database, clock: StandingClock) -> None:
    log = five_sales(EdgeLog())
    await send(database, clock, log)
    await level(a_projector(database, clock))
    release.migrates(next_release())
    await level(a_projector(database, clock, next_release()))
    assert release.migrates(PROJECTIONS) == []
    await send_new(database, clock, five_sales(log, 5))
    back = a_projector(database, clock)
    await level(back)
    assert await sales_of(database) == [(13, 10, 10 * 1_500_00, 0)]
    async with database.tenant("acme") as conn:
        assert await rows(conn, "SELECT count(*) FROM projection_made WHERE is_shown") == [(len(PROJECTIONS),)]


async def test_tables_that_two_releases_left_behind_are_dropped(
    release: Release, database: Database, clock: StandingClock
) -> None:
    await send(database, clock, five_sales(EdgeLog()))
    await level(a_projector(database, clock))
    first = release.tables()
    for extra in ("second", "third"):
        wider = replace(WIDER, columns={**WIDER.columns, extra: "int"})
        release.migrates(next_release(table=wider))
        await level(a_projector(database, clock, next_release(table=wider)))
        assert await sales_of(database) == SOLD
    assert len(release.tables()) == 2 and not first & release.tables()


async def test_a_tenant_sees_its_own_rows_alone_in_the_new_tables_and_their_views(
    release: Release, database: Database, clock: StandingClock
) -> None:
    await send(database, clock, five_sales(EdgeLog()))
    await send(database, clock, five_sales(EdgeLog(session="s2", install="i2")), account="ACCT_OTHER")
    release.migrates(next_release())
    await level(a_projector(database, clock, next_release()))
    for name in ("sales_hour", *sorted(release.tables())):
        query = sql.SQL("SELECT DISTINCT tenant_id FROM {}").format(sql.Identifier(name))
        for tenant_id in ("acme", "other"):
            async with database.tenant(tenant_id) as conn:
                assert set(await (await conn.execute(query)).fetchall()) <= {(tenant_id,)}
        async with database.transaction("directory", "all") as conn:
            assert await (await conn.execute(query)).fetchall() == []


async def test_the_hub_may_turn_the_views_and_change_nothing_else_about_them(
    release: Release, database: Database, clock: StandingClock
) -> None:
    for statement in (
        "DROP VIEW figures.sales_hour",
        "CREATE OR REPLACE VIEW figures.sales_hour AS SELECT 1 AS tenant_id",
        "UPDATE projection_made SET show = '{DROP TABLE tenant}'",
        "INSERT INTO projection_made (projection, fingerprint, tables) VALUES ('x', 'x', '{}')",
        "CREATE TABLE figures.mine (n int)",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            async with database.tenant("acme") as conn:
                await conn.execute(statement.encode())
    async with database.tenant("acme") as conn:
        assert await one(conn, "SELECT show_made(%s)", (2**40,)) == (False,)


async def test_a_running_hub_of_the_new_release_shows_its_figures_by_itself(
    release: Release, database: Database, clock: StandingClock, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    await send(database, clock, five_sales(EdgeLog()))
    await level(a_projector(database, clock))
    release.migrates(next_release())
    monkeypatch.setattr("cloud.app.PROJECTIONS", next_release())
    hub = Hub(Settings(data_dir=tmp_path, database_url=release.app_url), database, clock)
    hub.worker.start()
    await hub.worker.wake_all()
    async with asyncio.timeout(60):
        while await doubled(database) != 2 * 5 * 1_500_00:
            assert await sales_of(database) == SOLD
            await asyncio.sleep(0.02)
    await hub.worker.stop()


async def test_the_first_release_s_tables_are_shown_until_the_new_ones_are_level(
    release: Release, database: Database, clock: StandingClock
) -> None:
    """Its hubs kept tables, cursors and quarantine under other names; those that still run go on with them."""
    with psycopg.connect(release.owner_url) as conn:
        for (old,) in conn.execute("SELECT tables->>'sales_hour' FROM projection_made WHERE projection = 'reports'"):
            conn.execute(sql.SQL("CREATE TABLE public.sales_hour (LIKE {} INCLUDING ALL)").format(sql.Identifier(old)))
        conn.execute("SELECT protect('public.sales_hour')")
        conn.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON public.sales_hour TO hos_app")
        conn.execute("DELETE FROM projection_made WHERE projection = 'reports'")
        conn.execute(
            "INSERT INTO projection_made (projection, fingerprint, tables, is_shown)"
            " VALUES ('reports', 'first release', '{\"sales_hour\": \"sales_hour\"}', true)"
        )
        conn.execute(
            "INSERT INTO public.sales_hour (tenant_id, venue_id, business_day, hour, checks, gross_minor)"
            " VALUES ('acme', 'v1', '2026-03-05', 13, 7, 700)"
        )
    assert release.migrates(PROJECTIONS) == ["tables of reports"]
    assert await sales_of(database) == [(13, 7, 700, 0)]
    async with database.tenant("acme") as hub:  # of the first release, which knows no other schema
        await hub.execute("SET LOCAL search_path = public")
        assert await rows(hub, "SELECT checks FROM sales_hour") == [(7,)]
    await level(a_projector(database, clock))
    assert await sales_of(database) == []
