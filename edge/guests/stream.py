"""The feed's frames as server-sent events."""

from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator
from typing import assert_never

import msgspec

from shared.frames import Beat, Bye, Change, EdgeFrame, GuestBeat, Snapshot, Views

#: Milliseconds after which a phone whose stream broke tries again.
RETRY_MS = 2_000


class _End(msgspec.Struct, frozen=True):
    is_over: bool = False


_frame_of = msgspec.json.Decoder(EdgeFrame).decode
_end_of = msgspec.json.Decoder(_End).decode


async def as_events(frames: AsyncIterable[str]) -> AsyncIterator[bytes]:
    """One event for each change of the visit; ends after `over`, or with the feed."""
    yield b"retry: %d\n\n" % RETRY_MS
    async for text in frames:
        frame = _frame_of(text)
        for event in _events(frame):
            yield event
            if event.startswith(b"event: over"):
                return


def _events(frame: EdgeFrame) -> Iterator[bytes]:
    match frame:
        case Snapshot():
            yield from _shown(frame.views)
        case Views():
            yield from _shown(frame.changes)
        case Beat():
            yield _event("beat", msgspec.json.encode(GuestBeat(now_ms=frame.now_ms)))
        case Bye():
            return  # the stream ends, and the browser opens it again by itself
        case never:
            assert_never(never)


def _shown(views: Iterable[Change]) -> Iterator[bytes]:
    for _, _, view in views:
        yield _event("guest", bytes(view))
        if _end_of(view).is_over:
            yield _event("over", b"{}")
            return


def _event(name: str, content: bytes) -> bytes:
    """One event; JSON has no line break of its own. It carries no id: a phone that comes back gets its visit whole."""
    return b"event: %s\ndata: %s\n\n" % (name.encode(), content)
