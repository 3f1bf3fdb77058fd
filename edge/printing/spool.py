"""The print spool: a worker turns entries into jobs, a lane for each printer turns jobs into paper.

The writer never waits for paper: entries are read behind it, and jobs and their fates are rows written in its commits.
"""

import asyncio
from collections.abc import Collection, Sequence
from functools import partial

from edge.engine.clock import Clock
from edge.engine.database import ReadPool
from edge.engine.door import Door
from edge.engine.tasks import Task, Tasks
from edge.engine.worker import Worker
from edge.engine.writer import Writer
from edge.engine.writes import Touched
from edge.printing import jobs
from edge.printing.lane import Lane, Pace
from edge.printing.load import printer_ids
from edge.printing.papers import KINDS
from shared.entry import Entry


class Spool:
    """Owns the lanes. `worker` is started and stopped by the root, as every worker is."""

    def __init__(
        self,
        *,
        reads: ReadPool,
        writer: Writer,
        door: Door,
        clock: Clock,
        tasks: Tasks,
        pace: Pace | None = None,
    ) -> None:
        self.worker = Worker("print_spool", self._take, writer=writer, reads=reads, tasks=tasks, kinds=KINDS)
        self._reads = reads
        self._writer = writer
        self._door = door
        self._clock = clock
        self._tasks = tasks
        self._pace = pace or Pace()
        self._lanes: dict[str, Lane] = {}
        self._changed = asyncio.Event()  # printers were set up
        self._task: Task | None = None

    def start(self) -> None:
        """Begin on the running loop with what an earlier run left."""
        self._writer.listen(self._on_bell)
        self._task = self._tasks.start("print spool", self._manage)

    async def stop(self) -> None:
        """Let jobs under way end, within a few seconds, and close every connection."""
        if self._task is not None:
            await self._task.stop()
        await asyncio.gather(*(lane.stop() for lane in self._lanes.values()))

    async def _take(self, entries: Sequence[Entry]) -> None:
        now_ms = self._clock.now_ms()
        made = await self._reads.run(jobs.made_from, entries)
        wanted = [job for job in made if job.until_ms >= now_ms]
        if not wanted:
            return
        await self._writer.job(partial(jobs.add, jobs=wanted, now_ms=now_ms))
        for printer_id in {job.printer_id for job in wanted}:
            if printer_id in self._lanes:
                self._lanes[printer_id].wake()

    async def _manage(self) -> None:
        """A lane for each printer, for ever."""
        while True:
            self._changed.clear()
            for printer_id in await self._reads.run(printer_ids):
                if printer_id not in self._lanes:
                    self._lanes[printer_id] = self._lane(printer_id)
                    self._lanes[printer_id].start()
            await self._changed.wait()

    def _lane(self, printer_id: str) -> Lane:
        return Lane(
            printer_id,
            reads=self._reads,
            writer=self._writer,
            door=self._door,
            clock=self._clock,
            tasks=self._tasks,
            pace=self._pace,
            well=self._well,
            moved=self._wake,
        )

    def _well(self) -> Collection[str]:
        return [id for id, lane in self._lanes.items() if lane.is_well]

    def _wake(self) -> None:
        for lane in self._lanes.values():
            lane.wake()

    def _on_bell(self, seq: int, touched: list[Touched]) -> None:
        for table, key in touched:
            if table == "printer":
                self._changed.set()
                if str(key[0]) in self._lanes:
                    self._lanes[str(key[0])].retry_now()
