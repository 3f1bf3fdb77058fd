"""No screen has a violation that axe-core knows of, light or dark; and the flows keep to their budgets of taps."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.e2e.running_demo import Demo
from tests.e2e.screens import Gate, Guest, Kitchen, Owner, Till, Waiter

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(1_200)]


_AT_REST = """Promise.all(document.getAnimations()
    .filter((animation) => Number.isFinite(animation.effect?.getComputedTiming().endTime))
    .map((animation) => animation.finished.catch(() => null)))"""


def complaints(page: Page, where: str) -> list[str]:
    """What axe says of the page once what moves has come to rest: halfway through a fade nothing has its colours."""
    page.evaluate(_AT_REST)
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
    return [
        f"{where}: {violation['id']} ({violation['help']}) {[node['target'] for node in violation['nodes']][:3]}"
        for violation in found.response["violations"]
    ]


def test_the_guests_screens(demo: Demo, chromium: Browser, gate: Gate) -> None:
    guest = Guest(chromium, gate, demo.table_url("23"))
    guest.page.get_by_role("button", name="Bife de chorizo", exact=True).wait_for()
    found = complaints(guest.page, "menu")
    guest.page.get_by_role("button", name="Bife de chorizo", exact=True).tap()
    found += complaints(guest.page, "dish")
    guest.page.get_by_role("dialog").get_by_role("button", name="Cerrar").tap()
    guest.add("Ñoquis de papa", ("Fileto",))
    guest.button(re.compile("^Ver pedido")).tap()
    found += complaints(guest.page, "order")
    guest.page.emulate_media(color_scheme="dark")
    assert found + complaints(guest.page, "order, dark") == []


def test_two_dishes_with_an_option_each_take_eight_taps(demo: Demo, chromium: Browser, gate: Gate) -> None:
    guest = Guest(chromium, gate, demo.table_url("24"))
    guest.add("Ñoquis de papa", ("Fileto",))
    guest.add("Tallarines al huevo", ("Bolognesa",))
    guest.send()
    guest.sees_step("Recibido")
    assert guest.taps <= 8


def test_the_waiters_screens(demo: Demo, chromium: Browser, gate: Gate) -> None:
    waiter = Waiter(chromium, gate, demo.venue["open_paired"]["waiter"])
    found = complaints(waiter.page, "sign in")
    waiter.unlock("Leo", demo.pin("Leo"))
    for tab in ("Pendientes", "Mesas", "Buscar", "Yo"):
        waiter.button(re.compile(f"^{tab}"), waiter.page.get_by_role("navigation", name="Secciones")).click()
        found += complaints(waiter.page, tab)
    assert found == []


def test_the_tills_screens(demo: Demo, chromium: Browser, gate: Gate) -> None:
    till = Till(chromium, gate, demo.venue["open_paired"]["pos"])
    till.unlock("Marta", demo.pin("Marta"))
    found = complaints(till.page, "room")
    till.open_table("3")
    found += complaints(till.page, "check")
    till.page.keyboard.press("F8")
    found += complaints(till.page, "charging")
    till.page.keyboard.press("Escape")
    till.page.keyboard.press("Escape")
    for place in ("Caja", "Pendientes"):
        till.button(re.compile(f"^{place}"), till.page.get_by_role("navigation", name="Pantallas")).click()
        found += complaints(till.page, place)
    assert found == []


def test_the_kitchens_screens(demo: Demo, chromium: Browser, gate: Gate) -> None:
    kitchen = Kitchen(chromium, gate, demo.venue["open_paired"]["kds"])
    kitchen.button(re.compile("Tocar para empezar")).wait_for()
    found = complaints(kitchen.page, "start")
    kitchen.start("Cocina")
    kitchen.page.get_by_role("article").first.wait_for()
    found += complaints(kitchen.page, "station")
    for place in ("Recuperar", "Agotados", "Ajustes"):
        kitchen.button(place).click()
        found += complaints(kitchen.page, place)
        kitchen.page.keyboard.press("Escape")
    assert found == []


def test_the_owners_screens(demo: Demo, chromium: Browser, gate: Gate) -> None:
    owner = Owner(chromium, gate, demo.business["owner"]["app"])
    found = complaints(owner.page, "sign in")
    owner.sign_in(demo.business["owner"]["email"], demo.business["owner"]["password"])
    found += complaints(owner.page, "today")
    owner.page.emulate_media(color_scheme="dark")
    found += complaints(owner.page, "today, dark")
    owner.page.set_viewport_size({"width": 390, "height": 844})
    assert found + complaints(owner.page, "today, phone") == []
