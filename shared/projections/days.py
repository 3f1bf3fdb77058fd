"""Business days as money sees them: drawer sessions, sales by VAT rate, Z reports."""

from collections.abc import Iterator

import msgspec

from shared.entry import Entry
from shared.ops import Op
from shared.ops.cash import (
    CashMoved,
    DayClosed,
    DrawerCounted,
    DrawerOpened,
    DrawerOpenedWithoutSale,
)
from shared.ops.payments import CheckClosed, PaymentTaken, TipGiven
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


def project(entry: Entry, op: Op) -> Iterator[Write]:
    """The rows that an entry changes."""
    match op:
        case DrawerOpened():
            yield _opened(entry, op)
        case PaymentTaken() if op.drawer_session_id and op.tender == "cash":
            yield _drawer_gains(op.drawer_session_id, op.amount_minor)
        case TipGiven() if op.drawer_session_id and op.tender == "cash":
            yield _drawer_gains(op.drawer_session_id, op.amount_minor)
        case CashMoved():
            signed = op.amount_minor if op.kind == "cash_in" else -op.amount_minor
            yield _drawer_gains(op.session_id, signed)
            yield _movement(entry, op.session_id, op.kind, signed, op.reason, op.by, op.moved_at_ms)
        case DrawerOpenedWithoutSale():
            yield Add("drawer_session", {"session_id": op.session_id}, {"no_sales": 1})
            yield _movement(entry, op.session_id, "no_sale", 0, op.reason, op.by, op.opened_at_ms)
        case DrawerCounted():
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
        case CheckClosed():
            for part in op.vat:
                yield Add(
                    "day_vat",
                    {"business_day": entry.business_day, "vat_bp": part.vat_bp},
                    {"gross_minor": part.gross_minor, "vat_minor": part.vat_minor},
                )
        case DayClosed():
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


def _opened(entry: Entry, op: DrawerOpened) -> Put:
    return Put(
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
