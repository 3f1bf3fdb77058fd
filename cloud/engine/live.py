"""Tells browsers that a venue's figures changed; they read the figures by themselves. Never the data."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator

MAX_FOLLOWERS = 100  # of one tenant; each is a browser tab


class Follower:
    """One stream. A slow one keeps the latest number of each venue and no more."""

    def __init__(self) -> None:
        self._changed: dict[str, int] = {}
        self._bell = asyncio.Event()
        self.is_over = False

    def ring(self, venue_id: str, seq: int) -> None:
        """The venue's figures are at `seq` now."""
        self._changed[venue_id] = max(seq, self._changed.get(venue_id, 0))
        self._bell.set()

    def end(self) -> None:
        """The hub stops, or the session has ended."""
        self.is_over = True
        self._bell.set()

    async def changes(self, *, beat_s: float) -> AsyncIterator[dict[str, int]]:
        """The venues that changed, by id, as they change, and an empty dict every `beat_s` even so. Ends with `end`."""
        loop = asyncio.get_running_loop()
        beat_at = loop.time() + beat_s
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout_at(beat_at):
                    await self._bell.wait()
            if self.is_over:
                return
            if loop.time() >= beat_at:
                beat_at = loop.time() + beat_s
                yield {}
                continue
            self._bell.clear()
            changed, self._changed = self._changed, {}
            yield changed


class Live:
    """Who follows which tenant."""

    def __init__(self) -> None:
        self._followers: dict[str, set[Follower]] = {}

    @property
    def followers(self) -> int:
        """How many streams are open, of all tenants."""
        return sum(map(len, self._followers.values()))

    def is_full(self, tenant_id: str) -> bool:
        """Whether the tenant has as many streams open as one tenant may."""
        return len(self._followers.get(tenant_id, ())) >= MAX_FOLLOWERS

    @contextlib.contextmanager
    def following(self, tenant_id: str) -> Iterator[Follower]:
        """A stream of one tenant's rings, from now until the end of the `with`."""
        followers = self._followers.setdefault(tenant_id, set())
        follower = Follower()
        followers.add(follower)
        try:
            yield follower
        finally:
            followers.discard(follower)

    def ring(self, tenant_id: str, venue_id: str, seq: int) -> None:
        """A venue's figures changed."""
        for follower in self._followers.get(tenant_id, ()):
            follower.ring(venue_id, seq)

    def end_all(self) -> None:
        """The hub stops: every stream ends, so that browsers come back to the next one."""
        for followers in self._followers.values():
            for follower in followers:
                follower.end()
