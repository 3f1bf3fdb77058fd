"""A venue of a test's own: its edge as a program that serves the screens, and pages that are paired with it."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect

from edge.settings import Settings
from installer.web import ensure_web_built
from tests.crash.edge_program import EdgeProgram
from tests.e2e.screens import Gate, Screen
from tests.hardening.open_venue import PIN, OpenVenue
from tests.hardening.open_venue import Screen as Client
from tests.service import START_MS

#: A cue by the pitch that only it has, and how many of its tones have it.
_CUES = {"fault": (880, 5), "call": (1175, 3)}
_EAR = """(() => {
  window.tones = [];
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (...when) {
    window.tones.push(this.frequency.value);
    return start.apply(this, when);
  };
})()"""
SIZES = {"waiter": (390, 844), "pos": (1366, 768), "kds": (1280, 800)}


class OwnVenue(OpenVenue):
    """With a clock that a test moves, when its settings say so."""

    def at(self, at_ms: int) -> None:
        """It is so long after the start: the edge's clock follows whoever asks something, here for nothing."""
        (staff_id,) = self.rows("SELECT staff_id FROM section WHERE section_id = 'salon'") or [("",)]
        self.console.ask("assign_section", section_id="salon", staff_id=staff_id[0], asked_at_ms=START_MS + at_ms)

    def awake(self) -> set[str]:
        """The screens that somebody can see, as the edge knows it."""
        return {device_id for (device_id,) in self.rows("SELECT device_id FROM screen WHERE is_awake = 1")}

    def order(self, client: Client, check_id: str, table_id: str, item: str) -> None:
        """A dish for a table, sent."""
        client.do("open_check", check_id=check_id, table_id=table_id, covers=2)
        self.more(client, check_id, item)

    def more(self, client: Client, check_id: str, item: str) -> None:
        """One more dish on a check, sent."""
        line_id = f"{check_id}-{item}-{self.seq()}"
        client.do("add_lines", check_id=check_id, lines=[{"line_id": line_id, "item_id": item}])
        client.do("send_lines", check_id=check_id)


class Listened(Screen):
    """A paired page whose sounds are counted."""

    def __init__(self, browser: Browser, gate: Gate, venue: OwnVenue, app: str) -> None:
        width, height = SIZES[app]
        super().__init__(browser, gate, app, width=width, height=height, has_touch=app == "waiter")
        self.page.add_init_script(_EAR)
        client = venue.paired(app)
        self.device_id = client.device_id
        self.page.goto(f"{venue.address}/{app}/#key={client.key}")

    def sign_in(self, name: str) -> None:
        """Choose a name and type the PIN: after that a browser makes sounds."""
        self.unlock(name, PIN)

    def heard(self, cue: str) -> int:
        """How often a cue began here."""
        pitch, pulses = _CUES[cue]
        tones: list[float] = self.page.evaluate("window.tones")
        return sum(tone == pitch for tone in tones) // pulses

    def card(self, name: str) -> Locator:
        """A card of the queue."""
        return self.page.get_by_role("article", name=name)


def wait_for_cue(screen: Listened, cue: str, times: int) -> None:
    """Until the cue was heard so often there."""
    pitch, pulses = _CUES[cue]
    screen.page.wait_for_function(
        "([pitch, count]) => window.tones.filter((tone) => tone === pitch).length >= count", arg=[pitch, times * pulses]
    )


@contextlib.contextmanager
def an_own_venue(data_dir: Path, web_dir: Path | None = None, **settings: Any) -> Iterator[OwnVenue]:
    """A venue that was set up, with screens to open; its program ends with the test."""
    program = EdgeProgram(Settings(data_dir=data_dir, web_dir=web_dir or ensure_web_built(), **settings))
    program.start_here()
    venue = OwnVenue(program)
    try:
        if program.settings.clock == "commands":
            venue.console.ask("draw_section", section_id="salon", name="Salón", asked_at_ms=START_MS)
        venue.set_up()
        yield venue
    finally:
        venue.close()
        program.stop()


def sees(page: Page, text: str) -> None:
    """The page says so."""
    expect(page.get_by_text(text).first).to_be_visible()
