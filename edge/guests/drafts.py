"""What a draft may hold, and what it comes to. Pure."""

from collections.abc import Sequence

import msgspec

from edge.guests.state import DraftDesk
from shared.commands.guests import ChangeDraft, SubmitDraft
from shared.errors import Rejected
from shared.lines import OrderedLine
from shared.rules.pricing import check_allergies, price_line

#: Lines of one draft: a phone orders for its guest and the one beside, not for a wedding; more go in a second one.
LINES_OF_DRAFT = 20
#: Bytes that a draft may take in the log. Twenty dishes with six options each come to half of it; the names are the menu's, so that
#: a small request would else become an entry of ten times its size.
BYTES_OF_DRAFT = 24 * 1024
#: Drafts of one party that no waiter took: waiting, taken back, refused and run out. What a waiter took does not count.
DRAFTS_OF_VISIT = 20


def priced(command: SubmitDraft | ChangeDraft, state: DraftDesk) -> tuple[OrderedLine, ...]:
    """The lines as the menu prices them now.

    Raises:
        Rejected: `draft_empty`, `menu_missing`, `too_many_lines`, `line_exists`, `too_large`, and what `price_line` refuses.
    """
    if not command.lines:
        raise Rejected("draft_empty")
    if state.book is None:
        raise Rejected("menu_missing")
    if len(command.lines) > LINES_OF_DRAFT:
        raise Rejected("too_many_lines", max=LINES_OF_DRAFT)
    check_allergies(command.allergies)
    if len({line.line_id for line in command.lines}) != len(command.lines):
        raise Rejected("line_exists")
    lines = tuple(price_line(state.book, line, sold_out=state.sold_out, for_guest=True) for line in command.lines)
    if len(msgspec.json.encode(lines)) > BYTES_OF_DRAFT:
        raise Rejected("too_large", limit_bytes=BYTES_OF_DRAFT)
    return lines


def total(lines: Sequence[OrderedLine]) -> int:
    """What the lines come to."""
    return sum(line.gross_minor for line in lines)
