"""The screens of an evening, worked as people work them: by role and name, by touch and by key."""

import contextlib
import re
from collections.abc import Iterator, Sequence
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect

PATIENCE_MS = 60_000  # a machine that has a lot to do; what was shown in time is found at once all the same
expect.set_options(timeout=PATIENCE_MS)
#: What a browser says by itself when a server is gone; expected only while the evening keeps one down.
_OUTAGE = re.compile(
    r"ERR_CONNECTION|ERR_EMPTY_RESPONSE|ERR_INCOMPLETE_CHUNKED|ERR_SOCKET|ERR_INTERNET_DISCONNECTED|ERR_NETWORK_CHANGED|WebSocket connection|503"
)


class Gate:
    """Collects what went wrong in any page: errors on the console, exceptions, failed requests, answers of 400 and more."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self.is_outage = False

    def watch(self, page: Page, name: str) -> None:
        """Watch a page from now on."""
        page.on("console", lambda message: self._note(name, message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self._note(name, f"exception {error}"))
        page.on("requestfailed", lambda request: self._note(name, f"failed {request.url} {request.failure}"))
        page.on(
            "response",
            lambda response: self._note(name, f"{response.status} {response.url}") if response.status >= 400 else None,
        )

    @contextlib.contextmanager
    def outage(self) -> Iterator[None]:
        """A server is kept down: what browsers say of that by themselves is no fault."""
        self.is_outage = True
        yield
        self.is_outage = False

    def _note(self, name: str, words: str) -> None:
        if self.is_outage and _OUTAGE.search(words):
            return
        if "ERR_ABORTED" in words:
            return  # what a page was reading when it was left
        self.faults.append(f"{name}: {words}")


class Screen:
    """One person's page on a device of its size."""

    def __init__(self, browser: Browser, gate: Gate, name: str, *, width: int, height: int, **more: Any) -> None:
        self.context = browser.new_context(
            viewport={"width": width, "height": height},
            locale="es-AR",
            timezone_id="America/Argentina/Buenos_Aires",
            **more,
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE_MS)
        gate.watch(self.page, name)

    def button(self, name: str | re.Pattern[str], within: Locator | None = None) -> Locator:
        """A button by what it says."""
        return (within or self.page).get_by_role("button", name=name).first

    def unlock(self, person: str, pin: str) -> None:
        """Choose a name and type the PIN."""
        self.button(re.compile(f"^{person}")).click()
        self.page.keyboard.type(pin)
        expect(self.page.get_by_role("button", name=re.compile(f"^{person}"))).to_have_count(0)


class Guest(Screen):
    """A phone at a table."""

    def __init__(self, browser: Browser, gate: Gate, table_url: str) -> None:
        super().__init__(browser, gate, "guest", width=360, height=740, has_touch=True, is_mobile=True)
        self.taps = 0
        self.page.goto(table_url)

    def add(self, dish: str, options: Sequence[str]) -> None:
        """Open a dish, answer what it asks, put it in the draft."""
        self._tap(self.page.get_by_role("button", name=dish, exact=True))
        sheet = self.page.get_by_role("dialog")
        for option in options:
            self._tap(sheet.get_by_text(option, exact=True).first)
        self._tap(sheet.get_by_role("button", name="Agregar"))
        expect(sheet).to_be_hidden()

    def send(self) -> None:
        """Look at the draft and send it to the waiter."""
        self._tap(self.button(re.compile("^Ver pedido")))
        self._tap(self.button(re.compile("^Enviar al mozo")))

    def sees_step(self, step: str) -> None:
        """The draft stands at this step."""
        current = self.page.locator("[aria-current=step]").first
        expect(current).to_contain_text(step)

    def _tap(self, target: Locator) -> None:
        target.tap()
        self.taps += 1


