"""Tallies that reports read: sales by hour and by item, and what was voided. Training is in none of them."""

from collections.abc import Iterator

from shared.entry import Entry
from shared.folds.totals import COVER_ITEM
from shared.ops import Op
from shared.ops.ordering import LineVoided
from shared.ops.payments import CheckClosed
from shared.writes import Add, Table, Write

SALES_HOUR = Table(
    name="sales_hour",
    key=("business_day", "hour"),
    columns={
        "business_day": "text",
        "hour": "int",  # local, 0 to 23
        "checks": "int",
        "covers": "int",
        "lines": "int",  # the cover charge is none
        "quantity": "int",
        "gross_minor": "int",
        "vat_minor": "int",
        "tips_minor": "int",
    },
    tally=True,
)

SALES_ITEM = Table(
    name="sales_item",
    key=("business_day", "item_id", "name", "category_id"),
    columns={
        "business_day": "text",
        "item_id": "text",
        "name": "text",
        "category_id": "text",
        "lines": "int",
        "quantity": "int",
        "gross_minor": "int",
        "vat_minor": "int",
    },
    tally=True,
)

DAY_VOID = Table(
    name="day_void",
    key=("business_day", "was_sent"),
    columns={"business_day": "text", "was_sent": "int", "voids": "int", "quantity": "int", "gross_minor": "int"},
    tally=True,
)

TABLES = (SALES_HOUR, SALES_ITEM, DAY_VOID)


def project(entry: Entry, op: Op) -> Iterator[Write]:
    """The sums that an entry adds to."""
    if entry.training:
        return
    match op:
        case CheckClosed():
            yield from _sold(entry.business_day, op)
        case LineVoided():
            yield Add(
                "day_void",
                {"business_day": entry.business_day, "was_sent": int(op.was_sent)},
                {"voids": 1, "quantity": op.quantity, "gross_minor": op.gross_minor},
            )


def _sold(business_day: str, op: CheckClosed) -> Iterator[Write]:
    dishes = [item for item in op.items if item.item_id != COVER_ITEM]
    yield Add(
        "sales_hour",
        {"business_day": business_day, "hour": op.hour},
        {
            "checks": 1,
            "covers": op.covers,
            "lines": sum(item.lines for item in dishes),
            "quantity": sum(item.quantity for item in dishes),
            "gross_minor": op.total_minor,
            "vat_minor": op.vat_minor,
            "tips_minor": op.tips_minor,
        },
    )
    for item in op.items:
        yield Add(
            "sales_item",
            {
                "business_day": business_day,
                "item_id": item.item_id,
                "name": item.name,
                "category_id": item.category_id,
            },
            {
                "lines": item.lines,
                "quantity": item.quantity,
                "gross_minor": item.gross_minor,
                "vat_minor": item.vat_minor,
            },
        )
