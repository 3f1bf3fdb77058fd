"""Builds what the rules of cash need, and the totals of a period."""

from collections.abc import Iterable
from sqlite3 import Connection

import msgspec

from edge.cash.state import DrawerLeftOpen, DrawerSession, LeftOver, OpenPeriod, Settling
from edge.guests.reads import are_drafts_paused, were_drafts_left_paused
from edge.menu.reads import sold_out_before, sold_out_on_other_days
from shared.commands.cash import (
    BeginDay,
    CloseDay,
    CountDrawer,
    MoveCash,
    OpenDrawer,
    OpenDrawerWithoutSale,
    PrintXReport,
    SettlePurse,
)
from shared.context import Context
from shared.lines import VatTotal
from shared.ops.cash import AdjustmentTotal, DayTotals, TenderTotal

_SESSION = """
SELECT s.session_id, s.drawer_id, s.purse_of, s.state, s.expected_minor, COALESCE(p.name, ''), s.opened_at_ms
FROM drawer_session s LEFT JOIN person p ON p.staff_id = s.opened_by
"""
#: Rows of a period: those that say so, and for the first that this release closes those of the last one's open day.
_OF = "({period} = :period OR ({period} = 0 AND {day} > :since))"
_OPENED = _OF.format(period="period", day="business_day")
_CLOSED = _OF.format(period="closed_period", day="closed_day")
_COUNTED = _OF.format(period="counted_period", day="counted_day")
_SALES = f"""
SELECT COUNT(*), COALESCE(SUM(covers), 0), COALESCE(SUM(total_minor), 0), COALESCE(SUM(vat_minor), 0)
FROM checks WHERE state = 'closed' AND {_CLOSED}
"""
_TENDERS = f"""
SELECT tender, SUM(payments), SUM(amount_minor), SUM(tips_minor) FROM (
  SELECT tender, 1 AS payments, amount_minor, 0 AS tips_minor FROM payment WHERE {_OPENED}
  UNION ALL SELECT tender, 0, 0, amount_minor FROM tip WHERE {_OPENED}
) GROUP BY tender ORDER BY tender
"""
_ADJUSTMENTS = f"""
SELECT a.kind, COUNT(*), SUM(a.amount_minor) FROM checks JOIN adjustment a ON a.check_id = checks.check_id
WHERE checks.state = 'closed' AND {_CLOSED} AND a.state = 'given' AND a.amount_minor <> 0
GROUP BY a.kind ORDER BY a.kind
"""
_VOIDS = f"SELECT COUNT(*), COALESCE(SUM(gross_minor), 0) FROM line_void WHERE was_sent = 1 AND {_OPENED}"
_VAT = f"""
SELECT vat_bp, SUM(gross_minor), SUM(vat_minor) FROM period_vat WHERE {_OPENED} GROUP BY vat_bp ORDER BY vat_bp
"""
_OVER_SHORT = f"SELECT COALESCE(SUM(over_short_minor), 0) FROM drawer_session WHERE state = 'counted' AND {_COUNTED}"
_DAYS = f"""
SELECT closed_day FROM checks WHERE state = 'closed' AND {_CLOSED}
UNION SELECT business_day FROM payment WHERE {_OPENED}
UNION SELECT business_day FROM tip WHERE {_OPENED}
UNION SELECT business_day FROM line_void WHERE was_sent = 1 AND {_OPENED}
UNION SELECT counted_day FROM drawer_session WHERE state = 'counted' AND {_COUNTED}
ORDER BY 1
"""
#: The first thing that happened: its moment, and its business day.
_BEGAN = f"""
SELECT COALESCE(MIN(at_ms), 0), COALESCE(MIN(day), '') FROM (
  SELECT MIN(opened_at_ms) AS at_ms, MIN(business_day) AS day FROM checks WHERE {_OPENED}
  UNION ALL SELECT MIN(opened_at_ms), MIN(business_day) FROM drawer_session WHERE {_OPENED}
  UNION ALL SELECT MIN(taken_at_ms), MIN(business_day) FROM payment WHERE {_OPENED}
  UNION ALL SELECT MIN(counted_at_ms), MIN(counted_day) FROM drawer_session WHERE state = 'counted' AND {_COUNTED}
  UNION ALL SELECT MIN(voided_at_ms), MIN(business_day) FROM line_void WHERE was_sent = 1 AND {_OPENED}
)
"""
_HAPPENED = f"SELECT EXISTS (SELECT 1 FROM checks WHERE {_OPENED})"
#: The last Z, and the last business day that a release closed which kept no periods.
_LAST_Z = """
SELECT COALESCE(MAX(z_number), 0), COALESCE(MAX(is_period), 0),
  COALESCE(MAX(CASE is_period WHEN 0 THEN business_day END), ''),
  (SELECT closed_at_ms FROM z_report ORDER BY z_number DESC LIMIT 1)
FROM z_report
"""
_NEVER = "~"  # after every day


