"""A lane: the jobs of one printer, terminal or authority, done one after the other. No lane waits for another.

Every step is on the disk before the next: begun before the first byte leaves, ended in the commit that tells the log.
Whatever stops the edge in between, the next start finds the job as it was left, or in doubt, and never thinks it done.
"""

import asyncio
import math
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from sqlite3 import Connection

import msgspec
import structlog

from edge.engine import jobs
from edge.engine.asks import Ask
from edge.engine.clock import Clock
from edge.engine.database import ReadPool
from edge.engine.errands import Doubt, Errand
from edge.engine.hands import Again, Done, Hands, NotDone, Uncertain
from edge.engine.jobs import Job, touched_of
from edge.engine.tasks import Task, Tasks
from edge.engine.writer import Busy, Stopped, Writer
from shared.commands.base import CommandAnswer
from sync.backoff import patience_ms

FULL_S = 0.2  # before a full queue is tried again
BROKEN_TIMES = 5  # that doing a job may raise before it is given up: those behind it wait as long
BROKEN = "broken"  # the problem of a job that raises: a fault of ours
_NOT_THE_JOBS = (Busy, Stopped, sqlite3.Error)  # what keeps every job from being done
_logger = structlog.get_logger()


class Desk:
    """Where lanes note what they do: each note is one commit, and a full queue is waited for."""

    def __init__(
        self, *, reads: ReadPool, writer: Writer, clock: Clock, tasks: Tasks, rested: Callable[[], None]
    ) -> None:
        self.rested = rested  # told by a lane that has nothing to do
        self.reads = reads
        self.clock = clock
        self.tasks = tasks
        self._writer = writer

    async def note(self, change: Callable[[Connection], None], touched: Iterable[Job]) -> None:
        """Write rows of these jobs."""
        while True:
            try:
                return await self._writer.job(change, touched=touched_of(touched))
            except Busy:
                await asyncio.sleep(FULL_S)

    async def end(self, errand: Errand, over: Sequence[Job], instead: Sequence[Job] = ()) -> None:
        """How jobs ended, the log's word of it, and the jobs in their place: all in one commit."""
        asks = {job.job_id: ask for job in over if (ask := errand.report_ask(job)) is not None}
        now_ms = self.clock.now_ms()

        def note(conn: Connection, answers: Sequence[CommandAnswer]) -> None:
            told = {id: answer.outcome != "failed" for id, answer in zip(asks, answers, strict=True)}
            jobs.end(conn, [(job, told.get(job.job_id, True)) for job in over], now_ms)
            if instead:
                epoch, session = conn.execute("SELECT epoch, session FROM log_identity").fetchone()
                jobs.add(conn, instead, epoch=epoch, session=session)

        await self._tell([*asks.values()], note, [*over, *instead])

    async def repeat(self, errand: Errand, job: Job, problem: str, again: Again) -> None:
        """A job in doubt is done again, and the log's warning of it: in one commit."""
        ask = errand.warning_ask(msgspec.structs.replace(job, doubts=job.doubts + 1))
        not_before_ms = self.clock.now_ms() + int(again.after_s * 1000) if again.after_s else 0

        def note(conn: Connection, answers: Sequence[CommandAnswer]) -> None:
            jobs.repeat(conn, job, problem=problem, lane=again.lane, not_before_ms=not_before_ms)

        await self._tell([] if ask is None else [ask], note, [job])

    async def tell(self, errand: Errand, job: Job) -> None:
        """What ended before and the log does not know: a release whose rule failed, or an older one, left it."""
        ask = errand.report_ask(job)

        def note(conn: Connection, answers: Sequence[CommandAnswer]) -> None:
            if all(answer.outcome != "failed" for answer in answers):
                jobs.tell(conn, [job.job_id])

        await self._tell([] if ask is None else [ask], note, [job])

    async def _tell(
        self, asks: Sequence[Ask], note: Callable[[Connection, Sequence[CommandAnswer]], None], over: Iterable[Job]
    ) -> None:
        touched = touched_of(over)
        while True:
            try:
                if not asks:
                    return await self._writer.job(lambda conn: note(conn, ()), touched=touched)
                answers = await self._writer.ask_and_note(asks, note, touched=touched)
                break
            except Busy:
                await asyncio.sleep(FULL_S)
        for ask, answer in zip(asks, answers, strict=True):
            if answer.outcome != "done":
                _logger.error("the log was not told how a job ended", report=ask.id, code=answer.code)
        return None


