"""Who may let a screen in at the demo: the person at the start page, with one touch, or a flag for scripts.

Pairing itself is the venue's own: a screen asks, shows its code, and a manager approves. The start page is that manager.
"""

import asyncio
import contextlib

from installer.demo.edge_client import EdgeClient, Refused, pair
from installer.demo.feed_client import FeedClient, View
from installer.demo.fleet import Venue

#: The till that a browser at the start page becomes.
DRAWER = "caja"


class PairingDesk:
    """The screens that wait at one venue."""

    def __init__(self, venue: Venue, address: str, console_key: str, *, lets_everybody_in: bool) -> None:
        self.venue = venue
        self.address = address
        self.screens = FeedClient(address, console_key, kinds=("pairing", "device", "check", "attention"))
        self._console = EdgeClient(address, console_key)
        self._lets_everybody_in = lets_everybody_in
        self._doorman: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Watch.

        Raises:
            TimeoutError: the edge did not answer.
        """
        await self.screens.start()
        if self._lets_everybody_in:
            self._doorman = asyncio.create_task(self._let_in())

    async def close(self) -> None:
        """Stop watching."""
        if self._doorman is not None:
            self._doorman.cancel()
            await asyncio.gather(self._doorman, return_exceptions=True)
        await self.screens.stop()
        await self._console.close()

    def waiting(self) -> list[View]:
        """The screens that ask to be let in, the longest first."""
        return sorted(self.screens.all("pairing"), key=lambda pairing: int(pairing["asked_at_ms"]))

    async def approve(self, pairing_id: str, *, station_id: str = "") -> None:
        """Let a screen in as what it says it is.

        Raises:
            Refused: it was let in already, or its code is too old.
        """
        asked = self.screens.views["pairing"].get(pairing_id)
        if asked is None:
            raise Refused("approve_pairing", "pairing_unknown", {})
        place = _place(asked["app"], station_id)
        await self._console.approve(pairing_id, asked["app"], asked["device_name"], **place)

    async def new_screen(self, app: str, name: str, *, station_id: str = "") -> str:
        """A screen for a browser that follows a link of the start page: asked for and let in at once. Its key.

        Raises:
            Refused: too many screens wait already.
        """
        _, key = await pair(self._console, app, name, **_place(app, station_id))
        return key

    async def is_welcome(self, key: str) -> bool:
        """Whether the screen with this key may still come in."""
        browser = EdgeClient(self.address, key)
        try:
            return bool((await browser.call("/devices/pairings/mine"))["state"] == "approved")
        except Refused:
            return False
        finally:
            await browser.close()

    async def _let_in(self) -> None:
        while True:
            await self.screens.until(lambda: bool(self.waiting()), timeout_s=10**9)
            for pairing in self.waiting():
                with contextlib.suppress(Refused):  # somebody was faster
                    await self.approve(pairing["pairing_id"])
            await asyncio.sleep(0.2)


def _place(app: str, station_id: str) -> dict[str, str]:
    if app == "pos":
        return {"drawer_id": DRAWER}
    return {"station_id": station_id} if station_id else {}
