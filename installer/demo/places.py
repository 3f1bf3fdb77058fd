"""The rooms of the demo's venues: sections as drawn, their tables, and the stations where things are made."""

import msgspec


class Table(msgspec.Struct, frozen=True):
    """A table on the plan; measures in the section's own units."""

    label: str
    x: int
    y: int
    width: int = 110
    height: int = 110
    seats: int = 4
    shape: str = "square"


class Section(msgspec.Struct, frozen=True):
    """A room."""

    id: str
    name: str
    width: int
    height: int
    tables: tuple[Table, ...]


class Station(msgspec.Struct, frozen=True):
    """A place where tickets are made, and the printer beside it."""

    id: str
    name: str
    warn_after_s: int
    late_after_s: int
    printer: str
    backup: str


#: The grill takes longer than the bar: each has its own idea of late.
STATIONS = (
    Station("parrilla", "Parrilla", 900, 1320, "cocina", "barra"),
    Station("cocina", "Cocina", 720, 1080, "cocina", "barra"),
    Station("frios", "Fríos", 360, 600, "cocina", "barra"),
    Station("barra", "Barra", 180, 360, "barra", "cocina"),
    Station("postres", "Postres", 300, 540, "cocina", "barra"),
)


def _pair(label: int, x: int, y: int) -> Table:
    return Table(str(label), x, y, width=104, height=104, seats=2, shape="round")


def _four(label: int, x: int, y: int) -> Table:
    return Table(str(label), x, y, width=120, height=112)


def _six(label: int, x: int, y: int) -> Table:
    return Table(str(label), x, y, width=190, height=112, seats=6)


def _stools(first: int, count: int, *, x: int, y: int, step: int = 125) -> tuple[Table, ...]:
    return tuple(
        Table(f"B{first + place}", x + place * step, y, width=104, height=104, seats=1, shape="bar")
        for place in range(count)
    )


_CORNER = (
    Section(
        "salon",
        "Salón",
        1000,
        640,
        (
            _four(1, 40, 40),
            _four(2, 220, 40),
            _six(3, 400, 40),
            _pair(4, 660, 44),
            _pair(5, 830, 44),
            _six(6, 40, 260),
            _pair(7, 300, 264),
            _pair(8, 470, 264),
            _six(9, 660, 260),
            Table("10", 60, 480, width=280, height=120, seats=10),
            _four(11, 480, 484),
            _four(12, 700, 484),
        ),
    ),
    Section(
        "vereda",
        "Vereda",
        1000,
        360,
        (
            _pair(20, 40, 40),
            _pair(21, 210, 40),
            _four(22, 380, 36),
            _four(23, 570, 36),
            _six(24, 760, 36),
            _pair(25, 40, 216),
            _pair(26, 210, 216),
            _four(27, 380, 212),
        ),
    ),
    Section("barra", "Barra", 860, 190, _stools(1, 6, x=50, y=44)),
)
_HALL = (
    Section(
        "salon",
        "Salón",
        900,
        620,
        (
            *(_four(1 + place, 40 + place * 210, 40) for place in range(4)),
            *(_six(5 + place, 40 + place * 280, 250) for place in range(3)),
            *(_pair(8 + place, 50 + place * 210, 464) for place in range(4)),
        ),
    ),
    Section(
        "patio",
        "Patio",
        900,
        370,
        (
            *(_four(20 + place, 40 + place * 210, 36) for place in range(4)),
            *(_pair(24 + place, 50 + place * 210, 220) for place in range(4)),
        ),
    ),
    Section("barra", "Barra", 620, 190, _stools(1, 4, x=50, y=44)),
)
_TAVERN = (
    Section(
        "salon",
        "Salón",
        820,
        620,
        (
            *(_four(1 + place, 40 + place * 250, 40) for place in range(3)),
            *(_pair(4 + place, 50 + place * 190, 260) for place in range(4)),
            Table("8", 40, 460, width=260, height=120, seats=8),
            _six(9, 380, 464),
            _pair(10, 660, 468),
        ),
    ),
    Section(
        "terraza",
        "Terraza",
        820,
        200,
        (_four(20, 40, 44), _four(21, 240, 44), _six(22, 440, 44), _pair(23, 690, 48)),
    ),
    Section("barra", "Barra", 760, 190, _stools(1, 5, x=50, y=44)),
)
PLANS: dict[str, tuple[Section, ...]] = {"corner": _CORNER, "hall": _HALL, "tavern": _TAVERN}


def table_id(label: str) -> str:
    """The id of the table with that label."""
    return f"mesa-{label.lower()}"
