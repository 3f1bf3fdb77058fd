"""What waits for one device that follows the feed: in frames and in bytes, and never without end."""

import asyncio
import sys
from collections import deque
from collections.abc import AsyncIterator, Iterable
from typing import NamedTuple

import msgspec

from edge.engine.feed_views import Channel
from shared.frames import BYES, Bye

QUEUE_LIMIT = 256  # frames a slow device may owe before it is cut off
#: Bytes of memory that they may take: what a till gets in the busiest minute is a tenth of it. A first frame may be larger.
QUEUE_BYTES = 1_048_576


class _Waiting(NamedTuple):
    """A frame that a device has not taken yet."""

    seq: int
    text: str
    is_beat: bool


class Subscription:
    """One device's frames, in order, as JSON text. Ends when the device is cut off or the feed closes.

    What is waiting for a device has a budget in frames and in bytes. A guest's phone follows one view, which each frame brings
    whole: of what it has not taken only the newest is kept.
    """

    def __init__(self, channel: Channel, device_id: str) -> None:
        self.channel = channel
        self.device_id = device_id
        self.ended = ""  # why: one of the codes of a bye
        self._has_begun = False  # frames that come before the first one was read are held back
        self._waiting: deque[_Waiting] = deque()
        self._bytes = 0  # of memory, all that waits
        self._arrived = asyncio.Event()
        self._keeps_newest = len(channel.only) == 1

    def __aiter__(self) -> AsyncIterator[str]:
        return self._frames()

    async def _frames(self) -> AsyncIterator[str]:
        while not (self.ended and not self._waiting):
            if self._waiting and self._has_begun:
                taken = self._waiting.popleft()
                self._bytes -= sys.getsizeof(taken.text)
                yield taken.text
            else:
                self._arrived.clear()
                await self._arrived.wait()

    def send(self, seq: int, frame: str, *, is_beat: bool = False) -> None:
        """Queue a frame; a device that does not keep up is cut off, and resumes by its cursor."""
        if self.ended:
            return
        if self._keeps_newest:
            self._keep([one for one in self._waiting if is_beat and not one.is_beat])
        is_full = len(self._waiting) >= QUEUE_LIMIT or self._bytes + sys.getsizeof(frame) > QUEUE_BYTES
        if is_full and self._waiting:
            self.end("slow")
        else:
            self._waiting.append(_Waiting(seq, frame, is_beat))
            self._bytes += sys.getsizeof(frame)
            self._arrived.set()

    def begin(self, seq: int, frame: str) -> None:
        """The first frame; those held back follow unless it already has what they say."""
        if not self.ended:
            # What is kept beside the log changes without a new entry.
            later = [one for one in self._waiting if one.seq >= seq]
            self._keep([_Waiting(seq, frame, False)])
            for one in later:
                self.send(one.seq, one.text, is_beat=one.is_beat)
        self._has_begun = True
        self._arrived.set()

    def end(self, code: str) -> None:
        """Say goodbye; nothing follows, not even what was queued: a device resumes by the cursor of what it read."""
        assert code in BYES, code
        if not self.ended:
            self.ended = code
            self._has_begun = True
            self._keep([_Waiting(0, msgspec.json.encode(Bye(code=code)).decode(), False)])

    def _keep(self, waiting: Iterable[_Waiting]) -> None:
        self._waiting = deque(waiting)
        self._bytes = sum(sys.getsizeof(one.text) for one in self._waiting)
        self._arrived.set()
