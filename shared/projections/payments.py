"""Payments and the ledger of tips."""

from collections.abc import Iterator, Mapping

from shared.entry import Entry
from shared.ops.base import Op
from shared.ops.payments import PaymentTaken, TipGiven
from shared.projections.projection import ProjectOp
from shared.projections.rows import row_of
from shared.writes import Put, Table, Write

PAYMENT = Table(
    name="payment",
    key=("check_id", "payment_id"),
    columns={
        "check_id": "text",
        "payment_id": "text",
        "business_day": "text",
        "period": "int",
        "tender": "text",
        "amount_minor": "int",
        "tendered_minor": "int",
        "change_minor": "int",
        "reference": "text",
        "drawer_session_id": "text",
        "taken_by": "text",
        "taken_at_ms": "int",
    },
    indexes=(("period", "business_day"), ("payment_id",)),
)

TIP = Table(
    name="tip",
    key=("tip_id",),
    columns={
        "tip_id": "text",
        "check_id": "text",
        "payment_id": "text",
        "business_day": "text",
        "period": "int",
        "waiter_id": "text",
        "tender": "text",
        "amount_minor": "int",
        "given_at_ms": "int",
    },
    indexes=(("period", "business_day"), ("check_id",)),
)

TABLES = (PAYMENT, TIP)


def _taken(entry: Entry, op: PaymentTaken) -> Iterator[Write]:
    yield Put("payment", row_of(PAYMENT, op, business_day=entry.business_day, taken_by=op.by))


def _tip(entry: Entry, op: TipGiven) -> Iterator[Write]:
    yield Put("tip", row_of(TIP, op, business_day=entry.business_day))


PROJECT: Mapping[type[Op], ProjectOp] = {PaymentTaken: _taken, TipGiven: _tip}
