"""The writer without HTTP, against bare inserts at the same commit size into a file of the same kind."""

import asyncio
import os
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import msgspec
import uvloop

from edge.app import SLICES, open_database
from edge.engine.asks import CONSOLE, Ask
from edge.engine.clock import SystemClock
from edge.engine.database import connect_writer
from edge.engine.memory import WriterConnection
from edge.engine.projector import Projector
from edge.engine.writer import Writer
from edge.settings import Settings
from edge.staff.load import context_of
from shared.commands import Command
from shared.commands.lines import LineAsk
from shared.commands.ordering import AddLines, OpenCheck
from shared.ops import decode


async def commands_per_s(data_dir: Path, *, at_once: int, seconds: float) -> float:
    """Commands a second, `at_once` in each commit: one check and a line on it, again and again."""
    settings = Settings(data_dir=data_dir)
    conn = open_database(settings)
    clock = SystemClock()
    writer = a_writer(conn, clock)
    writer.start()
    done, spent_s = 0, 0.0
    try:
        while spent_s < seconds:
            asks = _asks(clock, at_once)
            start = time.perf_counter()
            answers = await writer.ask(asks)
            spent_s += time.perf_counter() - start
            assert all(answer.outcome == "done" for answer in answers), answers
            done += len(answers)
        return done / spent_s
    finally:
        await writer.stop()
        conn.close()


def a_writer(conn: WriterConnection, clock: SystemClock) -> Writer:
    """A writer as the edge has it, with nothing around it."""
    return Writer(
        conn,
        slices=SLICES,
        projector=Projector(SLICES, decode),
        context_of=lambda conn, ask: context_of(conn, ask, clock.now_ms(), clock.fresh_id),
        clock=clock,
    )


def _asks(clock: SystemClock, at_once: int) -> Sequence[Ask]:
    asks: list[Ask] = []
    while len(asks) < at_once:
        check_id = clock.fresh_id()
        line = LineAsk(line_id=clock.fresh_id(), item_id="dish1")
        asks.append(ask(clock, OpenCheck(check_id=check_id, kind="counter")))
        asks.append(ask(clock, AddLines(check_id=check_id, lines=(line,))))
    return asks[:at_once]


def ask(clock: SystemClock, command: Command) -> Ask:
    """A command of the console, under a new id."""
    name = str(command.__struct_config__.tag)
    return Ask(id=clock.fresh_id(), name=name, command=command, asker=CONSOLE)


def inserts_per_s(folder: Path, *, at_once: int, seconds: float) -> float:
    """The floor: bare entries into a bare log, `at_once` in each commit, with the same pragmas."""
    conn = connect_writer(folder / "floor.db")
    conn.execute("CREATE TABLE bare (seq INTEGER PRIMARY KEY, id BLOB, kind TEXT, body BLOB, digest BLOB) STRICT")
    body, digest, cursor = os.urandom(400), os.urandom(32), conn.cursor()
    done, start = 0, time.perf_counter()
    try:
        while time.perf_counter() - start < seconds:
            cursor.execute("BEGIN IMMEDIATE")
            for _ in range(at_once):
                row = (os.urandom(16), body, digest)
                cursor.execute("INSERT INTO bare VALUES (NULL, ?, 'line_added', ?, ?)", row)
            cursor.execute("COMMIT")
            done += at_once
        return done / (time.perf_counter() - start)
    finally:
        conn.close()


class InProcess(msgspec.Struct, frozen=True):
    """Both rates."""

    commands_per_s: float
    inserts_per_s: float


def measure(data_dir: Path, *, at_once: int, seconds: float) -> InProcess:
    """Both, in turns of equal length, on a venue that was seeded before and serves nobody now."""
    floor = partial(inserts_per_s, data_dir, at_once=at_once, seconds=seconds / 2)
    first = floor()
    (data_dir / "floor.db").unlink()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:  # as the edge runs
        commands = runner.run(commands_per_s(data_dir, at_once=at_once, seconds=seconds))
    return InProcess(commands, (first + floor()) / 2)