class _Span(msgspec.Struct, frozen=True):
    """Which rows the open period counts: its number, and the day after which rows without one are its too."""

    period: int
    since: str
    last_z_at_ms: int | None

    @property
    def values(self) -> dict[str, int | str]:
        return {"period": self.period, "since": self.since}


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


def settling(conn: Connection, command: SettlePurse, context: Context) -> Settling:
    """The purse, and the drawer that its cash goes into."""
    return Settling(
        purse=_session(conn, "WHERE s.session_id = ?", (command.session_id,)),
        into=_session(conn, "WHERE s.session_id = ?", (command.into_session_id,)),
    )


def open_period(conn: Connection, command: PrintXReport | CloseDay, context: Context) -> OpenPeriod:
    """The period that has its Z next."""
    span = _span(conn)
    totals = _totals(conn, span, context.business_day)
    _, began_on = conn.execute(_BEGAN, span.values).fetchone()
    (has_checks,) = conn.execute(_HAPPENED, span.values).fetchone()
    names = conn.execute(
        "SELECT CASE s.purse_of WHEN '' THEN s.drawer_name ELSE COALESCE(p.name, s.purse_of) END, s.business_day"
        " FROM drawer_session s LEFT JOIN person p ON p.staff_id = s.purse_of WHERE s.state = 'open' ORDER BY 1"
    )
    return OpenPeriod(
        totals=totals,
        open_drawers=tuple(DrawerLeftOpen(*row) for row in names),
        began_on=began_on,
        last_z_at_ms=_log_began(conn) if span.last_z_at_ms is None else span.last_z_at_ms,
        left_over=LeftOver(
            sold_out=tuple(sold_out_on_other_days(conn, context.business_day).items()),
            are_drafts_paused=were_drafts_left_paused(conn, context.business_day),
        ),
        are_drafts_paused=are_drafts_paused(conn),
        has_happened=bool(has_checks or totals.business_days),
    )


def left_over(conn: Connection, command: BeginDay, context: Context) -> LeftOver:
    """What an earlier business day left behind."""
    return _left_over(conn, context.business_day)


def is_something_left_over(conn: Connection, today: str) -> bool:
    """Whether an earlier business day left something behind."""
    return _left_over(conn, today) != LeftOver()


def totals_so_far(conn: Connection, today: str) -> DayTotals:
    """What an X report says now."""
    return _totals(conn, _span(conn), today)


def _span(conn: Connection) -> _Span:
    number, keeps_periods, last_closed_day, at_ms = conn.execute(_LAST_Z).fetchone()
    return _Span(number + 1, _NEVER if keeps_periods else last_closed_day, at_ms)


def _totals(conn: Connection, span: _Span, today: str) -> DayTotals:
    checks, covers, sales, vat = conn.execute(_SALES, span.values).fetchone()
    voids, voids_minor = conn.execute(_VOIDS, span.values).fetchone()
    tenders = tuple(
        TenderTotal(tender=tender, count=count, amount_minor=amount, tips_minor=tips)
        for tender, count, amount, tips in conn.execute(_TENDERS, span.values)
    )
    open_checks, open_minor = conn.execute(
        "SELECT COUNT(*), COALESCE(SUM(total_minor - paid_minor), 0) FROM checks WHERE state = 'open'"
    ).fetchone()
    (over_short,) = conn.execute(_OVER_SHORT, span.values).fetchone()
    opened_at_ms, _ = conn.execute(_BEGAN, span.values).fetchone()
    business_days = tuple(day for (day,) in conn.execute(_DAYS, span.values))
    return DayTotals(
        business_day=next(iter(business_days), today),
        checks=checks,
        covers=covers,
        sales_minor=sales,
        vat_minor=vat,
        tips_minor=sum(tender.tips_minor for tender in tenders),
        voids=voids,
        voids_minor=voids_minor,
        tenders=tenders,
        vat=tuple(
            VatTotal(vat_bp=bp, gross_minor=gross, vat_minor=part)
            for bp, gross, part in conn.execute(_VAT, span.values)
        ),
        over_short_minor=over_short,
        adjustments=tuple(
            AdjustmentTotal(kind=kind, count=count, amount_minor=amount)
            for kind, count, amount in conn.execute(_ADJUSTMENTS, span.values)
        ),
        open_checks=open_checks,
        open_minor=open_minor,
        period=span.period,
        opened_at_ms=opened_at_ms,
        business_days=business_days,
    )


def _left_over(conn: Connection, today: str) -> LeftOver:
    return LeftOver(
        sold_out=tuple(sold_out_before(conn, today).items()),
        are_drafts_paused=were_drafts_left_paused(conn, today),
    )


def _log_began(conn: Connection) -> int:
    row = conn.execute("SELECT hlc FROM log ORDER BY seq LIMIT 1").fetchone()
    return row[0] >> 16 if row else 0


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
        "purse_of",
        "state",
        "expected_minor",
        "opened_by_name",
        "opened_at_ms",
    )
    return DrawerSession(**dict(zip(fields, row, strict=True)))
