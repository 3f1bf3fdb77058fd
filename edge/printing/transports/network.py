"""A printer on the network, port 9100: bytes out, and the printer's own word on whether they are on paper.

Connecting proves little and writing less: a printer out of paper takes 40 kB into buffers along the way. So every job
ends with a fence, a question that the printer answers once it has printed what came before.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Literal, Self

import msgspec

from edge.engine.tasks import beside
from edge.printing.transports.replies import Replies, Reply, fault_in

_CLEAR_BUFFERS = bytes.fromhex("10 05 02 10 14 08 01 03 14 01 06 02 08")  # recover, and drop what is not printed
_SEND_BUFFER_BYTES = 8_192  # of the kernel: small, so that progress follows the printer
#: What a connection may say that nobody asked; each question allows for a few bytes more. A printer that moves its lid
#: says four; what is past this is no printer, or a broken one, and would keep the edge busy with reading it.
_NOISE_BYTES = 4_096
_ANSWER_BYTES = 64
_SLOWEST_BYTES_PER_S = 200
_OFFLINE = 0x08  # in the answer to the first question
_QUESTIONS = (1, 2, 4)  # of DLE EOT: the printer, why it is offline, the roll

Begin = Callable[[], Awaitable[None]]
Trouble = Callable[[str, float], Awaitable[bool]]  # a fault and for how long; whether to give the job up


class Timing(msgspec.Struct, frozen=True, kw_only=True):
    """How long everything may take, in seconds."""

    connect_s: float = 2.0
    status_s: float = 1.0  # a reply to DLE EOT
    poll_s: float = 1.5  # between looks at a printer that has not confirmed
    fence_s: float = 15.0  # a printer that says it is ready and confirms nothing
    hold_s: float = 120.0  # a printer that says nothing at all after it took a job
    end_s: float = 2.0  # the printer's side of the goodbye
    try_s: float = 2.0  # a printer with nothing to do, asked for the fence alone


class Outcome(msgspec.Struct, frozen=True):
    """What became of a job, and the fault that was in the way."""

    kind: Literal["printed", "handed_over", "not_sent", "uncertain"]
    fault: str = ""


class NetworkPrinter:
    """One printer's address. One connection a job; nobody else may hold one at the same time."""

    def __init__(self, host: str, port: int, *, fence: str, timing: Timing, confirms: bool = True) -> None:
        self._host = host
        self._port = port
        self._fence = fence
        self._confirms = confirms  # whether it is worth waiting for
        self._timing = timing

    async def probe(self) -> str:
        """The fault that keeps it from printing; "" for none."""
        try:
            async with self._connection(tag="") as connection:
                return await self._readiness(connection)
        except OSError:
            return "offline"

    async def answers_fence(self) -> bool:
        """Whether a printer with nothing to do answers the fence alone, as it then must at once.

        Raises:
            OSError: it cannot be asked now.
        """
        tag = "idle"
        async with self._connection(tag) as connection:
            connection.send(self._question(tag))
            return await connection.is_confirmed(self._timing.try_s)

    async def deliver(self, payload: bytes, *, tag: str, begin: Begin, trouble: Trouble) -> Outcome:
        """Send one job and wait for its paper. `begin` is awaited before the first byte leaves.

        `tag` is four printable characters. While the printer cannot go on, `trouble` is told and asked whether to
        give up; what is given up is dropped from the printer's buffer if it still listens.
        """
        is_sent = False
        try:
            async with self._connection(tag) as connection:
                fault = await self._readiness(connection)
                if fault:
                    return Outcome("not_sent", fault)
                await begin()
                if connection.is_noisy:
                    return Outcome("not_sent", "error")
                is_sent = True
                connection.send(payload + self._question(tag))
                outcome = await self._wait(connection, len(payload), trouble)
            # One that was not waited for may have said it all the same.
            return Outcome("printed") if outcome.kind == "handed_over" and connection.is_answered else outcome
        except OSError:
            return Outcome("uncertain" if is_sent else "not_sent", "offline")

    def _connection(self, tag: str) -> "_Connection":
        return _Connection(self._host, self._port, self._timing, lambda reply: self._is_answer(reply, tag))

    def _question(self, tag: str) -> bytes:
        match self._fence:
            case "process_id":
                return b"\x1d(H\x06\x0000" + tag.encode("ascii")
            case "gs_r":
                return b"\x1dr\x01"
        return b""

    def _is_answer(self, reply: Reply, tag: str) -> bool:
        if self._fence == "process_id":
            return reply == Reply("process_id", tag.encode("ascii"))
        return self._fence == "gs_r" and reply.kind == "passed"

    async def _readiness(self, connection: "_Connection") -> str:
        """Why it would not print now. Silence is a fault unless the printer is one that never talks."""
        fault = await connection.fault()
        if connection.is_noisy:
            return "error"
        if fault is not None or self._fence == "none":
            return fault or ""
        connection.drop()
        return "offline"

    async def _wait(self, connection: "_Connection", size: int, trouble: Trouble) -> Outcome:
        timing = self._timing
        now = asyncio.get_running_loop().time
        well_at = heard_at = now()
        give_up_at = now() + timing.fence_s + size / _SLOWEST_BYTES_PER_S
        known = "offline"
        wait_s = timing.poll_s if self._confirms else 0.0
        while True:
            if self._fence == "none" and await connection.is_drained():
                return Outcome("handed_over")
            if await connection.is_confirmed(wait_s):
                return Outcome("printed")
            wait_s = timing.poll_s
            if connection.is_lost:
                return Outcome("uncertain", "error" if connection.is_noisy else "offline")
            fault = await connection.fault()
            if fault is not None:
                heard_at, known = now(), fault or "offline"
            if fault == "":
                well_at = now()
                if now() > give_up_at or (not self._confirms and await connection.is_drained()):
                    return Outcome("handed_over")  # it is well, has everything, and does not know this fence
            elif await trouble(known, now() - well_at) or now() - heard_at > timing.hold_s:
                await connection.give_up()
                return Outcome("uncertain", known)