class Lane:
    """Does what waits on one lane, and rests between failures."""

    def __init__(self, errand: Errand, key: str, hands: Hands, desk: Desk) -> None:
        self.key = key
        self.is_resting = False
        self._errand = errand
        self._hands = hands
        self._desk = desk
        self._failures = 0
        self._broken: tuple[str, int] = ("", 0)  # the job that raised last, and how often
        self._try_at = 0.0  # on the loop's clock
        self._bell = asyncio.Event()
        self._stopping = asyncio.Event()
        self._task: Task | None = None

    def start(self) -> None:
        """Begin on the running loop."""
        self._task = self._desk.tasks.start(f"{self._errand.name} {self.key}", self._work, is_vital=False)

    async def stop(self) -> None:
        """Let the job under way end if that is soon; else it is in doubt."""
        self._stopping.set()
        self._bell.set()
        if self._task is not None:
            await self._task.stop(grace_s=self._hands.patience.stop_s)

    def wake(self) -> None:
        """There may be something to do."""
        self._bell.set()

    def retry_now(self) -> None:
        """What is at its end changed: what failed may work."""
        self._try_at = 0.0
        self._bell.set()

    @property
    def _now_s(self) -> float:
        return asyncio.get_running_loop().time()

    async def _work(self) -> None:
        await self._hands.start()
        while not self._stopping.is_set():
            self._bell.clear()
            try:
                pause_s = await self._turn()
            except Stopped:  # nothing can be noted any more; the next start goes on from what is on the disk
                await self._stopping.wait()
                return
            except Busy:
                pause_s = self._hands.patience.retry_first_s
            except Exception:
                _logger.exception("a lane will try again", errand=self._errand.name, lane=self.key)
                self._back_off()
                pause_s = self._try_at - self._now_s
            await self._rest(pause_s)

    async def _rest(self, pause_s: float) -> None:
        self.is_resting = True
        try:
            async with asyncio.timeout(None if math.isinf(pause_s) else max(0.0, pause_s)):
                await self._bell.wait()
        except TimeoutError:
            return
        finally:
            self.is_resting = False

    async def _turn(self) -> float:
        """Do the next job, settle one in doubt, or look around; returns how long to rest before the next turn."""
        now_ms = self._desk.clock.now_ms()
        queue = await self._desk.reads.run(jobs.queue_of, self._errand.name, self.key, now_ms)
        if queue.adrift:
            lost = await self._desk.reads.run(jobs.adrift, self._errand.name, self.key)
            await self._desk.note(partial(jobs.set_uncertain, jobs=lost), lost)
            return 0.0
        if queue.stale:
            await self._expire(now_ms)
            return 0.0
        if await self._hands.prepare(queue.waiting):
            return 0.0
        later_s = (queue.later_ms - now_ms) / 1000 if queue.later_ms else math.inf
        if queue.job is None and math.isinf(self._hands.idle_every_s):
            self._desk.rested()
            return later_s
        pause_s = self._try_at - self._now_s
        if pause_s > 0 and (queue.job is None or self._failures):
            # What may be begun before the pause is over is begun after it, when something was in the way.
            return min(pause_s, max(0.0, self._hands.hurry_s()), math.inf if queue.job else later_s)
        if queue.job is None:
            await self._look_around()
        elif queue.job.state == "uncertain":
            await self._settle_doubt(queue.job, queue.job.problem)
        else:
            await self._do(queue.job)
        return 0.0

    async def _look_around(self) -> None:
        problem = await self._hands.idle()
        await (self._failed(problem) if problem else self._went_well())

    async def _do(self, job: Job) -> None:
        is_begun = False

        async def begin() -> None:
            nonlocal is_begun
            is_begun = True  # also when the note itself is cut short: then nobody knows
            await self._desk.note(partial(jobs.begin, job=job), [job])

        try:
            async with asyncio.timeout(self._hands.patience.run_s):
                outcome = await self._hands.run(job, begin)
        except TimeoutError:
            outcome = Uncertain("timeout") if is_begun else NotDone("timeout")
        except _NOT_THE_JOBS:
            raise
        except Exception:
            outcome = Uncertain(BROKEN) if is_begun else NotDone(BROKEN)
            if self._has_broken_for_good(job) and not is_begun:
                await self._give_up(job, BROKEN)
                return await self._failed(BROKEN)
        match outcome:
            case Done():
                await self._is_done(job, outcome)
            case NotDone():
                if is_begun:
                    await self._desk.note(partial(jobs.put_back, job=job, problem=outcome.problem), [job])
                await self._failed(outcome.problem)
            case Uncertain():
                await self._doubt(job, outcome.problem)
                await self._failed(outcome.problem)
        return None

    def _has_broken_for_good(self, job: Job) -> bool:
        """Whether what was just raised was once too often for this job."""
        job_id, times = self._broken
        self._broken = (job.job_id, times + 1 if job_id == job.job_id else 1)
        _logger.exception("a job cannot be done", errand=job.errand, lane=self.key, job=job.job_id)
        return self._broken[1] >= BROKEN_TIMES

    async def _settle_doubt(self, job: Job, problem: str) -> None:
        """A job that a crash left in doubt, or that is still looked up."""
        if self._errand.doubt(job) is not Doubt.LOOK_UP:
            return await self._doubt(job, problem)
        if self._desk.clock.now_ms() > job.until_ms + self._errand.look_up_ms:
            return await self._give_up(job, "unresolved")
        try:
            async with asyncio.timeout(self._hands.patience.run_s):
                outcome = await self._hands.look_up(job)
        except TimeoutError:
            outcome = Uncertain("timeout")
        except _NOT_THE_JOBS:
            raise
        except Exception:
            _logger.exception("a job cannot be looked up", errand=job.errand, lane=self.key, job=job.job_id)
            outcome = Uncertain(BROKEN)
        match outcome:
            case Done():
                await self._is_done(job, outcome)
            case NotDone():
                await self._desk.note(partial(jobs.put_back, job=job, problem=outcome.problem), [job])
                await self._went_well()
            case Uncertain():
                if outcome.problem != job.problem:
                    await self._note_doubt(job, outcome.problem)
                await self._failed(outcome.problem)
        return None

    async def _doubt(self, job: Job, problem: str) -> None:
        match self._errand.doubt(job):
            case Doubt.REPEAT:
                await self._desk.repeat(self._errand, job, problem, self._hands.again(job))
            case Doubt.LOOK_UP:
                await self._note_doubt(job, problem)
            case Doubt.GIVE_UP:
                await self._give_up(job, "unconfirmed")

    async def _note_doubt(self, job: Job, problem: str) -> None:
        doubtful = msgspec.structs.replace(job, problem=problem)
        await self._desk.note(partial(jobs.set_uncertain, jobs=[doubtful]), [job])

    async def _went_well(self) -> None:
        self._failures = 0
        self._try_at = self._now_s + self._hands.idle_every_s
        await self._hands.well()

    async def _failed(self, problem: str) -> None:
        self._back_off()
        await self._hands.failed(problem, self._failures)

    def _back_off(self) -> None:
        patience = self._hands.patience
        delay_ms = patience_ms(
            self._failures,
            self._desk.clock.chance(),
            first_ms=int(patience.retry_first_s * 1000),
            longest_ms=int(patience.retry_longest_s * 1000),
        )
        self._failures += 1
        self._try_at = self._now_s + delay_ms / 1000

    async def _is_done(self, job: Job, done: Done) -> None:
        over = msgspec.structs.replace(job, state="done", outcome=done.outcome, result=done.result)
        await self._desk.end(self._errand, [over])
        await self._went_well()

    async def _give_up(self, job: Job, outcome: str) -> None:
        _logger.error("a job is given up", errand=job.errand, lane=self.key, job=job.job_id, why=outcome)
        await self._desk.end(self._errand, [_given_up(job, outcome)])

    async def _expire(self, now_ms: int) -> None:
        """Give up what nobody waits for any more, loudly."""
        stale = await self._desk.reads.run(jobs.stale, self._errand.name, self.key, now_ms)
        expired = [_given_up(job, "expired") for job in stale if job.until_ms < now_ms]
        elsewhere = [_given_up(job, "elsewhere") for job in stale if job.until_ms >= now_ms]
        _logger.error(
            "jobs are given up",
            errand=self._errand.name,
            lane=self.key,
            past_their_deadline=len(expired),
            of_another_box=len(elsewhere),
        )
        await self._desk.end(self._errand, [*expired, *elsewhere], list(self._errand.instead(expired, now_ms)))


def _given_up(job: Job, outcome: str) -> Job:
    return msgspec.structs.replace(job, state="given_up", outcome=outcome)
