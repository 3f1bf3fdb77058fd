"""Builds what the rules of the kitchen need."""

from collections.abc import Iterable
from operator import itemgetter
from sqlite3 import Connection
from typing import Any

from edge.engine.memory import seldom_changes
from edge.kitchen.state import AtWork, Check, OnPass, Sending, StationSetUp, Ticket, TicketLine
from edge.ordering.reads import fresh_check, fresh_lines
from edge.staff.reads import REVISION, WHO, revision_of
from shared.commands.kitchen import (
    AnswerPassCall,
    BumpLine,
    BumpTicket,
    CallToPass,
    ChangeStation,
    ConfigureStation,
    FireCourse,
    PickUpCourse,
    RecallTicket,
    SeeTicketChange,
    SendLines,
    ShowTickets,
    TakeFault,
)
from shared.context import Context
from shared.lines import OrderedLine
from shared.ops.kitchen import StationConfigured
from shared.projections.checks import CHECK_LINE, CHECKS, LINE_COLUMNS, line_of
from shared.projections.rows import picker_of, reader_of, struct_of
from shared.rules.numbers import Numbered, Numbering, day_before, numbering

_CHECK = """
SELECT c.check_id, c.number, c.kind, c.state, c.table_id, c.waiter_id, c.covers, c.closed_at_ms,
  CASE c.table_label WHEN '' THEN c.name ELSE c.table_label END, COALESCE(p.name, '')
FROM checks c LEFT JOIN person p ON p.staff_id = c.closed_by WHERE c.check_id = ?
"""
_LINES = f"""
SELECT {", ".join(LINE_COLUMNS)}, state, fired_at_ms, course, position FROM check_line WHERE check_id = ?
"""
#: The last number of yesterday's run in the open period, and the last of today's, in one look.
_NUMBERED = """
SELECT 1, * FROM (
  SELECT number, fired_at_ms FROM ticket WHERE numbered_day = ? AND period = ? ORDER BY number DESC LIMIT 1)
UNION ALL SELECT 0, * FROM (
  SELECT number, 0 FROM ticket WHERE numbered_day = ? ORDER BY period DESC, number DESC LIMIT 1)
"""
#: What was fired of a course and is not on a table yet, a row for each line; stations of paper alone never bump.
_COURSE = """
SELECT t.ticket_id, t.check_id, t.course, t.table_id, t.table_label, t.waiter_id, t.state, t.bumped_at_ms,
  t.changed_at_ms, l.line_id, l.quantity, l.name, l.state
FROM ticket w
JOIN ticket t ON t.check_id = w.check_id AND t.course = w.course
JOIN ticket_line l ON l.ticket_id = t.ticket_id
LEFT JOIN station s ON s.station_id = t.station_id
LEFT JOIN course_pick_up u ON u.check_id = t.check_id AND u.course = t.course
WHERE w.ticket_id = ? AND (t.ticket_id = w.ticket_id OR (
  COALESCE(s.is_paper_only, 0) = 0 AND (t.state = 'open' OR t.bumped_at_ms > COALESCE(u.picked_up_at_ms, 0))))
ORDER BY t.number, l.position
"""
_UNCONFIRMED = """
SELECT t.ticket_id, t.line_id, l.draft_id, d.state FROM ticket_line t
JOIN check_line l ON l.check_id = t.check_id AND l.line_id = t.line_id
LEFT JOIN draft d ON d.draft_id = l.draft_id
WHERE l.draft_id <> '' AND COALESCE(d.state, '') <> 'confirmed'
"""
_UNSENT = """
SELECT t.ticket_id, t.line_id FROM ticket_line t
LEFT JOIN check_line l ON l.check_id = t.check_id AND l.line_id = t.line_id
WHERE l.line_id IS NULL OR l.sent_at_ms = 0 OR l.fired_at_ms = 0
"""
_KNOWN = {
    "printer": "SELECT 1 FROM printer WHERE printer_id = ?",
    "station": "SELECT 1 FROM station WHERE station_id = ?",
    "ticket": "SELECT 1 FROM ticket WHERE ticket_id = ?",
}
_SET_UP_FIELDS = StationConfigured.__struct_fields__
_SET_UP = f"""
SELECT {", ".join(f"t.{name}" for name in _SET_UP_FIELDS)}, {REVISION} FROM station t {WHO} WHERE t.station_id = ?
"""
_HEAD = Ticket.__struct_fields__[:-1]
_STATE = len(LINE_COLUMNS)  # where the columns of a line end in a row of `_LINES`
_position = itemgetter(-1)
_CHECK_COLUMNS = ("check_id", "number", "kind", "state", "table_id", "waiter_id", "covers", "closed_at_ms")
_check_of = reader_of(Check, (*_CHECK_COLUMNS, "label", "closed_by_name"))
_pick_fresh = picker_of(CHECKS, *_CHECK_COLUMNS, "table_label", "name")
_line_of_fresh = picker_of(CHECK_LINE, *LINE_COLUMNS, "state", "fired_at_ms", "course", "position")


def station_set_up(conn: Connection, command: ConfigureStation | ChangeStation, context: Context) -> StationSetUp:
    """The station as it is set up."""
    row = conn.execute(_SET_UP, (command.station_id,)).fetchone()
    if row is None:
        return StationSetUp()
    station = struct_of(StationConfigured, dict(zip(_SET_UP_FIELDS, row[:-3], strict=True)))
    return StationSetUp(station=station, revision=revision_of(row[-3:]))


