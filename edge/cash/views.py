"""Drawer sessions and Z reports, as tills see them."""

from collections import defaultdict
from collections.abc import Mapping
from sqlite3 import Connection

import msgspec

from edge.engine.slice import View
from shared.views.money import CashMovementView, DrawerView, ZReportView
from shared.views.shown import ShownTotals

_totals = msgspec.json.Decoder(ShownTotals)
_MOST_DRAWERS = 60  # sessions: those that are open, and those counted on the last day that one was
_KEPT_Z_REPORTS = 60  # two months of closings on a till; older ones are the hub's


def drawers(conn: Connection, session_ids: list[str]) -> Mapping[str, DrawerView]:
    """Drawer sessions by id. What should lie in one is told only after its count."""
    marks = ",".join("?" * len(session_ids))
    movements: dict[str, list[CashMovementView]] = defaultdict(list)
    for session_id, kind, amount, reason, name, at_ms in conn.execute(
        "SELECT m.session_id, m.kind, m.amount_minor, m.reason, COALESCE(p.name, ''), m.moved_at_ms"
        " FROM cash_movement m LEFT JOIN person p ON p.staff_id = m.moved_by"
        f" WHERE m.session_id IN ({marks}) ORDER BY m.seq",
        session_ids,
    ):
        movements[session_id].append(
            CashMovementView(
                kind=kind,
                amount_minor=amount,
                reason=reason,
                by_name=name,
                moved_at_ms=at_ms,
            )
        )
    rows = conn.execute(
        "SELECT s.session_id, s.drawer_id, s.drawer_name, s.purse_of, COALESCE(o.name, ''), s.state, s.float_minor, s.opened_by, COALESCE(p.name, ''),"
        " s.opened_at_ms, s.no_sales, s.expected_minor, s.counted_minor, s.over_short_minor, s.counted_at_ms, s.business_day"
        " FROM drawer_session s LEFT JOIN person p ON p.staff_id = s.opened_by"
        " LEFT JOIN person o ON o.staff_id = s.purse_of"
        f" WHERE s.session_id IN ({marks})",
        session_ids,
    )
    return {row[0]: _drawer(row, tuple(movements[row[0]])) for row in rows}


def z_reports(conn: Connection, numbers: list[str]) -> Mapping[str, ZReportView]:
    """Closed periods by number."""
    marks = ",".join("?" * len(numbers))
    rows = conn.execute(
        "SELECT z.z_number, z.business_day, z.totals, COALESCE(p.name, ''), z.closed_at_ms"
        " FROM z_report z LEFT JOIN person p ON p.staff_id = z.closed_by"
        f" WHERE z.z_number IN ({marks})",
        [int(number) for number in numbers],
    )
    return {
        str(number): ZReportView(
            business_day=day,
            z_number=number,
            totals=_totals.decode(totals),
            closed_by_name=name,
            closed_at_ms=at_ms,
        )
        for number, day, totals, name, at_ms in rows
    }


def _drawer(row: tuple[object, ...], movements: tuple[CashMovementView, ...]) -> DrawerView:
    fields = (
        "session_id", "drawer_id", "drawer_name", "purse_of", "purse_of_name", "state", "float_minor", "opened_by", "opened_by_name",
        "opened_at_ms", "no_sales", "expected_minor", "counted_minor", "over_short_minor", "counted_at_ms",
        "business_day",
    )  # fmt: skip
    values = dict(zip(fields, row, strict=True))
    if values["state"] == "open":
        values |= {
            "expected_minor": None,
            "counted_minor": None,
            "over_short_minor": None,
        }
    return DrawerView(**values, movements=movements)  # type: ignore[arg-type]  # columns are as the table declares


def _current_drawers(conn: Connection) -> list[str]:
    rows = conn.execute(
        "SELECT session_id FROM drawer_session WHERE state = 'open' OR (counted_period, counted_day) ="
        " (SELECT counted_period, counted_day FROM drawer_session WHERE state = 'counted' ORDER BY 1 DESC, 2 DESC LIMIT 1)"
        " ORDER BY opened_at_ms DESC LIMIT ?",
        (_MOST_DRAWERS,),
    )
    return [session_id for (session_id,) in rows]


def _current_z_reports(conn: Connection) -> list[str]:
    rows = conn.execute(
        "SELECT z_number FROM z_report ORDER BY z_number DESC LIMIT ?",
        (_KEPT_Z_REPORTS,),
    )
    return [str(number) for (number,) in rows]


DRAWERS = View(
    kind="drawer",
    roles=frozenset({"pos", "waiter", "console"}),
    touches={
        "drawer_session": lambda key: str(key["session_id"]),
        "cash_movement": lambda key: str(key["session_id"]),
    },
    load=drawers,
    current=_current_drawers,
)
Z_REPORTS = View(
    kind="z_report",
    roles=frozenset({"pos", "console"}),
    touches={"z_report": lambda key: str(key["z_number"])},
    load=z_reports,
    current=_current_z_reports,
)
