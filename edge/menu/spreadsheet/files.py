"""Spreadsheet files ↔ sheets: .xlsx by `workbooks`, and .csv as Excel and others write it."""

import csv
import io
from pathlib import Path

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
    # Not above: openpyxl takes a third of a second to load, and an edge that starts to serve needs none of it.
    from edge.menu.spreadsheet.workbooks import grids_of

    return grids_of(content, path.name)


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
