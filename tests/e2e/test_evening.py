"""An evening from the QR to the owner's figure, with the hub, NATS and the edge killed in the middle of it."""

import re
import time

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.running_demo import Demo, eventually
from tests.e2e.screens import Gate, Guest, Kitchen, Owner, Till, Waiter

BIFE = ("Bife de chorizo", ("Entero · 400 g", "Jugoso", "Puré"))
NOQUIS = ("Ñoquis de papa", ("Fileto",))
PRICE, COVER = 34_500_00, 2_500_00

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(400)]


def test_an_evening_goes_on_while_everything_around_it_is_killed(demo: Demo, chromium: Browser, gate: Gate) -> None:
    venue = demo.venue
    before = demo.edge_totals()
    guest = Guest(chromium, gate, demo.table_url("6"))
    waiter = Waiter(chromium, gate, venue["open_paired"]["waiter"])
    kitchen = Kitchen(chromium, gate, venue["open_paired"]["kds"])
    till = Till(chromium, gate, venue["open_paired"]["pos"])
    owner = Owner(chromium, gate, demo.business["owner"]["app"])
    waiter.unlock("Ana", demo.pin("Ana"))
    till.unlock("Nico", demo.pin("Nico"))
    kitchen.start("Parrilla")
    owner.sign_in(demo.business["owner"]["email"], demo.business["owner"]["password"])
    sales = owner.sales()

    # A guest drafts two dishes; nothing reaches the kitchen.
    guest.add(*BIFE)
    guest.add(*NOQUIS)
    guest.send()
    guest.sees_step("Recibido")
    expect(kitchen.ticket("6")).to_have_count(0)

    # The waiter claims it, takes one dish off, adds a note, confirms.
    waiter.review("6")
    guest.sees_step("Ana")
    waiter.remove("Ñoquis de papa")
    waiter.note("Bien jugoso, señor")
    waiter.confirm(covers=2)
    confirmed = time.monotonic()
    expect(kitchen.ticket("6")).to_contain_text("Bien jugoso, señor", timeout=1_000)
    assert time.monotonic() - confirmed < 1.0
    eventually(lambda: "Bien jugoso, señor" in demo.paper("cocina"))
    expect(guest.page.get_by_text("El mozo lo cambió")).to_be_visible()

    # The hub and NATS die; the room does not notice.
    with gate.outage():
        demo.kill("hub")
        demo.kill("nats")
        kitchen.bump("6")
        guest.sees_step("Listo")
        waiter.pick_up("6")

        # The edge dies between two taps of the cashier.
        till.open_table("6")
        till.charge()
        till.tip("10 %")
        demo.kill("edge")
        till.type_amount("45000")
        eventually(lambda: demo.edge_totals()["sales_minor"] == before["sales_minor"])
        till.is_live()
        till.take()
        expect(till.page.get_by_text(re.compile(r"Vuelto"))).to_be_visible()
    tip = (PRICE + 2 * COVER) // 10
    change = 45_000_00 - PRICE - 2 * COVER - tip
    expect(till.page.get_by_text(f"$ {change // 100:,}".replace(",", ".").replace("$ ", "$\u00a0"))).to_be_visible()
    eventually(lambda: "Vuelto" in demo.paper("barra") and "Bife de chorizo" in demo.paper("barra"))
    expect(guest.page.get_by_text(re.compile("Esta cuenta ya se cerró"))).to_be_visible()

    # The figures end equal, and the owner sees them.
    after = demo.edge_totals()
    assert after["sales_minor"] - before["sales_minor"] == PRICE + 2 * COVER
    assert after["tips_minor"] - before["tips_minor"] == tip
    eventually(lambda: same_figures(demo))
    owner.sees_sales(sales + PRICE + 2 * COVER)


def same_figures(demo: Demo) -> bool:
    """Whether the hub says of today what the venue says."""
    names = ("sales_minor", "tips_minor", "checks", "covers", "vat_minor")
    edge, hub = demo.edge_totals(), demo.hub_figures()
    return [edge[name] for name in names] == [hub[name] for name in names]
