"""Builds what the rules of ordering need."""

from collections.abc import Callable, Iterable
from operator import itemgetter
from sqlite3 import Connection
from typing import Any

import msgspec

from edge.menu.reads import newest_book, sold_out_ids
from edge.ordering.reads import adjustments_of, fresh_check, fresh_lines
from edge.ordering.state import (
    Adding,
    AddingOpenItem,
    Adjusting,
    Bill,
    Changing,
    Check,
    Confirming,
    Covering,
    Draft,
    Given,
    Leaving,
    Line,
    Moving,
    OnTicket,
    Opening,
    Place,
    Pricing,
    Removing,
    Voiding,
    WaitingDishes,
)
from shared.commands.kitchen import RECALL_MS
from shared.commands.ordering import (
    AbandonCheck,
    AddLines,
    AddOpenItem,
    AdjustCheck,
    AdjustLine,
    ChangeLine,
    ConfirmDraft,
    MoveCheck,
    OpenCheck,
    PrintGuestCheck,
    RemoveAdjustment,
    SetCovers,
    VoidLine,
)
from shared.context import Context
from shared.ids import CheckId, VisitId
from shared.lines import OrderedLine
from shared.projections.checks import CHECK_LINE, CHECKS, LINE_COLUMNS, line_of
from shared.projections.rows import picker_of, reader_of
from shared.rules.numbers import Numbered, Numbering, day_before, numbering

_CHECK_COLUMNS = tuple(field for field in Check.__struct_fields__ if field != "closed_by_name")
_CHECK = f"""
SELECT COALESCE(p.name, ''), {", ".join(f"c.{column}" for column in _CHECK_COLUMNS)}
FROM checks c LEFT JOIN person p ON p.staff_id = c.closed_by WHERE c.check_id = ?
"""
_LINES = f"""
SELECT state, sent_by, sent_at_ms, fired_at_ms, ready_at_ms, added_at_ms,
  is_changed OR voided_quantity > 0, {", ".join(LINE_COLUMNS)}
FROM check_line WHERE check_id = ?
"""
_LINE = f"{_LINES} AND line_id = ?"
_STANDING_LINES = f"""
SELECT {", ".join(LINE_COLUMNS)} FROM check_line WHERE check_id = ? AND state <> 'void' ORDER BY position
"""
_UNFINISHED = """
SELECT COALESCE(SUM(state = 'held'), 0), COUNT(*) FROM check_line WHERE check_id = ? AND state <> 'void'
"""
_PLACE = """
SELECT t.table_id, t.label, COALESCE(s.staff_id, '') FROM dining_table t LEFT JOIN section s USING (section_id)
WHERE t.table_id = ? AND t.is_removed = 0
"""
_VISIT_AT = """
SELECT visit_id, check_id FROM visit WHERE table_id = ? AND state = 'open'
ORDER BY check_id = '' DESC, opened_at_ms DESC LIMIT 1
"""
_DRAFT = """
SELECT d.draft_id, d.visit_id, d.state, d.lines, d.allergies, d.claimed_by, COALESCE(p.name, ''), d.claimed_at_ms,
  v.state, v.table_id, v.check_id
FROM draft d JOIN visit v ON v.visit_id = d.visit_id LEFT JOIN person p ON p.staff_id = d.claimed_by
WHERE d.draft_id = ?
"""
_TICKETS_OF_LINE = """
SELECT t.ticket_id, t.station_id, l.name FROM ticket_line l JOIN ticket t ON t.ticket_id = l.ticket_id
WHERE l.check_id = ? AND l.line_id = ? AND l.state <> 'void' AND (t.state = 'open' OR t.bumped_at_ms > ?)
"""
#: The last number of yesterday's run in the open period, and the last of today's, in one look.
_NUMBERED = """
SELECT 1, * FROM (
  SELECT number, opened_at_ms FROM checks WHERE numbered_day = ? AND period = ? ORDER BY number DESC LIMIT 1)
UNION ALL SELECT 0, * FROM (
  SELECT number, 0 FROM checks WHERE numbered_day = ? ORDER BY period DESC, number DESC LIMIT 1)
"""
_WRONG_TOTALS = """
SELECT c.check_id, c.total_minor, c.lines_minor, c.cover_charge_minor, c.adjustments_minor, c.adjustments,
  COALESCE((SELECT SUM(l.gross_minor) FROM check_line l WHERE l.check_id = c.check_id AND l.state <> 'void'), 0),
  c.covers * c.cover_charge_each_minor,
  COALESCE((SELECT SUM(a.amount_minor) FROM adjustment a WHERE a.check_id = c.check_id AND a.state = 'given'), 0),
  (SELECT COUNT(*) FROM adjustment a WHERE a.check_id = c.check_id AND a.state = 'given')
FROM checks c WHERE c.state = 'open'
"""
#: What an adjustment takes from a line or the cover charge, which may be no more than it costs.
_WRONG_PARTS = """
WITH part AS (
  SELECT a.check_id, json_extract(p.value, '$.line_id') AS line_id,
    SUM(COALESCE(json_extract(p.value, '$.amount_minor'), 0)) AS amount_minor
  FROM adjustment a, json_each(a.parts) p WHERE a.state = 'given' GROUP BY 1, 2
)
SELECT part.check_id, part.line_id FROM part JOIN checks c ON c.check_id = part.check_id
LEFT JOIN check_line l ON l.check_id = part.check_id AND l.line_id = part.line_id AND l.state <> 'void'
WHERE CASE part.line_id WHEN '' THEN c.cover_charge_minor ELSE COALESCE(l.gross_minor, 0) END + part.amount_minor < 0
"""
_WRONG_SPLITS = """
SELECT check_id, adjustment_id FROM adjustment a WHERE amount_minor <>
  (SELECT COALESCE(SUM(json_extract(p.value, '$.amount_minor')), 0) FROM json_each(a.parts) p)
"""

