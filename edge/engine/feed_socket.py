"""GET /feed: the feed of a staff device, over a WebSocket."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any

import msgspec
from litestar import WebSocket, websocket
from litestar.exceptions import WebSocketDisconnect
from litestar.handlers import WebsocketRouteHandler

from edge.engine.asks import Asker
from edge.engine.door import UNREADABLE, Authenticate
from edge.engine.feed import Channel, Feed
from edge.engine.tasks import first_of
from shared.errors import Rejected
from shared.frames import Bye, Hello, Here

HELLO_S = 10.0
MAX_HELLO_CHARS = 8_192


Heard = Callable[[str, str], None]  # a device's id, and what it shows


def feed_route(
    feed: Feed, authenticate: Authenticate, heard: Heard = lambda device_id, shows: None
) -> WebsocketRouteHandler:
    """The handler of GET /feed for the root's Litestar app. `heard` is told of each screen that says that it is in sight."""

    @websocket("/feed")
    async def follow(socket: WebSocket[Any, Any, Any]) -> None:
        """Say hello with a token; get a snapshot or what changed since the cursor, then changes as they happen."""
        await socket.accept()
        with contextlib.suppress(WebSocketDisconnect):
            try:
                hello, asker = await _greet(socket, authenticate)
            except Rejected as rejected:
                await _part(socket, rejected.code)
                return
            kinds = frozenset(hello.kinds) if hello.kinds is not None else None
            channel = Channel(role=asker.device_role, kinds=kinds)
            socket.scope["state"].get("known", _nobody_counts)()
            async with feed.subscribe(channel, hello.cursor, hello.of, device_id=asker.device_id) as frames:
                await first_of(_send(socket, frames), _gone(socket, lambda shows: heard(asker.device_id, shows)))

    return follow


def _nobody_counts() -> None:
    """Of a socket that came through no door of ours."""


async def _greet(socket: WebSocket[Any, Any, Any], authenticate: Authenticate) -> tuple[Hello, Asker]:
    try:
        async with asyncio.timeout(HELLO_S):
            text = await socket.receive_text()
        if len(text) > MAX_HELLO_CHARS:
            raise Rejected("too_large", limit_bytes=MAX_HELLO_CHARS)
        hello = msgspec.json.decode(text, type=Hello)
    except (TimeoutError, *UNREADABLE, KeyError) as error:
        raise Rejected("malformed", where="hello", why=str(error)[:200]) from None
    asker = authenticate(hello.token)
    if asker is None:
        raise Rejected("device_unknown")
    return hello, asker


async def _send(socket: WebSocket[Any, Any, Any], frames: Any) -> None:
    async for frame in frames:
        await socket.send_text(frame)
    await socket.close()


async def _gone(socket: WebSocket[Any, Any, Any], here: Callable[[str], None]) -> None:
    """Returns when the device hangs up; but that it is here, nothing that it says has a meaning."""
    with contextlib.suppress(WebSocketDisconnect):
        while True:
            text = await socket.receive_text()
            with contextlib.suppress(*UNREADABLE):
                here(msgspec.json.decode(text[:MAX_HELLO_CHARS], type=Here).shows)


async def _part(socket: WebSocket[Any, Any, Any], code: str) -> None:
    await socket.send_text(msgspec.json.encode(Bye(code=code)).decode())
    await socket.close()
