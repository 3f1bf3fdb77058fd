"""Figures follow the log: once each, in order, over restarts; a poison entry stops one projection of one venue."""

from collections.abc import Iterator
from typing import Any, ClassVar

import msgspec
import pytest

from cloud.app import PROJECTIONS
from cloud.engine import entries as log_rows
from cloud.engine import migrate, projector
from cloud.engine.database import Connection, Database, rows
from cloud.engine.ingest import Arrival, Ingest
from cloud.engine.projector import Projector
from cloud.reports import views
from shared.entry import Entry
from shared.ops import Op, decode
from shared.ops.payments import CheckClosed
from shared.projections.projection import Projection
from shared.projections.rows import row_of
from shared.writes import Add, Put, Table, Write
from sync.frames import Hello, encode_message
from tests.cloud.hub_builders import DAY, Databases, EdgeLog, StandingClock, packed
from tests.cloud.service_day import ServiceDay, a_line, a_venue, sold

V1 = ("acme", "v1")
STANDS = "projection_stand JOIN projection_made USING (made)"


async def send(
    database: Database, clock: StandingClock, log: EdgeLog, *, venue_id: str = "v1", account: str = "ACCT_ACME"
) -> None:
    """Everything the log has, as its edge would send it."""
    hub = Ingest(database, clock)
    hello = Hello(nonce="n", install=log.install, session=log.session, epoch=1, last=len(log.entries))
    await hub.greet(account, venue_id, encode_message(hello))
    await hub.take([Arrival(account, venue_id, *message) for message in packed(log.batches())])


def a_projector(
    database: Database, clock: StandingClock, projections: tuple[Projection, ...] = PROJECTIONS
) -> Projector:
    return Projector(database, projections, decode=decode, clock=clock)


def write_sales(log: EdgeLog, count: int) -> None:
    for number in range(count):
        log.write(*sold(f"c{number}", a_line("l1", 2)))


async def catch_up(working: Projector, venue: tuple[str, str] = V1) -> None:
    for _ in range(100):
        if not await working.advance(venue):
            return
    raise AssertionError("the projector does not come to an end")


async def level(working: Projector) -> None:
    """Every venue of every tenant caught up with, and shown."""
    await catch_up(working)
    for _ in range(20):
        late = await working.show_what_is_level()
        if not late:
            return
        for venue in late:
            await catch_up(working, venue)
    raise AssertionError("some venue is never level")


async def sales_of(database: Database, venue_id: str = "v1") -> list[tuple[Any, ...]]:
    async with database.tenant("acme") as conn:
        return await rows(
            conn,
            "SELECT hour, checks, gross_minor, tips_minor FROM sales_hour WHERE venue_id = %s ORDER BY hour",
            (venue_id,),
        )


async def cursors(database: Database) -> dict[str, int]:
    async with database.tenant("acme") as conn:
        return dict(await rows(conn, f"SELECT projection, seq FROM {STANDS} WHERE venue_id = 'v1' AND is_wanted"))


async def stopped(database: Database) -> list[tuple[Any, ...]]:
    """Projections that stand still, at which entry, and its kind."""
    async with database.tenant("acme") as conn:
        where = f"FROM {STANDS} WHERE stop_seq > 0 AND is_wanted ORDER BY projection"
        return await rows(conn, f"SELECT projection, stop_seq, stop_kind {where}")


async def test_figures_are_the_sum_of_the_closed_checks(database: Database, clock: StandingClock) -> None:
    log = EdgeLog()
    log.write(*ServiceDay(3, checks=25).ops)
    await send(database, clock, log)
    await catch_up(a_projector(database, clock))
    expected: dict[int, list[int]] = {}
    for entry in log.entries:
        op = decode(entry.kind, entry.body)
        if isinstance(op, CheckClosed):
            sums = expected.setdefault(op.hour, [0, 0, 0])
            for place, amount in enumerate((1, op.total_minor, op.tips_minor)):
                sums[place] += amount
    assert await sales_of(database) == [(hour, *sums) for hour, sums in sorted(expected.items())]
    assert set((await cursors(database)).values()) == {len(log.entries)}


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        ("2026-02-27", "2026-04-01", 5),
        ("2026-03-01", "2026-03-31", 3),
        ("2026-02-28", "2026-04-02", 5),
        ("2026-03-05", "2026-03-05", 1),
    ],
)
async def test_a_span_of_days_sells_what_its_days_sold(
    database: Database, clock: StandingClock, first: str, last: str, days: int
) -> None:
    log = EdgeLog()
    for day in ("2026-02-26", "2026-02-28", "2026-03-01", "2026-03-05", "2026-03-31", "2026-04-01", "2026-04-03"):
        log.write(*sold(f"c-{day}", a_line("l1", 2)), day=day)
    await send(database, clock, log)
    await catch_up(a_projector(database, clock))
    async with database.tenant("acme") as conn:
        items = await views.items(conn, "acme", ["v1", "v2"], first=first, last=last)
        daily = await views.daily(conn, "acme", ["v1", "v2"], first=first, last=last)
    assert [(one.quantity, one.gross_minor) for one in items] == [(days, days * 1_500_00)]
    assert [one.gross_minor for one in daily] == [1_500_00] * days


