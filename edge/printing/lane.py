"""One printer's sender: its jobs in order, one at a time, until each is on paper or on the backup's."""

import asyncio
from collections.abc import Callable, Collection
from functools import partial
from sqlite3 import Connection

import msgspec
import structlog

from edge.engine.asks import EDGE
from edge.engine.clock import Clock
from edge.engine.database import ReadPool
from edge.engine.door import Door
from edge.engine.tasks import Task, Tasks
from edge.engine.writer import Busy, Stopped, Writer
from edge.printing import jobs
from edge.printing.jobs import Printer, Waiting
from edge.printing.render import payload_of
from edge.printing.transports.network import NetworkPrinter, Outcome, Timing
from shared.commands.printing import ReportPrinted, ReportPrinterFault, ReportPrinterReady

_logger = structlog.get_logger()


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """How patient a sender is, in seconds. Paper that does not come out is known in under ten."""

    retry_first_s: float = 1.0
    retry_longest_s: float = 5.0
    probe_every_s: float = 20.0  # a printer with nothing to do
    silence_s: float = 4.0  # a printer that says nothing while it has a job
    backup_after_s: float = 15.0  # long enough to close a lid or put in a roll
    retell_s: float = 10.0  # between news of how many jobs wait
    stop_s: float = 3.0  # for the job under way when the edge stops
    timing: Timing = Timing()


