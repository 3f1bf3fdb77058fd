"""A venue's log over real NATS into real Postgres: in order, once, whatever is killed in between."""

import asyncio
import json
from pathlib import Path

import psycopg

from sync.nats import subjects
from sync.nats.connection import connected
from tests.cloud.hub_builders import Databases
from tests.cloud.uplink_venue import a_log_venue
from tests.hub_service import PATIENCE_S, HubService, until

V1 = ("acme", "v1")


async def test_the_log_arrives_in_order_and_whole(service: HubService, tmp_path: Path) -> None:
    async with service.hub(), a_log_venue(service.edge_settings(*V1, tmp_path)) as venue:
        await venue.sell(1)
        await until(lambda: venue.acked() == 2)
        await venue.sell(700)
        await until(lambda: venue.acked() == 1402)
        assert service.entries(*V1) == venue.rows()
        assert venue.uplink.state == "connected"


async def test_nothing_is_confirmed_before_the_hub_has_committed_it(service: HubService, tmp_path: Path) -> None:
    async with service.hub() as hub, a_log_venue(service.edge_settings(*V1, tmp_path)) as venue:
        await until(lambda: venue.uplink.state == "connected")
        with psycopg.connect(service.app_url) as lock:
            lock.execute("SELECT set_config('app.tenant', 'acme', true)")
            lock.execute("SELECT 1 FROM venue_head WHERE venue_id = 'v1' FOR UPDATE")
            await venue.sell(1)
            await until(lambda: _waits_for_a_lock(service))
            assert venue.acked() == 0
            assert hub.ingest.entries == 0
        await until(lambda: venue.acked() == 2)
        assert service.entries(*V1) == venue.rows()


async def test_a_killed_nats_costs_time_and_nothing_else(service: HubService, tmp_path: Path) -> None:
    async with service.hub(), a_log_venue(service.edge_settings(*V1, tmp_path)) as venue:
        await venue.sell(50)
        await until(lambda: venue.acked() > 0)
        service.nats.kill()
        await venue.sell(200)
        await until(lambda: venue.uplink.state == "waiting")
        service.nats.start()
        await venue.sell(50)
        await until(lambda: venue.acked() == 600)
        assert service.entries(*V1) == venue.rows()


async def test_a_killed_hub_costs_time_and_nothing_else(service: HubService, tmp_path: Path) -> None:
    service.start_hub()
    async with a_log_venue(service.edge_settings(*V1, tmp_path)) as venue:
        await venue.sell(800)
        await until(lambda: venue.acked() > 0)
        service.kill_hub()
        await venue.sell(10)
        service.start_hub()
        await until(lambda: venue.acked() == 1620)
        assert service.entries(*V1) == venue.rows()


async def test_an_edge_sends_on_from_where_the_hub_stands(service: HubService, tmp_path: Path) -> None:
    settings = service.edge_settings(*V1, tmp_path)
    async with a_log_venue(settings) as venue:  # nobody hears it
        await venue.sell(100)
    async with service.hub() as hub:
        async with a_log_venue(settings) as venue:
            await until(lambda: venue.acked() == 200)
        async with a_log_venue(settings) as venue:
            assert venue.acked() == 200
            await venue.sell(5)
            await until(lambda: venue.acked() == 210)
            assert service.entries(*V1) == venue.rows()
        assert hub.ingest.entries == 210


async def test_a_lost_stream_is_sent_again_from_the_watermark(service: HubService, tmp_path: Path) -> None:
    async with a_log_venue(service.edge_settings(*V1, tmp_path)) as venue:
        async with service.hub():
            await venue.sell(50)
            await until(lambda: venue.acked() == 100)
        await venue.sell(150)  # waits in the stream, or in the log
        await until(lambda: venue.uplink.state == "waiting")
        service.lose_the_streams()
        async with service.hub():
            await until(lambda: venue.acked() == 400)
        assert service.entries(*V1) == venue.rows()


async def test_a_database_that_is_away_costs_time_and_nothing_else(
    service: HubService, databases: Databases, tmp_path: Path
) -> None:
    async with service.hub(), a_log_venue(service.edge_settings(*V1, tmp_path)) as venue:
        await venue.sell(50)
        await until(lambda: venue.acked() == 100)
        databases.cluster.stop()  # not killed: it would look through every test's database before it answers
        await venue.sell(50)
        databases.cluster.start()
        await until(lambda: venue.acked() == 200)
        assert service.entries(*V1) == venue.rows()


async def test_a_stream_that_takes_nothing_is_gone_around(service: HubService, tmp_path: Path) -> None:
    async with service.hub(), a_log_venue(service.edge_settings(*V1, tmp_path)) as venue:
        await fill_the_streams(service)
        await venue.sell(500)
        await until(lambda: venue.acked() == 1000)
        assert service.entries(*V1) == venue.rows()


async def test_a_venue_writes_on_while_nobody_hears_it(service: HubService, tmp_path: Path) -> None:
    service.nats.kill()
    async with a_log_venue(service.edge_settings(*V1, tmp_path)) as venue:
        await asyncio.wait_for(venue.sell(200), PATIENCE_S)
        assert venue.uplink.state == "waiting"
        assert not venue.uplink.is_connected()


async def test_two_venues_share_a_stream_and_no_entry(service: HubService, tmp_path: Path) -> None:
    """Two tenants with a venue of the same name: the account in the subject tells them apart."""
    async with (
        service.hub(),
        a_log_venue(service.edge_settings("acme", "v1", tmp_path / "a")) as ours,
        a_log_venue(service.edge_settings("other", "v1", tmp_path / "b")) as theirs,
    ):
        await asyncio.gather(ours.sell(60), theirs.sell(40))
        await until(lambda: ours.acked() == 120 and theirs.acked() == 80)
        assert service.entries("acme", "v1") == ours.rows()
        assert service.entries("other", "v1") == theirs.rows()


def _waits_for_a_lock(service: HubService) -> bool:
    with psycopg.connect(service.app_url) as conn:
        found = conn.execute("SELECT 1 FROM pg_locks WHERE NOT granted").fetchone()
    return found is not None


async def fill_the_streams(service: HubService) -> None:
    """Every stream refuses what comes, as on a full disk."""
    creds = service.authority.hub()
    async with connected(service.nats.url, creds, name="full", on_error=lambda _: None) as connection:
        for stream in range(subjects.STREAMS):
            name = f"UP_{stream:02}"
            found = await connection.client.request(f"$JS.API.STREAM.INFO.{name}", timeout=PATIENCE_S)
            config = json.loads(found.data)["config"] | {"max_bytes": 1}
            answer = await connection.client.request(
                f"$JS.API.STREAM.UPDATE.{name}", json.dumps(config).encode(), timeout=PATIENCE_S
            )
            assert "error" not in json.loads(answer.data)
