"""A view that fails: the rest is shown, everyone is told that something is stuck, and nothing is lost once it works."""

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from engine_toy import CLOCK, TOY, BoxView, Venue, a_venue, all_boxes, box_of, load_boxes, put, take

from edge.engine import feed as feeds
from edge.engine import feed_debts
from edge.engine.feed import Channel, Feed, Subscription
from edge.engine.slice import Key, Slice, View

PATIENCE_S = 120
WAITERS = Channel(role="waiter")
COOKS = Channel(role="kds")


class Faults:
    """A slice whose views fail where they are told to."""

    def __init__(self) -> None:
        self.load: set[str] = set()  # keys that cannot be loaded
        self.resolve: set[str] = set()
        self.touches: set[str] = set()
        self.current = False
        self.loads = 0

    def slice(self) -> Slice:
        """Two views of boxes, one of them found by resolving, and one for cooks that always works."""

        def touches(key: Key) -> str:
            self._check(str(key["box_id"]), self.touches)
            return box_of(key)

        def load(conn: sqlite3.Connection, keys: list[str]) -> dict[str, BoxView]:
            self.loads += 1
            for key in keys:
                self._check(key, self.load)
            return load_boxes(conn, keys)

        def resolve(conn: sqlite3.Connection, names: list[str]) -> Iterable[str]:
            for name in names:
                self._check(name, self.resolve)
            return names

        def current(conn: sqlite3.Connection) -> list[str]:
            if self.current:
                raise RuntimeError("a fault of ours")
            return all_boxes(conn)

        waiters = frozenset({"waiter"})
        views = [
            View("box", waiters, {"thing": touches}, load, current),
            View("lid", waiters, {"box": box_of}, load_boxes, all_boxes, resolve=resolve),
            View("pot", frozenset({"waiter", "kds"}), {"box": box_of}, load_boxes, all_boxes),
        ]
        return msgspec.structs.replace(TOY, views=views)

    def _check(self, key: str, failing: set[str]) -> None:
        if key in failing:
            raise RuntimeError("a fault of ours")


@contextlib.asynccontextmanager
async def a_feed(folder: Path, faults: Faults, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[Venue, Feed]]:
    monkeypatch.setattr(feeds, "BEAT_S", 0.02)
    monkeypatch.setattr(feed_debts, "RETRY_S", 0.01)
    monkeypatch.setattr(feed_debts, "LONGEST_RETRY_S", 0.02)
    async with a_venue(folder) as venue, asyncio.timeout(PATIENCE_S):
        feed = Feed(
            slices=[faults.slice()],
            projector=venue.projector,
            writer=venue.writer,
            reads=venue.reads,
            clock=CLOCK,
            tasks=venue.tasks,
        )
        await feed.start()
        try:
            yield venue, feed
        finally:
            await feed.stop()
            assert venue.tasks.died == []


class Screen:
    """Keeps what it is told, as a screen does."""

    def __init__(self, frames: Subscription) -> None:
        self.shown: dict[tuple[str, str], Any] = {}
        self.seq, self.of = 0, ""
        self.last: dict[str, Any] = {}
        self._frames = aiter(frames)

    async def hear(self, kind: str = "") -> dict[str, Any]:
        """The next frame of that type, those before it taken as well."""
        while True:
            frame: dict[str, Any] = msgspec.json.decode(await anext(self._frames))
            self.last = frame
            if frame["type"] == "snapshot":
                self.shown = {}
            for view_kind, key, view in frame.get("views", frame.get("changes", ())):
                self.shown[view_kind, key] = view
            if frame["type"] != "bye":
                self.seq, self.of = frame["seq"], frame["of"]
            if kind in ("", frame["type"]):
                return frame

    async def until_stuck(self, *, is_stuck: bool = True) -> int:
        """A beat that says so; since when."""
        while True:
            beat = await self.hear("beat")
            if bool(beat["stuck_since_ms"]) == is_stuck:
                assert bool(beat["of"]) != is_stuck  # what lacks something is not to be resumed from
                return int(beat["stuck_since_ms"])

    def totals(self, kind: str) -> dict[str, int]:
        """What it shows of a kind."""
        return {key: view["total_minor"] for (one, key), view in self.shown.items() if one == kind and view}


FAULTS = ["load", "resolve", "touches"]


@pytest.mark.parametrize("fault", FAULTS)
async def test_one_view_that_fails_keeps_no_other_from_being_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    faults = Faults()
    kind = "lid" if fault == "resolve" else "box"
    async with a_feed(tmp_path, faults, monkeypatch) as (venue, feed), feed.subscribe(WAITERS) as frames:
        screen = Screen(frames)
        getattr(faults, fault).add("ill")
        asked_ms = CLOCK.now_ms()
        await venue.writer.ask([put("a", box="ill"), put("b", box="well")])
        since_ms = await screen.until_stuck()
        assert asked_ms <= since_ms <= CLOCK.now_ms()
        assert screen.totals(kind) == {"well": 100}
        assert screen.totals("pot") == {"ill": 100, "well": 100}
        assert [(one.kind, one.since_ms, one.count) for one in feed.stuck] == [(kind, since_ms, 1)]
        await venue.writer.ask([put("c", box="well")])
        await screen.hear("views")
        assert (screen.totals(kind), screen.seq) == ({"well": 200}, 3)
        getattr(faults, fault).clear()
        await screen.until_stuck(is_stuck=False)
        assert screen.totals(kind) == {"well": 200, "ill": 100}
        assert feed.stuck == []


