"""What venues send is stored once, in order, and confirmed after the commit."""

import asyncio

import psycopg
import pytest
from msgspec.structs import replace
from psycopg import sql

from cloud.app import opened
from cloud.engine import entries, ingest
from cloud.engine.database import AWAY, Connection, Database, one, rows
from cloud.engine.ingest import Answer, Arrival, Ingest
from cloud.engine.migrate import begin_new_life
from shared.entry import Entry, digest_of
from sync.frames import Ack, Batch, Hello, Nack, Welcome, decode_message, encode_message
from tests.cloud.hub_builders import Databases, EdgeLog, StandingClock, packed, packed_before
from tests.cloud.service_day import a_line, a_sale


@pytest.fixture
def log() -> EdgeLog:
    made = EdgeLog()
    made.write(*(a_sale(f"c{number}", a_line("l1")) for number in range(1, 31)))
    return made


@pytest.fixture
async def hub(database: Database, clock: StandingClock, log: EdgeLog) -> Ingest:
    made = Ingest(database, clock)
    await greet(made, log)
    return made


async def greet(hub: Ingest, log: EdgeLog, *, account: str = "ACCT_ACME", venue_id: str = "v1") -> Welcome | None:
    hello = Hello(nonce="n", install=log.install, session=log.session, epoch=1, last=len(log.entries))
    answer = await hub.greet(account, venue_id, encode_message(hello))
    if answer is None:
        return None
    welcome = decode_message(answer)
    assert isinstance(welcome, Welcome)
    return welcome


def arrivals(*batches: Batch, account: str = "ACCT_ACME", venue_id: str = "v1") -> list[Arrival]:
    return [Arrival(account, venue_id, headers, payload) for headers, payload in packed(batches)]


async def refusal(database: Database) -> object:
    """What the owner's app shows as this venue's trouble."""
    async with database.tenant("acme") as conn:
        found = await one(conn, "SELECT refusal FROM venue_head WHERE venue_id = 'v1'")
    return found and found[0]


async def stored(database: Database, tenant_id: str = "acme", venue_id: str = "v1") -> list[Entry]:
    async with database.tenant(tenant_id) as conn:
        return await entries.read(conn, tenant_id, venue_id, after=0, limit=1000)


def acked(answers: list[Answer]) -> list[int | str]:
    return [one.message.acked if isinstance(one.message, Ack) else one.message.reason for one in answers]


async def test_a_log_arrives_as_it_was_written(hub: Ingest, database: Database, log: EdgeLog) -> None:
    assert acked(await hub.take(arrivals(*log.batches(7)))) == [30]
    assert await stored(database) == log.entries


async def test_a_repeated_batch_is_confirmed_and_stored_once(hub: Ingest, database: Database, log: EdgeLog) -> None:
    batch = log.batch(1, 10)
    assert acked(await hub.take(arrivals(batch, batch))) == [10]
    assert acked(await hub.take(arrivals(batch))) == [10]
    assert acked(await hub.take(arrivals(log.batch(11, 30)))) == [30]
    assert acked(await hub.take(arrivals(batch, log.batch(11, 20)))) == [30]
    assert await stored(database) == log.entries


async def test_a_repeat_that_comes_behind_what_is_new_is_no_fork(hub: Ingest, database: Database, log: EdgeLog) -> None:
    await hub.take(arrivals(log.batch(1, 10)))
    assert acked(await hub.take(arrivals(log.batch(11, 20), log.batch(1, 10)))) == [20]
    assert await refusal(database) == ""


async def test_a_repeat_with_other_borders_that_ends_inside_what_is_new_is_no_fork(
    hub: Ingest, database: Database, log: EdgeLog
) -> None:
    found = arrivals(log.batch(1, 1), log.batch(2, 15), log.batch(1, 10), log.batch(16, 30), log.batch(4, 20))
    assert acked(await hub.take(found)) == [30]
    assert await refusal(database) == ""
    assert await stored(database) == log.entries


async def test_another_past_that_ends_inside_what_is_new_is_a_fork(hub: Ingest, log: EdgeLog) -> None:
    twin = EdgeLog(mark=9)
    twin.write(*(a_sale(f"x{number}", a_line("l1")) for number in range(1, 13)))
    assert acked(await hub.take(arrivals(log.batch(1, 15), twin.batch(1, 10)))) == [15, "fork"]


async def test_a_batch_of_an_edge_of_the_first_releases_is_taken(hub: Ingest, database: Database, log: EdgeLog) -> None:
    assert acked(await hub.take([Arrival("ACCT_ACME", "v1", *packed_before(log.batch(1, 10)))])) == [10]
    assert acked(await hub.take(arrivals(log.batch(11, 30)))) == [30]
    assert await stored(database) == log.entries


