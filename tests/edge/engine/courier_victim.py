"""A post in a process of its own that calls one courier and kills itself at a step: `courier_victim.py FOLDER PORT WHAT STEP`.

`STEP` is "none" for one that only settles what is left.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from courier import HURRIED, Phone, Post, a_post

from edge.engine.hands import Begin, Outcome
from edge.engine.jobs import Job


def die() -> None:
    """As a power cut: no handler runs."""
    os.kill(os.getpid(), signal.SIGKILL)


class DyingPhone(Phone):
    """Calls a courier, and dies at the step."""

    def __init__(self, courier: str, port: int, step: str) -> None:
        super().__init__(courier, port, HURRIED)
        self._step = step

    async def run(self, job: Job, begin: Begin) -> Outcome:
        """Have it collected."""

        async def begin_or_die() -> None:
            self._at("before it is begun")
            await begin()
            self._at("begun")

        outcome = await super().run(job, begin_or_die)
        self._at("answered")
        return outcome

    async def _ask(self, verb: str, job: Job) -> str:
        if self._step == "sent":
            _, writer = await asyncio.open_connection("127.0.0.1", self._port)
            writer.write(self.line(verb, job))
            await writer.drain()
            die()
        return await super()._ask(verb, job)

    def _at(self, step: str) -> None:
        if self._step == step:
            die()


def on_commit(post: Post, is_so: str) -> Callable[[int, object], None]:
    """Dies at the bell of the commit that makes the SQL true."""

    def look(seq: int, touched: object) -> None:
        if post.rows(is_so):
            die()

    return look


async def run(folder: Path, port: int, what: str, step: str) -> None:
    """Call once, and let the lanes do the rest."""
    async with a_post(folder, port) as post:
        if step == "deciding":  # the transaction is open, and the op is in it
            post.conn.set_trace_callback(lambda sql: die() if "INSERT OR IGNORE INTO errand" in sql else None)
        if step == "decided":
            post.writer.listen(on_commit(post, "SELECT 1 FROM errand"))
        if step == "ended":
            post.writer.listen(on_commit(post, "SELECT 1 FROM errand WHERE ended_at_ms > 0"))
        post.phones["north"] = DyingPhone("north", port, step)
        if step != "none":
            await post.call("p1", what=what)
        post.start_lanes()
        await post.settled()


asyncio.run(run(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4]))
