"""What a printer's lane prints with: the printer's own word on each paper, its faults, and its backup."""

import asyncio
import math
from collections.abc import Collection, Mapping
from functools import partial

import msgspec
import structlog

from edge.engine.asks import EDGE
from edge.engine.clock import Clock
from edge.engine.database import ReadPool
from edge.engine.door import Door
from edge.engine.hands import Again, Begin, Done, Hands, NotDone, Outcome, Patience, Uncertain
from edge.engine.jobs import Job, Open, move
from edge.engine.tasks import beside
from edge.engine.writer import Busy, Writer
from edge.printing import jobs
from edge.printing.jobs import Printer
from edge.printing.render import payload_of
from edge.printing.transports import network
from edge.printing.transports.network import NetworkPrinter, Timing
from shared.commands.printing import FAULTS, PRINTS_WITH, ReportPrinterFault, ReportPrinterReady

SLOW, UNCONFIRMED = PRINTS_WITH
_logger = structlog.get_logger()


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """How patient a sender is, in seconds. Paper that does not come out is known in under ten."""

    retry_first_s: float = 1.0
    retry_longest_s: float = 5.0
    probe_every_s: float = 20.0  # a printer with nothing to do
    silence_s: float = 4.0  # a printer that says nothing while it has a job
    backup_after_s: float = 15.0  # long enough to close a lid or put in a roll
    retell_s: float = 10.0  # between news of how many jobs wait
    again_s: tuple[float, ...] = (5.0, 15.0, 60.0)  # before a kitchen's paper in doubt is sent again; the last stays
    slow_s: float = 30.0  # that the kitchen waits for a paper before it is an alarm, whatever the printer says
    stop_s: float = 3.0  # for the job under way when the edge stops
    run_s: float = (
        1_800.0  # a printer that a job waits in, its lid open: the transport gives up a silent one long before
    )
    timing: Timing = Timing()


class Senders:
    """A sender for each printer's lane; each knows which of the others can print now."""

    def __init__(self, *, reads: ReadPool, writer: Writer, door: Door, clock: Clock, pace: Pace | None = None) -> None:
        self._reads = reads
        self._writer = writer
        self._door = door
        self._clock = clock
        self._pace = pace or Pace()
        self._senders: dict[str, Sender] = {}

    def of(self, printer_id: str) -> "Sender":
        """The hands of that printer's lane."""
        sender = Sender(
            printer_id,
            reads=self._reads,
            writer=self._writer,
            door=self._door,
            clock=self._clock,
            pace=self._pace,
            others=self,
        )
        self._senders[printer_id] = sender
        return sender

    def well(self) -> Collection[str]:
        """The printers that printed, or said that they would, when last asked."""
        return [id for id, sender in self._senders.items() if not sender.fault]


