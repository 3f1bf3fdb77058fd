"""Touched rows → views → devices.

While one broadcast is read and sent the next commits' touched rows gather, and go out together in the next: the busier
the venue, the fewer the reads. A view is loaded and encoded once, however many devices watch it.

What cannot be read is owed: the rest is sent, the debt is tried again, every beat says since when something is stuck, and
until it is paid no frame can be resumed from.
"""

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Mapping

import msgspec
import structlog

from edge.engine import log
from edge.engine.clock import Clock
from edge.engine.database import ReadPool
from edge.engine.feed_debts import Debts, Stuck
from edge.engine.feed_views import Channel, Debt, Keys, Parts, Read, ViewReader
from edge.engine.projector import Projector
from edge.engine.slice import Slice
from edge.engine.subscription import Subscription
from edge.engine.tasks import Task, Tasks
from edge.engine.writer import Writer
from edge.engine.writes import Touched
from shared.frames import Beat, EdgeFrame, HubLink, Snapshot, Views

__all__ = ["Channel", "Feed", "Subscription"]

RESUME_LIMIT = 300  # entries behind which a device gets everything again: reading more of them costs more than that
BEAT_S = 5.0

_logger = structlog.get_logger()
_encode = msgspec.json.Encoder().encode


class Feed:
    """Every subscriber of this venue, and what they have been told. `vocabulary` names what makes the views."""

    def __init__(
        self,
        *,
        slices: Iterable[Slice],
        projector: Projector,
        writer: Writer,
        reads: ReadPool,
        clock: Clock,
        tasks: Tasks,
        hub: Callable[[], HubLink] = lambda: HubLink(state="off"),
        vocabulary: str = "",
    ) -> None:
        self._reader = ViewReader(slices, vocabulary)
        self._projector = projector
        self._writer = writer
        self._reads = reads
        self._clock = clock
        self._tasks = tasks
        self._hub = hub
        self._subscribers: set[Subscription] = set()
        self._pending: set[Touched] = set()
        self._debts = Debts()
        self._seq = 0  # the last seq the bell told
        self._sent = 0  # the last seq that was broadcast
        self._bell = asyncio.Event()
        self._running: list[Task] = []

    @property
    def subscribers(self) -> int:
        """How many devices and phones follow now."""
        return len(self._subscribers)

    @property
    def stuck(self) -> list[Stuck]:
        """What cannot be read, by kind."""
        return self._debts.by_kind()

    async def start(self) -> None:
        """Follow the bell on the running loop."""
        self._writer.listen(self._ring)
        self._sent = self._seq = max(self._seq, await self._reads.run(log.head_seq))
        self._running = [
            self._tasks.start("feed", self._broadcast),
            self._tasks.start("feed beat", self._beat),
        ]

    async def stop(self) -> None:
        """Tell nobody anything any more."""
        for task in self._running:
            await task.stop()
        self.end_all()

    def end_all(self) -> None:
        """Say goodbye to everyone who follows now: a server that waits for its streams would never end."""
        self._end_all("closing")

    @contextlib.asynccontextmanager
    async def subscribe(
        self, channel: Channel, cursor: int | None = None, of: str = "", *, device_id: str = ""
    ) -> AsyncIterator[Subscription]:
        """What changed since the cursor if that is of this log and release, else a snapshot; and what follows it."""
        subscription = Subscription(channel, device_id)
        self._subscribers.add(subscription)  # before the read: what changes meanwhile is held, not lost
        try:
            frame, failed = await self._reads.run(self._first_frame, channel, cursor, of)
            self._owe(failed)
            if failed:
                self._bell.set()  # the broadcast waits for nothing, or for longer than these should
            if self._debts:
                frame = msgspec.structs.replace(frame, of="")
            subscription.begin(frame.seq, _text(frame))
            yield subscription
        finally:
            self._subscribers.discard(subscription)

    def cut(self, device_id: str, code: str) -> None:
        """Say goodbye to one device, on every screen it has open."""
        for subscription in tuple(self._subscribers):
            if subscription.device_id == device_id:
                subscription.end(code)

    def _end_all(self, code: str) -> None:
        for subscription in tuple(self._subscribers):
            subscription.end(code)

    def _ring(self, seq: int, touched: list[Touched]) -> None:
        self._seq = seq
        if self._subscribers:
            self._pending.update(touched)
        self._bell.set()

    async def _broadcast(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout_at(self._debts.due_at_s):
                    await self._bell.wait()
            self._bell.clear()
            touched, self._pending = self._pending, set()
            try:
                await self._tell(self._seq, touched)
            except BaseException:  # the next life of this task goes on with it
                self._pending |= touched
                self._bell.set()
                raise

    async def _tell(self, seq: int, touched: Collection[Touched]) -> None:
        """Read what is behind touched rows and what is owed, and send it to those it is for."""
        channels = frozenset(subscription.channel for subscription in self._subscribers)
        names, failed = self._reader.names_of(touched)
        names = self._heard(names, channels)
        due = self._debts.due(_now_s())
        of, parts = "", Parts()
        if names or due:
            read, of = await self._reads.run(self._read, names, due, channels, seq)
            parts, failed = read.parts, failed | read.failed
        self._settle(due, parts, failed)
        self._send_to_all(seq, "" if self._debts else of, parts)
        self._sent = seq

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT_S)
            seq = self._sent
            of = await self._reads.run(self._reader.of_at, seq)
            frames: dict[Channel, str] = {}
            for subscription in tuple(self._subscribers):
                channel = subscription.channel
                if channel not in frames:
                    frames[channel] = self._beat_for(channel, seq, "" if self._debts else of)
                subscription.send(seq, frames[channel], is_beat=True)

    def _beat_for(self, channel: Channel, seq: int, of: str) -> str:
        def concerns(debt: Debt) -> bool:
            key = debt.item if debt.stage == "key" and isinstance(debt.item, str) else None
            if not self._reader.is_for(channel.role, debt.kind):
                return False
            return channel.may_carry(debt.kind) if key is None else channel.carries(debt.kind, key)

        stuck_since_ms = self._debts.since_ms(concerns)
        now_ms = self._clock.now_ms()
        return _text(Beat(seq=seq, of=of, now_ms=now_ms, hub=self._hub(), stuck_since_ms=stuck_since_ms))

    def _heard(self, names: Keys, channels: Collection[Channel]) -> Keys:
        """Without the kinds that nobody listens for."""
        roles = {channel.role for channel in channels}
        return {
            kind: of_kind for kind, of_kind in names.items() if any(self._reader.is_for(role, kind) for role in roles)
        }

    def _send_to_all(self, seq: int, of: str, parts: Parts) -> None:
        frames: dict[Channel, str | None] = {}
        for subscription in tuple(self._subscribers):
            channel = subscription.channel
            if channel not in frames:
                changes = self._reader.changes(channel, parts)
                frames[channel] = _text(Views(seq=seq, of=of, changes=changes)) if changes else None
            frame = frames[channel]
            if frame is not None:
                subscription.send(seq, frame)

    def _owe(self, failed: Mapping[Debt, Exception]) -> None:
        for kind, error in self._debts.add(failed, now_ms=self._clock.now_ms(), now_s=_now_s()).items():
            _logger.error("a view failed; the rest is shown, and it is tried again", kind=kind, exc_info=error)

    def _settle(self, due: Collection[Debt], parts: Parts, failed: Mapping[Debt, Exception]) -> None:
        """What was tried again or read anyway is owed no more, unless it failed."""
        was_stuck = bool(self._debts)
        self._owe(failed)
        read = (Debt(kind, "key", key) for kind, of_kind in parts.items() for key in of_kind)
        self._debts.pay({*due, *read} - failed.keys(), was_due=bool(due), now_s=_now_s())
        if was_stuck and not self._debts:
            _logger.info("every view can be read again")
            if self._debts.is_uncounted:
                self._debts.is_uncounted = False
                self._end_all("incomplete")  # everyone comes back for everything

    # Everything below runs on a read thread.

    def _read(
        self, conn: sqlite3.Connection, names: Keys, due: Collection[Debt], channels: Collection[Channel], seq: int
    ) -> tuple[Read, str]:
        return self._reader.read(conn, names, due, channels), self._reader.of_at(conn, seq)

    def _first_frame(
        self, conn: sqlite3.Connection, channel: Channel, cursor: int | None, of: str
    ) -> tuple[Snapshot | Views, Mapping[Debt, Exception]]:
        seq = log.head_seq(conn)
        of_now = self._reader.of_at(conn, seq)
        if cursor is not None and of and seq - RESUME_LIMIT <= cursor <= seq and of == self._reader.of_at(conn, cursor):
            try:
                touched = self._projector.touched_by(log.read(conn, cursor, RESUME_LIMIT))
                beside = self._reader.since(conn, cursor, channel)
            except Exception:  # entries that nobody can read again are no reason to show nothing
                _logger.exception("a device cannot resume; it gets everything", cursor=cursor)
            else:
                names, failed = self._reader.names_of(touched)
                for kind, keys in beside.items():
                    names[kind] = names.get(kind, set()) | keys
                read = self._reader.read(conn, self._heard(names, (channel,)), (), (channel,))
                changes = self._reader.changes(channel, read.parts)
                return Views(seq=seq, of=of_now, changes=changes), failed | read.failed
        read = self._reader.snapshot(conn, channel)
        return Snapshot(seq=seq, of=of_now, views=self._reader.changes(channel, read.parts)), read.failed


def _text(frame: EdgeFrame) -> str:
    return _encode(frame).decode()


def _now_s() -> float:
    return asyncio.get_running_loop().time()
