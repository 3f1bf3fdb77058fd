"""The one writer: a thread that decides, appends, projects and commits whatever waits, then replies.

Grouping needs no timer: while one commit waits for the disk the next commands queue, and share the next commit with
those that come while they are decided.
"""

import asyncio
import sqlite3
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

import msgspec
import structlog

from edge.engine.answered import Answered
from edge.engine.asks import Ask
from edge.engine.clock import Clock
from edge.engine.errands import Births
from edge.engine.log import Log
from edge.engine.memory import WriterConnection
from edge.engine.projector import Projector
from edge.engine.slice import Rule, Slice
from edge.engine.writes import Touched
from shared.commands.base import CommandAnswer, digest_of
from shared.context import Context
from shared.errors import Rejected

T = TypeVar("T")
ContextOf = Callable[[sqlite3.Connection, Ask], Context]
Listener = Callable[[int, list[Touched]], None]
Answer = Callable[[Ask, list[Touched]], CommandAnswer]

QUEUE_LIMIT = 2_000  # commands that may wait
BATCH_LIMIT = 256  # commands in one commit
_DISK_FAULTS = {  # the primary codes after which SQLite's own state is in doubt
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_NOMEM,
}
_logger = structlog.get_logger()


class Busy(Exception):
    """The queue is full; nothing was written, and asking again later is right."""


class Stopped(Exception):
    """The edge writes no more: a commit failed, or it is shutting down."""


class _Torn(Exception):
    """A command failed when some of it was written."""


class _Waiting:
    """What one caller waits for: commands in order, or a job. Their answers leave after the commit."""

    __slots__ = ("asks", "future", "job", "result", "size", "touched")

    def __init__(
        self,
        future: asyncio.Future[Any],
        asks: Sequence[Ask],
        job: Callable[..., Any] | None,
        touched: Sequence[Touched],
    ) -> None:
        self.future = future
        self.asks = asks
        self.job = job
        self.touched = touched
        self.size = len(asks) or 1
        self.result: Any = None

    def settle(self) -> None:
        if self.future.done():  # the caller went away
            return
        if isinstance(self.result, BaseException):
            self.future.set_exception(self.result)
        else:
            self.future.set_result(self.result)


