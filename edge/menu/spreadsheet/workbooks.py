"""Workbooks (.xlsx) ↔ sheets."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from edge.menu.spreadsheet.cells import Value, text_of
from edge.menu.spreadsheet.files import MOST_COLUMNS
from edge.menu.spreadsheet.rows import MOST_ROWS, BadFile, Grid, column_of


def grids_of(content: bytes, name: str) -> list[Grid]:
    """The sheets of a workbook.

    Raises:
        BadFile: `not_a_workbook`, `too_large`.
    """
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        return [Grid(sheet.title, list(_xlsx_rows(sheet))) for sheet in book.worksheets]
    except BadFile:
        raise
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError, SyntaxError, EOFError):
        raise BadFile("not_a_workbook", name=name) from None  # openpyxl has no error of its own for most damage


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
