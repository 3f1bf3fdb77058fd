"""The demo's menus: what a venue accepts, priced as it prices, readable on every screen."""

import random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from installer.demo.fleet import BUSINESSES, CENTRO, FAROL, PALERMO, Venue
from installer.demo.menu_card import MenuCard
from installer.demo.places import STATIONS
from shared.commands.lines import LineAsk
from shared.menu import Menu, problems_of
from shared.rules.menu_book import MenuBook, book_of
from shared.rules.pricing import price_line

VENUES = [venue for business in BUSINESSES for venue in business.venues]
#: The drawings that ship with the guest's screen.
DRAWINGS = set(
    [
        "entradas",
        "parrilla",
        "minutas",
        "pastas",
        "pescados",
        "ensaladas",
        "guarniciones",
        "postres",
        "sin_alcohol",
        "cervezas",
        "vinos",
        "tragos",
        "cafeteria",
        "promos",
    ]
)


def menu_of(venue: Venue) -> Menu:
    return msgspec.convert(venue.read_menu(), Menu)


def book(venue: Venue) -> MenuBook:
    return book_of(1, msgspec.json.encode(menu_of(venue)))


MENUS = {venue.id: menu_of(venue) for venue in VENUES}


@pytest.mark.parametrize("venue", VENUES, ids=lambda venue: venue.id)
def test_a_menu_can_be_published(venue: Venue) -> None:
    assert problems_of(menu_of(venue)) == []


def test_a_grill_has_over_a_hundred_items() -> None:
    assert len(menu_of(PALERMO).items) >= 100


@pytest.mark.parametrize("venue", VENUES, ids=lambda venue: venue.id)
def test_every_item_is_made_somewhere_and_has_an_english_name_a_short_name_and_a_code(venue: Venue) -> None:
    menu = menu_of(venue)
    stations = {station.id for station in STATIONS}
    assert [item.id for item in menu.items if item.station_id not in stations] == []
    assert [item.id for item in menu.items if not (item.name_en and item.short_name and item.code)] == []
    assert len({item.code for item in menu.items}) == len(menu.items)
    assert len({item.short_name for item in menu.items}) == len(menu.items)


@pytest.mark.parametrize("venue", VENUES, ids=lambda venue: venue.id)
def test_every_category_has_items_and_a_drawing_that_ships(venue: Venue) -> None:
    menu = menu_of(venue)
    assert {category.drawing for category in menu.categories} <= DRAWINGS
    assert {category.id for category in menu.categories} == {item.category_id for item in menu.items}


@given(st.integers(0, 2**32), st.integers(1, 8), st.sampled_from([PALERMO, CENTRO, FAROL]))
def test_whatever_a_party_chooses_is_on_the_menu_at_the_price_they_reckoned(
    seed: int, people: int, venue: Venue
) -> None:
    card = MenuCard(venue.read_menu(), random.Random(seed))
    for line in [*card.meal(people), *card.afters(people), *card.round(people)]:
        priced = price_line(book(venue), msgspec.convert(line, LineAsk), for_guest=True)
        assert priced.gross_minor == card.price_of(line)


@given(st.integers(0, 2**32))
def test_nobody_chooses_what_is_sold_out(seed: int) -> None:
    card = MenuCard(PALERMO.read_menu(), random.Random(seed))
    out = frozenset(
        {"coca", "provoleta", "bife_chorizo"}
        | {item.id for item in MENUS[PALERMO.id].items if item.category_id == "pescados"}
    )
    chosen = [*card.meal(6, out), *card.afters(6, out), *card.round(6, out)]
    assert not out & {line["item_id"] for line in chosen}


@given(st.integers(0, 2**32), st.sampled_from([PALERMO, CENTRO, FAROL]))
def test_a_meal_can_be_paid_once_its_mains_were_served(seed: int, venue: Venue) -> None:
    courses = {item.id: item.course for item in MENUS[venue.id].items}
    card = MenuCard(venue.read_menu(), random.Random(seed))
    assert {courses[line["item_id"]] for line in card.meal(6)} == {1, 2}
