"""\"Venue V is at N\", from any hub to every hub: Postgres tells it after the commit. Never the data."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

import msgspec
import psycopg
import structlog
from psycopg import AsyncConnection

from cloud.engine.clock import Clock
from cloud.engine.database import LIVELY, Connection
from sync.backoff import delay_ms

ENTRIES = "hos_entries"  # the log grew
FIGURES = "hos_figures"  # the projected tables did
_FIRST_MS, _LONGEST_MS = 200, 10_000

_logger = structlog.get_logger()


class Ring(msgspec.Struct, frozen=True):
    """A venue's log, or its figures, are now at `seq`."""

    channel: str
    tenant_id: str
    venue_id: str
    seq: int


async def ring(conn: Connection, channel: str, tenant_id: str, venue_id: str, seq: int) -> None:
    """Tell every hub once this transaction has committed, and only then."""
    await conn.execute("SELECT pg_notify(%s, %s)", (channel, f"{tenant_id} {venue_id} {seq}"))


class Bell:
    """Listens, and tells. After a broken connection rings may be missing: then `on_reconnect` is called."""

    def __init__(
        self, url: str, *, clock: Clock, on_ring: Callable[[Ring], None], on_reconnect: Callable[[], Awaitable[None]]
    ) -> None:
        self._url = url
        self._clock = clock
        self._on_ring = on_ring
        self._on_reconnect = on_reconnect
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to listen."""
        self._task = asyncio.create_task(self._run(), name="bell")

    async def stop(self) -> None:
        """Stop listening."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _run(self) -> None:
        attempts = 0
        while True:
            try:
                async with await AsyncConnection.connect(
                    self._url, autocommit=True, application_name="hos-bell", **LIVELY
                ) as conn:
                    await conn.execute(f"LISTEN {ENTRIES}")
                    await conn.execute(f"LISTEN {FIGURES}")
                    await self._on_reconnect()
                    attempts = 0
                    async for note in conn.notifies():
                        heard = _ring_of(note.channel, note.payload)
                        if heard is None:  # a hub of another release stands beside this one
                            _logger.warning("a ring that is none", payload=note.payload[:100])
                        else:
                            self._on_ring(heard)
            except psycopg.Error as error:
                _logger.warning("bell lost", why=str(error))
            await asyncio.sleep(
                delay_ms(attempts, self._clock.chance(), first_ms=_FIRST_MS, longest_ms=_LONGEST_MS) / 1000
            )
            attempts += 1


def _ring_of(channel: str, payload: str) -> Ring | None:
    match payload.split(" "):
        case [tenant_id, venue_id, seq] if seq.isascii() and seq.isdigit():
            return Ring(channel, tenant_id, venue_id, int(seq))
    return None
