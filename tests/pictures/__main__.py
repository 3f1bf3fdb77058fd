"""`python -m tests.pictures`: pictures of this tree and of a commit, in one run of one browser, and what differs as a page."""

import argparse
import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from installer.browser import ARGUMENTS, find_browser
from tests.pictures import page
from tests.pictures.shots import WAYS, shots
from tests.pictures.take import take
from tests.pictures.trees import ROOT, NoSuchVersion, build, version

OUT = ROOT / "build" / "pictures"


def main(arguments: list[str]) -> int:
    """0 when the page was written, whatever differs; 2 when it could not be."""
    parser = argparse.ArgumentParser(prog="make pictures", description=__doc__)
    parser.add_argument(
        "--base", default="HEAD", metavar="COMMIT", help="what to compare with (default: the last commit)"
    )
    parser.add_argument("--app", choices=sorted(WAYS), action="append", help="only this application; may be repeated")
    asked = parser.parse_args(arguments)
    path = find_browser()
    if path is None:
        return _wrong("no Chromium: run `make browser` first")
    shutil.rmtree(OUT, ignore_errors=True)
    try:
        build(ROOT)
        with version(asked.base) as tree:
            return _compare(path, tree, asked.base, tuple(asked.app or WAYS))
    except NoSuchVersion as error:
        return _wrong(str(error))


def _compare(browser_path: str, tree: Path, base_name: str, apps: tuple[str, ...]) -> int:
    wanted = list(shots(apps))
    missing: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=list(ARGUMENTS))
        for which, folder in (("base", tree), ("head", ROOT)):
            missing += [f"{which} {why}" for why in take(browser, folder, wanted, OUT / which, _say)]
        browser.close()
    found = page.differences(OUT / "base", OUT / "head", OUT / "marked")
    written = page.write(OUT, base_name, found, missing, len(wanted))
    _say(
        f"{len(found)} of {len(wanted)} pictures differ, {len(missing)} could not be taken: {written.relative_to(ROOT)}\n"
    )
    return 0


def _say(words: str) -> None:
    sys.stderr.write(f"\r\x1b[K· {words}")
    sys.stderr.flush()


def _wrong(words: str) -> int:
    sys.stderr.write(f"{words}\n")
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
