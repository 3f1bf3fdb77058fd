"""Turns the entries of a venue's log into rows, a batch a transaction, with a durable cursor for each projection.

An op that no projection of this release wants is not looked at, known or not: the release whose projection wants it has
another fingerprint, so it makes that projection's tables again from the whole log. What a projection cannot take (a fault of
ours) stops that projection of that venue at that entry and nothing else: the log goes on growing, other projections and other
venues go on. The entry is noted beside the cursor, is shown to the owner, and is tried again when the hub starts.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec
import structlog

from cloud.engine import entries as log
from cloud.engine.bell import FIGURES, ring
from cloud.engine.clock import Clock
from cloud.engine.database import AWAY, Connection, Database, rows
from cloud.engine.made import Made, behind, found, show
from cloud.engine.writes import Tables, WriteBatch
from shared.entry import Entry
from shared.ops.base import Op
from shared.projections.projection import Projection, ProjectOp

BATCH = 2_000  # some thirty statements, however many entries they sum up
VenueKey = tuple[str, str]  # tenant and venue
Decode = Callable[[str, bytes], Op]

_logger = structlog.get_logger()


class _Cursor(msgspec.Struct):
    """Where a projection of a venue stands."""

    projection: Projection
    made: int
    project: Mapping[str, ProjectOp]
    seq: int
    is_stuck: bool
    was_level: bool


class Projector:
    """Every projection the hub keeps, in this release's tables."""

    def __init__(self, database: Database, projections: Sequence[Projection], *, decode: Decode, clock: Clock) -> None:
        self.projections = tuple(projections)
        self._database = database
        self._decode = decode
        self._clock = clock
        names = [table.name for p in projections for table in p.tables]
        assert len(names) == len(set(names)), "two projections declare one table"
        self._by_kind = {p.name: p.by_kind for p in projections}
        self._made: dict[str, Made] = {}  # once they were looked up
        self._tables = Tables(())
        self._hidden: set[int] = set()  # sets of tables that are not shown yet
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

    async def show_what_is_level(self) -> list[VenueKey]:
        """Show this release's tables of each projection once every venue is level in them; returns venues that are not.

        Raises:
            psycopg.OperationalError, PoolTimeout: Postgres is away, or a long read is in the way; ask again.
        """
        waiting: dict[VenueKey, None] = {}
        for made in sorted(self._hidden):
            async with self._database.transaction("directory", "all") as conn:
                late = await behind(conn, made)
                if not late:
                    is_shown = await show(conn, made)
                    _logger.info("figures are this release's now", made=made, shown=is_shown)
            if late:
                waiting.update(dict.fromkeys(late))
            else:
                self._hidden.discard(made)
        return list(waiting)

    async def _advance(self, venue: VenueKey, *, limit: int, only: Projection | None = None) -> bool:
        tenant_id, venue_id = venue
        async with self._database.tenant(tenant_id) as conn:
            cursors = await self._cursors(conn, venue)
            moving = [c for c in cursors if not c.is_stuck and (only is None or c.projection is only)]
            if not moving:
                return False
            start = min(cursor.seq for cursor in moving)
            entries = await log.read(conn, tenant_id, venue_id, after=start, limit=limit)
            is_level = len(entries) < limit
            batch = WriteBatch(self._tables)
            for entry in entries:
                self._take(batch, entry, [cursor for cursor in moving if cursor.seq < entry.seq])
            await batch.apply(conn, tenant_id=tenant_id, venue_id=venue_id)
            last = entries[-1].seq if entries else start
            if entries or not all(cursor.was_level for cursor in moving):
                await self._move(conn, venue, moving, last, is_level=is_level)
            if entries:
                await ring(conn, FIGURES, tenant_id, venue_id, last)
        self.projected += len(entries)
        return not is_level

    def _take(self, batch: WriteBatch, entry: Entry, cursors: Sequence[_Cursor]) -> None:
        wanted = [project for cursor in cursors if (project := cursor.project.get(entry.kind))]
        if wanted:
            op = self._decode(entry.kind, entry.body)
            for project in wanted:
                for write in project(entry, op):
                    batch.take(write)

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
            sets = [made.made for made in (await self._look_up(conn)).values()]
            await conn.execute(
                "UPDATE projection_stand SET stop_seq = 0, stop_kind = '', stop_why = '', stop_since_ms = 0"
                " WHERE tenant_id = %s AND venue_id = %s AND made = ANY(%s) AND stop_seq > 0",
                (*venue, sets),
            )
        self._tried.add(venue)

    async def _quarantine(self, venue: VenueKey, projection: Projection, error: Exception) -> None:
        tenant_id, venue_id = venue
        async with self._database.tenant(tenant_id) as conn:
            [cursor] = [c for c in await self._cursors(conn, venue) if c.projection is projection]
            [entry] = await log.read(conn, tenant_id, venue_id, after=cursor.seq, limit=1)
            why = f"{type(error).__name__}: {error}"[:500].replace("\0", "")
            await conn.execute(
                "UPDATE projection_stand SET stop_seq = %s, stop_kind = %s, stop_why = %s, stop_since_ms = %s"
                " WHERE tenant_id = %s AND venue_id = %s AND made = %s",
                (entry.seq, entry.kind, why, self._clock.now_ms(), tenant_id, venue_id, cursor.made),
            )
            await ring(conn, FIGURES, tenant_id, venue_id, cursor.seq)
        _logger.error(
            "projection stopped", tenant=tenant_id, venue=venue_id, projection=projection.name, seq=entry.seq, why=why
        )

    async def _look_up(self, conn: Connection) -> Mapping[str, Made]:
        """This release's tables; looked up once, because nobody drops them while it runs."""
        if not self._made:
            self._made = await found(conn, self.projections)
            own_names = {name: own for made in self._made.values() for name, own in made.tables.items()}
            self._tables = Tables((table for p in self.projections for table in p.tables), own_names)
            self._hidden = {one.made for one in self._made.values() if one.is_wanted and not one.is_shown}
        return self._made

    async def _cursors(self, conn: Connection, venue: VenueKey) -> list[_Cursor]:
        """The venue's cursors, locked until the end of the transaction, so that two hubs do not project one entry twice."""
        made = await self._look_up(conn)
        sets = [one.made for one in made.values()]
        await conn.execute(
            "INSERT INTO projection_stand (tenant_id, venue_id, made)"
            " SELECT %s, %s, made FROM unnest(%s::bigint[]) AS made ON CONFLICT DO NOTHING",
            (*venue, sets),
        )
        stands = {
            number: (seq, stop_seq > 0, was_level)
            for number, seq, stop_seq, was_level in await rows(
                conn,
                "SELECT made, seq, stop_seq, was_level FROM projection_stand"
                " WHERE tenant_id = %s AND venue_id = %s AND made = ANY(%s) ORDER BY made FOR UPDATE",
                (*venue, sets),
            )
        }
        return [
            _Cursor(p, made[p.name].made, self._by_kind[p.name], *stands[made[p.name].made]) for p in self.projections
        ]

    async def _move(
        self, conn: Connection, venue: VenueKey, cursors: Iterable[_Cursor], seq: int, *, is_level: bool
    ) -> None:
        await conn.execute(
            "UPDATE projection_stand SET seq = greatest(seq, %s), was_level = was_level OR %s"
            " WHERE tenant_id = %s AND venue_id = %s AND made = ANY(%s)",
            (seq, is_level, *venue, [cursor.made for cursor in cursors]),
        )
