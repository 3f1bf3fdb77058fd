"""Connections to Postgres. Nothing reads or writes a row but inside a transaction that says whose rows it is about."""

import contextlib
from collections.abc import AsyncIterator, Mapping
from typing import Any, Literal

import psycopg
from psycopg import AsyncConnection
from psycopg.rows import TupleRow
from psycopg_pool import AsyncConnectionPool, PoolTimeout

APP_ROLE = "hos_app"
Connection = AsyncConnection[TupleRow]

#: What row-level security looks at. `tenant` opens a tenant's rows; the others open the one row that the caller can name.
Scope = Literal["tenant", "account", "email", "session", "directory"]

_POOL_WAIT_S = 5.0
_OPTIONS = "-c statement_timeout=15000 -c idle_in_transaction_session_timeout=30000 -c lock_timeout=10000"
_FIGURES = " -c search_path=figures,public"  # projected tables are read through views: see `made`

#: Of a connection: a server that vanished without a word is noticed within half a minute.
LIVELY: Mapping[str, Any] = {
    "connect_timeout": 5,
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}

#: Postgres is away or overloaded: the caller tries again later, nothing is wrong with what it asked.
AWAY = (psycopg.OperationalError, PoolTimeout, psycopg.errors.ReadOnlySqlTransaction)


def why_away(error: BaseException) -> str:
    """What one of `AWAY` means for whoever runs the hub: `full`, `read_only` or `away`."""
    match error:
        case psycopg.errors.DiskFull():
            return "full"
        case psycopg.errors.ReadOnlySqlTransaction():
            return "read_only"
        case _:
            return "away"


class RoleTooStrong(Exception):
    """The database role could see past row-level security; the hub does not start with it."""


class Database:
    """A pool of connections as the role that row-level security binds."""

    def __init__(self, url: str, *, max_size: int = 8) -> None:
        self._pool: AsyncConnectionPool[Connection] = AsyncConnectionPool(
            url,
            min_size=1,
            max_size=max_size,
            timeout=_POOL_WAIT_S,
            kwargs={"options": _OPTIONS + _FIGURES, "application_name": "hos-hub", **LIVELY},
            open=False,
        )

    async def open(self) -> None:
        """Connect.

        Raises:
            RoleTooStrong: the role is a superuser, may bypass row-level security or owns tables, or may become a role that does.
            PoolTimeout: Postgres does not answer.
        """
        await self._pool.open(wait=True, timeout=15.0)
        problem = await self._excess()
        if problem:
            await self._pool.close()
            raise RoleTooStrong(problem)

    async def close(self) -> None:
        """Give every connection back."""
        await self._pool.close()

    @property
    def pool(self) -> tuple[int, int]:
        """Connections that are open, and requests that wait for one."""
        stats = self._pool.get_stats()
        return stats.get("pool_size", 0), stats.get("requests_waiting", 0)

    @contextlib.asynccontextmanager
    async def transaction(self, scope: Scope, value: str) -> AsyncIterator[Connection]:
        """One transaction that sees the rows of `scope` alone; commits at the end, rolls back when it raises."""
        async with self._pool.connection() as conn:
            await conn.execute("SELECT set_config(%s, %s, true)", (f"app.{scope}", value))
            yield conn

    def tenant(self, tenant_id: str) -> contextlib.AbstractAsyncContextManager[Connection]:
        """One transaction about one tenant."""
        return self.transaction("tenant", tenant_id)

    async def _excess(self) -> str:
        async with self._pool.connection() as conn:
            found = await one(
                conn,
                "SELECT current_user, EXISTS (SELECT 1 FROM pg_roles"
                " WHERE (rolsuper OR rolbypassrls) AND pg_has_role(current_user, oid, 'MEMBER')),"
                " EXISTS (SELECT 1 FROM pg_class WHERE relkind IN ('r', 'p') AND pg_has_role(current_user, relowner, 'MEMBER'))",
            )
        assert found is not None
        role, bypasses, owns = found
        if bypasses:
            return f"the role {role} is, or may become, a superuser or one that bypasses row-level security"
        return f"the role {role} owns tables, or may become who does" if owns else ""


async def one(conn: Connection, sql: str, values: tuple[Any, ...] = ()) -> tuple[Any, ...] | None:
    """The first row, or None."""
    cursor = await conn.execute(sql, values)
    return await cursor.fetchone()


async def rows(
    conn: Connection, sql: str, values: tuple[Any, ...] = (), *, binary: bool = False
) -> list[tuple[Any, ...]]:
    """Every row; `binary` is faster for many and for bytes."""
    cursor = await conn.execute(sql, values, binary=binary)
    return await cursor.fetchall()
