"""One tenant's rows are another's secret: in SQL, whatever the hub's code asks, because Postgres itself refuses."""

import psycopg
import pytest
from psycopg import sql

from cloud.app import PROJECTIONS, opened
from cloud.engine import migrate
from cloud.engine.database import Connection, Database, RoleTooStrong, Scope, one, rows
from cloud.engine.migrate import NotMigrated, WrongRole
from cloud.people.accounts import Accounts
from tests.cloud.hub_builders import DAY, Databases, EdgeLog, StandingClock
from tests.cloud.service_day import ServiceDay
from tests.cloud.test_hub_projector import a_projector, catch_up, send


def tenant_tables(url: str) -> dict[str, tuple[bool, bool]]:
    """Every table with a tenant_id: whether row-level security is on, and forced."""
    with psycopg.connect(url) as conn:
        return {
            name: (is_on, is_forced)
            for name, is_on, is_forced in conn.execute(
                "SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity FROM pg_class c"
                " JOIN pg_namespace n ON n.oid = c.relnamespace"
                " WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema')"
                " AND EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id')"
            )
        }


@pytest.fixture
async def busy(database: Database, clock: StandingClock) -> Database:
    """Both tenants had a day."""
    for account, tenant_id, venue_id, seed in (("ACCT_ACME", "acme", "v1", 1), ("ACCT_OTHER", "other", "w1", 2)):
        log = EdgeLog()
        log.write(*ServiceDay(seed, checks=8).ops)
        await send(database, clock, log, venue_id=venue_id, account=account)
        await catch_up(a_projector(database, clock), (tenant_id, venue_id))
    return database


def tables_and_views(url: str) -> list[str]:
    """Every table with a tenant_id, and the views that figures are read through."""
    with psycopg.connect(url) as conn:
        views = [str(name) for (name,) in conn.execute("SELECT viewname FROM pg_views WHERE schemaname = 'figures'")]
    return sorted({*tenant_tables(url), *views})


async def seen(database: Database, tenant_id: str, tables: list[str]) -> dict[str, set[str]]:
    """Whose rows each table shows in a transaction about one tenant, with no condition in the query."""
    found = {}
    async with database.tenant(tenant_id) as conn:
        for table in tables:
            query = sql.SQL("SELECT DISTINCT tenant_id FROM {}").format(sql.Identifier(table))
            found[table] = {str(row[0]) for row in await (await conn.execute(query)).fetchall()}
    return found


def test_row_level_security_is_forced_on_every_table_of_tenants(databases: Databases, database_name: str) -> None:
    found = tenant_tables(databases.owner_url(database_name))
    projected = {table.name for projection in PROJECTIONS for table in projection.tables}
    assert {"tenant", "venue", "venue_head", "entries", "account", "session", "projection_stand"} <= set(found)
    assert projected <= {name.partition("__")[0] for name in found}
    assert [name for name, guards in found.items() if guards != (True, True)] == []


async def test_a_tenant_sees_its_own_rows_and_no_others(
    busy: Database, databases: Databases, database_name: str
) -> None:
    tables = tables_and_views(databases.owner_url(database_name))
    found = await seen(busy, "acme", tables)
    assert found["entries"] == found["sales_hour"] == found["checks"] == found["account"] == {"acme"}
    assert set().union(*found.values()) == {"acme"}
    assert set().union(*(await seen(busy, "", tables)).values()) == set()
    assert set().union(*(await seen(busy, "acme' OR 'a'='a", tables)).values()) == set()


