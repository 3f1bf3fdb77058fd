"""Builds what the rules of paying need."""

from collections.abc import Iterable
from sqlite3 import Connection

from edge.ordering.reads import adjustments_of
from edge.payments.state import Account, Till
from shared.commands.payments import PrintReceipt, TakePayment
from shared.context import Context
from shared.ops.payments import PaidPart
from shared.projections.checks import LINE_COLUMNS, line_of
from shared.rules.closing import OwedCheck
from shared.rules.tills import OpenSession

_CHECK_COLUMNS = tuple(field for field in OwedCheck.__struct_fields__ if field != "closed_by_name")
_CHECK = f"""
SELECT COALESCE(p.name, ''), c.vat_minor, c.receipts, {", ".join(f"c.{column}" for column in _CHECK_COLUMNS)}
FROM checks c LEFT JOIN person p ON p.staff_id = c.closed_by WHERE c.check_id = ?
"""
_LINES = f"""
SELECT state, fired_at_ms, {", ".join(LINE_COLUMNS)} FROM check_line
WHERE check_id = ? AND state <> 'void' ORDER BY position
"""
_PAID = """
SELECT p.tender, p.amount_minor, p.tendered_minor, p.change_minor, COALESCE(SUM(t.amount_minor), 0), p.reference
FROM payment p LEFT JOIN tip t ON t.check_id = p.check_id AND t.payment_id = p.payment_id
WHERE p.check_id = ? GROUP BY p.payment_id ORDER BY p.taken_at_ms, p.payment_id
"""
_OPEN_SESSIONS = """
SELECT session_id, drawer_id, drawer_name, purse_of FROM drawer_session WHERE state = 'open' ORDER BY opened_at_ms
"""


def account_to_pay(conn: Connection, command: TakePayment, context: Context) -> Till:
    """The check of a payment, and the drawers that its cash may go to."""
    known = conn.execute("SELECT 1 FROM payment WHERE payment_id = ?", (command.payment_id,)).fetchone()
    is_cash = command.tender == "cash"
    return Till(
        account=_account(conn, command.check_id),
        device_drawer_id=_device_drawer(conn, context.device_id) if is_cash else "",
        open_sessions=_open_sessions(conn) if is_cash else (),
        payment_is_known=known is not None,
    )


def paid_account(conn: Connection, command: PrintReceipt, context: Context) -> Account | None:
    """The check whose receipt is asked for again."""
    return _account(conn, command.check_id)


def closed_checks_that_do_not_add_up(conn: Connection) -> Iterable[str]:
    """Closed checks whose payments are not their total, or their total not what is on them."""
    for check_id, total, paid in conn.execute(
        "SELECT c.check_id, c.total_minor, (SELECT COALESCE(SUM(amount_minor), 0) FROM payment p"
        " WHERE p.check_id = c.check_id) AS paid FROM checks c WHERE c.state = 'closed' AND c.total_minor <> paid"
    ):
        yield f"check {check_id} is closed with a total of {total} and payments of {paid}"
    for check_id, total, parts in conn.execute(
        "SELECT check_id, total_minor, lines_minor + cover_charge_minor + adjustments_minor AS parts FROM checks"
        " WHERE state = 'closed' AND total_minor <> parts"
    ):
        yield f"check {check_id} is closed with a total of {total} and {parts} on it"


def _account(conn: Connection, check_id: str) -> Account | None:
    row = conn.execute(_CHECK, (check_id,)).fetchone()
    if row is None:
        return None
    rows = conn.execute(_LINES, (check_id,)).fetchall()
    standing = tuple(line_of(row[2:]) for row in rows)
    columns = dict(zip(_CHECK_COLUMNS, row[3:], strict=True))
    return Account(
        closed_by_name=row[0],
        vat_minor=row[1],
        receipts=row[2],
        **columns,
        lines=standing,
        given=adjustments_of(conn, check_id) if columns["adjustments"] else (),
        unsent=sum(row[0] == "held" for row in rows),
        waiting_courses=tuple(
            sorted(line.course for line, row in zip(standing, rows, strict=True) if row[0] == "sent" and not row[1])
        ),
        paid=tuple(
            PaidPart(
                tender=tender,
                amount_minor=amount,
                tendered_minor=tendered,
                change_minor=change,
                tip_minor=tip,
                reference=reference,
            )
            for tender, amount, tendered, change, tip, reference in conn.execute(_PAID, (check_id,))
        ),
    )


def _device_drawer(conn: Connection, device_id: str) -> str:
    row = conn.execute("SELECT drawer_id FROM device WHERE device_id = ?", (device_id,)).fetchone()
    return str(row[0]) if row else ""


def _open_sessions(conn: Connection) -> tuple[OpenSession, ...]:
    fields = OpenSession.__struct_fields__
    return tuple(OpenSession(**dict(zip(fields, row, strict=True))) for row in conn.execute(_OPEN_SESSIONS))
