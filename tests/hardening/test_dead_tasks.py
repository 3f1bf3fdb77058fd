"""A part of the edge that keeps failing: everybody can read it, and the edge ends in order to be started again."""

import asyncio
import json
from pathlib import Path

import httpx
import pytest

from edge import __main__ as program
from edge import app as root
from edge.settings import Settings, settings_of
from installer.services.program import free_port

pytestmark = pytest.mark.slow  # as patient as an edge is with its parts

PATIENCE_S = 120


def settings_in(folder: Path) -> Settings:
    return settings_of({"HOS_DATA_DIR": str(folder), "HOS_PORT": str(free_port()), "HOS_HOST": "127.0.0.1"})


async def health(edge: root.Edge) -> dict[str, object]:
    """What anybody is told, as soon as the edge answers."""
    address = f"http://127.0.0.1:{edge.settings.port}/health"
    async with httpx.AsyncClient(trust_env=False, transport=httpx.AsyncHTTPTransport(retries=5)) as http:
        return dict(json.loads((await http.get(address)).content))


async def fail() -> None:
    raise RuntimeError("a fault of ours")


def test_a_part_that_keeps_failing_is_named_and_ends_the_edge_with_a_code_of_its_own(tmp_path: Path) -> None:
    async def play() -> None:
        async with root.running(settings_in(tmp_path)) as edge:
            edge.tasks.start("cook", fail)
            serving = asyncio.create_task(program.serve(edge, root.build_app(edge)))
            named = (await health(edge))["died"]
            assert isinstance(named, list)
            assert [(died["name"], died["why"]) for died in named] == [("cook", "RuntimeError: a fault of ours")]
            assert await serving == program.DIED
            assert edge.tasks.given_up == "cook"

    asyncio.run(asyncio.wait_for(play(), PATIENCE_S))
