"""A device whose storage fails, whose page is opened twice, or whose program is renewed: nothing typed is lost."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page, expect

from installer.web import ensure_web_built
from tests.e2e.own_venue import Listened, OwnVenue, an_own_venue, sees
from tests.e2e.running_demo import eventually
from tests.e2e.screens import Gate

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(1_200)]

#: What another tab of the same venue may do to the till's database.
_DELETE = """() => new Promise((resolve, reject) => {
  const asked = indexedDB.deleteDatabase("hos-pos");
  asked.onsuccess = resolve;
  asked.onerror = reject;
})"""
_REFUSE = """() => {
  IDBFactory.prototype.open = () => { throw new DOMException("no", "UnknownError"); };
}"""
#: How many lines are on the disk.
_KEPT = """() => new Promise((resolve, reject) => {
  const asked = indexedDB.open("hos-pos");
  asked.onupgradeneeded = () => asked.transaction.abort();  // not made by us: the till is about to
  asked.onerror = () => resolve(-1);
  asked.onsuccess = () => {
    const reading = asked.result.transaction("work").objectStore("work").getAll();
    reading.onerror = reject;
    reading.onsuccess = () => {
      asked.result.close();
      resolve(reading.result.flat().length);
    };
  };
})"""
_FILL = """() => {
  const { put } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.put = () => { throw new DOMException("no room", "QuotaExceededError"); };
  window.makeRoom = () => { IDBObjectStore.prototype.put = put; };
}"""
_IS_WAITING = "() => navigator.serviceWorker.getRegistration().then((found) => found.waiting !== null)"
_IS_RENEWED = "() => navigator.serviceWorker.getRegistration().then((found) => found.waiting === null)"
#: Resolves once whoever asked before whether all tabs are idle has had the answer.
_IS_ASKED = "() => navigator.locks.request('hos-busy-guest', { mode: 'shared' }, () => {})"
_HAS_WORKER = "navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller !== null)"


@pytest.fixture
def venue(tmp_path: Path) -> Iterator[OwnVenue]:
    """A venue that lives in real time, with a table that eats."""
    with an_own_venue(tmp_path / "edge") as made:
        made.order(made.console, "c1", "t1", "agua")
        yield made


class Counter(Listened):
    """Caro's till, at the table that eats."""

    def __init__(self, browser: Browser, gate: Gate, venue: OwnVenue) -> None:
        super().__init__(browser, gate, venue, "pos")
        self.venue = venue
        self.sign_in("Caro")
        self.at_table(self.page)

    def at_table(self, page: Page) -> None:
        """The table's number and Enter."""
        page.get_by_role("button", name=re.compile("^Mesa 1,")).wait_for()
        page.keyboard.type("1")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Mesa 1", level=1)).to_be_visible()

    def tap(self, dish: str) -> None:
        """One more of a dish."""
        self.button(re.compile(f"^{dish}")).click()
        self.holds(dish)

    def holds(self, *dishes: str, page: Page | None = None) -> None:
        """These are typed and not sent."""
        typed = (page or self.page).get_by_role("list", name="Sin enviar").get_by_role("listitem")
        expect(typed.filter(has_text=re.compile("|".join(dishes)))).to_have_count(len(dishes))

    def has_kept(self, lines: int) -> None:
        """So many lines are on the disk."""
        eventually(lambda: self.page.evaluate(_KEPT) == lines)

    def another_tab(self, path: str) -> Page:
        """Another page of the same browser."""
        page = self.context.new_page()
        page.goto(self.venue.address + path)
        return page

    def clear_storage(self) -> None:
        """The browser throws the database away, and closes it under the page."""
        session = self.context.new_cdp_session(self.page)
        session.send("Storage.clearDataForOrigin", {"origin": self.venue.address, "storageTypes": "indexeddb"})


def is_renewed(page: Page) -> bool:
    """Whether no other version waits; a page that is just going over to it is not yet."""
    try:
        return bool(page.evaluate(_IS_RENEWED))
    except Error:
        return False