@pytest.mark.parametrize("fault", ["load", "current"])
async def test_a_screen_that_comes_while_a_view_fails_gets_the_rest_and_the_view_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    faults = Faults()
    async with a_feed(tmp_path, faults, monkeypatch) as (venue, feed):
        await venue.writer.ask([put("a", box="ill"), put("b", box="well")])
        if fault == "load":
            faults.load.add("ill")
        else:
            faults.current = True
        async with feed.subscribe(WAITERS) as frames:
            screen = Screen(frames)
            first = await screen.hear("snapshot")
            assert first["of"] == ""
            assert screen.totals("box") == ({"well": 100} if fault == "load" else {})
            assert screen.totals("pot") == {"ill": 100, "well": 100}
            await screen.until_stuck()
            faults.load.clear()
            faults.current = False
            await screen.until_stuck(is_stuck=False)
            assert screen.totals("box") == {"ill": 100, "well": 100}


async def test_who_was_away_while_something_was_stuck_misses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults = Faults()
    async with a_feed(tmp_path, faults, monkeypatch) as (venue, feed):
        await venue.writer.ask([put("a", box="ill")])
        async with feed.subscribe(WAITERS) as frames, feed.subscribe(WAITERS) as others:
            screen, other = Screen(frames), Screen(others)
            faults.load.add("ill")
            await venue.writer.ask([put("b", box="ill"), put("c", box="well")])
            await screen.hear("views")
            assert screen.totals("pot") == {"ill": 200, "well": 100}
            faults.load.clear()
            await other.until_stuck(is_stuck=False)  # healed and told while `screen` did not listen any more
        assert screen.totals("box") == {"ill": 100, "well": 100}
        async with feed.subscribe(WAITERS, screen.seq, screen.of) as frames:
            again = Screen(frames)
            assert (await again.hear())["type"] == "snapshot"
            assert again.totals("box") == {"ill": 200, "well": 100}


async def test_only_those_who_would_see_it_are_told_that_it_is_stuck(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults = Faults()
    other_kind = Channel(role="waiter", kinds=frozenset({"pot"}))
    other_key = Channel(role="waiter", only=(("box", "well"),))
    async with (
        a_feed(tmp_path, faults, monkeypatch) as (venue, feed),
        feed.subscribe(WAITERS) as concerned,
        feed.subscribe(COOKS) as cooks,
        feed.subscribe(other_kind) as of_pots,
        feed.subscribe(other_key) as of_one,
    ):
        faults.load.add("ill")
        await venue.writer.ask([put("a", box="ill"), put("b", box="well")])
        await Screen(concerned).until_stuck()
        for frames in (cooks, of_pots, of_one):
            screen = Screen(frames)
            await screen.hear("views")
            assert (await screen.hear("beat"))["stuck_since_ms"] == 0


async def test_a_view_that_is_gone_meanwhile_is_told_to_be_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults = Faults()
    async with a_feed(tmp_path, faults, monkeypatch) as (venue, feed):
        await venue.writer.ask([put("a", box="ill")])
        async with feed.subscribe(WAITERS) as frames:
            screen = Screen(frames)
            await screen.hear("snapshot")
            faults.load.add("ill")
            await venue.writer.ask([put("b", box="ill")])
            await screen.until_stuck()
            await venue.writer.ask([take("a", box="ill"), take("b", box="ill")])
            faults.load.clear()
            await screen.until_stuck(is_stuck=False)
            assert screen.totals("box") == {}


async def test_when_too_much_is_owed_everyone_comes_back_for_everything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed_debts, "DEBT_LIMIT", 5)
    faults = Faults()
    boxes = {f"b{n}": 100 for n in range(9)}
    async with a_feed(tmp_path, faults, monkeypatch) as (venue, feed):
        async with feed.subscribe(WAITERS) as frames:
            screen = Screen(frames)
            faults.load.update(boxes)
            await venue.writer.ask([put("a", box=box) for box in boxes])
            await screen.until_stuck()
            assert [one.count for one in feed.stuck] == [5]
            faults.load.clear()
            bye = await screen.hear("bye")
            assert bye["code"] == "incomplete"
        async with feed.subscribe(WAITERS, screen.seq, screen.of) as frames:
            again = Screen(frames)
            await again.hear("snapshot")
            assert again.totals("box") == boxes


async def test_a_debt_is_tried_less_and_less_often() -> None:
    debts = feed_debts.Debts()
    debt = feeds.Debt("box", "key", "ill")
    debts.add({debt: RuntimeError("x")}, now_ms=7, now_s=100.0)
    waits, now_s = [], 100.0
    for _ in range(7):
        assert debts.due_at_s is not None and debts.due(debts.due_at_s - 0.001) == ()
        waits.append(debts.due_at_s - now_s)
        now_s = debts.due_at_s
        assert set(debts.due(now_s)) == {debt}
        debts.add({debt: RuntimeError("x")}, now_ms=int(now_s), now_s=now_s)
        debts.pay((), was_due=True, now_s=now_s)
    assert waits == [0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0]
    assert debts.since_ms(lambda debt: True) == 7
    debts.pay([debt], was_due=True, now_s=now_s)
    assert (debts.due_at_s, debts.by_kind(), bool(debts)) == (None, [], False)
