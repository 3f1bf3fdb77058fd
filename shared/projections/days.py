"""Business days as money sees them: drawer sessions, sales by VAT rate, Z reports."""

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
)
from shared.ops.payments import CheckClosed, PaymentTaken, TipGiven
from shared.projections.projection import ProjectOp
from shared.writes import Add, Put, Set, Table, Write

DRAWER_SESSION = Table(
    name="drawer_session",
    key=("session_id",),
    columns={
        "session_id": "text",
        "drawer_id": "text",
        "drawer_name": "text",
        "business_day": "text",
        "state": "text",  # open or counted
        "float_minor": "int",
        "expected_minor": "int",  # what should lie in it now
        "counted_minor": "int",
        "over_short_minor": "int",
        "no_sales": "int",
        "opened_by": "text",
        "opened_at_ms": "int",
        "counted_by": "text",
        "counted_at_ms": "int",
        "counted_day": "text",
    },
    indexes=(("state", "drawer_id"), ("counted_day",)),
)

CASH_MOVEMENT = Table(
    name="cash_movement",
    key=("session_id", "seq"),
    columns={
        "session_id": "text",
        "seq": "int",
        "business_day": "text",
        "kind": "text",  # drop, payout, cash_in or no_sale
        "amount_minor": "int",  # signed as the drawer feels it
        "reason": "text",
        "moved_by": "text",
        "moved_at_ms": "int",
    },
)

DAY_VAT = Table(
    name="day_vat",
    key=("business_day", "vat_bp"),
    columns={
        "business_day": "text",
        "vat_bp": "int",
        "gross_minor": "int",
        "vat_minor": "int",
    },
    tally=True,
)

Z_REPORT = Table(
    name="z_report",
    key=("business_day",),
    columns={
        "business_day": "text",
        "z_number": "int",
        "totals": "text",  # JSON DayTotals
        "closed_by": "text",
        "closed_at_ms": "int",
    },
    indexes=(("z_number",),),
)

TABLES = (DRAWER_SESSION, CASH_MOVEMENT, DAY_VAT, Z_REPORT)


def _opened(entry: Entry, op: DrawerOpened) -> Iterator[Write]:
    yield Put(
        "drawer_session",
        {
            "session_id": op.session_id,
            "drawer_id": op.drawer_id,
            "drawer_name": op.drawer_name,
            "business_day": entry.business_day,
            "state": "open",
            "float_minor": op.float_minor,
            "expected_minor": op.float_minor,
            "counted_minor": 0,
            "over_short_minor": 0,
            "no_sales": 0,
            "opened_by": op.by,
            "opened_at_ms": op.opened_at_ms,
            "counted_by": "",
            "counted_at_ms": 0,
            "counted_day": "",
        },
    )


def _taken(entry: Entry, op: PaymentTaken | TipGiven) -> Iterator[Write]:
    if op.drawer_session_id and op.tender == "cash":
        yield _drawer_gains(op.drawer_session_id, op.amount_minor)


def _moved(entry: Entry, op: CashMoved) -> Iterator[Write]:
    signed = op.amount_minor if op.kind == "cash_in" else -op.amount_minor
    yield _drawer_gains(op.session_id, signed)
    yield _movement(entry, op.session_id, op.kind, signed, op.reason, op.by, op.moved_at_ms)


def _no_sale(entry: Entry, op: DrawerOpenedWithoutSale) -> Iterator[Write]:
    yield Add("drawer_session", {"session_id": op.session_id}, {"no_sales": 1})
    yield _movement(entry, op.session_id, "no_sale", 0, op.reason, op.by, op.opened_at_ms)


def _counted(entry: Entry, op: DrawerCounted) -> Iterator[Write]:
    yield Set(
        "drawer_session",
        {"session_id": op.session_id},
        {
            "state": "counted",
            "counted_minor": op.counted_minor,
            "over_short_minor": op.over_short_minor,
            "counted_by": op.by,
            "counted_at_ms": op.counted_at_ms,
            "counted_day": entry.business_day,
        },
    )


def _sold(entry: Entry, op: CheckClosed) -> Iterator[Write]:
    for part in op.vat:
        yield Add(
            "day_vat",
            {"business_day": entry.business_day, "vat_bp": part.vat_bp},
            {"gross_minor": part.gross_minor, "vat_minor": part.vat_minor},
        )


def _closed(entry: Entry, op: DayClosed) -> Iterator[Write]:
    yield Put(
        "z_report",
        {
            "business_day": op.business_day,
            "z_number": op.z_number,
            "totals": msgspec.json.encode(op.totals).decode(),
            "closed_by": op.by,
            "closed_at_ms": op.closed_at_ms,
        },
    )


def _drawer_gains(session_id: str, amount_minor: int) -> Add:
    return Add("drawer_session", {"session_id": session_id}, {"expected_minor": amount_minor})


def _movement(
    entry: Entry,
    session_id: str,
    kind: str,
    amount_minor: int,
    reason: str,
    by: str,
    at_ms: int,
) -> Put:
    return Put(
        "cash_movement",
        {
            "session_id": session_id,
            "seq": entry.seq,
            "business_day": entry.business_day,
            "kind": kind,
            "amount_minor": amount_minor,
            "reason": reason,
            "moved_by": by,
            "moved_at_ms": at_ms,
        },
    )


PROJECT: Mapping[type[Op], ProjectOp] = {
    DrawerOpened: _opened,
    PaymentTaken: _taken,
    TipGiven: _taken,
    CashMoved: _moved,
    DrawerOpenedWithoutSale: _no_sale,
    DrawerCounted: _counted,
    CheckClosed: _sold,
    DayClosed: _closed,
}
