"""Stations, tickets and courses that wait, as kitchen screens see them."""

from collections.abc import Iterator, Mapping
from sqlite3 import Connection
from typing import Any

import msgspec

from edge.engine.slice import Key, View
from edge.kitchen.reads import dark_stations, reach_of, unreached_tickets
from edge.staff.reads import REVISION, WHO
from shared.commands.kitchen import RECALL_MS
from shared.views.kitchen import StationView, TicketLineView, TicketView, WaitingCourseView

_STAFF_SCREENS = frozenset({"waiter", "pos", "kds", "console"})

_STATIONS = f"""
SELECT t.station_id, t.name, t.position, t.warn_after_s, t.late_after_s, t.printer_id, t.backup_printer_id,
  t.is_paper_only, {REVISION} FROM station t {WHO} WHERE t.station_id IN ({{marks}})
"""
_TICKETS = """
SELECT t.ticket_id, t.number, t.station_id, t.check_id, t.check_number, t.table_id, t.table_label, t.course, t.covers,
  t.waiter_id, COALESCE(p.name, ''), t.state, t.also_at, t.fired_at_ms, t.bumped_at_ms, t.changed_at_ms,
  COALESCE(s.warn_after_s, 480), COALESCE(s.late_after_s, 720), COALESCE(s.is_paper_only, 0),
  t.shown_at_ms, t.confirmed_at_ms, t.failed_at_ms, t.printed_at_ms
FROM ticket t LEFT JOIN station s ON s.station_id = t.station_id LEFT JOIN person p ON p.staff_id = t.waiter_id
WHERE t.ticket_id IN ({marks})
"""
_TICKET_LINES = """
SELECT ticket_id, line_id, quantity, voided_quantity, name, modifiers, note, allergies, state, variant_name
FROM ticket_line WHERE ticket_id IN ({marks}) ORDER BY ticket_id, position
"""
_WAITING = """
SELECT l.check_id, l.course, l.station_id, SUM(l.quantity) FROM check_line l JOIN checks c ON c.check_id = l.check_id
WHERE l.check_id IN ({marks}) AND c.state = 'open' AND l.state = 'sent' AND l.fired_at_ms = 0
GROUP BY l.check_id, l.course, l.station_id ORDER BY l.check_id, l.course, l.station_id
"""
#: A ticket of a check that is over, and which no cook ended for this long, is nobody's.
LEFT_OPEN_MS = 2 * 3_600_000
#: Tickets of checks that are over, and tickets that may be recalled: the newest, at most.
MOST_TICKETS = 200
_PUSHED_OUT_MS = 900_000  # of those that became nobody's, screens are told so long
_OF_OPEN_CHECKS = """
SELECT t.ticket_id FROM checks c JOIN ticket t ON t.check_id = c.check_id WHERE c.state = 'open' AND t.state = 'open'
"""
_LEFT_OPEN = """
SELECT t.ticket_id FROM ticket t JOIN checks c ON c.check_id = t.check_id
WHERE t.business_day >= (SELECT date(business_day, '-1 day') FROM log ORDER BY seq DESC LIMIT 1)
  AND t.state = 'open' AND c.state <> 'open'
  AND t.fired_at_ms > (SELECT hlc >> 16 FROM log ORDER BY seq DESC LIMIT 1) - :since_ms
  AND t.fired_at_ms <= (SELECT hlc >> 16 FROM log ORDER BY seq DESC LIMIT 1) - :until_ms
ORDER BY t.fired_at_ms DESC, t.ticket_id DESC LIMIT :most
"""
_MAY_BE_RECALLED = """
SELECT ticket_id FROM ticket WHERE state = 'bumped'
  AND bumped_at_ms > (SELECT COALESCE(MAX(bumped_at_ms), 0) FROM ticket WHERE state = 'bumped') - ?
ORDER BY bumped_at_ms DESC, ticket_id DESC LIMIT ?
"""
_OVER = """
SELECT t.ticket_id FROM ticket t JOIN checks c ON c.check_id = t.check_id
WHERE t.ticket_id IN ({marks}) AND t.state = 'open' AND c.state <> 'open'
  AND t.fired_at_ms <= (SELECT hlc >> 16 FROM log ORDER BY seq DESC LIMIT 1) - ?
"""
_CURRENT_WAITING = """
SELECT DISTINCT l.check_id, l.course FROM checks c JOIN check_line l ON l.check_id = c.check_id
WHERE c.state = 'open' AND l.state = 'sent' AND l.fired_at_ms = 0
"""

