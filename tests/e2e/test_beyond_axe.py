"""What no checker of markup sees: what is read out by itself, where focus goes, large letters, and other people's colours."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from installer.web import ensure_web_built
from tests.pictures.shots import SIZES, Shot
from tests.pictures.stand_in import StandIn
from tests.pictures.take import opened, rest

ROOT = Path(__file__).parent.parent.parent
FIRST = {"guest": "menu", "waiter": "queue", "pos": "room", "kds": "station"}
SECONDS = 12  # less than a screen needs to miss the edge
_LISTEN = """() => {
  window.told = [];
  const regions = '[role=alert], [role=status], [aria-live=polite], [aria-live=assertive]';
  const text = () => [...document.querySelectorAll(regions)].map((one) => one.textContent.trim());
  let last = text().join(' | ');
  new MutationObserver(() => {
    const now = text().join(' | ');
    if (now !== last) window.told.push(now);
    last = now;
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
}"""
_TOO_WIDE = """() => [...document.querySelectorAll('body *')]
  .filter((one) => {
    const box = one.getBoundingClientRect();
    return box.width > 0 && box.height > 0 && box.right > innerWidth + 1 && getComputedStyle(one).position !== 'fixed'
      && !one.closest('.sr-only') && !scrolls(one);
    function scrolls(element) {
      for (let parent = element.parentElement; parent; parent = parent.parentElement) {
        if (['auto', 'scroll', 'hidden', 'clip'].includes(getComputedStyle(parent).overflowX) && parent !== document.body)
          return true;
      }
      return false;
    }
  }).map((one) => `${one.tagName} ${one.textContent.trim().slice(0, 40)}`)"""
_CHOSEN = "[aria-pressed=true], [aria-selected=true], [aria-current]:not([aria-current=false])"
_LOOKS = """(selector) => [...document.querySelectorAll(selector)]
  .filter((one) => one.getBoundingClientRect().width > 0)
  .map((one) => getComputedStyle(one).outlineStyle)"""


@pytest.fixture(scope="module", autouse=True)
def _built() -> None:
    ensure_web_built()


@pytest.fixture
def at_work(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page with a full house, at the size and in the colours that the test asks for."""
    wanted = request.param
    app = wanted["app"]
    width, height = wanted.get("size", SIZES[app][1])
    shot = Shot(
        app=app,
        way=FIRST[app],
        state=wanted.get("state", "crowded"),
        language="es-AR",
        width=width,
        height=height,
        letters=wanted.get("letters", 100),
    )
    with opened(chromium, StandIn(ROOT, app, shot.state), shot, **wanted.get("media", {})) as page:
        yield page


@pytest.mark.parametrize(
    "at_work", [{"app": app, "state": state} for app in FIRST for state in ("crowded", "offline")], indirect=True
)
def test_a_reader_is_not_interrupted_by_the_clock(at_work: Page) -> None:
    at_work.evaluate(_LISTEN)
    at_work.clock.run_for(SECONDS * 1000)
    assert at_work.evaluate("window.told") == []


@pytest.mark.parametrize(
    "at_work", [{"app": app, "size": size, "letters": 200} for app in FIRST for size in SIZES[app]], indirect=True
)
def test_letters_twice_as_large_push_nothing_off_the_screen(at_work: Page) -> None:
    assert at_work.evaluate(_TOO_WIDE) == []


@pytest.mark.parametrize(
    "at_work", [{"app": app, "media": {"forced_colors": "active"}} for app in FIRST], indirect=True
)
def test_what_is_chosen_is_seen_in_other_peoples_colours(at_work: Page) -> None:
    chosen = at_work.evaluate(_LOOKS, _CHOSEN)
    assert set(chosen) <= {"solid"}
    others = at_work.evaluate(_LOOKS, "[aria-pressed=false], [aria-selected=false]")
    assert "solid" not in others
    assert chosen or at_work.locator("[aria-pressed], [aria-selected], [aria-current]").count() == 0


@pytest.mark.parametrize("at_work", [{"app": "waiter"}, {"app": "waiter", "size": (1024, 768)}], indirect=True)
def test_a_waiter_opens_a_table_and_comes_back_by_keys_alone(at_work: Page) -> None:
    page = at_work
    _press(page, "^Mesas")
    assert _focus(page) == "H1 Mesas"
    _press(page, "^Mesa 5,")
    assert _focus(page).startswith("H1 Mesa 5")
    _press(page, "^Volver")
    assert _focus(page).startswith("BUTTON Mesa 5,")


@pytest.mark.parametrize("at_work", [{"app": "pos", "size": size} for size in SIZES["pos"]], indirect=True)
def test_a_till_opens_a_table_and_comes_back_by_keys_alone(at_work: Page) -> None:
    page = at_work
    _press(page, "^Mesa 5,")
    assert _focus(page).startswith("H1 Mesa 5")
    page.keyboard.press("Escape")
    rest(page)
    assert _focus(page).startswith("BUTTON Mesa 5,")


def _press(page: Page, name: str) -> None:
    """By the key: focus, then Enter."""
    page.get_by_role("button", name=re.compile(name)).first.focus()
    page.keyboard.press("Enter")
    rest(page)


def _focus(page: Page) -> str:
    """What has the focus: its tag, and what it says."""
    said: str = page.evaluate(
        "(() => { const it = document.activeElement; return `${it.tagName} ${it.getAttribute('aria-label') ?? it.textContent.trim()}` })()"
    )
    return said
