"""All lanes: one for each that has something to do, or that stands without; begun, woken and ended by what the bell says."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from sqlite3 import Connection

from edge.engine import jobs
from edge.engine.clock import Clock
from edge.engine.database import ReadPool
from edge.engine.errands import Errand, inherit
from edge.engine.hands import Hands
from edge.engine.lane import Desk, Lane
from edge.engine.projector import Decode
from edge.engine.tasks import Task, Tasks
from edge.engine.writer import Writer
from edge.engine.writes import Touched

MOST_LANES = 100  # at once; more wait until one has nothing to do
LOOK_S = 3_600.0  # between looks for what is old and for what the log does not know
INHERITED_MS = 86_400_000  # no older entry is asked again what it wanted

HandsOf = Callable[[str], Hands]


class Lanes:
    """Carries out every errand that has hands. `hands` makes them for a lane by its name, by kind."""

    def __init__(
        self,
        errands: Iterable[Errand],
        hands: Mapping[str, HandsOf],
        *,
        reads: ReadPool,
        writer: Writer,
        clock: Clock,
        tasks: Tasks,
        decode: Decode,
        most: int = MOST_LANES,
    ) -> None:
        self._errands = {errand.name: errand for errand in errands if errand.name in hands}
        self._hands = hands
        self._changed = asyncio.Event()
        self._desk = Desk(reads=reads, writer=writer, clock=clock, tasks=tasks, rested=self._changed.set)
        self._reads = reads
        self._writer = writer
        self._clock = clock
        self._tasks = tasks
        self._decode = decode
        self._most = most
        self._lanes: dict[tuple[str, str], Lane] = {}
        self._task: Task | None = None

    def start(self) -> None:
        """Begin on the running loop with what an earlier run left."""
        self._writer.listen(self._on_bell)
        self._task = self._tasks.start("errands", self._manage)

    async def stop(self) -> None:
        """Let jobs under way end, within a few seconds; those that do not are in doubt."""
        if self._task is not None:
            await self._task.stop()
        await asyncio.gather(*(lane.stop() for lane in self._lanes.values()))
        self._lanes.clear()

    def _on_bell(self, seq: int, touched: list[Touched]) -> None:
        for table, key in touched:
            if table == "errand":
                self._changed.set()
                continue
            for name, errand in self._errands.items():
                if table == errand.standing_table:
                    self._changed.set()
                    if (lane := self._lanes.get((name, str(key[0])))) is not None:
                        lane.retry_now()

    async def _manage(self) -> None:
        await self._take_over()
        while True:
            await self._clean()
            try:
                async with asyncio.timeout(LOOK_S):
                    while True:
                        self._changed.clear()
                        await self._match_lanes()
                        await self._changed.wait()
            except TimeoutError:
                continue

    async def _match_lanes(self) -> None:
        """A lane for whatever has something to do, and none for what has not."""
        busy, standing = await self._reads.run(self._wanted)
        for place in [place for place in self._lanes if place not in busy and place not in standing]:
            if self._lanes[place].is_resting:
                await self._lanes.pop(place).stop()
        for place in [*standing, *busy]:
            if place not in self._lanes and len(self._lanes) < self._most + len(standing):
                self._lanes[place] = self._open(*place)
        for place in busy:
            if place in self._lanes:
                self._lanes[place].wake()

    def _wanted(self, conn: Connection) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
        busy = [(name, lane) for name, lane in jobs.open_lanes(conn) if name in self._errands]
        return busy, [(name, lane) for name, errand in self._errands.items() for lane in errand.standing(conn)]

    def _open(self, name: str, key: str) -> Lane:
        lane = Lane(self._errands[name], key, self._hands[name](key), self._desk)
        lane.start()
        return lane

    async def _take_over(self) -> None:
        """Make the jobs that an older release had not come to."""
        now_ms = self._clock.now_ms()
        for errand in self._errands.values():
            if await self._reads.run(_has_cursor, errand.heir_of):
                await self._writer.job(
                    partial(inherit, errand=errand, decode=self._decode, now_ms=now_ms, oldest_ms=now_ms - INHERITED_MS)
                )

    async def _clean(self) -> None:
        """Tell the log what it was not told, and drop what ended long ago."""
        for job in await self._reads.run(jobs.untold):
            if job.errand in self._errands:
                await self._desk.tell(self._errands[job.errand], job)
        while numbers := await self._reads.run(jobs.old, self._clock.now_ms()):
            await self._writer.job(partial(jobs.drop, numbers=numbers))


def _has_cursor(conn: Connection, name: str) -> bool:
    return conn.execute("SELECT 1 FROM worker_cursor WHERE name = ?", (name,)).fetchone() is not None
