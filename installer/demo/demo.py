"""The demo from its first line to Ctrl-C: starts the programs, fills the venues, serves the start page, ends all in order."""

import asyncio
import contextlib
import os
import time
from collections.abc import AsyncIterator, Awaitable
from pathlib import Path
from typing import Any, Protocol, TypeVar

import httpx
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from installer.demo import evening, history, seed
from installer.demo.crew import Crew
from installer.demo.describe import describe, parts
from installer.demo.edge_client import EdgeClient
from installer.demo.fleet import BUSINESSES, Venue
from installer.demo.home import Home
from installer.demo.pairing_desk import PairingDesk
from installer.demo.rush import Rush
from installer.demo.scene import SCENE_MIN, play_scene
from installer.demo.system import System, edge_name, together
from installer.web import ensure_web_built

HISTORY_ENDS_MS = (SCENE_MIN + 5) * 60_000  # before now, so that the scene comes after it
HUB_PATIENCE_S = 30.0
_SEED = 20260305

T = TypeVar("T")


class Page(Protocol):
    """The start page, as the demo starts and stops it."""

    async def start(self) -> str:
        """Serve; the address."""

    async def stop(self) -> None:
        """Stop serving."""


class Demo:
    """A running demo: what the start page and `--describe` show of it, and what a person may do there."""

    def __init__(self, home: Home, terminal: Console, *, lets_everybody_in: bool) -> None:
        self.home = home
        self.web_dir: Path | None = None
        self.system = System(home, BUSINESSES, web_dir=lambda: self.web_dir, on_change=self._write)
        self.desks: dict[str, PairingDesk] = {}
        self.rushes: dict[str, Rush] = {}
        self.codes: dict[str, list[dict[str, Any]]] = {}
        self._terminal = terminal
        self._lets_everybody_in = lets_everybody_in
        self._is_open = False
        self._has_played = False
        self._told_last = ""
        self._rush_turn = asyncio.Lock()

    @contextlib.asynccontextmanager
    async def started(self, page: Page) -> AsyncIterator[None]:
        """Everything runs, the venues are mid-service and the page is served; all of it ends with the block.

        Raises:
            NotReady: a program did not start.
            WebBuildFailed: the screens could not be built.
        """
        try:
            await self._start()
            await page.start()
            self.home.keep()
            self._is_open = True
            self._write()
            yield
        finally:
            self._is_open = False
            await page.stop()
            await self.end_rush()
            for desk in self.desks.values():
                await desk.close()
            await self.system.stop()

    async def begin_rush(self) -> None:
        """People come to every venue.

        Raises:
            Refused, TimeoutError: a venue does not go along.
        """
        async with self._rush_turn:
            if self.rushes:
                return
            rushes = {venue.id: Rush(self._crew(venue, seed=int(time.time()))) for venue in self.system.venues}
            self.rushes = rushes
            await together(*(rush.begin() for rush in rushes.values()))
            self._write()

    async def end_rush(self) -> None:
        """Nobody new comes; what stands open stays for the person who watches."""
        async with self._rush_turn:
            rushes, self.rushes = self.rushes, {}
            await asyncio.gather(*(rush.end() for rush in rushes.values()))
            self._write()

    async def _start(self) -> None:
        build = asyncio.create_task(asyncio.to_thread(_screens))
        try:
            if self.home.kept.is_seeded:
                self.web_dir = await self._told("screens", build)
            await self._start_backbone()
            await self._fill()
            self.web_dir = await self._told("screens", build)
            await self._serve()
        finally:
            if not build.done():
                build.cancel()

    async def _start_backbone(self) -> None:
        system = self.system
        await together(
            self._told("Postgres", system.start_postgres()),
            self._told("NATS", system.start_nats()),
            self._told("printers", system.start_printers()),
        )
        self.home.keep()

    async def _fill(self) -> None:
        """Bring every venue to the middle of a service, unless an earlier run just did."""
        kept, now_ms = self.home.kept, int(time.time() * 1000)
        if now_ms - kept.scene_ms < evening.STALE_MS:
            return
        await self._told("venues, as of an hour ago", self._edges(clock="commands"))
        with _bars(self._terminal) as bars:
            await together(*(self._live(venue, now_ms, _bar(bars, venue.name)) for venue in self.system.venues))
        self._has_played = True
        for venue in self.system.venues:
            await self.system.stop_part(edge_name(venue))
        kept.scene_ms, kept.is_seeded = now_ms, True
        self.home.keep()

    async def _live(self, venue: Venue, now_ms: int, progress: history.Progress) -> None:
        """One venue up to now: its set-up and its past on the first run, what an earlier evening left on a later one."""
        kept = self.home.kept
        is_new = venue.id not in kept.devices
        console = EdgeClient(self.system.edge_of(venue), self.system.console_key(venue))
        if is_new:
            began_ms = now_ms - 10 * 86_400_000
            await seed.set_up(console, venue, at_ms=began_ms)
            kept.devices[venue.id] = await seed.pair_devices(console, venue)
        crew = self._crew(venue, seed=_SEED)
        if is_new:
            await crew.tick(now_ms - 9 * 86_400_000)
            await crew.clock_in()
            await history.live_through(crew, until_ms=now_ms - HISTORY_ENDS_MS, progress=progress)
            await seed.connect_printers(console, venue, self.system.printer_ports, at_ms=now_ms - HISTORY_ENDS_MS)
            await play_scene(crew, now_ms=now_ms)
        else:
            await crew.attempt("its people", _next_evening(crew, left_ms=kept.scene_ms, now_ms=now_ms))
        progress(1, 1)
        for refusal in crew.refusals:
            self._terminal.print(f"  [yellow]![/] {venue.name}, left as it was: {refusal}", highlight=False)
        await crew.close()
        await console.close()

    async def _serve(self) -> None:
        """Hub and edges as people use them, with screens, and the desks that watch for new ones."""
        await together(self._told("hub", self.system.start_hub()), self._told("venues", self._edges()))
        for venue in self.system.venues:
            key = self.system.console_key(venue)
            desk = PairingDesk(venue, self.system.edge_of(venue), key, lets_everybody_in=self._lets_everybody_in)
            self.desks[venue.id] = desk
            await desk.open()
            desk.screens.on_change = self._write
            console = EdgeClient(desk.address, key)
            if self.home.kept.printer_ports != self.system.printer_ports:
                await seed.connect_printers(console, venue, self.system.printer_ports)
            self.codes[venue.id] = await console.listed("/tables/codes")
            await console.close()
        self.home.kept.printer_ports = self.system.printer_ports
        if self._has_played:
            await self._told("figures at the hub", self._hub_caught_up())

    async def _hub_caught_up(self) -> None:
        """The hub has what happened before it was started; it would come anyway, but a person looks at once."""
        async with httpx.AsyncClient(timeout=HUB_PATIENCE_S, trust_env=False) as http:
            deadline = time.monotonic() + HUB_PATIENCE_S
            for venue in self.system.venues:
                while time.monotonic() < deadline:
                    health = (await http.get(f"{self.system.edge_of(venue)}/health")).json()
                    if health["hub"] == "connected" and not health["behind"]:
                        break
                    await asyncio.sleep(0.2)

    async def _edges(self, *, clock: str = "system") -> None:
        await together(*(self.system.start_edge(venue, clock=clock) for venue in self.system.venues))

    def _crew(self, venue: Venue, *, seed: int) -> Crew:
        return Crew(
            venue,
            self.system.edge_of(venue),
            console_key=self.system.console_key(venue),
            devices=self.home.kept.devices[venue.id],
            seed=seed,
        )

    def _write(self) -> None:
        """Something changed; tell `--describe` if it is something that it tells."""
        if not self._is_open:
            return
        waiting = [pairing["pairing_id"] for desk in self.desks.values() for pairing in desk.waiting()]
        told = repr((parts(self), waiting, bool(self.rushes)))
        if told != self._told_last:
            self._told_last = told
            self.home.describe(describe(self))

    async def _told(self, what: str, work: Awaitable[T]) -> T:
        """Do it, and say that it was done and how long it took."""
        began = time.monotonic()
        self._terminal.print(f"  [dim]·[/] {what}", highlight=False)
        done = await work
        self._terminal.print(f"  [green]✓[/] {what} [dim]{time.monotonic() - began:.1f} s", highlight=False)
        return done


async def _next_evening(crew: Crew, *, left_ms: int, now_ms: int) -> None:
    await crew.tick(0)
    await crew.clock_in()
    await evening.wind_up(crew, left_ms=left_ms, now_ms=now_ms)
    await play_scene(crew, now_ms=now_ms)


def _bars(terminal: Console) -> Progress:
    return Progress(TextColumn("    {task.description:<22}"), BarColumn(), TimeElapsedColumn(), console=terminal)


def _bar(bars: Progress, name: str) -> history.Progress:
    """A bar that is full once the venue's past days and its present evening are played."""
    task = bars.add_task(name, total=1.0)

    def show(done: int, total: int) -> None:
        bars.update(task, completed=1.0 if done == total == 1 else 0.9 * done / total)

    return show


def _screens() -> Path:
    """The folder with the built screens: the one that HOS_WEB_DIR names, else our own, built if a source changed."""
    named = os.environ.get("HOS_WEB_DIR")
    return Path(named) if named else ensure_web_built()