async def test_dishes_add_up_to_the_sales_and_adjustments_to_what_was_given(
    database: Database, clock: StandingClock
) -> None:
    log = EdgeLog()
    log.write(*ServiceDay(4, checks=12).ops)
    await send(database, clock, log)
    await catch_up(a_projector(database, clock))
    closed = [op for op in (decode(entry.kind, entry.body) for entry in log.entries) if isinstance(op, CheckClosed)]
    async with database.tenant("acme") as conn:
        (day,) = await views.daily(conn, "acme", ["v1"], first=DAY, last=DAY)
        items = await views.items(conn, "acme", ["v1"], first=DAY, last=DAY)
        (given,) = await views.adjustments(conn, "acme", ["v1"], first=DAY, last=DAY)
    assert sum(item.gross_minor for item in items) == day.gross_minor == sum(op.total_minor for op in closed)
    assert sum(item.vat_minor for item in items) == day.vat_minor
    assert sum(item.adjusted_minor for item in items) == sum(op.adjustments_minor for op in closed) < 0
    assert (given.kind, given.reason, given.given_by, given.approved_by) == ("discount", "demora", "ana", "")
    assert (given.adjustments, given.amount_minor) == (12, sum(op.adjustments_minor for op in closed))


async def test_training_is_in_no_report(database: Database, clock: StandingClock) -> None:
    log = EdgeLog()
    log.write(*sold("c1", a_line("l1")), training=True)
    log.write(*sold("c2", a_line("l1", 2)))
    await send(database, clock, log)
    await catch_up(a_projector(database, clock))
    assert await sales_of(database) == [(13, 1, 1_500_00, 0)]


