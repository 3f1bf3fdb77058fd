"""How often one network address may try to sign in: a bucket that refills, for the addresses seen of late."""

from collections import OrderedDict

BURST = 20
REFILL_MS = 3_000  # one more attempt
_REMEMBERED = 10_000


class Limits:
    """In memory of this hub: it slows guessing down, the lock on each account stops it."""

    def __init__(self) -> None:
        self._buckets: OrderedDict[str, tuple[float, int]] = OrderedDict()  # what is left, and when

    def wait_ms(self, address: str, *, now_ms: int) -> int:
        """0, and the attempt is counted; or how long to wait for the next."""
        left, since_ms = self._buckets.pop(address, (float(BURST), now_ms))
        left = min(left + (now_ms - since_ms) / REFILL_MS, BURST)
        wait_ms = 0 if left >= 1 else int((1 - left) * REFILL_MS) + 1
        self._buckets[address] = (left if wait_ms else left - 1, now_ms)
        if len(self._buckets) > _REMEMBERED:
            self._buckets.popitem(last=False)
        return wait_ms
