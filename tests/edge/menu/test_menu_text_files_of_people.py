"""Text files as people and tills save them: encodings, marks, prices of other notations, and what other systems got wrong."""

import re
from pathlib import Path
from string import digits

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from edge.menu.spreadsheet.amounts import spoken
from edge.menu.spreadsheet.cells import Shown, Value
from edge.menu.spreadsheet.files import read_file
from edge.menu.spreadsheet.reading import Reading, read
from edge.menu.spreadsheet.rows import BadFile, Grid, column_of
from shared.menu import problems_of

STATIONS = {"cocina": "Cocina"}
NAMES = ["Ñoquis de papa", "Bife con puré", "Café con leche", "PIÑA COLADA", "Maní", "¿Qué hay?"]
SHEET = "categoría;nombre;precio\r\n" + "".join(f"Cosas;{name};9.800\r\n" for name in NAMES)


def reading_of(content: bytes, folder: Path, *, currency: str = "ARS") -> Reading:
    """What a text file says."""
    path = folder / "carta.csv"
    path.write_bytes(content)
    return read(read_file(path), stations=STATIONS, currency=currency)


def names(found: Reading) -> list[str]:
    """What would be sold."""
    return [item.name for item in found.menu.items]


def said(found: Reading) -> set[str]:
    """The codes of what is told."""
    return {one.code for one in found.notes}


def misread(text: str, page: str, times: int = 1) -> str:
    """UTF-8 that was read as a code page, once or more."""
    for _ in range(times):
        text = text.encode().decode(page, errors="surrogateescape")
        text = "".join(chr(ord(letter) - 0xDC00) if 0xDC80 <= ord(letter) <= 0xDCFF else letter for letter in text)
    return text


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "latin-1", "cp850", "mac_roman"],
)
def test_letters_are_right_whatever_program_saved_them(encoding: str, tmp_path: Path) -> None:
    found = reading_of(SHEET.encode(encoding), tmp_path)
    assert names(found) == NAMES
    assert said(found) == ({"code_page"} if encoding in {"cp850", "mac_roman"} else set())


@pytest.mark.parametrize("code_page", ["cp1252", "cp850", "latin-1"])
def test_lines_in_another_encoding_than_the_rest_are_read_in_theirs_and_told(code_page: str, tmp_path: Path) -> None:
    lines = SHEET.splitlines(keepends=True)
    content = b"".join(line.encode(code_page if number == 3 else "utf-8") for number, line in enumerate(lines))
    found = reading_of(content, tmp_path)
    assert names(found) == NAMES
    assert [one.facts["lines"] for one in found.notes] == ["4"]


@pytest.mark.parametrize(("code_page", "times"), [("cp1252", 1), ("cp1252", 2), ("cp850", 1), ("mac_roman", 1)])
def test_letters_broken_once_or_several_times_are_mended_and_told(code_page: str, times: int, tmp_path: Path) -> None:
    found = reading_of(misread(SHEET, code_page, times).encode(), tmp_path)
    assert names(found) == NAMES
    assert found.refused == found.doubts == ()
    assert said(found) == {"letters_mended"}


@pytest.mark.parametrize("name", ["Caf? con leche", "?oquis", "Pur?s", "CafÃ con leche"])
def test_a_letter_that_became_a_question_is_doubted(name: str, tmp_path: Path) -> None:
    found = reading_of(f"categoría;nombre;precio\nCosas;{name};9.800\n".encode(), tmp_path)
    assert [(one.row, one.code) for one in found.doubts] == [(2, "letter_doubtful")]


@pytest.mark.parametrize(
    "name", ["¿Y si pedís dos?", "PÃO DE QUEIJO", "Quem quer mais?", "Crème brûlée", "Bœuf", "Ñandú «real»"]
)
def test_names_of_other_languages_are_no_mistakes(name: str, tmp_path: Path) -> None:
    found = reading_of(f"categoría;nombre;precio\nCosas;{name};9.800\n".encode(), tmp_path)
    assert (names(found), found.notes, found.doubts) == ([name], (), ())


def test_marks_that_nobody_sees_are_taken_out_and_emoji_stay(tmp_path: Path) -> None:
    rows = "Cosas;\u200bBi\u00adfe \u202e;9.800\nCosas;Postre 👨\u200d🍳;9.800\nCosas;bife;9.800\n"
    found = reading_of(f"categoría;nombre;precio\n{rows}".encode(), tmp_path)
    assert names(found) == ["Bife", "Postre 👨\u200d🍳"]
    assert said(found) == {"unseen_dropped"}
    assert [(one.row, one.code) for one in found.refused] == [(4, "repeated")], "what looks alike is alike"


