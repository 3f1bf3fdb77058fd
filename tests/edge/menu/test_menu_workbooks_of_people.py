"""Workbooks as people keep them: what Excel changed, hides, merges and shows otherwise is refused, or understood and told."""

import datetime as dt
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from edge.menu.spreadsheet.files import read_file
from edge.menu.spreadsheet.reading import Reading, read
from edge.menu.spreadsheet.rows import BadFile

STATIONS = {"cocina": "Cocina"}
HEADINGS = ("categoría", "nombre", "precio")
DISHES = (("Platos", "Milanesa", 13_500), ("Platos", "Ravioles", 11_800), ("Platos", "Tortilla", 9_800))


def a_book(*rows: tuple[object, ...], name: str = "Carta") -> Any:
    """A workbook with these rows on its only sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = name
    for row in rows:
        sheet.append(row)
    return book


def reading_of(book: Any, folder: Path, *, currency: str = "ARS") -> Reading:
    """What the workbook says, once saved and opened."""
    path = folder / "carta.xlsx"
    book.save(path)
    return read(read_file(path), stations=STATIONS, currency=currency)


def codes(remarks: tuple[Any, ...]) -> list[tuple[int, str]]:
    """Row and code of each."""
    return [(one.row, one.code) for one in remarks]


def names(found: Reading) -> list[str]:
    """What would be sold."""
    return [item.name for item in found.menu.items]


def prices(found: Reading) -> list[int]:
    """What it would cost."""
    return [item.price_minor for item in found.menu.items]


@pytest.mark.parametrize(
    ("value", "number_format", "code"),
    [
        (dt.datetime(2026, 2, 1), "d/m", "cell_is_date"),
        (dt.datetime(2026, 2, 1, 12, 30), "d/m/yyyy h:mm", "cell_is_date"),
        (dt.date(2026, 2, 1), "d-mmm", "cell_is_date"),
        (dt.time(12, 30), "h:mm", "cell_is_time"),
        (dt.timedelta(hours=30), "[h]:mm", "cell_is_time"),
        (True, "General", "cell_is_logical"),
        (0.5, "# ?/?", "cell_is_number"),
        (0.5, "0%", "cell_is_percent"),
        ("#REF!", "General", "cell_is_error"),
        ("#¿NOMBRE?", "General", "cell_is_error"),
        ("=B2&B3", "General", "cell_is_formula"),
        ("1-feb", "@", "cell_is_date"),
        ("Ra\ufffdioles", "@", "lost_letter"),
        ("x" * 300, "@", "too_long"),
    ],
)
@pytest.mark.parametrize("column", [0, 1])
def test_a_cell_that_is_no_text_is_no_name(
    value: object, number_format: str, code: str, column: int, tmp_path: Path
) -> None:
    book = a_book(HEADINGS, *DISHES, ("Platos", "Otro", 9_000))
    cell = book.active.cell(5, column + 1, value)
    cell.number_format = number_format
    found = reading_of(book, tmp_path)
    assert [(one.row, one.column, one.code) for one in found.refused] == [(5, HEADINGS[column], code)]
    assert names(found) == ["Milanesa", "Ravioles", "Tortilla"]


@pytest.mark.parametrize(
    ("value", "number_format", "code"),
    [
        (dt.datetime(2026, 5, 1), "d-mmm", "cell_is_date"),
        (True, "General", "cell_is_logical"),
        (0.125, "0.0%", "money_percent"),
        ("#N/A", "General", "cell_is_error"),
        ("=C2*1.1", "General", "cell_is_formula"),
        (40, "[$US$-409] #,##0", "money_foreign"),
        (40, '"USD" #,##0.00', "money_foreign"),
        (40, "_-[$R$-416]* #,##0.00_-", "money_foreign"),
        (40, "#,##0.00\\ [$€-1]", "money_foreign"),
        ("US$ 40", "@", "money_foreign"),
        (12.345, "General", "money_decimals"),
        ("5000 / 7000", "@", "several_prices"),
        ("5000\n7000", "@", "several_prices"),
        ("consultar", "@", "price_open"),
        ("variable", "@", "price_open"),
        (-1, "General", "money_negative"),
    ],
)
def test_a_cell_that_is_no_price_is_refused(value: object, number_format: str, code: str, tmp_path: Path) -> None:
    book = a_book(HEADINGS, *DISHES, ("Platos", "Otro", 9_000))
    cell = book.active.cell(5, 3, value)
    cell.number_format = number_format
    found = reading_of(book, tmp_path)
    assert [(one.row, one.column, one.code) for one in found.refused] == [(5, "precio", code)]


@pytest.mark.parametrize(
    ("value", "number_format", "amount_minor"),
    [
        (12500.000001, "General", 12_500_00),
        (1250.1 + 0.2, "General", 1_250_30),
        ("'12500", "@", 12_500_00),
        ("12'500", "@", 12_500_00),
        ("12.500,50", "@", 12_500_50),
        ("$ 12.500.-", "@", 12_500_00),
        (12500, "[$$-2C0A]\\ #,##0.00", 12_500_00),
        (12500, '_("ARS"* #,##0_)', 12_500_00),
        (12500, '"$"#,##0;[Red]-"$"#,##0', 12_500_00),
    ],
)
def test_a_price_is_understood_however_it_is_kept(
    value: object, number_format: str, amount_minor: int, tmp_path: Path
) -> None:
    book = a_book(HEADINGS, ("Platos", "Otro", 0))
    cell = book.active.cell(2, 3, value)
    cell.number_format = number_format
    found = reading_of(book, tmp_path)
    assert found.refused == found.doubts == ()
    assert prices(found) == [amount_minor]


def test_a_number_that_shows_as_thousands_is_doubted(tmp_path: Path) -> None:
    book = a_book(HEADINGS, ("Platos", "Bife", 12.5), ("Platos", "Vacío", 9.8))
    book.active["C2"].number_format = "0.000"
    found = reading_of(book, tmp_path)
    assert [(one.row, one.code, one.facts["shown"]) for one in found.doubts] == [(2, "shown_otherwise", "12.500")]


def test_dollars_of_the_states_among_other_prices_are_doubted_and_alone_are_the_venues_own(tmp_path: Path) -> None:
    book = a_book(HEADINGS, *DISHES)
    for place in ("C2", "C3", "C4"):
        book.active[place].number_format = "[$$-409]#,##0.00"
    assert reading_of(book, tmp_path).doubts == ()
    book.active["C4"].number_format = "#,##0.00"
    assert codes(reading_of(book, tmp_path).doubts) == [(2, "mixed_signs"), (3, "mixed_signs")]


@pytest.mark.parametrize("typed", [12.5, 13_500_000])
def test_a_price_a_thousand_times_off_its_neighbours_is_doubted(typed: float, tmp_path: Path) -> None:
    found = reading_of(a_book(HEADINGS, *DISHES, ("Platos", "Bife", typed)), tmp_path)
    assert [one.row for one in found.doubts] == [5]
    assert found.doubts[0].name == "Bife"


def test_rows_that_the_sheet_hides_are_left_out_and_told(tmp_path: Path) -> None:
    book = a_book(HEADINGS, *DISHES)
    book.active.row_dimensions[3].hidden = True
    found = reading_of(book, tmp_path)
    assert (names(found), codes(found.notes), found.doubts) == (["Milanesa", "Tortilla"], [(3, "hidden_row")], ())


def test_rows_that_a_filter_hides_must_be_confirmed(tmp_path: Path) -> None:
    book = a_book(HEADINGS, *DISHES)
    book.active.auto_filter.ref = "A1:C4"
    book.active.auto_filter.add_filter_column(1, ["Milanesa"])
    book.active.row_dimensions[3].hidden = True
    assert codes(reading_of(book, tmp_path).doubts) == [(0, "rows_filtered")]


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_is_left_out_and_told(state: str, tmp_path: Path) -> None:
    book = a_book(HEADINGS, *DISHES)
    old = book.create_sheet("Invierno")
    old.append(HEADINGS)
    old.append(("Platos", "Locro", 2_800))
    old.sheet_state = state
    found = reading_of(book, tmp_path)
    assert "Locro" not in names(found)
    assert [(one.sheet, one.code) for one in found.notes] == [("Invierno", "hidden_sheet")]


def test_a_hidden_column_is_neither_used_nor_dropped_in_silence(tmp_path: Path) -> None:
    book = a_book((*HEADINGS, "descripción"), (*DISHES[0], "con fritas"))
    book.active.column_dimensions["D"].hidden = True
    assert codes(reading_of(book, tmp_path).refused) == [(1, "hidden_column")]
    book = a_book(("categoría", "nombre", "precio", "Precio"), ("Platos", "Milanesa", 9_000, 13_500))
    book.active.column_dimensions["C"].hidden = True
    found = reading_of(book, tmp_path)
    assert (prices(found), codes(found.notes)) == ([13_500_00], [(1, "hidden_twin")])
    book = a_book((*HEADINGS, "id"), (*DISHES[0], "m1"))
    book.active.column_dimensions["D"].hidden = True
    found = reading_of(book, tmp_path)
    assert (found.refused, found.menu.items[0].id) == ((), "m1")


def test_merged_cells_hold_for_all_their_rows(tmp_path: Path) -> None:
    book = a_book(
        HEADINGS,
        ("Pizzas", "Muzza", 11_000),
        (None, "Fugazzeta", 12_500),
        (None, "Napo", None),
        ("Bebidas", "Agua", 2_500),
    )
    book.active.merge_cells("A2:A4")
    book.active.merge_cells("C3:C4")
    found = reading_of(book, tmp_path)
    assert found.refused == ()
    assert [(item.name, item.category_id, item.price_minor) for item in found.menu.items] == [
        ("Muzza", "pizzas", 11_000_00),
        ("Fugazzeta", "pizzas", 12_500_00),
        ("Napo", "pizzas", 12_500_00),
        ("Agua", "bebidas", 2_500_00),
    ]
    assert {code for _, code in codes(found.notes)} == {"merged"}


def test_rows_of_a_name_alone_are_the_categories_of_those_below(tmp_path: Path) -> None:
    book = a_book(("nombre", "precio"), ("PIZZAS",), ("Muzza", 11_000), ("Napo", 12_500), ("BEBIDAS",), ("Agua", 2_500))
    book.active.merge_cells("A2:B2")
    found = reading_of(book, tmp_path)
    assert found.refused == ()
    assert [(item.name, item.category_id) for item in found.menu.items] == [
        ("Muzza", "pizzas"), ("Napo", "pizzas"), ("Agua", "bebidas")
    ]  # fmt: skip
    assert [(one.row, one.code, one.facts) for one in found.notes] == [
        (2, "section", {"count": 2}),
        (5, "section", {"count": 1}),
    ]


def test_a_section_with_nothing_below_may_be_a_dish_without_a_price(tmp_path: Path) -> None:
    found = reading_of(a_book(("nombre", "precio"), ("PIZZAS",), ("Napo", 12_500), ("Fugazzeta",)), tmp_path)
    assert codes(found.refused) == [(4, "section_empty")]


def test_a_sheet_for_each_category_gives_them_its_name(tmp_path: Path) -> None:
    book = a_book(("nombre", "precio"), ("Muzza", 11_000), name="Pizzas")
    drinks = book.create_sheet("Bebidas")
    drinks.append(("Nombre", "Precio"))
    drinks.append(("Agua", 2_500))
    found = reading_of(book, tmp_path)
    assert [(item.name, item.category_id) for item in found.menu.items] == [("Muzza", "pizzas"), ("Agua", "bebidas")]
    assert {one.code for one in found.notes} == {"sheet_category"}


def test_a_sheet_with_prices_and_no_headings_is_not_lost_in_silence(tmp_path: Path) -> None:
    book = a_book(HEADINGS, *DISHES)
    drinks = book.create_sheet("Bebidas")
    for row in (("Agua", 2_500), ("Gaseosa", 3_000)):
        drinks.append(row)
    found = reading_of(book, tmp_path)
    assert [(one.sheet, one.code) for one in found.doubts] == [("Bebidas", "sheet_without_headings")]


def test_totals_and_repeated_headings_are_left_out_and_told(tmp_path: Path) -> None:
    found = reading_of(a_book(HEADINGS, *DISHES, HEADINGS, (None, "TOTAL", 35_100), ("Total:", None, 1)), tmp_path)
    assert found.refused == ()
    assert codes(found.notes) == [(5, "headings_again"), (6, "total_left_out"), (7, "total_left_out")]
    found = reading_of(a_book(HEADINGS, *DISHES, ("Platos", "Total", 35_100)), tmp_path)
    assert codes(found.refused) == [(5, "looks_like_total")]


def test_a_column_without_a_heading_is_told(tmp_path: Path) -> None:
    found = reading_of(a_book((*HEADINGS, None), (*DISHES[0], 15_000)), tmp_path)
    assert [(one.code, one.facts) for one in found.notes] == [("column_unnamed", {"letter": "D"})]


def test_a_price_column_in_dollars_is_no_price_column(tmp_path: Path) -> None:
    rows = (("categoría", "nombre", "Precio (US$)"), ("Vinos", "Malbec", 40))
    with pytest.raises(BadFile) as caught:
        reading_of(a_book(*rows), tmp_path)
    assert (caught.value.code, caught.value.facts) == ("heading_foreign", {"column": "Precio (US$)", "currency": "USD"})
    assert prices(reading_of(a_book(*rows), tmp_path, currency="USD")) == [40_00]


def with_part(book: Path, name: str, content: bytes) -> None:
    """One more file inside the workbook."""
    with zipfile.ZipFile(book, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)


def a_bomb(path: Path) -> None:
    """A sheet of which a few kilobytes become a hundred megabytes."""
    a_book(HEADINGS, *DISHES).save(path)
    with_part(path, "xl/worksheets/sheet9.xml", bytes(100 * 1024 * 1024))


def many_parts(path: Path) -> None:
    """A workbook of thousands of files."""
    a_book(HEADINGS, *DISHES).save(path)
    for number in range(2_100):
        with_part(path, f"xl/p{number}.xml", b"")


@pytest.mark.parametrize("make", [a_bomb, many_parts])
def test_a_workbook_that_would_fill_the_memory_is_not_unpacked(make: Callable[[Path], None], tmp_path: Path) -> None:
    path = tmp_path / "carta.xlsx"
    make(path)
    with pytest.raises(BadFile, match="too_heavy"):
        read_file(path)


def test_a_workbook_with_a_password_is_told_apart_from_a_broken_one(tmp_path: Path) -> None:
    path = tmp_path / "carta.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512))
    with pytest.raises(BadFile, match="old_workbook"):
        read_file(path)
