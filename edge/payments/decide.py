"""The rules of paying."""

from edge.payments.state import Account, Till
from shared.calendar import hour_of
from shared.commands.payments import PrintReceipt, TakePayment
from shared.context import Context
from shared.errors import Rejected
from shared.folds.totals import check_totals
from shared.ids import DrawerSessionId, PaymentId, StaffId, TipId
from shared.ops import Op
from shared.ops.guests import VisitClosed
from shared.ops.payments import (
    CheckClosed,
    PaidPart,
    PaymentTaken,
    ReceiptPrinted,
    TipGiven,
)


def take_payment(command: TakePayment, till: Till, context: Context) -> list[Op]:
    """One payment on an open check; the one that brings the balance to zero closes it.

    Raises:
        Rejected: `check_unknown`, `check_closed`, `payment_exists`, `check_empty`, `unsent_lines`,
            `amount_invalid` above the balance, `courses_waiting` when the last cent would be paid for what nobody
            makes, `tendered_short`, `drawer_closed` for cash, `reference_missing` for other tenders;
            `needs_manager` without `charge`.
    """
    context.require("charge")
    account = _open_account(till)
    _check_amounts(command, till, account)
    paid = PaidPart(
        tender=command.tender,
        amount_minor=command.amount_minor,
        tendered_minor=command.tendered_minor,
        change_minor=_change(command),
        tip_minor=command.tip_minor,
        reference=command.reference,
    )
    ops: list[Op] = [
        _payment(command, till, context),
        *_tip(command, account, till, context),
    ]
    if command.amount_minor == account.balance_minor:
        ops += _close(account, command.tip_minor, context)
        if command.wants_receipt:
            ops.append(_receipt(account, (*account.paid, paid), context, copy=0))
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
    if account.state != "open":
        raise Rejected(
            "check_closed",
            number=account.number,
            by=account.closed_by_name,
            closed_at_ms=account.closed_at_ms,
        )
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
    if command.tender != "cash":
        if not command.reference.strip():
            raise Rejected("reference_missing")
        return
    if not till.drawer_session_id:
        raise Rejected("drawer_closed")
    if _change(command) < 0:
        raise Rejected("tendered_short", short_minor=-_change(command))


def _change(command: TakePayment) -> int:
    if command.tender != "cash":
        return 0
    return command.tendered_minor - command.amount_minor - command.tip_minor


def _payment(command: TakePayment, till: Till, context: Context) -> PaymentTaken:
    account = till.account
    assert account is not None
    return PaymentTaken(
        check_id=account.check_id,
        payment_id=PaymentId(command.payment_id),
        tender=command.tender,
        amount_minor=command.amount_minor,
        tendered_minor=command.tendered_minor if command.tender == "cash" else 0,
        change_minor=_change(command),
        reference=command.reference.strip(),
        drawer_session_id=DrawerSessionId(till.drawer_session_id),
        by=StaffId(context.staff_id),
        taken_at_ms=context.now_ms,
    )


def _tip(command: TakePayment, account: Account, till: Till, context: Context) -> list[Op]:
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
            drawer_session_id=DrawerSessionId(till.drawer_session_id),
            given_at_ms=context.now_ms,
        )
    ]


def _close(account: Account, tip_minor: int, context: Context) -> list[Op]:
    totals = check_totals(
        account.lines,
        covers=account.covers,
        cover_charge_minor=account.cover_charge_each_minor,
        cover_charge_vat_bp=account.cover_charge_vat_bp,
    )
    assert totals.total_minor == account.total_minor, "a check's running total is the sum of its lines"
    closed = CheckClosed(
        check_id=account.check_id,
        number=account.number,
        kind=account.kind,
        table_id=account.table_id,
        visit_id=account.visit_id,
        waiter_id=account.waiter_id,
        covers=account.covers,
        opened_at_ms=account.opened_at_ms,
        closed_at_ms=context.now_ms,
        hour=hour_of(context.now_ms, context.venue.timezone),
        lines_minor=totals.lines_minor,
        cover_charge_minor=totals.cover_charge_minor,
        total_minor=totals.total_minor,
        vat_minor=totals.vat_minor,
        tips_minor=account.tips_minor + tip_minor,
        vat=totals.vat,
        items=totals.items,
        by=StaffId(context.staff_id),
    )
    if not account.visit_id:
        return [closed]
    return [closed, VisitClosed(visit_id=account.visit_id, table_id=account.table_id)]


def _receipt(account: Account, paid: tuple[PaidPart, ...], context: Context, *, copy: int) -> ReceiptPrinted:
    totals = check_totals(
        account.lines,
        covers=account.covers,
        cover_charge_minor=account.cover_charge_each_minor,
        cover_charge_vat_bp=account.cover_charge_vat_bp,
    )
    return ReceiptPrinted(
        check_id=account.check_id,
        number=account.number,
        table_label=account.table_label,
        waiter_id=account.waiter_id,
        covers=account.covers,
        cover_charge_minor=totals.cover_charge_minor,
        lines=account.lines,
        total_minor=totals.total_minor,
        vat_minor=totals.vat_minor,
        payments=paid,
        printed_at_ms=context.now_ms,
        opens_drawer=copy == 0 and any(part.tender == "cash" for part in paid),
        copy=copy,
    )