class Sender(Hands):
    """Sends the jobs of one printer, raises its alarm, and lets the backup print what waits too long."""

    def __init__(
        self,
        printer_id: str,
        *,
        reads: ReadPool,
        writer: Writer,
        door: Door,
        clock: Clock,
        pace: Pace,
        others: Senders,
    ) -> None:
        self.printer_id = printer_id
        self.fault = ""  # what keeps it from printing
        self._confirms = True  # it says of papers that they came out
        self._is_tried = False  # it was asked whether it does
        self._set_up: tuple[str, int, str] | None = None  # the address and the fence that this was found with
        self._oldest_ms = 0  # when the paper that the kitchen waits for longest was asked for
        self._well_ms = 0  # since when it prints again
        self.idle_every_s = pace.probe_every_s
        self.patience = Patience(
            retry_first_s=pace.retry_first_s,
            retry_longest_s=pace.retry_longest_s,
            run_s=pace.run_s,
            stop_s=pace.stop_s,
        )
        self._reads = reads
        self._writer = writer
        self._door = door
        self._clock = clock
        self._pace = pace
        self._others = others
        self._since_ms = 0
        self._down_at = 0.0  # on the loop's clock
        self._told: tuple[str, int] | None = None  # the fault and the count that the log has
        self._told_at = 0.0
        self._waiting = 0  # papers

    @property
    def _now_s(self) -> float:
        return asyncio.get_running_loop().time()

    async def start(self) -> None:
        """Go on from the fault that the log has."""
        fault, self._since_ms = await self._reads.run(jobs.fault_of, self.printer_id)
        if not fault:
            return
        self._told = (fault, -1)
        self._confirms = fault != UNCONFIRMED
        if fault not in PRINTS_WITH:
            self.fault, self._down_at = fault, self._now_s

    async def prepare(self, waiting: Mapping[str, Open]) -> bool:
        """Raise the alarm of what waits too long; once the backup's turn has come, let it have what waits."""
        self._waiting, self._oldest_ms = jobs.papers(waiting), jobs.oldest_ms(waiting)
        await self._tell_age()
        return bool(self.fault) and self._now_s >= self._backup_at and await self._reroute() > 0

    def hurry_s(self) -> float:
        """Until the backup's turn, or the alarm's."""
        backup_s = self._backup_at - self._now_s
        backup_s = backup_s if self.fault and self._waiting and backup_s > 0 else math.inf
        return min(backup_s, self._alarm_in_s())

    async def run(self, job: Job, begin: Begin) -> Outcome:
        """Print one job, and wait for the printer's word."""
        printer, waiting = await self._reads.run(jobs.waiting_of, job)

        async def trouble(fault: str, for_s: float) -> bool:
            return await self._in_trouble(waiting, fault, for_s)

        async with beside(self._mind_the_age()):
            outcome = await self._machine(printer).deliver(
                payload_of(waiting, printer, self._clock.now_ms()),
                tag=job.job_id.rpartition("-")[0][-4:],
                begin=begin,
                trouble=trouble,
            )
        if outcome.kind in ("printed", "handed_over"):
            self._is_tried, self._confirms = True, outcome.kind == "printed" or printer.fence == "none"
        return _outcome_of(outcome)

    def again(self, job: Job) -> Again:
        """Slower each time; from the second doubt on at the other printer if that prints.

        A bill or a receipt is wanted now or not at all.
        """
        if job.what not in jobs.FOR_THE_KITCHEN:
            return Again(0.0, job.lane)
        waits = self._pace.again_s
        after_s = waits[min(job.doubts, len(waits) - 1)]
        other_id = jobs.other_id(job.body, job.lane)
        if not job.doubts or other_id not in self._others.well():
            return Again(after_s, job.lane)
        return Again(0.0 if job.doubts == 1 else after_s, other_id)

    async def idle(self) -> str:
        """The fault of a printer with nothing to do; once, whether it is one that confirms."""
        printer = await self._reads.run(jobs.printer, self.printer_id)
        machine = self._machine(printer)
        fault = await machine.probe()
        if not fault and not self._is_tried:
            try:
                self._confirms = printer.fence == "none" or await machine.answers_fence()
            except OSError:
                return "offline"
            self._is_tried = True
        return fault

    async def well(self) -> None:
        """It prints. The log is told when it had a fault, and when it is a printer that cannot say what came out."""
        if self.fault:
            self.fault, self._well_ms = "", self._clock.now_ms()
        if self._told is not None and self._told[0] == SLOW and self._is_late():
            return
        await self._tell_well()

    async def _tell_well(self) -> None:
        if not self._confirms:
            if self._told is None or self._told[0] != UNCONFIRMED:
                await self._report(UNCONFIRMED, 0, self._clock.now_ms())
        elif self._told is not None:
            await self._door.ask_one(ReportPrinterReady(printer_id=self.printer_id), EDGE)
            self._told = None

    async def failed(self, problem: str, times: int) -> None:
        """One unanswered call is no alarm, two are. What is no printer's word is a fault of no known kind."""
        self._is_tried = False  # what comes back may be another printer
        if problem not in FAULTS:
            problem = self.fault or "error"
        if problem != "offline" or times > 1 or self.fault:
            self._went_down(problem)
            await self._tell_fault()

    def _is_late(self) -> bool:
        """Whether the kitchen waits for a paper longer than it should, though nothing keeps the printer from printing."""
        return self._alarm_in_s() <= 0

    def _alarm_in_s(self) -> float:
        """How long until that is so; for ever while nothing waits, or while another alarm says why."""
        if not self._oldest_ms or self.fault:
            return math.inf
        waits_ms = self._clock.now_ms() - max(self._oldest_ms, self._well_ms)
        return max(0.0, self._pace.slow_s - waits_ms / 1000)

    async def _mind_the_age(self) -> None:
        """Raise that alarm while a job is under way."""
        while True:
            await asyncio.sleep(min(self._alarm_in_s(), self._pace.slow_s) or self._pace.retell_s)
            await self._tell_age()

    async def _tell_age(self) -> None:
        is_told = self._told is not None and self._told[0] == SLOW
        try:
            if self._is_late():
                if not is_told or self._now_s - self._told_at >= self._pace.retell_s:
                    await self._report(SLOW, self._waiting, self._oldest_ms)
            elif is_told and not self.fault:
                await self._tell_well()
        except Busy:
            return  # at the next look

    def _machine(self, printer: Printer) -> NetworkPrinter:
        set_up = (printer.host, printer.port, printer.fence)
        if self._set_up not in (None, set_up):
            self._confirms, self._is_tried = True, False
        self._set_up = set_up
        return NetworkPrinter(
            printer.host, printer.port, fence=printer.fence, timing=self._pace.timing, confirms=self._confirms
        )

    @property
    def _backup_at(self) -> float:
        return self._down_at + self._pace.backup_after_s

    async def _reroute(self) -> int:
        """Let backups that can print have what waits; how much they got."""
        others = {*self._others.well()} - {self.printer_id}
        if not self._waiting or not others:
            return 0
        lanes = await self._reads.run(jobs.movable, self.printer_id, others)
        if lanes:
            rows = [("errand", (job_id,)) for job_id in lanes]
            await self._writer.job(partial(move, lanes=lanes), touched=rows)
            _logger.warning("paper goes to the backup printer", printer=self.printer_id, jobs=len(lanes))
        return len(lanes)

    async def _in_trouble(self, job: jobs.Waiting, fault: str, for_s: float) -> bool:
        """The printer has the job and does not go on. Raise the alarm; give the job to a backup that prints."""
        if fault == "offline" and for_s < self._pace.silence_s:
            return False
        self._went_down(fault)
        try:
            await self._tell_fault()
        except Busy:
            self._told = None  # said at the next look
        if for_s < self._pace.backup_after_s:
            return False
        if job.document != jobs.DRAWER and job.other_id in self._others.well():
            return True
        await self._reroute()
        return False

    def _went_down(self, fault: str) -> None:
        if not self.fault:
            self._since_ms, self._down_at = self._clock.now_ms(), self._now_s
        self.fault = fault

    async def _tell_fault(self) -> None:
        news = (self.fault, self._waiting)
        is_new = self._told is None or self._told[0] != self.fault
        if is_new or (self._told != news and self._now_s - self._told_at >= self._pace.retell_s):
            await self._report(self.fault, self._waiting, self._since_ms)

    async def _report(self, fault: str, waiting: int, since_ms: int) -> None:
        self._told, self._told_at = (fault, waiting), self._now_s
        report = ReportPrinterFault(printer_id=self.printer_id, fault=fault, waiting_jobs=waiting, since_ms=since_ms)
        await self._door.ask_one(report, EDGE)


def _outcome_of(outcome: network.Outcome) -> Outcome:
    match outcome.kind:
        case "printed" | "handed_over":
            return Done(outcome.kind)
        case "not_sent":
            return NotDone(outcome.fault)
        case "uncertain":
            return Uncertain(outcome.fault or "offline")
