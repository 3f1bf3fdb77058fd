"""The venue's log: append an op, read a range, check the chain."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator

import msgspec

from edge.engine.clock import Clock
from shared.context import Context
from shared.entry import BODY_VERSION, GENESIS, Entry, digest_of, first_broken
from shared.errors import Rejected
from shared.ops.base import Op
from sync.frames import MAX_PACKED, travels

_COLUMNS = (
    "seq, epoch, id, kind, version, hlc, asked_at_ms, business_day, subject, staff_id, device_id, command_id,"
    " origin_epoch, origin_seq, training, body, digest"
)
_INSERT = f"INSERT INTO log ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_RANGE = f"SELECT {_COLUMNS} FROM log WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?"
_CHUNK = 2_000
_encode = msgspec.json.Encoder().encode


class ChainBroken(Exception):
    """The log is not what was written; the message names the entry."""


class Head(msgspec.Struct, frozen=True):
    """Where the log ends."""

    seq: int = 0
    hlc: int = 0
    digest: bytes = GENESIS


class Log:
    """The end of the log in memory. The writer thread's alone; everyone else reads rows."""

    def __init__(self, conn: sqlite3.Connection, clock: Clock) -> None:
        self._clock = clock
        self.epoch = 0
        self.session = ""
        self.head = Head()
        self.reload(conn)

    def reload(self, conn: sqlite3.Connection) -> None:
        """Look again where the log ends, and in which epoch and session it is written, after a job may have changed them."""
        self.epoch, self.session = conn.execute("SELECT epoch, session FROM log_identity").fetchone()
        row = conn.execute("SELECT seq, hlc, digest FROM log ORDER BY seq DESC LIMIT 1").fetchone()
        self.head = Head(*row) if row else Head()

    def append(self, cursor: sqlite3.Cursor, op: Op, context: Context) -> Entry:
        """Write the op as the next entry; the caller holds the transaction.

        Raises:
            Rejected: `too_large` for what no message could carry to the hub: there it would stand in the way for ever.
        """
        head, body = self.head, _encode(op)
        if not travels(body):
            raise Rejected("too_large", limit_bytes=MAX_PACKED)
        entry = Entry(
            seq=head.seq + 1,
            epoch=self.epoch,
            id=self._clock.fresh_entry_id(),
            kind=op.tag,
            version=BODY_VERSION,
            hlc=self._clock.hlc(head.hlc),
            asked_at_ms=context.asked_at_ms,
            business_day=context.business_day,
            subject=op.subject,
            staff_id=context.staff_id,
            device_id=context.device_id,
            command_id=context.command_id,
            body=body,
            digest=b"",
        )
        # Nobody has seen the entry yet; a second one only to add the digest costs 2 µs of a command's 60.
        msgspec.structs.force_setattr(entry, "digest", digest_of(head.digest, entry))
        insert(cursor, entry)
        self.head = Head(entry.seq, entry.hlc, entry.digest)
        return entry


def insert(cursor: sqlite3.Cursor, entry: Entry) -> None:
    """Write an entry as it is, with the digest it carries."""
    cursor.execute(_INSERT, msgspec.structs.astuple(entry))


def head_seq(conn: sqlite3.Connection) -> int:
    """The number of the last entry; 0 for an empty log."""
    (seq,) = conn.execute("SELECT coalesce(max(seq), 0) FROM log").fetchone()
    return int(seq)


def seq_at(conn: sqlite3.Connection, at_ms: int) -> int:
    """The first entry decided at that moment or after it, by halving: entries stand in the order of their time.

    One past the last entry when there is none.
    """
    low, high = 1, head_seq(conn) + 1
    while low < high:
        middle = (low + high) // 2
        row = conn.execute("SELECT hlc >> 16 FROM log WHERE seq >= ? ORDER BY seq LIMIT 1", (middle,)).fetchone()
        if row is not None and row[0] < at_ms:
            low = middle + 1
        else:
            high = middle
    return low


def digest_at(conn: sqlite3.Connection, seq: int) -> bytes | None:
    """The digest of an entry; None where there is none."""
    row = conn.execute("SELECT digest FROM log WHERE seq = ?", (seq,)).fetchone()
    return bytes(row[0]) if row else None


def read(conn: sqlite3.Connection, after: int, limit: int, *, upto: int = 2**62) -> list[Entry]:
    """At most `limit` entries that follow `after`, in order, none beyond `upto`."""
    return [_entry(row) for row in conn.execute(_RANGE, (after, upto, limit))]


def of_kinds(conn: sqlite3.Connection, kinds: Iterable[str], *, after: int, since_ms: int) -> list[Entry]:
    """Entries of these kinds that follow `after` and were decided at `since_ms` or later, in order."""
    names = sorted(kinds)
    sql = (
        f"SELECT {_COLUMNS} FROM log WHERE seq > ? AND hlc >= ? AND kind IN ({','.join('?' * len(names))}) ORDER BY seq"
    )
    return [_entry(row) for row in conn.execute(sql, (after, since_ms << 16, *names))]


def scan(conn: sqlite3.Connection, after: int = 0, *, upto: int = 2**62) -> Iterator[list[Entry]]:
    """All entries that follow `after`, a few thousand at a time."""
    while entries := read(conn, after, _CHUNK, upto=upto):
        yield entries
        after = entries[-1].seq


def checked(conn: sqlite3.Connection, *, upto: int = 2**62) -> Iterator[list[Entry]]:
    """As `scan` from the first entry, each entry only once it continues the chain.

    Raises:
        ChainBroken: an entry is missing, is not what was written, or cannot be read.
    """
    before, seq = GENESIS, 0
    try:
        for entries in scan(conn, upto=upto):
            for entry in entries:
                if entry.seq != seq + 1:
                    raise ChainBroken(f"entry {seq + 1} is missing: {entry.seq} follows {seq}")
                seq = entry.seq
            broken = first_broken(before, entries)
            if broken is not None:
                raise ChainBroken(
                    f"entry {broken.seq} ({broken.kind}) is not what was written: its digest does not match"
                )
            before = entries[-1].digest
            yield entries
    except (sqlite3.DatabaseError, msgspec.ValidationError) as error:
        raise ChainBroken(f"an entry after {seq} cannot be read: {error}") from error


def check_chain(conn: sqlite3.Connection, progress: Callable[[int], None] = lambda seq: None) -> str | None:
    """What is wrong with the log's chain, as a sentence that names the entry; None when it is whole."""
    try:
        for entries in checked(conn):
            progress(entries[-1].seq)
    except ChainBroken as broken:
        return str(broken)
    return None


def _entry(row: tuple[object, ...]) -> Entry:
    return msgspec.convert(row, Entry, strict=False)  # SQLite has no bool
