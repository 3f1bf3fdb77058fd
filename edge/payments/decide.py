"""The rules of paying."""

import msgspec

from edge.payments.state import Account, Till
from shared.commands.payments import PrintReceipt, TakePayment
from shared.context import Context
from shared.errors import Rejected
from shared.ids import CheckId, DrawerSessionId, PaymentId, StaffId, TipId
from shared.ops import Op
from shared.ops.cash import DrawerOpened
from shared.ops.payments import (
    PaidPart,
    PaymentTaken,
    ReceiptPrinted,
    TipGiven,
)
from shared.rules.closing import closed
from shared.rules.tills import session_for_cash


def take_payment(command: TakePayment, till: Till, context: Context) -> list[Op]:
    """One payment on an open check; the one that brings the balance to zero closes it.

    A check that costs nothing is closed by a payment of nothing: it needs no drawer and no slip, and leaves no payment.

    Raises:
        Rejected: `check_unknown`, `check_closed`, `payment_exists`, `check_empty`, `unsent_lines`,
            `amount_invalid` above the balance, `courses_waiting` when the last cent would be paid for what nobody
            makes, `tendered_short`, `drawer_closed` and `drawer_which` for cash, `reference_missing` for other tenders;
            `needs_manager` without `charge`.
    """
    context.require("charge")
    account = _open_account(till)
    _check_amounts(command, till, account)
    ops: list[Op] = []
    if not _is_nothing(command):
        session_id, opened = _place_of_cash(command, till, context)
        ops += [*opened, _payment(command, session_id, context), *_tip(command, account, session_id, context)]
    if command.amount_minor == account.balance_minor:
        tipped = msgspec.structs.replace(account, tips_minor=account.tips_minor + command.tip_minor)
        ops += closed(tipped, account.lines, account.given, context)
        if command.wants_receipt:
            parts = account.paid if _is_nothing(command) else (*account.paid, _part(command))
            ops.append(_receipt(account, parts, context, copy=0))
    return ops


def print_receipt(command: PrintReceipt, account: Account | None, context: Context) -> list[Op]:
    """A closed check's receipt; every one after the first is marked as a copy.

    Raises:
        Rejected: `check_unknown`; `balance_left` while the check is open; `needs_manager` without `charge`.
    """
    context.require("charge")
    if account is None:
        raise Rejected("check_unknown")
    if account.state != "closed":
        raise Rejected("balance_left", balance_minor=account.balance_minor)
    return [_receipt(account, account.paid, context, copy=account.receipts)]


def _open_account(till: Till) -> Account:
    account = till.account
    if account is None:
        raise Rejected("check_unknown")
    if till.payment_is_known:
        raise Rejected("payment_exists")
    account.check_open()
    if account.unsent:
        raise Rejected("unsent_lines", count=account.unsent)
    if not account.lines and account.total_minor == 0:
        raise Rejected("check_empty")
    return account


def _check_amounts(command: TakePayment, till: Till, account: Account) -> None:
    balance_minor = account.balance_minor
    settles_nothing = command.amount_minor == 0 and balance_minor > 0
    if command.amount_minor > balance_minor or settles_nothing:
        raise Rejected("amount_invalid", balance_minor=balance_minor)
    if command.amount_minor == balance_minor and account.waiting_courses:
        raise Rejected("courses_waiting", course=account.waiting_courses[0], count=len(account.waiting_courses))
    if _is_nothing(command):
        return
    if command.tender != "cash":
        if not command.reference.strip():
            raise Rejected("reference_missing")
        return
    if _change(command) < 0:
        raise Rejected("tendered_short", short_minor=-_change(command))


def _is_nothing(command: TakePayment) -> bool:
    """Whether no money changes hands: what lies on the table goes back."""
    return command.amount_minor == 0 and command.tip_minor == 0


def _part(command: TakePayment) -> PaidPart:
    return PaidPart(
        tender=command.tender,
        amount_minor=command.amount_minor,
        tendered_minor=command.tendered_minor,
        change_minor=_change(command),
        tip_minor=command.tip_minor,
        reference=command.reference,
    )


def _change(command: TakePayment) -> int:
    if command.tender != "cash":
        return 0
    return command.tendered_minor - command.amount_minor - command.tip_minor


def _place_of_cash(command: TakePayment, till: Till, context: Context) -> tuple[DrawerSessionId, list[Op]]:
    """The session that the cash goes into, and what opens it if it is a purse with nothing in it yet."""
    if command.tender != "cash":
        return DrawerSessionId(""), []
    place = session_for_cash(
        till.open_sessions, into=command.into, device_drawer_id=till.device_drawer_id, context=context
    )
    return (place.session_id, [place]) if isinstance(place, DrawerOpened) else (place, [])


def _payment(command: TakePayment, session_id: DrawerSessionId, context: Context) -> PaymentTaken:
    return PaymentTaken(
        check_id=CheckId(command.check_id),
        payment_id=PaymentId(command.payment_id),
        tender=command.tender,
        amount_minor=command.amount_minor,
        tendered_minor=command.tendered_minor if command.tender == "cash" else 0,
        change_minor=_change(command),
        reference=command.reference.strip(),
        drawer_session_id=session_id,
        by=StaffId(context.staff_id),
        taken_at_ms=context.now_ms,
        period=context.period,
    )


def _tip(command: TakePayment, account: Account, session_id: DrawerSessionId, context: Context) -> list[Op]:
    if not command.tip_minor:
        return []
    return [
        TipGiven(
            tip_id=TipId(context.fresh_id()),
            check_id=account.check_id,
            payment_id=PaymentId(command.payment_id),
            waiter_id=account.waiter_id,
            tender=command.tender,
            amount_minor=command.tip_minor,
            drawer_session_id=session_id,
            given_at_ms=context.now_ms,
            period=context.period,
        )
    ]


def _receipt(account: Account, paid: tuple[PaidPart, ...], context: Context, *, copy: int) -> ReceiptPrinted:
    totals = account.totals(account.lines, account.given)
    return ReceiptPrinted(
        check_id=account.check_id,
        number=account.number,
        table_label=account.table_label,
        waiter_id=account.waiter_id,
        covers=account.covers,
        cover_charge_minor=totals.cover_charge_minor,
        lines=account.lines,
        total_minor=totals.total_minor,
        vat_minor=account.vat_minor if account.state == "closed" else totals.vat_minor,
        payments=paid,
        printed_at_ms=context.now_ms,
        copy=copy,
        adjustments=totals.adjustments,
    )
