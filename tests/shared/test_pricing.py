"""What a line costs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.commands.lines import LineAsk
from shared.errors import Rejected
from shared.ids import CategoryId, GroupId, ItemId, ModifierId, StationId, VariantId
from shared.menu import MenuItem, Modifier, ModifierGroup, Variant
from shared.rules.menu_book import MenuBook
from shared.rules.pricing import ask_of, price_line

COOKED = ModifierGroup(
    id=GroupId("punto"), name="Punto", min=1, modifiers=(Modifier(id=ModifierId("jugoso"), name="Jugoso"),)
)
SIDES = ModifierGroup(
    id=GroupId("lados"),
    name="Guarnición",
    max=2,
    free_count=1,
    modifiers=tuple(
        Modifier(id=ModifierId(id), name=id, price_minor=price)
        for id, price in (("papas", 1500), ("pure", 1200), ("sin", -300))
    ),
)
STEAK = MenuItem(
    id=ItemId("bife"),
    category_id=CategoryId("carnes"),
    name="Bife",
    price_minor=12_000,
    group_ids=(COOKED.id, SIDES.id),
    station_id=StationId("parrilla"),
    course=2,
)
WINE = MenuItem(
    id=ItemId("vino"),
    category_id=CategoryId("vinos"),
    name="Vino",
    variants=(Variant(id=VariantId("copa"), name="Copa", price_minor=3_000),),
    station_id=StationId("barra"),
    is_hidden_from_guests=True,
)
BOOK = MenuBook(version=1, items={i.id: i for i in (STEAK, WINE)}, groups={g.id: g for g in (COOKED, SIDES)})


def steak(*modifiers: str, **more: object) -> LineAsk:
    wanted = ("punto/jugoso", *(f"lados/{one}" for one in modifiers))
    return LineAsk(**{"line_id": "l1", "item_id": "bife", "modifier_ids": wanted, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("modifiers", "unit_minor"),
    [
        ((), 12_000),
        (("papas",), 12_000),  # the first of its group is free
        (("papas", "pure"), 13_200),  # the second chosen costs
        (("pure", "papas"), 13_500),
        (("papas", "sin"), 11_700),
    ],
)
def test_modifiers_add_their_price_but_for_the_free_ones(modifiers: tuple[str, ...], unit_minor: int) -> None:
    line = price_line(BOOK, steak(*modifiers, quantity=3))
    assert (line.unit_minor, line.gross_minor) == (unit_minor, 3 * unit_minor)
    assert (line.course, line.station_id) == (2, "parrilla")


def test_a_variants_price_stands_instead_of_the_items() -> None:
    line = price_line(BOOK, LineAsk(line_id="l1", item_id="vino", variant_id="copa", course=3))
    assert (line.unit_minor, line.variant_name, line.course) == (3_000, "Copa", 3)


@pytest.mark.parametrize(
    ("ask", "code"),
    [
        (LineAsk(line_id="l1", item_id="nada"), "item_unknown"),
        (LineAsk(line_id="l1", item_id="vino"), "variant_missing"),
        (LineAsk(line_id="l1", item_id="vino", variant_id="jarra"), "variant_unknown"),
        (LineAsk(line_id="l1", item_id="bife"), "modifier_too_few"),
        (steak("papas", "pure", "sin"), "modifier_too_many"),
        (steak("arroz"), "modifier_unknown"),
        (steak(shown_minor=11_000), "price_changed"),
    ],
)
def test_what_the_menu_does_not_offer_is_refused(ask: LineAsk, code: str) -> None:
    with pytest.raises(Rejected) as caught:
        price_line(BOOK, ask)
    assert caught.value.code == code


def test_guests_cannot_ask_for_what_is_hidden_from_them_nor_anybody_for_what_ran_out() -> None:
    wine = LineAsk(line_id="l1", item_id="vino", variant_id="copa")
    with pytest.raises(Rejected, match="item_unknown"):
        price_line(BOOK, wine, for_guest=True)
    with pytest.raises(Rejected, match="item_sold_out"):
        price_line(BOOK, wine, sold_out={"vino"})


@given(
    st.lists(st.sampled_from(("papas", "pure", "sin")), max_size=2, unique=True),
    st.integers(1, 99),
    st.integers(0, 9),
    st.sampled_from(("", "sin sal")),
)
def test_a_line_priced_again_is_the_same_line(modifiers: list[str], quantity: int, course: int, note: str) -> None:
    line = price_line(BOOK, steak(*modifiers, quantity=quantity, course=course, note=note))
    assert price_line(BOOK, ask_of(line)) == line
