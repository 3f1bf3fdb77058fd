"""Carries between NATS and ingest: pulls, stores, then answers, then lets the pipe forget. Makes a new link when one is lost."""

import asyncio
from pathlib import Path

import psycopg
import structlog

from cloud.engine.clock import Clock
from cloud.engine.database import AWAY, why_away
from cloud.engine.ingest import Answer, Arrival, Ingest
from sync.backoff import delay_ms
from sync.frames import encode_message
from sync.nats.hub import Delivery, HubLink, LinkLost, hub_link
from sync.nats.tasks import end

_FIRST_MS, _LONGEST_MS = 200, 10_000
_SILENT = {
    "full": "Postgres has no room: nothing that venues send is stored until its disk has some",
    "read_only": "Postgres takes no writes: nothing that venues send is stored until it does",
    "away": "Postgres does not answer",
}

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
        self.given_up = 0  # batches that the pipe gave up, since the start
        self._link: HubLink | None = None

    @property
    def heard_ago_s(self) -> float:
        """How long ago a stream answered a pull, be it with nothing, which each does twice a minute; -1 without a link."""
        return -1.0 if self._link is None else asyncio.get_running_loop().time() - self._link.heard_s

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
                async with hub_link(self._url, self._creds, on_error=_report, on_given_up=self._count_given_up) as link:
                    await link.answer("hello", self._greet)
                    await link.answer("push", self._push)
                    self._link, self.is_linked = link, True
                    attempts = 0
                    _logger.info("linked to NATS")
                    while True:
                        await self._carry(link, await link.batches())
            except LinkLost as error:
                _logger.warning("NATS lost", why=str(error))
            except Exception:
                _logger.exception("carrier")
            finally:
                self._link, self.is_linked = None, False
            await self._wait(attempts)
            attempts += 1

    def _count_given_up(self, stream: str) -> None:
        self.given_up += 1
        _logger.error("a batch came as often as it may and is dropped; its venue sends it again", stream=stream)

    async def _carry(self, link: HubLink, deliveries: list[Delivery]) -> None:
        for answer in await self._store(link, deliveries):
            await link.tell(answer.account, answer.venue_id, encode_message(answer.message))
        await link.done_with(deliveries)

    async def _store(self, link: HubLink, deliveries: list[Delivery]) -> list[Answer]:
        """Until Postgres has them: nothing more is pulled meanwhile, and what the pipe repeats is recognised."""
        arrivals = [_arrival(delivery) for delivery in deliveries]
        attempts = 0
        while True:
            try:
                return await self._ingest.take(arrivals)
            except AWAY as error:
                _logger.warning(_SILENT[why_away(error)], why=str(error))
                await link.keep()
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
