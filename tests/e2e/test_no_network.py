"""Screens open with no network, keep what was entered, and send it once when the network is back."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.running_demo import Demo, eventually
from tests.e2e.screens import Gate, Guest, Kitchen, Owner, Waiter

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(1_200)]

_HAS_WORKER = "navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller !== null)"


def test_every_app_opens_with_no_network(demo: Demo, chromium: Browser, gate: Gate) -> None:
    guest = Guest(chromium, gate, demo.table_url("25"))
    guest.page.get_by_role("heading", name="Entradas").wait_for()
    waiter = Waiter(chromium, gate, demo.venue["open_paired"]["waiter"])
    waiter.unlock("Sofi", demo.pin("Sofi"))
    kitchen = Kitchen(chromium, gate, demo.venue["open_paired"]["kds"])
    kitchen.start("Cocina")
    owner = Owner(chromium, gate, demo.business["owner"]["app"])
    owner.sign_in(demo.business["owner"]["email"], demo.business["owner"]["password"])
    owner.sales()
    signs = (
        (guest, guest.page.get_by_role("heading", name="Entradas")),
        (waiter, waiter.page.get_by_role("heading", name="Pendientes", level=1)),
        (kitchen, kitchen.button(re.compile("Tocar para empezar"))),
        (owner, owner.page.get_by_role("heading", name=re.compile("^Hoy"), level=1)),
    )
    for screen, _ in signs:
        screen.page.evaluate("navigator.serviceWorker.ready")
        screen.page.reload()  # from here on the worker answers
        screen.page.wait_for_function(_HAS_WORKER)
    with gate.outage():
        for screen, sign in signs:
            screen.context.set_offline(True)
            screen.page.reload()
            expect(sign).to_be_visible()


def test_what_a_guest_sends_with_no_network_arrives_once(demo: Demo, chromium: Browser, gate: Gate) -> None:
    guest = Guest(chromium, gate, demo.table_url("27"))
    guest.add("Ñoquis de papa", ("Fileto",))
    waiter = Waiter(chromium, gate, demo.venue["open_paired"]["waiter"])
    waiter.unlock("Ana", demo.pin("Ana"))
    waiter.button(re.compile("^Todos")).click()
    with gate.outage():
        guest.context.set_offline(True)
        guest.send()
        guest.page.reload()
        expect(waiter.card("27", "Pedido QR")).to_have_count(0)
        guest.context.set_offline(False)
        expect(waiter.card("27", "Pedido QR")).to_have_count(1)
    guest.button(re.compile("^Ver la mesa")).tap()
    guest.sees_step("Recibido")
    eventually(lambda: waiter.card("27", "Pedido QR").count() == 1)
