"""Which screens somebody can see: by what they say with every beat, and by their silence."""

import asyncio
from pathlib import Path
from typing import Any

import msgspec

from edge.devices.awake import ASLEEP_AFTER_S, LOOK_EVERY_S, Awake
from edge.engine.feed import BEAT_S, Channel, Subscription
from shared.commands.devices import ReportScreens, ScreenNow
from tests.real_venue import RealVenue, a_real_venue

PATIENCE_S = 120
WAITERS = Channel(role="waiter", kinds=frozenset({"device"}))


class Watch:
    """A clock that a test moves."""

    now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def awake_of(venue: RealVenue, watch: Watch) -> Awake:
    return Awake(reads=venue.edge.reads, door=venue.edge.door, now_s=watch)


def screens(venue: RealVenue) -> list[tuple[Any, ...]]:
    return venue.rows("SELECT device_id, is_awake, shows FROM screen ORDER BY device_id")


async def test_a_screen_that_falls_silent_is_asleep_within_fifteen_seconds(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        watch = Watch()
        awake = awake_of(venue, watch)
        awake.heard("phone", "")
        awake.heard("kds", "cocina")
        await awake.look()
        assert screens(venue) == [("kds", 1, "cocina"), ("phone", 1, "")]
        watch.now_s += BEAT_S
        awake.heard("phone", "")
        watch.now_s += ASLEEP_AFTER_S - BEAT_S
        await awake.look()
        assert screens(venue) == [("kds", 0, ""), ("phone", 1, "")]
        assert ASLEEP_AFTER_S > 2 * BEAT_S and ASLEEP_AFTER_S + LOOK_EVERY_S < 15


async def test_what_did_not_change_is_not_told_again(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        awake = awake_of(venue, Watch())
        awake.heard("phone", "")
        await awake.look()
        commits = venue.edge.writer.commits
        awake.heard("phone", "")
        await awake.look()
        assert venue.edge.writer.commits == commits


async def test_after_a_restart_screens_have_their_time_to_come_back(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        await venue.do("edge", ReportScreens(screens=(ScreenNow(device_id="phone", is_awake=True),)))
        watch = Watch()
        awake = awake_of(venue, watch)
        await awake.look()
        assert screens(venue) == [("phone", 1, "")]
        watch.now_s += ASLEEP_AFTER_S
        await awake.look()
        assert screens(venue) == [("phone", 0, "")]


async def following(subscription: Subscription) -> Any:
    return msgspec.json.decode(await asyncio.wait_for(anext(aiter(subscription)), PATIENCE_S))


async def test_a_screen_that_comes_back_is_told_what_no_entry_tells(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        await venue.edge.feed.start()
        try:
            async with venue.edge.feed.subscribe(WAITERS) as frames:
                first = await following(frames)
                assert awake_in(first["views"])["phone"] is False
                await venue.do("edge", ReportScreens(screens=(ScreenNow(device_id="phone", is_awake=True),)))
                assert awake_in((await following(frames))["changes"]) == {"phone": True}
            async with venue.edge.feed.subscribe(WAITERS, first["seq"], first["of"]) as frames:
                assert awake_in((await following(frames))["changes"])["phone"] is True
        finally:
            await venue.edge.feed.stop()


def awake_in(views: Any) -> dict[str, bool]:
    return {key: view["is_awake"] for kind, key, view in views if kind == "device"}
