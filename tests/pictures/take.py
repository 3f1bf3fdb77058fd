"""Takes the pictures of one tree: one browser, a clock that stands, no motion, the type that ships with the screens."""

import contextlib
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page
from playwright.sync_api import Error as BrowserError

from tests.pictures.shots import SETTLES_MS, WAYS, Shot
from tests.pictures.stand_in import ORIGIN, StandIn

PATIENCE_MS = 5_000
_LOOKS_EVERY_MS = 60
_LOOKS = 3  # that are the same, one after the other
LOST_MS = 45_000  # by then a screen says that it does not hear the edge
_STILL = "*, *::before, *::after { animation: none !important; transition: none !important; caret-color: transparent }"
_LANGUAGE = "hos-locale"  # where a screen keeps what a person chose
_PIN = "271828"


def take(browser: Browser, tree: Path, shots: Sequence[Shot], folder: Path, say: Callable[[str], None]) -> list[str]:
    """A PNG a shot into the folder; returns what could not be taken, with why."""
    folder.mkdir(parents=True, exist_ok=True)
    missing = []
    for number, shot in enumerate(shots, start=1):
        say(f"{folder.name} {number} of {len(shots)}: {shot.name}")
        try:
            _take(browser, StandIn(tree, shot.app, shot.state), shot, folder / f"{shot.name}.png")
        except BrowserError as error:
            missing.append(f"{shot.name}: {error.message.splitlines()[0]}")
    return missing


def _take(browser: Browser, stand_in: StandIn, shot: Shot, file: Path) -> None:
    with opened(browser, stand_in, shot) as page:
        page.add_style_tag(content=_STILL)
        file.write_bytes(_at_rest(page))


@contextlib.contextmanager
def opened(browser: Browser, stand_in: StandIn, shot: Shot, **media: Any) -> Iterator[Page]:
    """A page that stands where the shot is taken; its clock moves only when it is told to."""
    context = browser.new_context(
        viewport={"width": shot.width, "height": shot.height},
        locale=shot.language,
        timezone_id="America/Argentina/Buenos_Aires",
        has_touch=shot.app in {"guest", "waiter"},
        reduced_motion="reduce",
        service_workers="block",
        **media,
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    try:
        page.clock.install(time=stand_in.now_ms / 1000 - 1)
        page.clock.pause_at(stand_in.now_ms / 1000)
        page.add_init_script(f"localStorage.setItem('{_LANGUAGE}', '{shot.language}')")
        stand_in.serve(page)
        _open(page, shot, stand_in.person_name)
        for name in () if shot.state == "empty" else WAYS[shot.app][shot.way]:
            page.get_by_role("button", name=re.compile(name)).first.click()
            rest(page)
        if shot.state == "offline":
            page.clock.run_for(LOST_MS)
        yield page
    finally:
        context.close()


def _open(page: Page, shot: Shot, person_name: str) -> None:
    """Open the application, paired, and sign somebody in where somebody works."""
    page.goto(f"{ORIGIN}/guest/?t=CODE" if shot.app == "guest" else f"{ORIGIN}/{shot.app}/#key=picture")
    if shot.letters != 100:
        page.add_style_tag(content=f":root {{ font-size: {shot.letters}% !important }}")
    rest(page)
    if shot.app in {"waiter", "pos"} and shot.state != "empty":
        page.get_by_role("button", name=re.compile(f"^{person_name}")).first.click()
        page.keyboard.type(_PIN)
        rest(page)
    page.evaluate("document.fonts.ready")


def rest(page: Page) -> None:
    """Let what was asked come back, and what waits for the clock happen, always at the same times of the evening."""
    for _ in range(2):
        _at_rest(page)
        page.clock.run_for(SETTLES_MS)


def _at_rest(page: Page) -> bytes:
    """The picture, once nothing came for a while; the clock stands meanwhile."""
    picture, same = b"", 0
    while same < _LOOKS:
        page.wait_for_timeout(_LOOKS_EVERY_MS)
        before, picture = picture, page.screenshot(animations="disabled", caret="hide")
        same = same + 1 if picture == before else 0
    return picture
