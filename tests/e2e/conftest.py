"""One demo and one browser for the evenings; what any page complained of fails the test."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from installer.browser import ARGUMENTS, find_browser
from tests.e2e.running_demo import Demo
from tests.e2e.screens import Gate


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    made = Demo(tmp_path_factory.mktemp("demo") / "home")
    yield made
    made.stop()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = find_browser()
    assert path, "run `make browser` first"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def gate() -> Iterator[Gate]:
    """Fails the test that used it when a page had a fault."""
    made = Gate()
    yield made
    assert made.faults == []
