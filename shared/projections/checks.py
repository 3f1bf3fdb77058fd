"""Checks with their running totals, their lines, and what was voided."""

from collections.abc import Iterator, Mapping

from shared.entry import Entry
from shared.lines import OrderedLine
from shared.ops.adjustments import Adjusted, AdjustmentChanged, AdjustmentRemoved
from shared.ops.base import Op
from shared.ops.kitchen import (
    CourseFired,
    LinesSent,
    TicketBumped,
    TicketLineBumped,
    TicketRecalled,
)
from shared.ops.ordering import (
    CheckAbandoned,
    CheckMoved,
    CheckOpened,
    CoversSet,
    GuestCheckPrinted,
    LineChanged,
    LinesAdded,
    LineVoided,
)
from shared.ops.payments import CheckClosed, PaymentTaken, ReceiptPrinted, TipGiven
from shared.projections.projection import ProjectOp
from shared.projections.rows import column_types, columns_of, empty, reader_of, row_of
from shared.writes import Add, ColumnType, Put, Set, Table, Value, Write

#: What a check learns after it was opened.
_LATER: Mapping[str, ColumnType] = {
    "closed_day": "text",  # in which it counts as sold; "" while open
    "closed_period": "int",  # in which it counts as sold
    "closed_at_ms": "int",
    "closed_by": "text",
    "lines_minor": "int",
    "adjustments_minor": "int",
    "adjustments": "int",  # how many stand
    "paid_minor": "int",
    "tips_minor": "int",
    "vat_minor": "int",  # known once closed
    "guest_check_at_ms": "int",
    "guest_check_minor": "int",  # the total that the last printed bill said
    "guest_check_copies": "int",
    "receipts": "int",
}
CHECKS = Table(
    name="checks",
    key=("check_id",),
    columns={
        "check_id": "text",
        "number": "int",
        "business_day": "text",  # in which it was opened
        "period": "int",  # in which it was opened; 0 before periods were kept
        "numbered_day": "text",  # whose run of numbers it belongs to
        "kind": "text",
        "table_id": "text",
        "table_label": "text",
        "name": "text",
        "waiter_id": "text",
        "visit_id": "text",
        "covers": "int",
        "cover_charge_each_minor": "int",
        "cover_charge_vat_bp": "int",
        "state": "text",  # open, closed or abandoned
        "opened_at_ms": "int",
        "cover_charge_minor": "int",
        "total_minor": "int",  # lines + cover charge + adjustments
        **_LATER,
    },
    indexes=(
        ("state",),
        ("numbered_day", "period", "number"),
        ("period", "business_day"),
        ("closed_period", "closed_day"),
        ("closed_day",),
        ("visit_id",),
    ),
)

#: The columns of `check_line` that make an OrderedLine, in the order that `line_of` takes.
LINE_COLUMNS = OrderedLine.__struct_fields__
#: What a line learns after it was added.
_COOKED: Mapping[str, ColumnType] = {
    "sent_by": "text",
    "sent_at_ms": "int",
    "fired_at_ms": "int",  # 0 while its course waits
    "ready_at_ms": "int",  # 0 until bumped
    "void_reason": "text",
    "voided_quantity": "int",
    "is_changed": "int",  # edited since it was added
}
CHECK_LINE = Table(
    name="check_line",
    key=("check_id", "line_id"),
    columns={
        "check_id": "text",
        "position": "int",  # order on the check
        **column_types(OrderedLine),
        "state": "text",  # held, sent or void
        "added_by": "text",
        "added_at_ms": "int",
        **_COOKED,
    },
)

LINE_VOID = Table(
    name="line_void",
    key=("check_id", "line_id", "void_id"),
    columns={
        "check_id": "text",
        "line_id": "text",
        "void_id": "text",  # the entry's id: its number may change
        "seq": "int",  # their order
        "business_day": "text",
        "period": "int",
        "name": "text",
        "quantity": "int",
        "gross_minor": "int",
        "was_sent": "int",
        "reason": "text",
        "voided_by": "text",
        "approved_by": "text",
        "voided_at_ms": "int",
    },
    indexes=(("business_day",), ("period", "business_day")),
)