class Writer:
    """Owns the write connection, the end of the log and the order of everything."""

    def __init__(
        self,
        conn: WriterConnection,
        *,
        slices: Sequence[Slice],
        projector: Projector,
        context_of: ContextOf,
        clock: Clock,
        queue_limit: int = QUEUE_LIMIT,
    ) -> None:
        self._conn = conn
        self._cursor = conn.cursor()
        self._rules: dict[str, Rule[Any, Any]] = {rule.name: rule for one in slices for rule in one.rules}
        self._births = Births(errand for one in slices for errand in one.errands)
        self._projector = projector
        conn.fresh.keep(table for one in slices for table in one.fresh_tables)
        self._context_of = context_of
        self._clock = clock
        self._log = Log(conn, clock)
        self._answered = Answered(conn)
        self._context: Context | None = None  # of the command that is being decided
        self._has_written = False  # that command
        self._refused: list[str] = []  # codes, in the batch that is being decided
        self._queue: deque[_Waiting] = deque()
        self._queued = 0
        self._queue_limit = queue_limit
        self._wake = threading.Condition()
        self._stopping = False
        self._failed = False
        self._listeners: list[Listener] = []
        self._rung = self._log.head.seq  # the last seq the bell told
        self.commits = 0  # since the start
        self.refusals: Counter[str] = Counter()  # by code, since the start
        self.commands = 0  # decided in them, whatever their answer
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)

    @property
    def has_failed(self) -> bool:
        """Whether a commit failed: nothing is written until a person looks at the disk."""
        return self._failed

    @property
    def queued(self) -> int:
        """How many commands and jobs wait."""
        return self._queued

    def listen(self, listener: Listener) -> None:
        """The bell: called on the loop after each commit with the last seq and the rows it touched."""
        self._listeners.append(listener)

    def start(self) -> None:
        """Start the thread; replies and bells come on the running loop."""
        self._loop = asyncio.get_running_loop()
        self._thread.start()

    async def stop(self) -> None:
        """Finish what is queued, refuse what comes after, and end the thread."""
        with self._wake:
            self._stopping = True
            self._wake.notify()
        if self._thread.ident is not None:
            await asyncio.to_thread(self._thread.join)

    async def ask(self, asks: Sequence[Ask]) -> list[CommandAnswer]:
        """Decide commands in order, in one commit; returns once they are on the disk.

        Raises:
            Busy, Stopped: nothing was written.
        """
        answers: list[CommandAnswer] = await self._submit(asks, None)
        return answers

    async def ask_and_note(
        self,
        asks: Sequence[Ask],
        note: Callable[[sqlite3.Connection, Sequence[CommandAnswer]], None],
        *,
        touched: Sequence[Touched],
    ) -> list[CommandAnswer]:
        """Decide commands and then write the rows of `touched` with `note`, in one commit: both are done or neither.

        Raises:
            Busy, Stopped, and whatever `note` raised: then none of its rows was written.
        """
        answers: list[CommandAnswer] = await self._submit(asks, note, touched)
        return answers

    async def job(self, job: Callable[[sqlite3.Connection], T], *, touched: Sequence[Touched] = ()) -> T:
        """Run a plain function on the write connection, in its own savepoint of the next commit.

        One that names every row it writes in `touched` has them on the feed, and nothing else is read again for it.
        It touches nothing but the connection: when a command of the same commit breaks, what it wrote is undone and it
        is run again.

        Raises:
            Busy, Stopped, and whatever the job raised: nothing was written.
        """
        result: T = await self._submit((), job, touched)
        return result

    def _submit(
        self, asks: Sequence[Ask], job: Callable[..., Any] | None, touched: Sequence[Touched] = ()
    ) -> asyncio.Future[Any]:
        assert self._loop is not None, "the writer was not started"
        waiting = _Waiting(self._loop.create_future(), asks, job, touched)
        with self._wake:
            if self._failed or self._stopping:
                raise Stopped
            if self._queued + waiting.size > self._queue_limit:
                raise Busy
            self._queued += waiting.size
            self._queue.append(waiting)
            self._wake.notify()
        return waiting.future

    # Everything below runs on the writer's thread.

    def _run(self) -> None:
        while batch := self._take():
            touched: list[Touched] = []
            try:
                if not self._begin(batch):
                    continue
                if not self._decide_all(batch, touched):
                    continue
                self._cursor.execute("COMMIT")
                self._conn.fresh.clear()
                self.commits += 1
                self.refusals.update(self._refused)
                self.commands += sum(len(waiting.asks) for waiting in batch)
            except Exception as error:
                self._fail(batch, error)
                return
            self._reply(batch, self._log.head.seq, touched)

    def _decide_all(self, batch: list[_Waiting], touched: list[Touched]) -> bool:
        """Decide what waits, and what comes meanwhile. False when a second beginning had to wait too long.

        A savepoint for each command costs it a twentieth, and one in a million needs it. So there is none, until a
        command breaks halfway: then nothing of the batch is kept, and all of it is decided again, each for itself.
        """
        try:
            self._go_through(batch, touched, self._answer_quickly)
        except _Torn as torn:
            _logger.warning("deciding a batch again, one by one", broken_by=torn.args, commands=len(batch))
            self._cursor.execute("ROLLBACK")
            self._log.reload(self._conn)
            self._conn.forget_all()
            touched.clear()
            if not self._begin(batch):
                return False
            self._go_through(batch, touched, self._answer_alone)
        return True

    def _go_through(self, batch: list[_Waiting], touched: list[Touched], answer: Answer) -> None:
        self._refused.clear()
        for waiting in self._growing(batch):
            waiting.result = self._do(waiting, touched, answer)

    def _begin(self, batch: list[_Waiting]) -> bool:
        """Take SQLite's write lock. A tool that holds it for seconds makes this batch wait its turn, no more."""
        try:
            self._cursor.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            for waiting in batch:
                waiting.result = Busy()
            self._reply(batch, self._log.head.seq, [])
            return False
        return True

    def _take(self) -> list[_Waiting]:
        """What waits, at most one commit's worth; nothing once stopped and drained."""
        batch: list[_Waiting] = []
        with self._wake:
            while not self._queue and not self._stopping:
                self._wake.wait()
        self._take_more(batch, 0)
        return batch

    def _growing(self, batch: list[_Waiting]) -> Iterator[_Waiting]:
        """The batch in order, and at its end what has come meanwhile."""
        done, size = 0, sum(waiting.size for waiting in batch)
        while done < len(batch):
            yield batch[done]
            done += 1
            if done == len(batch):
                size = self._take_more(batch, size)

    def _take_more(self, batch: list[_Waiting], size: int) -> int:
        """Add what waits by now, as long as it goes in the same commit; how many commands the batch has then."""
        with self._wake:
            while self._queue and (not batch or size + self._queue[0].size <= BATCH_LIMIT):
                waiting = self._queue.popleft()
                batch.append(waiting)
                size += waiting.size
                self._queued -= waiting.size
        return size

    def _do(self, waiting: _Waiting, touched: list[Touched], answer: Answer) -> Any:
        answers = [answer(ask, touched) for ask in waiting.asks]
        if waiting.job is None:
            return answers
        if not answers:
            return self._do_job(waiting.job, waiting.touched, touched)
        note = waiting.job
        noted = self._do_job(lambda conn: note(conn, answers), waiting.touched, touched)
        return noted if isinstance(noted, Exception) else answers

    def _do_job(self, job: Callable[..., Any], writes: Sequence[Touched], touched: list[Touched]) -> Any:
        self._cursor.execute("SAVEPOINT one")
        try:
            result = job(self._conn)
        except Exception as error:
            self._undo(error)
            return error
        finally:
            if writes:
                self._conn.forget(writes)
                self._conn.fresh.clear()
            else:
                self._conn.forget_all()
        self._cursor.execute("RELEASE one")
        if not writes:
            self._log.reload(self._conn)
            self._answered.doubt()
        touched.extend(writes)
        return result

    def _answer(self, ask: Ask, touched: list[Touched]) -> CommandAnswer:
        head, self._has_written, self._context = self._log.head, False, None
        digest = digest_of(ask.command)
        try:
            known = self._answered.answer(ask, digest)
            if known is not None:
                return known
            self._clock.follow(ask.asked_at_ms)
            self._context = self._context_of(self._conn, ask)
            self._decide(ask, self._context, touched)
            answer = CommandAnswer(id=ask.id, outcome="done", seq=self._log.head.seq)
            if self._log.head is head and self._context.device_role == "edge":
                return answer  # what the edge asks itself for nothing is not asked again
        except Rejected as rejected:
            if self._has_written:
                raise
            answer = self._refuse(ask, rejected)
            if rejected.code == "id_taken":
                return answer
        self._answered.remember(answer, digest)
        return answer

    def _answer_quickly(self, ask: Ask, touched: list[Touched]) -> CommandAnswer:
        """Without a savepoint: a rule refuses before anything is written, and so do most faults of ours happen.

        Raises:
            _Torn: it failed halfway through its writes.
        """
        try:
            return self._answer(ask, touched)
        except Exception as error:
            self._raise_disk_fault(error)
            if self._has_written:
                raise _Torn(ask.name, ask.id) from error
            return _failed(ask)

    def _answer_alone(self, ask: Ask, touched: list[Touched]) -> CommandAnswer:
        """In a savepoint of its own, which whatever fails goes back to."""
        head, touches = self._log.head, len(touched)
        self._cursor.execute("SAVEPOINT one")
        try:
            answer = self._answer(ask, touched)
        except Exception as error:
            self._undo(error)
            self._log.head = head
            del touched[touches:]
            if not isinstance(error, Rejected):
                return _failed(ask)
            answer = self._refuse(ask, error)
            self._answered.remember(answer, digest_of(ask.command))
            return answer
        self._cursor.execute("RELEASE one")
        return answer

    def _decide(self, ask: Ask, context: Context, touched: list[Touched]) -> None:
        rule = self._rules[ask.name]
        if context.device_role not in rule.devices:
            raise Rejected("not_for_device", role=context.device_role)
        touches = len(touched)
        state = rule.load(self._conn, ask.command, context)
        ops = rule.decide(ask.command, state, context)
        self._has_written = True  # or is about to: from here on a fault may leave half of the command
        for op in ops:
            entry = self._log.append(self._cursor, op, context)
            self._projector.project(self._cursor, entry, op, touched, self._conn.fresh)
            if entry.kind in self._births.kinds:
                self._conn.forget(touched[touches:])
                touched.extend(self._births.make(self._conn, entry, op, self._log.session))
        if rule.keep is not None:
            for write in rule.keep(ask.command, ops, context):
                touched.append(self._projector.writer.apply(self._cursor, write))
        self._conn.forget(touched[touches:])

    def _refuse(self, ask: Ask, rejected: Rejected) -> CommandAnswer:
        """The answer, and the row of the audit."""
        self._refused.append(rejected.code)
        self._cursor.execute(
            "INSERT INTO refusal (command_id, name, code, facts, device_id, staff_id, at_ms)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                ask.id,
                ask.name,
                rejected.code,
                msgspec.json.encode(rejected.facts).decode(),
                ask.asker.device_id,
                self._context.staff_id if self._context else "",
                self._clock.now_ms(),
            ),
        )
        return CommandAnswer(id=ask.id, outcome="refused", code=rejected.code, facts=rejected.facts)

    def _undo(self, error: Exception) -> None:
        """Back to the savepoint, and forget what was read meanwhile."""
        self._raise_disk_fault(error)
        self._cursor.execute("ROLLBACK TO one")
        self._cursor.execute("RELEASE one")
        self._conn.forget_all()

    def _raise_disk_fault(self, error: Exception) -> None:
        """A fault of the disk is not one command's: it goes on up and stops the writer."""
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in _DISK_FAULTS or not self._conn.in_transaction:
            raise error

    def _fail(self, batch: list[_Waiting], error: Exception) -> None:
        _logger.critical("commit failed; the edge stops writing", error=repr(error), waiting=len(batch))
        with self._wake:
            self._failed = True
            batch = [*batch, *self._queue]
            self._queue.clear()
            self._queued = 0
        for waiting in batch:
            waiting.result = Stopped()
        try:
            if self._conn.in_transaction:
                self._conn.execute("ROLLBACK")
        except sqlite3.Error as second:
            _logger.critical("rollback failed as well", error=repr(second))
        self._reply(batch, self._rung, [])

    def _reply(self, batch: list[_Waiting], seq: int, touched: list[Touched]) -> None:
        assert self._loop is not None
        has_news = seq != self._rung or bool(touched)
        self._rung = seq
        try:
            self._loop.call_soon_threadsafe(self._settle, batch, seq, touched if has_news else None)
        except RuntimeError:  # the loop has ended; so have those who waited
            _logger.warning("nobody left to reply to", waiting=len(batch))

    def _settle(self, batch: list[_Waiting], seq: int, touched: list[Touched] | None) -> None:
        for waiting in batch:
            waiting.settle()
        if touched is not None:
            for listener in self._listeners:
                try:
                    listener(seq, touched)
                except Exception:  # what one of them cannot do is no reason to keep the news from the others
                    _logger.exception("a listener failed at the bell", listener=repr(listener), seq=seq)


def _failed(ask: Ask) -> CommandAnswer:
    """Call while the exception is handled: the journal gets it."""
    _logger.exception("command failed", command=ask.name, command_id=ask.id)
    return CommandAnswer(id=ask.id, outcome="failed", code="failed")