_words_of = msgspec.json.Decoder(tuple[str, ...]).decode


def stations(conn: Connection, station_ids: list[str]) -> Mapping[str, StationView]:
    """Stations by id."""
    marks = ",".join("?" * len(station_ids))
    names = StationView.__struct_fields__
    rows = conn.execute(_STATIONS.format(marks=marks), station_ids)
    return {
        row[0]: StationView(**{**dict(zip(names, row, strict=True)), "is_paper_only": bool(row[7])}) for row in rows
    }


def followed_tickets(conn: Connection, ticket_ids: list[str]) -> Mapping[str, TicketView]:
    """Tickets by id, but for those that were left open by a check that is long over."""
    marks = ",".join("?" * len(ticket_ids))
    over = {id for (id,) in conn.execute(_OVER.format(marks=marks), (*ticket_ids, LEFT_OPEN_MS))}
    return tickets(conn, [id for id in ticket_ids if id not in over])


def tickets(conn: Connection, ticket_ids: list[str]) -> Mapping[str, TicketView]:
    """Tickets by id. One of a station without a screen is done once its paper came out."""
    marks = ",".join("?" * len(ticket_ids))
    lines: dict[str, list[tuple[object, ...]]] = {}
    for ticket_id, *columns in conn.execute(_TICKET_LINES.format(marks=marks), ticket_ids):
        lines.setdefault(ticket_id, []).append(tuple(columns))
    dark = dark_stations(conn)
    found = {}
    for row in conn.execute(_TICKETS.format(marks=marks), ticket_ids):
        found[row[0]] = _ticket(row, lines.get(row[0], []), is_dark=row[2] in dark)
    return found


def waiting_courses(conn: Connection, keys: list[str]) -> Mapping[str, WaitingCourseView]:
    """What was sent and not fired, by check and course."""
    check_ids = sorted({key.rpartition(":")[0] for key in keys})
    quantities: dict[tuple[str, int], list[tuple[str, int]]] = {}
    marks = ",".join("?" * len(check_ids))
    for check_id, course, station_id, quantity in conn.execute(_WAITING.format(marks=marks), check_ids):
        quantities.setdefault((check_id, course), []).append((station_id, quantity))
    wanted = frozenset(keys)
    return {
        f"{check_id}:{course}": WaitingCourseView(check_id=check_id, course=course, quantities=tuple(counts))
        for (check_id, course), counts in quantities.items()
        if f"{check_id}:{course}" in wanted
    }


def _ticket(row: tuple[Any, ...], lines: list[tuple[object, ...]], *, is_dark: bool) -> TicketView:
    *head, state, also_at, fired_at_ms, bumped_at_ms, changed_at_ms, warn_s, late_s, paper = row[:-4]
    printed_at_ms = row[-1]
    reach = reach_of(is_dark, state, fired_at_ms, *row[-4:])
    is_done_by_paper = bool(paper and printed_at_ms)
    shown = [_line(line, has_change=bool(changed_at_ms)) for line in lines]
    return msgspec.convert(
        {
            **dict(zip(TicketView.__struct_fields__, head, strict=False)),
            "state": "bumped" if is_done_by_paper else state,
            "lines": tuple(line for line in shown if line.quantity or line.voided_quantity),
            "also_at": _words_of(str(also_at)),
            "fired_at_ms": fired_at_ms,
            "bumped_at_ms": printed_at_ms if is_done_by_paper and state == "open" else bumped_at_ms,
            "changed_at_ms": changed_at_ms,
            "warn_at_ms": fired_at_ms + warn_s * 1000,
            "late_at_ms": fired_at_ms + late_s * 1000,
            "is_printed": bool(printed_at_ms),
            "reached": reach.reached,
            "fails_at_ms": reach.fails_at_ms,
        },
        TicketView,
    )


