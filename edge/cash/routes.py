"""What a till asks about money over HTTP; everything that changes goes through the door."""

from sqlite3 import Connection
from typing import Any

from litestar import Request, Router, get

from edge.cash.load import totals_so_far
from edge.engine.asks import Authenticate, only_for
from edge.engine.clock import Clock
from edge.engine.lookups import Lookups
from edge.staff.reads import current_day, permissions_on
from shared.answers.staff import SESSION_HEADER
from shared.errors import Rejected
from shared.views.shown import ShownTotals, shown

_TILLS = frozenset({"pos", "console"})


def router(lookups: Lookups, clock: Clock, authenticate: Authenticate) -> Router:
    """GET /reports/x, for tills and the console."""

    @get("/reports/x")
    async def x_report(request: Request[Any, Any, Any]) -> ShownTotals:
        """The totals so far of the open period, for whoever is signed in at a till with `x_report`; prints nothing."""
        asker = authenticate(request.headers.get("authorization", ""))
        only_for(asker, _TILLS)
        if "x_report" not in await lookups.run(permissions_on, asker, request.headers.get(SESSION_HEADER, "")):
            raise Rejected("needs_permission", permission="x_report")
        return await lookups.report(_so_far, clock.now_ms())

    return Router("/", route_handlers=[x_report])


def _so_far(conn: Connection, now_ms: int) -> ShownTotals:
    return shown(totals_so_far(conn, current_day(conn, now_ms)), ShownTotals)
