"""Strangers' connections at a real edge and a real hub: each of these stopped a venue once."""

import contextlib
import socket
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest

from doors import limits
from tests.hardening.open_venue import OpenVenue
from tests.hub_service import HubService

PATIENCE_S = 120


@contextlib.contextmanager
def stranger(address: str, *, reads: int = 0) -> Iterator[socket.socket]:
    """A connection of somebody who wrote the client himself."""
    at = urlsplit(address)
    with socket.socket() as made:
        if reads:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, reads)
        made.settimeout(PATIENCE_S)
        made.connect((at.hostname, at.port))
        yield made


def answer(connection: socket.socket) -> bytes:
    """All that comes until the other side hangs up; nothing when it does so without a word."""
    found = b""
    with contextlib.suppress(ConnectionError):
        while piece := connection.recv(65_536):
            found += piece
    return found


def send(connection: socket.socket, data: bytes) -> bool:
    """Whether all of it was taken."""
    try:
        connection.sendall(data)
    except ConnectionError:
        return False
    return True


def metric(address: str, limit: str) -> float:
    """How often a limit bit, as a technician reads it."""
    for line in httpx.get(f"{address}/metrics", trust_env=False, timeout=PATIENCE_S).text.splitlines():
        if line.startswith(f'hos_doors_shut_total{{limit="{limit}"}}'):
            return float(line.rsplit(" ", 1)[1])
    return 0.0


SMALL = b"".join(b"x%05d: y\r\n" % number for number in range(80_000))  # a megabyte
ENDLESS = b"x: " + b"a" * 1_000_000
LONG_URL = b"a" * 1_000_000


@pytest.mark.parametrize("rest", [SMALL, ENDLESS], ids=["many headers", "one that never ends"])
def test_headers_without_end_are_refused_and_not_kept(venue: OpenVenue, rest: bytes) -> None:
    before = metric(venue.address, "header_bytes")
    with stranger(venue.address) as one:
        was_taken = send(one, b"GET /health HTTP/1.1\r\nhost: x\r\n" + rest)
        told = answer(one)
    assert not was_taken or told.startswith(b"HTTP/1.1 431"), told[:80]
    assert b"200 OK" not in told
    assert metric(venue.address, "header_bytes") == before + 1


def test_an_address_without_end_is_refused(venue: OpenVenue) -> None:
    with stranger(venue.address) as one:
        send(one, b"GET /" + LONG_URL + b" HTTP/1.1\r\nhost: x\r\n\r\n")
        assert b"200 OK" not in answer(one)


def test_a_header_of_the_size_that_browsers_send_passes(venue: OpenVenue) -> None:
    with stranger(venue.address) as one:
        send(one, b"GET /health HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncookie: " + b"c" * 8_000 + b"\r\n\r\n")
        assert answer(one).startswith(b"HTTP/1.1 200")


def test_a_thousand_half_open_connections_keep_no_order_and_no_guest_waiting(venue: OpenVenue) -> None:
    ana = venue.paired("waiter", "ana")
    with contextlib.ExitStack() as crowd:
        for number in range(400):
            one = crowd.enter_context(stranger(venue.address))
            send(
                one,
                (
                    b"",
                    b"GET / HTTP/1.1\r\nhost: x",
                    b"POST /commands HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n{",
                )[number % 3],
            )
            if number % 20 == 0:
                assert httpx.get(f"{venue.address}/health", trust_env=False).status_code == 200
                ana.do("open_check", check_id=f"crowd{number}", kind="counter")
    assert metric(venue.address, "fresh_of_one") > 0


def test_requests_piled_up_on_one_connection_are_not_kept(venue: OpenVenue) -> None:
    with stranger(venue.address) as one:
        send(one, b"GET /health HTTP/1.1\r\nhost: x\r\n\r\n" * 5_000)
        assert answer(one).count(b"200 OK") <= limits.PIPELINED + 1
    assert metric(venue.address, "pipelined") > 0


@pytest.mark.slow
@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"GET / HTTP/1.1\r\nhost: x\r\n",
        b"POST /commands HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n{",
        b"\r\n",
    ],
    ids=["nothing", "half a header", "half a body", "an empty line"],
)
def test_who_never_says_the_rest_is_hung_up_on(venue: OpenVenue, said: bytes) -> None:
    began_s = time.monotonic()
    with stranger(venue.address) as one:
        send(one, said)
        assert b"200 OK" not in answer(one)
    assert time.monotonic() - began_s < limits.FIRST_BYTE_S + 15


@pytest.mark.slow
def test_who_never_takes_what_was_sent_is_hung_up_on(venue: OpenVenue) -> None:
    before = metric(venue.address, "unread")
    with stranger(venue.address, reads=4_096) as one:
        ends_s = time.monotonic() + PATIENCE_S
        while metric(venue.address, "unread") == before:
            assert time.monotonic() < ends_s
            send(one, b"GET /schema/openapi.json HTTP/1.1\r\nhost: x\r\n\r\n")  # until the kernel holds no more of it
            time.sleep(0.1)


async def test_the_hub_keeps_no_headers_without_end(service: HubService) -> None:
    address = service.start_hub()
    with stranger(address) as one:
        was_taken = send(one, b"GET /healthz HTTP/1.1\r\nhost: x\r\n" + SMALL)
        told = answer(one)
    assert not was_taken or told.startswith(b"HTTP/1.1 431"), told[:80]
    assert metric(address, "header_bytes") == 1
