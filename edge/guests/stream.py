"""The feed's frames as server-sent events."""

from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator
from typing import Any, assert_never

import msgspec
from msgspec.structs import replace

from shared.frames import Beat, Bye, Change, EdgeFrame, GuestBeat, Snapshot, Views
from shared.views.guests import GuestView

#: Milliseconds after which a phone whose stream broke tries again.
RETRY_MS = 2_000


#: Drafts of other phones that a phone is shown, the newest.
OTHERS_SHOWN = 10
_UNSEEN: dict[str, Any] = {
    "lines": (), "note": "", "allergies": (), "edits": (), "sold_out": (), "price_changed": (), "reason_note": "",
}  # fmt: skip
_frame_of = msgspec.json.Decoder(EdgeFrame).decode
_visit_of = msgspec.json.Decoder(GuestView | None).decode
_encode = msgspec.json.Encoder().encode


async def as_events(frames: AsyncIterable[str], phone_id: str) -> AsyncIterator[bytes]:
    """One event for each change of the visit, as that phone may see it; ends after `over`, or with the feed."""
    yield b"retry: %d\n\n" % RETRY_MS
    async for text in frames:
        frame = _frame_of(text)
        for event in _events(frame, phone_id):
            yield event
            if event.startswith(b"event: over"):
                return


def _events(frame: EdgeFrame, phone_id: str) -> Iterator[bytes]:
    match frame:
        case Snapshot():
            yield from _shown(frame.views, phone_id)
        case Views():
            yield from _shown(frame.changes, phone_id)
        case Beat():
            yield _event("beat", msgspec.json.encode(GuestBeat(now_ms=frame.now_ms)))
        case Bye():
            return  # the stream ends, and the browser opens it again by itself
        case never:
            assert_never(never)


def _shown(views: Iterable[Change], phone_id: str) -> Iterator[bytes]:
    for _, _, view in views:
        visit = _visit_of(view)
        if visit is None:
            continue
        yield _event("guest", _encode(as_seen_by(phone_id, visit)))
        if visit.is_over:
            yield _event("over", b"{}")
            return


def as_seen_by(phone_id: str, visit: GuestView) -> GuestView:
    """The visit with this phone's drafts whole. Of another phone's there is a line each, of its newest: when, how it goes and
    what it comes to. What that guest wrote, and cannot eat, is between them and the waiter; and many phones' long drafts,
    sent to each of them at every change, would be worth more than they cost whoever sends them.
    """
    others = 0
    shown = []
    for draft in visit.drafts:
        if draft.phone_id != phone_id:
            others += 1
            if others > OTHERS_SHOWN:
                continue
            draft = replace(draft, **_UNSEEN)
        shown.append(draft)
    return replace(visit, drafts=tuple(shown))


def _event(name: str, content: bytes) -> bytes:
    """One event; JSON has no line break of its own. It carries no id: a phone that comes back gets its visit whole."""
    return b"event: %s\ndata: %s\n\n" % (name.encode(), content)
