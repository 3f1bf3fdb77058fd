"""How much a phone and a network address may ask: token buckets and streams, in memory and of bounded number."""

import contextlib
from collections import Counter, OrderedDict
from collections.abc import Iterator, Sequence

import msgspec

from doors.gate import network_of
from shared.errors import Rejected

#: Buckets kept; the one that was used least lately goes first, and would have been nearly full again.
MOST_BUCKETS = 10_000
STREAMS_OF_PHONE = 4
#: Behind some access points a whole room has one address.
STREAMS_OF_ADDRESS = 400
MOST_STREAMS = 1_000

#: Of a token: a rate of one a minute adds one part each millisecond.
_PARTS = 60_000
_DRAFTS = frozenset({"submit_draft", "change_draft"})
_CALLS = frozenset({"call_waiter", "ask_bill"})


class Rate(msgspec.Struct, frozen=True, kw_only=True):
    """So many at once, and so many more each minute."""

    burst: int
    a_minute: int


#: Of one phone; a party in a hurry stays below these. No burst is less than a request may hold, or it could never pass.
COMMANDS = Rate(burst=20, a_minute=40)
DRAFTS = Rate(burst=8, a_minute=6)
CALLS = Rate(burst=8, a_minute=4)
#: Of one phone that sits at a table, which no longer counts for its address: the rest of the room cannot use up what is its own.
REQUESTS = Rate(burst=120, a_minute=120)
#: Of all phones of one party together: new phones cost nothing to make up.
DRAFTS_OF_VISIT = Rate(burst=24, a_minute=12)


class Buckets:
    """A token bucket for each key."""

    def __init__(self, rate: Rate, *, most: int = MOST_BUCKETS) -> None:
        self._rate = rate
        self._most = most
        self._left: OrderedDict[str, tuple[int, int]] = OrderedDict()  # parts of tokens, and when that was true

    def __len__(self) -> int:
        return len(self._left)

    def take(self, key: str, count: int, now_ms: int) -> None:
        """Take tokens, or none at all.

        Raises:
            Rejected: `too_fast`, with the seconds until there are enough.
        """
        burst, wanted = self._rate.burst * _PARTS, count * _PARTS
        left, at_ms = self._left.get(key, (burst, now_ms))
        left = min(left + max(now_ms - at_ms, 0) * self._rate.a_minute, burst)
        missing = wanted - left
        self._left[key] = (left if missing > 0 else left - wanted, now_ms)
        self._left.move_to_end(key)
        while len(self._left) > self._most:
            self._left.popitem(last=False)
        if missing > 0:
            raise Rejected("too_fast", retry_after_s=-(-missing // (self._rate.a_minute * 1_000)))


class Limits:
    """What the public door allows. One for a running edge; a restart forgives everybody."""

    def __init__(self, *, per_address_a_minute: int) -> None:
        joins = max(per_address_a_minute // 5, 1)
        self._requests = Buckets(Rate(burst=per_address_a_minute, a_minute=per_address_a_minute))
        self._joins = Buckets(Rate(burst=joins, a_minute=joins))
        self._pairings = Buckets(Rate(burst=joins, a_minute=joins))
        self._commands, self._drafts, self._calls = Buckets(COMMANDS), Buckets(DRAFTS), Buckets(CALLS)
        self._of_phone, self._of_visit = Buckets(REQUESTS), Buckets(DRAFTS_OF_VISIT)
        self._known: OrderedDict[str, None] = OrderedDict()  # phones that sit at a table, as far as they asked lately
        self._streams: Counter[str] = Counter()

    def know(self, phone_id: str) -> None:
        """That phone sits at a table: behind one address with the whole room, it is counted by itself."""
        self._known[phone_id] = None
        self._known.move_to_end(phone_id)
        while len(self._known) > MOST_BUCKETS:
            self._known.popitem(last=False)

    def request(self, phone_id: str, address: str, now_ms: int) -> None:
        """Any request. `phone_id` is what its cookie says, "" for none.

        Raises:
            Rejected: `too_fast`.
        """
        if phone_id in self._known:
            self._of_phone.take(phone_id, 1, now_ms)
        else:
            self._requests.take(network_of(address), 1, now_ms)

    def join(self, address: str, now_ms: int) -> None:
        """A phone that scanned a code: each may write to the log.

        Raises:
            Rejected: `too_fast`.
        """
        self._joins.take(network_of(address), 1, now_ms)

    def pairing(self, address: str, now_ms: int) -> None:
        """A new screen that asks to be let in, as anybody on the network may: each writes to the log.

        Raises:
            Rejected: `too_fast`.
        """
        self._pairings.take(network_of(address), 1, now_ms)

    def commands(self, phone_id: str, visit_id: str, names: Sequence[str], now_ms: int) -> None:
        """Commands of one request, all or none.

        Raises:
            Rejected: `too_fast`.
        """
        self._commands.take(phone_id, len(names), now_ms)
        for buckets, kind in ((self._drafts, _DRAFTS), (self._calls, _CALLS)):
            count = sum(name in kind for name in names)
            if count:
                buckets.take(phone_id, count, now_ms)
        drafts = sum(name in _DRAFTS for name in names)
        if drafts:
            self._of_visit.take(visit_id, drafts, now_ms)

    def stream(self, phone_id: str, address: str) -> None:
        """One more stream.

        Raises:
            Rejected: `too_fast`.
        """
        of_phone, of_address = self._streams[f"phone {phone_id}"], self._streams[f"address {network_of(address)}"]
        if of_phone >= STREAMS_OF_PHONE or of_address >= STREAMS_OF_ADDRESS or self.streams >= MOST_STREAMS:
            raise Rejected("too_fast", retry_after_s=5)

    @contextlib.contextmanager
    def streaming(self, phone_id: str, address: str) -> Iterator[None]:
        """Counts a stream while it lasts."""
        names = ("", f"phone {phone_id}", f"address {network_of(address)}")
        self._streams.update(names)
        try:
            yield
        finally:
            self._streams.subtract(names)
            for name in names:
                if self._streams[name] <= 0:
                    del self._streams[name]

    @property
    def streams(self) -> int:
        """How many run now."""
        return self._streams[""]
