"""The edge is told to stop, as each update does it, and starts again under every kind of screen."""

import json
import re

import httpx
import pytest
from playwright.sync_api import Browser, expect
from websockets.sync.client import connect

from installer.demo.edge_client import fresh_id
from tests.e2e.running_demo import Demo, Stopwatch
from tests.e2e.screens import Gate, Guest, Kitchen, Screen, Till, Waiter

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(1_200)]

TABLE = "12"
DISH = ("Bife de chorizo", ("Entero · 400 g", "Jugoso", "Puré"))
LIVE_S = 5.0


class Console:
    """The technician, without a screen: nobody's hand is as quick as this test must be."""

    def __init__(self, demo: Demo) -> None:
        self.url, self.key = demo.venue["url"], demo.venue["console_key"]

    def draft_at(self, table: str) -> str:
        """The id of the draft that waits at a table."""
        with connect(f"{self.url.replace('http', 'ws')}/feed", proxy=None, max_size=2**26) as feed:
            feed.send(json.dumps({"type": "hello", "token": self.key, "kinds": ["draft"]}))
            views = json.loads(feed.recv(60))["views"]
        return next(key for _, key, draft in views if draft["table_label"] == table and draft["state"] == "submitted")

    def send(self, draft_id: str) -> None:
        """Confirm and send: a change that all four screens show."""
        check_id = fresh_id()
        bodies = {
            "confirm_draft": {"draft_id": draft_id, "check_id": check_id, "covers": 2},
            "send_lines": {"check_id": check_id},
        }
        asked = [{"id": fresh_id(), "name": name, "body": body} for name, body in bodies.items()]
        headers = {"Authorization": f"Bearer {self.key}"}
        answered = httpx.post(f"{self.url}/commands", json={"commands": asked}, headers=headers, timeout=60)
        assert {one["outcome"] for one in answered.json()["answers"]} == {"done"}, answered.text


def is_unpaired(screen: Screen) -> bool:
    """Whether a screen says that it is no longer one of this venue's."""
    return screen.page.get_by_text(re.compile("desvinculado|Vincular de nuevo")).count() > 0


def test_every_screen_is_live_within_seconds_of_a_planned_restart(demo: Demo, chromium: Browser, gate: Gate) -> None:
    console = Console(demo)
    paired = demo.venue["open_paired"]
    guest = Guest(chromium, gate, demo.table_url(TABLE))
    waiter = Waiter(chromium, gate, paired["waiter"])
    till = Till(chromium, gate, paired["pos"])
    kitchen = Kitchen(chromium, gate, paired["kds"])
    waiter.unlock("Ana", demo.pin("Ana"))
    till.unlock("Nico", demo.pin("Nico"))
    kitchen.start("Parrilla")
    guest.add(*DISH)
    guest.send()
    guest.sees_step("Recibido")
    waiter.button(re.compile("^Todos")).click()
    expect(waiter.card(TABLE, "Pedido QR")).to_have_count(1)
    draft_id = console.draft_at(TABLE)
    tile = till.button(re.compile(f"^Mesa {TABLE},"))
    before = tile.get_attribute("aria-label") or ""
    with gate.outage():
        demo.restart_edge()
        since_back = Stopwatch()
        console.send(draft_id)
        expect(kitchen.ticket(TABLE)).to_have_count(1)
        expect(waiter.card(TABLE, "Pedido QR")).to_have_count(0)
        guest.sees_step("En cocina")
        expect(tile).not_to_have_attribute("aria-label", before)
        assert since_back.stop() < LIVE_S
    for screen in (waiter, till, kitchen, guest):
        assert not is_unpaired(screen)
        screen.context.close()
