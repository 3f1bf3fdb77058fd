"""A slice of three tables, small enough to hold in the head, on a real database."""

import contextlib
import sqlite3
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path
from typing import Any, ClassVar

import msgspec

from edge.engine import database
from edge.engine.asks import Ask, Asker
from edge.engine.clock import SystemClock
from edge.engine.memory import WriterConnection
from edge.engine.migrate import migrate
from edge.engine.projector import Projector
from edge.engine.slice import Key, Rule, Slice, View
from edge.engine.tasks import Tasks
from edge.engine.writer import Writer
from shared.commands.base import Command
from shared.context import Context
from shared.entry import Entry
from shared.errors import Rejected
from shared.ops.base import Op
from shared.projections.projection import Projection
from shared.writes import Add, Delete, Put, Set, Table, Write

WAITER = Asker("d1", "waiter")
CLOCK = SystemClock()


class PutThing(Command, frozen=True, kw_only=True, tag="put_thing"):
    """Put something in a box. `fault` says where to fail."""

    box_id: str
    thing_id: str
    price_minor: int
    fault: str = ""


class ThingPut(Op, frozen=True, kw_only=True, tag="thing_put"):
    """A thing came into a box."""

    SUBJECT: ClassVar[str] = "box_id"
    box_id: str
    thing_id: str
    price_minor: int
    fault: str = ""


class ThingTaken(Op, frozen=True, kw_only=True, tag="thing_taken"):
    """A thing left a box."""

    SUBJECT: ClassVar[str] = "box_id"
    box_id: str
    thing_id: str
    price_minor: int


class TakeThing(Command, frozen=True, kw_only=True, tag="take_thing"):
    """Take something out of a box."""

    box_id: str
    thing_id: str


class BoxView(msgspec.Struct, frozen=True):
    """A box as it is shown."""

    box_id: str
    total_minor: int
    things: int


BOX = Table(name="box", key=("box_id",), columns={"box_id": "text", "total_minor": "int", "things": "int"}, tally=True)
THING = Table(
    name="thing",
    key=("box_id", "thing_id"),
    columns={"box_id": "text", "thing_id": "text", "price_minor": "int", "state": "text"},
    indexes=(("state",),),
)
PERSON = Table(name="person", key=("staff_id",), columns={"staff_id": "text", "name": "text", "pin_hash": "text"})
LAST = Table(name="last", key=("box_id",), columns={"box_id": "text", "thing_id": "text", "changes": "int"})


def project_put(entry: Entry, op: ThingPut) -> Iterator[Write]:
    """A thing more in the box."""
    yield Put(
        "thing",
        {"box_id": op.box_id, "thing_id": op.thing_id, "price_minor": op.price_minor, "state": "in"},
    )
    yield Add("box", {"box_id": op.box_id}, {"total_minor": op.price_minor, "things": 1})
    yield Put("last", {"box_id": op.box_id, "thing_id": op.thing_id, "changes": entry.seq})
    if op.fault == "project":
        yield Set("thing", {"box_id": "nowhere", "thing_id": "nothing"}, {"state": "in"})


def project_taken(entry: Entry, op: ThingTaken) -> Iterator[Write]:
    """A thing less in the box."""
    yield Delete("thing", {"box_id": op.box_id, "thing_id": op.thing_id})
    yield Add("box", {"box_id": op.box_id}, {"total_minor": -op.price_minor, "things": -1})
    yield Add("last", {"box_id": op.box_id}, {"changes": 1})


def load(conn: sqlite3.Connection, command: PutThing | TakeThing, context: Context) -> int | None:
    """The price of the thing in the box, if it is there."""
    row = conn.execute(
        "SELECT price_minor FROM thing WHERE box_id = ? AND thing_id = ?", (command.box_id, command.thing_id)
    ).fetchone()
    return int(row[0]) if row else None


def put_thing(command: PutThing, price_minor: int | None, context: Context) -> list[Op]:
    """Refuses a thing that is there."""
    if command.fault == "decide":
        raise ZeroDivisionError
    if command.fault == "needs manager":
        context.require("put")
    if price_minor is not None:
        raise Rejected("line_exists")
    op = ThingPut(
        box_id=command.box_id, thing_id=command.thing_id, price_minor=command.price_minor, fault=command.fault
    )
    if command.fault == "second op":
        return [msgspec.structs.replace(op, thing_id="first"), msgspec.structs.replace(op, fault="project")]
    return [op]


def keep_thing(command: PutThing, ops: Sequence[Op], context: Context) -> Iterator[Write]:
    """A row beside the log for who asks to be kept; `keep` fails after all else was written."""
    if command.fault in {"kept", "keep"}:
        yield Put("person", {"staff_id": command.thing_id, "name": "kept", "pin_hash": ""})
    if command.fault == "keep":
        yield Set("person", {"staff_id": "nobody"}, {"name": "somebody"})


