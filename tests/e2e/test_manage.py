"""The office on a real edge: every page by its keys, at every size, with what axe says of each."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.own_venue import OwnVenue, an_own_venue, sees
from tests.e2e.screens import Gate, Screen
from tests.e2e.test_accessibility import complaints
from tests.hardening.open_venue import PIN

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(1_200)]

SIZES = ((390, 844), (1024, 768), (1366, 768), (1920, 1080))
PAGES = ("Carta", "Salón", "Personal", "Impresoras", "Equipos", "Auditoría", "Este equipo")
_TOO_WIDE = "() => document.documentElement.scrollWidth > innerWidth"


@pytest.fixture(scope="module")
def venue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnVenue]:
    with an_own_venue(tmp_path_factory.mktemp("office") / "data") as made:
        ana = made.paired("waiter", "ana")
        assert ana.code("close_day") == "needs_manager"
        yield made


class Office(Screen):
    """The manager's computer."""

    def __init__(self, browser: Browser, gate: Gate, venue: OwnVenue, size: tuple[int, int] = (1366, 768)) -> None:
        super().__init__(browser, gate, "manage", width=size[0], height=size[1], color_scheme="light")
        client = venue.paired("manage")
        self.page.goto(f"{venue.address}/manage/#key={client.key}")

    def sign_in(self, name: str = "Mara") -> None:
        """A name and its PIN."""
        self.unlock(name, PIN)
        expect(self.page.get_by_role("navigation", name="Páginas")).to_be_visible()

    def is_at(self, title: str) -> None:
        """The page is open, and holds more than its name."""
        expect(self.page.get_by_role("heading", name=title, level=1)).to_be_visible()
        expect(self.page.locator("[aria-busy=true]")).to_have_count(0)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size[0]))
def test_every_page_opens_by_its_key_and_is_sound(
    venue: OwnVenue, chromium: Browser, gate: Gate, size: tuple[int, int]
) -> None:
    office = Office(chromium, gate, venue, size)
    found = complaints(office.page, "who")
    office.sign_in()
    for number, title in enumerate(PAGES, start=1):
        office.page.keyboard.press(f"Alt+{number}")
        office.is_at(title)
        office.page.wait_for_load_state("networkidle")
        found += complaints(office.page, title)
        assert not office.page.evaluate(_TOO_WIDE), title
        _picture(office.page, f"{size[0]}-{number}")
    assert found == []


def test_back_and_a_reload_lead_to_the_page_one_was_on(venue: OwnVenue, chromium: Browser, gate: Gate) -> None:
    office = Office(chromium, gate, venue)
    office.sign_in()
    pages = office.page.get_by_role("navigation", name="Páginas")
    office.button("Personal", pages).click()
    office.button("Equipos", pages).click()
    office.page.go_back()
    office.is_at("Personal")
    expect(office.page.get_by_role("heading", name="Personal", level=1)).to_be_focused()
    office.page.reload()
    office.is_at("Personal")


def test_a_dish_is_found_and_marked_sold_out_by_keys_alone(venue: OwnVenue, chromium: Browser, gate: Gate) -> None:
    office = Office(chromium, gate, venue)
    office.sign_in()
    office.page.get_by_role("searchbox", name="Buscar un plato").focus()
    office.page.keyboard.type("fla")
    sees(office.page, "1 plato")
    mark = office.button("Marcar agotado: Flan")
    mark.focus()
    office.page.keyboard.press("Enter")
    expect(office.button("Volvió a haber: Flan")).to_be_visible()
    assert venue.rows("SELECT name FROM item_86") == [("Flan",)]
    office.page.reload()  # a second press in the same moment would be the same wish
    office.button("Volvió a haber: Flan").press("Enter")
    expect(mark).to_be_visible()


def test_a_person_is_added_and_removed(venue: OwnVenue, chromium: Browser, gate: Gate) -> None:
    office = Office(chromium, gate, venue)
    office.sign_in()
    office.page.keyboard.press("Alt+3")
    office.button("Agregar persona").click()
    office.page.get_by_role("textbox", name="Nombre").fill("Nora")
    office.button("Ahora, su PIN").click()
    office.page.keyboard.type("314159")
    office.button("Cambiar datos de Nora").click()
    office.button("Quitar").click()
    office.button("Quitar", office.page.get_by_role("alertdialog")).click()
    expect(office.button("Cambiar datos de Nora")).to_have_count(0)


def test_the_audit_finds_what_was_refused(venue: OwnVenue, chromium: Browser, gate: Gate) -> None:
    office = Office(chromium, gate, venue)
    office.sign_in()
    office.page.keyboard.press("Alt+6")
    moments = office.page.get_by_role("list", name="Auditoría").get_by_role("listitem")
    expect(moments.filter(has_text="Ana")).to_have_count(1)
    office.page.get_by_role("searchbox").fill("nadie se llama así")
    sees(office.page, "Nada de lo leído hasta acá tiene eso")


def test_who_may_not_see_a_page_has_no_way_to_it(venue: OwnVenue, chromium: Browser, gate: Gate) -> None:
    venue.console.do("add_staff", staff_id="tito", staff_name="Tito", role="technician", pin=PIN)
    office = Office(chromium, gate, venue)
    expect(office.button(re.compile("^Ana"))).to_have_count(0)  # a waiter has nothing to do in the office
    office.sign_in("Tito")
    pages = office.page.get_by_role("navigation", name="Páginas")
    expect(office.button("Impresoras", pages)).to_be_visible()
    expect(office.button("Personal", pages)).to_have_count(0)
    office.button("Bloquear").click()
    expect(office.page.get_by_role("heading", name="PIN de Tito")).to_be_visible()


def test_a_spreadsheet_says_its_wrong_row_then_is_published(
    venue: OwnVenue, chromium: Browser, gate: Gate, tmp_path: Path
) -> None:
    office = Office(chromium, gate, venue)
    office.sign_in()
    office.page.get_by_role("tab", name="Traer de una planilla").click()
    office.is_at("Carta")
    (version,) = venue.rows("SELECT MAX(version) FROM menu_version")[0]
    sheet = tmp_path / "carta.csv"
    rows = "nombre;categoría;precio;puesto\nLocro;Todo;{price};Cocina\n"
    sheet.write_text(rows.format(price="caro"), encoding="utf-8")
    chooser = office.page.get_by_label("Planilla", exact=True)
    chooser.set_input_files(sheet)
    sees(office.page, "1 fila está mal. Corregila en la planilla y elegila de nuevo.")
    publish = office.button("Publicar esta carta")
    expect(publish).to_be_disabled()
    found = complaints(office.page, "wrong row")
    sheet.write_text(rows.format(price="9000"), encoding="utf-8")
    chooser.set_input_files(sheet)
    sees(office.page, "1 plato nuevo")
    assert venue.rows("SELECT MAX(version) FROM menu_version") == [(version,)]
    publish.click()
    sees(office.page, f"Publicada: es la versión {version + 1}.")
    assert found + complaints(office.page, "published") == []
    office.page.get_by_role("tab", name="Platos").click()
    sees(office.page, "Locro")


def _picture(page: Page, name: str) -> None:
    """For whoever looks: `HOS_PICTURES` names a folder."""
    if folder := os.environ.get("HOS_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png")
