"""Four ways to stand with the hub, and what tells one from the other."""

import contextlib
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from edge import outside
from edge.outside import DOUBT_MS, MOST_REASONS, Complaints, Standing, addresses_of, somebody_answers
from edge.settings import Settings
from installer.services.program import free_port
from shared.frames import HubLink
from tests.cloud.uplink_venue import a_log_venue
from tests.hub_service import until

NOW = 1_800_000_000_000


@pytest.fixture
def somebody() -> Iterator[str]:
    """The address of one who answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"127.0.0.1:{listener.getsockname()[1]}"


@pytest.fixture
def nobody() -> Iterator[str]:
    """The address of one whose queue is full: who knocks hears nothing at all."""
    with contextlib.ExitStack() as stack:
        full = stack.enter_context(socket.socket())
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        while True:
            waiting = stack.enter_context(socket.socket())
            waiting.settimeout(0.1)
            try:
                waiting.connect(full.getsockname())
            except TimeoutError:
                break
        yield f"127.0.0.1:{full.getsockname()[1]}"


def told(standing: Standing, *, after_ms: int, trouble: str = "", waiting: int = 3) -> HubLink:
    return standing.link(trouble=trouble, waiting=waiting, now_ms=NOW + after_ms)


def test_a_hub_that_answers_is_well() -> None:
    standing = Standing()
    standing.asked(NOW)
    standing.answered()
    assert told(standing, after_ms=10 * DOUBT_MS) == HubLink(state="well", waiting=3)


def test_a_short_silence_is_none_and_a_long_one_says_since_when() -> None:
    standing = Standing()
    standing.asked(NOW)
    standing.asked(NOW + 5_000)  # again, without an answer
    assert told(standing, after_ms=DOUBT_MS - 1) == HubLink(state="well", waiting=3)
    assert told(standing, after_ms=DOUBT_MS) == HubLink(state="away", since_ms=NOW, waiting=3)


def test_without_internet_it_is_not_the_hub_that_is_away_until_it_answers() -> None:
    standing = Standing()
    standing.asked(NOW)
    standing.unreachable(has_internet=False)
    assert told(standing, after_ms=DOUBT_MS) == HubLink(state="no_internet", since_ms=NOW, waiting=3)
    standing.unreachable(has_internet=True)
    assert told(standing, after_ms=DOUBT_MS).state == "away"
    standing.unreachable(has_internet=False)
    standing.answered()
    standing.asked(NOW + DOUBT_MS)
    assert told(standing, after_ms=2 * DOUBT_MS).state == "away"


def test_a_refusal_says_why_since_when_and_how_much_waits_and_goes_before_a_silence() -> None:
    standing = Standing()
    standing.asked(NOW)
    standing.refused(NOW - 60_000)
    standing.refused(NOW)
    refused = HubLink(state="refused", why="fork", since_ms=NOW - 60_000, waiting=3)
    assert told(standing, after_ms=DOUBT_MS, trouble="fork") == refused
    standing.accepted()
    standing.refused(NOW + 1)
    assert told(standing, after_ms=2, trouble="fork").since_ms == NOW + 1


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("", []),
        ("1.1.1.1:53, example.org:443", [("1.1.1.1", 53), ("example.org", 443)]),
        ("[::1]:80", [("::1", 80)]),
    ],
)
def test_who_is_asked_is_a_list(text: str, addresses: list[tuple[str, int]]) -> None:
    assert addresses_of(text) == addresses


@pytest.mark.parametrize("text", ["1.1.1.1", ":53", "1.1.1.1:0", "1.1.1.1:65536", "1.1.1.1:x", "1.1.1.1:²"])
def test_an_address_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        addresses_of(text)


async def test_a_connection_and_its_refusal_both_come_from_somebody(somebody: str, nobody: str) -> None:
    refusing = f"127.0.0.1:{free_port()}"
    for address, answers in ((somebody, True), (refusing, True), (nobody, False), (f"{nobody} {somebody}", True)):
        assert await somebody_answers(addresses_of(address), answer_s=0.5) == answers
    assert not await somebody_answers([])


@pytest.mark.parametrize(
    ("hub", "has_witness", "state"),
    [
        ("refuses the connection", False, "away"),
        ("says nothing", True, "away"),
        pytest.param("says nothing", False, "no_internet", marks=pytest.mark.slow),  # it waits for an answer twice
        ("is not set", False, "off"),
    ],
)
async def test_screens_are_told_which_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, somebody: str, nobody: str, hub: str, has_witness: bool, state: str
) -> None:
    monkeypatch.setattr(outside, "DOUBT_MS", 0)
    urls = {"refuses the connection": f"127.0.0.1:{free_port()}", "says nothing": nobody, "is not set": ""}
    settings = Settings(
        data_dir=tmp_path,
        nats_url=f"nats://{urls[hub]}" if urls[hub] else "",
        nats_creds=tmp_path / "none.creds",
        internet_check=somebody if has_witness else nobody,
    )
    async with a_log_venue(settings) as venue:
        await venue.sell(2)
        await until(lambda: venue.uplink.hub().state == state)
        link = venue.uplink.hub()
        assert (bool(link.since_ms), link.waiting, link.why) == (state != "off", 0 if state == "off" else 4, "")


def test_why_the_hub_is_away_is_said_once_until_it_has_spoken() -> None:
    complaints = Complaints()
    with capture_logs() as said:
        complaints.answered()
        for why in ("refused", "timeout", "refused", "refused"):
            complaints.say(why)
        complaints.answered()
        complaints.say("refused")
    assert [(one["event"], one.get("why")) for one in said] == [
        ("no hub", "refused"),
        ("no hub", "timeout"),
        ("the hub answers again", None),
        ("no hub", "refused"),
    ]


def test_a_hub_that_fails_in_ever_new_words_fills_no_journal_either() -> None:
    complaints = Complaints()
    with capture_logs() as said:
        for number in range(10 * MOST_REASONS):
            complaints.say(f"no route {number}")
    assert len(said) == MOST_REASONS
