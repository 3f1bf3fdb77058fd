"""Sheets → a workbook (.xlsx)."""

import io
import re
from collections.abc import Sequence
from typing import Any

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from edge.menu.spreadsheet.cells import Value, text_of
from edge.menu.spreadsheet.rows import Grid, column_of

_LIKE_AN_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # a workbook writes a carriage return as _x000D_


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


def _xlsx_cell(sheet: Any, value: Value, column: str, number: int) -> Any:
    if isinstance(value, str):
        value = _LIKE_AN_ESCAPE.sub("_x005F_", ILLEGAL_CHARACTERS_RE.sub("", value))
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