@pytest.mark.parametrize("mark", [";", ",", "\t", "|"])
@pytest.mark.parametrize("said_first", [True, False])
def test_any_usual_mark_divides_the_cells(mark: str, said_first: bool, tmp_path: Path) -> None:
    text = (
        "La Parrilla\n\n"
        + mark.join(("Rubro", "Artículo", "Precio venta"))
        + "\n"
        + mark.join(("Carnes", '"Bife ""1/2"""', "9800"))
    )
    found = reading_of((f"sep={mark}\r\n" * said_first + text).encode(), tmp_path)
    assert names(found) == ['Bife "1/2"']


@pytest.mark.parametrize(
    "heading",
    ["preço", "Precio ($)", "PRECIO_VENTA", "Precio [Local Centro]", "Valor", "price", "Precio (ARS)", "* Precio:"],
)
def test_a_column_of_prices_has_many_names(heading: str) -> None:
    assert column_of(heading) == "price"


def test_a_modifier_that_takes_off_more_than_a_dish_costs_is_refused_with_the_dish(tmp_path: Path) -> None:
    rows = "grupo;;Sin;;\nopción;;Sin papas;-500;\nproducto;Carnes;Bife;9.800;Sin\nproducto;Carnes;Pan;400;Sin\n"
    found = reading_of(f"tipo;categoría;nombre;precio;opciones\n{rows}".encode(), tmp_path)
    assert [(one.row, one.code) for one in found.refused] == [(5, "below_nothing")]
    assert problems_of(found.menu) == []


@pytest.mark.parametrize(
    ("sizes", "code"),
    [
        ("Copa = -3.000 | Botella = 14.000", "choice_negative"),
        ("Copa = 3.000, Botella = 14.000", "choice_divided"),
        ("Copa = 3.000 Botella = 14.000", "choice_divided"),
        ("Copa = US$ 3", "money_foreign"),
        ("Copa 3.000 | Botella 14.000", "choice_priceless"),
    ],
)
def test_sizes_that_are_not_written_as_sizes_are_refused(sizes: str, code: str, tmp_path: Path) -> None:
    found = reading_of(f"categoría;nombre;precio;variantes\nVinos;Tinto;;{sizes}\n".encode(), tmp_path)
    assert [one.code for one in found.refused] == [code]


def test_sizes_on_lines_of_their_own_are_sizes(tmp_path: Path) -> None:
    found = reading_of(b'categoria;nombre;precio;variantes\nVinos;Tinto;;"Copa = 3.000\nBotella = 14.000"\n', tmp_path)
    assert [(one.name, one.price_minor) for one in found.menu.items[0].variants] == [
        ("Copa", 3_000_00), ("Botella", 14_000_00)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "amount_minor"),
    [
        ("19.99", 19_99),  # became 1,999.00 elsewhere
        ('"19,99"', 19_99),  # became 1999
        ('"4,20"', 4_20),  # became 420
        ('"1,500.00"', 1_500_00),  # became 1
        ("1'234.50", 1_234_50),
        ("1 234.50", 1_234_50),
        ("12500.0000", 12_500_00),
        ("  9.800  ", 9_800_00),
    ],
)
def test_prices_that_other_tills_took_for_others(typed: str, amount_minor: int, tmp_path: Path) -> None:
    found = reading_of(f"category,name,price\nFood,Dish,{typed}\n".encode(), tmp_path)
    assert [item.price_minor for item in found.menu.items] == [amount_minor]


def test_spaces_around_names_make_no_second_dish_and_no_second_category(tmp_path: Path) -> None:
    rows = "Carnes ;Bife ;9.800\n Carnes;Vacío;9.800\nCARNES; bife;9.800\n"
    found = reading_of(f"categoría ; nombre;precio \n{rows}".encode(), tmp_path)
    assert [category.name for category in found.menu.categories] == ["Carnes"]
    assert [(one.row, one.code) for one in found.refused] == [(4, "repeated")]


def test_the_same_file_again_after_the_menu_is_out_is_the_same_menu(tmp_path: Path) -> None:
    first = reading_of(SHEET.encode(), tmp_path).menu
    again = read(read_file(tmp_path / "carta.csv"), stations=STATIONS, published=first)
    assert again.menu == first


