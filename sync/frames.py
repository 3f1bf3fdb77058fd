"""The messages between edge and hub, and their codec.

Every message is one MessagePack map; a batch's map holds its entries as MessagePack under zlib. Nothing depends on a NATS
header, which a stranger may fill with anything; only a batch of an edge of before has its fields there, and is still read.
Decoding never raises: what is not a message, or is larger than a limit, becomes `Malformed` with the reason.

A batch has no `Nats-Msg-Id`: JetStream would swallow a batch that is sent again because the hub lost or refused the first.
"""

import zlib
from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec

from shared.entry import Entry

VERSION = "1"
ENCODING = "msgpack+zlib"
MAX_ENTRIES = 100
MAX_RAW = 64 * 1024  # bytes of entries in a batch; a larger entry travels alone
MAX_LONE_RAW = 4 * 1024 * 1024  # and may be this large
MAX_PACKED = 256 * 1024
MAX_MESSAGE = 16 * 1024
MAX_NAME = 500  # of a session, an install or a nonce
_SURELY_PACKED = MAX_PACKED // 2  # what zlib cannot make smaller it makes hardly larger
_LARGEST = 2**63 - 1  # what both databases keep
_OVERHEAD = 200  # of an entry beside its texts and body: numbers, id, digest and prefixes, at most


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """Consecutive entries, at least one, and what they claim to follow."""

    epoch: int
    session: str
    prev: bytes  # digest of the entry before the first
    entries: tuple[Entry, ...]

    @property
    def lo(self) -> int:
        """The first entry's number."""
        return self.entries[0].seq

    @property
    def hi(self) -> int:
        """The last entry's number."""
        return self.entries[-1].seq

    @property
    def head(self) -> bytes:
        """The last entry's digest."""
        return self.entries[-1].digest


class Hello(msgspec.Struct, frozen=True, kw_only=True, tag="hello", tag_field="m"):
    """The edge asks where the hub stands."""

    nonce: str
    install: str
    session: str
    epoch: int
    last: int
    version: str = ""  # of the program
    boot: str = ""


class Welcome(msgspec.Struct, frozen=True, kw_only=True, tag="welcome", tag_field="m"):
    """Where the hub stands, and whether this edge may append."""

    nonce: str
    hub_inc: int
    verdict: Literal["ok", "claim", "fenced"]
    epoch: int
    acked: int
    head: bytes
    now_ms: int = 0


class Ack(msgspec.Struct, frozen=True, kw_only=True, tag="ack", tag_field="m"):
    """The hub has committed every entry up to `acked`."""

    session: str
    hub_inc: int
    epoch: int
    acked: int
    head: bytes


class Nack(msgspec.Struct, frozen=True, kw_only=True, tag="nack", tag_field="m"):
    """The hub refused a batch. Carries no orders: it only makes the edge say hello."""

    session: str
    hub_inc: int
    epoch: int
    acked: int
    head: bytes
    reason: str


class _Packed(msgspec.Struct, frozen=True, kw_only=True, tag="batch", tag_field="m"):
    """A batch as it travels: what its entries must turn out to be, and the entries."""

    epoch: int
    session: str
    lo: int
    hi: int
    prev: bytes
    head: bytes
    entries: bytes
    enc: str = ENCODING


class Malformed(msgspec.Struct, frozen=True):
    """What arrived is no message of ours."""

    why: str


Message = Hello | Welcome | Ack | Nack
_message_decoder: msgspec.msgpack.Decoder[Message] = msgspec.msgpack.Decoder(Message)
_packed_decoder = msgspec.msgpack.Decoder(_Packed)
_entries_decoder = msgspec.msgpack.Decoder(tuple[Entry, ...])
_encode = msgspec.msgpack.Encoder().encode


def encode_message(message: Message) -> bytes:
    """The message as bytes."""
    return _encode(message)


def decode_message(payload: bytes) -> Message | Malformed:
    """The message in these bytes."""
    if len(payload) > MAX_MESSAGE:
        return Malformed("too_large")
    try:
        message = _message_decoder.decode(payload)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return Malformed("message")
    numbers = [message.epoch]
    match message:
        case Hello():
            numbers.append(message.last)
            if not message.session or not message.nonce:
                return Malformed("session")
            if any("\0" in name or len(name) > MAX_NAME for name in (message.session, message.install, message.nonce)):
                return Malformed("name")
        case Welcome() | Ack() | Nack():
            numbers += [message.hub_inc, message.acked]
            if len(message.head) != 32:
                return Malformed("head")
    return message if all(0 <= number <= _LARGEST for number in numbers) else Malformed("number")


def size_of(entry: Entry) -> int:
    """An upper bound of the entry's bytes before compression."""
    return _OVERHEAD + len(entry.body) + sum(len(text.encode()) for text in _texts(entry))


