"""A sheet's rows under its headings, and what is wrong with them. Pure."""

import re
from collections.abc import Callable, Sequence
from typing import TypeVar

import msgspec

from edge.menu.spreadsheet import texts, words
from edge.menu.spreadsheet.amounts import currency_named
from edge.menu.spreadsheet.cells import BadCell, Shown, Value, key_of, text_of
from edge.menu.spreadsheet.choices import plain

T = TypeVar("T")

MOST_ROWS = 20_000
MOST_LISTED = 20_000  # letters of a list in a cell
MOST_TITLE_ROWS = 30  # a title, an address and a logo may stand above the headings
_NAMES = frozenset({"name", "name_en", "short_name", "category", "group"})
_LISTS = frozenset({"variants", "groups", "allergens", "tags"})
_NEXT_ROW = re.compile(r"\n[^\n]*([;,\t|])[^\n]*\1\s*\$?\s*\d[\d.,]*\s*(?:\1|$)")
_NEXT_ROW_IN_NAME = re.compile(r"\n[^\n]*[;,\t|]")
_LIST_MARKS = re.compile(r"(?<!\\)[|=\n{},]|(?<=\s)/(?=\s)")
_NO_VALUE = frozenset({"date", "time", "error", "formula"})


class Merge(msgspec.Struct, frozen=True):
    """Cells that a workbook shows as one: what the first holds stands for all. Rows count from 1, columns from 0."""

    first_row: int
    last_row: int
    first_column: int
    last_column: int


class Grid(msgspec.Struct, frozen=True):
    """A sheet as a file holds it; an empty cell is an empty text."""

    name: str
    rows: Sequence[Sequence[Value]]
    is_hidden: bool = False
    is_filtered: bool = False  # a filter of the sheet hides some of its rows
    hidden_rows: frozenset[int] = frozenset()  # from 1
    hidden_columns: frozenset[int] = frozenset()  # from 0
    merges: tuple[Merge, ...] = ()
    notes: tuple[tuple[str, dict[str, str | int]], ...] = ()  # what had to be understood to read it: codes and facts