class Waiter(Screen):
    """A waiter's phone."""

    def __init__(self, browser: Browser, gate: Gate, url: str) -> None:
        super().__init__(browser, gate, "waiter", width=390, height=844, has_touch=True)
        self.page.goto(url)

    def card(self, table: str, kind: str) -> Locator:
        """A card of the queue."""
        return self.page.get_by_role("article", name=f"Mesa {table}, {kind}")

    def review(self, table: str) -> None:
        """Open a table's draft, which claims it."""
        self.button(re.compile("^Todos")).click()
        self.button("Revisar", self.card(table, "Pedido QR")).click()

    def remove(self, dish: str) -> None:
        """Take a dish out of the draft."""
        self.button(f"Quitar: {dish}").click()

    def note(self, words: str) -> None:
        """Put a note on the only dish left."""
        self.button("Editar").click()
        sheet = self.page.get_by_role("dialog")
        sheet.get_by_role("textbox", name="Nota para la cocina").fill(words)
        self.button(re.compile("^Guardar"), sheet).click()
        expect(sheet).to_be_hidden()

    def confirm(self, *, covers: int, everything: bool = False) -> None:
        """Confirm what is left of the draft."""
        self.button(str(covers)).click()
        if everything:
            self.button("Todo ya").click()
        self.button(re.compile("^Confirmar")).click()

    def pick_up(self, table: str) -> None:
        """Take a ready course from the pass."""
        self.button(re.compile("^Todos")).click()
        self.button("Retirado", self.card(table, "Listo 2º")).click()


class Kitchen(Screen):
    """A station's screen, which has a keyboard."""

    def __init__(self, browser: Browser, gate: Gate, url: str) -> None:
        super().__init__(browser, gate, "kds", width=1920, height=1080, color_scheme="dark")
        self.page.goto(url)

    def start(self, station: str) -> None:
        """Touch to begin, and choose a station."""
        self.button(re.compile("Tocar para empezar")).click()
        self.button(re.compile(f"^{station}")).click()

    def ticket(self, table: str) -> Locator:
        """A ticket by its table."""
        return self.page.get_by_role("article", name=f"Comanda M{table}", exact=True)

    def bump(self, table: str) -> None:
        """Mark a ticket done."""
        self.button(re.compile(f"^M{table}, ")).click()


class Till(Screen):
    """The cashier's computer, worked by keyboard."""

    def __init__(self, browser: Browser, gate: Gate, url: str) -> None:
        super().__init__(browser, gate, "pos", width=1366, height=768)
        self.page.goto(url)

    def unlock(self, person: str, pin: str) -> None:
        """Until the till is at hand: what is typed before is typed for nobody."""
        super().unlock(person, pin)
        expect(self.page.get_by_role("navigation", name="Pantallas")).to_be_visible()

    def open_table(self, label: str) -> None:
        """The table's number and Enter."""
        self.page.keyboard.press("F2")
        self.page.keyboard.type(label)
        self.page.keyboard.press("Enter")
        expect(self.page.get_by_role("heading", name=f"Mesa {label}", level=1)).to_be_visible()

    def charge(self) -> None:
        """F8."""
        self.page.keyboard.press("F8")
        expect(self.page.get_by_role("region", name="Entregado")).to_be_visible()

    def tip(self, share: str) -> None:
        """What the guest gives."""
        self.button(share).click()

    def type_amount(self, digits: str) -> None:
        """What lies on the table."""
        self.page.keyboard.type(digits)

    def is_live(self) -> None:
        """The screen hears the edge again."""
        expect(self.page.get_by_role("img", name="Conectado")).to_be_visible()
        expect(self._take()).to_be_enabled()

    def take(self) -> None:
        """Take the payment."""
        self._take().click()

    def _take(self) -> Locator:
        return self.page.get_by_role("button", name=re.compile(r"^Cobrar \$"))


class Owner(Screen):
    """The owner's laptop."""

    def __init__(self, browser: Browser, gate: Gate, url: str) -> None:
        super().__init__(browser, gate, "owner", width=1440, height=900)
        self.page.goto(url)

    def sign_in(self, email: str, password: str) -> None:
        """Type both and go on."""
        self.page.get_by_label("Correo").fill(email)
        self.page.get_by_label("Contraseña").fill(password)
        self.button("Entrar").click()
        expect(self.page.get_by_role("heading", level=1)).to_contain_text("Hoy")

    def sales(self) -> int:
        """The day's sales on the screen, in minor units."""
        shown = self.page.get_by_role("definition").first.inner_text()
        digits = re.search(r"\$\s([\d.]+)", shown)
        return int(digits[1].replace(".", "")) * 100 if digits else 0

    def sees_sales(self, sales_minor: int) -> None:
        """The figure comes by itself."""
        pesos = f"{sales_minor // 100:,}".replace(",", ".")
        expect(self.page.get_by_role("definition").first).to_contain_text(f"$\u00a0{pesos}")
