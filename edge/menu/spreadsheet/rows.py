"""A sheet's rows under its headings, and what is wrong with them. Pure."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import msgspec

from edge.menu.spreadsheet import words
from edge.menu.spreadsheet.cells import BadCell, Value, key_of, text_of

T = TypeVar("T")

MOST_ROWS = 20_000
MOST_TITLE_ROWS = 10  # a title and an address may stand above the headings


class Grid(msgspec.Struct, frozen=True):
    """A sheet as a file holds it; an empty cell is an empty text."""

    name: str
    rows: Sequence[Sequence[Value]]


class Refused(msgspec.Struct, frozen=True, kw_only=True):
    """A row that was not imported: where, and why as a code of `words.REASONS`."""

    sheet: str
    row: int  # as the spreadsheet numbers them
    column: str  # the heading as the file has it; empty for the whole row
    value: str
    code: str
    facts: dict[str, str | int] = {}


class BadFile(Exception):
    """A file that cannot be read at all: why, as a code of `words.FAULTS`, and its facts."""

    def __init__(self, code: str, **facts: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


class Row:
    """One row: its cells by column, and what was refused of it so far."""

    def __init__(self, sheet: str, number: int, headings: dict[str, str], cells: dict[str, Value]) -> None:
        self.sheet = sheet
        self.number = number
        self.refused: list[Refused] = []
        self._headings = headings
        self._cells = cells

    def text(self, column: str, *, most: int = 80, is_needed: bool = False, lines: bool = False) -> str:
        """A text without spaces around it, at most so long; on one line unless `lines`."""
        found = text_of(self._cells.get(column, "")).strip().replace("\r\n", "\n").replace("\r", "\n")
        if not lines:
            found = found.replace("\n", " ").replace("\t", " ")
        if is_needed and not found:
            self.refuse("missing", column)
        if len(found) > most:
            self.refuse("too_long", column, most=most)
        if any((ord(c) < 32 and c not in "\n\t") or ord(c) == 127 for c in found):
            self.refuse("control_character", column)
        return found

    def read(self, column: str, read: Callable[[Value], T], default: T) -> T:
        """A cell as a value; the default when it is empty or was refused."""
        value = self._cells.get(column, "")
        if isinstance(value, str) and not value.strip():
            return default
        try:
            return read(value)
        except BadCell as bad:
            self.refuse(bad.code, column, **bad.facts)
            return default

    def has(self, column: str) -> bool:
        """Whether something stands in a cell."""
        return bool(text_of(self._cells.get(column, "")).strip())

    def refuse(self, code: str, column: str = "", **facts: str | int) -> None:
        """The row is not imported. The same reason twice is one."""
        refused = Refused(
            sheet=self.sheet,
            row=self.number,
            column=self._headings.get(column, column and words.COLUMNS[column][0]),
            value=text_of(self._cells.get(column, ""))[:80],
            code=code,
            facts=facts,
        )
        if refused not in self.refused:
            self.refused.append(refused)


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """A grid whose headings were found."""

    name: str
    headings: dict[str, str]  # column → as the file has it
    unknown: tuple[str, ...]  # headings that mean nothing to us
    rows: tuple[Row, ...]


def table_of(grid: Grid) -> Table | None:
    """The grid under its headings; None when no row of it looks like headings.

    Raises:
        BadFile: `heading_repeated`, `too_large`.
    """
    if len(grid.rows) > MOST_ROWS:
        raise BadFile("too_large", most=MOST_ROWS)
    at = next((n for n, row in enumerate(grid.rows[:MOST_TITLE_ROWS]) if _looks_like_headings(row)), None)
    if at is None:
        return None
    places: dict[str, int] = {}
    unknown: list[str] = []
    for place, heading in enumerate(grid.rows[at]):
        column = column_of(text_of(heading))
        if column in places:
            raise BadFile("heading_repeated", column=text_of(heading).strip())
        if column:
            places[column] = place
        elif text_of(heading).strip():
            unknown.append(text_of(heading).strip())
    headings = {column: text_of(grid.rows[at][place]).strip() for column, place in places.items()}
    rows = tuple(_rows(grid, at, places, headings))
    return Table(name=grid.name, headings=headings, unknown=tuple(unknown), rows=rows)


def column_of(heading: str) -> str:
    """The column that a heading means, in Spanish or English; empty when it means none."""
    return _COLUMN_OF.get(_bare(heading), "")


def one_of(vocabulary: dict[str, words.Words], word: str) -> str:
    """The code that a word of either language means; empty when it means none."""
    wanted = key_of(word)
    return next((code for code, known in vocabulary.items() if wanted in map(key_of, known)), "")


def _bare(heading: str) -> str:
    return key_of(heading.strip().strip("*:").replace("_", " ").replace("(%)", "").replace("($)", ""))


_COLUMN_OF = {_bare(heading): column for column, headings in words.COLUMNS.items() for heading in headings}


def _looks_like_headings(row: Sequence[Value]) -> bool:
    known = {column_of(text_of(cell)) for cell in row} - {""}
    return "name" in known and len(known) > 1


def _rows(grid: Grid, at: int, places: dict[str, int], headings: dict[str, str]) -> Iterator[Row]:
    width = max(place for place, heading in enumerate(grid.rows[at]) if text_of(heading).strip()) + 1
    for number, cells in enumerate(grid.rows[at + 1 :], start=at + 2):
        if not any(text_of(cell).strip() for cell in cells):
            continue
        values = {column: cells[place] for column, place in places.items() if place < len(cells)}
        row = Row(grid.name, number, headings, values)
        if not grid.name and any(text_of(cell).strip() for cell in cells[width:]):  # only text files shift cells
            row.refuse("too_many_cells")
        yield row
