"""Visits, drafts, menus and askers for the tests of guests."""

from collections.abc import Iterator
from contextlib import contextmanager

import msgspec
import pytest

from edge.guests.state import Calling, Draft, DraftDesk, Joining, OwnDraft, Visit
from shared.commands.lines import LineAsk
from shared.context import Context, VenueRules
from shared.errors import Rejected
from shared.ids import CategoryId, DraftId, ItemId, PhoneId, StaffId, StationId, TableId, VisitId
from shared.lines import OrderedLine
from shared.menu import MenuItem
from shared.permissions import ROLES
from shared.rules.menu_book import MenuBook
from shared.rules.pricing import price_line

NOW_MS = 1_800_000_000_000
MINE, THEIRS = PhoneId("p1"), PhoneId("p2")

BIFE = MenuItem(
    id=ItemId("bife"), category_id=CategoryId("todo"), name="Bife", price_minor=12_000_00, station_id=StationId("p")
)
STAFF_MEAL = MenuItem(
    id=ItemId("personal"),
    category_id=CategoryId("todo"),
    name="Comida del personal",
    price_minor=100,
    station_id=StationId("p"),
    is_hidden_from_guests=True,
)
BOOK = MenuBook(version=4, items={item.id: item for item in (BIFE, STAFF_MEAL)}, groups={})


@contextmanager
def rejects(code: str, **facts: object) -> Iterator[None]:
    """The block is refused with this code and exactly these facts."""
    with pytest.raises(Rejected) as caught:
        yield
    assert (caught.value.code, caught.value.facts) == (code, facts)


def by(role: str = "", *, staff_id: str = "", now_ms: int = NOW_MS, max_waiting_drafts: int = 3) -> Context:
    """A phone asks; or somebody of this role."""
    return Context(
        now_ms=now_ms,
        asked_at_ms=now_ms,
        business_day="2026-11-24",
        device_id="guest:p1",
        device_role="guest",
        staff_id=staff_id,
        staff_role=role,
        permissions=ROLES[role] if role else frozenset(),
        venue=VenueRules(max_waiting_drafts=max_waiting_drafts, draft_expiry_s=600),
        fresh_id=lambda: "fresh",
    )


def a_visit(visit_id: str = "v1", *, is_open: bool = True) -> Visit:
    """The party at table 4."""
    return Visit(visit_id=VisitId(visit_id), table_id=TableId("t4"), is_open=is_open)


def a_draft(**changes: object) -> Draft:
    """My phone's, and it waits."""
    draft = Draft(
        draft_id=DraftId("d1"),
        visit_id=VisitId("v1"),
        phone_id=MINE,
        state="submitted",
        claimed_by=StaffId(""),
        claimed_by_name="",
        claimed_at_ms=0,
        is_visit_open=True,
    )
    return msgspec.structs.replace(draft, **changes)


def claimed(by: str = "ana", *, at_ms: int = NOW_MS) -> Draft:
    """A waiter has it open."""
    return a_draft(state="claimed", claimed_by=StaffId(by), claimed_by_name=by.title(), claimed_at_ms=at_ms)


def own(draft: Draft | None = None, *, visit: Visit | None = None) -> OwnDraft:
    """My phone at table 4."""
    return OwnDraft(phone_id=MINE, visit=visit or a_visit(), draft=draft)


def a_desk(draft: Draft | None = None, **changes: object) -> DraftDesk:
    """What a draft of my phone is checked against."""
    desk = DraftDesk(own=own(draft), waiting=0, book=BOOK, menu_version=4, sold_out=frozenset())
    return msgspec.structs.replace(desk, **changes)


def joining(**changes: object) -> Joining:
    """A phone at an empty table whose code is of the first generation."""
    return msgspec.structs.replace(Joining(generation=1, visit=None, has_joined=False, is_there=False), **changes)


def calling(**changes: object) -> Calling:
    """A party that called for nothing yet."""
    return msgspec.structs.replace(Calling(visit=a_visit(), is_known=False, is_pending=False), **changes)


def an_ask(line_id: str = "l1", **changes: object) -> LineAsk:
    """A steak."""
    return msgspec.structs.replace(LineAsk(line_id=line_id, item_id="bife"), **changes)


def a_line(line_id: str = "l1", **changes: object) -> OrderedLine:
    """A steak as the menu prices it."""
    return price_line(BOOK, an_ask(line_id, **changes))
