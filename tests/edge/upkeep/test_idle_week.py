"""An edge that nobody uses for a week, with all its background tasks at work, is no larger at the end of it."""

import asyncio
import gc
import logging
import socket
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pytest
from structlog.testing import capture_logs

from edge import app as root
from edge.app import Edge
from edge.devices.keys import digest_of_key
from edge.engine.asks import CONSOLE, EDGE
from edge.engine.clock import CommandClock
from edge.engine.feed import BEAT_S, Channel
from edge.settings import Settings
from shared.commands import Command
from shared.commands.devices import ApprovePairing, AskPairing
from shared.commands.guests import JoinTable
from shared.commands.menu import EightySixItem
from shared.commands.printing import ConfigurePrinter
from tests.edge.upkeep.skipping_loop import SkippingLoop, schedule_by
from tests.service import START_MS, opening_time

DAY_S = 24 * 3_600.0
SCREENS = {"phone": "waiter", "till": "pos", "cook": "kds"}
FEW = 500  # objects of Python's own caches


class Weight(NamedTuple):
    """Everything of an edge that could grow."""

    commits: int
    files: tuple[tuple[str, int], ...]
    rows: tuple[tuple[str, int], ...]
    said: int  # lines in its journal
    objects: int


def weight(edge: Edge, said: Sequence[object]) -> Weight:
    gc.collect()
    return Weight(
        edge.writer.commits,
        tuple(sorted((str(path), path.stat().st_size) for path in edge.settings.data_dir.rglob("*") if path.is_file())),
        edge.reads.run_here(
            lambda conn: tuple(
                (name, conn.execute(f"SELECT COUNT(*) FROM {name}").fetchone()[0])
                for (name,) in conn.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
            )
        ),
        len(said),
        len(gc.get_objects()),
    )


async def do(edge: Edge, *commands: Command) -> None:
    for command in commands:
        answer = await edge.door.ask_one(command, EDGE if isinstance(command, AskPairing | JoinTable) else CONSOLE)
        assert answer.outcome == "done", answer


async def set_up(edge: Edge) -> None:
    """Three screens, a menu and stations."""
    await do(edge, *opening_time())
    for screen, app in SCREENS.items():
        digest = digest_of_key(screen)
        asked = AskPairing(pairing_id=screen, code="123456", app=app, device_name=screen, key_digest=digest)
        await do(edge, asked, ApprovePairing(pairing_id=screen, role=app))


async def break_printer(edge: Edge, port: int) -> None:
    """A printer that nobody switched on, and the edge knows it."""
    told = asyncio.Event()
    edge.writer.listen(lambda seq, touched: told.set())
    await do(edge, ConfigurePrinter(printer_id="barra", printer_name="Barra", host="127.0.0.1", port=port))
    while not edge.reads.run_here(
        lambda conn: conn.execute("SELECT 1 FROM printer_state WHERE fault <> ''").fetchone()
    ):
        told.clear()
        await told.wait()


async def watch(edge: Edge, screen: str, frames_read: Counter[str]) -> None:
    """A screen on the wall: it reads every frame, and says with each that somebody can see it."""
    async with edge.feed.subscribe(Channel(role=SCREENS[screen]), device_id=screen) as frames:
        async for _ in frames:
            frames_read[screen] += 1
            edge.awake.heard(screen, "")


async def leave_something(edge: Edge) -> None:
    """A phone that came and went, and a dish that was sold out: the edge's own chores see to both."""
    joined = JoinTable(table_id="t1", phone_id="phone", generation=1, visit_id="left")
    await do(edge, EightySixItem(item_id="flan"), joined)


def what_is_left(edge: Edge) -> list[object]:
    return edge.reads.run_here(
        lambda conn: conn.execute(
            "SELECT visit_id FROM visit WHERE state = 'open' UNION ALL SELECT item_id FROM item_86"
        ).fetchall()
    )


async def idle_through(settings: Settings, port: int) -> tuple[Weight, Weight, Counter[str]]:
    """What the edge weighs once all that was left is settled, what at the end of the week, and how many frames each screen read."""
    loop, frames_read = asyncio.get_running_loop(), Counter[str]()
    assert isinstance(loop, SkippingLoop)
    with capture_logs() as said:
        async with root.running(settings) as edge, asyncio.TaskGroup() as group:
            clock, submit = edge.clock, edge.writer._submit
            assert isinstance(clock, CommandClock)
            edge.writer._submit = lambda *asked: loop.waiting_for(submit(*asked))  # type: ignore[method-assign]
            clock.follow(START_MS)
            await set_up(edge)
            await break_printer(edge, port)
            await leave_something(edge)
            await edge.backups.look()
            watching = [group.create_task(watch(edge, screen, frames_read)) for screen in SCREENS]
            loop.passed = lambda now_s: clock.follow(START_MS + int(now_s * 1_000))
            loop.skips = True
            await asyncio.sleep(2.5 * DAY_S)  # the second backup holds what the first night settled
            assert what_is_left(edge) == []
            before = weight(edge, said)
            await asyncio.sleep(4.5 * DAY_S)
            after = weight(edge, said)
            loop.skips = False
            assert edge.tasks.died == []
            for task in watching:
                task.cancel()
    return before, after, frames_read


@pytest.mark.slow
def test_an_idle_edge_does_not_grow_in_a_simulated_week(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The whole edge runs, every task and chore of it at its own pace, and a task that is added runs here by itself."""
    caplog.set_level(
        logging.WARNING, "apscheduler"
    )  # pytest keeps every record it hears, whatever a library set before
    with socket.create_server(("127.0.0.1", 0)) as taken:  # and let go: whoever connects is refused
        port = taken.getsockname()[1]
    settings = Settings(
        data_dir=tmp_path / "venue",
        clock="commands",
        nats_url=f"nats://127.0.0.1:{port}",
        internet_check=f"127.0.0.1:{port}",
        hub_retry_s=600,
    )
    with asyncio.Runner(loop_factory=SkippingLoop) as runner:
        loop = runner.get_loop()
        assert isinstance(loop, SkippingLoop)
        schedule_by(loop, monkeypatch)
        before, after, frames_read = runner.run(idle_through(settings, port))
    assert after._replace(objects=0) == before._replace(objects=0)
    assert after.objects - before.objects < FEW  # what another test left behind may go meanwhile
    assert all(frames_read[screen] >= 7 * DAY_S // BEAT_S for screen in SCREENS), frames_read
