"""A sheet as a restaurateur makes it becomes a menu; what is wrong with it is said row by row."""

from collections.abc import Sequence

import pytest

from edge.menu.spreadsheet import reasons
from edge.menu.spreadsheet.cells import Value
from edge.menu.spreadsheet.reading import Reading, read
from edge.menu.spreadsheet.rows import BadFile, Grid
from shared.ids import CategoryId, GroupId, ItemId, StationId
from shared.menu import Category, Menu, MenuItem, Modifier, ModifierGroup, problems_of

STATIONS = {"parrilla": "Parrilla", "barra": "Barra"}
HEADINGS = (
    "tipo",
    "categoría",
    "grupo",
    "nombre",
    "precio",
    "variantes",
    "opciones",
    "puesto",
    "mínimo",
    "máximo",
    "id",
)


def reading(*rows: dict[str, Value], published: Menu | None = None, sheet: str = "") -> Reading:
    """What one sheet with these rows says; a cell that is not named is empty."""
    body = [[row.get(heading, "") for heading in HEADINGS] for row in rows]
    return read([Grid(sheet, [HEADINGS, *body])], stations=STATIONS, published=published)


def an_item(nombre: str = "Bife", **cells: Value) -> dict[str, Value]:
    """A row of something to sell that is in order."""
    return {"categoría": "Carnes", "nombre": nombre, "precio": "12.500", "puesto": "parrilla"} | cells


def refusals(found: Reading) -> list[tuple[int, str, str]]:
    """Row, column and code of each."""
    return [(one.row, one.column, one.code) for one in found.refused]


def test_the_shortest_sheet_needs_a_category_a_name_and_a_price() -> None:
    rows: Sequence[Sequence[Value]] = [("Categoría", "Nombre", "Precio"), ("Postres", "Flan", 4000)]
    menu = read([Grid("Hoja1", rows)], stations={"cocina": "Cocina"}).menu
    assert menu == Menu(
        categories=(Category(id=CategoryId("postres"), name="Postres"),),
        items=(
            MenuItem(
                id=ItemId("flan"),
                category_id=CategoryId("postres"),
                name="Flan",
                price_minor=4_000_00,
                station_id=StationId("cocina"),
            ),
        ),
    )


def test_options_belong_to_the_group_above_or_to_the_one_they_name() -> None:
    found = reading(
        {"tipo": "grupo", "nombre": "Punto", "mínimo": 1},
        {"tipo": "opción", "nombre": "Jugoso"},
        {"tipo": "grupo", "nombre": "Salsas", "máximo": 2},
        {"tipo": "opción", "nombre": "Criolla", "precio": "500"},
        {"tipo": "opción", "grupo": "PUNTO", "nombre": "Cocido"},
        an_item(opciones="Punto, Salsas"),
    )
    assert found.refused == ()
    assert [(group.name, [option.name for option in group.modifiers]) for group in found.menu.groups] == [
        ("Punto", ["Jugoso", "Cocido"]),
        ("Salsas", ["Criolla"]),
    ]
    assert found.menu.items[0].group_ids == ("punto", "salsas")
    assert problems_of(found.menu) == []


def test_an_item_keeps_the_id_that_the_published_menu_gave_it() -> None:
    published = Menu(
        categories=(Category(id=CategoryId("c1"), name="Carnes", drawing="asado"),),
        items=(
            MenuItem(id=ItemId("i77"), category_id=CategoryId("c1"), name="Bife", station_id=StationId("parrilla")),
        ),
        groups=(ModifierGroup(id=GroupId("g9"), name="Punto", modifiers=(Modifier(id="a", name="Jugoso"),)),),  # type: ignore[arg-type]
    )
    menu = reading(an_item("bife", opciones="punto"), published=published).menu
    assert menu.items[0].id == "i77"
    assert menu.categories == published.categories
    assert menu.groups == published.groups


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        (an_item(""), "nombre", "missing"),
        (an_item(precio=""), "precio", "missing"),
        (an_item(precio="caro"), "precio", "not_money"),
        (an_item(precio="-5"), "precio", "money_negative"),
        (an_item(puesto=""), "puesto", "missing"),
        (an_item(puesto="Cocina"), "puesto", "station_unknown"),
        (an_item(categoría=""), "categoría", "missing"),
        (an_item("x" * 81), "nombre", "too_long"),
        (an_item("Bi\x07fe"), "nombre", "control_character"),
        (an_item(variantes="Copa = caro"), "variantes", "not_money"),
        (an_item(variantes="Copa"), "variantes", "choice_priceless"),
        (an_item(variantes="Copa = 1 | COPA = 2"), "variantes", "choice_repeated"),
        (an_item(variantes="Copa {a} = 1 | Vaso {a} = 2"), "variantes", "choice_repeated"),
        (an_item(opciones="Salsas"), "opciones", "group_unknown"),
        ({"tipo": "combo", "nombre": "Menú"}, "tipo", "kind_unknown"),
        ({"tipo": "opción", "nombre": "Suelta"}, "grupo", "groupless"),
        ({"tipo": "opción", "nombre": "Suelta", "grupo": "Nada"}, "grupo", "group_unknown"),
        ({"tipo": "grupo", "nombre": "Punto", "mínimo": 2, "máximo": 1}, "mínimo", "min_over_max"),
        ({"tipo": "grupo", "nombre": "Punto", "mínimo": 1}, "mínimo", "options_too_few"),
        ({"tipo": "grupo", "nombre": "Punto", "máximo": 99}, "máximo", "not_whole"),
    ],
)
def test_each_row_refused_says_where_and_why(row: dict[str, Value], column: str, code: str) -> None:
    found = reading(an_item("Asado"), row)
    assert (3, column, code) in refusals(found)
    assert [item.name for item in found.menu.items] == ["Asado"]
    assert problems_of(found.menu) == []


