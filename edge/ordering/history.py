"""What was done on a check, read from the log: who, when, from which screen."""

from collections.abc import Iterable
from sqlite3 import Connection

from edge.engine import log
from shared.adjustments import Adjustment
from shared.entry import Entry
from shared.ops import Op, decode
from shared.ops.adjustments import Adjusted, AdjustmentRemoved
from shared.views.past import CheckMoment

#: What a person would tell of a check.
TOLD = frozenset(
    {
        "check_opened", "covers_set", "draft_confirmed", "lines_added", "line_changed", "line_voided", "lines_sent",
        "course_fired", "ticket_bumped", "ticket_recalled", "course_picked_up", "check_moved", "guest_check_printed",
        "adjusted", "adjustment_removed", "payment_taken", "tip_given", "check_closed", "check_abandoned", "receipt_printed",
    }
)  # fmt: skip
#: What names a check and follows from what is told, or is for machines alone: tickets' moves, states of the pass.
UNTOLD = frozenset(
    {
        "adjustment_changed", "visit_seated", "ticket_opened", "ticket_line_bumped", "course_ready", "course_unready",
        "waiter_called_to_pass", "pass_call_answered", "paper_printed", "paper_failed",
    }
)  # fmt: skip
MOST_MOMENTS = 500
AFTERWARDS_MS = 12 * 3_600_000  # a receipt may be asked for again, and a ticket bumped, after a check has closed

_OF_CHECK = """
SELECT seq FROM log WHERE seq BETWEEN ? AND ? AND (subject = ? OR instr(body, CAST(? AS BLOB)) > 0) ORDER BY seq LIMIT ?
"""
_LASTED = "SELECT opened_at_ms, closed_at_ms FROM checks WHERE check_id = ?"


def history(conn: Connection, check_id: str) -> tuple[CheckMoment, ...]:
    """Everything that was done on the check, oldest first; empty for one that was never opened."""
    row = conn.execute(_LASTED, (check_id,)).fetchone()
    if row is None:
        return ()
    opened_at_ms, closed_at_ms = row
    first = log.seq_at(conn, opened_at_ms)
    last = log.seq_at(conn, closed_at_ms + AFTERWARDS_MS) if closed_at_ms else log.head_seq(conn)
    seqs = [seq for (seq,) in conn.execute(_OF_CHECK, (first, last, check_id, f'"{check_id}"', MOST_MOMENTS))]
    entries = (entry for seq in seqs for entry in log.read(conn, seq - 1, 1))
    people = dict(conn.execute("SELECT staff_id, name FROM person"))
    devices = dict(conn.execute("SELECT device_id, name FROM device"))
    lines = dict(conn.execute("SELECT line_id, name FROM check_line WHERE check_id = ?", (check_id,)))
    return tuple(moments(entries, people, devices, lines))


def moments(
    entries: Iterable[Entry], people: dict[str, str], devices: dict[str, str], lines: dict[str, str]
) -> Iterable[CheckMoment]:
    """What a person would tell of the entries, with the names of who did it and where, and of the dishes."""
    for entry in entries:
        if entry.kind in TOLD:
            op = decode(entry.kind, entry.body)
            about = op.adjustment if isinstance(op, Adjusted) else op
            yield CheckMoment(
                seq=entry.seq,
                at_ms=entry.at_ms,
                kind=entry.kind,
                by_name=people.get(entry.staff_id, entry.staff_id),
                device_name=devices.get(entry.device_id, entry.device_id),
                approved_by_name=people.get(getattr(about, "approved_by", ""), ""),
                dishes=tuple(_dishes(op, lines)),
                amount_minor=_amount_minor(op),
                reason=str(getattr(about, "reason", "")),
                adjustment=about.kind if isinstance(about, Adjustment | AdjustmentRemoved) else "",
            )


def _dishes(op: Op, lines: dict[str, str]) -> Iterable[str]:
    """The dishes that an op names itself, and the line that was adjusted; another that it only points at has no name here."""
    if isinstance(op, Adjusted) and op.adjustment.line_id:
        for part in op.adjustment.parts:
            yield f"{part.quantity} {lines.get(part.line_id, '')}"
        return
    line = getattr(op, "line", None)
    for one in (*getattr(op, "lines", ()), *((line,) if line is not None else ()), op):
        if hasattr(one, "name") and hasattr(one, "quantity"):
            yield f"{one.quantity} {one.name}"


def _amount_minor(op: Op) -> int:
    """What the op says of money, in the order in which one op's fields say most; an adjustment as the total feels it."""
    if isinstance(op, Adjusted):
        return op.adjustment.amount_minor
    if isinstance(op, AdjustmentRemoved):
        return -op.amount_minor
    for field in ("amount_minor", "total_minor", "gross_minor", "delta_minor"):
        if hasattr(op, field):
            return int(getattr(op, field))
    return sum(line.gross_minor for line in getattr(op, "lines", ()) if hasattr(line, "gross_minor"))
