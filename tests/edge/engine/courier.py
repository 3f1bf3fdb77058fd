"""A kind of errand, whole and small: couriers who are called for parcels, over a wire that hangs, breaks and repeats."""

import asyncio
import contextlib
import json
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

import msgspec
from engine_toy import context_of

from edge.engine import database, errand_views
from edge.engine.asks import Ask, Asker
from edge.engine.clock import SystemClock
from edge.engine.errands import Doubt, Errand
from edge.engine.hands import Begin, Done, Hands, NotDone, Outcome, Patience, Uncertain
from edge.engine.jobs import Job
from edge.engine.lanes import Lanes
from edge.engine.migrate import migrate
from edge.engine.projector import Projector
from edge.engine.slice import Rule, Slice
from edge.engine.tasks import Tasks
from edge.engine.writer import Writer
from shared.commands.base import Command
from shared.context import Context
from shared.entry import Entry
from shared.errors import Rejected
from shared.ops.base import Op
from shared.projections.projection import Projection
from shared.writes import Add, Put, Table, Write

TILL = Asker("d1", "pos")
UNTIL_MS = 60_000
WAIT_S = 60
HURRIED = Patience(retry_first_s=0.02, retry_longest_s=0.08, run_s=0.3, stop_s=0.05)


class CallCourier(Command, frozen=True, kw_only=True, tag="call_courier"):
    """Have a parcel collected. `what` says how sure it must be: parcel, letter or balloon. `fault` says where to fail."""

    parcel_id: str
    courier: str = "north"
    what: str = "parcel"
    rank: int = 1
    fault: str = ""


class ReportParcel(Command, frozen=True, kw_only=True, tag="report_parcel"):
    """The edge says what became of a parcel."""

    parcel_id: str
    outcome: str


class CourierCalled(Op, frozen=True, kw_only=True, tag="courier_called"):
    """A courier is wanted."""

    SUBJECT: ClassVar[str] = "parcel_id"
    parcel_id: str
    courier: str
    what: str = "parcel"
    rank: int = 1
    fault: str = ""


class ParcelReported(Op, frozen=True, kw_only=True, tag="parcel_reported"):
    """What became of a parcel."""

    SUBJECT: ClassVar[str] = "parcel_id"
    parcel_id: str
    outcome: str


PARCEL = Table(name="parcel", key=("parcel_id",), columns={"parcel_id": "text", "outcome": "text", "reports": "int"})


def _called(entry: Entry, op: CourierCalled) -> Iterator[Write]:
    yield Put("parcel", {"parcel_id": op.parcel_id, "outcome": "", "reports": 0})


def _reported(entry: Entry, op: ParcelReported) -> Iterator[Write]:
    yield Add("parcel", {"parcel_id": op.parcel_id}, {"reports": 1})


def call_courier(command: CallCourier, state: None, context: Context) -> list[Op]:
    """Refuses or fails where it is told to."""
    if command.fault == "refuse":
        raise Rejected("line_unknown")
    called = CourierCalled(
        parcel_id=command.parcel_id,
        courier=command.courier,
        what=command.what,
        rank=command.rank,
        fault=command.fault,
    )
    if command.fault == "second op":  # its row is not there
        return [called, ParcelReported(parcel_id="nowhere", outcome="x")]
    return [called]


class Desk:
    """Whether the rule of reports works: a release mends what another broke."""

    is_broken = False

    def report(self, command: ReportParcel, state: None, context: Context) -> list[Op]:
        """The report, as an op."""
        if self.is_broken:
            raise ZeroDivisionError
        return [ParcelReported(parcel_id=command.parcel_id, outcome=command.outcome)]


def _born(conn: sqlite3.Connection, entry: Entry, op: CourierCalled) -> Iterator[Job]:
    if op.fault == "born":
        raise ZeroDivisionError
    yield Job(
        job_id=f"call-{op.parcel_id}",
        errand="courier",
        lane=op.courier,
        rank=op.rank,
        what=op.what,
        subject=op.parcel_id,
        made_at_ms=entry.at_ms,
        until_ms=entry.at_ms + UNTIL_MS,
    )


