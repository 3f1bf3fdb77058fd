"""What people type in a cell, and what it means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.menu.spreadsheet.amounts import minor_of, money, rate, rate_of
from edge.menu.spreadsheet.cells import BadCell, Value, slug, whole_of, yes_of
from edge.menu.spreadsheet.choices import Choice, choices_of
from edge.menu.spreadsheet.rows import column_of


@pytest.mark.parametrize(
    ("typed", "minor"),
    [
        ("12.500,50", 12_500_50),
        ("12,500.50", 12_500_50),
        ("12500.5", 12_500_50),
        ("12500,5", 12_500_50),
        ("$ 12.500", 12_500_00),
        ("$12,500", 12_500_00),
        ("1.250.000", 1_250_000_00),
        ("1.250.000,25", 1_250_000_25),
        ("12 500", 12_500_00),
        ("12\u00a0500,00", 12_500_00),
        ("ARS 900", 900_00),
        ("900.-", 900_00),
        ("-500", -500_00),
        ("- $ 500", -500_00),
        ("−500", -500_00),
        ("+1.500", 1_500_00),
        ("0", 0),
        ("0,50", 50),
        (12500, 12_500_00),
        (12500.5, 12_500_50),
        (1210.0000000000002, 1_210_00),
    ],
)
def test_a_price_is_understood_as_people_write_it(typed: Value, minor: int) -> None:
    assert minor_of(typed) == minor


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("cuatro mil", "not_money"),
        ("12.500.50", "not_money"),
        ("1,2,3", "not_money"),
        ("12..5", "not_money"),
        ("12.", "not_money"),
        ("", "not_money"),
        ("#REF!", "cell_is_error"),
        ("1e5", "not_money"),
        (True, "cell_is_logical"),
        (float("inf"), "not_money"),
        ("2024-02-01 00:00:00", "cell_is_date"),
        ("12,3456", "money_decimals"),
        ("12500.500", "money_decimals"),
        ("0.125", "money_decimals"),
        (12.345, "money_decimals"),
        ("99999999999999", "money_range"),
    ],
)
def test_what_is_no_price_is_refused_and_never_guessed(typed: Value, code: str) -> None:
    with pytest.raises(BadCell) as caught:
        minor_of(typed)
    assert caught.value.code == code


@given(st.integers(-1_000_000_000_00, 1_000_000_000_00), st.sampled_from(",."))
def test_a_price_that_was_written_reads_back(amount_minor: int, comma: str) -> None:
    assert minor_of(money(amount_minor, comma=comma)) == amount_minor


@pytest.mark.parametrize(
    ("typed", "rate_bp"),
    [("21", 2100), ("21%", 2100), ("10,5", 1050), ("10.5 %", 1050), (0.21, 2100), (0.105, 1050), (27, 2700), ("0", 0)],
)
def test_a_rate_is_a_percentage_also_as_a_spreadsheet_keeps_it(typed: Value, rate_bp: int) -> None:
    assert rate_of(typed) == rate_bp


@given(st.integers(0, 10_000), st.sampled_from(",."))
def test_a_rate_that_was_written_reads_back(rate_bp: int, comma: str) -> None:
    assert rate_of(rate(rate_bp, comma=comma)) == rate_bp


@pytest.mark.parametrize("typed", ["mucho", "101", "-1", "21,123", True])
def test_what_is_no_rate_is_refused(typed: Value) -> None:
    with pytest.raises(BadCell, match="not_rate"):
        rate_of(typed)


@pytest.mark.parametrize(
    ("typed", "means"), [("Sí", True), ("x", True), ("SI", True), (True, True), ("no", False), (0, False), ("-", False)]
)
def test_a_box_may_be_ticked_in_many_ways(typed: Value, means: bool) -> None:
    assert yes_of(typed) is means


@pytest.mark.parametrize("typed", ["quizás", "2"])
def test_a_box_that_is_neither_is_refused(typed: Value) -> None:
    with pytest.raises(BadCell, match="not_yes_no"):
        yes_of(typed)


@pytest.mark.parametrize("typed", ["0", "10", "dos", "1,5", -1, 2.5, True])
def test_a_whole_number_outside_its_limits_is_refused(typed: Value) -> None:
    with pytest.raises(BadCell, match="not_whole"):
        whole_of(typed, least=1, most=9)


def test_variants_in_one_cell_have_names_prices_and_more_when_needed() -> None:
    assert choices_of("Copa = 3.000 | Botella / Bottle = 14.000,50|1/2 porción {media} = 500") == [
        Choice(name="Copa", price_minor=3_000_00),
        Choice(name="Botella", name_en="Bottle", price_minor=14_000_50),
        Choice(name="1/2 porción", id="media", price_minor=500_00),
    ]


def test_a_variant_without_a_name_is_refused() -> None:
    with pytest.raises(BadCell, match="choice_nameless"):
        choices_of("Copa = 3000 | {b} = 5")


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        ("Categoría", "category"),
        ("CATEGORIA", "category"),
        ("rubro", "category"),
        ("  Nombre en inglés ", "name_en"),
        ("nombre_en_ingles", "name_en"),
        ("English name", "name_en"),
        ("Precio ($)", "price"),
        ("IVA (%)", "vat"),
        ("Price*", "price"),
        ("Proveedor", ""),
    ],
)
def test_a_heading_is_known_in_both_languages_with_or_without_accents(heading: str, column: str) -> None:
    assert column_of(heading) == column


def test_an_id_is_made_from_a_name_and_is_its_own() -> None:
    assert slug("Ñoquis de la abuela") == "noquis-de-la-abuela"
    assert slug("Flan", {"flan", "flan-2"}) == "flan-3"
    assert slug("🍷") == "x"
    assert len(slug("muy " * 30, {slug("muy " * 30)})) <= 40
