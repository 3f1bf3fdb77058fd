"""An alarm nobody answers climbs; what keeps tickets from the kitchen rings until somebody takes it. Each sound is heard."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from installer.services.program import free_port
from tests.e2e.own_venue import Listened, OwnVenue, an_own_venue, sees, wait_for_cue
from tests.e2e.running_demo import Stopwatch, eventually
from tests.e2e.screens import Gate, Guest

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(1_200)]

AMBER_MS, RED_MS = 60_000, 180_000
SOON_S = 15.0


@pytest.fixture
def moved(tmp_path: Path) -> Iterator[OwnVenue]:
    """A venue whose clock the test moves."""
    with an_own_venue(tmp_path / "edge", clock="commands") as venue:
        yield venue


@pytest.fixture
def venue(tmp_path: Path) -> Iterator[OwnVenue]:
    """A venue that lives in real time."""
    with an_own_venue(tmp_path / "edge") as venue:
        yield venue


def test_an_alarm_nobody_answers_climbs(moved: OwnVenue, chromium: Browser, gate: Gate) -> None:
    moved.console.do("assign_section", section_id="salon", staff_id="leo")
    moved.paired("waiter", "leo")  # signed in on a phone that nobody sees
    ana, till, mara = (Listened(chromium, gate, moved, app) for app in ("waiter", "pos", "waiter"))
    for screen, name in ((ana, "Ana"), (till, "Caro"), (mara, "Mara")):
        screen.sign_in(name)
    eventually(lambda: {ana.device_id, till.device_id, mara.device_id} <= moved.awake())

    guest = Guest(chromium, gate, f"{moved.address}/t/{moved.code_of('t1')}")
    guest.button("Llamar").tap()
    guest.button("Agua", guest.page.get_by_role("dialog")).tap()
    sees(guest.page, "Avisamos al mozo.")
    expect(ana.card("Mesa 1, Llama")).to_contain_text("Leo: pantalla apagada")
    wait_for_cue(ana, "call", 1)
    assert (till.heard("call"), mara.heard("call")) == (0, 0)

    leo = Listened(chromium, gate, moved, "waiter")
    leo.sign_in("Leo")
    wait_for_cue(leo, "call", 1)
    expect(ana.card("Mesa 1, Llama")).to_have_count(0)  # he can be rung: it is his again
    moved.at(AMBER_MS + 5_000)
    wait_for_cue(ana, "call", 2)
    wait_for_cue(leo, "call", 2)
    assert (till.heard("call"), mara.heard("call")) == (0, 0)
    moved.at(RED_MS + 10_000)
    for screen, times in ((ana, 3), (leo, 3), (till, 1), (mara, 1)):
        wait_for_cue(screen, "call", times)

    mara.button("Voy", mara.card("Mesa 1, Llama")).tap()
    sees(guest.page, "Mara va para tu mesa.")
    for screen in (ana, leo, till):
        expect(screen.card("Mesa 1, Llama")).to_have_count(0)


def test_a_locked_phone_rings_and_says_how_much_waits(venue: OwnVenue, chromium: Browser, gate: Gate) -> None:
    ana = Listened(chromium, gate, venue, "waiter")
    ana.sign_in("Ana")
    ana.button(re.compile("^Yo")).tap()
    ana.button("Bloquear").tap()
    sees(ana.page, "Ana · todo al día")
    phone = venue.phone()
    phone.join(venue.code_of("t2"))
    phone.do("call_waiter", call_id="k1", reason="water")
    sees(ana.page, "Ana · 1 pendiente")
    wait_for_cue(ana, "call", 1)
    ana.page.keyboard.type("271828")  # her own phone asks for nothing but her PIN
    ana.button(re.compile("^Pendientes")).tap()
    expect(ana.card("Mesa 2, Llama")).to_be_visible()


def test_a_dead_printer_rings_until_somebody_takes_it_and_again_for_a_later_ticket(
    venue: OwnVenue, chromium: Browser, gate: Gate
) -> None:
    venue.console.do(
        "configure_printer", printer_id="p1", printer_name="Impresora 1", host="127.0.0.1", port=free_port()
    )
    venue.console.do("configure_station", station_id="cocina", name="Cocina", printer_id="p1")
    screens = ana, till, kitchen = tuple(Listened(chromium, gate, venue, app) for app in ("waiter", "pos", "kds"))
    ana.sign_in("Ana")
    till.sign_in("Caro")
    kitchen.button(re.compile("Tocar para empezar")).click()
    kitchen.button(re.compile("^Cocina")).click()
    client = venue.paired("waiter", "leo")
    venue.order(client, "c1", "t1", "empanada")
    for screen in screens:
        wait_for_cue(screen, "fault", 1)
    kitchen.button(re.compile("No imprime: Impresora 1: ver")).click()
    expect(kitchen.page.get_by_role("dialog")).to_contain_text("1 Empanada")
    kitchen.page.keyboard.press("Escape")
    for screen in screens:
        wait_for_cue(screen, "fault", 2)  # twenty seconds later

    ana.button("Me ocupo", ana.card("No imprime: Impresora 1")).tap()
    for screen in screens:
        sees(screen.page, "Se ocupa Ana")
    quiet = [screen.heard("fault") for screen in screens]
    venue.more(client, "c1", "empanada")
    for screen, before in zip(screens, quiet, strict=True):
        wait_for_cue(screen, "fault", before + 1)
    assert [screen.heard("fault") for screen in screens] == [before + 1 for before in quiet]


def test_two_ticks_are_true_and_a_station_with_no_way_in_is_a_card_soon(
    venue: OwnVenue, chromium: Browser, gate: Gate
) -> None:
    ana, till, kitchen, expo = (Listened(chromium, gate, venue, app) for app in ("waiter", "pos", "kds", "kds"))
    ana.sign_in("Ana")
    till.sign_in("Caro")
    for screen, place in ((kitchen, "Cocina"), (expo, "El pase")):
        screen.button(re.compile("Tocar para empezar")).click()
        screen.button(re.compile(f"^{place}")).click()
    client = venue.paired("waiter", "ana")
    eventually(lambda: kitchen.device_id in venue.awake())
    venue.order(client, "c1", "t1", "empanada")
    ana.button(re.compile("^Mesas")).tap()
    ana.button(re.compile("^Mesa 1,")).tap()
    sees(ana.page, "Lo ve la cocina")

    since_sent = Stopwatch()
    venue.order(client, "c2", "t2", "agua")
    for screen in (till, expo):
        sees(screen.page, "Barra no recibe comandas")
        wait_for_cue(screen, "fault", 1)
    assert since_sent.stop() < SOON_S
    sees(till.page, "No tiene pantalla ni impresora. Prendé una pantalla en ese puesto o avisá de palabra.")
    ana.page.go_back()
    ana.button(re.compile("^Pendientes")).tap()
    expect(ana.card("Barra no recibe comandas")).to_contain_text("1 Agua")

    kitchen.context.close()
    since_dark = Stopwatch()
    sees(till.page, "Cocina no recibe comandas")
    assert since_dark.stop() < SOON_S