TABLES = (CHECKS, CHECK_LINE, LINE_VOID)

_NOT_YET, _RAW = empty(_LATER), empty(_COOKED)


def _opened(entry: Entry, op: CheckOpened) -> Iterator[Write]:
    charge_minor = op.covers * op.cover_charge_minor
    money: dict[str, Value] = {
        "cover_charge_each_minor": op.cover_charge_minor,
        "cover_charge_minor": charge_minor,
        "total_minor": charge_minor,
    }
    yield Put(
        "checks",
        row_of(CHECKS, op, **_NOT_YET, **money, numbered_day=op.numbered_day or op.business_day, state="open"),
    )


def _covers_set(entry: Entry, op: CoversSet) -> Iterator[Write]:
    gain = op.charge_delta_minor
    yield Set("checks", _key(op), {"covers": op.covers})
    yield Add("checks", _key(op), {"cover_charge_minor": gain, "total_minor": gain})


def _table_changed(entry: Entry, op: CheckMoved) -> Iterator[Write]:
    yield Set("checks", _key(op), {"table_id": op.table_id, "table_label": op.table_label})


def _billed(entry: Entry, op: GuestCheckPrinted) -> Iterator[Write]:
    yield Set("checks", _key(op), {"guest_check_at_ms": op.printed_at_ms, "guest_check_minor": op.total_minor})
    yield Add("checks", _key(op), {"guest_check_copies": 1})


def _paid(entry: Entry, op: PaymentTaken) -> Iterator[Write]:
    yield Add("checks", _key(op), {"paid_minor": op.amount_minor})


def _tipped(entry: Entry, op: TipGiven) -> Iterator[Write]:
    yield Add("checks", _key(op), {"tips_minor": op.amount_minor})


def _receipt(entry: Entry, op: ReceiptPrinted) -> Iterator[Write]:
    yield Add("checks", _key(op), {"receipts": 1})


def _closed(entry: Entry, op: CheckClosed) -> Iterator[Write]:
    ended: dict[str, Value] = {"state": "closed", "closed_by": op.by, "closed_at_ms": op.closed_at_ms}
    when: dict[str, Value] = {"closed_day": entry.business_day, "closed_period": op.period}
    yield Set("checks", _key(op), {**ended, **when, "vat_minor": op.vat_minor})


def _abandoned(entry: Entry, op: CheckAbandoned) -> Iterator[Write]:
    ended: dict[str, Value] = {"state": "abandoned", "closed_by": op.by, "closed_at_ms": op.abandoned_at_ms}
    yield Set("checks", _key(op), ended)


def _added(entry: Entry, op: LinesAdded) -> Iterator[Write]:
    added: dict[str, Value] = {"check_id": op.check_id, "added_by": op.by, "added_at_ms": op.added_at_ms}
    held = {**_RAW, **added, "state": "held"}
    for index, line in enumerate(op.lines):
        yield Put("check_line", row_of(CHECK_LINE, line, **held, position=entry.seq * 1000 + index))
    yield _check_gains(op.check_id, sum(line.gross_minor for line in op.lines))


def _changed(entry: Entry, op: LineChanged) -> Iterator[Write]:
    content = columns_of(op.line, *(name for name in LINE_COLUMNS if name != "line_id"))
    yield Set("check_line", _line_key(op.check_id, op.line.line_id), {**content, "is_changed": 1})
    yield _check_gains(op.check_id, op.delta_minor)


def _voided(entry: Entry, op: LineVoided) -> Iterator[Write]:
    key = _line_key(op.check_id, op.line_id)
    if op.remaining == 0:
        yield Set("check_line", key, {"state": "void", "void_reason": op.reason})
    else:
        yield Add("check_line", key, {"quantity": -op.quantity, "gross_minor": -op.gross_minor})
    yield Add("check_line", key, {"voided_quantity": op.quantity})
    yield _check_gains(op.check_id, -op.gross_minor)
    which: dict[str, Value] = {"void_id": entry.id.hex(), "seq": entry.seq, "business_day": entry.business_day}
    yield Put("line_void", row_of(LINE_VOID, op, **which, voided_by=op.by))


