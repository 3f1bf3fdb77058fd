"""HTTP as uvicorn has it on httptools, which has no limit of its own for headers, time or connections. These have.

Once uvicorn has limits of its own for httptools, this can shrink; `h11_max_incomplete_event_size` binds h11 alone.
"""

import asyncio
import math
from typing import Any, ClassVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.utils import get_remote_addr

from doors import limits
from doors.gate import Gate, network_of

_SHUT = {
    431: b"HTTP/1.1 431 Request Header Fields Too Large",
    429: b"HTTP/1.1 429 Too Many Requests\r\nretry-after: 10",
    503: b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 1",
}
_REST = b"\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


class Timed:
    """A connection that is watched: what it does not say or does not take in time ends it. Goes before a protocol of uvicorn's."""

    gate: ClassVar[Gate]
    transport: Any
    address = ""
    is_known = False
    _due_s = math.inf  # when what it is to say must be there, and which limit that is
    _due = ""
    _unread_s = math.inf  # when what is sent to it must be taken

    def arrived(self, transport: asyncio.BaseTransport) -> bool:
        """Whether it may stay."""
        peer = get_remote_addr(transport)  # type: ignore[arg-type]
        host = peer[0] if peer else ""
        self.address = network_of(host)
        return self.gate.enter(self, host)

    def late(self, now_s: float) -> str:
        """Which limit of time it is over; "" for none."""
        if now_s > self._unread_s:
            return "unread"
        return self._due if now_s > self._due_s else ""

    def drop(self) -> None:
        """End it at once, whatever waits to be sent."""
        self.transport.abort()

    def expect(self, limit: str, within_s: float) -> None:
        """From now on something must come in time; "" and no end of time when nothing is waited for."""
        self._due, self._due_s = limit, self.gate.now_s() + within_s if limit else math.inf

    def pause_writing(self) -> None:
        """What was sent is not being taken."""
        self._unread_s = self.gate.now_s() + limits.UNREAD_S
        super().pause_writing()  # type: ignore[misc]

    def resume_writing(self) -> None:
        """It takes it again."""
        self._unread_s = math.inf
        super().resume_writing()  # type: ignore[misc]


class GuardedHttp(Timed, HttpToolsProtocol):
    """A connection that speaks HTTP. Made by `guarded`, which gives it its gate."""

    _head = 0  # bytes of the headers that are not complete
    _is_shut = False
    _is_in_head = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Count it; one too many is ended."""
        super().connection_made(transport)
        if self.arrived(transport):
            self.expect("first_byte", limits.FIRST_BYTE_S)
        else:
            self._is_shut = True
            transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Count it no more."""
        self.gate.leave(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Headers that do not end are not kept for long, nor is a place for who says nothing that makes sense."""
        if self._is_shut:
            return
        self._head += len(data)
        if not self._due:
            self.expect("first_byte", limits.FIRST_BYTE_S)
        super().data_received(data)
        if self._is_in_head and self._head > limits.HEADER_BYTES and not self._is_shut:
            self._shut(431, "header_bytes")

    def on_message_begin(self) -> None:
        """A request's first byte."""
        super().on_message_begin()
        self._is_in_head, self._head = True, 0
        self.expect("headers", limits.HEADERS_S)

    def on_headers_complete(self) -> None:
        """Let the request through, or not."""
        self._is_in_head = False
        if self._is_shut:
            return
        size = len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)
        if size > limits.HEADER_BYTES:
            self._shut(431, "header_bytes")
            return
        if not self.is_known:
            self._look_for_a_key()
        limit = self.gate.admits(self, self.url[:200].decode("latin-1"))
        if limit:
            self._shut(503 if limit == "connections" else 429, limit)
        elif len(self.pipeline) >= limits.PIPELINED:
            self._shut(429, "pipelined")
        else:
            self.expect("body", limits.BODY_S)
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Of a request that was let through."""
        if not self._is_shut:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """The request is whole."""
        if self._is_shut:
            return
        self.expect("", 0.0)
        self.gate.busy(self)
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """It waits again, unless it has asked more."""
        super().on_response_complete()
        if not self.pipeline:
            self.gate.waits(self)

    def handle_websocket_upgrade(self) -> None:
        """The socket takes this one's place."""
        if not self._is_shut:
            self.gate.leave(self)
            super().handle_websocket_upgrade()

    def send_400_response(self, msg: str) -> None:
        """What was shut needs no second answer."""
        if not self._is_shut:
            super().send_400_response(msg)

    def _look_for_a_key(self) -> None:
        for name, value in self.headers:
            if name == b"authorization":
                if self.gate.is_known(value.decode("latin-1")):
                    self.gate.know(self)
                return

    def _shut(self, status: int, limit: str) -> None:
        """Say why, and hang up; an answer under way is not broken into."""
        self._is_shut = True
        self.gate.bite(limit, self.address)
        if self.cycle is None or self.cycle.response_complete:
            self.transport.write(_SHUT[status] + _REST)
        self.transport.close()
        self.expect("body", limits.HEADERS_S)  # by when it must have taken that


def guarded(gate: Gate) -> type[GuardedHttp]:
    """The class of connections that this gate counts."""
    return type("GuardedHttp", (GuardedHttp,), {"gate": gate})


async def watch(gate: Gate) -> None:
    """Look for who is late, for ever."""
    while True:
        await asyncio.sleep(limits.LOOK_S)
        gate.look()