_check_of = reader_of(Check, ("closed_by_name", *_CHECK_COLUMNS))
_of_fresh = picker_of(CHECKS, *_CHECK_COLUMNS)
_line_id: Callable[[tuple[Any, ...]], str] = itemgetter(list(CHECK_LINE.columns).index("line_id"))
_lines_of = msgspec.json.Decoder(tuple[OrderedLine, ...]).decode
_words_of = msgspec.json.Decoder(tuple[str, ...]).decode


def opening(conn: Connection, command: OpenCheck, context: Context) -> Opening:
    """Whether the id is free, the next number of the day, and the table."""
    known = conn.execute("SELECT 1 FROM checks WHERE check_id = ?", (command.check_id,)).fetchone()
    return Opening(
        is_known=known is not None,
        numbering=_numbering(conn, context),
        place=_place(conn, command.table_id) if command.table_id else None,
    )


def covering(conn: Connection, command: SetCovers, context: Context) -> Covering:
    """The check, whatever became of it, and what was given on it."""
    check = _check(conn, command.check_id)
    return Covering(check=check, given=_given(conn, check))


def adding(conn: Connection, command: AddLines, context: Context) -> Adding:
    """The check, the line ids in use, the menu and what is sold out."""
    return _adding(conn, command.check_id, context)


def adding_open_item(conn: Connection, command: AddOpenItem, context: Context) -> AddingOpenItem:
    """The check, the line ids in use, and whether the station is there."""
    station = conn.execute("SELECT 1 FROM station WHERE station_id = ?", (command.line.station_id,)).fetchone()
    check = _check(conn, command.check_id)
    return AddingOpenItem(
        check=check,
        given=_given(conn, check),
        line_ids=_line_ids(conn, command.check_id),
        is_station_known=station is not None,
    )


def changing(conn: Connection, command: ChangeLine, context: Context) -> Changing:
    """The check, the line, and what prices it."""
    check = _check(conn, command.check_id)
    return Changing(
        check=check,
        given=_given(conn, check),
        line=_line(conn, command.check_id, command.line.line_id),
        pricing=_pricing(conn, context),
    )


def voiding(conn: Connection, command: VoidLine, context: Context) -> Voiding:
    """The check, the line, and the tickets that have it: open ones, and done ones that a cook may still bring back."""
    check = _check(conn, command.check_id)
    line = _line(conn, command.check_id, command.line_id)
    tickets: Iterable[tuple[Any, ...]] = ()
    if line is not None and line.fired_at_ms:
        tickets = conn.execute(_TICKETS_OF_LINE, (command.check_id, command.line_id, context.now_ms - RECALL_MS))
    needs_lines = check is not None and (check.paid_minor or check.adjustments)
    return Voiding(
        check=check,
        line=line,
        tickets=tuple(OnTicket(ticket_id=id, station_id=station_id, name=name) for id, station_id, name in tickets),
        standing=_standing(conn, command.check_id) if needs_lines else (),
        adjustments=adjustments_of(conn, command.check_id) if check is not None and check.adjustments else (),
    )


