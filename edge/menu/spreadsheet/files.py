"""Spreadsheet files ↔ sheets: .xlsx by `workbooks`, and .csv as Excel and others write it."""

import csv
import io
import re
from pathlib import Path

from edge.menu.spreadsheet.cells import Value, text_of
from edge.menu.spreadsheet.encodings import decoded
from edge.menu.spreadsheet.rows import MOST_ROWS, MOST_TITLE_ROWS, BadFile, Grid, column_of

SUFFIXES = (".csv", ".xlsx")
_TEXTS = (".csv", ".tsv", ".txt")
MOST_BYTES = 20 * 1024 * 1024
MOST_COLUMNS = 200
_DELIMITERS = ";,\t|"
_MOST_LINES_SHOWN = 10
_SAID = re.compile(r"\s*\"?sep=(.)\"?[ \t]*(?:\r\n|\n|\r)", re.IGNORECASE)
_RISKY = ("=", "+", "-", "@", "'")  # a spreadsheet would take the text for a formula; ' itself marks it as none


def read_file(path: Path) -> list[Grid]:
    """The sheets of a file, by its suffix.

    Raises:
        BadFile: `format_unknown`, `file_missing`, `file_unreadable`, `not_a_workbook`, `old_workbook`, `not_text`,
            `quote_open`, `too_large`, `too_heavy`.
    """
    suffix = path.suffix.lower()
    if suffix not in _TEXTS:
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
    if suffix in _TEXTS:
        return [_csv_grid(content, path.name)]
    # Not above: openpyxl takes a third of a second to load, and an edge that starts to serve needs none of it.
    from edge.menu.spreadsheet.opening import grids_of

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


def _csv_grid(content: bytes, name: str) -> Grid:
    found = decoded(content, name)
    notes: list[tuple[str, dict[str, str | int]]] = []
    if found.odd_lines:
        lines = ", ".join(map(str, found.odd_lines[:_MOST_LINES_SHOWN]))
        more = " …" if len(found.odd_lines) > _MOST_LINES_SHOWN else ""
        notes.append(("mixed_encoding", {"page": found.code_page, "lines": lines + more}))
    elif found.code_page:
        notes.append(("code_page", {"page": found.code_page}))
    return Grid("", _csv_rows(found.text), notes=tuple(notes))


def _csv_rows(text: str) -> list[list[Value]]:
    said = _SAID.match(text)  # Excel's own first line; it is no row of its sheet
    delimiter = said[1] if said else _delimiter_of(text)
    rows: list[list[Value]] = []
    reader = csv.reader(io.StringIO(text[said.end() :] if said else text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            if len(rows) > MOST_ROWS:
                raise BadFile("too_large", most=MOST_ROWS)
            rows.append([_unmarked(cell) for cell in row[:MOST_COLUMNS]])
    except csv.Error:
        raise BadFile("quote_open", row=len(rows) + 1) from None
    return rows


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
