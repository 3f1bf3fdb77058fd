"""The projected tables of the hub, as its owner makes them and as the hub finds them.

Each set of tables of a projection has a number, `made`, and names of its own: `checks__12`. A release whose projection is
another gets a new set beside the one that is shown; hubs of either release fill their own, and every hub reads the views
`figures.checks`, which show one set and are turned to the new one in one transaction once every venue is level. The views
have the columns of all sets that stand, so that the queries of both releases find theirs; what a set lacks is empty.
"""

from collections.abc import Iterable, Mapping, Sequence

import msgspec
import psycopg
from psycopg import sql

from cloud.engine import writes
from cloud.engine.database import Connection, one, rows
from shared.projections.fingerprint import fingerprint
from shared.projections.projection import Projection

SCHEMA = "figures"
_BEHIND = 50  # venues, looked at together
_EMPTY = {"bigint": sql.SQL("0::bigint"), "text": sql.SQL("''::text")}


class Made(msgspec.Struct, frozen=True):
    """A set of tables."""

    made: int
    tables: Mapping[str, str]  # declared name → the table's own
    is_wanted: bool
    is_shown: bool


class NotMade(Exception):
    """The tables of these projections were not made for this release."""


# As the owner.


def make(conn: psycopg.Connection, projections: Iterable[Projection]) -> list[str]:
    """Tables for every projection of this release that has none; returns the names of those projections, a line each.

    Of the other sets, the one that is shown and the one of the release that migrated before stay: hubs of it may still
    run, or come back. Older ones are dropped.
    """
    done = []
    for projection in projections:
        wanted = fingerprint(projection)
        with conn.transaction():
            before = _sets(conn, projection.name)
            is_new = wanted not in before
            if is_new:
                _create(conn, projection, wanted)
            conn.execute(
                "UPDATE projection_made SET is_wanted = (fingerprint = %s) WHERE projection = %s",
                (wanted, projection.name),
            )
            if is_new:
                for old in before.values():
                    if not old.is_wanted and not old.is_shown:
                        _drop(conn, old)
                _prepare(conn, projection.name)
                done.append(f"tables of {projection.name}")
    return done


def _sets(conn: psycopg.Connection, projection: str) -> dict[str, Made]:
    """Every set of a projection, by fingerprint, the oldest first."""
    found = conn.execute(
        "SELECT fingerprint, made, tables, is_wanted, is_shown FROM projection_made WHERE projection = %s ORDER BY made",
        (projection,),
    )
    return {made_by: Made(*made) for made_by, *made in found}


def _create(conn: psycopg.Connection, projection: Projection, made_by: str) -> None:
    row = conn.execute(
        "INSERT INTO projection_made (projection, fingerprint, tables) VALUES (%s, %s, '{}') RETURNING made",
        (projection.name, made_by),
    ).fetchone()
    assert row is not None
    names = {table.name: f"{table.name}__{row[0]}" for table in projection.tables}
    for table in projection.tables:
        for step in writes.create_table(table, name=names[table.name]):
            conn.execute(step)
    conn.execute(
        "UPDATE projection_made SET tables = %s WHERE made = %s", (msgspec.json.encode(names).decode(), row[0])
    )


def _drop(conn: psycopg.Connection, old: Made) -> None:
    for name in old.tables:  # the views are made anew in the same transaction
        conn.execute(sql.SQL("DROP VIEW IF EXISTS {}").format(sql.Identifier(SCHEMA, name)))
    for name in old.tables.values():
        conn.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(sql.Identifier("public", name)))
    conn.execute("DELETE FROM projection_made WHERE made = %s", (old.made,))


def _prepare(conn: psycopg.Connection, projection: str) -> None:
    """Views over the shown set with the columns of all sets, and for each set the steps that turn the views to it."""
    sets = list(_sets(conn, projection).values())
    shown = next((made for made in sets if made.is_shown), sets[-1])
    columns = {table: _columns(conn, table) for made in sets for table in made.tables.values()}
    names = {name: None for made in (shown, *reversed(sets)) for name in made.tables}
    for made in sets:
        steps = [_view(name, made, [shown, *reversed(sets)], columns).as_string() for name in names]
        conn.execute("UPDATE projection_made SET show = %s WHERE made = %s", (steps, made.made))
    for name in names:
        view = sql.Identifier(SCHEMA, name)
        conn.execute(sql.SQL("DROP VIEW IF EXISTS {}").format(view))
        conn.execute(_view(name, shown, [shown, *reversed(sets)], columns))
        conn.execute(sql.SQL("GRANT SELECT ON {} TO hos_app").format(view))
    conn.execute("UPDATE projection_made SET is_shown = (made = %s) WHERE projection = %s", (shown.made, projection))


def _view(name: str, made: Made, sets: Sequence[Made], columns: Mapping[str, Mapping[str, str]]) -> sql.Composed:
    """The view of a declared table over one set, or over another that has the table when this one has not."""
    source = next(other.tables[name] for other in (made, *sets) if name in other.tables)
    every: dict[str, str] = {}
    for other in sets:
        every = {**columns.get(other.tables.get(name, ""), {}), **every}
    chosen = [
        sql.Identifier(column)
        if columns[source].get(column) == kind
        else _EMPTY[kind] + sql.SQL(" AS {}").format(sql.Identifier(column))
        for column, kind in every.items()
    ]
    return sql.SQL("CREATE OR REPLACE VIEW {} WITH (security_invoker = true) AS SELECT {} FROM {}").format(
        sql.Identifier(SCHEMA, name), sql.SQL(", ").join(chosen), sql.Identifier("public", source)
    )


def _columns(conn: psycopg.Connection, table: str) -> dict[str, str]:
    found = conn.execute(
        "SELECT column_name, data_type FROM information_schema.columns"
        " WHERE table_schema = 'public' AND table_name = %s ORDER BY ordinal_position",
        (table,),
    )
    return {str(column): str(kind) for column, kind in found}


# As the hub.


async def found(conn: Connection, projections: Iterable[Projection]) -> dict[str, Made]:
    """This release's set of tables of each projection, by the projection's name.

    Raises:
        NotMade: one is missing.
    """
    names: dict[str, Made] = {}
    missing = []
    for projection in projections:
        row = await one(
            conn,
            "SELECT made, tables, is_wanted, is_shown FROM projection_made WHERE projection = %s AND fingerprint = %s",
            (projection.name, fingerprint(projection)),
        )
        if row is None:
            missing.append(projection.name)
        else:
            names[projection.name] = Made(*row)
    if missing:
        raise NotMade(", ".join(sorted(missing)))
    return names


async def behind(conn: Connection, made: int) -> list[tuple[str, str]]:
    """Venues of any tenant that never were level with their logs in this set and do not stand still there; some of many.

    Asked in the directory.
    """
    return [
        (str(tenant_id), str(venue_id))
        for tenant_id, venue_id in await rows(
            conn,
            "SELECT v.tenant_id, v.venue_id FROM venue v WHERE NOT EXISTS (SELECT 1 FROM projection_stand s"
            " WHERE s.tenant_id = v.tenant_id AND s.venue_id = v.venue_id AND s.made = %s"
            " AND (s.was_level OR s.stop_seq > 0)) LIMIT %s",
            (made, _BEHIND),
        )
    ]


async def show(conn: Connection, made: int) -> bool:
    """Turn the views to this set, in this transaction; False when another release has migrated since."""
    row = await one(conn, "SELECT show_made(%s)", (made,))
    return row is not None and bool(row[0])
