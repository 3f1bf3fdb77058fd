"""Puts a day together: the figures of every venue, each with its own business day and its own age."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from msgspec.structs import replace

from cloud.engine.database import Connection
from cloud.reports import views
from cloud.reports.state import Venue, total_of
from shared.answers.reports import Attention, Today, VenueToday


async def today(conn: Connection, tenant_id: str, venues: Sequence[Venue], *, now_ms: int, day: str = "") -> Today:
    """The business day each venue is in, or `day` at all of them."""
    days = [(venue.age.venue_id, day or venue.today(now_ms)) for venue in venues]
    week_before = [(venue_id, _week_before(one)) for venue_id, one in days]
    figures = await views.figures_by_venue(conn, tenant_id, days)
    before = await views.figures_by_venue(conn, tenant_id, week_before)
    open_checks = await views.open_by_venue(conn, tenant_id)
    attention = [
        *await views.backups_wrong(conn, tenant_id, [venue_id for venue_id, _ in days]),
        *await views.drawers_off(conn, tenant_id, days),
        *await views.big_voids(conn, tenant_id, days),
    ]
    parts = tuple(
        VenueToday(
            venue_id=venue_id,
            name=venue.age.name,
            business_day=business_day,
            timezone=venue.timezone,
            cutover_min=venue.cutover_min,
            currency=venue.currency,
            figures=figures[venue_id],
            open_checks=open_checks.get(venue_id, (0, 0))[0],
            open_minor=open_checks.get(venue_id, (0, 0))[1],
            age=venue.age,
        )
        for venue, (venue_id, business_day) in zip(venues, days, strict=True)
    )
    return Today(
        now_ms=now_ms,
        currency=_common(venue.currency for venue in venues),
        total=total_of(figures.values()),
        last_week=total_of(before.values()),
        hours=await views.hours(conn, tenant_id, days),
        last_week_hours=await views.hours(conn, tenant_id, week_before),
        items=await views.top_items(conn, tenant_id, days),
        attention=_attention(venues, attention),
        venues=parts,
        is_partial=any(venue.age.is_partial for venue in venues),
        closings=await views.closings(conn, tenant_id, days),
    )


def _attention(venues: Sequence[Venue], found: Sequence[Attention]) -> tuple[Attention, ...]:
    """Venues that are not heard or not counted first, then backups, drawers and voids."""
    names = {venue.age.venue_id: venue.age.name for venue in venues}
    links = [
        Attention(
            kind="trouble" if venue.age.trouble else "silent",
            venue_id=venue.age.venue_id,
            venue_name=venue.age.name,
            name=venue.age.trouble,
            at_ms=venue.age.last_seen_ms,
        )
        for venue in venues
        if venue.age.trouble or venue.age.is_silent
    ]
    return (*links, *(replace(one, venue_name=names[one.venue_id]) for one in found))


def _common(currencies: Iterable[str]) -> str:
    different = {currency for currency in currencies if currency}
    return different.pop() if len(different) == 1 else ""


def _week_before(day: str) -> str:
    return (date.fromisoformat(day) - timedelta(days=7)).isoformat()