def fitting(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """The first of these entries that go in one batch: at least one."""
    room = MAX_RAW
    count = 0
    for entry in entries[:MAX_ENTRIES]:
        room -= size_of(entry)
        if room < 0:
            break
        count += 1
    return tuple(entries[: max(count, 1)])


def travels(body: bytes) -> bool:
    """Whether an entry with this body goes in one message, if need be alone. All else of an entry is small."""
    if len(body) <= _SURELY_PACKED:
        return True
    return len(body) <= MAX_LONE_RAW - MAX_MESSAGE and len(zlib.compress(body, 1)) <= MAX_PACKED - MAX_MESSAGE


def encode_batch(batch: Batch) -> bytes | Malformed:
    """The batch as a payload; `Malformed` when a lone entry is too large to travel."""
    raw = _encode(batch.entries)
    entries = zlib.compress(raw, 1)
    if len(raw) > MAX_LONE_RAW or len(entries) > MAX_PACKED:
        return Malformed("too_large")
    return _encode(
        _Packed(
            epoch=batch.epoch,
            session=batch.session,
            lo=batch.lo,
            hi=batch.hi,
            prev=batch.prev,
            head=batch.head,
            entries=entries,
        )
    )


def decode_batch(headers: Mapping[str, str] | None, payload: bytes) -> Batch | Malformed:
    """The batch in this message: numbers dense, fields true. The digests' links are the receiver's to check."""
    if headers is not None and "V" in headers:
        return _batch_of_before(headers, payload)
    if len(payload) > MAX_PACKED + MAX_MESSAGE:
        return Malformed("too_large")
    try:
        packed = _packed_decoder.decode(payload)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return Malformed("payload")
    if packed.enc != ENCODING:
        return Malformed("version")
    entries = _entries(packed.entries)
    if isinstance(entries, Malformed):
        return entries
    if not packed.session or not 0 <= packed.epoch <= _LARGEST or len(packed.prev) != 32:
        return Malformed("fields")
    batch = Batch(epoch=packed.epoch, session=packed.session, prev=packed.prev, entries=entries)
    if (packed.lo, packed.hi, packed.head) != (batch.lo, batch.hi, batch.head):
        return Malformed("fields")
    return batch


def _batch_of_before(headers: Mapping[str, str], payload: bytes) -> Batch | Malformed:
    """The batch of an edge that has its fields in headers, and nothing but entries in the payload."""
    if headers.get("V") != VERSION or headers.get("Enc") != ENCODING:
        return Malformed("version")
    entries = _entries(payload)
    if isinstance(entries, Malformed):
        return entries
    session = headers.get("Session", "")
    epoch = _number(headers.get("Epoch", ""))
    prev = _digest(headers.get("Prev", ""))
    if not session or epoch is None or prev is None:
        return Malformed("headers")
    batch = Batch(epoch=epoch, session=session, prev=prev, entries=entries)
    claimed = (headers.get("Lo"), headers.get("Hi"), headers.get("Head"))
    if claimed != (str(batch.lo), str(batch.hi), batch.head.hex()):
        return Malformed("headers")
    return batch


def _entries(payload: bytes) -> tuple[Entry, ...] | Malformed:
    if len(payload) > MAX_PACKED:
        return Malformed("too_large")
    inflater = zlib.decompressobj()
    try:
        raw = inflater.decompress(payload, MAX_LONE_RAW + 1)
        if len(raw) > MAX_LONE_RAW:
            return Malformed("too_large")
        if not inflater.eof or inflater.unused_data:
            return Malformed("payload")
        entries = _entries_decoder.decode(raw)
    except (zlib.error, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return Malformed("payload")
    if not entries:
        return Malformed("empty")
    if len(entries) > MAX_ENTRIES or (len(entries) > 1 and len(raw) > MAX_RAW):
        return Malformed("too_large")
    first = entries[0].seq
    if any(entry.seq != first + place for place, entry in enumerate(entries)):
        return Malformed("numbers")
    return entries if all(map(_is_sound, entries)) else Malformed("entry")


def _is_sound(entry: Entry) -> bool:
    """Whether the entry can be hashed and stored: lengths and ranges only, never what it means."""
    numbers = (entry.seq, entry.epoch, entry.hlc, entry.asked_at_ms, entry.origin_epoch, entry.origin_seq)
    return (
        entry.seq >= 1
        and min(numbers) >= 0
        and max(numbers) <= _LARGEST
        and 0 <= entry.version < 2**16
        and len(entry.id) == 16
        and len(entry.digest) == 32
        and _are_sound(_texts(entry))
    )


def _are_sound(texts: tuple[str, ...]) -> bool:
    together = "".join(texts)
    if "\0" in together:
        return False
    return len(together) < 2**14 or all(len(text.encode()) < 2**16 for text in texts)  # four bytes a character at most


def _texts(entry: Entry) -> tuple[str, ...]:
    return entry.kind, entry.business_day, entry.subject, entry.staff_id, entry.device_id, entry.command_id


def _number(text: str) -> int | None:
    if not text.isascii() or not text.isdigit() or len(text) > 19:
        return None
    number = int(text)
    return number if number <= _LARGEST else None


def _digest(text: str) -> bytes | None:
    if len(text) != 64:
        return None
    try:
        digest = bytes.fromhex(text)
    except ValueError:
        return None
    return digest if len(digest) == 32 else None
