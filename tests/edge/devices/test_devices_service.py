"""Screens: asking to be let in, a manager's yes, and being shut out."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from edge import app as root
from edge.devices.decide import MOST_WAITING, PAIRING_LIFE_MS
from edge.devices.keys import digest_of_key
from shared.commands import Command
from shared.commands.devices import ApprovePairing, AskPairing, RevokeDevice
from shared.commands.ordering import OpenCheck
from tests.real_venue import RealVenue, a_real_venue

ASK = AskPairing(pairing_id="new", code="424242", app="waiter", device_name="Moto", key_digest="k")


async def test_a_screen_waits_until_a_manager_says_yes(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        await venue.do("edge", ASK)
        waiting = venue.views("pairing")["new"]
        assert (waiting.code, waiting.app, waiting.device_name) == ("424242", "waiter", "Moto")
        await venue.do(
            "mara", ApprovePairing(pairing_id="new", role="kds", device_name="Parrilla", station_id="cocina")
        )
        assert venue.views("pairing") == {}
        screen = venue.views("device", "new")["new"]
        assert (screen.name, screen.role, screen.station_id) == ("Parrilla", "kds", "cocina")
        assert venue.problems() == []


@pytest.mark.parametrize(
    ("who", "command", "at_ms", "code"),
    [
        ("mara", ApprovePairing(pairing_id="no-such", role="pos"), 0, "pairing_unknown"),
        ("mara", ApprovePairing(pairing_id="phone", role="pos"), 0, "pairing_unknown"),
        ("mara", ApprovePairing(pairing_id="new", role="pos"), PAIRING_LIFE_MS + 1, "pairing_expired"),
        ("mara", ApprovePairing(pairing_id="new", role="pos"), PAIRING_LIFE_MS, ""),
        ("caro", ApprovePairing(pairing_id="new", role="pos"), 0, "needs_manager"),
        ("till", ApprovePairing(pairing_id="new", role="pos"), 0, "needs_sign_in"),
        ("mara", ASK, 0, "not_for_device"),
        ("mara", RevokeDevice(device_id="no-such"), 0, "device_unknown"),
        ("mara", RevokeDevice(device_id="phone"), 0, ""),
        ("caro", RevokeDevice(device_id="phone"), 0, "needs_manager"),
        ("no-such", RevokeDevice(device_id="phone"), 0, "device_unknown"),
    ],
)
async def test_each_change_of_screens_asks_for_who_may(
    who: str, command: Command, at_ms: int, code: str, tmp_path: Path
) -> None:
    async with a_real_venue(tmp_path) as venue:
        await venue.do("edge", ASK)
        assert await venue.code(who, command, at_ms=at_ms) == code


async def test_a_revoked_screen_reaches_nothing_and_twice_is_once(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        await venue.do("mara", RevokeDevice(device_id="phone"), RevokeDevice(device_id="phone"))
        answer = await venue.ask("ana", OpenCheck(check_id="c1", kind="counter"))
        assert (answer.code, list(answer.facts)) == ("device_revoked", ["at_ms"])
        assert venue.rows("SELECT COUNT(*) FROM log WHERE kind = 'device_revoked'") == [(1,)]


async def test_so_many_screens_may_wait_and_no_more(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        for n in range(MOST_WAITING):
            await venue.do(
                "edge", AskPairing(pairing_id=f"w{n}", code="1", app="pos", device_name="x", key_digest=f"{n}")
            )
        assert await venue.code("edge", ASK) == "too_fast"
        assert len(venue.views("pairing")) == MOST_WAITING
        assert await venue.code("edge", ASK, at_ms=PAIRING_LIFE_MS + 1) == "", "those who waited too long make room"
        assert list(venue.views("pairing")) == [ASK.pairing_id], "and leave the screens of who lets them in"


async def pairing(http: httpx.AsyncClient, key: str) -> tuple[int, dict[str, Any]]:
    """How a pairing stands, as the new screen asks."""
    response = await http.get("/devices/pairings/mine", headers={"Authorization": f"Bearer {key}"})
    return response.status_code, response.json()


async def ask_as(http: httpx.AsyncClient, key: str) -> httpx.Response:
    """One command under a key."""
    ask = {"id": "x1", "name": "print_x_report", "body": {}}
    return await http.post("/commands", json={"commands": [ask]}, headers={"Authorization": f"Bearer {key}"})


def speaking_to(venue: RealVenue) -> httpx.AsyncClient:
    """HTTP to the edge."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=root.build_app(venue.edge)), base_url="http://edge")


async def test_a_screen_pairs_over_http_and_is_shut_out_again(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue, speaking_to(venue) as http:
        started = await http.post("/devices/pairings", json={"app": "pos", "device_name": "Caja 2"})
        assert started.status_code == 201
        new = started.json()
        assert (len(new["code"]), new["expires_in_s"]) == (6, 600)
        assert (await pairing(http, new["key"]))[1]["state"] == "waiting"
        assert (await ask_as(http, new["key"])).status_code == 401, "a key opens nothing until a manager said yes"
        await venue.do("mara", ApprovePairing(pairing_id=new["pairing_id"], role="pos", drawer_id="d2"))
        status, mine = await pairing(http, new["key"])
        assert (status, mine["state"], mine["role"], mine["drawer_id"]) == (200, "approved", "pos", "d2")
        assert (await ask_as(http, new["key"])).json()["answers"][0]["code"] == "needs_sign_in"
        await venue.do("mara", RevokeDevice(device_id=new["pairing_id"]))
        assert (await pairing(http, new["key"]))[1]["state"] == "revoked"
        revoked = await ask_as(http, new["key"])
        assert (revoked.status_code, revoked.json()["code"]) == (401, "device_revoked")


async def test_an_unknown_key_and_a_strange_app_are_refused(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue, speaking_to(venue) as http:
        assert (await pairing(http, "guess"))[0] == 401
        assert (await http.post("/devices/pairings", json={"app": "owner", "device_name": "x"})).status_code == 400
        assert (await http.post("/devices/pairings", content=b"{")).status_code == 400


async def test_a_key_is_kept_as_a_digest_outside_the_log(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue, speaking_to(venue) as http:
        key = (await http.post("/devices/pairings", json={"app": "kds", "device_name": "Cocina"})).json()["key"]
        kept = {digest for (digest,) in venue.rows("SELECT key_digest FROM device_key")}
        assert digest_of_key(key) in kept and key not in kept
        log = "".join(body.decode() for (body,) in venue.rows("SELECT body FROM log"))
        assert key not in log and digest_of_key(key) not in log
