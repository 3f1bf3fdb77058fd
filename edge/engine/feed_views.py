"""Touched rows → the views behind them, read and encoded. A view that fails keeps no other from being shown.

What fails is a debt: it names the view, how far it came, and what to begin again with.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from hashlib import blake2b
from typing import Literal

import msgspec

from edge.engine import log
from edge.engine.slice import Slice, View
from edge.engine.writes import Touched
from shared.entry import GENESIS
from shared.frames import Change
from shared.writes import Table

Keys = dict[str, set[str]]  # view kind → names to resolve, or keys to load
Parts = dict[str, dict[str, msgspec.Raw]]  # view kind → key → the view as JSON, `null` when it is gone

_NOTHING = msgspec.Raw(b"null")
_OF_BYTES = 8
_encode = msgspec.json.Encoder().encode


class Channel(msgspec.Struct, frozen=True):
    """What a subscriber gets. Those on equal channels are sent the same bytes."""

    role: str
    kinds: frozenset[str] | None = None  # None for every kind the role may see
    only: tuple[tuple[str, str], ...] = ()  # pairs of kind and the one key of it, for guests; those kinds alone

    def may_carry(self, kind: str) -> bool:
        """Whether any view of a kind the role may see belongs here."""
        is_wanted = self.kinds is None or kind in self.kinds
        return is_wanted and (not self.only or any(kind == one for one, _ in self.only))

    def carries(self, kind: str, key: str) -> bool:
        """Whether a view of a kind the role may see belongs here."""
        if self.kinds is not None and kind not in self.kinds:
            return False
        return not self.only or (kind, key) in self.only


class Debt(msgspec.Struct, frozen=True):
    """Something that could not be read: a touched row, a name to resolve, a key to load, or all keys of a kind."""

    kind: str
    stage: Literal["row", "name", "key", "all"]
    item: Touched | str = ""


class Read(msgspec.Struct):
    """What was read, and what was not."""

    parts: Parts
    failed: dict[Debt, Exception]


class ViewReader:
    """Every view of the venue, found from rows and read as JSON."""

    def __init__(self, slices: Iterable[Slice], vocabulary: str) -> None:
        slices = tuple(slices)
        self._views = {view.kind: view for one in slices for view in one.views}
        self._vocabulary = vocabulary
        self._tables = _declared(slices)
        self._of_table: defaultdict[str, list[View]] = defaultdict(list)
        for view in self._views.values():
            for table in view.touches:
                assert table in self._tables, f"the view {view.kind} watches {table}, which nobody declares"
                self._of_table[table].append(view)

    def is_for(self, role: str, kind: str) -> bool:
        """Whether the feed of that device role carries that kind of view."""
        return role in self._views[kind].roles

    def names_of(self, touched: Iterable[Touched]) -> tuple[Keys, dict[Debt, Exception]]:
        """What touched rows change of each view, by kind, before it is resolved. Reads nothing."""
        names: defaultdict[str, set[str]] = defaultdict(set)
        failed: dict[Debt, Exception] = {}
        for row in touched:
            for view in self._of_table.get(row[0], ()):
                try:
                    name = self._name(view, row)
                except Exception as error:
                    failed[Debt(view.kind, "row", row)] = error
                    continue
                if name is not None:
                    names[view.kind].add(name)
        return dict(names), failed

    def changes(self, channel: Channel, parts: Parts) -> list[Change]:
        """Those of the views that belong to a channel."""
        return [
            (kind, key, view)
            for kind, of_kind in parts.items()
            if self.is_for(channel.role, kind)
            for key, view in of_kind.items()
            if channel.carries(kind, key)
        ]

    # Everything below runs on a read thread.

    def read(self, conn: sqlite3.Connection, names: Keys, debts: Iterable[Debt], channels: Collection[Channel]) -> Read:
        """The views behind names and old debts, without those that would go to nobody."""
        failed: dict[Debt, Exception] = {}
        keys: defaultdict[str, set[str]] = defaultdict(set)
        wanted: defaultdict[str, set[str]] = defaultdict(set)
        for kind, of_kind in names.items():
            wanted[kind] |= of_kind
        for debt in debts:
            try:
                self._take_up(conn, debt, wanted, keys)
            except Exception as error:
                failed[debt] = error
        for kind, of_kind in wanted.items():
            keys[kind] |= self._resolved(conn, kind, of_kind, failed)
        for kind, of_kind in keys.items():
            watching = [channel for channel in channels if self.is_for(channel.role, kind)]
            keys[kind] = {key for key in of_kind if any(channel.carries(kind, key) for channel in watching)}
        return self._loaded(conn, keys, failed)

    def since(self, conn: sqlite3.Connection, cursor: int, channel: Channel) -> Keys:
        """What rows beside the log changed since the cursor, by kind, before it is resolved."""
        return {
            kind: set(view.since(conn, cursor))
            for kind, view in self._views.items()
            if view.since is not None and self.is_for(channel.role, kind)
        }

    def snapshot(self, conn: sqlite3.Connection, channel: Channel) -> Read:
        """Every view that belongs to a channel, as it is now."""
        failed: dict[Debt, Exception] = {}
        keys: Keys = {}
        for kind, view in self._views.items():
            if not self.is_for(channel.role, kind):
                continue
            try:
                found = [key for one, key in channel.only if one == kind] if channel.only else view.current(conn)
            except Exception as error:
                failed[Debt(kind, "all")] = error
                continue
            keys[kind] = {key for key in found if channel.carries(kind, key)}
        read = self._loaded(conn, keys, failed)
        there = {
            kind: {key: part for key, part in of_kind.items() if part is not _NOTHING}
            for kind, of_kind in read.parts.items()
        }
        return Read(there, read.failed)

    def of_at(self, conn: sqlite3.Connection, seq: int) -> str:
        """What views that show the log up to `seq` are of: whose log, which release, and that very entry.

        Another answer for the same `seq` means another log (a backup was restored, the box was swapped) or another
        release; empty when the log has no such entry.
        """
        digest = GENESIS if seq == 0 else log.digest_at(conn, seq)
        if digest is None:
            return ""
        install, session, epoch = conn.execute("SELECT install_id, session, epoch FROM log_identity").fetchone()
        whose = _encode((self._vocabulary, install, session, epoch))
        return blake2b(whose + digest, digest_size=_OF_BYTES).hexdigest()

    def _name(self, view: View, row: Touched) -> str | None:
        table, values = row
        return view.touches[table](dict(zip(self._tables[table].key, values, strict=True)))

    def _take_up(
        self, conn: sqlite3.Connection, debt: Debt, names: defaultdict[str, set[str]], keys: defaultdict[str, set[str]]
    ) -> None:
        """Begin an old debt where it stopped."""
        view = self._views[debt.kind]
        if isinstance(debt.item, tuple):
            name = self._name(view, debt.item)
            if name is not None:
                names[debt.kind].add(name)
        elif debt.stage == "name":
            names[debt.kind].add(debt.item)
        elif debt.stage == "key":
            keys[debt.kind].add(debt.item)
        else:
            keys[debt.kind].update(view.current(conn))

    def _resolved(
        self, conn: sqlite3.Connection, kind: str, names: set[str], failed: dict[Debt, Exception]
    ) -> set[str]:
        view = self._views[kind]
        if view.resolve is None:
            return names
        try:
            return set(view.resolve(conn, sorted(names)))
        except Exception:  # one by one then, so that only the one that fails is owed
            found: set[str] = set()
            for name in sorted(names):
                try:
                    found.update(view.resolve(conn, [name]))
                except Exception as error:
                    failed[Debt(kind, "name", name)] = error
            return found

    def _loaded(self, conn: sqlite3.Connection, keys: Mapping[str, set[str]], failed: dict[Debt, Exception]) -> Read:
        parts: Parts = {}
        for kind, of_kind in keys.items():
            if not of_kind:
                continue
            view = self._views[kind]
            try:
                parts[kind] = dict(_encoded(view, conn, sorted(of_kind)))
            except Exception:  # one by one then, so that only the one that fails is owed
                parts[kind] = {}
                for key in sorted(of_kind):
                    try:
                        parts[kind].update(_encoded(view, conn, [key]))
                    except Exception as error:
                        failed[Debt(kind, "key", key)] = error
        return Read(parts, failed)


def _encoded(view: View, conn: sqlite3.Connection, keys: list[str]) -> Iterator[tuple[str, msgspec.Raw]]:
    found = view.load(conn, keys)
    for key in keys:
        yield key, msgspec.Raw(_encode(found[key])) if key in found else _NOTHING


def _declared(slices: Iterable[Slice]) -> dict[str, Table]:
    tables = {}
    for one in slices:
        for table in (*one.kept_tables, *(table for p in one.projections for table in p.tables)):
            tables[table.name] = table
    return tables
