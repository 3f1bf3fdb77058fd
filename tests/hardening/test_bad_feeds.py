"""Whatever a socket says or does not read, it harms nobody's feed but its own."""

import json
import re
import socket
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from installer.demo.edge_client import fresh_id
from tests.hardening.open_venue import OpenVenue, Screen

WAIT_S = 120
#: A check with so many lines is a view of some 60 kB, so that few changes fill what the kernel holds for a socket.
LINES = 180
CHANGES = 340


@pytest.fixture(scope="module")
def ana(shared_venue: OpenVenue) -> Screen:
    """A waiter's phone, with Ana."""
    return shared_venue.paired("waiter", "ana")


def socket_to(venue: OpenVenue, path: str = "/feed", **options: Any) -> ClientConnection:
    """A socket that nobody spoke on yet. It asks for no compression: frames are as long as they look."""
    made: ClientConnection = connect(
        venue.address.replace("http", "ws") + path, proxy=None, compression=None, max_size=2**26, **options
    )
    return made


def hello(token: str, *, ensure_ascii: bool = True, **more: Any) -> str:
    """The first frame."""
    return json.dumps({"type": "hello", "token": token, **more}, ensure_ascii=ensure_ascii)


def texts(feed: ClientConnection) -> Iterator[str]:
    """What the edge says, until it hangs up."""
    try:
        while True:
            yield str(feed.recv(WAIT_S))
    except ConnectionClosed:
        return


def frames(feed: ClientConnection) -> Iterator[dict[str, Any]]:
    """The same, read."""
    yield from map(json.loads, texts(feed))


GREETINGS: dict[str, tuple[str | bytes, str]] = {
    "nothing": ("", "malformed"),
    "garbage": ("hello?", "malformed"),
    "bytes": (b"\x00\xff", "malformed"),
    "hello in bytes": (hello("x").encode(), "malformed"),
    "a list": ("[]", "malformed"),
    "no token": ('{"type":"hello"}', "malformed"),
    "a token that is a number": ('{"type":"hello","token":1}', "malformed"),
    "half an emoji": ('{"type":"hello","token":"\\ud83c"}', "malformed"),
    "another type": ('{"type":"bye","token":"x"}', "malformed"),
    "a cursor that is text": (hello("x", cursor="1"), "malformed"),
    "kinds that are text": (hello("x", kinds="check"), "malformed"),
    "deep": ("[" * 8_000, "malformed"),
    "long": (hello("x" * 9_000), "too_large"),
    "nobody's token": (hello("k" * 43), "device_unknown"),
    "no token at all": (hello(""), "device_unknown"),
    "a token of control bytes": (hello("\x00\r\n"), "device_unknown"),
}


@pytest.mark.parametrize(("said", "code"), GREETINGS.values(), ids=GREETINGS)
def test_whoever_does_not_say_hello_is_told_why_and_let_go(venue: OpenVenue, said: str | bytes, code: str) -> None:
    with socket_to(venue) as feed:
        feed.send(said)
        assert list(frames(feed)) == [{"type": "bye", "code": code}]


def test_a_frame_over_the_limit_ends_the_socket(venue: OpenVenue, ana: Screen) -> None:
    with socket_to(venue) as feed:
        feed.send("x" * 200_000)
        assert list(frames(feed)) == [] and feed.close_code == 1009
    with socket_to(venue) as feed:
        feed.send(hello(ana.key))
        assert json.loads(feed.recv(WAIT_S))["type"] == "snapshot"
        feed.send("x" * 200_000)
        assert list(frames(feed)) == [] and feed.close_code == 1009


#: Texts that are none, in as many frames as there are parts.
NO_UTF8: dict[str, list[bytes]] = {
    "bytes": [b"\xff\xfe\xfd"],
    "half a surrogate": [b"\xed\xa0\x80"],
    "in parts": [b"x", b"\xff", b"\xfe"],
    "cut within a letter": [b"\xc3"],
}


