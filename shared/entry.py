"""An entry: an op with its place in a venue's log, and the digest chain over them.

The layout is the protocol's (facts on sync, section 5.1): SHA-256 over a magic, the digest before, every field in a
fixed binary order, and the body as written. Nobody ever re-encodes a body.
"""

import hashlib
import struct
from collections.abc import Iterable

import msgspec

MAGIC = b"HOS1"
GENESIS = bytes(32)  # the digest before the first entry
BODY_VERSION = 1  # of every body: what changes its meaning is a new op

_HEAD = struct.Struct(">QQ16sHQQQQ?6HI")  # the lengths of the texts and the body at its end


class Entry(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """One row of a venue's log; the same bytes at the edge, on the wire and at the hub."""

    seq: int  # dense from 1
    epoch: int  # which grant the writer held
    id: bytes  # 16 bytes, UUIDv7: the identity that survives re-sequencing
    kind: str  # the op's tag
    version: int  # of the body: BODY_VERSION
    hlc: int  # milliseconds since 1970 << 16 | counter; for display, never for order
    asked_at_ms: int  # when the person touched the screen: earlier than `at_ms` for a device that was offline
    business_day: str
    subject: str  # the id of what it happened to
    staff_id: str  # "" when no person acted
    device_id: str  # who asked: a paired device, "guest", "edge" or "hub"
    command_id: str  # the command that caused it
    origin_epoch: int = 0  # where it stood before it was appended again; 0 when it was not
    origin_seq: int = 0
    training: bool = False
    body: bytes  # the op as JSON, exactly as hashed
    digest: bytes  # 32 bytes, over this entry and the one before

    @property
    def at_ms(self) -> int:
        """When the edge decided it, in epoch milliseconds."""
        return self.hlc >> 16


def digest_of(before: bytes, entry: Entry) -> bytes:
    """The digest that `entry` must carry when it follows the entry with digest `before`."""
    kind, day, subject = entry.kind, entry.business_day, entry.subject
    staff, device, command = entry.staff_id, entry.device_id, entry.command_id
    together = f"{kind}{day}{subject}{staff}{device}{command}"
    texts: tuple[str | bytes, ...] = (kind, day, subject, staff, device, command)
    if not together.isascii():  # else characters are bytes
        texts = tuple(str(text).encode() for text in texts)
    head = _HEAD.pack(
        entry.epoch,
        entry.seq,
        entry.id,
        entry.version,
        entry.hlc,
        entry.asked_at_ms,
        entry.origin_epoch,
        entry.origin_seq,
        entry.training,
        *map(len, texts),
        len(entry.body),
    )
    return hashlib.sha256(b"".join((MAGIC, before, head, together.encode(), entry.body))).digest()


def first_broken(before: bytes, entries: Iterable[Entry]) -> Entry | None:
    """The first entry whose digest does not follow from the one before it; None when the chain is whole."""
    for entry in entries:
        if digest_of(before, entry) != entry.digest:
            return entry
        before = entry.digest
    return None