def sending(conn: Connection, command: SendLines | FireCourse, context: Context) -> Sending:
    """The check with its lines that are not made yet, the stations' names and the next ticket's number."""
    check, rows = _check_and_lines(conn, command.check_id)
    held: list[OrderedLine] = []
    waiting: list[OrderedLine] = []
    states, highest_fired = {}, 0
    for row in rows:
        state, fired_at_ms, course = row[_STATE:-1]
        states[row[0]] = state
        if fired_at_ms:
            highest_fired = max(highest_fired, course)
        elif state != "void":
            (held if state == "held" else waiting).append(line_of(row))
    return Sending(
        check=check,
        held=tuple(held),
        waiting=tuple(waiting),
        states=states,
        highest_fired=highest_fired,
        station_names=_station_names(conn),
        numbering=_numbering(conn, context),
    )


def ticket(
    conn: Connection, command: BumpTicket | BumpLine | RecallTicket | SeeTicketChange, context: Context
) -> AtWork:
    """The ticket, and the others of its course that are not on a table yet."""
    heads: dict[str, tuple[object, ...]] = {}
    lines: dict[str, list[TicketLine]] = {}
    for row in conn.execute(_COURSE, (command.ticket_id,)):
        heads[row[0]] = row[:9]
        line = TicketLine(**dict(zip(TicketLine.__struct_fields__, row[9:], strict=True)))
        lines.setdefault(row[0], []).append(line)
    tickets = {
        id: Ticket(**dict(zip(_HEAD, head, strict=True)), lines=tuple(lines[id]))  # type: ignore[arg-type]
        for id, head in heads.items()
    }
    wanted = tickets.pop(command.ticket_id, None)
    return AtWork(
        ticket=wanted,
        others=tuple(tickets.values()),
        is_on_pass=wanted is not None and _is_on_pass(conn, wanted.check_id, wanted.course),
    )


def unseen_tickets(conn: Connection, command: ShowTickets, context: Context) -> frozenset[str]:
    """Which of the tickets no screen has shown yet."""
    marks = ",".join("?" * len(command.ticket_ids))
    unseen = f"SELECT ticket_id FROM ticket WHERE shown_at_ms = 0 AND ticket_id IN ({marks})"
    return frozenset(id for (id,) in conn.execute(unseen, command.ticket_ids))


def fault(conn: Connection, command: TakeFault, context: Context) -> bool:
    """Whether the venue has the printer, the station or the ticket."""
    return conn.execute(_KNOWN[command.about], (command.fault_id,)).fetchone() is not None


def on_pass(conn: Connection, command: PickUpCourse | CallToPass | AnswerPassCall, context: Context) -> OnPass:
    """How the course stands."""
    key = (command.check_id, command.course)
    cooking = "SELECT 1 FROM ticket WHERE check_id = ? AND course = ? AND state = 'open'"
    called = "SELECT 1 FROM pass_call WHERE check_id = ? AND course = ?"
    return OnPass(
        is_ready=_is_on_pass(conn, command.check_id, command.course),
        is_cooking=conn.execute(cooking, key).fetchone() is not None,
        is_called=conn.execute(called, key).fetchone() is not None,
    )


def unconfirmed_tickets(conn: Connection) -> Iterable[str]:
    """Lines on tickets that came from a draft no waiter confirmed. There must never be one."""
    for ticket_id, line_id, draft_id, state in conn.execute(_UNCONFIRMED):
        yield f"ticket {ticket_id} makes line {line_id} of draft {draft_id}, which is {state or 'unknown'}"


def unsent_tickets(conn: Connection) -> Iterable[str]:
    """Lines on tickets that nobody sent from a check."""
    for ticket_id, line_id in conn.execute(_UNSENT):
        yield f"ticket {ticket_id} makes line {line_id}, which was not sent and fired"


def _check_and_lines(conn: Connection, check_id: str) -> tuple[Check | None, list[tuple[Any, ...]]]:
    """The check, and its lines in order as rows of `_LINES`; from the commit itself when that opened the check."""
    fresh = fresh_check(conn, check_id)
    if fresh is not None:
        row, rows = _of_fresh(fresh), [*map(_line_of_fresh, fresh_lines(conn, check_id))]
    else:
        row = conn.execute(_CHECK, (check_id,)).fetchone()
        rows = conn.execute(_LINES, (check_id,)).fetchall()
    rows.sort(key=_position)  # a check has a handful; a sorter of SQLite's own costs more than reading them
    return None if row is None else _check_of(row), rows


def _of_fresh(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """As a row of `_CHECK`."""
    *columns, table_label, name = _pick_fresh(row)
    return (*columns, table_label or name, "")


@seldom_changes("station")
def _station_names(conn: Connection) -> dict[str, str]:
    return dict(conn.execute("SELECT station_id, name FROM station"))


def _numbering(conn: Connection, context: Context) -> Numbering:
    evening, highest = None, 0
    days = (day_before(context.business_day), context.period, context.business_day)
    for is_evening, number, at_ms in conn.execute(_NUMBERED, days):
        if is_evening:
            evening = Numbered(number, at_ms)
        else:
            highest = number
    return numbering(evening, highest, today=context.business_day, now_ms=context.now_ms)


def _is_on_pass(conn: Connection, check_id: str, course: int) -> bool:
    row = conn.execute("SELECT 1 FROM ready_course WHERE check_id = ? AND course = ?", (check_id, course)).fetchone()
    return row is not None
