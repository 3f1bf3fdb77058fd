"""Rows that a commit has written whole so far, for the commands that follow in it.

A whole order is one request: it opens a check, adds lines and sends them. Reading back what was written a moment ago
costs such a request a fourteenth of its time. Only what the writer itself put is here, changed as it changed it, and
nothing outlives its commit.
"""

from collections.abc import Collection, Iterable, Mapping

from shared.writes import Add, Delete, Put, Table, Value, Write

Key = tuple[Value, ...]
Row = tuple[Value, ...]  # in the order of the table's columns

_NONE: Mapping[Key, Row] = {}


class FreshRows:
    """Rows by their table and by the first column of their key. The writer thread's alone."""

    def __init__(self) -> None:
        self._places: dict[str, dict[str, int]] = {}  # where each column of a table is
        self._rows: dict[str, dict[Value, dict[Key, Row]]] = {}

    def keep(self, tables: Iterable[Table]) -> None:
        """Keep rows of these tables from now on."""
        for table in tables:
            self._places[table.name] = {column: place for place, column in enumerate(table.columns)}
            self._rows[table.name] = {}

    @property
    def tables(self) -> Collection[str]:
        """The tables whose rows are kept."""
        return self._rows.keys()

    def take(self, write: Write, key: Key) -> None:
        """This was done to one of the tables, and this is the whole key of the row it touched."""
        rows, places = self._rows[write.table], self._places[write.table]
        if isinstance(write, Put):
            row = write.row if isinstance(write.row, tuple) else tuple(write.row[column] for column in places)
            rows.setdefault(key[0], {})[key] = row
            return
        of_owner = rows.get(key[0], {})
        if key not in of_owner:
            return
        if isinstance(write, Delete):
            del of_owner[key]
            return
        now = list(of_owner[key])
        for column, value in write.columns.items():
            place = places[column]
            now[place] = _sum(now[place], value) if isinstance(write, Add) else value
        of_owner[key] = tuple(now)

    def of(self, table: str, owner: Value) -> Mapping[Key, Row]:
        """The rows that were put in this commit and whose key begins with `owner`, as they are now."""
        return self._rows.get(table, {}).get(owner, _NONE)

    def clear(self) -> None:
        """The commit is over, or something was written that nobody listed."""
        for rows in self._rows.values():
            rows.clear()


def _sum(before: Value, amount: Value) -> Value:
    assert isinstance(before, int) and isinstance(amount, int), "only numbers are added to"
    return before + amount
