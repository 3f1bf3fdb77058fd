"""What the rules of cash work on."""

import msgspec

from shared.ids import DrawerId, DrawerSessionId, ItemId, StaffId
from shared.ops.cash import DayTotals


class DrawerSession(msgspec.Struct, frozen=True, kw_only=True):
    """A drawer from its float to its count."""

    session_id: DrawerSessionId
    drawer_id: DrawerId
    purse_of: StaffId  # "" for a drawer
    state: str
    expected_minor: int
    opened_by_name: str
    opened_at_ms: int


class Settling(msgspec.Struct, frozen=True, kw_only=True):
    """A purse that is handed over, and the drawer that takes its cash."""

    purse: DrawerSession | None
    into: DrawerSession | None


class DrawerLeftOpen(msgspec.Struct, frozen=True):
    """A drawer that nobody has counted."""

    name: str
    business_day: str  # in which it was opened


class LeftOver(msgspec.Struct, frozen=True, kw_only=True):
    """What another business day left behind, and a new one begins without."""

    sold_out: tuple[tuple[ItemId, str], ...] = ()  # id and name
    are_drafts_paused: bool = False


class OpenPeriod(msgspec.Struct, frozen=True, kw_only=True):
    """The open period, as its Z would say it now."""

    totals: DayTotals
    open_drawers: tuple[DrawerLeftOpen, ...]
    began_on: str  # the business day of the first thing that happened in it; "" when nothing did
    last_z_at_ms: int  # before the first Z, when the log began
    left_over: LeftOver
    are_drafts_paused: bool
    has_happened: bool  # anything at all since the last Z
