"""A hub's database on a real Postgres, and logs to send to it."""

import itertools
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec
import psycopg
from msgspec.structs import replace
from psycopg import sql
from psycopg.conninfo import make_conninfo

from cloud.app import PROJECTIONS
from cloud.engine.migrate import migrate
from installer.services.postgres import Postgres
from shared.entry import GENESIS, Entry, digest_of
from shared.ops import Op, encode
from sync.frames import Batch, Malformed, encode_batch

APP_PASSWORD = "app-password-for-tests"
NOW_MS = 1_772_755_200_000  # Friday 2026-03-06, 00:00 UTC: Thursday 21:00 in Buenos Aires
DAY = "2026-03-05"
TEMPLATE = "hub_template"


class StandingClock:
    """A clock that stands until it is told to move."""

    def __init__(self, now_ms: int = NOW_MS) -> None:
        self.ms = now_ms
        self._ids = itertools.count(1)

    def now_ms(self) -> int:
        return self.ms

    def chance(self) -> float:
        return 0.5

    def fresh_id(self) -> str:
        return f"id{next(self._ids)}"

    def fresh_secret(self) -> str:
        return f"secret-{next(self._ids)}"


class Databases:
    """Makes databases in one cluster: the first is migrated, the rest are copies of it."""

    def __init__(self, folder: Path) -> None:
        self.cluster = Postgres(folder)
        self.cluster.start()
        self._numbers = itertools.count(1)
        self._admin(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(TEMPLATE)))
        migrate(self.owner_url(TEMPLATE), self.app_url(TEMPLATE), PROJECTIONS)

    def fresh(self, *, empty: bool = False) -> str:
        """The name of a new database."""
        name = f"hub{next(self._numbers)}"
        template = sql.Identifier("template1" if empty else TEMPLATE)
        self._admin(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), template))
        return name

    def owner_url(self, database: str) -> str:
        return self.cluster.url(database)

    def app_url(self, database: str) -> str:
        return make_conninfo(self.owner_url(database), user="hos_app", password=APP_PASSWORD)

    def _admin(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.cluster.url(), autocommit=True) as conn:
            conn.execute(statement)


class EdgeLog:
    """A venue's log as its edge writes it."""

    def __init__(self, *, session: str = "s1", install: str = "i1", mark: int = 0) -> None:
        self.session = session
        self.install = install
        self.entries: list[Entry] = []
        self._mark = mark

    def write(self, *ops: Op, day: str = DAY, at_ms: int = NOW_MS, training: bool = False) -> list[Entry]:
        """Append ops; returns their entries."""
        return [
            self.write_raw(op.tag, encode(op), subject=op.subject, day=day, at_ms=at_ms, training=training)
            for op in ops
        ]

    def write_raw(
        self,
        kind: str,
        body: bytes,
        *,
        subject: str = "x",
        day: str = DAY,
        at_ms: int = NOW_MS,
        training: bool = False,
    ) -> Entry:
        """Append an entry whatever its body says."""
        seq = len(self.entries) + 1
        entry = Entry(
            seq=seq, epoch=1, id=(self._mark << 64 | seq).to_bytes(16, "big"), kind=kind, version=1,
            hlc=at_ms << 16, asked_at_ms=at_ms, business_day=day, subject=subject, staff_id="ana",
            device_id="d1", command_id=f"m{seq}", training=training, body=body, digest=b"",
        )  # fmt: skip
        before = self.entries[-1].digest if self.entries else GENESIS
        self.entries.append(replace(entry, digest=digest_of(before, entry)))
        return self.entries[-1]

    def batch(self, lo: int, hi: int) -> Batch:
        """Entries `lo` to `hi` as they travel."""
        prev = self.entries[lo - 2].digest if lo > 1 else GENESIS
        return Batch(epoch=1, session=self.session, prev=prev, entries=tuple(self.entries[lo - 1 : hi]))

    def batches(self, size: int = 50) -> Sequence[Batch]:
        """The whole log as it travels."""
        count = len(self.entries)
        return [self.batch(lo, min(lo + size - 1, count)) for lo in range(1, count + 1, size)]


def packed_before(batch: Batch) -> tuple[dict[str, str], bytes]:
    """A batch as edges of the first releases send it: its fields in headers."""
    headers = {
        "V": "1",
        "Epoch": str(batch.epoch),
        "Session": batch.session,
        "Lo": str(batch.lo),
        "Hi": str(batch.hi),
        "Prev": batch.prev.hex(),
        "Head": batch.head.hex(),
        "Enc": "msgpack+zlib",
    }
    return headers, zlib.compress(msgspec.msgpack.encode(batch.entries), 1)


def packed(batches: Iterable[Batch]) -> list[tuple[None, bytes]]:
    """Batches as messages."""
    encoded = [encode_batch(batch) for batch in batches]
    assert not any(isinstance(one, Malformed) for one in encoded)
    return [(None, one) for one in encoded if not isinstance(one, Malformed)]
