"""Periods as money sees them: drawer sessions, sales by VAT rate, Z reports."""

from collections.abc import Iterator, Mapping

import msgspec

from shared.entry import Entry
from shared.ops.base import Op
from shared.ops.cash import (
    CashMoved,
    DayClosed,
    DrawerCounted,
    DrawerOpened,
    DrawerOpenedWithoutSale,
    PeriodClosed,
)
from shared.ops.payments import CheckClosed, PaymentTaken, TipGiven
from shared.projections.projection import ProjectOp
from shared.projections.rows import columns_of, empty, row_of
from shared.writes import Add, ColumnType, Put, Set, Table, Value, Write

#: What a session learns when its drawer is counted.
_COUNT: Mapping[str, ColumnType] = {
    "counted_minor": "int",
    "over_short_minor": "int",
    "counted_by": "text",
    "counted_at_ms": "int",
    "counted_day": "text",
    "counted_period": "int",
}
DRAWER_SESSION = Table(
    name="drawer_session",
    key=("session_id",),
    columns={
        "session_id": "text",
        "drawer_id": "text",
        "drawer_name": "text",
        "purse_of": "text",  # "" for a drawer
        "business_day": "text",
        "period": "int",  # in which it was opened; 0 before periods were kept
        "state": "text",  # open or counted
        "float_minor": "int",
        "expected_minor": "int",  # what should lie in it now
        "no_sales": "int",
        "opened_by": "text",
        "opened_at_ms": "int",
        **_COUNT,
    },
    indexes=(
        ("state", "drawer_id"),
        ("counted_day",),
        ("period", "business_day"),
        ("counted_period", "counted_day"),
    ),
)

CASH_MOVEMENT = Table(
    name="cash_movement",
    key=("session_id", "movement_id"),
    columns={
        "session_id": "text",
        "movement_id": "text",  # the entry's id: its number may change
        "seq": "int",  # their order
        "business_day": "text",
        "period": "int",
        "kind": "text",  # drop, payout, cash_in or no_sale
        "amount_minor": "int",  # signed as the drawer feels it
        "reason": "text",
        "moved_by": "text",
        "moved_at_ms": "int",
    },
)

#: By period and day: what releases wrote that kept no periods has the period 0 and only a day.
PERIOD_VAT = Table(
    name="period_vat",
    key=("period", "business_day", "vat_bp"),
    columns={
        "period": "int",
        "business_day": "text",
        "vat_bp": "int",
        "gross_minor": "int",
        "vat_minor": "int",
    },
    tally=True,
)

Z_REPORT = Table(
    name="z_report",
    key=("z_number",),
    columns={
        "z_number": "int",  # of the period
        "business_day": "text",  # the first that it counts something of
        "last_day": "text",  # and the last
        "is_period": "int",  # 0 for the Z of a business day, as releases made it that kept no periods
        "totals": "text",  # JSON DayTotals
        "closed_by": "text",
        "closed_at_ms": "int",
    },
    indexes=(("business_day",), ("is_period", "business_day")),
)

TABLES = (DRAWER_SESSION, CASH_MOVEMENT, PERIOD_VAT, Z_REPORT)


def _opened(entry: Entry, op: DrawerOpened) -> Iterator[Write]:
    begun: dict[str, Value] = {"business_day": entry.business_day, "state": "open", "opened_by": op.by}
    row = row_of(DRAWER_SESSION, op, **empty(_COUNT), **begun, expected_minor=op.float_minor, no_sales=0)
    yield Put("drawer_session", row)


def _taken(entry: Entry, op: PaymentTaken | TipGiven) -> Iterator[Write]:
    if op.drawer_session_id and op.tender == "cash":
        yield _drawer_gains(op.drawer_session_id, op.amount_minor)


def _moved(entry: Entry, op: CashMoved) -> Iterator[Write]:
    signed = op.amount_minor if op.kind == "cash_in" else -op.amount_minor
    yield _drawer_gains(op.session_id, signed)
    yield Put("cash_movement", row_of(CASH_MOVEMENT, op, **_by(entry, op), amount_minor=signed))


def _no_sale(entry: Entry, op: DrawerOpenedWithoutSale) -> Iterator[Write]:
    yield Add("drawer_session", {"session_id": op.session_id}, {"no_sales": 1})
    what: dict[str, Value] = {"kind": "no_sale", "amount_minor": 0, "moved_at_ms": op.opened_at_ms}
    yield Put("cash_movement", row_of(CASH_MOVEMENT, op, **_by(entry, op), **what))


def _by(entry: Entry, op: CashMoved | DrawerOpenedWithoutSale) -> dict[str, Value]:
    return {"movement_id": entry.id.hex(), "seq": entry.seq, "business_day": entry.business_day, "moved_by": op.by}


def _counted(entry: Entry, op: DrawerCounted) -> Iterator[Write]:
    count = columns_of(op, "counted_minor", "over_short_minor", "counted_at_ms")
    count |= {"counted_day": entry.business_day, "counted_period": op.period}
    count |= {"state": "counted", "counted_by": op.by}
    yield Set("drawer_session", {"session_id": op.session_id}, count)


def _sold(entry: Entry, op: CheckClosed) -> Iterator[Write]:
    for part in op.vat:
        yield Add(
            "period_vat",
            {"period": op.period, "business_day": entry.business_day, "vat_bp": part.vat_bp},
            {"gross_minor": part.gross_minor, "vat_minor": part.vat_minor},
        )


def _day_closed(entry: Entry, op: DayClosed) -> Iterator[Write]:
    totals = msgspec.structs.replace(op.totals, period=op.z_number, business_days=(op.business_day,))
    whole = msgspec.structs.replace(op, totals=totals)
    yield Put("z_report", row_of(Z_REPORT, whole, last_day=op.business_day, closed_by=op.by, is_period=0))


def _period_closed(entry: Entry, op: PeriodClosed) -> Iterator[Write]:
    last_day = max(op.totals.business_days, default=op.business_day)
    yield Put("z_report", row_of(Z_REPORT, op, last_day=last_day, closed_by=op.by, is_period=1))


def _drawer_gains(session_id: str, amount_minor: int) -> Add:
    return Add("drawer_session", {"session_id": session_id}, {"expected_minor": amount_minor})


PROJECT: Mapping[type[Op], ProjectOp] = {
    DrawerOpened: _opened,
    PaymentTaken: _taken,
    TipGiven: _taken,
    CashMoved: _moved,
    DrawerOpenedWithoutSale: _no_sale,
    DrawerCounted: _counted,
    CheckClosed: _sold,
    DayClosed: _day_closed,
    PeriodClosed: _period_closed,
}
