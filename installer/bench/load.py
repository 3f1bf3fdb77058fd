"""Devices that ask one thing after another over keep-alive HTTP, and how long each answer took."""

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import cast
from urllib.parse import urlsplit

import msgspec

Request = Callable[[], bytes]  # the next body of one device

_END = b"\r\n\r\n"


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """What a run of requests came to. Times in milliseconds."""

    per_s: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    requests: int


class WrongAnswer(Exception):
    """The edge answered with something else than 200; a figure made of refusals would say nothing."""


class Device(asyncio.Protocol):
    """One connection; one request at a time."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._answered: asyncio.Future[bytes] | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is one in all but its ancestors

    def connection_lost(self, error: Exception | None) -> None:
        if self._answered is not None and not self._answered.done():
            self._answered.set_exception(error or ConnectionResetError("the edge hung up"))

    def data_received(self, received: bytes) -> None:
        self._buffer += received
        end = self._buffer.find(_END)
        if end < 0:
            return
        head = bytes(self._buffer[:end]).lower()
        size = int(head.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
        total = end + len(_END) + size
        if len(self._buffer) >= total and self._answered is not None:
            answer = bytes(self._buffer[:total])
            del self._buffer[:total]
            self._answered.set_result(answer)

    async def ask(self, request: bytes) -> bytes:
        """The whole answer to a request.

        Raises:
            OSError: the edge hung up.
        """
        assert self._transport is not None
        self._answered = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._answered

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.close()


async def run(address: str, path: str, bodies: Sequence[Request], *, keys: Sequence[str], seconds: float) -> Figures:
    """Every device asks in a closed loop for `seconds`, after a fifth of that to warm up.

    Raises:
        WrongAnswer: an answer was not 200.
    """
    devices = [await connect(address) for _ in bodies]
    heads = [head_for(path, key) for key in keys]
    start = time.perf_counter()
    counted_from, end = start + seconds / 5, start + seconds * 6 / 5
    try:
        jobs = (
            _ask_until(end, counted_from, device, head, body)
            for device, head, body in zip(devices, heads, bodies, strict=True)
        )
        times = [one for of_device in await asyncio.gather(*jobs) for one in of_device]
    finally:
        for device in devices:
            device.close()
    return figures(times, seconds)


async def _ask_until(end: float, counted_from: float, device: Device, head: bytes, body: Request) -> list[float]:
    times = []
    while (asked := time.perf_counter()) < end:
        content = body()
        answer = await device.ask(head + str(len(content)).encode() + _END + content)
        if not answer.startswith(b"HTTP/1.1 200"):
            raise WrongAnswer(answer[:300].decode(errors="replace"))
        if asked >= counted_from:
            times.append(time.perf_counter() - asked)
    return times


async def connect(address: str) -> Device:
    """A connection of a device's own.

    Raises:
        OSError: nobody listens, or the edge hung up.
    """
    host, _, port = urlsplit(address).netloc.partition(":")
    return (await asyncio.get_running_loop().create_connection(Device, host, int(port)))[1]


def head_for(path: str, key: str) -> bytes:
    """What comes before a body's length."""
    return (
        f"POST {path} HTTP/1.1\r\nHost: venue\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {key}\r\nContent-Length: "
    ).encode()


def figures(times_s: Sequence[float], seconds: float) -> Figures:
    """Rate and percentiles of what was measured in `seconds`."""
    ordered = sorted(times_s)

    def at(share: float) -> float:
        return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000, 2) if ordered else 0.0

    return Figures(
        per_s=round(len(ordered) / seconds, 1),
        p50_ms=at(0.5),
        p95_ms=at(0.95),
        p99_ms=at(0.99),
        requests=len(ordered),
    )