def test_a_second_row_of_the_same_thing_is_refused_and_says_which_was_first() -> None:
    found = reading(an_item("Bife"), an_item("BIFE"), an_item("Vacío", id="bife"), an_item("Otro", id="bife"))
    assert [(one.row, one.code, one.facts) for one in found.refused] == [
        (3, "repeated", {"row": 2}),
        (5, "repeated", {"row": 4}),
    ]


def test_an_option_twice_in_a_group_is_refused() -> None:
    found = reading(
        {"tipo": "grupo", "nombre": "Punto"},
        {"tipo": "opción", "nombre": "Jugoso"},
        {"tipo": "opción", "nombre": "jugoso"},
        {"tipo": "grupo", "nombre": "punto"},
        an_item(),
    )
    assert refusals(found) == [(4, "nombre", "repeated"), (5, "nombre", "repeated")]


def test_what_rests_on_a_refused_row_is_refused_with_it() -> None:
    found = reading(
        {"tipo": "categoría", "nombre": "Carnes", "id": "x" * 41},
        {"tipo": "grupo", "nombre": "Punto", "mínimo": 1},
        {"tipo": "opción", "nombre": "Jugoso", "precio": "caro"},
        an_item("Bife", opciones="Punto", categoría="Vinos"),
        an_item("Asado"),
        an_item("Tira", categoría="Vinos"),
    )
    assert refusals(found) == [
        (2, "id", "too_long"),
        (3, "mínimo", "options_too_few"),
        (4, "precio", "not_money"),
        (5, "opciones", "group_refused"),
        (6, "categoría", "category_refused"),
    ]
    assert [item.name for item in found.menu.items] == ["Tira"]
    assert problems_of(found.menu) == []


def test_two_of_one_name_are_told_apart_by_their_ids_in_braces() -> None:
    groups: list[dict[str, Value]] = [
        {"tipo": "grupo", "nombre": "Salsas", "id": "s1"},
        {"tipo": "grupo", "nombre": "Salsas", "id": "s2"},
    ]
    assert refusals(reading(*groups, an_item(opciones="Salsas"))) == [(4, "opciones", "name_ambiguous")]
    assert reading(*groups, an_item(opciones="{s2}")).menu.items[0].group_ids == ("s2",)


def test_a_price_with_an_unquoted_comma_shifts_cells_and_is_noticed() -> None:
    rows: Sequence[Sequence[Value]] = [("categoría", "nombre", "precio"), ("Carnes", "Bife", "12", "500")]
    found = read([Grid("", rows)], stations={"p": "Parrilla"})
    assert refusals(found) == [(2, "", "too_many_cells")]


def test_a_title_above_the_headings_and_empty_rows_are_passed_over() -> None:
    rows: Sequence[Sequence[Value]] = [
        ("La parrilla de Oscar",),
        (),
        ("Rubro", "Plato", "Precio"),
        ("", "", ""),
        ("A", "B", 1),
    ]
    found = read([Grid("", rows)], stations={"p": "Parrilla"})
    assert [item.name for item in found.menu.items] == ["B"]


def test_headings_and_sheets_that_mean_nothing_are_told() -> None:
    sheets = [
        Grid("Carta", [("categoría", "nombre", "precio", "Proveedor"), ("A", "B", 1, "Coto")]),
        Grid("Notas", [("llamar al carnicero",)]),
    ]
    found = read(sheets, stations={"p": "Parrilla"})
    assert (found.unknown_headings, found.unknown_sheets) == (("Proveedor",), ("Notas",))


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([("hola", "mundo")], "headings_missing"),
        ([("nombre", "precio"), ("Bife", 1)], "columns_missing"),
        ([("categoría", "nombre", "precio", "Price")], "heading_repeated"),
        ([("categoría", "nombre", "precio")], "nothing_to_sell"),
        ([("categoría", "nombre", "precio")] * 20_031, "too_large"),
    ],
)
def test_a_file_that_is_no_menu_is_refused_whole(rows: Sequence[Sequence[Value]], code: str) -> None:
    with pytest.raises(BadFile) as caught:
        read([Grid("", rows)], stations=STATIONS)
    assert caught.value.code == code


@pytest.mark.parametrize("language", ["es", "en"])
def test_every_reason_has_words_in_both_languages(language: str) -> None:
    facts: dict[str, str | int] = {"most": 1, "least": 1, "name": "x", "row": 1, "count": 1, "known": "x"}
    facts |= dict.fromkeys(
        ("currency", "own", "typical", "before", "price", "shown", "published", "lines", "page", "letter"), "x"
    )
    said = (reasons.REASONS, reasons.DOUBTS, reasons.NOTES)
    for code in (code for texts in said for code in texts):
        assert reasons.reason(code, facts, language)
    every = [text for texts in (*said, reasons.FAULTS, reasons.TEXTS) for text in texts.values()]
    assert all(len(text) == 2 and text[0] != text[1] for text in every)