def test_a_mark_at_the_end_of_each_line_is_no_cell(tmp_path: Path) -> None:
    found = reading_of(b"categoria,nombre,precio,\nCarnes,Bife,9800,\n", tmp_path)
    assert (names(found), found.refused) == (["Bife"], ())


def test_a_quote_that_is_not_closed_swallows_no_dish_in_silence(tmp_path: Path) -> None:
    found = reading_of(b'categoria;nombre;precio\nCarnes;"Bife;9.800\nCarnes;Asado";9.900\nCarnes;Pan;900\n', tmp_path)
    assert [(one.row, one.code) for one in found.doubts] == [(2, "quote_swallowed")]
    rows = b'categoria;nombre;precio;detalle\nCarnes;Bife;9.800;"Con papas\nCarnes;Asado;9.900;Con fritas"\nCarnes;Pan;900;'
    found = reading_of(rows, tmp_path)
    assert [(one.row, one.code) for one in found.doubts] == [(2, "quote_swallowed")]
    found = reading_of(
        b'categoria,nombre,precio,detalle\nCarnes,Bife,9800,"Con papas,\npan, vino y postre"\n', tmp_path
    )
    assert found.doubts == ()


def test_twenty_thousand_rows_of_one_name_take_no_longer_than_others() -> None:
    rows: list[list[Value]] = [["categoría", "nombre", "precio"], *(["A", "🍷", 900] for _ in range(19_990))]
    found = read([Grid("", rows)], stations=STATIONS)
    assert (len(found.menu.items), len(found.refused)) == (1, 19_989)


DIRT: st.SearchStrategy[Value] = st.one_of(
    st.sampled_from(
        ["", " ", "Total", "PIZZAS", "Bife", "bife", "US$ 40", "9.800", "12,5", "5000/7000", "consultar", "nombre", "precio",
         "Copa = 3.000 | Botella", "Copa = -1", "#REF!", "1-feb", "purÃ©", "Caf?s", "\u202e", "\ufffd", "=1+1", "{x}", "\\", "Punto",
         "grupo", "opción", "categoría", "x" * 300, "9 800", "1e5", "٣٠٠", "½", "²", "12.500⁰⁰", "0x10", "NaN", "inf", "-0", "é\n;\n"]
    ),
    st.text(max_size=12),
    st.text(digits + ".,' $-", max_size=10),
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=True, allow_infinity=True),
    st.booleans(),
    st.builds(
        Shown,
        kind=st.sampled_from(["date", "time", "error", "formula"]),
        text=st.text(max_size=8),
    ),
    st.builds(
        lambda number, sign: Shown(kind="money", text=f"{sign}{number}", number=number, sign=sign),
        st.floats(0, 1e6),
        st.sampled_from(["$", "US$", "€", "R$", "kg"]),
    ),
)  # fmt: skip
HEADINGS = ["tipo", "categoría", "nombre", "precio", "variantes", "opciones", "IVA", "puesto", "mínimo", "grupo", "id"]


def figures(text: str) -> str:
    """The digits of a text, without zeros before them or behind a decimal mark."""
    return "".join(letter for letter in text if letter.isdigit()).strip("0")


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@example(rows=[["", "A", "x", "9 800\n5", "", "", "", "Cocina", "", "", ""]], name="")
@given(rows=st.lists(st.lists(DIRT, max_size=12), max_size=8), name=st.sampled_from(["", "Carta", "Pizzas"]))
def test_a_dirty_sheet_never_raises_and_never_sells_at_a_price_that_is_not_in_it(
    rows: list[list[Value]], name: str
) -> None:
    good: list[Value] = ["", "A", "Pan", 900, "", "", "", "Cocina", "", "", ""]
    try:
        found = read([Grid(name, [HEADINGS, good, *rows])], stations=STATIONS)
    except BadFile:
        return
    assert problems_of(found.menu) == []
    written: set[str] = set()
    for row in [good, *rows]:
        for cell in row:
            shown = f"{cell.number:.4f}" if isinstance(cell, Shown) and cell.number is not None else str(cell)
            if isinstance(cell, float) and cell == cell and abs(cell) < 1e15:
                shown = f"{cell:.4f}"
            plain = "".join(str(int(letter)) if letter.isdecimal() else letter for letter in shown)
            written |= {figures(part) for part in [plain, *re.split(r"[|=]", plain)]}
    for item in found.menu.items:
        for amount in [item.price_minor, *(one.price_minor for one in item.variants)]:
            assert figures(spoken(amount, comma=",")) in written
