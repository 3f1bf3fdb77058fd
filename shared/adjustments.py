"""An adjustment as ops carry it: what makes a line or a whole check cost other than its prices say, to the cent."""

import msgspec

from shared.ids import AdjustmentId, LineId, StaffId

#: The part of an adjustment that falls on the cover charge, which is no line.
COVER_CHARGE = LineId("")


#: What an adjustment may be: a log keeps these words, screens and papers have theirs for them.
KINDS = ("discount", "comp", "surcharge", "service", "rounding", "tender_price")


class AdjustedPart(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one line has of an adjustment, and the VAT rate that it changes sales at. `line_id` "" is the cover charge."""

    line_id: LineId
    quantity: int  # how many of the line it was given for
    vat_bp: int
    amount_minor: int  # signed as the total feels it


class Adjustment(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A discount, comp, surcharge, service charge, rounding or price of a tender. Amounts as the total feels them: a discount is below zero.

    Asked either as a rate or as an amount, never both. Its parts add up to it.
    """

    adjustment_id: AdjustmentId
    line_id: LineId = LineId("")  # "" for the whole check
    kind: str  # one of KINDS
    rate_bp: int = 0
    asked_minor: int = 0
    amount_minor: int
    reason: str = ""
    by: StaffId
    approved_by: StaffId = StaffId("")
    given_at_ms: int
    parts: tuple[AdjustedPart, ...]

    @property
    def follows(self) -> bool:
        """Whether it is of whatever the check costs; else of what stood when it was given, and never of more.

        A comp gives away what is there: what comes later is charged.
        """
        return not self.line_id and self.kind != "comp"
