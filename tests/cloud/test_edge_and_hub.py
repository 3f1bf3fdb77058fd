"""A whole edge beside a hub; and what a box in a venue may send to NATS that is no log of its own."""

import asyncio
import contextlib
import importlib.metadata
import json
import random
import zlib
from pathlib import Path

import msgspec
import pytest

from cloud.app import opened
from cloud.engine.database import one
from edge.app import Edge, running
from edge.engine.asks import CONSOLE
from sync.frames import MAX_LONE_RAW, MAX_MESSAGE, Malformed, Nack, decode_message, encode_batch
from sync.nats import subjects
from sync.nats.connection import Connection, connected
from sync.nats.hub import MAX_DELIVER, hub_link
from tests.cloud.hub_builders import EdgeLog, packed_before
from tests.cloud.service_day import a_line, sold
from tests.cloud.uplink_venue import a_log_venue
from tests.hub_service import PATIENCE_S, HubService, until
from tests.service import opening_time

V1 = ("acme", "v1")


def rows(edge: Edge) -> list[tuple[int, bytes]]:
    return edge.reads.run_here(lambda conn: list(conn.execute("SELECT seq, digest FROM log ORDER BY seq")))


async def edge_release(service: HubService) -> str:
    """The release that the hub was told."""
    async with opened(service.app_url) as database, database.tenant(V1[0]) as conn:
        found = await one(conn, "SELECT edge_release FROM venue_head WHERE venue_id = %s", (V1[1],))
    assert found is not None
    return str(found[0])


async def set_up(edge: Edge) -> None:
    for command in opening_time():
        assert (await edge.door.ask_one(command, CONSOLE)).outcome == "done"


async def test_a_whole_edge_works_on_while_nats_and_hub_are_killed_and_the_hub_ends_equal(
    service: HubService, tmp_path: Path
) -> None:
    service.start_hub()
    async with running(service.edge_settings(*V1, tmp_path)) as edge:
        await until(lambda: edge.uplink.state == "connected")
        assert await edge_release(service) == importlib.metadata.version("hospitality-os")
        await set_up(edge)
        await until(lambda: service.entries(*V1) == rows(edge))
        service.kill_hub()
        await set_up(edge)
        service.nats.kill()
        await set_up(edge)
        await until(lambda: edge.uplink.state == "waiting")
        assert not edge.uplink.is_connected()
        service.nats.start()
        service.start_hub()
        await until(lambda: service.entries(*V1) == rows(edge))
        await until(lambda: edge.uplink.is_connected())


async def test_an_edge_without_a_hub_says_so(tmp_path: Path, service: HubService) -> None:
    settings = service.edge_settings(*V1, tmp_path)
    alone = type(settings)(data_dir=settings.data_dir)
    async with running(alone) as edge:
        assert (edge.uplink.state, edge.uplink.is_connected()) == ("off", False)


async def test_a_second_box_under_the_same_venue_is_fenced_and_says_so(service: HubService, tmp_path: Path) -> None:
    async with service.hub(), a_log_venue(service.edge_settings(*V1, tmp_path / "first")) as first:
        await first.sell(10)
        await until(lambda: first.acked() == 20)
        async with a_log_venue(service.edge_settings(*V1, tmp_path / "second")) as second:
            await second.sell(3)
            await until(lambda: second.uplink.trouble == "fenced")
            assert not second.uplink.is_connected()
        await first.sell(1)
        await until(lambda: first.acked() == 22)
        assert service.entries(*V1) == first.rows()


def packed(log: EdgeLog, lo: int, hi: int) -> bytes:
    made = encode_batch(log.batch(lo, hi))
    assert not isinstance(made, Malformed)
    return made


def a_log(session: str) -> EdgeLog:
    log = EdgeLog(session=session, install="somebody", mark=7)
    log.write(*[op for number in range(20) for op in sold(f"f{number}", a_line("l1"))])
    return log


