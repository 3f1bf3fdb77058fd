"""Turns the entries of a venue's log into rows, a batch a transaction, with a durable cursor for each projection.

What a projection cannot take (an op this release does not know, a fault of ours) stops that projection of that venue at
that entry and nothing else: the log goes on growing, other projections and other venues go on. The entry is noted in the
table `quarantine`, is shown to the owner, and is tried again when the hub starts.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec
import structlog

from cloud.engine import entries as log
from cloud.engine.bell import FIGURES, ring
from cloud.engine.clock import Clock
from cloud.engine.database import AWAY, Connection, Database, rows
from cloud.engine.writes import Tables, WriteBatch
from shared.ops.base import Op
from shared.projections.fingerprint import fingerprint
from shared.projections.projection import Projection, ProjectOp

BATCH = 2_000  # some thirty statements, however many entries they sum up
VenueKey = tuple[str, str]  # tenant and venue
Decode = Callable[[str, bytes], Op]

_logger = structlog.get_logger()


class _Cursor(msgspec.Struct):
    """Where a projection of a venue stands."""

    projection: Projection
    project: Mapping[str, ProjectOp]
    seq: int
    is_stuck: bool = False


class Projector:
    """Every projection the hub keeps."""

    def __init__(self, database: Database, projections: Sequence[Projection], *, decode: Decode, clock: Clock) -> None:
        self.projections = tuple(projections)
        self._database = database
        self._decode = decode
        self._clock = clock
        self._tables = Tables(table for p in projections for table in p.tables)
        assert len(self._tables.by_name) == sum(len(p.tables) for p in projections), "two projections declare one table"
        self._by_kind = {p.name: p.by_kind for p in projections}
        self._fingerprints = {p.name: fingerprint(p) for p in projections}
        self.projected = 0  # entries, since the start
        self._tried: set[VenueKey] = set()  # venues whose quarantine was tried again since the start

    async def advance(self, venue: VenueKey) -> bool:
        """Project the next entries of a venue; whether there may be more.

        Raises:
            psycopg.OperationalError, PoolTimeout: Postgres is away; nothing was done.
        """
        await self._try_again(venue)
        try:
            return await self._advance(venue, limit=BATCH)
        except AWAY:
            raise
        except Exception:
            _logger.exception("projection failed, one by one now", tenant=venue[0], venue=venue[1])
            for projection in self.projections:
                await self._narrow(venue, projection)
            return True

    async def _advance(self, venue: VenueKey, *, limit: int, only: Projection | None = None) -> bool:
        tenant_id, venue_id = venue
        async with self._database.tenant(tenant_id) as conn:
            cursors = await self._cursors(conn, venue)
            moving = [c for c in cursors if not c.is_stuck and (only is None or c.projection is only)]
            if not moving:
                return False
            start = min(cursor.seq for cursor in moving)
            entries = await log.read(conn, tenant_id, venue_id, after=start, limit=limit)
            if not entries:
                return False
            batch = WriteBatch(self._tables)
            for entry in entries:
                op = self._decode(entry.kind, entry.body)
                for cursor in moving:
                    if cursor.seq < entry.seq and (project := cursor.project.get(entry.kind)):
                        for write in project(entry, op):
                            batch.take(write)
            await batch.apply(conn, tenant_id=tenant_id, venue_id=venue_id)
            last = entries[-1].seq
            await self._move(conn, venue, [c.projection for c in moving if c.seq < last], last)
            await ring(conn, FIGURES, tenant_id, venue_id, last)
        self.projected += len(entries)
        return len(entries) == limit

    async def _narrow(self, venue: VenueKey, projection: Projection) -> None:
        """The same entries for one projection, in smaller and smaller parts up to the one at fault, where it stops."""
        limit = left = BATCH
        while left > 0:
            try:
                if not await self._advance(venue, limit=limit, only=projection):
                    return
                left -= limit
            except AWAY:
                raise
            except Exception as error:
                if limit == 1:
                    await self._quarantine(venue, projection, error)
                    return
                limit = -(-limit // 2)

    async def _try_again(self, venue: VenueKey) -> None:
        """What stopped before the start may have been cured by the release that started."""
        if venue in self._tried:
            return
        async with self._database.tenant(venue[0]) as conn:
            await conn.execute("DELETE FROM quarantine WHERE tenant_id = %s AND venue_id = %s", venue)
        self._tried.add(venue)

    async def _quarantine(self, venue: VenueKey, projection: Projection, error: Exception) -> None:
        tenant_id, venue_id = venue
        async with self._database.tenant(tenant_id) as conn:
            [cursor] = [c for c in await self._cursors(conn, venue) if c.projection is projection]
            [entry] = await log.read(conn, tenant_id, venue_id, after=cursor.seq, limit=1)
            why = f"{type(error).__name__}: {error}"[:500].replace("\0", "")
            await conn.execute(
                "INSERT INTO quarantine VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (tenant_id, venue_id, projection)"
                " DO UPDATE SET seq = excluded.seq, kind = excluded.kind, why = excluded.why, since_ms = excluded.since_ms",
                (tenant_id, venue_id, projection.name, entry.seq, entry.kind, why, self._clock.now_ms()),
            )
            await ring(conn, FIGURES, tenant_id, venue_id, cursor.seq)
        _logger.error(
            "projection stopped", tenant=tenant_id, venue=venue_id, projection=projection.name, seq=entry.seq, why=why
        )

    async def _cursors(self, conn: Connection, venue: VenueKey) -> list[_Cursor]:
        """The venue's cursors, locked until the end of the transaction, so that two hubs do not project one entry twice."""
        await conn.execute(
            "INSERT INTO projection_cursor (tenant_id, venue_id, projection, fingerprint, seq)"
            " SELECT %s, %s, name, '', 0 FROM unnest(%s::text[]) AS name ON CONFLICT DO NOTHING",
            (*venue, [p.name for p in self.projections]),
        )
        found = {
            name: (fingerprint, seq, is_stuck)
            for name, fingerprint, seq, is_stuck in await rows(
                conn,
                "SELECT projection, fingerprint, seq, EXISTS (SELECT 1 FROM quarantine q WHERE q.tenant_id = c.tenant_id"
                " AND q.venue_id = c.venue_id AND q.projection = c.projection)"
                " FROM projection_cursor c WHERE tenant_id = %s AND venue_id = %s ORDER BY projection FOR UPDATE OF c",
                venue,
            )
        }
        cursors = []
        for projection in self.projections:
            made_by, seq, is_stuck = found[projection.name]
            is_ours = made_by == self._fingerprints[projection.name]
            cursors.append(_Cursor(projection, self._by_kind[projection.name], seq if is_ours else 0, is_stuck))
        return cursors

    async def _move(self, conn: Connection, venue: VenueKey, projections: Iterable[Projection], seq: int) -> None:
        names = [projection.name for projection in projections]
        await conn.execute(
            "UPDATE projection_cursor c SET seq = %s, fingerprint = v.fingerprint"
            " FROM unnest(%s::text[], %s::text[]) AS v (name, fingerprint)"
            " WHERE tenant_id = %s AND venue_id = %s AND projection = v.name",
            (seq, names, [self._fingerprints[name] for name in names], *venue),
        )
