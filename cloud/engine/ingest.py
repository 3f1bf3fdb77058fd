"""Receives what venues send: stores what continues a log, repeats the answer to what it has, refuses the rest.

One transaction holds everything that arrived together from one venue. The head row moves by compare and swap, so that of two
hubs with the same batch one stores it and the other sees that it did. Answers exist only after the COMMIT.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import msgspec
import psycopg
import structlog

from cloud.engine import entries as log
from cloud.engine.bell import ENTRIES, ring
from cloud.engine.clock import Clock
from cloud.engine.database import AWAY, Connection, Database, one, why_away
from sync.frames import Ack, Batch, Hello, Malformed, Nack, decode_batch, decode_message, encode_message
from sync.receiver import Append, Head, Refuse, Repeat, ack, greet, judge, nack

#: Refusals that follow from a lost or repeated message: the edge sends on from the right place, and no person needs to look.
_ORDINARY = {"gap", "overlap"}
_SWAPS = 5  # how often to look again when another hub was faster

_logger = structlog.get_logger()


class Arrival(msgspec.Struct, frozen=True):
    """A message from a venue. `account` and `venue_id` come from its subject, which NATS vouches for."""

    account: str
    venue_id: str
    headers: Mapping[str, str] | None
    payload: bytes


class Answer(msgspec.Struct, frozen=True):
    """What to tell a venue, after the commit."""

    account: str
    venue_id: str
    message: Ack | Nack


class _Swapped(Exception):
    """Another hub moved the head row; nothing of this transaction stands."""


class _Stored(msgspec.Struct):
    """What one transaction did."""

    head: Head
    refusals: list[Nack]
    is_new: bool = False
    repeats: bool = False


class Ingest:
    """The receiving side of one hub; any number may run beside each other."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._tenants: dict[str, str] = {}  # by account key; a key is never given to another tenant
        self.entries = 0  # stored since the start
        self.refusals: Counter[str] = Counter()  # batches refused since the start, by why
        self.stored_at_ms = 0  # the last commit that brought entries; 0 for none since the start
        self.trouble = ""  # why the last try to store failed: full, read_only or away; "" while all is well

    async def take(self, arrivals: Sequence[Arrival]) -> list[Answer]:
        """Store what arrived, in the order of each venue; returns what to tell whom. All of it may be acknowledged to the pipe then.

        Raises:
            psycopg.OperationalError, PoolTimeout: Postgres is away; the pipe must deliver what is not stored again.
        """
        by_venue: dict[tuple[str, str], list[Arrival]] = {}
        for arrival in arrivals:
            by_venue.setdefault((arrival.account, arrival.venue_id), []).append(arrival)
        answers: list[Answer] = []
        for (account, venue_id), ours in by_venue.items():
            messages = await self._take_of_venue(account, venue_id, [decode_batch(a.headers, a.payload) for a in ours])
            answers.extend(Answer(account, venue_id, message) for message in messages)
        return answers

    async def greet(self, account: str, venue_id: str, payload: bytes) -> bytes | None:
        """The WELCOME to a HELLO; None to what is no HELLO or comes from a venue nobody enrolled.

        Raises:
            psycopg.OperationalError, PoolTimeout: Postgres is away; the venue asks again by itself.
        """
        hello = decode_message(payload)
        tenant_id = await self._tenant_of(account)
        if not isinstance(hello, Hello) or not tenant_id:
            _logger.warning("hello refused", account=account, venue=venue_id)
            return None
        now_ms = self._clock.now_ms()
        for _ in range(_SWAPS):
            async with self._database.tenant(tenant_id) as conn:
                head = await _head(conn, tenant_id, venue_id)
                if head is None:
                    _logger.warning("hello of an unknown venue", tenant=tenant_id, venue=venue_id)
                    return None
                greeting = greet(head, hello, now_ms=now_ms)
                if greeting.adopt is not None and not await _adopt(conn, tenant_id, venue_id, greeting.adopt):
                    continue
                if greeting.welcome.verdict == "ok":
                    await conn.execute(
                        "UPDATE venue_head SET last_seen_ms = %s, edge_last = %s, edge_release = %s"
                        " WHERE tenant_id = %s AND venue_id = %s",
                        (now_ms, max(hello.last, head.acked), hello.version[:40], tenant_id, venue_id),
                    )
                else:
                    _logger.error(
                        "venue may not append", tenant=tenant_id, venue=venue_id, verdict=greeting.welcome.verdict
                    )
            return encode_message(greeting.welcome)
        return None

    async def _take_of_venue(
        self, account: str, venue_id: str, batches: Sequence[Batch | Malformed]
    ) -> list[Ack | Nack]:
        tenant_id = await self._tenant_of(account)
        if not tenant_id:
            _logger.warning("batch of an unknown account", account=account, venue=venue_id)
            return []
        for _ in range(_SWAPS):
            try:
                stored = await self._store(tenant_id, venue_id, batches)
            except _Swapped:
                continue
            except AWAY as error:
                self.trouble = why_away(error)
                raise
            except psycopg.Error as error:
                return await self._take_apart(account, venue_id, batches, error)
            if stored is None:
                _logger.warning("batch of an unknown venue", tenant=tenant_id, venue=venue_id)
                return []
            self.refusals.update(refusal.reason for refusal in stored.refusals)
            told = [ack(stored.head)] if stored.is_new or stored.repeats else []
            return [*told, *stored.refusals]
        return []  # the venue asks again; by then the other hub is done

    async def _take_apart(
        self, account: str, venue_id: str, batches: Sequence[Batch | Malformed], error: psycopg.Error
    ) -> list[Ack | Nack]:
        """Postgres will not have it: the batch at fault is refused, the ones before it are kept, other venues go on."""
        if len(batches) > 1:
            messages: list[Ack | Nack] = []
            for batch in batches:
                messages += await self._take_of_venue(account, venue_id, [batch])
            return messages
        tenant_id = await self._tenant_of(account)
        reason = "repeated_id" if isinstance(error, psycopg.errors.UniqueViolation) else "unstorable"
        _logger.error("a batch cannot be stored", tenant=tenant_id, venue=venue_id, reason=reason, why=str(error))
        async with self._database.tenant(tenant_id) as conn:
            head = await _head(conn, tenant_id, venue_id)
            assert head is not None
            await self._note_refusal(conn, tenant_id, venue_id, reason)
        self.refusals[reason] += 1
        return [nack(head, reason)]

    async def _store(self, tenant_id: str, venue_id: str, batches: Sequence[Batch | Malformed]) -> _Stored | None:
        async with self._database.tenant(tenant_id) as conn:
            before = await _head(conn, tenant_id, venue_id)
            if before is None:
                return None
            stored = _Stored(before, [])
            fresh: list[Batch] = []
            for batch in batches:
                known = None
                if isinstance(batch, Batch) and batch.hi <= before.acked:
                    known = await _digest(conn, tenant_id, venue_id, batch.hi)
                _decide(stored, fresh, batch, known)
            if fresh:
                await self._append(conn, tenant_id, venue_id, before, stored.head, fresh)
            elif stored.repeats:
                await conn.execute(
                    "UPDATE venue_head SET last_seen_ms = %s WHERE tenant_id = %s AND venue_id = %s",
                    (self._clock.now_ms(), tenant_id, venue_id),
                )
            if stored.refusals:
                _logger.warning("batch refused", tenant=tenant_id, venue=venue_id, why=stored.refusals[-1].reason)
                await self._note_refusal(conn, tenant_id, venue_id, stored.refusals[-1].reason)
        self.trouble = ""
        if fresh:
            self.stored_at_ms = self._clock.now_ms()
        self.entries += sum(len(batch.entries) for batch in fresh)
        return stored

    async def _append(
        self, conn: Connection, tenant_id: str, venue_id: str, before: Head, after: Head, batches: Iterable[Batch]
    ) -> None:
        entries = [entry for batch in batches for entry in batch.entries]
        moved = await conn.execute(
            "UPDATE venue_head SET acked = %s, head = %s, last_seen_ms = %s, last_entry_ms = %s, refusal = '',"
            " edge_last = GREATEST(edge_last, %s)"
            " WHERE tenant_id = %s AND venue_id = %s AND epoch = %s AND session = %s AND acked = %s AND head = %s",
            (
                *(after.acked, after.head, self._clock.now_ms(), entries[-1].at_ms, after.acked),
                *(tenant_id, venue_id, before.epoch, before.session, before.acked, before.head),
            ),
        )
        if moved.rowcount != 1:
            raise _Swapped
        await log.append(conn, tenant_id, venue_id, entries)
        await ring(conn, ENTRIES, tenant_id, venue_id, after.acked)

    async def _note_refusal(self, conn: Connection, tenant_id: str, venue_id: str, reason: str) -> None:
        if reason in _ORDINARY:
            return
        await conn.execute(
            "UPDATE venue_head SET refusal = %s, refused_at_ms = %s WHERE tenant_id = %s AND venue_id = %s",
            (reason, self._clock.now_ms(), tenant_id, venue_id),
        )

    async def _tenant_of(self, account: str) -> str:
        """Whose account key this is; "" when nobody's."""
        known = self._tenants.get(account)
        if known is not None:
            return known
        async with self._database.transaction("account", account) as conn:
            found = await one(conn, "SELECT tenant_id FROM tenant WHERE account = %s", (account,))
        if found is None:
            return ""
        self._tenants[account] = str(found[0])
        return self._tenants[account]


