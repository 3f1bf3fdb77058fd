"""An evening from the QR to the owner's figure, with the hub, NATS and the edge killed in the middle of it."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.running_demo import Demo, Stopwatch, eventually
from tests.e2e.screens import Gate, Guest, Kitchen, Owner, Till, Waiter

TABLE = "6"
BIFE = ("Bife de chorizo", ("Entero · 400 g", "Jugoso", "Puré"))
NOQUIS = ("Ñoquis de papa", ("Fileto",))
NOTE = "Bien jugoso, señor"
TOTAL = 34_500_00 + 2 * 2_500_00  # the dish, and the cover charge of two
TIP = TOTAL // 10
TENDERED = 45_000_00

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(1_200)]


class Evening:
    """Everybody at their screen, signed in."""

    def __init__(self, demo: Demo, chromium: Browser, gate: Gate) -> None:
        self.demo, self.gate = demo, gate
        paired = demo.venue["open_paired"]
        self.guest = Guest(chromium, gate, demo.table_url(TABLE))
        self.waiter = Waiter(chromium, gate, paired["waiter"])
        self.kitchen = Kitchen(chromium, gate, paired["kds"])
        self.till = Till(chromium, gate, paired["pos"])
        self.owner = Owner(chromium, gate, demo.business["owner"]["app"])
        self.waiter.unlock("Ana", demo.pin("Ana"))
        self.till.unlock("Nico", demo.pin("Nico"))
        self.kitchen.start("Parrilla")
        self.owner.sign_in(demo.business["owner"]["email"], demo.business["owner"]["password"])

    def close(self) -> None:
        """Everybody goes home."""
        for screen in (self.guest, self.waiter, self.kitchen, self.till, self.owner):
            screen.context.close()

    def draft(self) -> None:
        """A guest drafts two dishes; nothing reaches the kitchen."""
        self.guest.add(*BIFE)
        self.guest.add(*NOQUIS)
        self.guest.send()
        self.guest.sees_step("Recibido")
        expect(self.kitchen.ticket(TABLE)).to_have_count(0)

    def confirm(self) -> None:
        """The waiter claims it, takes one dish off, adds a note, confirms; the kitchen has it within a second."""
        self.waiter.review(TABLE)
        self.guest.sees_step("Ana")
        self.waiter.remove(NOQUIS[0])
        self.waiter.note(NOTE)
        self.waiter.confirm(covers=2)
        since_confirmed = Stopwatch()
        expect(self.kitchen.ticket(TABLE)).to_contain_text(NOTE)
        assert since_confirmed.stop() < 1.0
        eventually(lambda: NOTE in self.demo.paper("cocina"))
        expect(self.guest.page.get_by_text("El mozo lo cambió")).to_be_visible()

    def cook_without_the_cloud(self) -> None:
        """The hub and NATS die; the room does not notice."""
        self.demo.kill("hub")
        self.demo.kill("nats")
        self.kitchen.bump(TABLE)
        self.guest.sees_step("Listo")
        self.waiter.pick_up(TABLE)

    def charge_over_a_crash(self) -> None:
        """The edge dies between two taps of the cashier; the payment is taken once it is back."""
        self.till.open_table(TABLE)
        self.till.charge()
        self.till.tip("10 %")
        self.demo.kill("edge")
        self.till.type_amount(str(TENDERED // 100))
        self.till.is_live()
        self.till.take()
        change = f"{(TENDERED - TOTAL - TIP) // 100:,}".replace(",", ".")
        expect(self.till.page.get_by_text(re.compile("Vuelto")).first).to_be_visible()
        expect(self.till.page.get_by_text(f"$\u00a0{change}").first).to_be_visible()
        eventually(lambda: "Vuelto" in (paper := self.demo.paper("barra")) and BIFE[0] in paper)
        expect(self.guest.page.get_by_text(re.compile("Esta cuenta ya se cerró"))).to_be_visible()


@pytest.fixture
def evening(demo: Demo, chromium: Browser, gate: Gate) -> Iterator[Evening]:
    made = Evening(demo, chromium, gate)
    yield made
    made.close()


def test_an_evening_goes_on_while_everything_around_it_is_killed(demo: Demo, evening: Evening) -> None:
    before, seen = demo.edge_totals(), evening.owner.sales()
    evening.draft()
    evening.confirm()
    with evening.gate.outage():
        evening.cook_without_the_cloud()
        evening.charge_over_a_crash()
        eventually(lambda: same_figures(demo))
    after = demo.edge_totals()
    assert after["sales_minor"] - before["sales_minor"] == TOTAL
    assert after["tips_minor"] - before["tips_minor"] == TIP
    evening.owner.sees_sales(seen + TOTAL)


def same_figures(demo: Demo) -> bool:
    """Whether the hub says of today what the venue says."""
    names = ("sales_minor", "tips_minor", "checks", "covers", "vat_minor")
    edge, hub = demo.edge_totals(), demo.hub_figures()
    return [edge[name] for name in names] == [hub[name] for name in names]
