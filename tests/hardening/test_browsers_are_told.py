"""What a browser is told by every answer of edge and hub; names that no file can have; a page of the API that loads nothing."""

import re
from html.parser import HTMLParser

import httpx
import pytest

from tests.hardening.open_venue import OpenVenue
from tests.hub_service import HubService

EDGE_ANSWERS = (
    "/health", "/metrics", "/schema", "/schema/openapi.json", "/", "/nothing", "/guest/", "/guest/%00", "/guest-api/menu",
    "/guest-api/events", "/commands", "/t/x", "/staff/audit",
)  # fmt: skip
HUB_ANSWERS = ("/healthz", "/metrics", "/schema", "/schema/openapi.json", "/api/today", "/nothing", "/owner/%00", "/")


class Loads(HTMLParser):
    """Everything that a page loads or runs."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"script", "link", "img", "iframe", "object", "embed"}:
            self.found.append(tag)
        self.found += [name for name, _ in attrs if name == "src" or name.startswith("on")]


def client(address: str) -> httpx.Client:
    return httpx.Client(base_url=address, trust_env=False, timeout=60)


def check(response: httpx.Response) -> None:
    """Taken for what it is, in no frame, and nothing from elsewhere."""
    headers = response.headers
    assert headers["x-content-type-options"] == "nosniff", response.url
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] in {"'self'", "'none'"} and policy["frame-ancestors"] == "'none'"
    assert not re.search(r"https?:|wss?:|\*", headers["content-security-policy"]), "a wildcard lets any host in"


@pytest.mark.parametrize("path", EDGE_ANSWERS)
def test_every_answer_of_an_edge_says_what_a_browser_may_do_with_it(venue: OpenVenue, path: str) -> None:
    with client(venue.address) as stranger:
        check(stranger.get(path))


@pytest.mark.parametrize("page", ["/schema", "/schema/"])
def test_the_page_of_the_api_loads_nothing_and_knows_the_door(venue: OpenVenue, page: str) -> None:
    with client(venue.address) as stranger:
        response = stranger.get(page, follow_redirects=True)
        assert response.headers["content-type"].startswith("text/html")
        loads = Loads()
        loads.feed(response.text)
        assert loads.found == []
        for known in ("POST /commands", "GET /health", "AddLines", "/schema/openapi.json"):
            assert known in response.text
        for other in ("redoc", "swagger", "elements", "rapidoc"):
            assert stranger.get(f"/schema/{other}").status_code == 404


async def test_every_answer_of_a_hub_too_and_its_page_loads_nothing(service: HubService) -> None:
    address = service.start_hub()
    with client(address) as stranger:
        for path in HUB_ANSWERS:
            check(stranger.get(path))
        loads = Loads()
        loads.feed(stranger.get("/schema").text)
        assert loads.found == []
        assert stranger.get("/schema/redoc").status_code == 404
