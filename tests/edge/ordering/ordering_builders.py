"""Checks, lines and askers for the tests of ordering."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

import msgspec
import pytest

from edge.ordering.state import Adding, Check, Draft, Line, Place, Pricing
from shared.commands.lines import LineAsk
from shared.context import Context, VenueRules
from shared.errors import Rejected
from shared.ids import (
    CategoryId,
    CheckId,
    DraftId,
    GroupId,
    ItemId,
    ModifierId,
    StaffId,
    StationId,
    TableId,
    VariantId,
    VisitId,
)
from shared.lines import OrderedLine
from shared.menu import MenuItem, Modifier, ModifierGroup, Variant
from shared.permissions import ROLES
from shared.rules.menu_book import MenuBook
from shared.rules.pricing import price_line

NOW_MS = 1_800_000_000_000

DONENESS = ModifierGroup(
    id=GroupId("punto"),
    name="Punto",
    min=1,
    max=1,
    modifiers=(
        Modifier(id=ModifierId("jugoso"), name="Jugoso"),
        Modifier(id=ModifierId("cocido"), name="Cocido"),
    ),
)
SIDES = ModifierGroup(
    id=GroupId("guarnicion"),
    name="Guarnición",
    max=3,
    free_count=1,
    modifiers=(
        Modifier(id=ModifierId("papas"), name="Papas", price_minor=1500_00),
        Modifier(id=ModifierId("pure"), name="Puré", price_minor=1200_00),
        Modifier(id=ModifierId("ensalada"), name="Ensalada", price_minor=1000_00),
    ),
)
STEAK = MenuItem(
    id=ItemId("bife"),
    category_id=CategoryId("carnes"),
    name="Bife de chorizo",
    short_name="Bife",
    price_minor=12_000_00,
    group_ids=(DONENESS.id, SIDES.id),
    station_id=StationId("parrilla"),
    course=2,
)
WINE = MenuItem(
    id=ItemId("malbec"),
    category_id=CategoryId("vinos"),
    name="Malbec",
    variants=(
        Variant(id=VariantId("copa"), name="Copa", price_minor=3_000_00),
        Variant(id=VariantId("botella"), name="Botella", price_minor=14_000_00),
    ),
    station_id=StationId("barra"),
)
FLAN = MenuItem(
    id=ItemId("flan"),
    category_id=CategoryId("postres"),
    name="Flan",
    price_minor=4_000_00,
    station_id=StationId("cocina"),
    course=3,
    is_hidden_from_guests=True,
)
BOOK = MenuBook(
    version=1,
    items={item.id: item for item in (STEAK, WINE, FLAN)},
    groups={group.id: group for group in (DONENESS, SIDES)},
)


@contextmanager
def rejects(code: str, **facts: object) -> Iterator[None]:
    """The block is refused with this code and at least these facts."""
    with pytest.raises(Rejected) as caught:
        yield
    assert caught.value.code == code
    assert facts.items() <= caught.value.facts.items()


def by(role: str = "waiter", *, staff_id: str = "ana", now_ms: int = NOW_MS, cover_charge_minor: int = 0) -> Context:
    """Somebody of this role asks."""
    ids = count(1)
    return Context(
        now_ms=now_ms,
        asked_at_ms=now_ms,
        business_day="2026-11-24",
        device_id="d1",
        device_role="waiter",
        staff_id=staff_id,
        staff_role=role,
        permissions=ROLES[role],
        venue=VenueRules(cover_charge_minor=cover_charge_minor),
        fresh_id=lambda: f"fresh{next(ids)}",
    )


def a_check(**changes: object) -> Check:
    """An open check of Ana's on table 4."""
    check = Check(
        check_id=CheckId("c1"),
        number=7,
        kind="table",
        state="open",
        table_id=TableId("t4"),
        table_label="4",
        waiter_id=StaffId("ana"),
        visit_id=VisitId("v1"),
        covers=2,
        cover_charge_each_minor=500_00,
        cover_charge_vat_bp=2100,
        opened_at_ms=NOW_MS,
        tips_minor=0,
        adjustments=0,
        cover_charge_minor=1_000_00,
        total_minor=30_000_00,
        paid_minor=0,
        guest_check_copies=0,
        closed_at_ms=0,
        closed_by_name="",
    )
    return msgspec.structs.replace(check, **changes)


def an_ask(line_id: str = "l1", **changes: object) -> LineAsk:
    """A rare steak."""
    ask = LineAsk(line_id=line_id, item_id="bife", modifier_ids=("punto/jugoso",))
    return msgspec.structs.replace(ask, **changes)


def a_line(line_id: str = "l1", **changes: object) -> OrderedLine:
    """A rare steak as the menu prices it."""
    return price_line(BOOK, an_ask(line_id, **changes))


def on_check(line: OrderedLine, **changes: object) -> Line:
    """A held line; `state="sent"` for one that Ana sent just now."""
    found = Line(line=line, state="held", sent_by=StaffId("ana"), sent_at_ms=0, fired_at_ms=0, ready_at_ms=0)
    return msgspec.structs.replace(found, **changes)


def pricing(*, sold_out: frozenset[str] = frozenset()) -> Pricing:
    """The menu of these tests."""
    return Pricing(book=BOOK, sold_out=sold_out)


def adding(check: Check | None, *, line_ids: frozenset[str] = frozenset(), sold_out: str = "") -> Adding:
    """A check that gets lines."""
    return Adding(check=check, line_ids=line_ids, pricing=pricing(sold_out=frozenset({sold_out} - {""})))


def a_place(**changes: object) -> Place:
    """Table 4, in Bruno's section, with nobody there."""
    place = Place(table_id=TableId("t4"), label="4", section_waiter_id=StaffId("bruno"))
    return msgspec.structs.replace(place, **changes)


def a_draft(*lines: OrderedLine, **changes: object) -> Draft:
    """A draft that waits."""
    draft = Draft(
        draft_id=DraftId("dr1"),
        visit_id=VisitId("v1"),
        state="submitted",
        lines=lines or (a_line(),),
        allergies=(),
        claimed_by=StaffId(""),
        claimed_by_name="",
        claimed_at_ms=0,
        is_visit_open=True,
    )
    return msgspec.structs.replace(draft, **changes)
