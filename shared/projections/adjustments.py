"""Adjustments of checks and their lines: what stands, and what is over."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from shared.adjustments import AdjustedPart, Adjustment
from shared.entry import Entry
from shared.ops import Op
from shared.ops.adjustments import Adjusted, AdjustmentChanged, AdjustmentRemoved
from shared.projections.projection import ProjectOp
from shared.projections.rows import column_types, columns_of, empty, row_of
from shared.writes import ColumnType, Put, Set, Table, Value, Write

#: `by` is a word of SQL's own.
ADJUSTMENT_NAMES: Mapping[str, str] = {"by": "given_by"}
#: The columns of `adjustment` that make an Adjustment, in the order that `adjustment_of` takes.
ADJUSTMENT_COLUMNS = tuple(ADJUSTMENT_NAMES.get(name, name) for name in Adjustment.__struct_fields__)

#: What an adjustment learns once it is over.
_OVER: Mapping[str, ColumnType] = {
    "over_cause": "text",
    "over_by": "text",
    "over_approved_by": "text",
    "over_at_ms": "int",
}
ADJUSTMENT = Table(
    name="adjustment",
    key=("check_id", "adjustment_id"),
    columns={
        "check_id": "text",
        "position": "int",  # order on the check
        "business_day": "text",  # in which it was given
        "period": "int",
        **{ADJUSTMENT_NAMES.get(name, name): kind for name, kind in column_types(Adjustment).items()},
        "state": "text",  # given or over
        **_OVER,
    },
    indexes=(("business_day",),),
)

TABLES = (ADJUSTMENT,)


def _given(entry: Entry, op: Adjusted) -> Iterator[Write]:
    more: dict[str, Value] = {"given_by": op.adjustment.by, "period": op.period, **empty(_OVER)}
    place: dict[str, Value] = {"check_id": op.check_id, "position": entry.seq, "business_day": entry.business_day}
    yield Put("adjustment", row_of(ADJUSTMENT, op.adjustment, **place, **more, state="given"))


def _changed(entry: Entry, op: AdjustmentChanged) -> Iterator[Write]:
    yield Set("adjustment", _key(op), columns_of(op, "amount_minor", "parts"))


def _removed(entry: Entry, op: AdjustmentRemoved) -> Iterator[Write]:
    over: dict[str, Value] = {"over_cause": op.cause, "over_by": op.by, "over_approved_by": op.approved_by}
    yield Set("adjustment", _key(op), {"state": "over", **over, "over_at_ms": op.removed_at_ms})


PROJECT: Mapping[type[Op], ProjectOp] = {
    Adjusted: _given,
    AdjustmentChanged: _changed,
    AdjustmentRemoved: _removed,
}


def _key(op: AdjustmentChanged | AdjustmentRemoved) -> dict[str, Value]:
    return columns_of(op, "check_id", "adjustment_id")


_parts = msgspec.json.Decoder(tuple[AdjustedPart, ...])


def adjustment_of(values: Sequence[Any]) -> Adjustment:
    """The adjustment that a row of `ADJUSTMENT_COLUMNS` holds."""
    row = dict(zip(Adjustment.__struct_fields__, values, strict=True))
    return Adjustment(**{**row, "parts": _parts.decode(row["parts"])})