def _doubt(job: Job) -> Doubt:
    match job.what:
        case "parcel":
            return Doubt.LOOK_UP
        case "letter" if job.doubts < 2:
            return Doubt.REPEAT
    return Doubt.GIVE_UP


def _report(job: Job) -> Command:
    return ReportParcel(parcel_id=job.subject, outcome=job.outcome)


COURIER = Errand(
    name="courier", kinds=frozenset({"courier_called"}), born=_born, doubt=_doubt, report=_report, told_as="parcel"
)
_DECODERS: Mapping[str, msgspec.json.Decoder[Any]] = {
    "courier_called": msgspec.json.Decoder(CourierCalled),
    "parcel_reported": msgspec.json.Decoder(ParcelReported),
}


def decode(kind: str, body: bytes) -> Op:
    """The op back from its JSON."""
    op: Op = _DECODERS[kind].decode(body)
    return op


class Town:
    """The outside: couriers behind a socket, and how each behaves. What they did is not undone by anything of ours.

    `ways`: "ok" collects and says so; "hang" collects and says nothing; "lose" hears nothing and hangs up before it
    collects; "refuse" says that it will not. A look-up is always answered, unless the way is "deaf".
    """

    def __init__(self) -> None:
        self.ways: dict[str, str] = {}
        self.calls: list[tuple[str, str]] = []  # what was asked, and for which job
        self.collected: list[str] = []  # each time a parcel was taken away
        self.changed = asyncio.Event()
        self.port = 0
        self._server: asyncio.Server | None = None

    async def open(self) -> None:
        """Answer on a free port of this machine."""
        self._server = await asyncio.start_server(self._answer, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Hang up on everybody."""
        assert self._server is not None
        self._server.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.closing(writer), contextlib.suppress(ConnectionError):
            while line := await reader.readline():
                verb, courier, key = json.loads(line)
                self.calls.append((verb, key))
                answer = self._word(verb, self.ways.get(courier, "ok"), key)
                self.changed.set()
                if answer == "hang up":
                    return
                if answer:
                    writer.write(json.dumps(answer).encode() + b"\n")
                    await writer.drain()

    def _word(self, verb: str, way: str, key: str) -> str:
        if verb == "look":
            return "" if way == "deaf" else "collected" if key in self.collected else "unknown"
        match way:
            case "refuse":
                return "refused"
            case "lose":
                return "hang up"
            case "hang" | "deaf":
                self.collected.append(key)
                return ""
        self.collected.append(key)
        return "collected"

    def how_often(self, verb: str, key: str) -> int:
        """How often that was asked."""
        return self.calls.count((verb, key))


class Phone(Hands):
    """Calls a courier over the wire."""

    def __init__(self, courier: str, port: int, patience: Patience = HURRIED) -> None:
        self.patience = patience
        self.failures: list[int] = []
        self._courier = courier
        self._port = port

    async def run(self, job: Job, begin: Begin) -> Outcome:
        """Have it collected."""
        await begin()
        match await self._ask("do", job):
            case "collected":
                return Done("collected", '{"by":"bike"}')
            case "refused":
                return NotDone("refused")
        return Uncertain("hung up")

    async def look_up(self, job: Job) -> Outcome:
        """Ask whether it was."""
        match await self._ask("look", job):
            case "collected":
                return Done("collected")
            case "unknown":
                return NotDone("never heard of it")
        return Uncertain("hung up")

    async def failed(self, problem: str, times: int) -> None:
        """Remember it."""
        self.failures.append(times)

    def line(self, verb: str, job: Job) -> bytes:
        """What goes over the wire."""
        return json.dumps([verb, self._courier, job.job_id]).encode() + b"\n"

    async def _ask(self, verb: str, job: Job) -> str:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        with contextlib.closing(writer):
            writer.write(self.line(verb, job))
            line = await reader.readline()
            return str(json.loads(line)) if line else ""


class MovableClock(SystemClock):
    """The machine's clock, which may be set ahead."""

    ahead_ms = 0

    def now_ms(self) -> int:
        return super().now_ms() + self.ahead_ms


class Post:
    """A venue with couriers: the engine on a real file, and lanes that start when they are told to."""

    def __init__(self, folder: Path, town_port: int) -> None:
        self.clock = MovableClock()
        self.desk = Desk()
        self.slices = [
            Slice(
                "post",
                rules=[
                    Rule(CallCourier, lambda conn, command, context: None, call_courier),
                    Rule(
                        ReportParcel,
                        lambda conn, command, context: None,
                        self.desk.report,
                        devices=frozenset({"edge"}),
                    ),
                ],
                projections=[Projection("parcels", (PARCEL,), {CourierCalled: _called, ParcelReported: _reported})],
                errands=[COURIER],
            ),
            errand_views.SLICE,
        ]
        path = folder / database.FILE_NAME
        self.conn = database.connect_writer(path)
        migrate(self.conn)
        self.projector = Projector(self.slices, decode)
        self.projector.rebuild(self.conn, self.projector.stale(self.conn))
        self.writer = Writer(
            self.conn, slices=self.slices, projector=self.projector, context_of=context_of, clock=self.clock
        )
        self.reads = database.ReadPool(path)
        self.tasks = Tasks(self.clock)
        self.phones: dict[str, Phone] = {}
        self.lanes: Lanes | None = None
        self._town_port = town_port
        self._changed = asyncio.Event()
        self.writer.listen(lambda seq, touched: self._changed.set())

    def start_lanes(self, patience: Patience = HURRIED, *, most: int = 100) -> None:
        """Begin to call couriers."""

        def phone(courier: str) -> Phone:
            return self.phones.setdefault(courier, Phone(courier, self._town_port, patience))

        self.lanes = Lanes(
            [COURIER],
            {"courier": phone},
            reads=self.reads,
            writer=self.writer,
            clock=self.clock,
            tasks=self.tasks,
            decode=decode,
            most=most,
        )
        self.lanes.start()

    async def stop_lanes(self) -> None:
        """As the root does, before the writer ends."""
        if self.lanes is not None:
            await self.lanes.stop()
            self.lanes = None

    async def call(self, parcel_id: str, **more: Any) -> str:
        """Ask for a courier; what became of the command."""
        command = CallCourier(parcel_id=parcel_id, **more)
        ask = Ask(id=self.clock.fresh_id(), name="call_courier", command=command, asker=TILL)
        return (await self.writer.ask([ask]))[0].outcome

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """What is committed."""
        return self.reads.run_here(lambda conn: list(conn.execute(sql)))

    def jobs(self) -> dict[str, str]:
        """Each parcel's job: its state, or how it ended."""
        return dict(self.rows("SELECT subject, IIF(ended_at_ms > 0, state || ' ' || outcome, state) FROM errand"))

    def reports(self) -> list[tuple[str, str]]:
        """What the log was told, in order."""
        bodies = self.rows("SELECT body FROM log WHERE kind = 'parcel_reported' ORDER BY seq")
        return [(op["parcel_id"], op["outcome"]) for op in (json.loads(body) for (body,) in bodies)]

    async def write(self, sql: str) -> None:
        """Leave rows as something else would have."""
        await self.writer.job(lambda conn: conn.execute(sql))

    async def until(self, is_so: Callable[[], bool], *, town: Town | None = None) -> None:
        """Wait for a commit, or for something in town, to make it so."""
        changed = self._changed if town is None else town.changed
        async with asyncio.timeout(WAIT_S):
            while not is_so():
                changed.clear()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(changed.wait(), 0.05)

    async def settled(self) -> None:
        """Wait until no job is open and the log knows how each ended."""
        await self.until(lambda: not self.rows("SELECT 1 FROM errand WHERE ended_at_ms = 0 OR is_told = 0"))


@contextlib.asynccontextmanager
async def a_town() -> AsyncIterator[Town]:
    """Couriers who answer."""
    town = Town()
    await town.open()
    try:
        yield town
    finally:
        await town.close()


@contextlib.asynccontextmanager
async def a_post(folder: Path, town_port: int) -> AsyncIterator[Post]:
    """A venue that decides; its lanes stand still."""
    post = Post(folder, town_port)
    post.writer.start()
    try:
        yield post
    finally:
        await post.stop_lanes()
        await post.tasks.stop()
        await post.writer.stop()
        post.reads.close()
        post.conn.close()
