"""The one owner of every background task: nothing that the edge lives by can end without anybody knowing.

A task that fails is started again after a while. A vital one that keeps failing ends the whole edge in order, so that
whoever runs it starts it anew: half an edge looks like a whole one, and is worse than none for two seconds.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any, TypeVar

import msgspec
import structlog

from edge.engine.clock import Clock
from sync.nats.tasks import end

T = TypeVar("T")
Run = Callable[[], Coroutine[Any, Any, None]]

_logger = structlog.get_logger()


class Patience(msgspec.Struct, frozen=True, kw_only=True):
    """How often a task may fail, in seconds and times."""

    first_delay_s: float = 0.2
    longest_delay_s: float = 30.0
    lives: int = 6  # failures in a row of a vital task, after which the edge ends: some 6 seconds with these delays
    calm_s: float = 60.0  # a life so long makes the next failure the first of its row


class Died(msgspec.Struct, frozen=True, kw_only=True):
    """A background task that failed since the edge started."""

    name: str
    why: str  # of the last time
    times: int
    since_ms: int  # the first time
    last_ms: int
    is_running: bool  # whether it was started again


class Task:
    """A background task, as its owner holds it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._ending = asyncio.Event()
        self._running: asyncio.Task[None] | None = None

    @property
    def is_ending(self) -> bool:
        """Whether its owner wants it to end: then its end is no failure."""
        return self._ending.is_set()

    @property
    def is_over(self) -> bool:
        """Whether nothing of it runs any more."""
        return self._running is None or self._running.done()

    def cancel(self) -> None:
        """End it soon, wherever it is."""
        self._ending.set()
        if self._running is not None:
            self._running.cancel()

    async def stop(self, *, grace_s: float | None = 0.0) -> None:
        """Let it end by itself within so many seconds, None for as long as it takes, then make it end."""
        self._ending.set()
        if self._running is not None:
            await asyncio.wait([self._running], timeout=grace_s)
            await end([self._running])

    def _begin(self, running: Coroutine[Any, Any, None]) -> None:
        self._running = asyncio.create_task(running, name=self.name)

    async def _rest(self, delay_s: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(delay_s):
                await self._ending.wait()


class Tasks:
    """Every background task of an edge, and what became of those that failed."""

    def __init__(self, clock: Clock, patience: Patience | None = None) -> None:
        self.given_up = ""  # the vital task that kept failing
        self._clock = clock
        self._patience = patience or Patience()
        self._tasks: set[Task] = set()
        self._died: dict[str, Died] = {}
        self._on_give_up: Callable[[], None] = lambda: None

    @property
    def died(self) -> list[Died]:
        """Every task that failed since the start, by name; one that is well again stays, for whoever asks why."""
        return [self._died[name] for name in sorted(self._died)]

    def when_given_up(self, told: Callable[[], None]) -> None:
        """Call this once a vital task keeps failing; the edge should end."""
        self._on_give_up = told
        if self.given_up:
            told()

    def start(self, name: str, run: Run, *, is_vital: bool = True) -> Task:
        """Run for as long as the edge does. Returning counts as failing, unless the owner stops it.

        One that is not vital is tried again for ever: a printer's sender may not end the sale of coffee.
        """
        return self._own(Task(name), lambda task: self._keep(task, run, is_vital=is_vital))

    def once(self, name: str, run: Run) -> Task:
        """Run to its end, once; a failure is known to /health."""
        return self._own(Task(name), lambda task: self._live(task, run))

    async def attempt(self, name: str, run: Run) -> None:
        """The same in the caller's own task, as a scheduler has it."""
        await self._live(Task(name), run)

    async def stop(self) -> None:
        """End whatever still runs."""
        for task in tuple(self._tasks):
            await task.stop()

    def _own(self, task: Task, life: Callable[[Task], Coroutine[Any, Any, object]]) -> Task:
        async def live() -> None:
            try:
                await life(task)
            finally:
                self._tasks.discard(task)

        self._tasks.add(task)
        task._begin(live())
        return task

    async def _keep(self, task: Task, run: Run, *, is_vital: bool) -> None:
        in_a_row = 0
        now_s = asyncio.get_running_loop().time
        while not task.is_ending:
            began_s = now_s()
            if await self._live(task, run) and not task.is_ending:
                self._mourn(task.name, "it ended by itself", None)
            if task.is_ending:
                return
            in_a_row = 1 if now_s() - began_s >= self._patience.calm_s else in_a_row + 1
            if is_vital and in_a_row == self._patience.lives:
                self._give_up(task.name)
            await task._rest(self._delay_s(in_a_row))
            if not task.is_ending:
                self._died[task.name] = msgspec.structs.replace(self._died[task.name], is_running=True)

    async def _live(self, task: Task, run: Run) -> bool:
        """One life of it; whether it came to its own end."""
        try:
            await run()
        except asyncio.CancelledError as error:
            running = asyncio.current_task()
            if task.is_ending or (running is not None and running.cancelling()):
                raise
            self._mourn(task.name, "what it waited for was cancelled", error)
        except Exception as error:
            self._mourn(task.name, f"{type(error).__name__}: {error}", error)
        else:
            return True
        return False

    def _mourn(self, name: str, why: str, error: BaseException | None) -> None:
        now_ms = self._clock.now_ms()
        known = self._died.get(name)
        self._died[name] = Died(
            name=name,
            why=why[:200],
            times=known.times + 1 if known else 1,
            since_ms=known.since_ms if known else now_ms,
            last_ms=now_ms,
            is_running=False,
        )
        _logger.error("a background task failed", task=name, why=why, exc_info=error)

    def _give_up(self, name: str) -> None:
        _logger.critical("a background task keeps failing; the edge ends", task=name)
        self.given_up = self.given_up or name
        self._on_give_up()

    def _delay_s(self, in_a_row: int) -> float:
        return min(self._patience.longest_delay_s, self._patience.first_delay_s * (1 << min(in_a_row - 1, 20)))


@contextlib.asynccontextmanager
async def beside(job: Coroutine[Any, Any, T]) -> AsyncIterator["asyncio.Task[T]"]:
    """A task that lives no longer than the block beside it; what it raised is raised at the end of the block."""
    task = asyncio.create_task(job)
    try:
        yield task
    finally:
        await end([task])
    if not task.cancelled():
        task.result()


def outliving(job: Coroutine[Any, Any, T], ended: Callable[["asyncio.Task[T]"], None]) -> "asyncio.Task[T]":
    """A task that may outlive whoever began it. They keep it, and `ended` looks at how it ended."""
    task = asyncio.create_task(job)
    task.add_done_callback(ended)
    return task


async def first_of(*jobs: Coroutine[Any, Any, None]) -> None:
    """Run side by side until one ends; the others are cancelled, and what any raised is raised."""
    async with contextlib.AsyncExitStack() as stack:
        tasks = [await stack.enter_async_context(beside(job)) for job in jobs]
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
