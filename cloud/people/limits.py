"""How often one network may try to sign in, and how an address that nobody has locks as if somebody had it."""

import ipaddress
from collections import OrderedDict

BURST = 20
REFILL_MS = 3_000  # one more attempt
_REMEMBERED = 10_000


class Limits:
    """A bucket that refills, for each network seen of late. In memory of this hub: it slows guessing down, the lock on each account stops it."""

    def __init__(self) -> None:
        self._buckets: OrderedDict[str, tuple[float, int]] = OrderedDict()  # what is left, and when

    def wait_ms(self, address: str, *, now_ms: int) -> int:
        """0, and the attempt is counted; or how long to wait for the next."""
        network = network_of(address)
        left, since_ms = self._buckets.pop(network, (float(BURST), now_ms))
        left = min(left + (now_ms - since_ms) / REFILL_MS, BURST)
        wait_ms = 0 if left >= 1 else int((1 - left) * REFILL_MS) + 1
        self._buckets[network] = (left if wait_ms else left - 1, now_ms)
        if len(self._buckets) > _REMEMBERED:
            self._buckets.popitem(last=False)
        return wait_ms


class Strangers:
    """Counts guesses at accounts that are none: were only real ones locked, a lock would tell which addresses are real."""

    def __init__(self, *, free: int, lock_ms: int) -> None:
        self._free = free
        self._lock_ms = lock_ms
        self._tried: OrderedDict[str, tuple[int, int]] = OrderedDict()  # attempts, and until when it is locked

    def locked_until_ms(self, email: str, *, now_ms: int) -> int:
        """0, and the attempt is counted; or until when the address is locked. As `load.count_attempt` does with accounts."""
        attempts, until_ms = self._tried.pop(email, (0, 0))
        is_locked = until_ms > now_ms
        if not is_locked:
            attempts += 1
            until_ms = now_ms + self._lock_ms if attempts >= self._free else 0
        self._tried[email] = (attempts, until_ms)
        if len(self._tried) > _REMEMBERED:
            self._tried.popitem(last=False)
        return until_ms if is_locked else 0


def network_of(address: str) -> str:
    """Who an address belongs to: itself, or the /64 that an IPv6 provider gives to one home."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if found.version == 4:
        return address
    return str(ipaddress.ip_network((int(found), 64), strict=False))