@pytest.mark.parametrize(
    ("error", "trouble"),
    [(psycopg.errors.DiskFull("no space left on device"), "full"), (psycopg.OperationalError("gone"), "away")],
)
async def test_why_nothing_can_be_stored_is_known_until_something_is(
    hub: Ingest, log: EdgeLog, monkeypatch: pytest.MonkeyPatch, error: psycopg.Error, trouble: str
) -> None:
    async def refuse(*_: object) -> None:
        raise error

    with monkeypatch.context() as broken:
        broken.setattr(entries, "append", refuse)
        with pytest.raises(type(error)):
            await hub.take(arrivals(log.batch(1, 10)))
    assert (hub.trouble, hub.stored_at_ms) == (trouble, 0)
    assert acked(await hub.take(arrivals(log.batch(1, 10)))) == [10]
    assert hub.trouble == "" and hub.stored_at_ms > 0


async def test_a_database_that_takes_no_writes_keeps_batches_in_the_pipe(
    hub: Ingest, databases: Databases, database_name: str, log: EdgeLog
) -> None:
    """Refused, they would be given up for good, though nothing is wrong with them."""
    with psycopg.connect(databases.owner_url(database_name), autocommit=True) as conn:
        conn.execute(
            sql.SQL("ALTER ROLE hos_app IN DATABASE {} SET default_transaction_read_only = on").format(
                sql.Identifier(database_name)
            )
        )
        async with opened(databases.app_url(database_name)) as read_only:
            late = Ingest(read_only, StandingClock())
            with pytest.raises(AWAY):
                await late.take(arrivals(log.batch(1, 10)))
    assert late.trouble == "read_only"


async def test_a_gap_is_refused_and_what_fits_is_kept(hub: Ingest, database: Database, log: EdgeLog) -> None:
    assert acked(await hub.take(arrivals(log.batch(6, 10), log.batch(1, 5)))) == [5, "gap"]
    assert await stored(database) == log.entries[:5]


async def test_a_fork_is_refused(hub: Ingest, database: Database, log: EdgeLog) -> None:
    await hub.take(arrivals(log.batch(1, 10)))
    twin = EdgeLog(mark=9)
    twin.write(*(a_sale(f"x{number}", a_line("l1")) for number in range(1, 13)))
    assert acked(await hub.take(arrivals(twin.batch(1, 10)))) == ["fork"]
    assert acked(await hub.take(arrivals(twin.batch(11, 12)))) == ["fork"]
    assert await stored(database) == log.entries[:10]


async def test_a_changed_byte_is_refused(hub: Ingest, database: Database, log: EdgeLog) -> None:
    headers, _ = packed_before(log.batch(1, 3))
    forged = EdgeLog()
    forged.write(*(a_sale(f"c{number}", a_line("l1", quantity=9)) for number in range(1, 4)))
    forged.entries = [replace(bad, digest=good.digest) for bad, good in zip(forged.entries, log.entries, strict=False)]
    _, payload = packed_before(forged.batch(1, 3))
    assert acked(await hub.take([Arrival("ACCT_ACME", "v1", headers, payload)])) == ["digest"]
    assert acked(await hub.take(arrivals(forged.batch(1, 3)))) == ["digest"]
    assert await stored(database) == []


async def test_noise_is_refused_and_stores_nothing(hub: Ingest, database: Database) -> None:
    noise = [
        Arrival("ACCT_ACME", "v1", None, b""),
        Arrival("ACCT_ACME", "v1", {"V": "1", "Enc": "msgpack+zlib"}, b"\0" * 99),
        Arrival("ACCT_ACME", "v1", {"V": "9"}, b"x"),
    ]
    assert acked(await hub.take(noise)) == ["payload", "payload", "version"]
    assert await hub.greet("ACCT_ACME", "v1", b"\xff" * 40) is None
    assert await stored(database) == []


async def test_an_id_that_stands_elsewhere_in_the_log_is_refused(hub: Ingest, database: Database, log: EdgeLog) -> None:
    await hub.take(arrivals(log.batch(1, 3)))
    bad = replace(log.entries[3], id=log.entries[0].id)
    bad = replace(bad, digest=digest_of(log.entries[2].digest, bad))
    batch = Batch(epoch=1, session="s1", prev=log.entries[2].digest, entries=(bad,))
    assert acked(await hub.take(arrivals(batch))) == ["repeated_id"]
    assert await stored(database) == log.entries[:3]
    assert acked(await hub.take(arrivals(log.batch(4, 30)))) == [30]


