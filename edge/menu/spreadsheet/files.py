"""Spreadsheet files ↔ sheets: .xlsx, and .csv as Excel and others write it."""

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from edge.menu.spreadsheet.cells import Value, text_of
from edge.menu.spreadsheet.rows import MOST_ROWS, MOST_TITLE_ROWS, BadFile, Grid, column_of

SUFFIXES = (".csv", ".xlsx")
MOST_BYTES = 20 * 1024 * 1024
MOST_COLUMNS = 200
_DELIMITERS = ";,\t"
_RISKY = ("=", "+", "-", "@", "'")  # a spreadsheet would take the text for a formula; ' itself marks it as none


def read_file(path: Path) -> list[Grid]:
    """The sheets of a file, by its suffix.

    Raises:
        BadFile: `format_unknown`, `file_missing`, `file_unreadable`, `not_a_workbook`, `not_text`, `quote_open`,
            `too_large`.
    """
    check_suffix(path)
    try:
        size = path.stat().st_size
        content = path.read_bytes() if size <= MOST_BYTES else b""
    except FileNotFoundError:
        raise BadFile("file_missing", name=str(path)) from None
    except OSError as error:
        raise BadFile("file_unreadable", name=str(path), why=error.strerror or str(error)) from None
    if size > MOST_BYTES:
        raise BadFile("too_large", most=MOST_ROWS)
    if path.suffix.lower() == ".csv":
        return [Grid("", _csv_rows(content, path.name))]
    return _xlsx_grids(content, path.name)


def check_suffix(path: Path) -> None:
    """Go on only with a kind of file that we know.

    Raises:
        BadFile: `format_unknown`.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise BadFile("format_unknown", suffix=path.suffix or path.name)


def csv_bytes(grid: Grid, *, delimiter: str) -> bytes:
    """A text file that Excel opens with its accents: a byte order mark, and texts that are no formulas."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
    for number, row in enumerate(grid.rows):
        headings = grid.rows[0]
        writer.writerow(
            [cell if number == 0 or column_of(text_of(headings[place])) == "price" else _harmless(cell)
             for place, cell in enumerate(row)]
        )  # fmt: skip
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def xlsx_bytes(grids: Sequence[Grid]) -> bytes:
    """A workbook: a sheet each, headings bold and in view, columns as wide as their words."""
    book = openpyxl.Workbook(write_only=True)
    for grid in grids:
        sheet = book.create_sheet(grid.name)
        sheet.freeze_panes = "A2"
        for place, width in enumerate(_widths(grid)):
            sheet.column_dimensions[get_column_letter(place + 1)].width = width
        headings = [column_of(text_of(heading)) for heading in grid.rows[0]]
        for number, row in enumerate(grid.rows):
            sheet.append([_xlsx_cell(sheet, cell, headings[place], number) for place, cell in enumerate(row)])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _csv_rows(content: bytes, name: str) -> list[list[Value]]:
    text = _decoded(content, name)
    delimiter = _delimiter_of(text)
    rows: list[list[Value]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            if len(rows) > MOST_ROWS:
                raise BadFile("too_large", most=MOST_ROWS)
            rows.append([_unmarked(cell) for cell in row[:MOST_COLUMNS]])
    except csv.Error:
        raise BadFile("quote_open", row=len(rows) + 1) from None
    return rows


def _decoded(content: bytes, name: str) -> str:
    """UTF-8, Excel's UTF-16 by its mark, else the Windows code page that Excel in Argentina saves with."""
    is_marked = content[:2] in {b"\xff\xfe", b"\xfe\xff"}
    for encoding in ["utf-16"] if is_marked else ["utf-8-sig", "cp1252", "latin-1"]:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise BadFile("not_text", name=name)


def _delimiter_of(text: str) -> str:
    """The mark under which the first lines show the most headings that we know."""

    def known(delimiter: str) -> int:
        lines = csv.reader(io.StringIO("\n".join(text.splitlines()[:MOST_TITLE_ROWS])), delimiter=delimiter)
        return max((sum(bool(column_of(cell)) for cell in line) for line in lines), default=0)

    try:
        return max(_DELIMITERS, key=known)
    except csv.Error:
        return ";"


def _harmless(cell: Value) -> Value:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_RISKY) else cell


def _unmarked(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_RISKY) else cell


def _xlsx_grids(content: bytes, name: str) -> list[Grid]:
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        return [Grid(sheet.title, list(_xlsx_rows(sheet))) for sheet in book.worksheets]
    except BadFile:
        raise
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError, SyntaxError, EOFError):
        raise BadFile("not_a_workbook", name=name) from None  # openpyxl has no error of its own for most damage


def _xlsx_rows(sheet: Any) -> Iterator[list[Value]]:
    sheet.reset_dimensions()  # some programs write a wrong size in the file; rows beyond it would be lost
    for number, row in enumerate(sheet.iter_rows(values_only=True)):
        if number > MOST_ROWS:
            raise BadFile("too_large", most=MOST_ROWS)
        cells = row[:MOST_COLUMNS]
        yield ["" if cell is None else cell if isinstance(cell, str | int | float) else str(cell) for cell in cells]


def _xlsx_cell(sheet: Any, value: Value, column: str, number: int) -> Any:
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        cell.data_type = "s"  # a name that starts with = is no formula
    if number == 0:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="FFE8E1D5")
    elif column == "price":
        cell.number_format = "#,##0.00"
    elif column in {"id", "code"}:
        cell.number_format = "@"  # text, so that 007 stays so
    elif column in {"description", "description_en"}:
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _widths(grid: Grid) -> list[int]:
    columns = zip(*grid.rows, strict=True)
    return [min(max(max(len(text_of(cell)) for cell in column) + 2, 8), 48) for column in columns]
