"""Two managers edit one printer and one station at once, and one reloads in the middle: nothing typed is lost."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from shared.commands.staff import AddStaff
from tests.e2e.own_venue import Listened, OwnVenue, an_own_venue
from tests.e2e.running_demo import eventually
from tests.e2e.screens import Gate
from tests.hardening.open_venue import PIN

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(1_200)]


@pytest.fixture
def venue(tmp_path: Path) -> Iterator[OwnVenue]:
    """A venue with a printer, and a second manager."""
    with an_own_venue(tmp_path / "edge") as made:
        made.command(AddStaff(staff_id="rita", staff_name="Rita", role="manager", pin=PIN))
        made.console.do("configure_printer", printer_id="p1", printer_name="Parrilla", host="127.0.0.1", port=9)
        yield made


class Office(Listened):
    """A manager's till, at its printers."""

    def __init__(self, browser: Browser, gate: Gate, venue: OwnVenue, name: str) -> None:
        super().__init__(browser, gate, venue, "pos")
        self.sign_in(name)
        self.at_printers()

    def at_printers(self) -> None:
        """By a command of the palette."""
        self.page.get_by_role("heading", name="Salón", level=1).wait_for()
        self.page.keyboard.press("Control+k")
        box = self.page.get_by_role("combobox")
        expect(box).to_be_focused()
        box.fill("impresoras")
        self.page.keyboard.press("Enter")
        expect(self.card("Parrilla")).to_be_visible()

    def open_printer(self) -> Locator:
        """The editor of the one printer."""
        self.button("Cambiar", self.card("Parrilla")).click()
        return self._sheet("Cambiar Parrilla")

    def open_station(self, name: str) -> Locator:
        """The editor of where a station prints."""
        self.button(f"Cambiar: {name}").click()
        return self._sheet(f"Cambiar {name}")

    def save(self) -> None:
        """Save, and the sheet is gone."""
        self.button("Guardar").click()
        expect(self.page.get_by_role("dialog")).to_have_count(0)

    def _sheet(self, name: str) -> Locator:
        sheet = self.page.get_by_role("dialog", name=name)
        expect(sheet).to_be_visible()
        return sheet


def was_faster(sheet: Locator, who: str) -> None:
    """The editor says who."""
    expect(sheet.get_by_role("heading", name=re.compile(rf"^{who} lo cambió a las \d\d:\d\d$"))).to_be_visible()


def test_two_managers_at_one_printer_and_one_station_see_who_was_faster_and_lose_nothing(
    venue: OwnVenue, chromium: Browser, gate: Gate
) -> None:
    (station,) = venue.rows("SELECT name FROM station ORDER BY station_id LIMIT 1")[0]
    mara, rita = (Office(chromium, gate, venue, name) for name in ("Mara", "Rita"))
    at_mara, at_rita = mara.open_printer(), rita.open_printer()
    at_rita.get_by_role("textbox", name="Nombre").fill("Parrilla y horno")
    at_rita.get_by_role("textbox", name="Dirección de red").fill("127.0.0.3")
    at_mara.get_by_role("textbox", name="Dirección de red").fill("127.0.0.2")
    at_mara.get_by_role("textbox", name="Puerto").fill("10")
    mara.save()
    was_faster(at_rita, "Mara")
    expect(at_rita.get_by_role("textbox", name="Puerto")).to_have_value("10")  # theirs, where nobody here touched it
    clash = at_rita.get_by_role("group", name="Dirección de red")
    expect(clash.get_by_text("Mara: 127.0.0.2")).to_be_visible()
    clash.get_by_role("button", name="Dejar lo tuyo").click()

    at_mara = mara.open_station(station)
    at_mara.get_by_role("combobox", name="Si falla, en").select_option("Parrilla")
    rita.save()
    rita.open_station(station).get_by_role("combobox", name="Impresora").select_option("Parrilla y horno")
    rita.save()
    was_faster(at_mara, "Rita")
    mara.save()

    printer = "SELECT name, host, port FROM printer WHERE printer_id = 'p1'"
    assert venue.rows(printer) == [("Parrilla y horno", "127.0.0.3", 10)]
    routes = "SELECT printer_id, backup_printer_id FROM station WHERE name = ?"
    eventually(lambda: venue.rows(routes, station) == [("p1", "p1")])


def test_a_reload_in_the_middle_of_an_edit_keeps_what_was_typed_and_its_steps(
    venue: OwnVenue, chromium: Browser, gate: Gate
) -> None:
    mara = Office(chromium, gate, venue, "Mara")
    sheet = mara.open_printer()
    sheet.get_by_role("textbox", name="Nombre").fill("Horno")
    sheet.get_by_role("textbox", name="Puerto").fill("70000")
    expect(sheet.get_by_text("El máximo es 65535")).to_be_visible()
    mara.page.reload()
    mara.at_printers()
    expect(mara.card("Parrilla").get_by_text("Sin guardar")).to_be_visible()
    sheet = mara.open_printer()
    expect(sheet.get_by_role("textbox", name="Nombre")).to_have_value("Horno")
    expect(sheet.get_by_role("textbox", name="Puerto")).to_have_value("70000")
    sheet.get_by_role("textbox", name="Nombre").focus()
    mara.page.keyboard.press("Control+z")
    expect(sheet.get_by_role("textbox", name="Puerto")).to_have_value("9")
    mara.page.keyboard.press("Control+Shift+z")
    expect(sheet.get_by_role("textbox", name="Puerto")).to_have_value("70000")
    mara.page.keyboard.press("Control+z")
    mara.page.keyboard.press("Control+s")
    expect(mara.page.get_by_role("dialog")).to_have_count(0)
    assert venue.rows("SELECT name, port FROM printer WHERE printer_id = 'p1'") == [("Horno", 9)]