def adjusting(conn: Connection, command: AdjustCheck | AdjustLine, context: Context) -> Adjusting:
    """The check with its lines and adjustments, the line it is for, and whether the id is free."""
    known = conn.execute(
        "SELECT 1 FROM adjustment WHERE check_id = ? AND adjustment_id = ?", (command.check_id, command.adjustment_id)
    ).fetchone()
    return Adjusting(
        check=_check(conn, command.check_id),
        is_known=known is not None,
        line=_line(conn, command.check_id, command.line_id) if isinstance(command, AdjustLine) else None,
        lines=_standing(conn, command.check_id),
        adjustments=adjustments_of(conn, command.check_id),
    )


def removing(conn: Connection, command: RemoveAdjustment, context: Context) -> Removing:
    """The check with its lines and adjustments."""
    return Removing(
        check=_check(conn, command.check_id),
        lines=_standing(conn, command.check_id),
        adjustments=adjustments_of(conn, command.check_id),
    )


def moving(conn: Connection, command: MoveCheck, context: Context) -> Moving:
    """The check, the table it goes to, and what follows it."""
    check = _check(conn, command.check_id)
    visit = None
    if check is not None and check.visit_id:
        visit = conn.execute(
            "SELECT 1 FROM visit WHERE visit_id = ? AND check_id = ? AND state = 'open'",
            (check.visit_id, check.check_id),
        ).fetchone()
    tickets = conn.execute(
        "SELECT ticket_id FROM ticket WHERE check_id = ? AND state = 'open' ORDER BY number", (command.check_id,)
    )
    on_pass = conn.execute(
        "SELECT course, dishes, ready_at_ms FROM ready_course WHERE check_id = ? ORDER BY course",
        (command.check_id,),
    )
    return Moving(
        check=check,
        place=_place(conn, command.table_id),
        is_visits=visit is not None,
        ticket_ids=tuple(id for (id,) in tickets),
        on_pass=tuple(
            WaitingDishes(course=course, dishes=_words_of(dishes), ready_at_ms=at_ms)
            for course, dishes, at_ms in on_pass
        ),
    )


def confirming(conn: Connection, command: ConfirmDraft, context: Context) -> Confirming:
    """The draft, the check named, and the table where the draft's party sits now."""
    row = conn.execute(_DRAFT, (command.draft_id,)).fetchone()
    draft, place = None, None
    if row is not None:
        *columns, visit_state, table_id, visit_check_id = row
        draft = _draft(columns, visit_state)
        place = _place(conn, table_id)
        if place is not None:
            place = msgspec.structs.replace(place, visit_id=draft.visit_id, visit_check_id=visit_check_id)
    adding = _adding(conn, command.check_id, context)
    return Confirming(
        draft=draft,
        adding=adding,
        opening=Opening(is_known=adding.check is not None, numbering=_numbering(conn, context), place=place),
    )


def leaving(conn: Connection, command: AbandonCheck, context: Context) -> Leaving:
    """The check, and how many lines stand on it."""
    held, standing = conn.execute(_UNFINISHED, (command.check_id,)).fetchone()
    return Leaving(check=_check(conn, command.check_id), held=held, standing=standing)


def bill(conn: Connection, command: PrintGuestCheck, context: Context) -> Bill:
    """The check with the lines that stand."""
    return Bill(
        check=_check(conn, command.check_id),
        lines=_ordered(conn, command.check_id),
        adjustments=adjustments_of(conn, command.check_id),
    )


def wrong_totals(conn: Connection) -> Iterable[str]:
    """Open checks whose running totals are not the sums of what is on them."""
    for check_id, total, *said_and_found in conn.execute(_WRONG_TOTALS):
        said, found = said_and_found[:4], said_and_found[4:]
        if said != found or total != sum(found[:3]):
            yield f"check {check_id} says {total} of {said}; its lines, covers and adjustments are {found}"


