"""One demo and one browser for the evenings; what any page complained of fails the test."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from installer.browser import ARGUMENTS, find_browser
from tests.e2e.running_demo import Demo
from tests.e2e.screens import Gate


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A fresh one; while writing these tests, HOS_E2E_DEMO may name the folder of one that runs already."""
    running = os.environ.get("HOS_E2E_DEMO")
    made = Demo(Path(running) if running else tmp_path_factory.mktemp("demo") / "home", is_running=bool(running))
    yield made
    made.stop()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One for each module: while it lives its loop runs, and no test with a loop of its own can."""
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