def take_thing(command: TakeThing, price_minor: int | None, context: Context) -> list[Op]:
    """Refuses a thing that is not there."""
    if price_minor is None:
        raise Rejected("line_unknown")
    return [ThingTaken(box_id=command.box_id, thing_id=command.thing_id, price_minor=price_minor)]


def load_boxes(conn: sqlite3.Connection, keys: list[str]) -> dict[str, BoxView]:
    """Boxes that hold something."""
    found = {}
    for key in keys:
        row = conn.execute("SELECT * FROM box WHERE box_id = ? AND things > 0", (key,)).fetchone()
        if row:
            found[key] = BoxView(*row)
    return found


def box_of(key: Key) -> str:
    """The box a row belongs to."""
    return str(key["box_id"])


def all_boxes(conn: sqlite3.Connection) -> list[str]:
    """The key of every box."""
    return [str(row[0]) for row in conn.execute("SELECT box_id FROM box")]


def sums_agree(conn: sqlite3.Connection) -> Iterator[str]:
    """What must always hold."""
    for box_id, total in conn.execute(
        "SELECT box_id, total_minor FROM box WHERE total_minor <>"
        " (SELECT coalesce(sum(price_minor), 0) FROM thing WHERE thing.box_id = box.box_id)"
    ):
        yield f"box {box_id} does not add up to {total}"


PROJECTION = Projection("things", (BOX, THING, LAST), {ThingPut: project_put, ThingTaken: project_taken})
TOY = Slice(
    "toy",
    rules=[Rule(PutThing, load, put_thing, keep=keep_thing), Rule(TakeThing, load, take_thing)],
    projections=[PROJECTION],
    views=[View("box", frozenset({"waiter"}), {"box": box_of, "thing": box_of}, load_boxes, all_boxes)],
    invariants=[sums_agree],
    kept_tables=[PERSON],
)
_DECODERS: dict[str, msgspec.json.Decoder[Any]] = {
    "thing_put": msgspec.json.Decoder(ThingPut),
    "thing_taken": msgspec.json.Decoder(ThingTaken),
}


def decode(kind: str, body: bytes) -> Op:
    """The toy's op back from its JSON."""
    op: Op = _DECODERS[kind].decode(body)
    return op


def context_of(conn: sqlite3.Connection, ask: Ask) -> Context:
    """A context without people."""
    now_ms = CLOCK.now_ms()
    return Context(
        now_ms=now_ms,
        asked_at_ms=ask.asked_at_ms or now_ms,
        business_day="2026-11-24",
        device_id=ask.asker.device_id,
        device_role=ask.asker.device_role,
        command_id=ask.id,
        staff_id="s1",
        approved_permissions=frozenset({"put"}) if ask.approval else frozenset(),
        fresh_id=CLOCK.fresh_id,
    )


def put(thing: str, *, box: str = "b1", price_minor: int = 100, fault: str = "", id: str = "") -> Ask:
    """Asks to put a thing; the command's id follows the thing's."""
    command = PutThing(box_id=box, thing_id=thing, price_minor=price_minor, fault=fault)
    return Ask(id=id or f"put-{box}-{thing}", name="put_thing", command=command, asker=WAITER)


def take(thing: str, *, box: str = "b1") -> Ask:
    """Asks to take a thing."""
    command = TakeThing(box_id=box, thing_id=thing)
    return Ask(id=f"take-{box}-{thing}", name="take_thing", command=command, asker=WAITER)


class Venue:
    """An engine with the toy slice on a real file."""

    def __init__(self, folder: Path, conn: WriterConnection | None = None, queue_limit: int = 2_000) -> None:
        self.path = folder / database.FILE_NAME
        self.conn = conn or database.connect_writer(self.path)
        migrate(self.conn)
        self.projector = Projector([TOY], decode)
        self.projector.rebuild(self.conn, self.projector.stale(self.conn))
        self.writer = Writer(
            self.conn,
            slices=[TOY],
            projector=self.projector,
            context_of=context_of,
            clock=CLOCK,
            queue_limit=queue_limit,
        )
        self.reads = database.ReadPool(self.path)
        self.tasks = Tasks(CLOCK)

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """What is committed."""
        return self.reads.run_here(lambda conn: list(conn.execute(sql)))


@contextlib.asynccontextmanager
async def a_venue(folder: Path, conn: WriterConnection | None = None, queue_limit: int = 2_000) -> AsyncIterator[Venue]:
    """A running one."""
    venue = Venue(folder, conn, queue_limit)
    venue.writer.start()
    try:
        yield venue
    finally:
        await venue.writer.stop()
        venue.reads.close()
        venue.conn.close()
