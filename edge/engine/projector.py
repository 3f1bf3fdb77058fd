"""Runs projections: for each new entry, over the log again when one has changed, and beside the live tables to verify."""

import contextlib
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator
from itertools import zip_longest
from pathlib import Path

import msgspec

from edge.engine import log, writes
from edge.engine.slice import Slice
from edge.engine.writes import TableWriter, Touched
from shared.entry import Entry
from shared.ops.base import Op
from shared.projections.fingerprint import fingerprint
from shared.projections.projection import Projection, ProjectOp
from shared.writes import Table

Decode = Callable[[str, bytes], Op]
Progress = Callable[[str, int, int], None]  # what is done, entries so far, entries in all


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

    def project(self, cursor: sqlite3.Cursor, entry: Entry, op: Op, touched: list[Touched]) -> None:
        """Write what the entry changes, and note the rows it touched."""
        apply = self.writer.apply
        for function in self._functions.get(entry.kind, ()):
            for write in function(entry, op):
                touched.append(apply(cursor, write))

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
        self._fill(conn, conn, projections, progress)
        with _transaction(conn):
            writes.create_indexes(conn, _tables(projections))
            for projection in projections:
                names = msgspec.json.encode([table.name for table in projection.tables]).decode()
                conn.execute(
                    "INSERT INTO projection_fingerprint VALUES (?, ?, ?)",
                    (projection.name, fingerprint(projection), names),
                )

    def _fill(
        self,
        source: sqlite3.Connection,
        target: sqlite3.Connection,
        projections: tuple[Projection, ...],
        progress: Progress,
    ) -> None:
        total, apply, cursor = log.head_seq(source), self.writer.apply, target.cursor()
        functions = _by_kind(projections)
        for entries in log.scan(source, upto=total):
            with _transaction(target):
                for entry in entries:
                    self._must_know(entry)
                    if wanted := functions.get(entry.kind):
                        op = self.decode(entry.kind, entry.body)
                        for function in wanted:
                            for write in function(entry, op):
                                apply(cursor, write)
            progress("rebuild", entries[-1].seq, total)

    def replay(self, conn: sqlite3.Connection, target: sqlite3.Connection, progress: Progress = silent) -> None:
        """Project the whole log of `conn` into fresh tables of `target`."""
        writes.create_tables(target, self.tables)
        self._fill(conn, target, self.projections, progress)

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
    total = log.head_seq(conn)
    broken = log.check_chain(conn, lambda seq: progress("chain", seq, total))
    if broken:
        return [broken]  # what a damaged log replays to says nothing about the tables
    problems: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        fresh = sqlite3.connect(Path(folder) / "replay.db", isolation_level=None)
        try:
            fresh.execute("PRAGMA synchronous = OFF")  # thrown away in any case
            projector.replay(conn, fresh, progress)
            for table in projector.tables:
                problems.extend(_differences(conn, fresh, table))
        finally:
            fresh.close()
    for one in slices:
        for invariant in one.invariants:
            problems.extend(f"{one.name}: {problem}" for problem in invariant(conn))
    return problems


def _differences(live: sqlite3.Connection, fresh: sqlite3.Connection, table: Table) -> Iterator[str]:
    """The first row that differs says enough: a person looks from there."""
    for now, replayed in zip_longest(writes.dump(live, table), writes.dump(fresh, table)):
        if now != replayed:
            yield f"table {table.name} differs from its replay: live {now}, replayed {replayed}"
            return


def _forget(conn: sqlite3.Connection, projection: Projection) -> None:
    row = conn.execute("SELECT tables FROM projection_fingerprint WHERE name = ?", (projection.name,)).fetchone()
    before = msgspec.json.decode(row[0], type=list[str]) if row else []
    writes.drop_tables(conn, {*before, *(table.name for table in projection.tables)})
    conn.execute("DELETE FROM projection_fingerprint WHERE name = ?", (projection.name,))


def _tables(projections: Iterable[Projection]) -> tuple[Table, ...]:
    return tuple(table for p in projections for table in p.tables)


@contextlib.contextmanager
def _transaction(conn: sqlite3.Connection) -> Iterator[None]:
    conn.execute("BEGIN IMMEDIATE")
    try:
        yield
        conn.execute("COMMIT")
    finally:
        if conn.in_transaction:
            conn.execute("ROLLBACK")
