"""Makes the data folder of a venue that served for three days under a release, small enough to be kept here.

`python -m tests.upgrade.make` runs this tree's edge; `--tree FOLDER` another release's. It speaks to the edge as screens,
phones and printers do, over HTTP and TCP alone, so that it works on any release that knows the same words. What the edge
left in its folder is written to `tests/upgrade/folders/<version>.json.xz`.
"""

import argparse
import contextlib
import re
import socketserver
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

from installer.services.program import Program, free_port
from tests.upgrade import folder
from tests.upgrade.venue import ServingVenue, three_days

ROOT = Path(__file__).parent.parent.parent


def main() -> int:
    """Make the folder of one release."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tree", type=Path, default=ROOT, help="the release's sources; this tree's when left out")
    parser.add_argument("--to", type=Path, help="the file to write; beside the others when left out")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        data_dir = Path(made) / "venue"
        make(asked.tree.resolve(), data_dir)
        target = asked.to or folder.FOLDERS / f"{version_of(asked.tree)}{folder.SUFFIX}"
        folder.pack(data_dir, target)
    print(f"{target}: {target.stat().st_size:,} bytes")
    return 0


def make(tree: Path, data_dir: Path) -> None:
    """Serve for three days with the edge of that tree, on this folder; it is stopped in order."""
    with a_printer() as port, an_edge(tree, data_dir) as address:
        venue = ServingVenue(address, data_dir, printer_port=port)
        with contextlib.closing(venue):
            three_days(venue)


def version_of(tree: Path) -> str:
    """What the release calls itself."""
    found = re.search(r'^version = "(.+)"$', (tree / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
    assert found
    return found[1]


@contextlib.contextmanager
def an_edge(tree: Path, data_dir: Path) -> Iterator[str]:
    """The edge of that tree, serving; the clock stands where its commands are."""
    data_dir.mkdir(parents=True, exist_ok=True)
    port, ready = free_port(), data_dir.parent / "ready"
    environment = {
        "HOS_DATA_DIR": str(data_dir),
        "HOS_PORT": str(port),
        "HOS_CLOCK": "commands",
        "HOS_READY_FILE": str(ready),
        "HOS_LOG_LEVEL": "warning",
        "PYTHONPATH": str(tree),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    command = [sys.executable, "-P", "-m", "edge", "run"]  # -P: that tree's edge, wherever we stand
    edge = Program("edge", command, log=data_dir.parent / "edge.log", environment=environment)
    edge.start()
    try:
        edge.wait_until(ready.exists)
        yield f"http://127.0.0.1:{port}"
    finally:
        edge.stop(timeout_s=60)


@contextlib.contextmanager
def a_printer() -> Iterator[int]:
    """Takes paper on a port and says that it is out, as one does that knows DLE EOT and GS r."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Paper) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield int(server.server_address[1])
        server.shutdown()


class _Paper(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        while heard := self.request.recv(4096):
            self.request.sendall(b"\x12" * heard.count(b"\x10\x04") + b"\x00" * heard.count(b"\x1dr\x01"))


if __name__ == "__main__":
    sys.exit(main())
