"""How the edge stands with its hub, and what tells "no internet" from "the hub is away".

Whoever cannot reach the hub cannot tell why from that alone: a name that does not resolve, a route that is missing and a
silence look alike whether the venue's line is cut or the hub's. So somebody else is asked as well. Whatever comes back, a
connection or its refusal, came over the internet.
"""

import asyncio
from collections.abc import Sequence

import structlog

from shared.frames import HubLink

ANSWER_S = 3.0
DOUBT_MS = 15_000  # of silence before screens are told: a hub that starts again is back by then

MOST_REASONS = 20  # said in one absence of the hub

Address = tuple[str, int]

_logger = structlog.get_logger()


def addresses_of(text: str) -> list[Address]:
    """Addresses written as `host:port`, separated by commas or spaces; none from an empty text.

    Raises:
        ValueError: one of them is not of this form.
    """
    found = []
    for one in text.replace(",", " ").split():
        host, _, port = one.rpartition(":")
        if not host or not port.isascii() or not port.isdigit() or not 0 < int(port) < 65_536:
            raise ValueError(one)
        found.append((host.strip("[]"), int(port)))
    return found


class Standing:
    """What the uplink learned of its hub, as the screens are told. Times are the edge's own, in milliseconds."""

    def __init__(self) -> None:
        self._silent_ms = 0  # since when the hub has not answered; 0 while it does
        self._has_internet = True  # as far as the last failure to reach the hub told
        self._refused_ms = 0  # since when it takes nothing more

    def asked(self, now_ms: int) -> None:
        """An answer is waited for, or the connection is gone."""
        self._silent_ms = self._silent_ms or now_ms

    def answered(self) -> None:
        """The hub spoke."""
        self._silent_ms, self._has_internet = 0, True

    def unreachable(self, *, has_internet: bool) -> None:
        """There is no way to the hub."""
        self._has_internet = has_internet

    def refused(self, since_ms: int) -> None:
        """The hub takes no more of this log, or what is next cannot travel. The first time counts."""
        self._refused_ms = self._refused_ms or since_ms

    def accepted(self) -> None:
        """The hub takes the log again."""
        self._refused_ms = 0

    def link(self, *, trouble: str, waiting: int, now_ms: int) -> HubLink:
        """How it stands. What needs a person is said before what mends itself, and a short silence is none."""
        if trouble and self._refused_ms:  # said once it is known since when
            return HubLink(state="refused", why=trouble, since_ms=self._refused_ms, waiting=waiting)
        if not self._silent_ms or now_ms - self._silent_ms < DOUBT_MS:
            return HubLink(state="well", waiting=waiting)
        return HubLink(state="away" if self._has_internet else "no_internet", since_ms=self._silent_ms, waiting=waiting)


class Complaints:
    """Why the hub cannot be reached, each reason once until it speaks again: a week without it fills no journal."""

    def __init__(self) -> None:
        self._said: set[str] = set()

    def say(self, why: str) -> None:
        """It is in the way, perhaps still."""
        if why not in self._said and len(self._said) < MOST_REASONS:
            self._said.add(why)
            _logger.warning("no hub", why=why)

    def answered(self) -> None:
        """The hub spoke."""
        if self._said:
            self._said.clear()
            _logger.info("the hub answers again")


async def somebody_answers(addresses: Sequence[Address], *, answer_s: float = ANSWER_S) -> bool:
    """Whether one of the addresses answers, if only with a refusal. They are asked side by side, within `answer_s`."""
    answers = await asyncio.gather(*(_answers(host, port, answer_s) for host, port in addresses))
    return any(answers)


async def _answers(host: str, port: int, answer_s: float) -> bool:
    try:
        async with asyncio.timeout(answer_s):
            _, writer = await asyncio.open_connection(host, port)
    except ConnectionError:  # refused or reset, by somebody who is there
        return True
    except OSError:  # no name, no route, no answer in time
        return False
    writer.close()
    return True