def noise() -> dict[str, tuple[dict[str, str] | None, bytes]]:
    """What a broken or a hostile box may publish as a batch."""
    headers, payload = packed_before(a_log("s").batch(1, 10))
    whole = packed(a_log("s"), 1, 10)
    return {
        "cut in two": (None, whole[: len(whole) // 2]),
        "a map of nothing": (None, b"\x80"),
        "a bomb in a map": (None, msgspec.msgpack.encode({**msgspec.msgpack.decode(whole), "entries": bomb()})),
        "empty": ({}, b""),
        "no headers": (None, payload),
        "another version": ({**headers, "V": "2"}, payload),
        "no session": ({**headers, "Session": ""}, payload),
        "no number": ({**headers, "Epoch": "-1"}, payload),
        "a huge number": ({**headers, "Epoch": "9" * 19}, payload),
        "another range": ({**headers, "Lo": "2"}, payload),
        "cut": (headers, payload[: len(payload) // 2]),
        "bytes": (headers, bytes(range(256)) * 4),
        "oversize": (headers, b"\0" * 500_000),
        "a bomb": (headers, bomb()),
        "another session": (None, packed(a_log("not the holder"), 1, 10)),
    }


def bomb() -> bytes:
    return zlib.compress(b"\0" * (64 * MAX_LONE_RAW), 9)


async def test_no_frame_from_a_box_harms_its_venue_or_another(service: HubService, tmp_path: Path) -> None:
    async with (
        service.hub() as hub,
        a_log_venue(service.edge_settings(*V1, tmp_path / "v1")) as venue,
        a_log_venue(service.edge_settings("acme", "v2", tmp_path / "v2")) as neighbour,
        box(service) as connection,
    ):
        await venue.sell(5)
        await until(lambda: venue.acked() == 10)
        frames = noise()
        for headers, payload in frames.values():
            await connection.client.publish(subjects.batches("v1"), payload, headers=headers)
            answer = await connection.client.request(subjects.asks("v1", "push"), payload, headers=headers, timeout=20)
            assert isinstance(decode_message(answer.data), Nack)
        for payload in (b"", b"\xc1", b"\xff" * 40, b"\0" * (MAX_MESSAGE + 1)):
            await connection.publish(subjects.asks("v1", "hello"), payload, reply="_INBOX_v1.x")
        await until(lambda: hub.ingest.refusals.total() >= 2 * len(frames))
        await venue.sell(5)
        await neighbour.sell(5)
        await until(lambda: venue.acked() == 20 and neighbour.acked() == 10)
        assert service.entries(*V1) == venue.rows()
        assert service.entries("acme", "v2") == neighbour.rows()


def box(service: HubService) -> contextlib.AbstractAsyncContextManager[Connection]:
    """A program in the venue with the venue's credentials and no manners."""
    creds = service.authority.venue(*V1)
    return connected(service.nats.url, creds, name="box", on_error=lambda _: None, inbox_prefix="_INBOX_v1")


async def test_a_frame_over_the_servers_limit_ends_the_connection_and_nothing_else(
    service: HubService, tmp_path: Path
) -> None:
    size = 1_100_000
    async with service.hub(), a_log_venue(service.edge_settings(*V1, tmp_path)) as venue, box(service) as connection:
        connection.client._max_payload = 10 * size  # a client that does not ask what the server allows
        await connection.publish(subjects.batches("v1"), b"\0" * size)
        await until(connection.lost.is_set)
        await venue.sell(5)
        await until(lambda: venue.acked() == 10)
        assert service.entries(*V1) == venue.rows()


ODD_HEADERS = (
    b"NATS/1.0 \xff\xff\xff\r\n\r\n",
    b"AAAAAAAA \xff\xff\xff\r\n\r\n",
    b"NATS/1.0 200 \xff\xff\r\n\r\n",
    b"NATS/1.0\r\nStatus: 409\r\n\r\n",
    b"NATS/1.0 409 Consumer Deleted\r\n\r\n",
    b"NATS/1.0\r\n: \r\n\xff: \0\r\n\r\n",
    b"NATS/1.0\r\nV: 1\r\nV: \xf0\x28\r\n\r\n",
    b"NATS/1.0",
    b" ",
)


async def send_raw(connection: Connection, subject: str, headers: bytes, payload: bytes) -> None:
    """A frame as no client makes it."""
    sizes = f"HPUB {subject} {len(headers)} {len(headers) + len(payload)}\r\n".encode()
    await connection.client._send_command(sizes + headers + payload + b"\r\n")
    await connection.client._flush_pending()
    await connection.client.flush()


@pytest.mark.parametrize("subject", [subjects.batches("v1"), subjects.asks("v1", "hello"), subjects.asks("v1", "push")])
async def test_no_raw_frame_of_a_venue_makes_the_hub_deaf(service: HubService, tmp_path: Path, subject: str) -> None:
    chance = random.Random(11)
    odd = [
        chance.choice((b"", b"NATS/1.0", b"NATS/1.0 ")) + chance.randbytes(chance.randrange(1, 40)) for _ in range(40)
    ]
    async with (
        service.hub() as hub,
        a_log_venue(service.edge_settings("other", "v1", tmp_path / "w1")) as neighbour,
        box(service) as connection,
    ):
        await neighbour.sell(1)
        await until(lambda: neighbour.acked() == 2)
        link = hub.carrier._link
        for headers in (*ODD_HEADERS, *odd):
            await send_raw(connection, subject, headers, b"x")
        await neighbour.sell(5)
        await until(lambda: neighbour.acked() == 12)
        assert hub.carrier._link is link and hub.nats == "connected", "on the link it had, and not after a new one"


async def test_a_connection_that_reads_no_more_is_lost_at_once(service: HubService) -> None:
    async with box(service) as connection:
        await connection.client.flush()  # it reads
        reading = connection.client._reading_task
        assert reading is not None and not connection.lost.is_set()
        reading.cancel()
        await until(connection.lost.is_set, timeout_s=5)


async def test_a_batch_that_comes_as_often_as_it_may_is_dropped_and_told(service: HubService) -> None:
    told: list[str] = []
    async with (
        hub_link(service.nats.url, service.authority.hub(), on_error=lambda _: None, on_given_up=told.append) as hub,
        box(service) as connection,
    ):
        await connection.publish(subjects.batches("v1"), b"whatever kills a hub")
        for _ in range(MAX_DELIVER):
            [delivery] = await hub.batches()
            await connection.client.flush()
            await hub._connection.publish(delivery.reply, b"-NAK")
        await until(lambda: told)

        async def waiting() -> int:
            found = await hub._client.request(f"$JS.API.STREAM.INFO.{told[0]}", timeout=20)
            return int(json.loads(found.data)["state"]["messages"])

        async with asyncio.timeout(PATIENCE_S):
            while await waiting():  # noqa: ASYNC110 - what is waited for is in another process
                await asyncio.sleep(0.02)


async def test_a_consumer_of_an_earlier_release_is_bound_too(service: HubService) -> None:
    creds = service.authority.hub()
    name, at = "UP_00", "$JS.API.CONSUMER.{}.UP_00.hub"
    async with hub_link(service.nats.url, creds, on_error=lambda _: None) as hub:
        found = json.loads((await hub._client.request(at.format("INFO"), timeout=20)).data)
        assert found["config"]["max_deliver"] == MAX_DELIVER
        config = {**found["config"], "max_deliver": -1}
        asked = json.dumps({"stream_name": name, "config": config}).encode()
        made = json.loads((await hub._client.request(at.format("DURABLE.CREATE"), asked, timeout=20)).data)
        assert made["config"]["max_deliver"] == -1
    async with hub_link(service.nats.url, creds, on_error=lambda _: None) as hub:
        found = json.loads((await hub._client.request(at.format("INFO"), timeout=20)).data)
        assert found["config"]["max_deliver"] == MAX_DELIVER
