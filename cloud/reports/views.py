"""Figures out of the projected tables. Days are pairs of a venue and its own business day."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import msgspec

from cloud.engine.database import Connection, rows
from cloud.reports.project import month_of
from cloud.reports.state import with_average
from shared.answers.reports import AdjustmentSales, Attention, DaySales, Figures, HourSales, ItemSales, ZReport
from shared.views.shown import ShownTotals

Days = Sequence[tuple[str, str]]  # venue and business day

TOP_ITEMS = 20
MOST_ATTENTION = 20
_ITEM_COLUMNS = "item_id, name, category_id, lines, quantity, gross_minor, vat_minor, adjusted_minor"
_ITEMS_BY_MONTH = f"SELECT {_ITEM_COLUMNS} FROM sales_item_month WHERE tenant_id = %s AND venue_id = ANY(%s) AND month >= %s AND month < %s"
_ITEMS_BY_DAY = (
    f"SELECT {_ITEM_COLUMNS} FROM sales_item"
    " WHERE tenant_id = %s AND venue_id = ANY(%s) AND business_day >= %s AND business_day < %s"
)
_Z_COLUMNS = "z.venue_id, z.business_day, z_number, totals, closed_by, closed_at_ms"
_totals = msgspec.json.Decoder(ShownTotals).decode
_WANTED = "unnest(%s::text[], %s::text[]) AS w (venue_id, business_day)"


async def figures_by_venue(conn: Connection, tenant_id: str, days: Days) -> dict[str, Figures]:
    """The sums of each venue's day; a venue that sold nothing has zeros."""
    sales = {
        venue_id: sums
        for venue_id, *sums in await rows(
            conn,
            "SELECT s.venue_id, gross_minor, vat_minor, checks, covers, tips_minor"
            f" FROM sales_day s JOIN {_WANTED} USING (venue_id, business_day) WHERE s.tenant_id = %s",
            (*_columns(days), tenant_id),
        )
    }
    voids = {
        venue_id: (count, gross_minor)
        for venue_id, count, gross_minor in await rows(
            conn,
            f"SELECT s.venue_id, SUM(voids)::bigint, SUM(gross_minor)::bigint FROM day_void s JOIN {_WANTED}"
            " USING (venue_id, business_day) WHERE s.tenant_id = %s GROUP BY s.venue_id",
            (*_columns(days), tenant_id),
        )
    }
    return {venue_id: _figures(sales.get(venue_id, [0] * 5), voids.get(venue_id, (0, 0))) for venue_id, _ in days}


async def open_by_venue(conn: Connection, tenant_id: str) -> dict[str, tuple[int, int]]:
    """How many checks are open at each venue, and what they still owe."""
    return {
        venue_id: (count, owed_minor)
        for venue_id, count, owed_minor in await rows(
            conn,
            "SELECT venue_id, COUNT(*), SUM(total_minor - paid_minor)::bigint FROM checks"
            " WHERE tenant_id = %s AND state = 'open' GROUP BY venue_id",
            (tenant_id,),
        )
    }


async def hours(conn: Connection, tenant_id: str, days: Days) -> tuple[HourSales, ...]:
    """Sales by local hour, over all the days together."""
    return tuple(
        HourSales(hour=hour, sales_minor=gross_minor, checks=checks, covers=covers)
        for hour, gross_minor, checks, covers in await rows(
            conn,
            "SELECT hour, SUM(gross_minor)::bigint, SUM(checks)::bigint, SUM(covers)::bigint"
            f" FROM sales_hour s JOIN {_WANTED} USING (venue_id, business_day)"
            " WHERE s.tenant_id = %s GROUP BY hour ORDER BY hour",
            (*_columns(days), tenant_id),
        )
    )


async def top_items(conn: Connection, tenant_id: str, days: Days) -> tuple[ItemSales, ...]:
    """What sold most, by money."""
    found = await rows(
        conn,
        "SELECT item_id, name, category_id, SUM(lines)::bigint, SUM(quantity)::bigint, SUM(gross_minor)::bigint,"
        f" SUM(vat_minor)::bigint, SUM(adjusted_minor)::bigint FROM sales_item s JOIN {_WANTED} USING (venue_id, business_day) WHERE s.tenant_id = %s"
        " GROUP BY item_id, name, category_id ORDER BY 6 DESC, name LIMIT %s",
        (*_columns(days), tenant_id, TOP_ITEMS),
    )
    return tuple(map(_item, found))


