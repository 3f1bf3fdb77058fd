"""A log that the hub does not take: the venue's screens are told why, since when, and how much waits."""

from pathlib import Path

from tests.cloud.uplink_venue import CLOCK, a_log_venue
from tests.hub_service import HubService, until

V1 = ("acme", "v1")


async def test_a_refused_log_says_why_since_when_and_how_much_waits_also_after_a_restart(
    service: HubService, tmp_path: Path
) -> None:
    async with service.hub():
        async with a_log_venue(service.edge_settings(*V1, tmp_path / "first")) as venue:
            await venue.sell(2)
            await until(lambda: venue.acked() == 4)
            assert (venue.uplink.hub().state, venue.uplink.hub().waiting) == ("well", 0)
        swapped = service.edge_settings(*V1, tmp_path / "another box")
        began_ms = CLOCK.now_ms()
        async with a_log_venue(swapped) as venue:
            await venue.sell(3)
            sold_ms = CLOCK.now_ms()
            await until(lambda: venue.uplink.hub().state == "refused" and venue.uplink.hub().waiting == 6)
            link = venue.uplink.hub()
            assert link.why in {"claim", "fenced"}
            assert began_ms <= link.since_ms <= CLOCK.now_ms()
        async with a_log_venue(swapped) as venue:
            await until(lambda: venue.uplink.hub().state == "refused" and venue.uplink.hub().waiting == 6)
            assert began_ms <= venue.uplink.hub().since_ms <= sold_ms  # not since it was started again
