"""What owners read. The tenant is the session's; a venue of another tenant is one that does not exist."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import date, timedelta
from typing import Annotated, Any

import msgspec
from litestar import Request, Router, get
from litestar.params import QueryParameter
from litestar.response import ServerSentEvent, ServerSentEventMessage

from cloud.engine.clock import Clock
from cloud.engine.database import AWAY, Connection, Database
from cloud.engine.live import Live
from cloud.rejections import Rejected
from cloud.reports import load, views
from cloud.reports.state import Venue
from cloud.reports.today import today
from shared.answers.reports import (
    AdjustmentReport,
    DailyReport,
    FiguresChanged,
    ItemReport,
    ReportBeat,
    Today,
    VenueAge,
    ZReports,
)

LONGEST_DAYS = 400
BEAT_S = 15.0

AnyRequest = Request[Any, Any, Any]
TenantOf = Callable[[AnyRequest], Awaitable[str]]
VenueQuery = Annotated[
    str | None, QueryParameter(name="venue", description="one venue's id; all when absent", max_length=40)
]
FirstQuery = Annotated[
    str, QueryParameter(name="from", description="the first business day, as 2026-03-05", max_length=10)
]
LastQuery = Annotated[str, QueryParameter(name="to", description="the last business day", max_length=10)]
DayQuery = Annotated[
    str | None, QueryParameter(name="day", description="a business day other than the current", max_length=10)
]


class _Reader:
    """One request's look at a tenant: its venues, and a connection that sees nothing else."""

    def __init__(self, conn: Connection, tenant_id: str, venues: list[Venue]) -> None:
        self.conn = conn
        self.tenant_id = tenant_id
        self.venues = venues
        self.venue_ids = [venue.age.venue_id for venue in venues]
        self.ages = tuple(venue.age for venue in venues)
        self.is_partial = any(age.is_partial for age in self.ages)


def router(database: Database, clock: Clock, live: Live, tenant_of: TenantOf) -> Router:
    """`/api/…`: today, sales by day and by item, adjustments, Z reports, venues, and the stream that says when to look again."""

    @asynccontextmanager
    async def reading(request: AnyRequest, venue_id: str | None) -> AsyncIterator[_Reader]:
        tenant_id = await tenant_of(request)
        async with database.tenant(tenant_id) as conn:
            venues = await load.venues(conn, tenant_id, now_ms=clock.now_ms())
            if venue_id is not None:
                venues = [venue for venue in venues if venue.age.venue_id == venue_id]
                if not venues:
                    raise Rejected("venue_unknown", venue_id=venue_id)
            yield _Reader(conn, tenant_id, venues)

    @get("/today")
    async def get_today(request: AnyRequest, venue: VenueQuery = None, day: DayQuery = None) -> Today:
        """The business day that each venue is in, so far."""
        wanted = _day(day, "day") if day else ""
        async with reading(request, venue) as reader:
            return await today(reader.conn, reader.tenant_id, reader.venues, now_ms=clock.now_ms(), day=wanted)

    @get("/sales/daily")
    async def get_daily(
        request: AnyRequest, first: FirstQuery, last: LastQuery, venue: VenueQuery = None
    ) -> DailyReport:
        """Closed checks by venue and business day."""
        span = _span(first, last)
        async with reading(request, venue) as reader:
            days = await views.daily(reader.conn, reader.tenant_id, reader.venue_ids, **span)
            return DailyReport(days=days, venues=reader.ages, is_partial=reader.is_partial)

    @get("/sales/items")
    async def get_items(
        request: AnyRequest, first: FirstQuery, last: LastQuery, venue: VenueQuery = None
    ) -> ItemReport:
        """What closed checks sold, by item."""
        span = _span(first, last)
        async with reading(request, venue) as reader:
            items = await views.items(reader.conn, reader.tenant_id, reader.venue_ids, **span)
            return ItemReport(items=items, venues=reader.ages, is_partial=reader.is_partial)

    @get("/sales/adjustments")
    async def get_adjustments(
        request: AnyRequest, first: FirstQuery, last: LastQuery, venue: VenueQuery = None
    ) -> AdjustmentReport:
        """Discounts, comps and what was put on top of closed checks, by kind, reason and person."""
        span = _span(first, last)
        async with reading(request, venue) as reader:
            found = await views.adjustments(reader.conn, reader.tenant_id, reader.venue_ids, **span)
            return AdjustmentReport(adjustments=found, venues=reader.ages, is_partial=reader.is_partial)

    @get("/z-reports")
    async def get_z_reports(
        request: AnyRequest, first: FirstQuery, last: LastQuery, venue: VenueQuery = None
    ) -> ZReports:
        """The Zs of closed periods, each under the business days that it counts something of."""
        span = _span(first, last)
        async with reading(request, venue) as reader:
            reports = await views.z_reports(reader.conn, reader.tenant_id, reader.venue_ids, **span)
            return ZReports(reports=reports, venues=reader.ages, is_partial=reader.is_partial)

    @get("/venues")
    async def get_venues(request: AnyRequest) -> tuple[VenueAge, ...]:
        """Every venue of the business, and how far behind the hub is with it."""
        async with reading(request, None) as reader:
            return reader.ages

    return Router(
        "/api",
        route_handlers=[
            get_today,
            get_daily,
            get_items,
            get_adjustments,
            get_z_reports,
            get_venues,
            _live(clock, live, tenant_of),
        ],
    )


