"""The demo's evenings on a real edge: at any hour of any day, and after whatever a person did to the venue since the last."""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from installer.demo import evening, seed
from installer.demo.crew import Crew
from installer.demo.days import ZONE, business_day
from installer.demo.edge_client import Ask, EdgeClient
from installer.demo.fleet import FAROL
from installer.demo.history import live_through
from installer.demo.scene import SCENE_MIN, play_scene
from installer.demo.seed import Device
from installer.services.program import Program

HOUR_MS = 3_600_000
SEED = 20260305

pytestmark = pytest.mark.slow


def moment(text: str) -> int:
    """A moment by the venue's clock."""
    return int(datetime.fromisoformat(text).replace(tzinfo=ZONE).timestamp() * 1000)


class Venue:
    """An edge of its own whose clock follows the commands."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.devices: dict[str, Device] = {}
        folder.mkdir()
        environment = {
            "HOS_DATA_DIR": str(folder),
            "HOS_PORT": "0",
            "HOS_CLOCK": "commands",
            "HOS_LOG_LEVEL": "warning",
        }
        environment |= {"HOS_READY_FILE": str(folder / "ready"), "HOS_ADDRESS_LIMIT_PER_MIN": "12000"}
        environment["PYTHONPATH"] = os.getcwd()
        self.program = Program(
            "edge", [sys.executable, "-m", "edge", "run"], log=folder / "log", environment=environment
        )

    async def evening(self, play: Callable[[Crew], Awaitable[None]], *, seed: int = SEED) -> list[str]:
        """The edge runs while `play` does; what the venue did not go along with."""
        crew = self._crew(seed)
        try:
            await crew.tick(0)
            await crew.clock_in()
            await play(crew)
        finally:
            await crew.close()
        return crew.refusals

    async def set_up(self, at_ms: int) -> None:
        """As before the first service."""
        console = EdgeClient(self._address, self._console_key)
        await seed.set_up(console, FAROL, at_ms=at_ms)
        self.devices = await seed.pair_devices(console, FAROL)
        await console.close()

    def start(self) -> None:
        """Wait until it serves."""
        (self.folder / "ready").unlink(missing_ok=True)
        self.program.start()
        self.program.wait_until((self.folder / "ready").exists)

    @property
    def _address(self) -> str:
        return (self.folder / "ready").read_text(encoding="ascii").strip()

    @property
    def _console_key(self) -> str:
        return (self.folder / "console.key").read_text(encoding="ascii")

    def _crew(self, seed: int) -> Crew:
        return Crew(FAROL, self._address, console_key=self._console_key, devices=self.devices, seed=seed)


async def first_evening(venue: Venue, now_ms: int) -> list[str]:
    """Set up the day before, some checks of today, and the scene."""
    await venue.set_up(now_ms - 30 * HOUR_MS)

    async def play(crew: Crew) -> None:
        await live_through(crew, until_ms=now_ms - (SCENE_MIN + 5) * 60_000, progress=lambda done, total: None)
        await play_scene(crew, now_ms=now_ms)

    return await venue.evening(play)


async def next_evening(venue: Venue, *, left_ms: int, now_ms: int) -> list[str]:
    """As a later start plays it."""

    async def play(crew: Crew) -> None:
        await evening.wind_up(crew, left_ms=left_ms, now_ms=now_ms)
        await play_scene(crew, now_ms=now_ms)

    return await venue.evening(play, seed=SEED + now_ms)


@pytest.fixture
def venue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Venue]:
    monkeypatch.setattr("installer.demo.history.PAST_DAYS", 1)
    made = Venue(tmp_path / "venue")
    made.start()
    yield made
    made.program.stop()


@pytest.mark.parametrize(
    "now",
    [
        "2026-11-26T05:30",  # the scene began the business day before
        "2028-02-29T21:00",  # midnight by UTC
    ],
)
def test_the_scene_plays_to_its_end_at_any_hour_and_so_does_the_next_evening(venue: Venue, now: str) -> None:
    now_ms = moment(now)

    async def test() -> None:
        assert await first_evening(venue, now_ms) == []
        left_ms = now_ms
        for later_ms in (now_ms + 4 * HOUR_MS, now_ms + 28 * HOUR_MS, now_ms + 40 * 24 * HOUR_MS):
            assert await next_evening(venue, left_ms=left_ms, now_ms=later_ms) == []
            left_ms = later_ms

    asyncio.run(test())


def test_a_venue_that_a_person_turned_upside_down_goes_on_where_it_can(venue: Venue) -> None:
    now_ms = moment("2026-11-25T21:00")

    async def havoc(crew: Crew) -> None:
        sold_out = ("cafe", "vermut", "ravioles", "agua")
        await crew.kitchen.do(*(Ask(name="eighty_six_item", body={"item_id": item_id}) for item_id in sold_out))
        await crew.console.do(
            Ask(name="revoke_device", body={"device_id": venue.devices["kds"].id}),
        )

    async def test() -> None:
        assert await first_evening(venue, now_ms) == []
        assert await venue.evening(havoc) == []
        refusals = await next_evening(venue, left_ms=now_ms, now_ms=now_ms + 4 * HOUR_MS)
        assert any("item_sold_out" in refusal for refusal in refusals)
        assert business_day(now_ms) == business_day(now_ms + 4 * HOUR_MS), "sold out until the day is closed"
        open_tables = [refusal for refusal in refusals if refusal.startswith("table ")]
        assert len(set(open_tables)) < 13, "the other parties play"

    asyncio.run(test())