async def test_a_restart_between_any_two_batches_counts_nothing_twice(
    database: Database, clock: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(projector, "BATCH", 7)
    log = EdgeLog()
    write_sales(log, 30)
    await send(database, clock, log)
    while await a_projector(database, clock).advance(V1):  # a new one for each batch
        pass
    assert await sales_of(database) == [(13, 30, 30 * 1_500_00, 0)]


async def test_a_crash_before_the_commit_is_as_if_nothing_was_done(
    database: Database, clock: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = EdgeLog()
    write_sales(log, 5)
    await send(database, clock, log)

    async def cut(conn: Connection, *args: object) -> None:
        raise projector.AWAY[0]("the cable was pulled")

    with monkeypatch.context() as patch:
        patch.setattr(projector, "ring", cut)
        with pytest.raises(projector.AWAY):
            await a_projector(database, clock).advance(V1)
    assert await sales_of(database) == []
    await catch_up(a_projector(database, clock))
    assert await sales_of(database) == [(13, 5, 5 * 1_500_00, 0)]


async def test_an_op_newer_than_the_hub_stops_nobody(database: Database, clock: StandingClock) -> None:
    log = EdgeLog()
    log.write(a_venue(), *sold("c1", a_line("l1", 2)))
    log.write_raw("drone_landed", b'{"type":"drone_landed"}')
    log.write(*sold("c2", a_line("l1", 2)))
    await send(database, clock, log)
    await catch_up(a_projector(database, clock))
    assert await sales_of(database) == [(13, 2, 2 * 1_500_00, 0)]
    assert set((await cursors(database)).values()) == {6}
    assert await stopped(database) == []


class DroneLanded(Op, frozen=True, kw_only=True, tag="drone_landed"):
    """What a later release knows."""

    SUBJECT: ClassVar[str] = "drone_id"
    drone_id: str


LANDING = Table(name="landing", key=("drone_id",), columns={"drone_id": "text"})


def land(entry: Entry, op: DroneLanded) -> Iterator[Write]:
    """What the later release makes of it."""
    yield Put("landing", row_of(LANDING, op))


def lift_off(entry: Entry, op: CheckClosed) -> Iterator[Write]:
    """What the projection did before drones."""
    yield Put("landing", {"drone_id": op.check_id})


async def test_the_release_that_knows_an_op_finds_every_one_that_came_before_it(
    databases: Databases, database_name: str, database: Database, clock: StandingClock
) -> None:
    urls = databases.owner_url(database_name), databases.app_url(database_name)
    before = Projection("landings", (LANDING,), {CheckClosed: lift_off})
    migrate.migrate(*urls, (before,))
    log = EdgeLog()
    log.write_raw("drone_landed", b'{"type":"drone_landed","drone_id":"d1"}')
    log.write(*sold("c1", a_line("l1")))
    await send(database, clock, log)
    await catch_up(a_projector(database, clock, (before,)))
    after = Projection("landings", (LANDING,), {CheckClosed: lift_off, DroneLanded: land})
    migrate.migrate(*urls, (after,))
    later = Projector(database, (after,), decode=decode_drones, clock=clock)
    await level(later)
    async with database.tenant("acme") as conn:
        assert await rows(conn, "SELECT drone_id FROM landing ORDER BY drone_id") == [("c1",), ("d1",)]


def decode_drones(kind: str, body: bytes) -> Op:
    """As the later release decodes."""
    return msgspec.json.decode(body, type=DroneLanded) if kind == "drone_landed" else decode(kind, body)


async def test_a_stuck_venue_stops_no_other_and_no_projection_that_does_not_want_the_entry(
    database: Database, clock: StandingClock
) -> None:
    poisoned, well = EdgeLog(), EdgeLog(session="s2", install="i2")
    poisoned.write_raw("check_closed", b"not JSON")
    well.write(*sold("c1", a_line("l1", 2)))
    await send(database, clock, poisoned)
    await send(database, clock, well, venue_id="v2")
    working = a_projector(database, clock)
    await catch_up(working)
    await catch_up(working, ("acme", "v2"))
    assert await sales_of(database, "v2") == [(13, 1, 1_500_00, 0)]
    wanting = sorted(p.name for p in PROJECTIONS if "check_closed" in p.kinds)
    assert await stopped(database) == [(name, 1, "check_closed") for name in wanting]
    assert await cursors(database) == {p.name: 0 if p.name in wanting else 1 for p in PROJECTIONS}


CRASHING = Table(name="crashing", key=("business_day",), columns={"business_day": "text", "checks": "int"}, tally=True)
is_cured = False


def crash(entry: Entry, op: CheckClosed) -> Iterator[Write]:
    """A projection with a fault that a later release cures."""
    assert is_cured or op.check_id != "c3", "there is no check c3"
    yield Add("crashing", {"business_day": entry.business_day}, {"checks": 1})


async def test_a_crashing_projection_stops_alone_and_goes_on_where_it_stood_after_a_release(
    databases: Databases, database_name: str, database: Database, clock: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    projections = (*PROJECTIONS, Projection("crashing", (CRASHING,), {CheckClosed: crash}))
    migrate.migrate(databases.owner_url(database_name), databases.app_url(database_name), projections)
    log = EdgeLog()
    write_sales(log, 5)
    await send(database, clock, log)
    await catch_up(a_projector(database, clock, projections))
    assert await sales_of(database) == [(13, 5, 5 * 1_500_00, 0)]
    assert (await cursors(database))["crashing"] == 7
    monkeypatch.setitem(globals(), "is_cured", True)
    await catch_up(a_projector(database, clock, projections))
    async with database.tenant("acme") as conn:
        assert await rows(conn, "SELECT business_day, checks FROM crashing") == [(DAY, 5)]
    assert await stopped(database) == []


def overflow(entry: Entry, op: CheckClosed) -> Iterator[Write]:
    """A projection with a number that Postgres cannot hold, among others that it can."""
    yield Add("crashing", {"business_day": "0"}, {"checks": 2**70 if op.check_id == "c200" else 1})
    yield Add("crashing", {"business_day": op.check_id}, {"checks": 1})


async def test_what_postgres_cannot_hold_is_found_by_halves_and_stops_its_projection_alone(
    databases: Databases, database_name: str, database: Database, clock: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    projections = (Projection("crashing", (CRASHING,), {CheckClosed: overflow}), *PROJECTIONS)
    migrate.migrate(databases.owner_url(database_name), databases.app_url(database_name), projections)
    log = EdgeLog()
    write_sales(log, 300)
    await send(database, clock, log)
    reads: list[int] = []
    read = log_rows.read

    async def counting(conn: Connection, tenant_id: str, venue_id: str, *, after: int, limit: int) -> list[Entry]:
        reads.append(limit)
        return await read(conn, tenant_id, venue_id, after=after, limit=limit)

    monkeypatch.setattr(log_rows, "read", counting)
    await catch_up(a_projector(database, clock, projections))
    stands = await cursors(database)
    assert stands.pop("crashing") == 401
    assert set(stands.values()) == {600}
    assert await sales_of(database) == [(13, 300, 300 * 1_500_00, 0)]
    assert len(reads) < 60