def _adjusted(entry: Entry, op: Adjusted) -> Iterator[Write]:
    gain = op.adjustment.amount_minor
    yield Add("checks", _key(op), {"adjustments": 1, "adjustments_minor": gain, "total_minor": gain})


def _adjusted_anew(entry: Entry, op: AdjustmentChanged) -> Iterator[Write]:
    yield Add("checks", _key(op), {"adjustments_minor": op.delta_minor, "total_minor": op.delta_minor})


def _adjusted_no_more(entry: Entry, op: AdjustmentRemoved) -> Iterator[Write]:
    loss = -op.amount_minor
    yield Add("checks", _key(op), {"adjustments": -1, "adjustments_minor": loss, "total_minor": loss})


def _sent(entry: Entry, op: LinesSent) -> Iterator[Write]:
    for line in op.lines:
        columns: dict[str, Value] = {"state": "sent", "sent_by": op.by, "sent_at_ms": op.sent_at_ms}
        columns["course"] = line.course
        if line.is_fired:
            columns["fired_at_ms"] = op.sent_at_ms
        yield Set("check_line", _line_key(op.check_id, line.line_id), columns)


def _fired(entry: Entry, op: CourseFired) -> Iterator[Write]:
    for line_id in op.line_ids:
        yield Set("check_line", _line_key(op.check_id, line_id), {"fired_at_ms": op.fired_at_ms})


def _bumped(entry: Entry, op: TicketBumped) -> Iterator[Write]:
    for line_id in op.line_ids:
        yield Set("check_line", _line_key(op.check_id, line_id), {"ready_at_ms": op.bumped_at_ms})


def _line_bumped(entry: Entry, op: TicketLineBumped) -> Iterator[Write]:
    yield Set("check_line", _line_key(op.check_id, op.line_id), {"ready_at_ms": op.bumped_at_ms})


def _recalled(entry: Entry, op: TicketRecalled) -> Iterator[Write]:
    for line_id in op.line_ids:
        yield Set("check_line", _line_key(op.check_id, line_id), {"ready_at_ms": 0})


PROJECT: Mapping[type[Op], ProjectOp] = {
    CheckOpened: _opened,
    CoversSet: _covers_set,
    CheckMoved: _table_changed,
    LinesAdded: _added,
    LineChanged: _changed,
    LineVoided: _voided,
    Adjusted: _adjusted,
    AdjustmentChanged: _adjusted_anew,
    AdjustmentRemoved: _adjusted_no_more,
    LinesSent: _sent,
    CourseFired: _fired,
    TicketBumped: _bumped,
    TicketLineBumped: _line_bumped,
    TicketRecalled: _recalled,
    GuestCheckPrinted: _billed,
    PaymentTaken: _paid,
    TipGiven: _tipped,
    ReceiptPrinted: _receipt,
    CheckClosed: _closed,
    CheckAbandoned: _abandoned,
}


def _check_gains(check_id: str, amount_minor: int) -> Add:
    return Add(
        "checks",
        {"check_id": check_id},
        {"lines_minor": amount_minor, "total_minor": amount_minor},
    )


def _key(
    op: CoversSet
    | CheckMoved
    | GuestCheckPrinted
    | PaymentTaken
    | TipGiven
    | ReceiptPrinted
    | CheckClosed
    | CheckAbandoned
    | Adjusted
    | AdjustmentChanged
    | AdjustmentRemoved,
) -> dict[str, Value]:
    return {"check_id": op.check_id}


def _line_key(check_id: str, line_id: str) -> dict[str, Value]:
    return {"check_id": check_id, "line_id": line_id}


#: The line that a row of `LINE_COLUMNS` holds.
line_of = reader_of(OrderedLine, LINE_COLUMNS)
