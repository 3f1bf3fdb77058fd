"""Brings the log to the hub: reads what was committed, ships it in batches, keeps how far the hub has it.

`sync.sender` decides; this carries it out. The writer never waits for it: it is rung by the bell like any worker, and the watermark
is saved by a job in a commit of its own, at most a few times a second. The watermark may be saved late, because the hub says where
it stands at each HELLO.
"""

import asyncio
import contextlib
import sqlite3
import time
from collections import OrderedDict, deque
from functools import partial
from typing import Literal

import structlog

from edge.engine import log
from edge.engine.clock import Clock
from edge.engine.database import ReadPool
from edge.engine.tasks import Task, Tasks, beside
from edge.engine.writer import Busy, Stopped, Writer
from edge.engine.writes import Touched
from edge.outside import Complaints, Standing, addresses_of, somebody_answers
from edge.settings import Settings
from shared.entry import GENESIS
from shared.frames import HubLink
from sync.backoff import delay_ms
from sync.frames import Batch, Hello, Malformed, Welcome, decode_message, encode_batch, encode_message
from sync.nats.venue import LinkLost, VenueLink, venue_link
from sync.sender import (
    DOUBTS,
    Alarm,
    Appended,
    Event,
    Found,
    Heard,
    Identity,
    Linked,
    Read,
    Save,
    Say,
    Ship,
    State,
    Ticked,
    Unlinked,
    step,
)

FIRST_RETRY_MS = 250
ANSWER_S = 5.0  # the longest the hub may take to answer
SAVE_EVERY_S = 0.2
AROUND_S = 30.0  # how long batches go around a stream that does not pass them on, before it is tried again
_ANSWERS = 1_000  # that wait; older ones are dropped, and the hub asked again
_DIGESTS = 64  # of entries shipped of late

Link = Literal["off", "waiting", "connected"]
_logger = structlog.get_logger()


