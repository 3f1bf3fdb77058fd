"""What may be asked of checks and lines."""

from typing import Annotated

import msgspec

from shared.commands.base import Command
from shared.commands.lines import MAX_LINES, LineAsk, Note, OpenItemAsk
from shared.ids import IdOrNone, IdText, among

Lines = Annotated[tuple[LineAsk, ...], msgspec.Meta(max_length=MAX_LINES)]
Covers = Annotated[int, msgspec.Meta(ge=0, le=200)]
Rate = Annotated[int, msgspec.Meta(ge=0, le=10_000)]
Amount = Annotated[int, msgspec.Meta(ge=0, le=1_000_000_000_00)]
Reason = Annotated[str, msgspec.Meta(min_length=1, max_length=80)]


class OpenCheck(Command, frozen=True, kw_only=True, tag="open_check"):
    """Open an account: for a table, at the counter, or a named tab."""

    check_id: IdText
    kind: Annotated[str, among("table", "counter", "tab")] = "table"
    table_id: IdOrNone = ""
    name: Annotated[str, msgspec.Meta(max_length=40)] = ""
    covers: Covers = 0


class SetCovers(Command, frozen=True, kw_only=True, tag="set_covers"):
    """Correct the number of guests."""

    check_id: IdText
    covers: Covers


class AddLines(Command, frozen=True, kw_only=True, tag="add_lines"):
    """Put lines on a check, held until sent."""

    check_id: IdText
    lines: Lines


class AddOpenItem(Command, frozen=True, kw_only=True, tag="add_open_item"):
    """Put a line with a typed name and price on a check."""

    check_id: IdText
    line: OpenItemAsk


class ChangeLine(Command, frozen=True, kw_only=True, tag="change_line"):
    """Edit a held line: the line as it should be, and as the device saw it.

    What both say alike is left as it is. Without `seen` the device knew the line as it was added.
    """

    check_id: IdText
    line: LineAsk
    seen: LineAsk | None = None


class VoidLine(Command, frozen=True, kw_only=True, tag="void_line"):
    """Take a line, or `quantity` of it, off a check. 0 means all of it."""

    check_id: IdText
    line_id: IdText
    quantity: Annotated[int, msgspec.Meta(ge=0, le=99)] = 0
    reason: Annotated[str, msgspec.Meta(max_length=80)] = ""


class AdjustCheck(Command, frozen=True, kw_only=True, tag="adjust_check"):
    """Take something off the whole check, put something on top, or give away all that stands on it.

    A discount, surcharge or service charge is a rate or an amount, above zero; a comp is neither. A rate follows the
    check: it is of what comes later too.
    """

    adjustment_id: IdText
    check_id: IdText
    kind: Annotated[str, among("discount", "comp", "surcharge", "service")]
    rate_bp: Rate = 0
    amount_minor: Amount = 0
    reason: Annotated[str, msgspec.Meta(max_length=80)] = ""


class AdjustLine(Command, frozen=True, kw_only=True, tag="adjust_line"):
    """Take something off a line, put something on top, or give it away; for `quantity` of it, 0 for all."""

    adjustment_id: IdText
    check_id: IdText
    line_id: IdText
    kind: Annotated[str, among("discount", "comp", "surcharge")]
    quantity: Annotated[int, msgspec.Meta(ge=0, le=99)] = 0
    rate_bp: Rate = 0
    amount_minor: Amount = 0
    reason: Annotated[str, msgspec.Meta(max_length=80)] = ""


class RemoveAdjustment(Command, frozen=True, kw_only=True, tag="remove_adjustment"):
    """Take an adjustment back: the check costs what it did without it."""

    check_id: IdText
    adjustment_id: IdText


class MoveCheck(Command, frozen=True, kw_only=True, tag="move_check"):
    """Seat the party at another table."""

    check_id: IdText
    table_id: IdText


class AbandonCheck(Command, frozen=True, kw_only=True, tag="abandon_check"):
    """End a check that has nothing on it: the party left, or it was opened by mistake. The table is free again."""

    check_id: IdText


class ConfirmDraft(Command, frozen=True, kw_only=True, tag="confirm_draft"):
    """Turn a draft into lines on a check: the only way from a guest's wish to a ticket.

    `lines` is None to take the draft as it is; else the whole edited list, lines kept under their draft's line ids.
    `check_id` names the table's open check, or a new one to open with `covers`.
    """

    draft_id: IdText
    check_id: IdText
    lines: Annotated[tuple[LineAsk, ...], msgspec.Meta(max_length=MAX_LINES)] | None = None
    covers: Covers = 0


class PrintGuestCheck(Command, frozen=True, kw_only=True, tag="print_guest_check"):
    """Print the bill before paying."""

    check_id: IdText


__all__ = [
    "AbandonCheck",
    "AddLines",
    "AddOpenItem",
    "AdjustCheck",
    "AdjustLine",
    "Amount",
    "ChangeLine",
    "ConfirmDraft",
    "Covers",
    "MoveCheck",
    "Note",
    "OpenCheck",
    "PrintGuestCheck",
    "Rate",
    "Reason",
    "RemoveAdjustment",
    "SetCovers",
    "VoidLine",
]
