"""docs/reference/http.md has every path that the programs answer."""

import re
from pathlib import Path

from edge import app as root
from tests.real_venue import a_real_venue

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/reference/http.md").read_text(encoding="utf-8")
OF_LITESTAR = ("/schema", "/assets")


async def test_every_path_of_the_edge_is_on_the_page(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as service:
        app = root.build_app(service.edge)
    paths = {re.sub(r":\w+\}", "}", route.path) for route in app.routes if not route.path.startswith(OF_LITESTAR)}
    assert {path for path in paths - {"/"} if f" {path}`" not in PAGE} == set()


def test_every_path_of_the_hub_is_on_the_page() -> None:
    reports = (ROOT / "cloud/reports/routes.py").read_text(encoding="utf-8")
    paths = {f"/api{path}" for path in re.findall(r'@get\("(/[^"]+)"', reports)}
    assert paths
    assert {path for path in paths | {"/api/session", "/healthz"} if f" {path}`" not in PAGE} == set()