class _Connection:
    """One TCP connection that always reads: closing one with unread input throws away what was sent."""

    def __init__(self, host: str, port: int, timing: Timing, is_fence: Callable[[Reply], bool]) -> None:
        self._host = host
        self._port = port
        self._timing = timing
        self._is_fence = is_fence
        self._statuses: asyncio.Queue[int] = asyncio.Queue(_NOISE_BYTES)
        self._noise_left = _NOISE_BYTES
        self._fence = asyncio.Event()
        self._cleared = asyncio.Event()
        self._is_over = False
        self._beside = AsyncExitStack()  # reading

    @property
    def is_lost(self) -> bool:
        """Whether the printer ended it, or talks so much that we did."""
        return self._reading.done()

    @property
    def is_noisy(self) -> bool:
        """Whether it said more than any printer has to say."""
        return self._noise_left <= 0

    async def __aenter__(self) -> Self:
        async with asyncio.timeout(self._timing.connect_s):  # TimeoutError is an OSError
            self._reader, self._writer = await asyncio.open_connection(self._host, self._port, limit=_NOISE_BYTES)
        wire = self._writer.get_extra_info("socket")
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER_BYTES)
        self._writer.transport.set_write_buffer_limits(high=0)
        self._reading = await self._beside.enter_async_context(beside(self._read()))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """An orderly end: our side first, then read until the printer's."""
        try:
            if kind is None and not self._is_over and not self.is_lost:
                self._writer.write_eof()
                await asyncio.wait([self._reading], timeout=self._timing.end_s)
        finally:
            self._writer.transport.abort()
            await self._beside.aclose()

    def drop(self) -> None:
        """End without ceremony: it would not take part."""
        self._is_over = True

    def send(self, payload: bytes) -> None:
        """Hand bytes over; they leave as the printer takes them."""
        self._writer.write(payload)

    async def is_drained(self) -> bool:
        """Whether the kernel took everything; waits a moment for it."""
        try:
            async with asyncio.timeout(self._timing.poll_s):
                await self._writer.drain()
        except TimeoutError:
            return False
        return True

    @property
    def is_answered(self) -> bool:
        """Whether the fence was answered so far."""
        return self._fence.is_set()

    async def is_confirmed(self, for_s: float) -> bool:
        """Whether the fence was answered; waits for it so long, and not once the printer has hung up."""
        async with beside(self._fence.wait()) as waiting:
            await asyncio.wait([waiting, self._reading], timeout=for_s, return_when=asyncio.FIRST_COMPLETED)
        return self._fence.is_set()

    async def fault(self) -> str | None:
        """What the printer says of itself: "" when it prints; None when it says nothing."""
        answers: dict[int, int] = {}
        for question in _QUESTIONS:
            answer = await self._status(question)
            if answer is None:
                break
            answers[question] = answer
            if question == 1 and not answer & _OFFLINE:
                return ""
        return fault_in(answers) if answers else None

    async def give_up(self) -> None:
        """Ask the printer to forget what it has not printed, and end without ceremony."""
        self.drop()
        if self._writer.transport.get_write_buffer_size() or self.is_lost:
            return  # it reads nothing, so it would not read this
        self._writer.write(_CLEAR_BUFFERS)
        try:
            async with asyncio.timeout(self._timing.status_s):
                await self._cleared.wait()
        except TimeoutError:
            return

    async def _status(self, question: int) -> int | None:
        """One question, one answer: an answer does not say what it answers, so late ones are dropped first."""
        while not self._statuses.empty():
            self._statuses.get_nowait()
        self._noise_left = min(_NOISE_BYTES, self._noise_left + _ANSWER_BYTES)
        self._writer.write(bytes([0x10, 0x04, question]))
        try:
            async with asyncio.timeout(self._timing.status_s):
                return await self._statuses.get()
        except TimeoutError:
            return None

    async def _read(self) -> None:
        """Read until the printer hangs up, whatever comes, or until it has said too much."""
        replies = Replies()
        try:
            while chunk := await self._reader.read(_NOISE_BYTES):
                self._noise_left -= len(chunk)
                if self.is_noisy:
                    return self.drop()
                for reply in replies.feed(chunk):
                    self._take(reply)
        except OSError:
            return  # reset: the one who waits sees that reading ended

    def _take(self, reply: Reply) -> None:
        if self._is_fence(reply):
            self._fence.set()
        elif reply.kind == "status":
            self._statuses.put_nowait(reply.body[0])
        elif reply.kind == "cleared":
            self._cleared.set()