def _decide(stored: _Stored, fresh: list[Batch], batch: Batch | Malformed, known: bytes | None) -> None:
    """What becomes of one batch when the ones before it are stored."""
    if isinstance(batch, Malformed):
        stored.refusals.append(nack(stored.head, batch.why))
        return
    if known is None:  # not yet in the table: it may end inside what this very transaction appends
        known = next((entry.digest for one in fresh for entry in one.entries if entry.seq == batch.hi), None)
    match judge(stored.head, batch, stored=known):
        case Append(head):
            stored.head, stored.is_new = head, True
            fresh.append(batch)
        case Repeat():
            stored.repeats = True
        case Refuse(reason):
            stored.refusals.append(nack(stored.head, reason))


async def _head(conn: Connection, tenant_id: str, venue_id: str) -> Head | None:
    found = await one(
        conn,
        "SELECT hub_inc, epoch, session, install, acked, head FROM venue_head, hub"
        " WHERE tenant_id = %s AND venue_id = %s",
        (tenant_id, venue_id),
    )
    if found is None:
        return None
    hub_inc, epoch, session, install, acked, head = found
    return Head(hub_inc=hub_inc, epoch=epoch, session=session, install=install, acked=acked, head=head)


async def _adopt(conn: Connection, tenant_id: str, venue_id: str, head: Head) -> bool:
    """Give a venue that nobody holds to the first edge that asks; False when another was first."""
    moved = await conn.execute(
        "UPDATE venue_head SET epoch = %s, session = %s, install = %s"
        " WHERE tenant_id = %s AND venue_id = %s AND session = '' AND acked = 0",
        (head.epoch, head.session, head.install, tenant_id, venue_id),
    )
    return moved.rowcount == 1


async def _digest(conn: Connection, tenant_id: str, venue_id: str, seq: int) -> bytes | None:
    found = await one(
        conn,
        "SELECT digest FROM entries WHERE tenant_id = %s AND venue_id = %s AND seq = %s",
        (tenant_id, venue_id, seq),
    )
    return bytes(found[0]) if found else None
