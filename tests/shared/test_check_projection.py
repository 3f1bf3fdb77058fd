"""The tables of checks: whatever ops come, rows that are set were put before, and totals are the sums of lines."""

import sqlite3
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from edge.engine.writes import TableWriter, create_tables
from shared.entry import BODY_VERSION, GENESIS, Entry
from shared.ids import CheckId, ItemId, LineId, StaffId, StationId, TableId
from shared.lines import ChosenModifier, OrderedLine
from shared.ops import Op, encode
from shared.ops.kitchen import LinesSent, SentLine
from shared.ops.ordering import CheckMoved, CheckOpened, CoversSet, LineChanged, LinesAdded, LineVoided
from shared.projections.checks import LINE_COLUMNS, PROJECT, TABLES, line_of

CHECK = CheckId("c1")
ANA = StaffId("ana")


def an_entry(seq: int, op: Op) -> Entry:
    """The entry that an op would have got."""
    return Entry(
        seq=seq,
        epoch=1,
        id=seq.to_bytes(16, "big"),
        kind=op.tag,
        version=BODY_VERSION,
        hlc=seq << 16,
        asked_at_ms=seq,
        business_day="2026-11-24",
        subject=op.subject,
        staff_id="ana",
        device_id="d1",
        command_id=f"k{seq}",
        body=encode(op),
        digest=GENESIS,
    )


def tables_after(ops: Sequence[Op]) -> sqlite3.Connection:
    """Real tables with these ops projected."""
    conn = sqlite3.connect(":memory:", isolation_level=None)
    create_tables(conn, TABLES)
    writer, cursor = TableWriter(TABLES), conn.cursor()
    for seq, op in enumerate(ops, start=1):
        for write in PROJECT[type(op)](an_entry(seq, op), op):
            writer.apply(cursor, write)
    return conn


def opened(*, covers: int = 2) -> CheckOpened:
    """A check with a cover charge."""
    return CheckOpened(
        check_id=CHECK,
        number=1,
        business_day="2026-11-24",
        opened_at_ms=1,
        kind="table",
        table_id=TableId("t1"),
        table_label="1",
        waiter_id=ANA,
        covers=covers,
        cover_charge_minor=500,
    )


def a_line(line_id: str, *, quantity: int, unit_minor: int) -> OrderedLine:
    """A line with everything that a row must give back."""
    return OrderedLine(
        line_id=LineId(line_id),
        item_id=ItemId("bife"),
        name="Bife",
        modifiers=(ChosenModifier(group_id="g", modifier_id="m", name="Jugoso"),),  # type: ignore[arg-type]
        quantity=quantity,
        unit_minor=unit_minor,
        gross_minor=quantity * unit_minor,
        vat_bp=2100,
        course=1,
        station_id=StationId("cocina"),
        allergies=("peanut",),
    )


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Op], int, dict[str, OrderedLine]]:
    """Ops that rules could have written, with the covers and lines that stand in the end."""
    covers, lines = 2, dict[str, OrderedLine]()
    ops: list[Op] = [opened(covers=covers)]
    for place in range(draw(st.integers(1, 15))):
        step = draw(st.sampled_from(("add", "change", "void", "covers", "send", "move")))
        line_id = draw(st.sampled_from(sorted(lines))) if lines else ""
        if step == "covers":
            now = draw(st.integers(0, 20))
            ops.append(CoversSet(check_id=CHECK, covers=now, charge_delta_minor=(now - covers) * 500))
            covers = now
        elif step == "move":
            ops.append(CheckMoved(check_id=CHECK, from_table_id=TableId("t1"), table_id=TableId("t2"), table_label="2"))
        elif step == "add" or not line_id:
            line = a_line(f"l{place}", quantity=draw(st.integers(1, 9)), unit_minor=draw(st.integers(0, 9_999)))
            ops.append(LinesAdded(check_id=CHECK, lines=(line,), added_at_ms=place, by=ANA))
            lines[line.line_id] = line
        elif step == "change":
            line = a_line(line_id, quantity=draw(st.integers(1, 9)), unit_minor=draw(st.integers(0, 9_999)))
            delta_minor = line.gross_minor - lines[line_id].gross_minor
            ops.append(LineChanged(check_id=CHECK, line=line, delta_minor=delta_minor))
            lines[line_id] = line
        elif step == "send":
            sent = SentLine(line_id=LineId(line_id), course=1, is_fired=True)
            ops.append(LinesSent(check_id=CHECK, lines=(sent,), by=ANA, sent_at_ms=place))
        else:
            before = lines.pop(line_id)
            quantity = draw(st.integers(1, before.quantity))
            left = a_line(line_id, quantity=before.quantity - quantity, unit_minor=before.unit_minor)
            ops.append(_void(before, quantity, left.quantity))
            if left.quantity:
                lines[line_id] = left
    return ops, covers, lines


def _void(line: OrderedLine, quantity: int, remaining: int) -> LineVoided:
    return LineVoided(
        check_id=CHECK,
        line_id=line.line_id,
        name=line.name,
        quantity=quantity,
        remaining=remaining,
        gross_minor=quantity * line.unit_minor,
        was_sent=False,
        reason="",
        by=ANA,
        voided_at_ms=9,
    )


@given(histories())
def test_totals_are_the_sums_of_what_stands(history: tuple[list[Op], int, dict[str, OrderedLine]]) -> None:
    ops, covers, lines = history
    conn = tables_after(ops)
    row = conn.execute("SELECT covers, lines_minor, cover_charge_minor, total_minor FROM checks").fetchone()
    lines_minor = sum(line.gross_minor for line in lines.values())
    assert row == (covers, lines_minor, covers * 500, lines_minor + covers * 500)
    rows = conn.execute(f"SELECT {', '.join(LINE_COLUMNS)} FROM check_line WHERE state <> 'void'")
    assert {line.line_id: line for line in map(line_of, rows)} == lines
    ((voided,),) = conn.execute("SELECT COALESCE(SUM(gross_minor), 0) FROM line_void").fetchall()
    assert voided == sum(op.gross_minor for op in ops if isinstance(op, LineVoided))
