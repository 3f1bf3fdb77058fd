"""What the doctor says of the address that QR codes carry."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from edge.settings import Settings
from installer.checkups.addresses import addresses
from installer.checkups.finding import Finding


@contextmanager
def an_edge_of(venue_id: str) -> Iterator[str]:
    """The address of something that says it is this venue's edge."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = f'{{"venue_id": "{venue_id}"}}'.encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Nobody reads it."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def found(
    folder: Path, *, host: str = "0.0.0.0", url: str = "", health: dict[str, object] | None = None
) -> list[Finding]:
    return list(addresses(Settings(data_dir=folder, host=host, public_url=url), health))


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0", "192.168.1.20"])
def test_a_missing_public_address_deserves_a_look_wherever_the_edge_listens(tmp_path: Path, host: str) -> None:
    (finding,) = found(tmp_path, host=host)
    assert (finding.verdict, "HOS_PUBLIC_URL" in finding.advice) == ("look", True)


def test_an_edge_on_loopback_with_an_address_of_the_room_in_its_codes_is_wrong(tmp_path: Path) -> None:
    url = "https://perla.invalid"
    finding = found(tmp_path, url=url, health={"venue_id": "perla", "host": "127.0.0.1", "public_url": url})[0]
    assert (finding.verdict, "HOS_HOST" in finding.advice) == ("wrong", True)


def test_the_running_edges_settings_count_and_not_the_terminals(tmp_path: Path) -> None:
    with an_edge_of("perla") as url:
        health: dict[str, object] = {"venue_id": "perla", "host": "127.0.0.1", "public_url": url}
        assert found(tmp_path, url="https://other.invalid", health=health) == [
            Finding("address", "well", f"{url} leads to this edge")
        ]


def test_an_address_that_leads_to_another_venue_is_wrong(tmp_path: Path) -> None:
    with an_edge_of("somebody") as url:
        finding = found(tmp_path, url=url, health={"venue_id": "perla", "host": "0.0.0.0", "public_url": url})[0]
    assert (finding.verdict, "does not lead to this edge" in finding.found) == ("wrong", True)


def test_plain_http_in_the_room_deserves_a_look_and_https_does_not(tmp_path: Path) -> None:
    assert [one.what for one in found(tmp_path, url="http://192.168.1.20:8080")] == ["address", "encryption"]
    assert [one.what for one in found(tmp_path, url="https://perla.example")] == ["address"]
    assert [one.what for one in found(tmp_path, url="http://localhost:8080", host="127.0.0.1")] == ["address"]


@pytest.mark.parametrize("url", ["perla.local", "ftp://perla", "https://"])
def test_an_address_that_no_browser_opens_is_wrong(tmp_path: Path, url: str) -> None:
    assert [one.verdict for one in found(tmp_path, url=url)] == ["wrong"]