def wrong_adjustments(conn: Connection) -> Iterable[str]:
    """Adjustments that are not the sum of their parts, and lines that more is taken from than they cost."""
    for check_id, adjustment_id in conn.execute(_WRONG_SPLITS):
        yield f"adjustment {adjustment_id} of check {check_id} is not the sum of its parts"
    for check_id, line_id in conn.execute(_WRONG_PARTS):
        yield f"more is taken from {line_id or 'the cover charge'} of check {check_id} than it costs"


def _check(conn: Connection, check_id: str) -> Check | None:
    if (fresh := fresh_check(conn, check_id)) is not None:
        return _check_of(("", *_of_fresh(fresh)))
    row = conn.execute(_CHECK, (check_id,)).fetchone()
    return None if row is None else _check_of(row)


def _adding(conn: Connection, check_id: str, context: Context) -> Adding:
    check = _check(conn, check_id)
    return Adding(
        check=check,
        line_ids=_line_ids(conn, check_id),
        pricing=_pricing(conn, context),
        given=_given(conn, check),
    )


def _given(conn: Connection, check: Check | None) -> Given:
    """Nothing is read for a check without adjustments: most have none, and every dish that is added asks."""
    if check is None or not check.adjustments:
        return Given()
    return Given(adjustments=adjustments_of(conn, check.check_id), lines=_ordered(conn, check.check_id))


def _ordered(conn: Connection, check_id: str) -> tuple[OrderedLine, ...]:
    return tuple(line_of(row) for row in conn.execute(_STANDING_LINES, (check_id,)))


def _standing(conn: Connection, check_id: str) -> tuple[Line, ...]:
    rows = conn.execute(f"{_LINES} AND state <> 'void' ORDER BY position", (check_id,))
    return tuple(_line_of(row) for row in rows)


def _line_ids(conn: Connection, check_id: str) -> frozenset[str]:
    if fresh_check(conn, check_id) is not None:
        return frozenset(map(_line_id, fresh_lines(conn, check_id)))
    return frozenset(id for (id,) in conn.execute("SELECT line_id FROM check_line WHERE check_id = ?", (check_id,)))


def _line(conn: Connection, check_id: str, line_id: str) -> Line | None:
    row = conn.execute(_LINE, (check_id, line_id)).fetchone()
    return None if row is None else _line_of(row)


def _line_of(row: tuple[Any, ...]) -> Line:
    state, sent_by, sent_at_ms, fired_at_ms, ready_at_ms, added_at_ms, is_changed, *columns = row
    return Line(
        line=line_of(columns),
        state=state,
        sent_by=sent_by,
        sent_at_ms=sent_at_ms,
        fired_at_ms=fired_at_ms,
        ready_at_ms=ready_at_ms,
        added_at_ms=added_at_ms,
        is_changed=bool(is_changed),
    )


def _draft(columns: list[str], visit_state: str) -> Draft:
    draft_id, visit_id, state, lines, allergies, claimed_by, claimed_by_name, claimed_at_ms = columns
    return msgspec.convert(
        {
            "draft_id": draft_id,
            "visit_id": visit_id,
            "state": state,
            "lines": _lines_of(lines),
            "allergies": _words_of(allergies),
            "claimed_by": claimed_by,
            "claimed_by_name": claimed_by_name,
            "claimed_at_ms": claimed_at_ms,
            "is_visit_open": visit_state == "open",
        },
        Draft,
    )


def _place(conn: Connection, table_id: str) -> Place | None:
    row = conn.execute(_PLACE, (table_id,)).fetchone()
    if row is None:
        return None
    visit_id, check_id = conn.execute(_VISIT_AT, (table_id,)).fetchone() or ("", "")
    return Place(
        table_id=row[0],
        label=row[1],
        section_waiter_id=row[2],
        visit_id=VisitId(visit_id),
        visit_check_id=CheckId(check_id),
    )


def _pricing(conn: Connection, context: Context) -> Pricing:
    return Pricing(book=newest_book(conn), sold_out=sold_out_ids(conn, context.business_day))


def _numbering(conn: Connection, context: Context) -> Numbering:
    evening, highest = None, 0
    days = (day_before(context.business_day), context.period, context.business_day)
    for is_evening, number, at_ms in conn.execute(_NUMBERED, days):
        if is_evening:
            evening = Numbered(number, at_ms)
        else:
            highest = number
    return numbering(evening, highest, today=context.business_day, now_ms=context.now_ms)
