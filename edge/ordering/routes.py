"""What is asked about checks that are over: the feed carries none but the last few."""

from sqlite3 import Connection
from typing import Annotated, Any

from litestar import Request, Router, get
from litestar.params import FromPath, QueryParameter

from edge.engine.asks import Authenticate, only_for
from edge.engine.lookups import Lookups
from edge.ordering.closed import Search, closed_checks
from edge.ordering.history import history
from edge.ordering.views import checks
from shared.errors import Rejected
from shared.views.past import ClosedChecks, WholeCheck

_SCREENS = frozenset({"waiter", "pos", "console"})

Text = Annotated[
    str, QueryParameter(name="text", description="number, table, name, waiter, dish, amount", max_length=60)
]
Day = Annotated[str, QueryParameter(name="day", description="a business day, as 2026-03-05", max_length=10)]
After = Annotated[str, QueryParameter(name="after", description="the `next` of the page before", max_length=90)]


def router(lookups: Lookups, authenticate: Authenticate) -> Router:
    """GET /checks/closed and GET /checks/{check_id}, for screens that serve and charge."""

    @get("/closed")
    async def closed(
        request: Request[Any, Any, Any], text: Text = "", day: Day = "", after: After = ""
    ) -> ClosedChecks:
        """Closed checks, the last closed first, 30 a page; every word of `text` must be found."""
        only_for(authenticate(request.headers.get("authorization", "")), _SCREENS)
        return await lookups.report(closed_checks, Search(text=text, business_day=day, after=after))

    @get("/{check_id:str}")
    async def whole(request: Request[Any, Any, Any], check_id: FromPath[str]) -> WholeCheck:
        """One check with everything on it and everything that was done on it; 409 `check_unknown` when there is none."""
        only_for(authenticate(request.headers.get("authorization", "")), _SCREENS)
        return await lookups.report(whole_check, check_id)

    return Router("/checks", route_handlers=[closed, whole])


def whole_check(conn: Connection, check_id: str) -> WholeCheck:
    """One check, open or over, with its history.

    Raises:
        Rejected: `check_unknown`.
    """
    check = checks(conn, [check_id]).get(check_id)
    if check is None:
        raise Rejected("check_unknown")
    return WholeCheck(check=check, history=history(conn, check_id))
