"""Touched rows → views → devices.

While one broadcast is read and sent the next commits' touched rows gather, and go out together in the next: the busier
the venue, the fewer the reads. A view is loaded and encoded once, however many devices watch it.
"""

import asyncio
import contextlib
import sqlite3
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Iterator, Mapping

import msgspec
import structlog

from edge.engine import log
from edge.engine.clock import Clock
from edge.engine.database import ReadPool
from edge.engine.projector import Projector
from edge.engine.slice import Slice, View
from edge.engine.tasks import Task, Tasks
from edge.engine.writer import Writer
from edge.engine.writes import Touched
from shared.writes import Table

RESUME_LIMIT = 2_000  # entries behind which a device gets everything again
QUEUE_LIMIT = 256  # frames a slow device may owe before it is cut off
BEAT_S = 5.0
RETRY_S = 0.5

Keys = dict[str, set[str]]  # view kind → keys
Parts = dict[str, dict[str, str]]  # view kind → key → the view as JSON, "null" when it is gone

_logger = structlog.get_logger()
_encode = msgspec.json.Encoder().encode


class Channel(msgspec.Struct, frozen=True):
    """What a subscriber gets. Those on equal channels are sent the same bytes."""

    role: str
    kinds: frozenset[str] | None = None  # None for every kind the role may see
    only: tuple[tuple[str, str], ...] = ()  # pairs of kind and the one key of it, for guests; those kinds alone

    def carries(self, kind: str, key: str) -> bool:
        """Whether a view of a kind the role may see belongs here."""
        if self.kinds is not None and kind not in self.kinds:
            return False
        return not self.only or (kind, key) in self.only


class Subscription:
    """One device's frames, in order, as JSON text. Ends when the device is cut off or the feed closes."""

    def __init__(self, channel: Channel, device_id: str) -> None:
        self.channel = channel
        self.device_id = device_id
        self.ended = ""  # why: "slow", "closing"
        self._held: list[tuple[int, str]] | None = []  # frames that came before the first one was read
        self._queue: asyncio.Queue[str] = asyncio.Queue(QUEUE_LIMIT + 1)

    def __aiter__(self) -> AsyncIterator[str]:
        return self._frames()

    async def _frames(self) -> AsyncIterator[str]:
        while not (self.ended and self._queue.empty()):
            yield await self._queue.get()

    def send(self, seq: int, frame: str) -> None:
        """Queue a frame; a device that does not keep up is cut off, and resumes by its cursor."""
        if self.ended:
            return
        if (self._queue.qsize() if self._held is None else len(self._held)) >= QUEUE_LIMIT:
            self.end("slow")
        elif self._held is not None:
            self._held.append((seq, frame))
        else:
            self._queue.put_nowait(frame)

    def begin(self, seq: int, frame: str) -> None:
        """The first frame; those held back follow unless it already has what they say."""
        held, self._held = self._held or [], None
        self.send(seq, frame)
        for later, waiting in held:
            if later > seq:
                self.send(later, waiting)

    def end(self, code: str) -> None:
        """Say goodbye; nothing follows, not even what was queued: a device resumes by the cursor of what it read."""
        if not self.ended:
            self.ended = code
            while not self._queue.empty():
                self._queue.get_nowait()
            self._queue.put_nowait(_encode({"type": "bye", "code": code}).decode())


