"""How the screens' files reach a device: packed, and asked for once while their content is in their name."""

import gzip
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient

import cloud.web
from edge import app as root
from edge.settings import Settings

SCRIPT = "export const word = 'empanada';\n" * 400


@pytest.fixture(params=["edge", "hub"])
async def screens(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """Who serves an application of three files."""
    app = "guest" if request.param == "edge" else "owner"
    assets = tmp_path / "web" / app / "assets"
    assets.mkdir(parents=True)
    (assets.parent / "index.html").write_text("<!doctype html>" + "<p>carta</p>" * 200)
    (assets / "index-abc.js").write_text(SCRIPT)
    (assets / "letters-abc.woff2").write_bytes(b"wOF2" * 500)
    at = f"http://testserver.local/{app}/"
    if request.param == "hub":
        hub = Litestar(route_handlers=cloud.web.screens(tmp_path / "web"), openapi_config=None)
        async with AsyncTestClient(hub, base_url=at) as client:
            yield client
        return
    settings = Settings(data_dir=tmp_path / "data", web_dir=tmp_path / "web")
    async with root.deciding(settings) as edge, AsyncTestClient(root.build_app(edge), base_url=at) as client:
        yield client


async def test_a_script_is_packed_for_whoever_can_unpack_it(screens: httpx.AsyncClient) -> None:
    packed = await screens.get("assets/index-abc.js", headers={"accept-encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip" and packed.text == SCRIPT
    assert packed.headers["vary"] == "Accept-Encoding"
    plain = await screens.get("assets/index-abc.js", headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers and plain.text == SCRIPT


async def test_what_crosses_the_air_is_a_part_of_the_script(screens: httpx.AsyncClient) -> None:
    async with screens.stream("GET", "assets/index-abc.js", headers={"accept-encoding": "gzip"}) as response:
        crossed = b"".join([piece async for piece in response.aiter_raw()])
    assert gzip.decompress(crossed).decode() == SCRIPT and len(crossed) < len(SCRIPT) // 3


async def test_a_typeface_is_packed_already(screens: httpx.AsyncClient) -> None:
    letters = await screens.get("assets/letters-abc.woff2", headers={"accept-encoding": "gzip"})
    assert "content-encoding" not in letters.headers


async def test_only_what_carries_its_content_in_its_name_is_never_asked_for_again(screens: httpx.AsyncClient) -> None:
    script = await screens.get("assets/index-abc.js")
    page = await screens.get("")
    assert "immutable" in script.headers["cache-control"]
    assert page.headers["cache-control"] == "no-cache"
    for response in (script, page):
        assert "frame-ancestors 'none'" in response.headers["content-security-policy"]
