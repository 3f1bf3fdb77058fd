"""Carries between NATS and ingest: pulls, stores, then answers, then lets the pipe forget. Makes a new link when one is lost."""

import asyncio
from pathlib import Path

import psycopg
import structlog

from cloud.engine.clock import Clock
from cloud.engine.database import AWAY
from cloud.engine.ingest import Answer, Arrival, Ingest
from sync.backoff import delay_ms
from sync.frames import encode_message
from sync.nats.hub import Delivery, HubLink, LinkLost, hub_link
from sync.nats.tasks import end

_FIRST_MS, _LONGEST_MS = 200, 10_000

_logger = structlog.get_logger()


class Carrier:
    """The worker that hears the venues."""

    def __init__(self, url: str, creds: Path | None, *, ingest: Ingest, clock: Clock) -> None:
        self._url = url
        self._creds = creds
        self._ingest = ingest
        self._clock = clock
        self._task: asyncio.Task[None] | None = None
        self.is_linked = False

    def start(self) -> None:
        """Begin to connect."""
        self._task = asyncio.create_task(self._run(), name="carrier")

    async def stop(self) -> None:
        """Stop; what was pulled and not stored, the pipe delivers again."""
        if self._task is not None:
            await end([self._task])

    async def _run(self) -> None:
        attempts = 0
        while True:
            try:
                async with hub_link(self._url, self._creds, on_error=_report) as link:
                    await link.answer("hello", self._greet)
                    await link.answer("push", self._push)
                    self.is_linked = True
                    attempts = 0
                    _logger.info("linked to NATS")
                    while True:
                        await self._carry(link, await link.batches())
            except LinkLost as error:
                _logger.warning("NATS lost", why=str(error))
            except Exception:
                _logger.exception("carrier")
            finally:
                self.is_linked = False
            await self._wait(attempts)
            attempts += 1

    async def _carry(self, link: HubLink, deliveries: list[Delivery]) -> None:
        for answer in await self._store(deliveries):
            await link.tell(answer.account, answer.venue_id, encode_message(answer.message))
        await link.done_with(deliveries)

    async def _store(self, deliveries: list[Delivery]) -> list[Answer]:
        """Until Postgres has them: nothing more is pulled meanwhile, and what the pipe repeats is recognised."""
        arrivals = [_arrival(delivery) for delivery in deliveries]
        attempts = 0
        while True:
            try:
                return await self._ingest.take(arrivals)
            except AWAY as error:
                _logger.warning("Postgres does not answer", why=str(error))
                await self._wait(attempts)
                attempts += 1

    async def _greet(self, delivery: Delivery) -> bytes | None:
        try:
            return await self._ingest.greet(delivery.account, delivery.venue_id, delivery.payload)
        except psycopg.Error as error:
            _logger.warning("a hello is not answered", venue=delivery.venue_id, why=str(error))
            return None  # the venue asks again

    async def _push(self, delivery: Delivery) -> bytes | None:
        """A batch by request and reply, around the streams."""
        try:
            answers = await self._ingest.take([_arrival(delivery)])
        except psycopg.Error as error:
            _logger.warning("a push is not answered", venue=delivery.venue_id, why=str(error))
            return None
        return encode_message(answers[-1].message) if answers else None

    async def _wait(self, attempts: int) -> None:
        await asyncio.sleep(delay_ms(attempts, self._clock.chance(), first_ms=_FIRST_MS, longest_ms=_LONGEST_MS) / 1000)


def _arrival(delivery: Delivery) -> Arrival:
    return Arrival(delivery.account, delivery.venue_id, delivery.headers, delivery.payload)


def _report(error: Exception) -> None:
    _logger.error("NATS", why=f"{type(error).__name__}: {error}")
