"""A projection that counts behind the writer how often things came into boxes."""

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

from engine_toy import ThingPut, Venue, decode

from edge.engine import cursors, database
from edge.engine.behind import BehindProjection
from shared.entry import Entry
from shared.projections.projection import Projection
from shared.writes import Add, Table, Write

#: Told of each op before it is counted; a fault of ours raises here.
looks: list[Callable[[ThingPut], None]] = []

COUNT = Table(
    name="put_count", key=("box_id",), columns={"box_id": "text", "puts": "int", "worth_minor": "int"}, tally=True
)


def count_put(entry: Entry, op: ThingPut) -> Iterator[Write]:
    """One more in the box; a sum, which a second time would spoil."""
    for look in looks:
        look(op)
    yield Add("put_count", {"box_id": op.box_id}, {"puts": 1, "worth_minor": op.price_minor})


COUNTS = Projection("counts", (COUNT,), {ThingPut: count_put})


def a_behind(venue: Venue, projection: Projection = COUNTS) -> BehindProjection:
    """The projection behind this venue's writer."""
    return BehindProjection(
        projection, writer=venue.writer, reads=venue.reads, tasks=venue.tasks, decode=decode, first_delay_s=0.001
    )


def counted(folder: Path) -> tuple[int, int]:
    """How many puts the table has, and how many the log has up to its cursor."""
    with contextlib.closing(sqlite3.connect(folder / database.FILE_NAME)) as conn:
        if not conn.execute("SELECT 1 FROM sqlite_master WHERE name = 'put_count'").fetchall():
            return 0, 0
        upto = cursors.saved(conn, "behind counts").seq
        (puts,) = conn.execute("SELECT COALESCE(SUM(puts), 0) FROM put_count").fetchone()
        (logged,) = conn.execute("SELECT COUNT(*) FROM log WHERE kind = 'thing_put' AND seq <= ?", (upto,)).fetchone()
        return int(puts), int(logged)
