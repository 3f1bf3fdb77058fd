"""Spreadsheet files as programs in the wild write them."""

from pathlib import Path

import openpyxl
import pytest

from edge.menu.spreadsheet.files import csv_bytes, read_file
from edge.menu.spreadsheet.rows import BadFile, Grid
from edge.menu.spreadsheet.workbooks import xlsx_bytes

TEXT = 'categoría;nombre;precio\r\nCarnes;Ñandú "al asador";12,5\r\n'
ROWS = [["categoría", "nombre", "precio"], ["Carnes", 'Ñandú "al asador"', "12,5"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_text_file_is_read_in_any_encoding_that_excel_saves(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "carta.csv"
    path.write_bytes(TEXT.replace('Ñandú "al asador"', '"Ñandú ""al asador"""').encode(encoding))
    assert read_file(path)[0].rows == ROWS


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_the_mark_between_cells_is_found_by_the_headings(delimiter: str, tmp_path: Path) -> None:
    path = tmp_path / "carta.CSV"
    path.write_text(
        delimiter.join(("categoría", "nombre", "precio")) + "\n" + delimiter.join(("A", "B; C", "1")), "utf-8"
    )
    row = read_file(path)[0].rows[1]
    assert row[0] == "A" and row[-1] == "1"


def test_a_name_that_looks_like_a_formula_is_text_in_both_kinds_of_file(tmp_path: Path) -> None:
    grid = Grid("Carta", [["nombre", "precio"], ["=1+1", "-5"], ["'Nduja", "@x"], ["'", "+"]])
    text = csv_bytes(grid, delimiter=";").decode("utf-8-sig")
    assert text.splitlines()[1] == "'=1+1;-5"
    path = tmp_path / "carta.csv"
    path.write_bytes(csv_bytes(grid, delimiter=";"))
    assert [row[0] for row in read_file(path)[0].rows] == ["nombre", "=1+1", "'Nduja", "'"]
    path = tmp_path / "carta.xlsx"
    path.write_bytes(xlsx_bytes([grid]))
    assert [row[0] for row in read_file(path)[0].rows] == ["nombre", "=1+1", "'Nduja", "'"]
    assert openpyxl.load_workbook(path)["Carta"]["A2"].data_type == "s"


def test_a_workbook_made_by_hand_is_read_with_its_numbers(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Carta"
    for row in (
        ("Categoría", "Nombre", "Precio", "IVA"),
        ("Carnes", "Bife", 12500.5, 0.105),
        ("Carnes", None, 3, None),
    ):
        sheet.append(row)
    path = tmp_path / "carta.xlsx"
    book.save(path)
    assert read_file(path) == [
        Grid(
            "Carta",
            [["Categoría", "Nombre", "Precio", "IVA"], ["Carnes", "Bife", 12500.5, 0.105], ["Carnes", "", 3]],
        )
    ]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("carta.pdf", b"%PDF", "format_unknown"),
        ("carta.xls", b"\xd0\xcf\x11\xe0", "format_unknown"),
        ("carta", b"", "format_unknown"),
        ("carta.xlsx", b"not a zip", "not_a_workbook"),
        ("carta.xlsx", b"PK\x05\x06" + bytes(18), "not_a_workbook"),
        ("carta.csv", b"a\0b;c", "not_text"),
        ("carta.csv", 'nombre;precio\n"Bife;100\nVacío;5\n'.encode(), "quote_open"),
        ("carta.csv", b"nombre;precio\n" * 20_002, "too_large"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(name: str, content: bytes, code: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(BadFile) as caught:
        read_file(path)
    assert caught.value.code == code


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="file_missing"):
        read_file(tmp_path / "carta.csv")
