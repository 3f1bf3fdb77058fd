"""Runs projections: for each new entry, over the log again when one has changed, and beside the live tables to verify."""

import contextlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import zip_longest

import msgspec

from edge.engine import log, writes
from edge.engine.fresh import FreshRows
from edge.engine.slice import Slice
from edge.engine.writes import TableWriter, Touched
from shared.entry import Entry
from shared.ops.base import Op
from shared.projections.fingerprint import fingerprint
from shared.projections.projection import Projection, ProjectOp
from shared.writes import Table

Decode = Callable[[str, bytes], Op]
Progress = Callable[[str, int, int], None]  # what is done, entries so far, entries in all


_CACHE_KB = 65_536  # of pages, while tables are made again
_ROWS = 1_000  # compared at once


def silent(what: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


class Projector:
    """The projections of every slice, and what they write."""

    def __init__(self, slices: Iterable[Slice], decode: Decode) -> None:
        slices = tuple(slices)
        self.projections = tuple(p for one in slices for p in one.projections)
        self.tables = tuple(table for p in self.projections for table in p.tables)
        kept = tuple(table for one in slices for table in one.kept_tables)
        self.writer = TableWriter((*self.tables, *kept))
        self.decode = decode
        self._functions = _by_kind(self.projections)
        self._known: set[str] = set()

    def project(
        self, cursor: sqlite3.Cursor, entry: Entry, op: Op, touched: list[Touched], fresh: FreshRows | None = None
    ) -> None:
        """Write what the entry changes, and note the rows it touched."""
        apply, kept = self.writer.apply, () if fresh is None else fresh.tables
        for function in self._functions.get(entry.kind, ()):
            for write in function(entry, op):
                row = apply(cursor, write)
                touched.append(row)
                if fresh is not None and write.table in kept:
                    fresh.take(write, row[1])

    def touched_by(self, entries: Iterable[Entry]) -> Iterator[Touched]:
        """The rows that entries once touched, without touching them again."""
        for entry in entries:
            op = self.decode(entry.kind, entry.body)
            for function in self._functions.get(entry.kind, ()):
                for write in function(entry, op):
                    yield self.writer.row_of(write)

    def stale(self, conn: sqlite3.Connection) -> list[Projection]:
        """The projections whose tables were not made by their present source."""
        known = dict(conn.execute("SELECT name, fingerprint FROM projection_fingerprint"))
        return [p for p in self.projections if known.get(p.name) != fingerprint(p)]

    def rebuild(self, conn: sqlite3.Connection, projections: Iterable[Projection], progress: Progress = silent) -> None:
        """Make the projections' tables again from the log. Stopped halfway, it starts over next time."""
        projections = tuple(projections)
        if not projections:
            return
        with _transaction(conn):
            for projection in projections:
                _forget(conn, projection)
            writes.create_tables(conn, _tables(projections))
        total = log.head_seq(conn)
        with _in_haste(conn):
            self._fill(log.scan(conn, upto=total), conn, projections, lambda seq: progress("rebuild", seq, total))
        with _transaction(conn):
            writes.create_indexes(conn, _tables(projections))
            for projection in projections:
                _remember(conn, projection)

    def replay(
        self, conn: sqlite3.Connection, target: sqlite3.Connection, *, upto: int, progress: Progress = silent
    ) -> None:
        """Check the log's chain and project the log of `conn` into fresh tables of `target`, in one reading.

        Raises:
            ChainBroken: an entry is missing or is not what was written.
        """
        writes.create_tables(target, self.tables)
        entries = log.checked(conn, upto=upto)
        self._fill(entries, target, self.projections, lambda seq: progress("verify", seq, upto))

    def _fill(
        self,
        parts: Iterable[Sequence[Entry]],
        target: sqlite3.Connection,
        projections: tuple[Projection, ...],
        progress: Callable[[int], None],
    ) -> None:
        """Project entries, a part in a transaction, each row once a part."""
        functions, cursor = _by_kind(projections), target.cursor()
        for entries in parts:
            folded = self.writer.folded()
            for entry in entries:
                self._must_know(entry)
                if wanted := functions.get(entry.kind):
                    op = self.decode(entry.kind, entry.body)
                    for function in wanted:
                        for write in function(entry, op):
                            folded.take(write)
            with _transaction(target):
                self.writer.apply_all(cursor, folded)
            progress(entries[-1].seq)

    def _must_know(self, entry: Entry) -> None:
        """An op that no projection looks at is decoded once all the same: a newer release's would be left out unsaid."""
        if entry.kind not in self._known:
            self.decode(entry.kind, entry.body)
            self._known.add(entry.kind)


def _by_kind(projections: Iterable[Projection]) -> dict[str, list[ProjectOp]]:
    """What to call for an entry of each kind, in the order of the projections."""
    functions: dict[str, list[ProjectOp]] = {}
    for projection in projections:
        for kind, function in projection.by_kind.items():
            functions.setdefault(kind, []).append(function)
    return functions


def verify(
    conn: sqlite3.Connection, projector: Projector, slices: Iterable[Slice], progress: Progress = silent
) -> list[str]:
    """Everything that is wrong with the database, as sentences; empty when all is well.

    The chain, every projected row against a replay into a fresh file, and what each slice says must hold.
    `conn` should stand in one read transaction.
    """
    try:
        problems = differences(conn, projector, upto=log.head_seq(conn), progress=progress)
    except log.ChainBroken as broken:
        return [str(broken)]  # what a damaged log replays to says nothing about the tables
    for one in slices:
        for invariant in one.invariants:
            problems.extend(f"{one.name}: {problem}" for problem in invariant(conn))
    return problems


def differences(conn: sqlite3.Connection, projector: Projector, *, upto: int, progress: Progress = silent) -> list[str]:
    """Where the tables are not what the log up to an entry makes of them, a sentence for each table.

    Raises:
        ChainBroken: the log is not what was written.
    """
    fresh = sqlite3.connect("", isolation_level=None)  # a file without a name: nothing stays when this is killed
    try:
        for haste in ("synchronous = OFF", "journal_mode = OFF", f"cache_size = -{_CACHE_KB}"):
            fresh.execute(f"PRAGMA {haste}")  # thrown away in any case
        projector.replay(conn, fresh, upto=upto, progress=progress)
        return [problem for table in projector.tables for problem in _differences(conn, fresh, table)]
    finally:
        fresh.close()


def make_empty_if_stale(conn: sqlite3.Connection, projection: Projection) -> bool:
    """Empty tables in place of those that another source made; whether there were none of the present one."""
    known = conn.execute("SELECT fingerprint FROM projection_fingerprint WHERE name = ?", (projection.name,)).fetchone()
    if known is not None and known[0] == fingerprint(projection):
        return False
    make_empty(conn, projection)
    return True


def make_empty(conn: sqlite3.Connection, projection: Projection) -> None:
    """Empty tables of the present source in place of what there is; the caller holds the transaction."""
    _forget(conn, projection)
    writes.create_tables(conn, projection.tables)
    writes.create_indexes(conn, projection.tables)
    _remember(conn, projection)


def _differences(live: sqlite3.Connection, fresh: sqlite3.Connection, table: Table) -> Iterator[str]:
    """The first row that differs says enough: a person looks from there."""
    ours, theirs = writes.dump(live, table), writes.dump(fresh, table)
    while (now := ours.fetchmany(_ROWS)) == (replayed := theirs.fetchmany(_ROWS)):
        if not now:
            return
    one, other = next(pair for pair in zip_longest(now, replayed) if pair[0] != pair[1])
    yield f"table {table.name} differs from its replay: live {one}, replayed {other}"


def _remember(conn: sqlite3.Connection, projection: Projection) -> None:
    names = msgspec.json.encode([table.name for table in projection.tables]).decode()
    conn.execute(
        "INSERT INTO projection_fingerprint VALUES (?, ?, ?)", (projection.name, fingerprint(projection), names)
    )


def _forget(conn: sqlite3.Connection, projection: Projection) -> None:
    row = conn.execute("SELECT tables FROM projection_fingerprint WHERE name = ?", (projection.name,)).fetchone()
    before = msgspec.json.decode(row[0], type=list[str]) if row else []
    writes.drop_tables(conn, {*before, *(table.name for table in projection.tables)})
    conn.execute("DELETE FROM projection_fingerprint WHERE name = ?", (projection.name,))


def _tables(projections: Iterable[Projection]) -> tuple[Table, ...]:
    return tuple(table for p in projections for table in p.tables)


@contextlib.contextmanager
def _in_haste(conn: sqlite3.Connection) -> Iterator[None]:
    """A large cache, and no waiting for the disk after each part: a rebuild that was stopped starts over."""
    (synchronous,), (cache,) = (conn.execute(f"PRAGMA {name}").fetchone() for name in ("synchronous", "cache_size"))
    conn.execute("PRAGMA synchronous = NORMAL")
    conn.execute(f"PRAGMA cache_size = -{_CACHE_KB}")
    try:
        yield
    finally:
        conn.execute(f"PRAGMA synchronous = {int(synchronous)}")
        conn.execute(f"PRAGMA cache_size = {int(cache)}")


@contextlib.contextmanager
def _transaction(conn: sqlite3.Connection) -> Iterator[None]:
    conn.execute("BEGIN IMMEDIATE")
    try:
        yield
        conn.execute("COMMIT")
    finally:
        if conn.in_transaction:
            conn.execute("ROLLBACK")
