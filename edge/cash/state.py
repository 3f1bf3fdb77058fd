"""What the rules of cash work on."""

import msgspec

from shared.ids import DrawerId, DrawerSessionId
from shared.ops.cash import DayTotals


class DrawerSession(msgspec.Struct, frozen=True, kw_only=True):
    """A drawer from its float to its count."""

    session_id: DrawerSessionId
    drawer_id: DrawerId
    state: str
    expected_minor: int
    opened_by_name: str
    opened_at_ms: int


class Day(msgspec.Struct, frozen=True, kw_only=True):
    """The business day that has its Z next, as that would say it."""

    totals: DayTotals
    open_drawers: tuple[str, ...]  # names
    last_z_number: int
    is_closed: bool
    sold_out: tuple[tuple[str, str], ...]  # item id and name
    are_drafts_paused: bool
    has_happened: bool  # anything at all since the last close
