"""A cursor is worth something on its own log and its own release alone."""

import asyncio
import contextlib
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from engine_toy import CLOCK, TOY, a_venue, put

from edge.engine.feed import Channel, Feed

WAITERS = Channel(role="waiter")
Cursor = tuple[int, str]


@contextlib.asynccontextmanager
async def an_edge(folder: Path, vocabulary: str = "this release", who: str = "") -> AsyncIterator[tuple[Any, Feed]]:
    async with a_venue(folder) as venue:
        if who:
            await venue.writer.job(lambda conn: conn.execute(who))
        feed = Feed(
            slices=[TOY],
            projector=venue.projector,
            writer=venue.writer,
            reads=venue.reads,
            clock=CLOCK,
            tasks=venue.tasks,
            vocabulary=vocabulary,
        )
        await feed.start()
        try:
            yield venue, feed
        finally:
            await feed.stop()


async def first(feed: Feed, cursor: int | None = None, of: str = "") -> dict[str, Any]:
    async with feed.subscribe(WAITERS, cursor, of) as frames:
        frame: dict[str, Any] = msgspec.json.decode(await anext(aiter(frames)))
        return frame


def boxes(frame: dict[str, Any]) -> list[str]:
    return sorted(key for _, key, _ in frame["views"])


def test_after_a_backup_is_restored_a_screen_shows_no_check_that_does_not_exist(tmp_path: Path) -> None:
    async def play() -> None:
        here, backup = tmp_path / "here", tmp_path / "backup"
        here.mkdir()
        async with an_edge(here) as (venue, _):
            await venue.writer.ask([put("x", box="before")])
        shutil.copytree(here, backup)
        async with an_edge(here) as (venue, feed):
            await venue.writer.ask([put("x", box=f"lost{n}") for n in range(3)])
            had = await first(feed)
            assert boxes(had) == ["before", "lost0", "lost1", "lost2"]
        shutil.rmtree(here)
        shutil.copytree(backup, here)
        async with an_edge(here) as (venue, feed):
            await venue.writer.ask([put("x", box=f"new{n}") for n in range(5)])  # past where the screen was
            now = await first(feed, had["seq"], had["of"])
            assert (now["type"], boxes(now)) == ("snapshot", ["before", *(f"new{n}" for n in range(5))])

    asyncio.run(play())


def test_the_same_log_is_resumed_over_a_restart(tmp_path: Path) -> None:
    async def play() -> None:
        async with an_edge(tmp_path) as (venue, feed):
            await venue.writer.ask([put("a")])
            had = await first(feed)
        async with an_edge(tmp_path) as (venue, feed):
            await venue.writer.ask([put("b", box="b2")])
            now = await first(feed, had["seq"], had["of"])
            assert (now["type"], [key for _, key, _ in now["changes"]]) == ("views", ["b2"])

    asyncio.run(play())


@pytest.mark.parametrize(
    ("vocabulary", "who"),
    [
        ("the next release", ""),
        ("this release", "UPDATE log_identity SET install_id = 'another box'"),
        ("this release", "UPDATE log_identity SET session = 'another session'"),
        ("this release", "UPDATE log_identity SET epoch = epoch + 1"),
    ],
)
def test_another_release_box_session_or_epoch_gets_everything(tmp_path: Path, vocabulary: str, who: str) -> None:
    async def play() -> None:
        async with an_edge(tmp_path) as (venue, feed):
            await venue.writer.ask([put("a")])
            had = await first(feed)
        async with an_edge(tmp_path, vocabulary, who) as (venue, feed):
            now = await first(feed, had["seq"], had["of"])
            assert (now["type"], boxes(now)) == ("snapshot", ["b1"])

    asyncio.run(play())