async def drawers_off(conn: Connection, tenant_id: str, days: Days) -> list[Attention]:
    """Drawers that held more or less than they should, the worst first."""
    return [
        Attention(
            kind="drawer", venue_id=venue_id, venue_name="", name=name, amount_minor=amount_minor, by=by, at_ms=at_ms
        )
        for venue_id, name, amount_minor, by, at_ms in await rows(
            conn,
            "SELECT d.venue_id, drawer_name, over_short_minor, counted_by, counted_at_ms FROM drawer_session d"
            f" JOIN {_WANTED} ON d.venue_id = w.venue_id AND d.counted_day = w.business_day"
            " WHERE d.tenant_id = %s AND over_short_minor <> 0 ORDER BY abs(over_short_minor) DESC LIMIT %s",
            (*_columns(days), tenant_id, MOST_ATTENTION),
        )
    ]


async def big_voids(conn: Connection, tenant_id: str, days: Days) -> list[Attention]:
    """Voids of what the kitchen had, worth at least what the venue's guests spend on average that day; the dearest first."""
    return [
        Attention(
            kind="void",
            venue_id=venue_id,
            venue_name="",
            name=name,
            amount_minor=amount_minor,
            reason=reason,
            by=by,
            at_ms=at_ms,
        )
        for venue_id, name, amount_minor, reason, by, at_ms in await rows(
            conn,
            "SELECT l.venue_id, l.name, l.gross_minor, l.reason, l.voided_by, l.voided_at_ms FROM line_void l"
            f" JOIN {_WANTED} USING (venue_id, business_day) LEFT JOIN sales_day s"
            " ON s.tenant_id = l.tenant_id AND s.venue_id = l.venue_id AND s.business_day = l.business_day"
            " WHERE l.tenant_id = %s AND l.was_sent = 1"
            " AND l.gross_minor * COALESCE(s.covers, 0) >= COALESCE(s.gross_minor, 0)"
            " ORDER BY l.gross_minor DESC, l.voided_at_ms LIMIT %s",
            (*_columns(days), tenant_id, MOST_ATTENTION),
        )
    ]


async def backups_wrong(conn: Connection, tenant_id: str, venue_ids: Sequence[str]) -> list[Attention]:
    """Venues whose last backup is no good, or is not in its second place; when the last good one was made."""
    return [
        Attention(
            kind="backup",
            venue_id=venue_id,
            venue_name="",
            name=f"copy_{copied}" if copied else f"check_{checked}" if checked else f"second_{second}",
            at_ms=good_at_ms or 0,
        )
        for venue_id, copied, checked, second, good_at_ms in await rows(
            conn,
            "SELECT l.venue_id, l.copied, l.checked, l.second, g.made_at_ms FROM backup l LEFT JOIN backup g"
            " ON g.tenant_id = l.tenant_id AND g.venue_id = l.venue_id AND g.which = 'good'"
            " WHERE l.tenant_id = %s AND l.venue_id = ANY(%s) AND l.which = 'last'"
            " AND (l.copied <> '' OR l.checked <> '' OR l.second NOT IN ('', 'unset')) ORDER BY l.venue_id",
            (tenant_id, list(venue_ids)),
        )
    ]


async def daily(
    conn: Connection, tenant_id: str, venue_ids: Sequence[str], *, first: str, last: str
) -> tuple[DaySales, ...]:
    """Sales by venue and business day."""
    found = await rows(
        conn,
        "SELECT venue_id, business_day, checks, covers, lines, quantity, gross_minor, vat_minor, tips_minor FROM sales_day"
        " WHERE tenant_id = %s AND venue_id = ANY(%s) AND business_day BETWEEN %s AND %s ORDER BY business_day, venue_id",
        (tenant_id, list(venue_ids), first, last),
        binary=True,
    )
    # Spelled out because there may be forty thousand: five times as fast as by the names of the fields.
    return tuple(
        DaySales(
            venue_id=venue_id,
            business_day=business_day,
            checks=checks,
            covers=covers,
            lines=lines,
            quantity=quantity,
            gross_minor=gross_minor,
            vat_minor=vat_minor,
            tips_minor=tips_minor,
        )
        for venue_id, business_day, checks, covers, lines, quantity, gross_minor, vat_minor, tips_minor in found
    )