class Remark(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be said of a cell, a row or a sheet: where, and what as a code of `reasons`."""

    sheet: str
    row: int = 0  # as the spreadsheet numbers them; 0 for the whole sheet
    column: str = ""  # the heading as the file has it; empty for the whole row
    value: str = ""
    code: str
    facts: dict[str, str | int] = {}
    name: str = ""  # what the row is called


class BadFile(Exception):
    """A file that cannot be read at all: why, as a code of `reasons.FAULTS`, and its facts."""

    def __init__(self, code: str, **facts: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


class Known(msgspec.Struct, frozen=True):
    """Texts of the menu in force: whatever they look like, they are meant so."""

    texts: frozenset[str] = frozenset()
    is_mended: bool = True  # no text of it looks broken, so those that do are

    def has(self, text: str) -> bool:
        """Whether the menu has this text, as it is or as a list in a cell writes it."""
        return text in self.texts or plain(text) in self.texts


NOTHING_KNOWN = Known()


class Row:
    """One row: its cells by column, and what was refused, doubted and understood of it so far."""

    def __init__(
        self, sheet: str, number: int, headings: dict[str, str], cells: dict[str, Value], known: Known = NOTHING_KNOWN
    ) -> None:
        self.sheet = sheet
        self.number = number
        self.only = ""  # its text, when the row holds nothing else
        self.refused: list[Remark] = []
        self.doubts: list[Remark] = []
        self.notes: list[Remark] = []
        self._headings = headings
        self._cells = cells
        self._known = known

    def text(self, column: str, *, most: int = 80, is_needed: bool = False, lines: bool = False) -> str:
        """A text without spaces around it, at most so long; on one line unless `lines`."""
        found = self._clean(column)
        if not lines:
            found = found.replace("\n", " ").replace("\t", " ")
        if is_needed and not found and not self.has(column):
            self.refuse("missing", column)
        if len(found) > most:
            self.refuse("too_long", column, most=most)
        return found

    def read(self, column: str, read: Callable[[Value], T], default: T) -> T:
        """A cell as a value; the default when it is empty or was refused."""
        value = self._cells.get(column, "")
        if isinstance(value, str) and not value.strip():
            return default
        try:
            if isinstance(value, Shown) and value.kind in _NO_VALUE:
                raise BadCell(f"cell_is_{value.kind}")
            return read(value)
        except BadCell as bad:
            self.refuse(bad.code, column, **bad.facts)
            return default

    def listed(self, column: str, read: Callable[[str], T], default: T) -> T:
        """A cell as a list of names; the default when it is empty or was refused."""
        text = self.text(column, most=MOST_LISTED, lines=True)
        try:
            return read(text) if text else default
        except BadCell as bad:
            self.refuse(bad.code, column, **bad.facts)
            return default

    def cell(self, column: str) -> Value:
        """A cell as the file holds it."""
        return self._cells.get(column, "")

    def has(self, column: str) -> bool:
        """Whether something stands in a cell."""
        return bool(text_of(self._cells.get(column, "")).strip())

    def fill(self, column: str, value: Value, heading: str = "") -> None:
        """Put into a cell what the sheet says of it elsewhere: in a merged cell, a section, its own name."""
        self._cells[column] = value
        if column not in self._headings:
            self._headings = {**self._headings, column: heading}

    def refuse(self, code: str, column: str = "", **facts: str | int) -> None:
        """The row is not imported. The same reason twice is one."""
        self._say(self.refused, code, column, facts)

    def doubt(self, code: str, column: str = "", **facts: str | int) -> None:
        """A person must look at it before it is published."""
        self._say(self.doubts, code, column, facts)

    def note(self, code: str, column: str = "", **facts: str | int) -> None:
        """Something that was understood, and is told."""
        self._say(self.notes, code, column, facts)

    def _say(self, remarks: list[Remark], code: str, column: str, facts: dict[str, str | int]) -> None:
        remark = Remark(
            sheet=self.sheet,
            row=self.number,
            column=self._headings.get(column, column and words.COLUMNS[column][0]),
            value=text_of(self._cells.get(column, ""))[:80],
            code=code,
            facts=facts,
            name=text_of(self._cells.get("name", "")).strip()[:80] or self.only[:80],
        )
        if remark not in remarks:
            remarks.append(remark)

    def _clean(self, column: str) -> str:
        """The text of a cell as a person meant it; what cannot be meant is refused, and what was mended told."""
        value = self._cells.get(column, "")
        kind = _kind_of_text(value)
        if kind:
            self.refuse(f"cell_is_{kind}", column)
            return ""
        written = texts.lines_of(text_of(value)).strip()
        if not written or self._known.has(written):
            return written
        found = texts.unseen_dropped(texts.mended(written) if self._known.is_mended else written).strip()
        if found != written:
            is_mended = texts.unseen_dropped(written).strip() != found
            self.note("letters_mended" if is_mended else "unseen_dropped", column, before=written[:80])
            self._cells[column] = found
        fault = texts.fault_of(found) or (column in _NAMES and texts.cell_kind_of(found))
        if fault:
            self.refuse(fault if fault in {"control_character", "lost_letter"} else f"cell_is_{fault}", column)
        elif any(texts.is_doubtful(part) and not self._known.has(part) for part in _names_in(found, column)):
            self.doubt("letter_doubtful", column)
        elif not self.sheet and column not in _LISTS and _holds_rows(found, column):
            self.doubt("quote_swallowed", column)
        elif column == "name" and not isinstance(value, str):
            self.note("name_is_number", column)
        return found


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """A grid whose headings were found."""

    name: str
    headings: dict[str, str]  # column → as the file has it
    unknown: tuple[str, ...]  # headings that mean nothing to us
    rows: tuple[Row, ...]
    foreign: tuple[tuple[str, str], ...] = ()  # headings of prices in another currency, and which
    refused: tuple[Remark, ...] = ()
    doubts: tuple[Remark, ...] = ()
    notes: tuple[Remark, ...] = ()


def column_of(heading: str, currency: str = "ARS") -> str:
    """The column that a heading means, in Spanish, English or Portuguese; empty when it means none."""
    found = _COLUMN_OF.get(_bare(heading), "")
    if found:
        return found
    bare, foreign = currency_named(re.sub(r"\[[^\]]*\]", " ", heading), currency)
    column = _COLUMN_OF.get(_bare(bare), "")
    return column if column == "price" and not foreign else ""


def one_of(vocabulary: dict[str, words.Words], word: str) -> str:
    """The code that a word of either language means; empty when it means none."""
    wanted = key_of(word)
    return next((code for code, known in vocabulary.items() if wanted in map(key_of, known)), "")


def _holds_rows(text: str, column: str) -> bool:
    """Whether a text file's cell seems to hold a part of its next row: a quote was opened and closed rows later."""
    return bool((_NEXT_ROW_IN_NAME if column in _NAMES else _NEXT_ROW).search(text))


def _names_in(text: str, column: str) -> list[str]:
    """The names that a cell holds: several in one of a list."""
    return [part.strip() for part in _LIST_MARKS.split(text)] if column in _LISTS else [text]


def _kind_of_text(value: Value) -> str:
    """Why a cell's value is no text: a date, a percentage, a number with decimals; empty when it can be one."""
    if isinstance(value, Shown):
        return value.kind if value.kind in _NO_VALUE or value.kind == "percent" else _kind_of_text(value.number or 0)
    if isinstance(value, bool):
        return "logical"
    return "number" if isinstance(value, float) and not value.is_integer() else ""


def _bare(heading: str) -> str:
    return key_of(
        texts.unseen_dropped(texts.mended(heading))
        .strip()
        .strip("*:")
        .replace("_", " ")
        .replace("(%)", "")
        .replace("($)", "")
    )


_COLUMN_OF = {_bare(heading): column for column, headings in words.COLUMNS.items() for heading in headings}
