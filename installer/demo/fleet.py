"""Who is in the demo: two businesses, their three venues, the people who work there. Names are invented."""

import json
from pathlib import Path
from typing import Any

import msgspec

MENUS = Path(__file__).parent / "menu"


class Person(msgspec.Struct, frozen=True):
    """Somebody who works at a venue. PINs are for show: they are printed on the start page."""

    id: str
    name: str
    role: str
    pin: str


class Printer(msgspec.Struct, frozen=True):
    """A printer of a venue, and the emulator that plays it."""

    id: str
    name: str
    emulator: str
    columns: int
    is_receipt: bool = False


class Venue(msgspec.Struct, frozen=True, kw_only=True):
    """A place with its own edge."""

    id: str
    name: str  # as guests read it
    plan: str  # which rooms, in places.py
    menu: str  # a file in menu/
    cover_charge_minor: int
    wifi_name: str
    staff: tuple[Person, ...]
    printers: tuple[Printer, ...]
    checks_a_day: int  # how busy its past days were

    def of_role(self, role: str) -> list[Person]:
        """Its people of one role."""
        return [person for person in self.staff if person.role == role]

    def read_menu(self) -> dict[str, Any]:
        """Its menu, as `publish_menu` takes it."""
        found: dict[str, Any] = json.loads((MENUS / f"{self.menu}.json").read_text(encoding="utf-8"))
        return found


class Business(msgspec.Struct, frozen=True, kw_only=True):
    """A tenant with its venues and its owner."""

    id: str
    name: str
    venues: tuple[Venue, ...]
    owner_email: str
    owner_name: str


def _staff(*people: str) -> tuple[Person, ...]:
    """People as `id name role pin`."""
    return tuple(Person(*line.split()) for line in people)


def _printers(place: str) -> tuple[Printer, ...]:
    return (
        Printer("cocina", "Cocina y parrilla", f"{place}-cocina", 48),
        Printer("barra", "Barra y caja", f"{place}-barra", 42, is_receipt=True),
    )


PALERMO = Venue(
    id="palermo",
    name="La Esquina · Palermo",
    plan="corner",
    menu="la-esquina",
    cover_charge_minor=250_000,
    wifi_name="LaEsquina",
    staff=_staff(
        "marta Marta manager 500500",
        "ana Ana waiter 101010",
        "leo Leo waiter 202020",
        "sofi Sofi waiter 303030",
        "nico Nico cashier 404040",
        "rita Rita cook 606060",
        "bruno Bruno cook 707070",
        "tito Tito technician 808080",
    ),
    printers=_printers("palermo"),
    checks_a_day=34,
)
CENTRO = Venue(
    id="centro",
    name="La Esquina · Centro",
    plan="hall",
    menu="la-esquina",
    cover_charge_minor=250_000,
    wifi_name="LaEsquina",
    staff=_staff(
        "carla Carla manager 510510",
        "juan Juan waiter 111000",
        "mica Mica waiter 222000",
        "pedro Pedro cashier 414141",
        "elsa Elsa cook 616161",
        "tito Tito technician 808080",
    ),
    printers=_printers("centro"),
    checks_a_day=26,
)
FAROL = Venue(
    id="farol",
    name="El Farol",
    plan="tavern",
    menu="el-farol",
    cover_charge_minor=0,
    wifi_name="ElFarol",
    staff=_staff(
        "omar Omar manager 520520",
        "lucia Lucía waiter 121212",
        "fede Fede waiter 232323",
        "gaby Gaby cashier 424242",
        "hugo Hugo cook 626262",
        "tito Tito technician 808080",
    ),
    printers=_printers("farol"),
    checks_a_day=18,
)

BUSINESSES = (
    Business(
        id="la-esquina",
        name="La Esquina",
        venues=(PALERMO, CENTRO),
        owner_email="duena@laesquina.example",
        owner_name="Marcela",
    ),
    Business(
        id="el-farol",
        name="El Farol",
        venues=(FAROL,),
        owner_email="dueno@elfarol.example",
        owner_name="Ernesto",
    ),
)
