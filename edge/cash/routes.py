"""Figures that a till asks for and that no feed carries."""

from collections.abc import Callable
from sqlite3 import Connection
from typing import Any

from litestar import Request, Router, get

from edge.cash.load import day_totals
from edge.engine.asks import Asker
from edge.engine.clock import Clock
from edge.engine.database import ReadPool
from edge.staff.load import current_day, venue_rules
from shared.errors import Rejected
from shared.ops.cash import DayTotals


def router(reads: ReadPool, clock: Clock, authenticate: Callable[[str], Asker]) -> Router:
    """GET /reports/x, for tills."""

    @get("/x")
    async def x_report(request: Request[Any, Any, Any]) -> DayTotals:
        """The totals of the current business day so far; changes nothing, prints nothing."""
        asker = authenticate(request.headers.get("authorization", ""))
        if asker.device_role not in {"pos", "console"}:
            raise Rejected("not_for_device", role=asker.device_role)
        return await reads.run(_today, clock.now_ms())

    return Router("/reports", route_handlers=[x_report])


def _today(conn: Connection, now_ms: int) -> DayTotals:
    return day_totals(conn, current_day(conn, venue_rules(conn), now_ms))