class Uplink:
    """The worker that makes the hub's copy of the log. Does nothing when no hub is set."""

    def __init__(
        self, settings: Settings, *, reads: ReadPool, writer: Writer, clock: Clock, tasks: Tasks, release: str = ""
    ) -> None:
        self._settings = settings
        self._reads = reads
        self._writer = writer
        self._clock = clock
        self._witnesses = addresses_of(settings.internet_check)
        self._background = tasks
        self._release = release
        self._state = State(identity=Identity(install="", session="", epoch=0))
        self._last = 0  # where the log is, as the bell tells it
        self._answers: deque[bytes] = deque(maxlen=_ANSWERS)
        self._bell = asyncio.Event()
        self._digests: OrderedDict[int, bytes] = OrderedDict()
        self._asked_at: float | None = None  # the oldest HELLO without an answer
        self._standing = Standing()
        self._complaints = Complaints()
        self._around_until = 0.0
        self._unsaved: Save | None = None
        self._save_bell = asyncio.Event()
        self._asking: list[Task] = []  # HELLOs on their way
        self._tasks: list[Task] = []

    @property
    def state(self) -> Link:
        """`off` when no hub is set; `connected` while the hub answers; else `waiting`."""
        if not self._settings.nats_url:
            return "off"
        return "connected" if self.is_connected() else "waiting"

    @property
    def trouble(self) -> str:
        """Why the log does not go on, when a person is needed; see `sync.sender`."""
        return self._state.trouble

    def hub(self) -> HubLink:
        """How the edge stands with its hub, as its screens are told."""
        if not self._settings.nats_url:
            return HubLink(state="off")
        waiting = max(self._last - self._state.acked, 0)
        return self._standing.link(trouble=self.trouble, waiting=waiting, now_ms=self._clock.now_ms())

    def is_connected(self) -> bool:
        """Whether the hub takes what this venue has."""
        is_answering = self._asked_at is None or time.monotonic() - self._asked_at < ANSWER_S
        return self._state.phase == "stream" and self._state.attempts <= 1 and is_answering

    def start(self) -> None:
        """Begin to connect, if a hub is set."""
        if not self._settings.nats_url:
            return
        self._writer.listen(self._ring)
        self._standing.asked(self._clock.now_ms())
        self._tasks = [
            self._background.start("uplink", self._run, is_vital=False),
            self._background.start("uplink watermark", self._keep_saving, is_vital=False),
        ]

    async def stop(self) -> None:
        """Stop, and save how far the hub has the log; what is under way is sent again after the next start."""
        for task in (*self._tasks, *self._asking):
            await task.stop()
        if self._unsaved is not None:
            with contextlib.suppress(Busy, Stopped):
                await self._writer.job(partial(_save, save=self._unsaved))

    def _ring(self, seq: int, touched: list[Touched]) -> None:
        self._last = seq
        self._bell.set()

    async def _run(self) -> None:
        self._state = await self._reads.run(_load, self._release)
        self._last = max(self._last, self._state.last)
        attempts = 0
        while True:
            try:
                async with venue_link(
                    self._settings.nats_url, self._settings.nats_creds, self._settings.venue_id, on_error=self._report
                ) as link:
                    await self._drive(link)
            except LinkLost as error:
                self._complaints.say(str(error))
                has_internet = error.was_answered or await somebody_answers(self._witnesses)
                self._standing.unreachable(has_internet=has_internet)
            except Exception:
                _logger.exception("uplink")
            attempts = 0 if self._state.phase == "stream" else attempts + 1
            self._unlink()
            longest_ms = self._settings.hub_retry_s * 1000
            wait_ms = delay_ms(attempts, self._clock.chance(), first_ms=FIRST_RETRY_MS, longest_ms=longest_ms)
            await asyncio.sleep(wait_ms / 1000)

    async def _drive(self, link: VenueLink) -> None:
        """Feed the sender until the link is lost.

        Raises:
            LinkLost: always, at the end.
        """
        async with beside(link.wait_lost()) as lost:
            lost.add_done_callback(lambda _: self._bell.set())
            await link.listen(self._on_answer)
            await self._take(link, Linked(self._clock.fresh_id()))
            while not lost.done():
                await self._wait()
                if self._last > self._state.last:
                    await self._take(link, Appended(self._last))
                while self._answers:
                    await self._hear(link, self._answers.popleft())
                wake_at_ms = self._state.wake_at_ms
                if wake_at_ms is not None and _now_ms() >= wake_at_ms:
                    await self._take(link, Ticked())
        raise LinkLost("the connection ended")

    async def _wait(self) -> None:
        """Until something happened, or the sender's timer is due."""
        wake_at_ms = self._state.wake_at_ms
        delay_s = None if wake_at_ms is None else max(wake_at_ms - _now_ms(), 0) / 1000
        if not self._answers and self._last <= self._state.last:
            # Not wait_for: until Python 3.12 it loses a cancel that comes together with the bell.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(delay_s):
                    await self._bell.wait()
        self._bell.clear()

    async def _take(self, link: VenueLink, event: Event) -> None:
        waiting = deque([event])
        while waiting:
            self._state, actions = step(self._state, waiting.popleft(), now_ms=_now_ms(), chance=self._clock.chance())
            for action in actions:
                match action:
                    case Say(message):
                        self._say(link, message)
                    case Ship(batch):
                        await self._ship(link, batch)
                    case Read(after, limit):
                        waiting.append(Found(tuple(await self._reads.run(log.read, after, limit))))
                    case Save():
                        self._unsaved = action
                        self._save_bell.set()
                    case Alarm(code):
                        await self._alarm(code)

    def _say(self, link: VenueLink, hello: Hello) -> None:
        """Ask in the background: the hub may be slow, and the log goes on meanwhile."""
        if self._asked_at is None:
            self._asked_at = time.monotonic()
            self._standing.asked(self._clock.now_ms())

        async def ask() -> None:
            with contextlib.suppress(LinkLost):  # the link itself says so too
                answer = await link.ask("hello", encode_message(hello), timeout_s=ANSWER_S)
                if answer is not None:
                    self._on_answer(answer)

        self._asking = [task for task in self._asking if not task.is_over]
        self._asking.append(self._background.once("uplink hello", ask))

    async def _ship(self, link: VenueLink, batch: Batch) -> None:
        payload = encode_batch(batch)
        assert not isinstance(payload, Malformed), "the sender ships nothing that cannot travel"
        self._digests[batch.hi] = batch.head
        while len(self._digests) > _DIGESTS:
            self._digests.popitem(last=False)
        if self._state.attempts >= DOUBTS:
            self._around_until = time.monotonic() + AROUND_S
        if time.monotonic() < self._around_until:
            await self._push(link, payload)
        else:
            await link.ship(payload)

    async def _push(self, link: VenueLink, payload: bytes) -> None:
        """A batch by request and reply: the stream may be full, or its disk. One after the other, to keep their order."""
        answer = await link.ask("push", payload, timeout_s=ANSWER_S)
        if answer is not None:
            self._on_answer(answer)

    def _on_answer(self, answer: bytes) -> None:
        self._answers.append(answer)
        self._bell.set()

    async def _hear(self, link: VenueLink, answer: bytes) -> None:
        message = decode_message(answer)
        if isinstance(message, Malformed | Hello):
            _logger.warning("an answer that is none", why=getattr(message, "why", "hello"))
            return
        if isinstance(message, Welcome):
            self._asked_at = None
            self._standing.answered()
            self._complaints.answered()
        await self._take(link, Heard(message, await self._digest_at(message.acked)))

    async def _digest_at(self, seq: int) -> bytes | None:
        """This log's digest at an entry; None beyond its end."""
        if seq == 0:
            return GENESIS
        known = self._digests.get(seq)
        return known if known is not None else await self._reads.run(log.digest_at, seq)

    async def _alarm(self, code: str) -> None:
        if code:
            _logger.error("the hub does not take the log", trouble=code)
            self._standing.refused(await self._waiting_since_ms())
        else:
            _logger.info("the hub takes the log again")
            self._standing.accepted()

    async def _waiting_since_ms(self) -> int:
        """When the oldest entry that the hub has not got was written; now when it has them all.

        It says since when a refusal holds, also one that began before the edge was last started.
        """
        waiting = await self._reads.run(log.read, self._state.acked, 1)
        now_ms = self._clock.now_ms()
        return min(waiting[0].hlc >> 16, now_ms) if waiting else now_ms

    def _report(self, error: Exception) -> None:
        self._complaints.say(f"{type(error).__name__}: {error}")

    def _unlink(self) -> None:
        for task in self._asking:
            task.cancel()
        self._answers.clear()
        self._asked_at = None
        self._standing.asked(self._clock.now_ms())
        self._state, _ = step(self._state, Unlinked(), now_ms=_now_ms(), chance=0.0)

    async def _keep_saving(self) -> None:
        """Save the latest watermark whenever there is a new one. Without a writer the hub's word is enough."""
        while True:
            await self._save_bell.wait()
            self._save_bell.clear()
            save, self._unsaved = self._unsaved, None
            if save is not None:
                try:
                    await self._writer.job(partial(_save, save=save))
                except Busy:
                    self._unsaved = self._unsaved or save
                    self._save_bell.set()
                except Stopped:
                    _logger.info("the watermark is not saved: the writer has stopped", acked=save.acked)
            await asyncio.sleep(SAVE_EVERY_S)


def _load(conn: sqlite3.Connection, release: str) -> State:
    install, session, epoch, hub_inc, acked = conn.execute(
        "SELECT install_id, session, epoch, hub_inc, acked FROM log_identity"
    ).fetchone()
    return State(
        identity=Identity(install=install, session=session, epoch=epoch, version=release),
        acked=acked,
        hub_inc=hub_inc,
        last=log.head_seq(conn),
    )


def _save(conn: sqlite3.Connection, *, save: Save) -> None:
    conn.execute("UPDATE log_identity SET acked = ?, hub_inc = ?", (save.acked, save.hub_inc))


def _now_ms() -> int:
    """The sender's timers run on a clock that nobody sets: neither a technician nor a replay."""
    return int(time.monotonic() * 1000)
