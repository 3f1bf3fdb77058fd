"""The only place at the hub that asks the time or takes a chance."""

import base64
import os
import random
import time
from typing import Protocol


class Clock(Protocol):
    """Time and chance, as the hub uses them."""

    def now_ms(self) -> int:
        """Milliseconds since 1970."""

    def chance(self) -> float:
        """A number from 0 up to 1, to spread retries with."""

    def fresh_id(self) -> str:
        """A new id: 26 characters that cannot be guessed."""

    def fresh_secret(self) -> str:
        """256 random bits, as text that fits in a cookie."""


class SystemClock:
    """The machine's clock and its source of chance."""

    def now_ms(self) -> int:
        return time.time_ns() // 1_000_000

    def chance(self) -> float:
        return random.random()

    def fresh_id(self) -> str:
        return base64.b32hexencode(os.urandom(20))[:26].decode().lower()

    def fresh_secret(self) -> str:
        return base64.urlsafe_b64encode(os.urandom(32)).rstrip(b"=").decode()