async def items(
    conn: Connection, tenant_id: str, venue_ids: Sequence[str], *, first: str, last: str
) -> tuple[ItemSales, ...]:
    """Sales by item, by money: whole months from their own sums, the days before and after them one by one."""
    months, *ends = parts_of(first, last)
    venues = (tenant_id, list(venue_ids))
    found = await rows(
        conn,
        "SELECT item_id, name, category_id, SUM(lines)::bigint, SUM(quantity)::bigint, SUM(gross_minor)::bigint,"
        f" SUM(vat_minor)::bigint, SUM(adjusted_minor)::bigint FROM ({_ITEMS_BY_MONTH} UNION ALL {_ITEMS_BY_DAY} UNION ALL {_ITEMS_BY_DAY}) AS part"
        " GROUP BY item_id, name, category_id ORDER BY 6 DESC, name, item_id",
        tuple(value for span in (months, *ends) for value in (*venues, *span)),
    )
    return tuple(map(_item, found))


async def adjustments(
    conn: Connection, tenant_id: str, venue_ids: Sequence[str], *, first: str, last: str
) -> tuple[AdjustmentSales, ...]:
    """What was given and put on top, the most given first of each day."""
    found = await rows(
        conn,
        "SELECT venue_id, business_day, kind, reason, given_by, approved_by, adjustments, amount_minor"
        " FROM day_adjustment WHERE tenant_id = %s AND venue_id = ANY(%s) AND business_day BETWEEN %s AND %s"
        " ORDER BY business_day, venue_id, amount_minor, kind, reason, given_by, approved_by",
        (tenant_id, list(venue_ids), first, last),
    )
    return tuple(AdjustmentSales(**dict(zip(AdjustmentSales.__struct_fields__, row, strict=True))) for row in found)


async def z_reports(
    conn: Connection, tenant_id: str, venue_ids: Sequence[str], *, first: str, last: str
) -> tuple[ZReport, ...]:
    """The Zs that count something of these days, a venue's latest first. One that came late counts several."""
    found = await rows(
        conn,
        f"SELECT {_Z_COLUMNS} FROM z_report z"
        " WHERE tenant_id = %s AND venue_id = ANY(%s) AND last_day >= %s AND business_day <= %s"
        " ORDER BY business_day DESC, z_number DESC, venue_id",
        (tenant_id, list(venue_ids), first, last),
    )
    return tuple(map(_z_report, found))


async def closings(conn: Connection, tenant_id: str, days: Days) -> tuple[ZReport, ...]:
    """The Zs that count something of each venue's day, by venue and number."""
    found = await rows(
        conn,
        f"SELECT {_Z_COLUMNS} FROM z_report z JOIN {_WANTED} ON z.venue_id = w.venue_id"
        " AND z.business_day <= w.business_day AND z.last_day >= w.business_day"
        " WHERE z.tenant_id = %s ORDER BY z.venue_id, z_number",
        (*_columns(days), tenant_id),
    )
    return tuple(map(_z_report, found))


def parts_of(first: str, last: str) -> tuple[tuple[str, str], tuple[str, str], tuple[str, str]]:
    """The whole months from one day to another, the days before them and the days after them: where each begins and ends.

    The end is the first that does not belong to it. As texts compare, a month comes before its own days.
    """
    after_last = (date.fromisoformat(last) + timedelta(days=1)).isoformat()
    is_whole = first.endswith("-01")
    begin = month_of(
        first if is_whole else (date.fromisoformat(f"{month_of(first)}-01") + timedelta(days=31)).isoformat()
    )
    end = max(begin, month_of(after_last))
    return (begin, end), (first, min(begin, after_last)), (max(first, end), after_last)


def _figures(sales: Sequence[int], voids: tuple[int, int]) -> Figures:
    sales_minor, vat_minor, checks, covers, tips_minor = sales
    return with_average(
        Figures(
            sales_minor=sales_minor,
            vat_minor=vat_minor,
            checks=checks,
            covers=covers,
            tips_minor=tips_minor,
            voids=voids[0],
            voids_minor=voids[1],
        )
    )


def _z_report(row: tuple[Any, ...]) -> ZReport:
    venue_id, business_day, z_number, totals, closed_by, closed_at_ms = row
    return ZReport(
        venue_id=venue_id,
        business_day=business_day,
        z_number=z_number,
        totals=_totals(totals),
        closed_by=closed_by,
        closed_at_ms=closed_at_ms,
    )


def _item(row: tuple[Any, ...]) -> ItemSales:
    return ItemSales(**dict(zip(ItemSales.__struct_fields__, row, strict=True)))


def _columns(days: Days) -> tuple[list[str], list[str]]:
    return [venue_id for venue_id, _ in days], [day for _, day in days]
