"""Finds a Chromium for the browser tests, or installs Debian's. `python -m installer.browser` does it and says so."""

import os
import shutil
import subprocess
import sys

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
#: Quiet and closed: nothing that the tests did not ask for leaves the machine.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find_browser() -> str | None:
    """The path of an installed Chromium or Chrome; HOS_BROWSER names another."""
    return os.environ.get("HOS_BROWSER") or next(filter(None, map(shutil.which, _NAMES)), None)


def main() -> int:
    """0 when there is a browser now."""
    if find_browser():
        return 0
    if shutil.which("apt-get") is None:
        return _tell("no Chromium was found: install one, or name it in HOS_BROWSER")
    prefix = [] if os.geteuid() == 0 else ["sudo", "-n"]
    sys.stderr.write("· installing Chromium for the browser tests (Debian's package; this needs root)\n")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "chromium"]):
        if subprocess.run([*prefix, *command], env=environment, stdout=subprocess.DEVNULL, check=False).returncode:
            return _tell(f"`{' '.join(command)}` failed: install Chromium by hand, or name one in HOS_BROWSER")
    return 0


def _tell(words: str) -> int:
    sys.stderr.write(f"· {words}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
