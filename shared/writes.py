"""What a projection may ask of a database, as data. The edge turns it into SQLite, the hub into Postgres."""

from typing import Literal

import msgspec

Value = int | str | None
Row = dict[str, Value] | tuple[Value, ...]  # every column of a table: by name, or in the order of its declaration
ColumnType = Literal["int", "text"]


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """A projected table: its key, its columns (the key's included) and its indexes.

    A `tally` table only ever gets `Add`: a row that is missing starts at zero. On any other table
    `Set` and `Add` of a missing row are a fault of ours and raise.
    """

    name: str
    key: tuple[str, ...]
    columns: dict[str, ColumnType]
    indexes: tuple[tuple[str, ...], ...] = ()
    tally: bool = False


class Put(msgspec.Struct, frozen=True):
    """Write a whole row, replacing the one with its key."""

    table: str
    row: Row


class Set(msgspec.Struct, frozen=True):
    """Set columns of the row with this whole key."""

    table: str
    key: dict[str, Value]
    columns: dict[str, Value]


class Add(msgspec.Struct, frozen=True):
    """Add to integer columns of the row with this whole key."""

    table: str
    key: dict[str, Value]
    columns: dict[str, int]


class Delete(msgspec.Struct, frozen=True):
    """Remove the row with this whole key; no row is no fault."""

    table: str
    key: dict[str, Value]


Write = Put | Set | Add | Delete
