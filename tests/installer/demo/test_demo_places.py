"""The demo's rooms: drawn so that every table can be touched and told from the others."""

from itertools import combinations

import pytest

from installer.demo.fleet import BUSINESSES, Venue
from installer.demo.places import PLANS, STATIONS, Section, Table, table_id

VENUES = [venue for business in BUSINESSES for venue in business.venues]
SECTIONS = [section for plan in PLANS.values() for section in plan]


def overlap(one: Table, other: Table) -> bool:
    across = one.x < other.x + other.width and other.x < one.x + one.width
    down = one.y < other.y + other.height and other.y < one.y + one.height
    return across and down


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.name)
def test_tables_stand_inside_their_room_and_apart(section: Section) -> None:
    outside = [t.label for t in section.tables if t.x + t.width > section.width or t.y + t.height > section.height]
    assert outside == []
    assert [(a.label, b.label) for a, b in combinations(section.tables, 2) if overlap(a, b)] == []


@pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS)
def test_a_label_names_one_table_of_a_venue(plan: tuple[Section, ...]) -> None:
    ids = [table_id(table.label) for section in plan for table in section.tables]
    assert len(ids) == len(set(ids))
    assert len(ids) >= 18


@pytest.mark.parametrize("venue", VENUES, ids=lambda venue: venue.id)
def test_every_role_works_at_every_venue_with_a_pin_of_their_own(venue: Venue) -> None:
    assert {person.role for person in venue.staff} == {"manager", "waiter", "cashier", "cook", "technician"}
    pins = [person.pin for person in venue.staff]
    assert len(set(pins)) == len(pins)
    assert all(len(pin) == 6 and pin.isdigit() for pin in pins)


def test_every_station_prints_on_a_printer_that_each_venue_has() -> None:
    for venue in VENUES:
        there = {printer.id for printer in venue.printers}
        assert {name for station in STATIONS for name in (station.printer, station.backup)} <= there
