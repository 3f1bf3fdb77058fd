"""The feed's frames as server-sent events."""

from collections.abc import AsyncIterable, AsyncIterator, Iterator

import msgspec

#: Milliseconds after which a phone whose stream broke tries again.
RETRY_MS = 2_000


class _Frame(msgspec.Struct, frozen=True):
    """What the feed sends; `views` in its first frame, `changes` later."""

    type: str
    seq: int = 0
    now_ms: int = 0
    views: tuple[tuple[str, str, msgspec.Raw], ...] = ()
    changes: tuple[tuple[str, str, msgspec.Raw], ...] = ()


class _End(msgspec.Struct, frozen=True):
    is_over: bool = False


_frame_of = msgspec.json.Decoder(_Frame).decode
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


def _events(frame: _Frame) -> Iterator[bytes]:
    shown = frame.views + frame.changes
    for _, _, view in shown:
        yield _event("guest", bytes(view), seq=frame.seq)
        if _end_of(view).is_over:
            yield _event("over", b"{}")
            return
    if not shown and frame.type != "bye":  # a beat; or nothing happened since the phone's last event
        yield _event("beat", msgspec.json.encode({"now_ms": frame.now_ms}), seq=frame.seq)


def _event(name: str, content: bytes, *, seq: int = 0) -> bytes:
    """One event; JSON has no line break of its own."""
    id = b"id: %d\n" % seq if seq else b""
    return b"event: %s\n%sdata: %s\n\n" % (name.encode(), id, content)
