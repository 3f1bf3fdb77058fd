"""Builds what the rules of cash need, and the totals of a day."""

from collections.abc import Iterable
from sqlite3 import Connection

from edge.cash.state import Day, DrawerSession
from edge.guests.reads import are_drafts_paused
from edge.menu.reads import sold_out
from shared.commands.cash import (
    CloseDay,
    CountDrawer,
    MoveCash,
    OpenDrawer,
    OpenDrawerWithoutSale,
    PrintXReport,
)
from shared.context import Context
from shared.lines import VatTotal
from shared.ops.cash import DayTotals, TenderTotal

_SESSION = """
SELECT s.session_id, s.drawer_id, s.state, s.expected_minor, COALESCE(p.name, ''), s.opened_at_ms
FROM drawer_session s LEFT JOIN person p ON p.staff_id = s.opened_by
"""
_SALES = """
SELECT COUNT(*), COALESCE(SUM(covers), 0), COALESCE(SUM(total_minor), 0), COALESCE(SUM(vat_minor), 0)
FROM checks WHERE closed_day = ?
"""
_TENDERS = """
SELECT tender, SUM(payments), SUM(amount_minor), SUM(tips_minor) FROM (
  SELECT tender, 1 AS payments, amount_minor, 0 AS tips_minor FROM payment WHERE business_day = :day
  UNION ALL SELECT tender, 0, 0, amount_minor FROM tip WHERE business_day = :day
) GROUP BY tender ORDER BY tender
"""
#: Days after the last close in which something happened. One that ran past its cut-over still waits for its Z.
_OLDEST_UNCLOSED = """
SELECT MIN(day) FROM (
  SELECT MIN(business_day) AS day FROM checks WHERE business_day > :closed
  UNION ALL SELECT MIN(closed_day) FROM checks WHERE closed_day > :closed
  UNION ALL SELECT MIN(business_day) FROM payment WHERE business_day > :closed
  UNION ALL SELECT MIN(business_day) FROM tip WHERE business_day > :closed
  UNION ALL SELECT MIN(counted_day) FROM drawer_session WHERE counted_day > :closed
) WHERE day < :today
"""


def drawer(conn: Connection, command: OpenDrawer, context: Context) -> DrawerSession | None:
    """The drawer's open session, if any; or one that has the new session's id already."""
    return _session(
        conn,
        "WHERE (s.drawer_id = ? AND s.state = 'open') OR s.session_id = ?",
        (command.drawer_id, command.session_id),
    )


def session(
    conn: Connection,
    command: MoveCash | OpenDrawerWithoutSale | CountDrawer,
    context: Context,
) -> DrawerSession | None:
    """The drawer session that the command names."""
    return _session(conn, "WHERE s.session_id = ?", (command.session_id,))


def day(conn: Connection, command: PrintXReport | CloseDay, context: Context) -> Day:
    """The business day that has its Z next."""
    today = day_to_close(conn, context.business_day)
    closed = conn.execute("SELECT 1 FROM z_report WHERE business_day = ?", (today,)).fetchone()
    totals = day_totals(conn, today)
    last_z = conn.execute("SELECT COALESCE(MAX(z_number), 0) FROM z_report").fetchone()[0]
    names = conn.execute("SELECT drawer_name FROM drawer_session WHERE state = 'open' ORDER BY drawer_name")
    opened = conn.execute("SELECT 1 FROM checks WHERE business_day = ? LIMIT 1", (today,)).fetchone()
    counted = conn.execute("SELECT 1 FROM drawer_session WHERE counted_day = ? LIMIT 1", (today,)).fetchone()
    return Day(
        totals=totals,
        open_drawers=tuple(name for (name,) in names),
        last_z_number=last_z,
        is_closed=closed is not None,
        sold_out=tuple(sold_out(conn).items()),
        are_drafts_paused=are_drafts_paused(conn),
        has_happened=bool(totals.checks or totals.tenders or opened or counted),
    )


def day_to_close(conn: Connection, today: str) -> str:
    """The oldest day with something in it that nobody closed; else the current one."""
    (closed,) = conn.execute("SELECT COALESCE(MAX(business_day), '') FROM z_report").fetchone()
    (oldest,) = conn.execute(_OLDEST_UNCLOSED, {"closed": closed, "today": today}).fetchone()
    return str(oldest or today)


def day_totals(conn: Connection, business_day: str) -> DayTotals:
    """What an X report of the day says now."""
    checks, covers, sales, vat = conn.execute(_SALES, (business_day,)).fetchone()
    voids, voids_minor = conn.execute(
        "SELECT COUNT(*), COALESCE(SUM(gross_minor), 0) FROM line_void WHERE business_day = ? AND was_sent = 1",
        (business_day,),
    ).fetchone()
    tenders = tuple(
        TenderTotal(tender=tender, count=count, amount_minor=amount, tips_minor=tips)
        for tender, count, amount, tips in conn.execute(_TENDERS, {"day": business_day})
    )
    rates = conn.execute(
        "SELECT vat_bp, gross_minor, vat_minor FROM day_vat WHERE business_day = ? ORDER BY vat_bp",
        (business_day,),
    )
    open_checks, open_minor = conn.execute(
        "SELECT COUNT(*), COALESCE(SUM(total_minor - paid_minor), 0) FROM checks WHERE state = 'open'"
    ).fetchone()
    (over_short,) = conn.execute(
        "SELECT COALESCE(SUM(over_short_minor), 0) FROM drawer_session WHERE counted_day = ?",
        (business_day,),
    ).fetchone()
    return DayTotals(
        business_day=business_day,
        checks=checks,
        covers=covers,
        sales_minor=sales,
        vat_minor=vat,
        tips_minor=sum(tender.tips_minor for tender in tenders),
        voids=voids,
        voids_minor=voids_minor,
        tenders=tenders,
        vat=tuple(VatTotal(vat_bp=bp, gross_minor=gross, vat_minor=part) for bp, gross, part in rates),
        over_short_minor=over_short,
        open_checks=open_checks,
        open_minor=open_minor,
    )


def drawers_that_do_not_add_up(conn: Connection) -> Iterable[str]:
    """Drawer sessions whose expected cash is not float + cash taken + movements."""
    for session_id, expected, found in conn.execute(
        """
        SELECT s.session_id, s.expected_minor, s.float_minor
          + (SELECT COALESCE(SUM(amount_minor), 0) FROM payment p
             WHERE p.drawer_session_id = s.session_id AND p.tender = 'cash')
          + (SELECT COALESCE(SUM(t.amount_minor), 0) FROM tip t JOIN payment p
             ON p.check_id = t.check_id AND p.payment_id = t.payment_id
             WHERE p.drawer_session_id = s.session_id AND t.tender = 'cash')
          + (SELECT COALESCE(SUM(amount_minor), 0) FROM cash_movement m WHERE m.session_id = s.session_id) AS found
        FROM drawer_session s WHERE s.expected_minor <> found
        """
    ):
        yield f"drawer session {session_id} expects {expected} but its movements add up to {found}"


def _session(conn: Connection, where: str, values: tuple[str, ...]) -> DrawerSession | None:
    row = conn.execute(_SESSION + where, values).fetchone()
    if row is None:
        return None
    fields = (
        "session_id",
        "drawer_id",
        "state",
        "expected_minor",
        "opened_by_name",
        "opened_at_ms",
    )
    return DrawerSession(**dict(zip(fields, row, strict=True)))