def test_a_till_whose_database_is_taken_away_mid_order_goes_on(venue: OwnVenue, chromium: Browser, gate: Gate) -> None:
    till = Counter(chromium, gate, venue)
    till.tap("Empanada")
    till.another_tab("/health").evaluate(_DELETE)
    till.tap("Flan")
    till.holds("Empanada", "Flan")
    till.has_kept(2)
    till.page.reload()
    till.at_table(till.page)  # still paired, and Caro still at work
    till.holds("Empanada", "Flan")
    till.clear_storage()
    till.tap("Agua")
    till.has_kept(3)
    till.page.reload()
    till.at_table(till.page)
    till.holds("Empanada", "Flan", "Agua")
    expect(till.page.get_by_role("button", name="Reintentar")).to_have_count(0)


def test_a_till_that_cannot_keep_anything_says_so_and_sells(venue: OwnVenue, chromium: Browser, gate: Gate) -> None:
    till = Counter(chromium, gate, venue)
    till.tap("Empanada")
    till.page.evaluate(_REFUSE)
    till.another_tab("/health").evaluate(_DELETE)
    till.tap("Flan")
    sees(till.page, "No se puede leer lo guardado en este equipo")
    sees(till.page, "Sigue andando, pero esto se pierde si se cierra la pantalla. A medio cargar: 1.")
    till.button("Copiar lo que espera").click()
    expect(till.page.get_by_role("textbox", name=re.compile("Copiado|copialo"))).to_have_value(
        re.compile(r"item_id: Empanada[\s\S]*item_id: Flan")
    )
    till.holds("Empanada", "Flan")
    before = venue.seq()
    till.button(re.compile(r"^Enviar \d")).click()
    eventually(lambda: venue.seq() > before)  # the kitchen has it
    expect(till.page.get_by_role("list", name="Sin enviar")).to_have_count(0)


def test_a_full_till_says_what_it_could_not_keep_and_keeps_it_once_there_is_room(
    venue: OwnVenue, chromium: Browser, gate: Gate
) -> None:
    till = Counter(chromium, gate, venue)
    till.page.evaluate(_FILL)
    till.tap("Empanada")
    sees(till.page, "No queda lugar en este equipo")
    sees(till.page, "A medio cargar: 1.")
    till.page.evaluate("window.makeRoom()")
    till.button("Reintentar").click()
    expect(till.page.get_by_text("No queda lugar en este equipo")).to_have_count(0)
    till.page.reload()
    till.at_table(till.page)
    till.holds("Empanada")


def test_one_tab_at_a_time_works_at_the_till_and_a_lock_locks_everywhere(
    venue: OwnVenue, chromium: Browser, gate: Gate
) -> None:
    till = Counter(chromium, gate, venue)
    till.tap("Empanada")
    second = till.another_tab("/pos/")
    gate.watch(second, "second tab")
    expect(second.get_by_role("heading", name="Ya está abierto en otra pestaña")).to_be_visible()
    second.get_by_role("button", name="Usar acá").click()
    till.at_table(second)
    till.holds("Empanada", page=second)
    expect(till.page.get_by_role("heading", name="Ya está abierto en otra pestaña")).to_be_visible()
    second.get_by_role("button", name="Más", exact=True).click()
    second.get_by_role("menuitem", name="Bloquear").click()
    expect(second.get_by_role("heading", name="¿Quién sos?")).to_be_visible()
    till.button("Usar acá").click()
    expect(till.page.get_by_role("heading", name="¿Quién sos?")).to_be_visible()


def test_a_new_version_waits_for_hands_on_any_tab_and_reaches_the_next_start(
    tmp_path: Path, chromium: Browser, gate: Gate
) -> None:
    screens = tmp_path / "screens"
    shutil.copytree(ensure_web_built(), screens)
    with an_own_venue(tmp_path / "edge", screens) as venue:
        context = chromium.new_context()
        first = context.new_page()
        first.goto(f"{venue.address}/guest/")
        first.evaluate("navigator.serviceWorker.ready")
        first.reload()
        eventually(lambda: first.evaluate(_HAS_WORKER))
        first.get_by_role("heading", name="Todo").click()  # somebody reads here
        first.evaluate("window.isTheSamePage = true")
        worker = screens / "guest" / "sw.js"
        worker.write_text(worker.read_text() + "\n// the next version")
        second = context.new_page()
        second.goto(f"{venue.address}/guest/")
        eventually(lambda: second.evaluate(_IS_WAITING))
        second.evaluate(_IS_ASKED)
        assert second.evaluate(_IS_WAITING)
        assert first.evaluate("window.isTheSamePage")
        first.close()
        second.reload()
        eventually(lambda: is_renewed(second))
        context.close()
