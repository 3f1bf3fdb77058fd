"""Anybody on the venue's network may ask to be let in; who asks without end writes nothing more, and shuts nobody out."""

from pathlib import Path

import httpx

from edge import app as root
from edge.devices.decide import MOST_WAITING
from edge.devices.routes import WAITING_OF_ADDRESS
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
        assert [answer.status_code for answer in answers] == [201] * WAITING_OF_ADDRESS + [429] * (
            40 - WAITING_OF_ADDRESS
        )
        assert answers[-1].json()["code"] == "too_fast" and int(answers[-1].headers["retry-after"]) > 0
        assert venue.rows("SELECT COUNT(*) FROM refusal WHERE name = 'ask_pairing'") == [(0,)]
        other = httpx.ASGITransport(app=app, client=("10.0.0.7", 1))  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=other, base_url="http://edge") as screen:
            asked = (await screen.post("/devices/pairings", json=ASKED)).json()
        await venue.do("console", ApprovePairing(pairing_id=asked["pairing_id"], role="kds"))


async def test_one_strangers_knocks_keep_no_screen_of_another_address_out(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        app = root.build_app(venue.edge)

        async def knock(host: str) -> httpx.Response:
            transport = httpx.ASGITransport(app=app, client=(host, 1))  # type: ignore[arg-type]
            async with httpx.AsyncClient(transport=transport, base_url="http://edge") as screen:
                return await screen.post("/devices/pairings", json=ASKED)

        knocked = [await knock("10.0.0.66") for _ in range(MOST_WAITING * 2)]
        assert [one.status_code for one in knocked].count(201) == WAITING_OF_ADDRESS < MOST_WAITING
        assert (await knock("10.0.0.7")).status_code == 201
        await venue.do("console", ApprovePairing(pairing_id=knocked[0].json()["pairing_id"], role="kds"))
        assert (await knock("10.0.0.66")).status_code == 201, "who was let in waits no more"
