"""Whatever bytes arrive at any public address, the answer is a refusal with a code, and nothing was written."""

import socket
from collections.abc import Iterator
from typing import Any

import httpx
import msgspec
import pytest

from shared.errors import CODES, Rejection
from tests.hardening.open_venue import PATIENCE_S, OpenVenue, Screen

#: Every address that reads a body, and who may ask it.
BODIES = {
    "/commands": "console",
    "/staff/sign-in": "screen",
    "/staff/approvals": "screen",
    "/devices/pairings": "nobody",
    "/guest-api/join": "nobody",
    "/guest-api/commands": "phone",
}
DEEP = 100_000
BAD_BODIES = {
    "empty": b"",
    "cut short": b'{"commands": [{"id": "a"',
    "not JSON": b"\x00\x01\x02",
    "a list": b"[]",
    "a number": b"1e400",
    "null": b"null",
    "not UTF-8": b'{"code": "\xff\xfe", "staff_id": "\xff", "commands": [{"id": "\xff"}], "app": "\xff"}',
    "half an emoji": b'{"code": "\\ud83c", "commands": [{"id": "\\ud83c", "name": "x"}], "pin": "\\ud83c"}',
    "wrong types": b'{"commands": {"id": 1}, "code": [], "staff_id": {}, "pin": 1, "app": false, "device_name": []}',
    "deep lists": b"[" * DEEP,
    "deep objects": b'{"a":' * (DEEP // 5),
    "a deep field": b'{"commands":[{"id":"deep","name":"open_check","body":' + b"[" * DEEP,
    "a deep code": b'{"code":' + b"[" * DEEP,
    "a form": b"code=A&staff_id=ana",
}
ROUTES = (*BODIES, "/health", "/reports/x", "/tables/codes", "/guest-api/menu", "/devices/pairings/mine", "/metrics")


@pytest.fixture(scope="module")
def askers(shared_venue: OpenVenue) -> dict[str, Screen]:
    """One client of each kind."""
    return {
        "console": shared_venue.console,
        "screen": shared_venue.paired("waiter"),
        "phone": shared_venue.seated(),
        "nobody": shared_venue.screen(),
    }


def refusal(response: httpx.Response) -> tuple[int, str]:
    """The status and code; the body must be a refusal that screens have words for."""
    said = msgspec.json.decode(response.content, type=Rejection)
    assert response.headers["content-type"].startswith("application/json")
    assert said.code in CODES, said
    return response.status_code, said.code


@pytest.mark.parametrize("path", BODIES)
@pytest.mark.parametrize("body", BAD_BODIES.values(), ids=BAD_BODIES)
def test_what_is_no_request_is_refused_everywhere(
    venue: OpenVenue, askers: dict[str, Screen], path: str, body: bytes
) -> None:
    before = venue.seq()
    status, code = refusal(askers[BODIES[path]].http.post(path, content=body))
    assert (status, code) in {(400, "malformed"), (413, "too_large")}
    assert venue.seq() == before


@pytest.mark.parametrize("path", BODIES)
def test_a_body_over_the_limit_is_refused_everywhere(venue: OpenVenue, askers: dict[str, Screen], path: str) -> None:
    before = venue.seq()
    body = b'{"code": "' + b"A" * 1_100_000 + b'"}'
    assert refusal(askers[BODIES[path]].http.post(path, content=body)) == (413, "too_large")
    assert venue.seq() == before


@pytest.mark.parametrize("path", BODIES)
def test_a_body_of_untold_length_is_read_no_further_than_the_limit(
    venue: OpenVenue, askers: dict[str, Screen], path: str
) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(2_000):
            yield b"x" * 4_096

    before = venue.seq()
    try:
        response = askers[BODIES[path]].http.post(path, content=endless())
    except httpx.TransportError:
        pass  # the door had answered and closed before the sender was done
    else:
        assert refusal(response) == (413, "too_large")
    assert venue.seq() == before


@pytest.mark.parametrize("path", [path for path, asker in BODIES.items() if asker != "nobody"])
@pytest.mark.parametrize("header", ["", "Bearer", "Basic YTpi", "Bearer " + "k" * 5_000, "Bearer ñandú"])
def test_who_has_no_key_asks_nothing(venue: OpenVenue, path: str, header: str) -> None:
    before = venue.seq()
    stranger = venue.screen()
    body = {"commands": [stranger.an_ask("close_day", {})], "staff_id": "ana", "pin": "000000"}
    headers = [(b"authorization", header.encode())] if header else []
    status, code = refusal(stranger.http.post(path, json=body, headers=headers))
    assert (status, code) in {(401, "device_unknown"), (409, "visit_over")}
    assert venue.seq() == before


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"])
@pytest.mark.parametrize("path", ROUTES)
def test_a_method_that_an_address_does_not_know_is_refused(venue: OpenVenue, path: str, method: str) -> None:
    assert refusal(venue.console.http.request(method, path)) == (405, "malformed")


STRAY = [
    "/nothing",
    "/guest-api",
    "/guest-api/%2e%2e/commands",
    "/commands/more",
    "/waiter/../venue.db",
    "/%00",
    "/ñ%ff%fe",
    "/t/",
    "/" + "a" * 5_000,
]


@pytest.mark.parametrize("path", STRAY)
def test_an_address_that_is_none_is_refused(venue: OpenVenue, path: str) -> None:
    assert refusal(venue.console.http.get(path)) == (404, "malformed")


@pytest.mark.parametrize("code", ["x", "a b", "%00", "%2f%2e%2e", "%f0%9f%8d%95", "%ff", "A" * 3_000])
def test_any_code_in_a_qr_leads_to_the_guests_screen_and_nowhere_else(venue: OpenVenue, code: str) -> None:
    response = venue.screen().http.get(f"/t/{code}")
    if response.status_code == 303:
        assert response.headers["location"].startswith("/guest/?t=")
    else:
        assert refusal(response) == (404, "malformed")


@pytest.mark.parametrize(
    "kind", ["text/xml", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "?"]
)
def test_a_body_means_the_same_under_any_content_type(venue: OpenVenue, kind: str) -> None:
    ask = {"commands": [venue.console.an_ask("nothing_like_it", {})]}
    response = venue.console.http.post("/commands", content=msgspec.json.encode(ask), headers={"Content-Type": kind})
    assert (response.status_code, response.json()["answers"][0]["code"]) == (409, "malformed")


NO_HTTP = [
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",  # a browser that tries https
    b"GET / HTTP/9.9\r\n\r\n",
    b"POST /commands HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
    b"POST /commands HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
    b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 200_000 + b"\r\n\r\n",
    b"\r\n" * 1_000,
]


@pytest.mark.parametrize("sent", NO_HTTP, ids=range(len(NO_HTTP)))
def test_what_is_not_even_http_ends_its_own_connection_alone(venue: OpenVenue, sent: bytes) -> None:
    port = venue.program.settings.port
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S) as line:
        try:
            line.sendall(sent)
            line.shutdown(socket.SHUT_WR)
            answered = line.recv(65_536)
        except OSError:
            answered = b""  # hung up while we still talked
    assert not answered or answered.split(b" ")[1][:1] in {b"3", b"4"}, answered


def test_a_hundred_lines_that_say_nothing_keep_nobody_waiting(venue: OpenVenue) -> None:
    port = venue.program.settings.port
    silent = [socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S) for _ in range(100)]
    for line in silent:
        line.sendall(b"POST /commands HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
    try:
        assert venue.health()["writes"] is True
        venue.check(venue.paired("waiter", "ana"), "agua")
    finally:
        for line in silent:
            line.close()


def test_a_request_holds_so_many_commands_and_no_more(venue: OpenVenue) -> None:
    console = venue.console
    asks: list[dict[str, Any]] = [console.an_ask("no_such", {}) for _ in range(65)]
    assert refusal(console.post()) == (400, "malformed")
    assert refusal(console.post(*asks)) == (400, "malformed")
    assert console.post(*asks[:64]).status_code == 409