def _live(clock: Clock, live: Live, tenant_of: TenantOf) -> Any:
    async def still_signed_in(request: AnyRequest) -> bool:
        try:
            await tenant_of(request)
        except (Rejected, *AWAY):
            return False
        return True

    @get("/live", media_type="text/event-stream")
    async def get_live(request: AnyRequest) -> ServerSentEvent:
        """Server-sent events: `venue` with a `FiguresChanged` when a venue's figures changed, `beat` with a `ReportBeat` at least every 15 s.

        Ends when the session does; 401 then.
        """
        tenant_id = await tenant_of(request)
        if live.is_full(tenant_id):
            raise Rejected("too_fast", retry_after_s=60)

        async def frames() -> AsyncIterator[ServerSentEventMessage]:
            with live.following(tenant_id) as follower:
                yield _frame("beat", ReportBeat(now_ms=clock.now_ms()))
                async for changed in follower.changes(beat_s=BEAT_S):
                    for venue_id, seq in changed.items():
                        yield _frame("venue", FiguresChanged(venue_id=venue_id, seq=seq))
                    if not changed:
                        if not await still_signed_in(request):
                            return
                        yield _frame("beat", ReportBeat(now_ms=clock.now_ms()))

        return ServerSentEvent(frames())

    return get_live


def _frame(event: str, body: msgspec.Struct) -> ServerSentEventMessage:
    return ServerSentEventMessage(event=event, data=msgspec.json.encode(body).decode())


def _span(first: str, last: str) -> dict[str, str]:
    """Both ends as dates.

    Raises:
        Rejected: `malformed`: no dates, the wrong way round, or over `LONGEST_DAYS` apart.
    """
    first, last = _day(first, "from"), _day(last, "to")
    if first > last:
        raise Rejected("malformed", where="from", why="the first day is after the last")
    if date.fromisoformat(last) - date.fromisoformat(first) > timedelta(days=LONGEST_DAYS):
        raise Rejected("malformed", where="to", why=f"over {LONGEST_DAYS} days")
    return {"first": first, "last": last}


def _day(text: str, where: str) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Rejected("malformed", where=where, why="not a date like 2026-03-05") from None
    if day.year < 2000 or day.year > 2200:
        raise Rejected("malformed", where=where, why="not a date like 2026-03-05")
    return day.isoformat()
