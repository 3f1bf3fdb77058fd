"""Anybody on the venue's network may ask to be let in; who asks without end writes nothing more, and shuts nobody out."""

from pathlib import Path

import httpx

from edge import app as root
from edge.settings import settings_of
from shared.commands.devices import ApprovePairing
from tests.real_venue import a_real_venue

ASKED = {"app": "kds", "device_name": "Cocina"}


async def test_who_knocks_without_end_is_told_to_wait_and_writes_nothing_more(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        venue.edge.settings = settings_of(
            {"HOS_DATA_DIR": str(venue.edge.settings.data_dir), "HOS_ADDRESS_LIMIT_PER_MIN": "50"}
        )
        app = root.build_app(venue.edge)
        knocking = httpx.ASGITransport(app=app, client=("10.0.0.66", 1))  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=knocking, base_url="http://edge") as stranger:
            answers = [await stranger.post("/devices/pairings", json=ASKED) for _ in range(40)]
        assert [answer.status_code for answer in answers] == [201] * 10 + [429] * 30
        assert answers[-1].json()["code"] == "too_fast" and int(answers[-1].headers["retry-after"]) > 0
        assert venue.rows("SELECT COUNT(*) FROM refusal WHERE name = 'ask_pairing'") == [(0,)]
        other = httpx.ASGITransport(app=app, client=("10.0.0.7", 1))  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=other, base_url="http://edge") as screen:
            asked = (await screen.post("/devices/pairings", json=ASKED)).json()
        await venue.do("console", ApprovePairing(pairing_id=asked["pairing_id"], role="kds"))
