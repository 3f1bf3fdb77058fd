"""What may be asked about paying."""

from typing import Annotated

import msgspec

from shared.commands.base import Command
from shared.ids import IdOrNone, IdText, among
from shared.text import ONE_LINE

Amount = Annotated[int, msgspec.Meta(ge=0, le=1_000_000_000_00)]


class TakePayment(Command, frozen=True, kw_only=True, tag="take_payment"):
    """Take one payment on a check; the one that brings the balance to zero closes it.

    For cash, `tendered_minor` is what lies on the table; change = tendered − amount − tip.
    For card and transfer, `reference` is the slip's number.
    """

    payment_id: IdText
    check_id: IdText
    tender: Annotated[str, among("cash", "card", "transfer")]
    amount_minor: Amount
    tip_minor: Amount = 0
    tendered_minor: Amount = 0
    reference: Annotated[str, msgspec.Meta(max_length=40, pattern=ONE_LINE)] = ""
    wants_receipt: bool = True
    into: IdOrNone = ""  # where cash goes: a drawer's id, or `purse` for one's own; empty: the device's drawer


class PrintReceipt(Command, frozen=True, kw_only=True, tag="print_receipt"):
    """Print a closed check's receipt again, marked as a copy."""

    check_id: IdText
