"""After a power cut the venue waits for the edge: what is loaded before it serves is what it serves with."""

import json
import subprocess
import sys

#: Each took between a tenth and a third of a second of every start, or ten megabytes of a serving edge.
FOR_LATER = ("openpyxl", "PIL", "httpx", "rich.progress", "zeroconf", "escpos", "segno", "sqlite_utils", "hypothesis")
SAID = "import edge.__main__, json, sys; print(json.dumps(sorted(sys.modules)))"


def test_an_edge_that_starts_loads_nothing_it_does_not_serve_with() -> None:
    ran = subprocess.run([sys.executable, "-c", SAID], capture_output=True, text=True, timeout=240, check=True)
    loaded = set(json.loads(ran.stdout))
    assert "litestar" in loaded
    assert loaded.isdisjoint(FOR_LATER)
