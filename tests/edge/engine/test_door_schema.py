"""The edge's OpenAPI page says what the door takes."""

import json
import re
from pathlib import Path

import httpx

from edge import app as root
from edge.app import SLICES
from tests.real_venue import a_real_venue


async def a_page(folder: Path) -> dict[str, object]:
    async with a_real_venue(folder) as venue:
        transport = httpx.ASGITransport(app=root.build_app(venue.edge))
        async with httpx.AsyncClient(transport=transport, base_url="http://edge") as http:
            page: dict[str, object] = (await http.get("/schema/openapi.json")).json()
            return page


async def test_the_page_names_each_command_that_a_screen_may_ask(tmp_path: Path) -> None:
    page = await a_page(tmp_path)
    asked = page["paths"]["/commands"]["post"]["requestBody"]["content"]["application/json"]["schema"]  # type: ignore[index]
    named = {one["properties"]["name"]["const"] for one in asked["properties"]["commands"]["items"]["oneOf"]}
    wanted = {rule.name for one in SLICES for rule in one.rules if rule.devices - {"guest", "edge", "hub"}}
    assert named == wanted
    assert {"add_lines", "confirm_draft", "take_payment"} <= named
    assert "submit_draft" not in named


async def test_all_that_the_page_refers_to_is_on_it(tmp_path: Path) -> None:
    page = await a_page(tmp_path)
    named = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(page)))
    assert named <= set(page["components"]["schemas"])  # type: ignore[index]
    assert {"AddLines", "LineAsk", "CommandsAnswer", "Rejection"} <= named