async def test_a_venue_nobody_enrolled_is_not_answered(hub: Ingest, log: EdgeLog) -> None:
    assert await greet(hub, log, venue_id="nowhere") is None
    assert await greet(hub, log, account="ACCT_NOBODY") is None
    assert await hub.take(arrivals(log.batch(1, 1), venue_id="nowhere")) == []
    assert await hub.take(arrivals(log.batch(1, 1), account="ACCT_NOBODY")) == []


async def test_the_account_in_the_subject_decides_whose_log_it_is(
    hub: Ingest, database: Database, log: EdgeLog
) -> None:
    """Another tenant's account cannot reach this tenant's venue, whatever it calls it."""
    assert await greet(hub, log, account="ACCT_OTHER", venue_id="v2") is None
    assert await hub.take(arrivals(log.batch(1, 5), account="ACCT_OTHER", venue_id="v2")) == []
    assert await stored(database) == []


async def test_a_second_box_is_fenced_and_the_first_goes_on(hub: Ingest, log: EdgeLog) -> None:
    clone = EdgeLog(session="s2", install="i2")
    welcome = await greet(hub, clone)
    assert welcome is not None and welcome.verdict == "fenced"
    assert acked(await hub.take(arrivals(log.batch(1, 5)))) == [5]


async def test_a_crash_before_the_commit_leaves_nothing_and_one_after_it_repeats_the_answer(
    hub: Ingest, database: Database, log: EdgeLog, clock: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = ingest.ring

    async def cut(conn: Connection, *args: object) -> None:
        await ring(conn, *args)  # type: ignore[arg-type]
        raise psycopg.OperationalError("the cable was pulled")

    with monkeypatch.context() as patch:
        patch.setattr(ingest, "ring", cut)  # after head and entries are written, before the COMMIT
        with pytest.raises(psycopg.OperationalError):
            await hub.take(arrivals(log.batch(1, 10)))
    assert await stored(database) == []
    await hub.take(arrivals(log.batch(1, 10)))  # the COMMIT stands, and this answer is lost
    reborn = Ingest(database, clock)
    assert acked(await reborn.take(arrivals(log.batch(1, 10), log.batch(11, 30)))) == [30]
    assert await stored(database) == log.entries


async def test_two_hubs_with_the_same_batches_store_them_once(
    hub: Ingest, database: Database, log: EdgeLog, clock: StandingClock
) -> None:
    twin = Ingest(database, clock)
    for batch in log.batches(3):
        answers = await asyncio.gather(hub.take(arrivals(batch)), twin.take(arrivals(batch)))
        assert acked(answers[0]) == acked(answers[1]) == [batch.hi]
    assert await stored(database) == log.entries


async def test_the_head_row_says_how_far_behind_a_venue_is(hub: Ingest, database: Database, log: EdgeLog) -> None:
    await greet(hub, log)
    await hub.take(arrivals(log.batch(1, 10), log.batch(12, 13)))
    async with database.tenant("acme") as conn:
        found = await one(
            conn,
            "SELECT acked, edge_last, refusal, last_entry_ms FROM venue_head WHERE venue_id = 'v1'",
        )
    assert found == (10, 30, "", log.entries[9].at_ms)


async def test_nobody_at_the_hub_changes_a_log(database: Database, hub: Ingest, log: EdgeLog) -> None:
    await hub.take(arrivals(log.batch(1, 5)))
    for statement in ("UPDATE entries SET kind = 'x'", "DELETE FROM entries"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            async with database.tenant("acme") as conn:
                await conn.execute(statement)


async def test_after_a_restore_the_next_life_says_so(
    hub: Ingest, database: Database, databases: Databases, database_name: str, log: EdgeLog
) -> None:
    life = begin_new_life(databases.owner_url(database_name))
    welcome = await greet(hub, log)
    assert welcome is not None and welcome.hub_inc == life
    [answer] = await hub.take(arrivals(log.batch(1, 2)))
    assert not isinstance(answer.message, Nack) and answer.message.hub_inc == life
    async with database.tenant("acme") as conn:
        assert len(await rows(conn, "SELECT 1 FROM entries")) == 2


async def test_the_same_backup_restored_again_is_another_life(databases: Databases, database_name: str) -> None:
    """Venues know the first of them: counted on from the copy, the second would be no news and they would send nothing."""
    owner_url = databases.owner_url(database_name)
    with psycopg.connect(owner_url, autocommit=True) as conn:
        found = conn.execute("SELECT EXTRACT(epoch FROM clock_timestamp())::bigint").fetchone()
        assert found is not None
        assert begin_new_life(owner_url) >= found[0], "the time is in it, and no two restores begin at the same"
        conn.execute("UPDATE hub SET hub_inc = 9000000000")
        assert begin_new_life(owner_url) == 9_000_000_001, "a clock that was ahead once takes no life back"
