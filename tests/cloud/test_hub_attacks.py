"""What a hostile venue, neighbour or browser tries at the hub, and what it costs the others: nothing."""

import asyncio
import contextlib
import json
import threading
from typing import Any

import nats.errors
import psycopg
import pytest
from psycopg import sql

from cloud.app import opened
from cloud.engine import bell as bells
from cloud.engine import entries as log_rows
from cloud.engine.bell import Bell, Ring
from cloud.engine.database import Database, RoleTooStrong
from cloud.engine.ingest import Arrival, Ingest
from cloud.engine.live import Live
from cloud.people import accounts as accounts_module
from cloud.people.accounts import FREE_ATTEMPTS, Accounts
from cloud.rejections import Rejected
from shared.entry import Entry
from shared.errors import Fact
from sync.frames import Ack, Hello, Nack, encode_message
from sync.nats.connection import Connection, connected
from sync.nats.hub import Delivery, hub_link
from tests.cloud.hub_builders import Databases, EdgeLog, StandingClock, packed
from tests.cloud.service_day import a_line, a_sale
from tests.hub_service import HubService, until

PASSWORD = "correct horse"


async def greeted(hub: Ingest, venue_id: str) -> EdgeLog:
    log = EdgeLog()
    log.write(*(a_sale(f"c{number}", a_line("l1")) for number in range(1, 4)))
    hello = Hello(nonce="n", install=log.install, session=log.session, epoch=1, last=3)
    assert await hub.greet("ACCT_ACME", venue_id, encode_message(hello)) is not None
    return log


@pytest.mark.parametrize("field", ["session", "install", "nonce"])
async def test_a_hello_that_postgres_could_not_hold_is_no_hello(
    database: Database, clock: StandingClock, field: str
) -> None:
    for wrong in ("a\0b", "x" * 1_000):
        named = {"nonce": "n", "install": "i1", "session": "s1", field: wrong}
        hello = Hello(**named, epoch=1, last=0)
        assert await Ingest(database, clock).greet("ACCT_ACME", "v1", encode_message(hello)) is None


