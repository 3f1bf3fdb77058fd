"""Tallies that reports read: sales by hour, by day and by item, what was voided, and what was given. Training is in none.

A year of a hundred venues is read in one request, so days and months have sums of their own: adding up hours and days on
reading would take a second and more.
"""

from collections.abc import Iterator, Mapping

from shared.entry import Entry
from shared.folds.totals import COVER_ITEM
from shared.ops.base import Op
from shared.ops.ordering import LineVoided
from shared.ops.payments import CheckClosed
from shared.projections.projection import ProjectOp
from shared.writes import Add, ColumnType, Table, Write

_SALES: dict[str, ColumnType] = {
    "checks": "int",
    "covers": "int",
    "lines": "int",  # the cover charge is none
    "quantity": "int",
    "gross_minor": "int",  # after adjustments
    "vat_minor": "int",
    "tips_minor": "int",
}
_ITEM: dict[str, ColumnType] = {"item_id": "text", "name": "text", "category_id": "text"}
_ITEM_SALES: dict[str, ColumnType] = {
    "lines": "int",
    "quantity": "int",
    "gross_minor": "int",  # what it was sold for: after its share of adjustments
    "adjusted_minor": "int",  # that share
    "vat_minor": "int",
}

SALES_HOUR = Table(
    name="sales_hour",
    key=("business_day", "hour"),
    columns={"business_day": "text", "hour": "int", **_SALES},  # local, 0 to 23
    tally=True,
)

SALES_DAY = Table(
    name="sales_day",
    key=("business_day",),
    columns={"business_day": "text", **_SALES},
    tally=True,
)

SALES_ITEM = Table(
    name="sales_item",
    key=("business_day", *_ITEM),
    columns={"business_day": "text", **_ITEM, **_ITEM_SALES},
    tally=True,
)

SALES_ITEM_MONTH = Table(
    name="sales_item_month",
    key=("month", *_ITEM),
    columns={"month": "text", **_ITEM, **_ITEM_SALES},  # as 2026-03, of the business day
    tally=True,
)

DAY_VOID = Table(
    name="day_void",
    key=("business_day", "was_sent"),
    columns={"business_day": "text", "was_sent": "int", "voids": "int", "quantity": "int", "gross_minor": "int"},
    tally=True,
)

DAY_ADJUSTMENT = Table(
    name="day_adjustment",
    key=("business_day", "kind", "reason", "given_by", "approved_by"),
    columns={
        "business_day": "text",
        "kind": "text",
        "reason": "text",
        "given_by": "text",
        "approved_by": "text",
        "adjustments": "int",
        "amount_minor": "int",  # as the sales feel it
    },
    tally=True,
)

TABLES = (SALES_HOUR, SALES_DAY, SALES_ITEM, SALES_ITEM_MONTH, DAY_VOID, DAY_ADJUSTMENT)


def _voided(entry: Entry, op: LineVoided) -> Iterator[Write]:
    if entry.training:
        return
    yield Add(
        "day_void",
        {"business_day": entry.business_day, "was_sent": int(op.was_sent)},
        {"voids": 1, "quantity": op.quantity, "gross_minor": op.gross_minor},
    )


def _sold(entry: Entry, op: CheckClosed) -> Iterator[Write]:
    if entry.training:
        return
    business_day = entry.business_day
    dishes = [item for item in op.items if item.item_id != COVER_ITEM]
    sales = {
        "checks": 1,
        "covers": op.covers,
        "lines": sum(item.lines for item in dishes),
        "quantity": sum(item.quantity for item in dishes),
        "gross_minor": op.total_minor,
        "vat_minor": op.vat_minor,
        "tips_minor": op.tips_minor,
    }
    yield Add("sales_hour", {"business_day": business_day, "hour": op.hour}, sales)
    yield Add("sales_day", {"business_day": business_day}, sales)
    for item in op.items:
        name = "" if item.item_id == COVER_ITEM else item.name  # before 2026.12 it was named in Spanish
        which = {"item_id": item.item_id, "name": name, "category_id": item.category_id}
        sold = {
            "lines": item.lines,
            "quantity": item.quantity,
            "gross_minor": item.gross_minor + item.adjusted_minor,
            "adjusted_minor": item.adjusted_minor,
            "vat_minor": item.vat_minor,
        }
        yield Add("sales_item", {"business_day": business_day, **which}, sold)
        yield Add("sales_item_month", {"month": month_of(business_day), **which}, sold)
    for one in op.adjustments:
        given = {"kind": one.kind, "reason": one.reason, "given_by": one.by, "approved_by": one.approved_by}
        sums = {"adjustments": 1, "amount_minor": one.amount_minor}
        yield Add("day_adjustment", {"business_day": business_day, **given}, sums)


def month_of(business_day: str) -> str:
    """2026-03 of 2026-03-05."""
    return business_day[:7]


PROJECT: Mapping[type[Op], ProjectOp] = {LineVoided: _voided, CheckClosed: _sold}
