"""An event loop in which a week takes a minute: when only time is waited for, its clock goes straight to what comes next.

Its clock is not the machine's: a slow machine changes nothing of what happens, and in what order.
"""

import asyncio
import selectors
import time
from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from typing import Any

import pytest
from apscheduler.executors import base as executors
from apscheduler.schedulers import base as schedulers
from apscheduler.triggers import interval

_A_LITTLE_S = 1e-6  # what is due is over then, as on any clock that goes on by itself


class SkippingLoop(asyncio.SelectorEventLoop):
    """Waits for sockets that are ready, for processes and the writer, and skips all other waiting. `passed` hears the time."""

    def __init__(self) -> None:
        self.skips = False
        self.passed: Callable[[float], None] = lambda now_s: None
        self._now_s = 0.0
        self._at_work = 0
        super().__init__(_Selector(self))

    def time(self) -> float:
        """Seconds since the loop was made."""
        return self._now_s

    def run_in_executor(self, executor: Any, func: Any, *args: Any) -> Any:
        """As any loop's; but while it skips, what a thread should do is done here and now, which takes a tenth."""
        if not self.skips:
            return super().run_in_executor(executor, func, *args)
        future = self.create_future()
        try:
            future.set_result(func(*args))
        except Exception as error:
            future.set_exception(error)
        return future

    def waiting_for(self, future: Any) -> Any:
        """Somebody else's thread will set it; until then, the clock stands."""
        self._at_work += 1
        future.add_done_callback(self._is_done)
        return future

    async def subprocess_exec(self, protocol_factory: Any, *args: Any, **kwargs: Any) -> Any:
        """As any loop's; while a process is at work, the clock stands."""
        gone = self.waiting_for(self.create_future())

        def watched() -> Any:
            protocol = protocol_factory()
            lost = protocol.connection_lost

            def connection_lost(error: Exception | None) -> None:
                lost(error)
                gone.set_result(None)

            protocol.connection_lost = connection_lost
            return protocol

        return await super().subprocess_exec(watched, *args, **kwargs)

    @property
    def may_skip(self) -> bool:
        """Whether only time is waited for."""
        return self.skips and not self._at_work

    def pass_by(self, seconds: float) -> None:
        """So much time is over."""
        self._now_s += seconds
        self.passed(self._now_s)

    def _is_done(self, future: object) -> None:
        self._at_work -= 1


class _Selector(selectors.DefaultSelector):
    def __init__(self, loop: SkippingLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> Any:
        if timeout is not None and timeout <= 0:
            return super().select(timeout)
        if self._loop.may_skip and timeout is not None:
            ready = super().select(0)
            if not ready:
                self._loop.pass_by(timeout + _A_LITTLE_S)
            return ready
        began_s = time.monotonic()
        ready = super().select(timeout)
        if not self._loop.skips:
            self._loop.pass_by(time.monotonic() - began_s)
        return ready


def schedule_by(loop: SkippingLoop, patch: pytest.MonkeyPatch) -> None:
    """APScheduler asks the machine what time it is; here it asks the loop."""

    class LoopsTime(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return cls.fromtimestamp(loop.time(), tz or UTC)

    for module in (schedulers, executors, interval):
        patch.setattr(module, "datetime", LoopsTime)
