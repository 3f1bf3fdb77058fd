"""Every address of the hub's own OpenAPI document, asked with what fits and what does not: no 5xx, and a code for each no."""

import contextlib
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import httpx
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cloud.app import opened
from cloud.engine.clock import SystemClock
from cloud.people.accounts import Accounts
from cloud.rejections import CODES
from shared.errors import Rejection
from tests.hardening.open_venue import as_json
from tests.hardening.schema_strategies import ANYTHING, NASTY_TEXTS, Fitting, rarely_not
from tests.hub_service import HubService

EMAIL, PASSWORD = "olga@acme.test", "correct horse"
STEADY = settings(
    max_examples=150, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
)
BAD_BODIES = (
    b"",
    b"null",
    b"[]",
    b"{",
    b"\xff\xfe",
    b'{"email": "\\ud83c", "password": "x"}',
    b'{"email": 1, "password": []}',
    b'{"email": "a\\u0000b", "password": "\\u0000"}',
    b"[" * 60_000,
    b'{"email":' * 6_000,
    b'{"email": "' + b"x" * 60_000 + b'", "password": "x"}',
)


@pytest.fixture
async def hub(service: HubService) -> Iterator[str]:  # type: ignore[misc]
    """The address of a hub with an owner."""
    async with opened(service.app_url) as database:
        accounts = Accounts(database, SystemClock())
        await accounts.add_owner("acme", email=EMAIL, name="Olga", password=PASSWORD)
    yield service.start_hub()


def signed_in(address: str) -> httpx.Client:
    """A browser with the owner's session."""
    http = httpx.Client(base_url=address, trust_env=False, timeout=20)
    response = http.post("/api/session", json={"email": EMAIL, "password": PASSWORD})
    assert response.status_code == 200, response.text
    http.headers["x-csrf-token"] = response.json()["csrf"]
    return http


def check(response: httpx.Response) -> None:
    """No 5xx; every no is a refusal with a code that the owner's app knows."""
    assert response.status_code < 500, response.text
    if response.status_code >= 400:
        said = msgspec.json.decode(response.content, type=Rejection)
        assert said.code in CODES, said


@pytest.mark.slow
def test_whatever_is_asked_of_a_hub_is_answered_or_refused(hub: str) -> None:
    with (
        contextlib.closing(signed_in(hub)) as owner,
        httpx.Client(base_url=hub, trust_env=False, timeout=20) as stranger,
    ):
        fuzz(owner, stranger)
        for path in ("/nothing", "/api", "/api/nothing", "/api/today/more", "/%00", "/owner/../secret"):
            response = stranger.get(path)
            check(response)
            assert (response.status_code, response.json()["code"]) == (404, "not_found")
        for method in ("PUT", "PATCH", "TRACE"):
            check(stranger.request(method, "/api/session"))
        for body in BAD_BODIES:
            response = stranger.post("/api/session", content=body)
            check(response)
            assert response.status_code in {400, 401, 413, 429}, body[:40]
        check(stranger.post("/api/session", content=b"x" * 200_000))
        assert owner.get("/api/today").status_code == 200
        assert owner.get("/healthz").json()["database"] is True


def fuzz(owner: httpx.Client, stranger: httpx.Client) -> None:
    """Requests made from the hub's own document."""
    document = stranger.get("/schema/openapi.json").json()
    fitting = Fitting(document["components"]["schemas"], {"venue": ("v1", "v2", "w1"), "from": ("2026-03-01",)})
    operations = [
        (method.upper(), path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if method != "delete"  # it would end the session of all that follows
    ]
    assert len(operations) >= 8

    @STEADY
    @given(chosen=st.data(), who=st.sampled_from((owner, owner, stranger)))
    def ask(chosen: st.DataObject, who: httpx.Client) -> None:
        method, path, operation = chosen.draw(st.sampled_from(operations))
        options: dict[str, Any] = {"params": {}}
        for parameter in operation.get("parameters", []):
            if parameter.get("required") or chosen.draw(st.booleans()):
                value = chosen.draw(a_parameter(parameter, fitting))
                if parameter["in"] == "path":
                    path = path.replace("{" + parameter["name"] + "}", quote(value, safe=""))
                else:
                    options["params"][parameter["name"]] = value
        if "requestBody" in operation:
            schema = operation["requestBody"]["content"]["application/json"]["schema"]
            options["content"] = chosen.draw(fitting.of(schema).map(as_json) | ANYTHING.map(as_json))
        request = who.build_request(method, path, **options)
        response = who.send(request, stream=True)
        try:
            if not response.headers.get("content-type", "").startswith("text/event-stream"):
                response.read()
                check(response)
        finally:
            response.close()

    ask()


def a_parameter(parameter: dict[str, Any], fitting: Fitting) -> st.SearchStrategy[str]:
    """A day, an id, what fits, what is nasty."""
    days = st.sampled_from(("2026-03-05", "2026-02-30", "0001-01-01", "9999-12-31", "2026-3-5", "today", "20260305"))
    venues = st.sampled_from(("v1", "v2", "w1", "' OR 1=1 --"))
    fits = rarely_not(fitting.of(parameter["schema"])).map(json.dumps)
    nasty = NASTY_TEXTS.map(lambda text: text.encode("utf-8", "replace").decode())
    return st.one_of(days, days, venues, fits, nasty)


@pytest.mark.parametrize("path", ["/", "/api/session", f"/?{'x' * 20_000}"], ids=["page", "api", "long"])
def test_whoever_asks_the_hub_for_a_socket_gets_a_plain_answer(hub: str, path: str) -> None:
    headers = {
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }
    with httpx.Client(base_url=hub, trust_env=False, timeout=20) as http:
        asked, plain = http.get(path, headers=headers), http.get(path)
    assert (asked.status_code, asked.content) == (plain.status_code, plain.content)