@pytest.mark.parametrize("parts", NO_UTF8.values(), ids=NO_UTF8)
@pytest.mark.parametrize("greets", [False, True], ids=["first", "after hello"])
def test_text_that_is_no_utf8_ends_the_socket_and_is_no_fault_of_ours(
    venue: OpenVenue, ana: Screen, parts: list[bytes], greets: bool
) -> None:
    logged = len(venue.journal())
    with socket_to(venue) as feed:
        if greets:
            feed.send(hello(ana.key))
            assert json.loads(feed.recv(WAIT_S))["type"] == "snapshot"
        feed.send(parts if len(parts) > 1 else parts[0], text=True)
        assert [frame for frame in frames(feed) if frame["type"] != "beat"] == []
        assert feed.close_code == 1007
    assert venue.journal()[logged:] == ""


def test_a_letter_that_is_cut_between_two_frames_is_whole_text(venue: OpenVenue, ana: Screen) -> None:
    said = hello(ana.key, kinds=["ñandú"], ensure_ascii=False).encode()
    cut = said.index("ñ".encode()) + 1
    with socket_to(venue) as feed:
        feed.send([said[:cut], said[cut:]], text=True)
        assert json.loads(feed.recv(WAIT_S))["type"] == "snapshot"


UPGRADE = "Host: venue\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
KEY = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
MANY = "X-Many: 1\r\n" * 300
#: Requests for a socket that no socket can come of.
HANDSHAKES = {
    "a body": f"GET /feed HTTP/1.1\r\n{UPGRADE}{KEY}Content-Length: 5\r\n\r\nhello",
    "a body in chunks": f"GET /feed HTTP/1.1\r\n{UPGRADE}{KEY}Transfer-Encoding: chunked\r\n\r\n",
    "a long address": f"GET /feed?{'x' * 20_000} HTTP/1.1\r\n{UPGRADE}{KEY}\r\n",
    "a long header": f"GET /feed HTTP/1.1\r\n{UPGRADE}{KEY}X-Long: {'x' * 20_000}\r\n\r\n",
    "many headers": f"GET /feed HTTP/1.1\r\n{UPGRADE}{KEY}{MANY}\r\n",
    "no key": f"GET /feed HTTP/1.1\r\n{UPGRADE}\r\n",
    "a key too short": f"GET /feed HTTP/1.1\r\n{UPGRADE}Sec-WebSocket-Key: abc\r\n\r\n",
    "another version": f"GET /feed HTTP/1.1\r\n{UPGRADE.replace('13', '12')}{KEY}\r\n",
    "another method": f"POST /feed HTTP/1.1\r\n{UPGRADE}{KEY}\r\n",
}


@pytest.mark.parametrize("asked", HANDSHAKES.values(), ids=HANDSHAKES)
def test_a_request_for_a_socket_that_cannot_be_read_is_refused_and_let_go(venue: OpenVenue, asked: str) -> None:
    logged = len(venue.journal())
    with socket.create_connection(("127.0.0.1", venue.program.settings.port), timeout=WAIT_S) as raw:
        raw.sendall(asked.encode())
        answer = b"".join(iter(lambda: raw.recv(65_536), b""))
    assert re.match(rb"HTTP/1\.1 4\d\d ", answer), answer[:80]
    assert "Traceback" not in venue.journal()[logged:]


def test_what_a_device_says_after_hello_changes_nothing(venue: OpenVenue, ana: Screen) -> None:
    before = venue.seq()
    with socket_to(venue) as feed:
        feed.send(hello(ana.key))
        assert json.loads(feed.recv(WAIT_S))["type"] == "snapshot"
        for said in (hello(venue.console.key), "garbage", "{}", "[" * 1_000):
            feed.send(said)
        check_id = venue.check(ana)
        assert any(check_id in json.dumps(frame) for frame in frames_until(feed, check_id))
    assert venue.seq() == before + 1


def frames_until(feed: ClientConnection, text: str) -> Iterator[dict[str, Any]]:
    """Frames up to the one that holds the text."""
    for frame in frames(feed):
        yield frame
        if text in json.dumps(frame):
            return


@pytest.mark.parametrize("cursor", [-1, 0, 10**18, 10**30])
def test_a_cursor_that_cannot_be_gets_everything(venue: OpenVenue, ana: Screen, cursor: int) -> None:
    with socket_to(venue) as feed:
        feed.send(hello(ana.key, cursor=cursor))
        first = json.loads(feed.recv(WAIT_S))
        assert first["type"] == "snapshot" if cursor > 0 else first["type"] in {"snapshot", "views"}
        assert first["seq"] == venue.seq()


