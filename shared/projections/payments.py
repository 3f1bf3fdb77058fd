"""Payments and the ledger of tips."""

from collections.abc import Iterator, Mapping

from shared.entry import Entry
from shared.ops.base import Op
from shared.ops.payments import PaymentTaken, TipGiven
from shared.projections.projection import ProjectOp
from shared.writes import Put, Table, Write

PAYMENT = Table(
    name="payment",
    key=("check_id", "payment_id"),
    columns={
        "check_id": "text",
        "payment_id": "text",
        "business_day": "text",
        "tender": "text",
        "amount_minor": "int",
        "tendered_minor": "int",
        "change_minor": "int",
        "reference": "text",
        "drawer_session_id": "text",
        "taken_by": "text",
        "taken_at_ms": "int",
    },
    indexes=(("business_day", "tender"), ("payment_id",)),
)

TIP = Table(
    name="tip",
    key=("tip_id",),
    columns={
        "tip_id": "text",
        "check_id": "text",
        "payment_id": "text",
        "business_day": "text",
        "waiter_id": "text",
        "tender": "text",
        "amount_minor": "int",
        "given_at_ms": "int",
    },
    indexes=(("business_day", "tender"), ("check_id",)),
)

TABLES = (PAYMENT, TIP)


def _taken(entry: Entry, op: PaymentTaken) -> Iterator[Write]:
    yield Put(
        "payment",
        {
            "check_id": op.check_id,
            "payment_id": op.payment_id,
            "business_day": entry.business_day,
            "tender": op.tender,
            "amount_minor": op.amount_minor,
            "tendered_minor": op.tendered_minor,
            "change_minor": op.change_minor,
            "reference": op.reference,
            "drawer_session_id": op.drawer_session_id,
            "taken_by": op.by,
            "taken_at_ms": op.taken_at_ms,
        },
    )


def _tip(entry: Entry, op: TipGiven) -> Iterator[Write]:
    yield Put(
        "tip",
        {
            "tip_id": op.tip_id,
            "check_id": op.check_id,
            "payment_id": op.payment_id,
            "business_day": entry.business_day,
            "waiter_id": op.waiter_id,
            "tender": op.tender,
            "amount_minor": op.amount_minor,
            "given_at_ms": op.given_at_ms,
        },
    )


PROJECT: Mapping[type[Op], ProjectOp] = {PaymentTaken: _taken, TipGiven: _tip}
