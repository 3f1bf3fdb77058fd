"""Follows an edge's feed as a paired screen does, and keeps the views it shows."""

import asyncio
import contextlib
import json
from collections import defaultdict
from collections.abc import Callable, Collection
from typing import Any

from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

AGAIN_S = 0.5
MAX_FRAME = 16 * 1024 * 1024

View = dict[str, Any]


class FeedClient:
    """The views of one venue, by kind and key; true while `is_live`."""

    def __init__(self, address: str, key: str, *, kinds: Collection[str]) -> None:
        self.views: defaultdict[str, dict[str, View]] = defaultdict(dict)
        self.is_live = False
        self.on_change: Callable[[], None] = lambda: None
        self._url = address.replace("http", "ws", 1) + "/feed"
        self._key = key
        self._kinds = sorted(kinds)
        self._changed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def start(self, *, timeout_s: float = 30.0) -> None:
        """Follow, and wait for the first snapshot.

        Raises:
            TimeoutError: the edge did not answer in time.
        """
        self._task = asyncio.create_task(self._follow())
        await self.until(lambda: self.is_live, timeout_s=timeout_s)

    async def stop(self) -> None:
        """Hang up."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        self.is_live = False

    async def until(self, is_so: Callable[[], bool], *, timeout_s: float) -> None:
        """Wait until the views say so.

        Raises:
            TimeoutError: they did not in time.
        """
        async with asyncio.timeout(timeout_s):
            while not is_so():
                self._changed.clear()
                await self._changed.wait()

    def all(self, kind: str) -> list[View]:
        """Every view of a kind."""
        return list(self.views[kind].values())

    async def _follow(self) -> None:
        """Greet, take frames, and greet again whenever the edge goes away."""
        while True:
            try:
                async with connect(self._url, proxy=None, max_size=MAX_FRAME, open_timeout=5) as socket:
                    await socket.send(json.dumps({"type": "hello", "token": self._key, "kinds": self._kinds}))
                    async for frame in socket:
                        self._take(json.loads(frame))
            except (OSError, TimeoutError, WebSocketException):
                pass  # the edge is away; that it is shows in `is_live`
            self.is_live = False
            await asyncio.sleep(AGAIN_S)

    def _take(self, frame: View) -> None:
        match frame["type"]:
            case "snapshot":
                self.views.clear()
                self._put(frame["views"])
                self.is_live = True
            case "views":
                self._put(frame["changes"])
            case _:
                return
        self._changed.set()
        self.on_change()

    def _put(self, changes: list[tuple[str, str, View | None]]) -> None:
        for kind, key, view in changes:
            if view is None:
                self.views[kind].pop(key, None)
            else:
                self.views[kind][key] = view
