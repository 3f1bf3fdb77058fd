"""Who is connected, who is late, and who had enough: counts for one server, kept on its loop.

A connection is *waiting* while no request of it is being answered, else *busy*; it is *fresh* until it asked one, and *known* once it showed a paired screen's
key, and nobody known is ever sent away. Where there is no room for one more, the one that has waited longest goes: a phone that
asks is answered within milliseconds, whoever holds a place for nothing is the oldest there.
"""

import ipaddress
import resource
from collections import Counter
from collections.abc import Callable
from typing import Protocol

import structlog

from doors import limits

_TOLD_EVERY_S = 3_600.0
_LOOKED_AT = ("/health", "/metrics", "/schema")

_logger = structlog.get_logger()


class Connected(Protocol):
    """One connection, as a gate sees it."""

    address: str  # what `network_of` made of its host
    is_known: bool

    def late(self, now_s: float) -> str:
        """Which limit of time it is over; "" for none."""

    def drop(self) -> None:
        """End it at once, whatever waits to be sent."""


class _Address:
    """What one address has taken."""

    def __init__(self, now_s: float) -> None:
        self.connections = 0
        self.waiting: dict[Connected, None] = {}  # oldest first
        self.fresh: dict[Connected, None] = {}  # those of them that never asked anything whole
        self.requests = float(limits.REQUESTS_A_MINUTE)  # left of this minute
        self.looks = float(limits.LOOKS_A_MINUTE)
        self.at_s = now_s


class Gate:
    """Lets connections in and requests through.

    `is_known` says whether an Authorization header is a paired screen's, `is_ours` whether a host is a proxy of ours, which
    counts its own strangers. `most` strangers have room.
    """

    def __init__(
        self,
        *,
        now_s: Callable[[], float],
        is_known: Callable[[str], bool],
        is_ours: Callable[[str], bool] = lambda host: False,
    ) -> None:
        self.now_s = now_s
        self.is_known = is_known
        self.shut: Counter[str] = Counter()  # how often each limit bit, since the start
        self.strangers = 0
        self.most = limits.CONNECTIONS
        self._is_ours = is_ours
        self._all: set[Connected] = set()
        self._addresses: dict[str, _Address] = {}
        self._told_at_s: dict[str, float] = {}

    @property
    def is_full(self) -> bool:
        """Whether strangers have all the room that is theirs."""
        return self.strangers > self.most

    def enter(self, one: Connected, host: str = "") -> bool:
        """A new connection, at the cost of one that waits when there are too many. False: this one cannot stay."""
        if self._is_ours(host):
            one.is_known = True
            self._all.add(one)
            return True
        at = self._at(one.address)
        if len(at.fresh) >= limits.FRESH_OF_ONE:
            self._evict(at.fresh, "fresh_of_one")
        if at.connections >= limits.CONNECTIONS_OF_ONE and not self._evict(at.waiting, "connections_of_one"):
            self.bite("connections_of_one", one.address)
            return False
        if self.strangers >= self.most:
            self._evict(max(self._addresses.values(), key=lambda other: len(other.waiting)).waiting, "connections")
        self._all.add(one)
        self.strangers += 1
        at.connections += 1
        at.waiting[one] = at.fresh[one] = None
        return True

    def busy(self, one: Connected) -> None:
        """A request of it is whole, and is being answered."""
        at = self._at(one.address)
        at.waiting.pop(one, None)
        at.fresh.pop(one, None)

    def waits(self, one: Connected) -> None:
        """It was answered."""
        if one in self._all and not one.is_known:
            self._at(one.address).waiting[one] = None

    def know(self, one: Connected) -> None:
        """It showed a paired screen's key: it counts for nobody's limit."""
        if one in self._all and not one.is_known:
            self._forget(one)
            one.is_known = True

    def leave(self, one: Connected) -> None:
        """It ended."""
        if one in self._all:
            self._all.discard(one)
            if not one.is_known:
                self._forget(one)

    def admits(self, one: Connected, path: str) -> str:
        """Which limit the next request of a stranger is over; "" for none."""
        if one.is_known:
            return ""
        if self.is_full:
            return "connections"
        at = self._at(one.address)
        now_s = self.now_s()
        passed, at.at_s = (now_s - at.at_s) / 60.0, now_s
        at.requests = min(at.requests + passed * limits.REQUESTS_A_MINUTE, limits.REQUESTS_A_MINUTE) - 1
        at.looks = min(at.looks + passed * limits.LOOKS_A_MINUTE, limits.LOOKS_A_MINUTE)
        if path.startswith(_LOOKED_AT):
            at.looks -= 1
            if at.looks < 0:
                at.looks = 0.0
                return "looks_a_minute"
        if at.requests < 0:
            at.requests = 0.0
            return "requests_a_minute"
        return ""

    def look(self) -> None:
        """End whoever is late; forget addresses that nobody comes from."""
        now_s = self.now_s()
        for one in tuple(self._all):
            limit = one.late(now_s)
            if limit:
                self.bite(limit, one.address)
                one.drop()
        if len(self._addresses) > limits.ADDRESSES:
            gone = [name for name, at in self._addresses.items() if not at.connections and now_s - at.at_s > 60.0]
            for name in gone:
                del self._addresses[name]

    def bite(self, limit: str, address: str) -> None:
        """Count it, and tell the journal if it was not told lately."""
        self.shut[limit] += 1
        now_s = self.now_s()
        if now_s - self._told_at_s.get(limit, float("-inf")) >= _TOLD_EVERY_S:
            self._told_at_s[limit] = now_s
            _logger.warning("a limit of the doors was reached", limit=limit, address=address)

    def _evict(self, among: dict[Connected, None], limit: str) -> bool:
        oldest = next(iter(among), None)
        if oldest is None:
            return False
        self.bite(limit, oldest.address)
        self.leave(oldest)
        oldest.drop()
        return True

    def _forget(self, one: Connected) -> None:
        at = self._at(one.address)
        at.waiting.pop(one, None)
        at.fresh.pop(one, None)
        at.connections -= 1
        self.strangers -= 1

    def _at(self, address: str) -> _Address:
        found = self._addresses.get(address)
        if found is None:
            found = self._addresses[address] = _Address(self.now_s())
        return found


def network_of(address: str) -> str:
    """Whom an address stands for: itself, or the /64 that every IPv6 household has to itself."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)


def room_for_strangers() -> int:
    """Open files as far as the system allows, less those kept back."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = limits.CONNECTIONS + 2 * limits.KEPT_BACK
    if soft < wanted and (hard > soft or hard == resource.RLIM_INFINITY):
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return max(min(limits.CONNECTIONS, soft - limits.KEPT_BACK), limits.FRESH_OF_ONE)
