"""Projects what has arrived: the venues the bell named, one batch each in turn, so that no venue waits for another's backlog."""

import asyncio
import contextlib

import structlog

from cloud.engine.clock import Clock
from cloud.engine.database import AWAY, Database, rows
from cloud.engine.projector import Projector, VenueKey
from sync.backoff import delay_ms

_FIRST_MS, _LONGEST_MS = 200, 30_000

_logger = structlog.get_logger()


class ProjectorWorker:
    """Keeps the figures level with the logs."""

    def __init__(self, database: Database, projector: Projector, clock: Clock) -> None:
        self._database = database
        self._projector = projector
        self._clock = clock
        self._waiting: dict[VenueKey, None] = {}  # in the order they came; at most every venue once
        self._bell = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to work; venues come by `wake` and `wake_all`."""
        self._task = asyncio.create_task(self._run(), name="projector")

    async def stop(self) -> None:
        """Stop; a batch under way is rolled back and done again at the next start."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    @property
    def waiting(self) -> int:
        """How many venues have entries that are not projected yet."""
        return len(self._waiting)

    def wake(self, venue: VenueKey) -> None:
        """The venue's log grew."""
        self._waiting[venue] = None
        self._bell.set()

    async def wake_all(self) -> None:
        """Look at every venue: at the start, and when rings may have been missed.

        Raises:
            psycopg.OperationalError, PoolTimeout: Postgres is away.
        """
        async with self._database.transaction("directory", "all") as conn:
            for tenant_id, venue_id in await rows(conn, "SELECT tenant_id, venue_id FROM venue"):
                self.wake((tenant_id, venue_id))

    async def _run(self) -> None:
        attempts = 0
        while True:
            await self._bell.wait()
            if not self._waiting:
                self._bell.clear()
                continue
            venue = next(iter(self._waiting))
            del self._waiting[venue]
            try:
                if await self._projector.advance(venue):
                    self.wake(venue)
                else:
                    for late in await self._projector.show_what_is_level():
                        self.wake(late)
                attempts = 0
            except Exception as error:
                self.wake(venue)
                if not isinstance(error, AWAY):
                    _logger.exception("projector", tenant=venue[0], venue=venue[1])
                await asyncio.sleep(
                    delay_ms(attempts, self._clock.chance(), first_ms=_FIRST_MS, longest_ms=_LONGEST_MS) / 1000
                )
                attempts += 1
