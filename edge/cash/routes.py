"""What a till asks about money over HTTP; everything that changes goes through the door."""

from sqlite3 import Connection
from typing import Any

from litestar import Request, Router, get

from edge.cash.load import day_to_close, day_totals
from edge.engine.asks import Authenticate, only_for
from edge.engine.clock import Clock
from edge.engine.lookups import Lookups
from edge.staff.reads import current_day
from shared.views.shown import ShownTotals, shown

_TILLS = frozenset({"pos", "console"})


def router(lookups: Lookups, clock: Clock, authenticate: Authenticate) -> Router:
    """GET /reports/x, for tills and the console."""

    @get("/reports/x")
    async def x_report(request: Request[Any, Any, Any]) -> ShownTotals:
        """The totals so far of the day that has its Z next, for tills; changes nothing, prints nothing."""
        only_for(authenticate(request.headers.get("authorization", "")), _TILLS)
        return await lookups.report(unclosed, clock.now_ms())

    return Router("/", route_handlers=[x_report])


def unclosed(conn: Connection, now_ms: int) -> ShownTotals:
    """What has not had its Z yet."""
    return shown(day_totals(conn, day_to_close(conn, current_day(conn, now_ms))), ShownTotals)