async def test_that_is_the_doing_of_row_level_security(
    busy: Database, databases: Databases, database_name: str
) -> None:
    """The same look with the policies off in this throwaway database sees everybody: the test above can fail."""
    tables = sorted(tenant_tables(databases.owner_url(database_name)))
    with psycopg.connect(databases.owner_url(database_name)) as conn:
        for table in tables:
            conn.execute(sql.SQL("ALTER TABLE {} DISABLE ROW LEVEL SECURITY").format(sql.Identifier(table)))
    found = await seen(busy, "acme", [*tables, "sales_hour"])
    assert found["entries"] == found["sales_hour"] == found["account"] == {"acme", "other"}
    assert [name for name, guards in tenant_tables(databases.owner_url(database_name)).items() if guards[0]] == []


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO venue (tenant_id, venue_id, name, created_at_ms) VALUES ('other', 'v9', 'x', 0)",
        f"INSERT INTO {{sales_hour}} (tenant_id, venue_id, business_day, hour) VALUES ('other', 'w1', '{DAY}', 3)",
        "UPDATE venue SET tenant_id = 'other' WHERE venue_id = 'v1'",
        "INSERT INTO account (tenant_id, account_id, email, name, role, password_hash)"
        " VALUES ('other', 'a', 'a@b.c', '', 'owner', '')",
    ],
)
async def test_a_tenant_writes_nothing_of_another(busy: Database, statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
        async with busy.tenant("acme") as conn:
            await conn.execute(statement.format(sales_hour=await own_name(conn)).encode())


async def own_name(conn: Connection) -> str:
    """The table that the view of sales by hour shows."""
    found = await one(conn, "SELECT tables->>'sales_hour' FROM projection_made WHERE projection = 'reports'")
    assert found is not None
    return str(found[0])


async def test_a_tenant_changes_nothing_of_another(busy: Database) -> None:
    async with busy.tenant("acme") as conn:
        assert (await conn.execute("UPDATE venue SET name = 'mine' WHERE tenant_id = 'other'")).rowcount == 0
        delete = f"DELETE FROM {await own_name(conn)} WHERE tenant_id = 'other'"
        assert (await conn.execute(delete.encode())).rowcount == 0


async def test_a_connection_forgets_whose_it_was(busy: Database) -> None:
    async with busy.tenant("acme"):
        pass
    for _ in range(3):  # whichever connection of the pool it is
        async with busy.transaction("directory", "") as conn:
            assert await rows(conn, "SELECT tenant_id FROM venue") == []


@pytest.mark.parametrize("scope", ["account", "email", "session"])
async def test_who_knows_one_key_sees_one_row(busy: Database, scope: str) -> None:
    value = {"account": "ACCT_ACME", "email": "owner@acme.test", "session": "no such digest"}[scope]
    async with busy.transaction(scope, value) as conn:  # type: ignore[arg-type]
        found = [await rows(conn, f"SELECT tenant_id FROM {table}") for table in ("tenant", "account", "session")]
        others = [await rows(conn, f"SELECT 1 FROM {table}") for table in ("venue", "entries", "sales_hour")]
    assert sorted(len(one) for one in found) == ([0, 0, 0] if scope == "session" else [0, 0, 1])
    assert others == [[], [], []]


async def test_an_empty_address_or_key_is_nobodys_on_a_connection_that_was_used(
    database: Database, clock: StandingClock
) -> None:
    await Accounts(database, clock).add_owner("acme", email="", name="Nobody", password="correct horse")
    async with database.tenant("acme") as conn:
        await conn.execute("UPDATE tenant SET account = '' WHERE tenant_id = 'acme'")
    scopes: tuple[Scope, ...] = ("account", "email", "session")
    for scope in scopes:  # each leaves its '' behind on the pool's connections
        async with database.transaction(scope, "x") as conn:
            await conn.execute("SELECT 1")
    for query in ("SELECT tenant_id FROM account", "SELECT tenant_id FROM tenant", "SELECT tenant_id FROM session"):
        async with database.tenant("other") as conn:
            assert {tenant_id for (tenant_id,) in await rows(conn, query)} <= {"other"}


async def test_the_hub_does_not_start_as_a_role_that_sees_everything(databases: Databases, database_name: str) -> None:
    with pytest.raises(RoleTooStrong):
        async with opened(databases.owner_url(database_name)):
            pass


async def test_the_hubs_role_is_bound(database: Database) -> None:
    async with database.tenant("acme") as conn:
        found = await one(
            conn, "SELECT rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = current_user"
        )
    assert found == (False, False, False)
    for statement in ("ALTER TABLE entries DISABLE ROW LEVEL SECURITY", "DROP POLICY tenant ON entries"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            async with database.tenant("acme") as conn:
                await conn.execute(statement.encode())


def test_migrating_twice_does_nothing_the_second_time(databases: Databases) -> None:
    name = databases.fresh(empty=True)
    assert migrate.migrate(databases.owner_url(name), databases.app_url(name), PROJECTIONS)[:4] == [
        "0001_entries.sql",
        "0002_people.sql",
        "0003_entries_follow_the_head.sql",
        "0004_nobody_is_empty.sql",
    ]
    assert migrate.migrate(databases.owner_url(name), databases.app_url(name), PROJECTIONS) == []


def test_migrating_wants_the_right_role(databases: Databases, database_name: str) -> None:
    with pytest.raises(WrongRole):
        migrate.migrate(databases.owner_url(database_name), databases.owner_url(database_name), PROJECTIONS)


async def test_the_hub_does_not_start_on_tables_of_another_release(databases: Databases, database_name: str) -> None:
    with psycopg.connect(databases.owner_url(database_name)) as conn:
        conn.execute("UPDATE projection_made SET fingerprint = 'old' WHERE projection = 'reports'")
    with pytest.raises(NotMigrated, match="reports"):
        async with opened(databases.app_url(database_name)):
            pass
    with pytest.raises(NotMigrated):
        async with opened(databases.app_url(databases.fresh(empty=True))):
            pass
