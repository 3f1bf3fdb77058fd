"""Brings a database up to this program, as its owner: migrations in order, then the projected tables.

Forward only, one transaction each. A projection that is another in this release gets tables beside those that are shown (see
`made`); hubs fill them from the logs and show them once they are level.
"""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from cloud.engine import made
from cloud.engine.database import APP_ROLE, Connection, rows
from shared.projections.projection import Projection

FOLDER = Path(__file__).parent.parent / "migrations"
_NAME = re.compile(r"(\d{4})_[a-z0-9_]+\.sql")
_LOCK = 0x484F5300  # one migration at a time


class DatabaseTooNew(Exception):
    """A newer program wrote this database; this one must not touch it."""


class NotMigrated(Exception):
    """The database is not the one this program expects; `hos cloud migrate` comes first."""


class WrongRole(Exception):
    """The hub would not connect as the role that row-level security is made for."""


def migrate(owner_url: str, app_url: str, projections: Sequence[Projection], folder: Path = FOLDER) -> list[str]:
    """Do all that is missing; returns what was done, a name a step.

    Raises:
        DatabaseTooNew: it has a migration that this program does not know.
        WrongRole: `app_url` is not of the role hos_app, or that role is too strong.
    """
    done: list[str] = []
    with psycopg.connect(owner_url, autocommit=True) as conn:
        conn.execute("SELECT pg_advisory_lock(%s)", (_LOCK,))
        _make_role(conn, app_url)
        conn.execute("CREATE TABLE IF NOT EXISTS migration (number integer PRIMARY KEY, name text NOT NULL)")
        conn.execute("GRANT SELECT ON migration TO hos_app")
        files = _numbered(folder)
        applied = {int(number): str(name) for number, name in conn.execute("SELECT number, name FROM migration")}
        unknown = sorted(set(applied) - set(files))
        if unknown:
            raise DatabaseTooNew(f"the database has migration {applied[unknown[-1]]}, which this program does not know")
        for number in sorted(set(files) - set(applied)):
            with conn.transaction():
                conn.execute(files[number].read_text(encoding="utf-8").encode())
                conn.execute("INSERT INTO migration VALUES (%s, %s)", (number, files[number].name))
            done.append(files[number].name)
        done += made.make(conn, projections)
    return done


def begin_new_life(owner_url: str) -> int:
    """Begin another life of the hub, after a restore: venues then send again what the backup did not have.

    A life is named by the second it began in. Counted on, the same backup restored twice would twice be the same life, and
    venues that know it already would send nothing again.
    """
    with psycopg.connect(owner_url) as conn:
        found = conn.execute(
            "UPDATE hub SET hub_inc = GREATEST(hub_inc + 1, EXTRACT(epoch FROM clock_timestamp())::bigint)"
            " RETURNING hub_inc"
        ).fetchone()
    assert found is not None
    return int(found[0])


async def check(conn: Connection, projections: Iterable[Projection], folder: Path = FOLDER) -> None:
    """See that the database is this program's.

    Raises:
        NotMigrated: a migration or a projected table is missing, or made by another release.
    """
    try:
        numbers = {int(number) for (number,) in await rows(conn, "SELECT number FROM migration")}
    except (psycopg.errors.UndefinedTable, psycopg.errors.InsufficientPrivilege):
        raise NotMigrated("the database holds no hub yet") from None
    if numbers != set(_numbered(folder)):
        raise NotMigrated("the database was migrated by another release")
    try:
        await made.found(conn, projections)
    except made.NotMade as error:
        raise NotMigrated(f"the tables of {error} were made by another release") from None


def _make_role(conn: psycopg.Connection, app_url: str) -> None:
    """The role the hub connects as: it may log in and nothing else. A role that the administrator made is left as it is."""
    asked = conninfo_to_dict(app_url)
    if asked.get("user") != APP_ROLE:
        raise WrongRole(f"HOS_DATABASE_URL must name the user {APP_ROLE}")
    password = sql.Literal(str(asked.get("password", "")))
    role = sql.Identifier(APP_ROLE)
    found = conn.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = %s", (APP_ROLE,)).fetchone()
    if found is None:
        bounds = sql.SQL("LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE")
        conn.execute(sql.SQL("CREATE ROLE {} {} PASSWORD {}").format(role, bounds, password))
        return
    if found[0]:
        raise WrongRole(f"the role {APP_ROLE} is a superuser or may bypass row-level security")
    try:
        conn.execute(sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}").format(role, password))
    except psycopg.errors.InsufficientPrivilege:
        return


def _numbered(folder: Path) -> dict[int, Path]:
    files: dict[int, Path] = {}
    for path in sorted(folder.glob("*.sql")):
        match = _NAME.fullmatch(path.name)
        assert match, f"{path.name} is not named like 0001_entries.sql"
        number = int(match[1])
        assert number not in files, f"{path.name} and {files[number].name} have the same number"
        files[number] = path
    return files