class Lane:
    """Sends what waits for one printer. `well` names the printers that can print now; `moved` wakes their lanes."""

    def __init__(
        self,
        printer_id: str,
        *,
        reads: ReadPool,
        writer: Writer,
        door: Door,
        clock: Clock,
        tasks: Tasks,
        pace: Pace,
        well: Callable[[], Collection[str]],
        moved: Callable[[], None],
    ) -> None:
        self.printer_id = printer_id
        self.fault = ""  # what keeps it from printing
        self._reads = reads
        self._writer = writer
        self._door = door
        self._clock = clock
        self._tasks = tasks
        self._pace = pace
        self._well = well
        self._moved = moved
        self._failures = 0
        self._since_ms = 0
        self._down_at = 0.0  # on the loop's clock
        self._told: tuple[str, int] | None = None  # the fault and the count that the log has
        self._told_at = 0.0
        self._try_at = 0.0
        self._waiting = 0
        self._has_news = True  # paper that came out may not be in the log yet
        self._bell = asyncio.Event()
        self._stopping = asyncio.Event()
        self._task: Task | None = None

    @property
    def is_well(self) -> bool:
        """Whether it printed, or said that it would, when last asked."""
        return not self.fault

    def start(self) -> None:
        """Begin on the running loop."""
        self._task = self._tasks.start(f"printer {self.printer_id}", self._work, is_vital=False)

    async def stop(self) -> None:
        """Let the job under way end if that is soon; else it counts as of unknown fate."""
        self._stopping.set()
        self._bell.set()
        if self._task is not None:
            await self._task.stop(grace_s=self._pace.stop_s)

    def wake(self) -> None:
        """There may be something to print."""
        self._bell.set()

    def retry_now(self) -> None:
        """Its settings changed: what failed may work."""
        self._try_at = 0.0
        self._bell.set()

    @property
    def _now_s(self) -> float:
        return asyncio.get_running_loop().time()

    async def _work(self) -> None:
        await self._remember()
        while not self._stopping.is_set():
            self._bell.clear()
            try:
                pause_s = await self._turn()
            except Stopped:  # nothing can be noted any more; the next start goes on from what is on the disk
                await self._stopping.wait()
                return
            except Exception as error:
                pause_s = self._pace.retry_first_s
                if not isinstance(error, Busy):
                    _logger.exception("printer will be tried again", printer=self.printer_id)
            await self._sleep(pause_s)

    async def _remember(self) -> None:
        self.fault, self._since_ms = await self._reads.run(jobs.fault_of, self.printer_id)
        if self.fault:
            self._told = (self.fault, -1)
            self._down_at = self._now_s

    async def _sleep(self, pause_s: float) -> None:
        try:
            async with asyncio.timeout(max(0.0, pause_s)):
                await self._bell.wait()
        except TimeoutError:
            return

    async def _turn(self) -> float:
        """Print the next job, or look at the printer; returns how long to wait before the next turn."""
        if self._has_news:
            await self._tell_printed()
        now_ms = self._clock.now_ms()
        queue = await self._reads.run(jobs.queue_of, self.printer_id, now_ms)
        self._waiting = queue.waiting
        if queue.stale or queue.adrift:
            await self._writer.job(partial(jobs.expire, printer_id=self.printer_id, now_ms=now_ms))
            await self._writer.job(partial(jobs.recover, printer_id=self.printer_id, now_ms=now_ms))
            return 0.0
        if self.fault and self._now_s >= self._backup_at and await self._reroute():
            return 0.0
        pause_s = self._pause_s()
        if pause_s > 0 and (queue.job is None or self._failures):
            return pause_s
        printer = queue.printer
        machine = NetworkPrinter(printer.host, printer.port, fence=printer.fence, timing=self._pace.timing)
        if queue.job is None:
            await self._found(await machine.probe())
        else:
            await self._settle(queue.job, await self._deliver(machine, printer, queue.job))
        return self._pause_s() if self._failures or queue.job is None else 0.0

    @property
    def _backup_at(self) -> float:
        return self._down_at + self._pace.backup_after_s

    def _pause_s(self) -> float:
        """Until the next try, or until the backup's turn has come."""
        pause_s = self._try_at - self._now_s
        backup_s = self._backup_at - self._now_s
        return min(pause_s, backup_s) if self.fault and self._waiting and backup_s > 0 else pause_s

    async def _reroute(self) -> int:
        """Let backups that can print have what waits; how much they got."""
        others = sorted({*self._well()} - {self.printer_id})
        if not self._waiting or not others:
            return 0
        moved = await self._writer.job(partial(jobs.reroute, printer_id=self.printer_id, to_ids=others))
        if moved:
            _logger.warning("paper goes to the backup printer", printer=self.printer_id, jobs=moved)
            self._moved()
        return moved

    async def _deliver(self, machine: NetworkPrinter, printer: Printer, job: Waiting) -> Outcome:
        async def trouble(fault: str, for_s: float) -> bool:
            return await self._in_trouble(job, fault, for_s)

        return await machine.deliver(
            payload_of(job, printer, self._clock.now_ms()),
            tag=job.job_id.rpartition("-")[0][-4:],
            begin=lambda: self._writer.job(partial(jobs.begin, job_id=job.job_id)),
            trouble=trouble,
        )

    async def _in_trouble(self, job: Waiting, fault: str, for_s: float) -> bool:
        """The printer has the job and does not go on. Raise the alarm; give the job to a backup that prints."""
        if fault == "offline" and for_s < self._pace.silence_s:
            return False
        self._went_down(fault)
        try:
            await self._tell_fault()
        except Busy:
            self._told = None  # said at the next look
        if for_s < self._pace.backup_after_s or self._stopping.is_set():
            return self._stopping.is_set()
        if job.document != "drawer" and job.other_id in self._well():
            return True
        await self._reroute()
        return False

    async def _settle(self, job: Waiting, outcome: Outcome) -> None:
        now_ms = self._clock.now_ms()
        match outcome.kind:
            case "printed" | "handed_over":
                await self._note(partial(jobs.end, job_id=job.job_id, state=outcome.kind, now_ms=now_ms))
                self._has_news = True
                await self._found("")
            case "not_sent":
                await self._found(outcome.fault)
            case "uncertain":
                await self._note(
                    partial(jobs.doubt, job_id=job.job_id, document=job.document, copies=job.copies, now_ms=now_ms)
                )
                await self._found(outcome.fault or "offline")

    async def _note(self, change: Callable[[Connection], None]) -> None:
        """Paper that is out must be known to be: a full queue is waited for."""
        while True:
            try:
                return await self._writer.job(change)
            except Busy:
                await asyncio.sleep(self._pace.retry_first_s)

    async def _found(self, fault: str) -> None:
        """What the printer said of itself, or did not. One unanswered call is no alarm, two are."""
        if not fault:
            self._try_at = self._now_s + self._pace.probe_every_s
            self._failures, self.fault = 0, ""
            if self._told is not None:
                await self._door.ask_one(ReportPrinterReady(printer_id=self.printer_id), EDGE)
                self._told = None
            return
        self._failures += 1
        delay_s = min(self._pace.retry_longest_s, self._pace.retry_first_s * 2 ** min(self._failures - 1, 10))
        self._try_at = self._now_s + delay_s
        if fault != "offline" or self._failures > 1 or self.fault:
            self._went_down(fault)
            await self._tell_fault()

    def _went_down(self, fault: str) -> None:
        if not self.fault:
            self._since_ms, self._down_at = self._clock.now_ms(), self._now_s
        self.fault = fault

    async def _tell_fault(self) -> None:
        news = (self.fault, self._waiting)
        is_new = self._told is None or self._told[0] != self.fault
        if not is_new and (self._told == news or self._now_s - self._told_at < self._pace.retell_s):
            return
        self._told, self._told_at = news, self._now_s
        await self._door.ask_one(
            ReportPrinterFault(
                printer_id=self.printer_id, fault=self.fault, waiting_jobs=self._waiting, since_ms=self._since_ms
            ),
            EDGE,
        )

    async def _tell_printed(self) -> None:
        """Into the log what came out. Asked under the job's id: after a crash it is told again, and is known."""
        self._has_news = False
        try:
            for told in await self._reads.run(jobs.untold, self.printer_id):
                await self._door.ask_one(_report(told), EDGE, command_id=f"printed-{told.job_id}")
                await self._writer.job(partial(jobs.tell, job_id=told.job_id))
        except Busy:
            self._has_news = True
            raise


def _report(told: jobs.Told) -> ReportPrinted:
    return ReportPrinted(
        job_id=told.job_id,
        printer_id=told.printer_id,
        document=told.document,
        ticket_id=told.ticket_id,
        check_id=told.check_id,
        outcome=told.outcome,
        copies_before=told.copies,
    )