class Feed:
    """Every subscriber of this venue, and what they have been told."""

    def __init__(
        self,
        *,
        slices: Iterable[Slice],
        projector: Projector,
        writer: Writer,
        reads: ReadPool,
        clock: Clock,
        tasks: Tasks,
        has_internet: Callable[[], bool] = lambda: False,
    ) -> None:
        slices = tuple(slices)
        self._views = {view.kind: view for one in slices for view in one.views}
        self._keys_of = _KeysOf(self._views.values(), _declared(slices))
        self._projector = projector
        self._writer = writer
        self._reads = reads
        self._clock = clock
        self._tasks = tasks
        self._has_internet = has_internet
        self._subscribers: set[Subscription] = set()
        self._pending: set[Touched] = set()
        self._seq = 0  # the last seq the bell told
        self._sent = 0  # the last seq that was broadcast
        self._bell = asyncio.Event()
        self._running: list[Task] = []

    @property
    def subscribers(self) -> int:
        """How many devices and phones follow now."""
        return len(self._subscribers)

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
        for subscription in tuple(self._subscribers):
            subscription.end("closing")

    @contextlib.asynccontextmanager
    async def subscribe(
        self, channel: Channel, cursor: int | None = None, *, device_id: str = ""
    ) -> AsyncIterator[Subscription]:
        """Frames from the cursor on, or a snapshot and what follows it."""
        subscription = Subscription(channel, device_id)
        self._subscribers.add(subscription)  # before the read: what changes meanwhile is held, not lost
        try:
            seq, frame = await self._reads.run(self._first_frame, channel, cursor)
            subscription.begin(seq, frame)
            yield subscription
        finally:
            self._subscribers.discard(subscription)

    def cut(self, device_id: str, code: str) -> None:
        """Say goodbye to one device, on every screen it has open."""
        for subscription in tuple(self._subscribers):
            if subscription.device_id == device_id:
                subscription.end(code)

    def _ring(self, seq: int, touched: list[Touched]) -> None:
        self._seq = seq
        if self._subscribers:
            self._pending.update(touched)
        self._bell.set()

    async def _broadcast(self) -> None:
        while True:
            await self._bell.wait()
            self._bell.clear()
            seq, touched = self._seq, self._pending
            self._pending = set()
            channels = frozenset(subscription.channel for subscription in self._subscribers)
            keys = self._heard(self._keys_of(touched), channels)
            try:
                parts = await self._reads.run(self._read, keys, channels) if keys else {}
            except Exception:  # a view of ours failed: nobody's cursor may pass what was not sent
                _logger.exception("a view failed; the feed will try again", kinds=sorted(keys))
                self._pending |= touched
                self._bell.set()
                await asyncio.sleep(RETRY_S)
                continue
            self._send_to_all(seq, parts)
            self._sent = seq

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT_S)
            beat = {
                "type": "beat",
                "seq": self._sent,
                "now_ms": self._clock.now_ms(),
                "internet": self._has_internet(),
            }
            frame = _encode(beat).decode()
            for subscription in tuple(self._subscribers):
                subscription.send(self._sent, frame)

    def _heard(self, keys: Keys, channels: Collection[Channel]) -> Keys:
        """Without the kinds that nobody who listens may see."""
        roles = {channel.role for channel in channels}
        return {kind: of_kind for kind, of_kind in keys.items() if roles & self._views[kind].roles}

    def _send_to_all(self, seq: int, parts: Parts) -> None:
        frames: dict[Channel, str | None] = {}
        for subscription in tuple(self._subscribers):
            channel = subscription.channel
            if channel not in frames:
                changes = list(self._changes(channel, parts))
                frames[channel] = _frame("views", seq, "changes", changes) if changes else None
            frame = frames[channel]
            if frame is not None:
                subscription.send(seq, frame)

    def _changes(self, channel: Channel, parts: Parts) -> Iterator[str]:
        for kind, of_kind in parts.items():
            if channel.role in self._views[kind].roles:
                for key, view in of_kind.items():
                    if channel.carries(kind, key):
                        yield f'["{kind}",{_encode(key).decode()},{view}]'

    # Everything below runs on a read thread.

    def _first_frame(self, conn: sqlite3.Connection, channel: Channel, cursor: int | None) -> tuple[int, str]:
        seq = log.head_seq(conn)
        if cursor is None or not seq - RESUME_LIMIT <= cursor <= seq:
            return seq, _frame("snapshot", seq, "views", self._snapshot(conn, channel))
        keys = self._heard(self._keys_of(self._projector.touched_by(log.read(conn, cursor, RESUME_LIMIT))), (channel,))
        for kind, view in self._views.items():
            if view.since is not None and channel.role in view.roles:
                keys.setdefault(kind, set()).update(view.since(conn, cursor))
        return seq, _frame("views", seq, "changes", self._changes(channel, self._read(conn, keys, (channel,))))

    def _snapshot(self, conn: sqlite3.Connection, channel: Channel) -> Iterator[str]:
        for kind, view in self._views.items():
            if channel.role not in view.roles:
                continue
            only = [key for one, key in channel.only if one == kind]
            keys = only if channel.only else view.current(conn)
            shown = {key for key in keys if channel.carries(kind, key)}
            parts = self._load(conn, {kind: shown})
            there = {key: part for key, part in parts[kind].items() if part != "null"} if parts else {}
            yield from self._changes(channel, {kind: there})

    def _read(self, conn: sqlite3.Connection, keys: Keys, channels: Collection[Channel]) -> Parts:
        """The views behind what was touched, without those that would go to nobody."""
        wanted: Keys = {}
        for kind, of_kind in keys.items():
            view = self._views[kind]
            found = of_kind if view.resolve is None else view.resolve(conn, sorted(of_kind))
            watching = [channel for channel in channels if channel.role in view.roles]
            wanted[kind] = {key for key in found if any(channel.carries(kind, key) for channel in watching)}
        return self._load(conn, wanted)

    def _load(self, conn: sqlite3.Connection, keys: Keys) -> Parts:
        parts: Parts = {}
        for kind, of_kind in keys.items():
            if of_kind:
                found = self._views[kind].load(conn, sorted(of_kind))
                parts[kind] = {key: _encode(found[key]).decode() if key in found else "null" for key in sorted(of_kind)}
        return parts


class _KeysOf:
    """Which views a touched row changes, over all views."""

    def __init__(self, views: Iterable[View], tables: Mapping[str, Table]) -> None:
        self._of_table: defaultdict[str, list[View]] = defaultdict(list)
        for view in views:
            for table in view.touches:
                assert table in tables, f"the view {view.kind} watches {table}, which nobody declares"
                self._of_table[table].append(view)
        self._tables = tables

    def __call__(self, touched: Iterable[Touched]) -> Keys:
        keys: defaultdict[str, set[str]] = defaultdict(set)
        for table, values in touched:
            if table in self._of_table:
                row = dict(zip(self._tables[table].key, values, strict=True))
                for view in self._of_table[table]:
                    key = view.touches[table](row)
                    if key is not None:
                        keys[view.kind].add(key)
        return dict(keys)


def _declared(slices: Iterable[Slice]) -> dict[str, Table]:
    tables = {}
    for one in slices:
        for table in (*one.kept_tables, *(table for p in one.projections for table in p.tables)):
            tables[table.name] = table
    return tables


def _frame(kind: str, seq: int, name: str, parts: Iterable[str]) -> str:
    """A frame from views that are JSON already."""
    return f'{{"type":"{kind}","seq":{seq},"{name}":[{",".join(parts)}]}}'