async def test_a_batch_that_postgres_refuses_stops_its_own_venue_and_no_other(
    database: Database, clock: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    append = log_rows.append

    async def refuse_v1(conn: Any, tenant_id: str, venue_id: str, entries: list[Entry]) -> None:
        if venue_id == "v1":
            raise psycopg.errors.DataError("no such thing in a column")
        await append(conn, tenant_id, venue_id, entries)

    hub = Ingest(database, clock)
    logs = {venue_id: await greeted(hub, venue_id) for venue_id in ("v1", "v2")}
    monkeypatch.setattr(log_rows, "append", refuse_v1)
    arrivals = [
        Arrival("ACCT_ACME", venue_id, *message) for venue_id, log in logs.items() for message in packed(log.batches())
    ]
    told = {answer.venue_id: answer.message for answer in await hub.take(arrivals)}
    assert isinstance(told["v1"], Nack) and told["v1"].reason == "unstorable"
    assert isinstance(told["v2"], Ack) and told["v2"].acked == 3


async def test_a_ring_of_another_release_is_passed_over(databases: Databases, database_name: str) -> None:
    rings: list[Ring] = []
    reconnected = asyncio.Event()

    async def on_reconnect() -> None:
        reconnected.set()

    url = databases.app_url(database_name)
    bell = Bell(url, clock=StandingClock(), on_ring=rings.append, on_reconnect=on_reconnect)
    bell.start()
    try:
        await asyncio.wait_for(reconnected.wait(), 30)
        with psycopg.connect(url, autocommit=True) as conn:
            for payload in ("", "nonsense", "acme v1 many", "acme v1 1 2", "acme v1 7"):
                conn.execute("SELECT pg_notify(%s, %s)", (bells.ENTRIES, payload))
        await until(lambda: rings)
        assert rings == [Ring(bells.ENTRIES, "acme", "v1", 7)]
    finally:
        await bell.stop()


async def test_a_venue_that_never_rests_keeps_no_ended_session_alive() -> None:
    """The stream looks at the session at each beat, and beats come however often it rings."""
    live = Live()
    with live.following("acme") as follower:

        async def ring() -> None:
            while True:
                follower.ring("v1", 1)
                await asyncio.sleep(0)

        ringing = asyncio.create_task(ring())
        try:
            async with asyncio.timeout(30):
                async for changed in follower.changes(beat_s=0.01):
                    if not changed:
                        return
        finally:
            ringing.cancel()


async def test_no_password_is_hashed_on_the_loop_that_serves_everybody(
    database: Database, clock: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    where: list[bool] = []

    class Hasher:
        def hash(self, password: str) -> str:
            where.append(threading.current_thread() is threading.main_thread())
            return "$argon2"

        def verify(self, hashed: str, password: str) -> bool:
            where.append(threading.current_thread() is threading.main_thread())
            return False

    monkeypatch.setattr(accounts_module, "PasswordHasher", Hasher)
    with pytest.raises(Rejected):
        await Accounts(database, clock).sign_in("nobody@acme.test", PASSWORD, address="127.0.0.1")
    assert where and not any(where)


async def test_who_is_locked_out_cannot_tell_whether_the_address_exists(
    database: Database, clock: StandingClock
) -> None:
    accounts = Accounts(database, clock)

    async def codes(email: str) -> list[tuple[str, Fact | None]]:
        found: list[tuple[str, Fact | None]] = []
        for number in range(FREE_ATTEMPTS + 1):
            with pytest.raises(Rejected) as refused:
                await accounts.sign_in(email, "a wrong guess", address=f"192.0.2.{number}")
            found.append((refused.value.code, refused.value.facts.get("retry_after_s")))
        return found

    assert await codes("owner@acme.test") == await codes("nobody@acme.test")


async def test_a_whole_ipv6_network_guesses_like_one_address(database: Database, clock: StandingClock) -> None:
    accounts = Accounts(database, clock)
    codes = []
    for number in range(30):
        with pytest.raises(Rejected) as refused:
            await accounts.sign_in(f"a{number}@acme.test", "a guess", address=f"2001:db8::{number:x}")
        codes.append(refused.value.code)
    assert codes[-1] == "too_fast"


async def test_a_crowd_that_signs_in_is_told_to_wait_and_locks_nobody_out(
    database: Database, clock: StandingClock
) -> None:
    accounts = Accounts(database, clock)
    tries = [accounts.sign_in(f"a{n}@acme.test", "a guess", address=f"192.0.2.{n}") for n in range(100)]
    answers = await asyncio.gather(*tries, return_exceptions=True)
    codes = {answer.code for answer in answers if isinstance(answer, Rejected)}
    assert codes == {"sign_in_wrong", "too_fast"}
    assert await accounts.sign_in("owner@acme.test", PASSWORD, address="198.51.100.1")


async def test_a_page_of_one_hub_signs_out_at_another(database: Database, clock: StandingClock) -> None:
    """Hubs stand beside each other and share nothing but the database."""
    secret = await Accounts(database, clock).sign_in("owner@acme.test", PASSWORD, address="127.0.0.1")
    here, there = [await Accounts(database, clock).session(secret) for _ in range(2)]
    assert here is not None and there is not None
    assert here.csrf == there.csrf != secret


async def test_a_venue_that_asks_without_end_leaves_room_for_the_others(service: HubService) -> None:
    answered: list[str] = []
    never = asyncio.Event()

    async def ask(delivery: Delivery) -> bytes | None:
        if delivery.venue_id == "v1":
            await never.wait()
        answered.append(delivery.venue_id)
        return b"here"

    def link(venue_id: str) -> contextlib.AbstractAsyncContextManager[Connection]:
        creds = service.authority.venue("acme", venue_id)
        return connected(
            service.nats.url, creds, name=venue_id, on_error=lambda _: None, inbox_prefix=f"_INBOX_{venue_id}"
        )

    async with (
        hub_link(service.nats.url, service.authority.hub(), on_error=lambda _: None) as hub,
        link("v1") as loud,
        link("v2") as quiet,
    ):
        await hub.answer("hello", ask)
        await until_heard(quiet)
        for number in range(500):
            await loud.client.publish("req.v1.hello", b"", reply=f"_INBOX_v1.{number}")
        await loud.client.flush()
        answer = await quiet.client.request("req.v2.hello", b"", timeout=20)
        assert (answer.data, answered) == (b"here", ["v2", "v2"])


async def until_heard(quiet: Connection) -> None:
    """Ask until the server has joined the hub's account with the venue's: it does so in its own time."""
    async with asyncio.timeout(20):
        while True:
            with contextlib.suppress(nats.errors.NoRespondersError):
                await quiet.client.request("req.v2.hello", b"", timeout=20)
                return
            await asyncio.sleep(0.05)


async def test_a_venue_fills_its_own_share_of_a_stream_and_no_more(service: HubService) -> None:
    creds = service.authority.venue("acme", "v1")
    async with service.hub():
        pass  # made the streams, and is away now
    async with (
        connected(service.nats.url, creds, name="box", on_error=lambda _: None, inbox_prefix="_INBOX_v1") as box,
        connected(service.nats.url, service.authority.hub(), name="look", on_error=lambda _: None) as look,
    ):
        for _ in range(500):
            await box.client.publish("up.v1.00.b", b"\0" * 1_000)
        await box.client.flush()

        async def waiting() -> int:
            found = await look.client.request("$JS.API.STREAM.INFO.UP_00", timeout=20)
            return int(json.loads(found.data)["state"]["messages"])

        # What is published without asking for an answer is stored a moment after the server has read it.
        before = -1
        while (now := await waiting()) == 0 or now != before:
            before = now
            await asyncio.sleep(0.2)
        assert now < 100


async def test_the_hub_does_not_start_as_a_role_that_may_become_a_stronger_one(
    databases: Databases, database_name: str
) -> None:
    role = sql.Identifier("hos_strong")
    with psycopg.connect(databases.owner_url(database_name), autocommit=True) as conn:
        conn.execute(sql.SQL("CREATE ROLE {} BYPASSRLS").format(role))
        conn.execute(sql.SQL("GRANT {} TO hos_app").format(role))
        try:
            with pytest.raises(RoleTooStrong):
                async with opened(databases.app_url(database_name)):
                    raise AssertionError("it started")
        finally:
            conn.execute(sql.SQL("DROP ROLE {}").format(role))
