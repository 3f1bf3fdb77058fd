"""A workbook (.xlsx) as Excel and others save it → its sheets, with what they hide, merge, filter and count."""

import datetime as dt
import io
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element, iterparse

import openpyxl
from openpyxl.styles.numbers import BUILTIN_FORMATS
from openpyxl.utils.cell import range_boundaries
from openpyxl.utils.escape import unescape
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet import _reader as parts

from edge.menu.spreadsheet.cells import Shown, Value
from edge.menu.spreadsheet.files import MOST_COLUMNS
from edge.menu.spreadsheet.formats import shown_number
from edge.menu.spreadsheet.rows import MOST_ROWS, BadFile, Grid, Merge

MOST_SHEETS = 100
MOST_PART_BYTES = 64 * 1024 * 1024  # of one file inside the workbook, once unpacked
MOST_UNPACKED_BYTES = 128 * 1024 * 1024
MOST_PARTS = 2_000
MOST_MERGES = 20_000
_MOST_PER_PACKED = 300  # a menu's XML is packed 10 to 60 times smaller; a bomb a thousand times
_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"  # also what a password makes of a new one
#: openpyxl has no error of its own for most damage.
_DAMAGE = (
    InvalidFileException, zipfile.BadZipFile, zlib.error, KeyError, IndexError, ValueError, TypeError, AttributeError,
    OSError, SyntaxError, EOFError, NotImplementedError, RuntimeError, AssertionError,
)  # fmt: skip


def grids_of(content: bytes, name: str) -> list[Grid]:
    """The sheets of a workbook, hidden ones too.

    Raises:
        BadFile: `not_a_workbook`, `old_workbook`, `too_large`, `too_heavy`.
    """
    if content.startswith(_OLD_WORKBOOK):
        raise BadFile("old_workbook", name=name)
    try:
        _check_weight(content)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions that mean nothing to a menu
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            return [_Sheet(book, sheet).grid() for sheet in book.worksheets[:MOST_SHEETS]]
    except BadFile:
        raise
    except _DAMAGE:
        raise BadFile("not_a_workbook", name=name) from None