def test_a_kind_that_is_not_a_screens_own_is_not_shown(venue: OpenVenue) -> None:
    cook = venue.paired("kds")
    with socket_to(venue) as feed:
        feed.send(hello(cook.key, kinds=["drawer", "pairing", "guest", "no such kind", "station"]))
        shown = json.loads(feed.recv(WAIT_S))["views"]
        assert {kind for kind, _, _ in shown} <= {"station"}


def test_a_revoked_screen_is_told_so_and_cut_off_while_others_go_on(venue: OpenVenue, ana: Screen) -> None:
    lost = venue.paired("waiter", "leo")
    with socket_to(venue) as feed, socket_to(venue) as other:
        feed.send(hello(lost.key))
        other.send(hello(ana.key))
        assert json.loads(feed.recv(WAIT_S))["type"] == json.loads(other.recv(WAIT_S))["type"] == "snapshot"
        venue.console.do("revoke_device", device_id=lost.device_id)
        assert list(frames(feed))[-1] == {"type": "bye", "code": "device_revoked"}
        check_id = venue.check(ana)
        assert list(frames_until(other, check_id))
    with socket_to(venue) as again:
        again.send(hello(lost.key))
        assert [frame["code"] for frame in frames(again)] == ["device_revoked"]


@pytest.mark.parametrize("path", ["/nothing", "/commands", "/guest-api/events", "/feed/more"])
def test_a_socket_to_where_there_is_no_feed_is_refused(venue: OpenVenue, path: str) -> None:
    with pytest.raises((InvalidStatus, ConnectionClosed)), socket_to(venue, path) as feed:
        feed.recv(WAIT_S)


def test_sockets_that_never_say_hello_keep_nobody_waiting(venue: OpenVenue, ana: Screen) -> None:
    silent = [socket_to(venue) for _ in range(60)]
    try:
        with socket_to(venue) as feed:
            feed.send(hello(ana.key))
            assert json.loads(feed.recv(WAIT_S))["type"] == "snapshot"
            check_id = venue.check(ana)
            assert list(frames_until(feed, check_id))
    finally:
        for one in silent:
            one.socket.close()


def test_a_device_that_does_not_read_is_cut_off_and_the_others_are_not(venue: OpenVenue, ana: Screen) -> None:
    check_id = fresh_id()
    ana.do("open_check", check_id=check_id, kind="counter")
    for start in range(0, LINES, 60):
        lines = [{"line_id": f"l{start + n}", "item_id": "agua", "note": "x" * 140} for n in range(60)]
        ana.do("add_lines", check_id=check_id, lines=lines)
    raw = socket.socket()
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    raw.connect(("127.0.0.1", venue.program.settings.port))
    with socket_to(venue, sock=raw, max_queue=1) as slow, socket_to(venue) as other:
        slow.send(hello(ana.key, kinds=["check"]))
        other.send(hello(ana.key, kinds=["check"]))
        for n in range(CHANGES):
            ana.do("set_covers", check_id=check_id, covers=n % 100 + 1)
            while f'"covers":{n % 100 + 1},' not in str(other.recv(WAIT_S)):
                pass  # the snapshot, or a beat
        told = list(texts(slow))
        assert json.loads(told[-1]) == {"type": "bye", "code": "slow"} and len(told) < CHANGES


def test_a_guests_stream_that_is_not_read_is_bounded_for_each_phone(venue: OpenVenue) -> None:
    phone = venue.seated()
    with httpx.Client(base_url=venue.address, cookies=phone.http.cookies, trust_env=False, timeout=WAIT_S) as http:
        streams = [http.send(http.build_request("GET", "/guest-api/events"), stream=True) for _ in range(4)]
        try:
            assert {stream.status_code for stream in streams} == {200}
            parts = [stream.iter_raw() for stream in streams]
            assert all(next(part) for part in parts)
            one_more = http.get("/guest-api/events")
            assert (one_more.status_code, one_more.json()["code"]) == (429, "too_fast")
        finally:
            for stream in streams:
                stream.close()
