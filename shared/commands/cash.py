"""What may be asked of drawers and the period."""

from typing import Annotated

import msgspec

from shared.commands.base import Command
from shared.commands.payments import Amount
from shared.ids import IdText, among
from shared.text import ONE_LINE

Pieces = Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]
Reason = Annotated[str, msgspec.Meta(min_length=1, max_length=80)]


class OpenDrawer(Command, frozen=True, kw_only=True, tag="open_drawer"):
    """Begin a drawer session with its float."""

    session_id: IdText
    drawer_id: IdText
    drawer_name: Annotated[str, msgspec.Meta(max_length=40, pattern=ONE_LINE)] = ""
    float_minor: Amount


class MoveCash(Command, frozen=True, kw_only=True, tag="move_cash"):
    """Take cash to the safe (`drop`), pay for something (`payout`) or bring some in (`cash_in`)."""

    session_id: IdText
    kind: Annotated[str, among("drop", "payout", "cash_in")]
    amount_minor: Annotated[int, msgspec.Meta(ge=1, le=1_000_000_000_00)]
    reason: Reason


class OpenDrawerWithoutSale(Command, frozen=True, kw_only=True, tag="open_drawer_without_sale"):
    """Open the drawer with no payment; always recorded."""

    session_id: IdText
    reason: Reason


class CountDrawer(Command, frozen=True, kw_only=True, tag="count_drawer"):
    """End a drawer session with what was found in it."""

    session_id: IdText
    counted_minor: Amount
    denominations: Annotated[tuple[tuple[Amount, Pieces], ...], msgspec.Meta(max_length=30)] = ()


class SettlePurse(Command, frozen=True, kw_only=True, tag="settle_purse"):
    """Take what a waiter hands over at the end (*rendición*): their purse is counted, and the cash goes into a drawer."""

    session_id: IdText  # of the purse
    counted_minor: Amount
    into_session_id: IdText


class PrintXReport(Command, frozen=True, kw_only=True, tag="print_x_report"):
    """Print the totals so far of the open period."""


class CloseDay(Command, frozen=True, kw_only=True, tag="close_day"):
    """Make the Z of the open period; the next one begins. Its drawers must be counted; open checks carry over.

    It closes everything since the Z before it: a shift, a day, or two days when somebody forgot. Business days are the
    calendar's, however many Zs they have.
    """

    is_clock_right: bool = False  # a person has looked: it really is that long since the last Z
    z_number: Annotated[int, msgspec.Meta(ge=0)] = 0  # of the period that the person looked at; 0: whichever is open


class BeginDay(Command, frozen=True, kw_only=True, tag="begin_day"):
    """The edge itself: the calendar has begun another business day; what the one before left sold out or paused comes back."""