def _check_weight(content: bytes) -> None:
    """Unpack nothing that would fill the memory.

    Raises:
        BadFile: `too_heavy`.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files = archive.infolist()
    sizes = [file.file_size for file in files]
    is_bomb = any(file.file_size > 2**20 + _MOST_PER_PACKED * file.compress_size for file in files)
    if (
        is_bomb
        or len(files) > MOST_PARTS
        or max(sizes, default=0) > MOST_PART_BYTES
        or sum(sizes) > MOST_UNPACKED_BYTES
    ):
        raise BadFile("too_heavy", size=sum(sizes) // 2**20)


class _Parser(parts.WorkSheetParser):  # type: ignore[misc]  # openpyxl has no types
    """Reads cells as openpyxl does, and tells a formula without a result from an empty cell."""

    def parse_cell(self, element: Element) -> dict[str, Any]:
        cell: dict[str, Any] = super().parse_cell(element)
        formula = element.find(parts.FORMULA_TAG)
        is_empty_text = element.get("t") == "str" and element.find(parts.VALUE_TAG) is not None
        if formula is not None and cell["value"] is None and not is_empty_text:
            cell |= {"data_type": "f", "value": f"={formula.text or ''}"[:80]}
        return cell


class _Sheet:
    """One sheet while it is read."""

    def __init__(self, book: Any, sheet: Any) -> None:
        self._book = book
        self._sheet = sheet
        self._rows: list[list[Value]] = []
        self._merges: list[Merge] = []
        self._is_filtered = False
        self._parser = _Parser(
            None, sheet._shared_strings, True, book.epoch, book._date_formats, book._timedelta_formats
        )

    def grid(self) -> Grid:
        """What the sheet holds."""
        with self._sheet._get_source() as source:
            for element in _elements(source):
                self._read(element)
        hidden_rows = frozenset(
            int(row) for row, attributes in self._parser.row_dimensions.items() if _is_out_of_sight(attributes, "ht")
        )
        return Grid(
            self._sheet.title,
            self._rows,
            is_hidden=self._sheet.sheet_state != "visible",
            is_filtered=self._is_filtered and bool(hidden_rows),
            hidden_rows=hidden_rows,
            hidden_columns=frozenset(self._hidden_columns()),
            merges=tuple(self._merges),
        )

    def _read(self, element: Element) -> None:
        if element.tag == parts.ROW_TAG:
            number, cells = self._parser.parse_row(element)
            self._add(number, cells)
        elif element.tag == parts.COL_TAG:
            self._parser.parse_column_dimensions(element)
        elif element.tag == parts.MERGE_TAG:
            self._merges = [_merge(one.get("ref", "")) for one in list(element)[:MOST_MERGES]]
        elif element.tag == parts.FILTER_TAG:
            self._is_filtered = len(element) > 0

    def _add(self, number: int, cells: list[dict[str, Any]]) -> None:
        held = {cell["column"] - 1: self._value(cell) for cell in cells if cell["value"] not in (None, "")}
        kept = {place: value for place, value in held.items() if place < MOST_COLUMNS}
        if not kept:
            return
        if number > MOST_ROWS + 1:
            raise BadFile("too_large", most=MOST_ROWS)
        while len(self._rows) < number:
            self._rows.append([])
        width = max(cell["column"] for cell in cells)
        self._rows[number - 1] = [kept.get(place, "") for place in range(min(width, MOST_COLUMNS))]

    def _value(self, cell: dict[str, Any]) -> Value:
        value, kind = cell["value"], cell["data_type"]
        if kind == "f":
            return Shown(kind="formula", text=str(value))
        if kind == "e":
            return Shown(kind="error", text=str(value))
        if isinstance(value, dt.datetime):
            return Shown(kind="date", text=_date(value))
        if isinstance(value, dt.date | dt.time | dt.timedelta):
            return Shown(kind="date" if isinstance(value, dt.date) else "time", text=str(value))
        if isinstance(value, str):
            return str(unescape(value))
        return value if isinstance(value, bool) else shown_number(value, self._format(cell["style_id"]))

    def _format(self, style_id: int) -> str:
        number = self._book._cell_styles[style_id].numFmtId
        if number < 164:
            return str(BUILTIN_FORMATS.get(number, "General"))
        return str(self._book._number_formats[number - 164])

    def _hidden_columns(self) -> Iterator[int]:
        for attributes in self._parser.column_dimensions.values():
            if _is_out_of_sight(attributes, "width"):
                last = min(int(attributes.get("max", attributes["min"])), MOST_COLUMNS)
                yield from range(int(attributes["min"]) - 1, last)


def _elements(source: Any) -> Iterator[Element]:
    """The parts of a sheet that matter, one by one; what was read is let go, so that a long sheet stays small."""
    wanted = {parts.ROW_TAG, parts.COL_TAG, parts.MERGE_TAG, parts.FILTER_TAG}
    data: Element | None = None
    for event, element in iterparse(source, events=("start", "end")):
        if event == "start":
            data = element if element.tag == parts.DATA_TAG else data
        elif element.tag in wanted:
            yield element
            element.clear()
            if element.tag == parts.ROW_TAG and data is not None:
                data.clear()


def _merge(reference: str) -> Merge:
    first_column, first_row, last_column, last_row = range_boundaries(reference)
    return Merge(first_row, min(last_row, MOST_ROWS + 1), first_column - 1, last_column - 1)


def _is_out_of_sight(attributes: dict[str, str], size: str) -> bool:
    """Hidden, or drawn to no height or width."""
    return attributes.get("hidden") in {"1", "true"} or attributes.get(size) in {"0", "0.0"}


def _date(value: dt.datetime) -> str:
    day = f"{value.day}/{value.month}/{value.year}"
    return day if value.time() == dt.time() else f"{day} {value:%H:%M}"