def _line(columns: tuple[object, ...], *, has_change: bool) -> TicketLineView:
    """A line of a ticket; what was struck goes once the cook has seen it."""
    line_id, quantity, voided_quantity, name, modifiers, note, allergies, state, variant_name = columns
    return msgspec.convert(
        {
            "line_id": line_id,
            "quantity": quantity,
            "voided_quantity": voided_quantity if has_change else 0,
            "name": name,
            "modifiers": _words_of(str(modifiers)),
            "note": note,
            "allergies": _words_of(str(allergies)),
            "state": state,
            "variant_name": variant_name,
        },
        TicketLineView,
    )


def _station_id(key: Key) -> str:
    return str(key["station_id"])


def _ticket_id(key: Key) -> str:
    return str(key["ticket_id"])


def _unreached(key: Key) -> str:
    return "unreached:"


def _tickets_of(conn: Connection, names: list[str]) -> set[str]:
    """Where a screen wakes or a printer fails, every ticket that may never reach its station is another one."""
    named = [name for name in names if name != "unreached:"]
    found = _with_those_left_open(conn, named)
    return found | {*unreached_tickets(conn)} if len(named) < len(names) else found


def _course_key(key: Key) -> str:
    return f"{key['check_id']}:{key['course']}"


def _check_id(key: Key) -> str:
    return str(key["check_id"])


def _courses_of(conn: Connection, keys: list[str]) -> Iterator[str]:
    """A check that closes takes along what was sent and never fired: its key stands for each of its courses."""
    for key in keys:
        if ":" in key:
            yield key
        else:
            courses = conn.execute("SELECT course FROM course_wait WHERE check_id = ?", (key,))
            yield from (f"{key}:{course}" for (course,) in courses)


def _all_stations(conn: Connection) -> list[str]:
    return [id for (id,) in conn.execute("SELECT station_id FROM station")]


def _current_tickets(conn: Connection) -> list[str]:
    rows = conn.execute(_OF_OPEN_CHECKS).fetchall()
    rows += conn.execute(_MAY_BE_RECALLED, (RECALL_MS, MOST_TICKETS)).fetchall()
    return [*(id for (id,) in rows), *_left_open(conn, since_ms=LEFT_OPEN_MS, until_ms=0)]


def _left_open(conn: Connection, *, since_ms: int, until_ms: int) -> list[str]:
    bounds = {"since_ms": since_ms, "until_ms": until_ms, "most": MOST_TICKETS}
    return [id for (id,) in conn.execute(_LEFT_OPEN, bounds)]


def _with_those_left_open(conn: Connection, ticket_ids: list[str]) -> set[str]:
    """What changed, and what became nobody's a short while ago: it goes from every screen."""
    gone = _left_open(conn, since_ms=LEFT_OPEN_MS + _PUSHED_OUT_MS, until_ms=LEFT_OPEN_MS)
    return {*ticket_ids, *gone}


def _current_waiting(conn: Connection) -> list[str]:
    return [f"{check_id}:{course}" for check_id, course in conn.execute(_CURRENT_WAITING)]


STATION = View(
    kind="station",
    roles=_STAFF_SCREENS | {"manage"},
    touches={"station": _station_id},
    load=stations,
    current=_all_stations,
)
TICKET = View(
    kind="ticket",
    roles=_STAFF_SCREENS,
    touches={
        "ticket": _ticket_id,
        "ticket_line": _ticket_id,
        **dict.fromkeys(("screen", "printer_state", "station"), _unreached),
    },
    load=followed_tickets,
    current=_current_tickets,
    since=lambda conn, seq: unreached_tickets(conn),  # whether its station is dark is kept beside the log
    resolve=_tickets_of,
)
WAITING_COURSE = View(
    kind="waiting_course",
    roles=_STAFF_SCREENS,
    touches={"course_wait": _course_key, "checks": _check_id},
    load=waiting_courses,
    current=_current_waiting,
    resolve=_courses_of,
)
