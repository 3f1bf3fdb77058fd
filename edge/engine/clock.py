"""The only place that asks the time or mints an id."""

import base64
import os
import random
import time
from collections.abc import Callable
from typing import Protocol

HLC_LEAD_MS = 60_000  # a log whose clock ran ahead by more than this follows the clock again


class Clock(Protocol):
    """Time and chance, as the edge uses them."""

    def now_ms(self) -> int:
        """Milliseconds since 1970."""

    def follow(self, asked_at_ms: int) -> None:
        """Told of each command's own time before it is decided; only a clock that replays a file cares."""

    def fresh_id(self) -> str:
        """A new id: 26 characters, the time first, so that tables of them grow at their end."""

    def fresh_entry_id(self) -> bytes:
        """A new id of an entry: the 16 bytes of a UUIDv7."""

    def fresh_secret(self) -> str:
        """A new key of 256 random bits, as text that fits in a header."""

    def fresh_code(self) -> str:
        """Six digits for people to compare; no secret."""

    def chance(self) -> float:
        """A number from 0 up to 1, to spread retries with."""

    def hlc(self, after: int) -> int:
        """Now as milliseconds << 16 | counter, later than `after`; for display, never for order."""


class _Clock:
    """What follows from `now_ms` and a source of random bytes."""

    def __init__(self, random_bytes: Callable[[int], bytes] = os.urandom) -> None:
        self._random_bytes = random_bytes
        self._bits = random.Random(random_bytes(32)).getrandbits  # for what must be unique and is no secret

    def now_ms(self) -> int:
        raise NotImplementedError

    def fresh_id(self) -> str:
        return f"{self.now_ms():012x}{self._random_bytes(7).hex()}"

    def fresh_entry_id(self) -> bytes:
        low = self._bits(80)  # one of each op: asking the kernel costs a twentieth of a command
        low = low & ~(0xF << 76) | 0x7 << 76  # version 7
        low = low & ~(0x3 << 62) | 0x2 << 62  # variant of RFC 9562
        return (self.now_ms() << 80 | low).to_bytes(16, "big")

    def fresh_secret(self) -> str:
        return base64.urlsafe_b64encode(self._random_bytes(32)).rstrip(b"=").decode()

    def fresh_code(self) -> str:
        return f"{int.from_bytes(self._random_bytes(8), 'big') % 1_000_000:06d}"

    def chance(self) -> float:
        return int.from_bytes(self._random_bytes(6), "big") / 2**48

    def hlc(self, after: int) -> int:
        now = self.now_ms() << 16
        if after < now or after > now + (HLC_LEAD_MS << 16):
            return now
        return after + 1


class SystemClock(_Clock):
    """The machine's clock."""

    def now_ms(self) -> int:
        return time.time_ns() // 1_000_000

    def follow(self, asked_at_ms: int) -> None:
        """The machine's clock follows nobody."""


class CommandClock(_Clock):
    """A clock that stands at the latest moment any command was asked; for replaying a day from a file."""

    def __init__(self, start_ms: int, random_bytes: Callable[[int], bytes] = os.urandom) -> None:
        super().__init__(random_bytes)
        self._now_ms = start_ms

    def now_ms(self) -> int:
        return self._now_ms

    def follow(self, asked_at_ms: int) -> None:
        self._now_ms = max(self._now_ms, asked_at_ms)
