"""What needs a person now: a view over drafts, calls, courses on the pass, printers and checks."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from sqlite3 import Connection
from typing import Any

import msgspec

from edge.engine.slice import Key, View
from edge.menu.reads import newest_book, sold_out_ids
from edge.ordering import faults
from shared.errors import Rejected
from shared.lines import OrderedLine
from shared.rules.menu_book import MenuBook
from shared.rules.pricing import ask_of, price_line
from shared.views.ordering import AttentionView

#: Seconds after which a card turns amber and red; 0 never. Never red: nudges.
_AGES: dict[str, tuple[int, int]] = {
    "fault": (0, 0),
    "ready": (90, 180),
    "draft": (60, 180),
    "bill": (120, 300),
    "call": (60, 180),
    "pass": (60, 180),
    "nudge": (0, 0),
}
READY_AFTER_MS = 3_000  # a slip at the kitchen screen can be recalled before a waiter walks
#: A course of a paid check that nobody picked up for this long was carried out all the same.
LEFT_ON_PASS_MS = 3_600_000
MOST_LEFT_ON_PASS = 60
_PUSHED_OUT_MS = 900_000  # of those that were left longer, screens are told so long
UNSENT_AFTER_MS = 120_000
NOTHING_SENT_AFTER_MS = 360_000
NEXT_COURSE_AFTER_MS = 300_000
#: A draft of more lines is read before it is confirmed.
MAX_LINES_UNREAD = 6

_OWNER = "COALESCE(NULLIF(c.waiter_id, ''), s.staff_id, '')"
_ROOM = """
LEFT JOIN dining_table t ON t.table_id = {table} LEFT JOIN section s ON s.section_id = t.section_id
"""
_DRAFTS = f"""
SELECT d.draft_id, v.table_id, COALESCE(t.label, ''), COALESCE(t.section_id, ''), {_OWNER}, COALESCE(c.check_id, ''),
  d.submitted_at_ms, d.lines, d.note, d.allergies, d.total_minor, d.menu_version,
  d.state = 'claimed', d.claimed_by,
  COALESCE(p.name, '')
FROM draft d JOIN visit v ON v.visit_id = d.visit_id LEFT JOIN checks c ON c.check_id = v.check_id
{_ROOM.format(table="v.table_id")}
LEFT JOIN person p ON p.staff_id = d.claimed_by
WHERE d.state IN ('submitted', 'claimed') AND v.state = 'open' AND d.draft_id IN ({{marks}})
"""
_CALLS = f"""
SELECT g.call_id, v.table_id, COALESCE(t.label, ''), COALESCE(t.section_id, ''), {_OWNER}, COALESCE(c.check_id, ''),
  g.called_at_ms, g.wants, g.reason, g.tender, COALESCE(c.total_minor - c.paid_minor, 0)
FROM guest_call g JOIN visit v ON v.visit_id = g.visit_id LEFT JOIN checks c ON c.check_id = v.check_id
{_ROOM.format(table="v.table_id")}
WHERE g.answered_at_ms = 0 AND v.state = 'open' AND g.call_id IN ({{marks}})
"""
_READY = f"""
SELECT c.check_id || ':' || r.course, c.table_id, CASE c.table_label WHEN '' THEN c.name ELSE c.table_label END,
  COALESCE(t.section_id, ''), {_OWNER}, c.check_id, r.ready_at_ms, r.course, r.dishes
FROM ready_course r JOIN checks c ON c.check_id = r.check_id
{_ROOM.format(table="c.table_id")}
WHERE r.check_id IN ({{marks}}) AND (c.state = 'open'
  OR (c.state = 'closed' AND r.ready_at_ms > (SELECT hlc >> 16 FROM log ORDER BY seq DESC LIMIT 1) - {LEFT_ON_PASS_MS}))
"""
_PASS_CALLS = f"""
SELECT c.check_id || ':' || r.course, c.table_id, CASE c.table_label WHEN '' THEN c.name ELSE c.table_label END,
  COALESCE(t.section_id, ''), {_OWNER}, c.check_id, r.called_at_ms, r.course
FROM pass_call r JOIN checks c ON c.check_id = r.check_id
{_ROOM.format(table="c.table_id")}
WHERE c.state = 'open' AND r.check_id IN ({{marks}})
"""
_NUDGES = f"""
SELECT c.check_id, c.table_id, CASE c.table_label WHEN '' THEN c.name ELSE c.table_label END,
  COALESCE(t.section_id, ''), {_OWNER}, c.check_id, c.opened_at_ms, c.kind, l.held_at_ms, l.waiting_course,
  l.cooking, l.ready_at_ms, l.sent
FROM checks c
{_ROOM.format(table="c.table_id")}
LEFT JOIN (
  SELECT l.check_id,
    MIN(CASE WHEN l.state = 'held' THEN l.added_at_ms END) AS held_at_ms,
    MIN(CASE WHEN l.state = 'sent' AND l.fired_at_ms = 0 THEN l.course END) AS waiting_course,
    SUM(l.state = 'sent' AND l.fired_at_ms > 0 AND l.ready_at_ms = 0 AND COALESCE(a.is_paper_only, 0) = 0) AS cooking,
    MAX(l.ready_at_ms) AS ready_at_ms, SUM(l.sent_at_ms > 0) AS sent
  FROM check_line l LEFT JOIN station a ON a.station_id = l.station_id
  WHERE l.check_id IN ({{marks}}) GROUP BY l.check_id
) l ON l.check_id = c.check_id
WHERE c.state = 'open' AND c.check_id IN ({{marks}})
"""
_CURRENT = """
SELECT 'draft:' || draft_id FROM draft WHERE state IN ('submitted', 'claimed')
UNION ALL SELECT 'call:' || call_id FROM guest_call WHERE answered_at_ms = 0
UNION ALL SELECT 'ready:' || r.check_id || ':' || r.course
  FROM checks c JOIN ready_course r ON r.check_id = c.check_id WHERE c.state = 'open'
UNION ALL SELECT 'pass:' || p.check_id || ':' || p.course
  FROM checks c JOIN pass_call p ON p.check_id = c.check_id WHERE c.state = 'open'
UNION ALL SELECT 'nudge:' || check_id FROM checks WHERE state = 'open'
"""
#: Paid at the counter before it was made, and not picked up yet.
_READY_AND_PAID = """
SELECT 'ready:' || r.check_id || ':' || r.course FROM checks c JOIN ready_course r ON r.check_id = c.check_id
WHERE c.closed_day >= (SELECT date(business_day, '-1 day') FROM log ORDER BY seq DESC LIMIT 1)
  AND r.ready_at_ms > (SELECT hlc >> 16 FROM log ORDER BY seq DESC LIMIT 1) - ?
  AND r.ready_at_ms <= (SELECT hlc >> 16 FROM log ORDER BY seq DESC LIMIT 1) - ?
ORDER BY r.ready_at_ms DESC LIMIT ?
"""
_TAKEN_AS = {"printer": "fault", "station": "dark", "ticket": "paper"}
_LOST_PAPERS = """
SELECT DISTINCT 'paper:' || p.ticket_id FROM lost_paper p JOIN ticket t ON t.ticket_id = p.ticket_id
WHERE t.state = 'open' AND t.shown_at_ms = 0
"""
_FAULTS = "SELECT 'fault:' || printer_id FROM printer_state UNION ALL SELECT 'dark:' || station_id FROM station"
#: Who is signed in, whether anybody can see a screen of theirs, and whether one of those rings as a waiter's: a cashier at
#: the till and a cook at the stove hear nothing of what the room is asked.
_PEOPLE = """
SELECT m.staff_id, MAX(COALESCE(w.is_awake, 0)),
  MAX(COALESCE(w.is_awake, 0) = 1 AND m.role <> 'manager' AND COALESCE(d.role, '') = 'waiter')
FROM staff_member m JOIN staff_session s ON s.staff_id = m.staff_id AND s.signed_out_at_ms = 0
LEFT JOIN device d ON d.device_id = s.device_id
LEFT JOIN screen w ON w.device_id = s.device_id AND COALESCE(d.role, '') <> 'manage'
WHERE m.is_active = 1 GROUP BY m.staff_id
"""
_WAITING_DRAFTS = "SELECT 'draft:' || draft_id FROM draft WHERE state IN ('submitted', 'claimed')"
#: An open check says nothing new of stations and printers: its tickets do, by themselves.
_OF_CHECK = """
SELECT 'ready:' || check_id || ':' || course FROM ready_course WHERE check_id = ?1
UNION ALL SELECT 'pass:' || check_id || ':' || course FROM pass_call WHERE check_id = ?1
UNION ALL SELECT 'dark:' || t.station_id FROM checks c JOIN ticket t ON t.check_id = c.check_id
  WHERE c.check_id = ?1 AND c.state <> 'open'
UNION ALL SELECT 'fault:' || s.printer_id FROM checks c JOIN ticket t ON t.check_id = c.check_id
  JOIN station s ON s.station_id = t.station_id WHERE c.check_id = ?1 AND c.state <> 'open'
UNION ALL SELECT 'paper:' || p.ticket_id FROM ticket t JOIN lost_paper p ON p.ticket_id = t.ticket_id WHERE t.check_id = ?1
"""
_OF_TICKET = """
SELECT 'dark:' || t.station_id FROM ticket t WHERE t.ticket_id = ?
UNION ALL SELECT 'fault:' || s.printer_id FROM ticket t JOIN station s ON s.station_id = t.station_id WHERE t.ticket_id = ?
UNION ALL SELECT 'paper:' || p.ticket_id FROM lost_paper p WHERE p.ticket_id = ?
"""
_OF_VISIT = """
SELECT 'draft:' || draft_id FROM draft WHERE visit_id = ? AND state IN ('submitted', 'claimed')
UNION ALL SELECT 'call:' || call_id FROM guest_call WHERE visit_id = ? AND answered_at_ms = 0
"""

_NOBODY = AttentionView(
    key="",
    kind="",
    table_id="",
    table_label="",
    section_id="",
    waiter_id="",
    check_id="",
    since_ms=0,
    appears_at_ms=0,
    amber_at_ms=0,
    red_at_ms=0,
    title="",
    details=(),
    amount_minor=0,
    draft_id="",
    call_id="",
    course=0,
    tender="",
    allergies=(),
    claimed_by="",
    claimed_by_name="",
    is_flagged=False,
)

_lines_of = msgspec.json.Decoder(tuple[OrderedLine, ...]).decode
_words_of = msgspec.json.Decoder(tuple[str, ...]).decode


def attention(conn: Connection, keys: list[str]) -> Mapping[str, AttentionView]:
    """Cards by key; what was done in the meantime is absent."""
    by_kind: dict[str, list[str]] = {}
    for key in keys:
        kind, _, id = key.partition(":")
        by_kind.setdefault(kind, []).append(id)
    wanted = frozenset(keys)
    cards = (card for kind, ids in by_kind.items() if kind in _LOADERS for card in _LOADERS[kind](conn, ids))
    people = _people(conn)
    return {card.key: _levelled(card, people) for card in cards if card.key in wanted}


class _People(msgspec.Struct, frozen=True):
    """Who is there to answer."""

    names: Mapping[str, str]
    signed_in: frozenset[str]
    awake: frozenset[str]
    has_waiter: bool  # one at least can be rung


def _people(conn: Connection) -> _People:
    rows = conn.execute(_PEOPLE).fetchall()
    return _People(
        names=dict(conn.execute("SELECT staff_id, name FROM person")),
        signed_in=frozenset(staff_id for staff_id, _, _ in rows),
        awake=frozenset(staff_id for staff_id, is_awake, _ in rows if is_awake),
        has_waiter=any(is_rung for _, _, is_rung in rows),
    )


def _levelled(card: AttentionView, people: _People) -> AttentionView:
    """With whom it rings and when: its waiter's first, everybody's at amber, the till's and the managers' at red.

    A waiter who cannot be rung is not waited for; nor is a room of waiters none of whom can. What somebody has open
    rings nobody else.
    """
    if card.kind == "fault":
        return card
    is_there = card.waiter_id in people.awake
    is_silent = card.claimed_by != ""
    is_quiet = is_silent or card.kind == "nudge"
    everyone_at_ms = card.amber_at_ms if is_there else card.appears_at_ms
    till_at_ms = card.red_at_ms if people.has_waiter else card.appears_at_ms
    away = "asleep" if card.waiter_id in people.signed_in else "signed_out"
    return msgspec.structs.replace(
        card,
        everyone_at_ms=0 if is_silent else everyone_at_ms,
        till_at_ms=0 if is_quiet else till_at_ms,
        waiter_name=people.names.get(card.waiter_id, ""),
        waiter_away="" if is_there or not card.waiter_id else away,
    )


def _drafts(conn: Connection, draft_ids: list[str]) -> Iterable[AttentionView]:
    out = sold_out_ids(conn)
    book = newest_book(conn)
    for row in conn.execute(_DRAFTS.format(marks=_marks(draft_ids)), draft_ids):
        *head, lines_json, note, allergies_json, total_minor, version, is_claimed, claimed_by, claimed_by_name = row
        lines = _lines_of(lines_json)
        allergies = (*_words_of(allergies_json), *(allergy for line in lines for allergy in line.allergies))
        card = _card("draft", head, since_ms=head[6])
        details = tuple(f"{line.quantity} {line.name}" for line in lines)
        yield msgspec.structs.replace(
            card,
            draft_id=head[0],
            details=(*details, note) if note else details,
            amount_minor=total_minor,
            allergies=tuple(dict.fromkeys(allergies)),
            claimed_by=claimed_by if is_claimed else "",
            claimed_by_name=claimed_by_name if is_claimed else "",
            is_flagged=bool(allergies)
            or not card.check_id
            or len(lines) > MAX_LINES_UNREAD
            or any(line.item_id in out for line in lines)
            or (book is not None and version != book.version and any(_is_repriced(book, line) for line in lines)),
        )


def _is_repriced(book: MenuBook, line: OrderedLine) -> bool:
    try:
        return price_line(book, ask_of(line)).unit_minor != line.unit_minor
    except Rejected:  # the menu does not have it any more
        return True


def _calls(conn: Connection, call_ids: list[str]) -> Iterable[AttentionView]:
    for row in conn.execute(_CALLS.format(marks=_marks(call_ids)), call_ids):
        *head, wants, reason, tender, balance_minor = row
        is_bill = wants == "bill"
        card = _card("bill" if is_bill else "call", head, since_ms=head[6])
        yield msgspec.structs.replace(
            card,
            key=f"call:{head[0]}",
            call_id=head[0],
            title=reason,
            tender=tender,
            amount_minor=balance_minor if is_bill else 0,
        )


def _ready(conn: Connection, ids: list[str]) -> Iterable[AttentionView]:
    check_ids = sorted({id.rpartition(":")[0] for id in ids})
    for row in conn.execute(_READY.format(marks=_marks(check_ids)), check_ids):
        *head, course, dishes = row
        card = _card("ready", head, since_ms=head[6], after_ms=READY_AFTER_MS)
        yield msgspec.structs.replace(card, course=course, details=_words_of(dishes))


def _pass_calls(conn: Connection, ids: list[str]) -> Iterable[AttentionView]:
    check_ids = sorted({id.rpartition(":")[0] for id in ids})
    for row in conn.execute(_PASS_CALLS.format(marks=_marks(check_ids)), check_ids):
        *head, course = row
        yield msgspec.structs.replace(_card("pass", head, since_ms=head[6]), course=course)


def _nudges(conn: Connection, check_ids: list[str]) -> Iterable[AttentionView]:
    """At most one for a check: lines forgotten on the device, then a course that is due, then nobody asked yet."""
    for row in conn.execute(_NUDGES.format(marks=_marks(check_ids)), (*check_ids, *check_ids)):
        *head, kind, held_at_ms, waiting_course, cooking, ready_at_ms, sent = row
        if held_at_ms is not None:
            card = _card("nudge", head, since_ms=held_at_ms, after_ms=UNSENT_AFTER_MS)
            yield msgspec.structs.replace(card, title="unsent_lines")
        elif waiting_course is not None and not cooking and ready_at_ms:
            card = _card("nudge", head, since_ms=ready_at_ms, after_ms=NEXT_COURSE_AFTER_MS)
            yield msgspec.structs.replace(card, title="next_course", course=waiting_course)
        elif kind == "table" and not sent:
            card = _card("nudge", head, since_ms=head[6], after_ms=NOTHING_SENT_AFTER_MS)
            yield msgspec.structs.replace(card, title="nothing_sent")


def _card(kind: str, head: list[Any], *, since_ms: int, after_ms: int = 0) -> AttentionView:
    """What all cards have, from the first columns of their rows."""
    id, table_id, table_label, section_id, waiter_id, check_id = head[:6]
    amber_s, red_s = _AGES[kind]
    return msgspec.structs.replace(
        _NOBODY,
        key=f"{kind}:{id}",
        kind=kind,
        table_id=table_id,
        table_label=table_label,
        section_id=section_id,
        waiter_id=waiter_id,
        check_id=check_id,
        since_ms=since_ms,
        appears_at_ms=since_ms + after_ms,
        amber_at_ms=since_ms + amber_s * 1000 if amber_s else 0,
        red_at_ms=since_ms + red_s * 1000 if red_s else 0,
    )


_LOADERS: dict[str, Callable[[Connection, list[str]], Iterable[AttentionView]]] = {
    "draft": _drafts,
    "call": _calls,
    "ready": _ready,
    "pass": _pass_calls,
    "fault": partial(faults.printers, card=partial(msgspec.structs.replace, _NOBODY, kind="fault")),
    "dark": partial(faults.stations, card=partial(msgspec.structs.replace, _NOBODY, kind="fault")),
    "paper": partial(faults.papers, card=partial(msgspec.structs.replace, _NOBODY, kind="fault")),
    "nudge": _nudges,
}


def _marks(ids: list[str]) -> str:
    return ",".join("?" * len(ids))


def _draft_key(key: Key) -> str:
    return f"draft:{key['draft_id']}"


def _call_key(key: Key) -> str:
    return f"call:{key['call_id']}"


def _ready_key(key: Key) -> str:
    return f"ready:{key['check_id']}:{key['course']}"


def _pass_key(key: Key) -> str:
    return f"pass:{key['check_id']}:{key['course']}"


def _paper_key(key: Key) -> str:
    return f"paper:{key['ticket_id']}"


def _ticket_name(key: Key) -> str:
    return f"ticket:{key['ticket_id']}"


def _taken_key(key: Key) -> str:
    return f"{_TAKEN_AS[str(key['about'])]}:{key['fault_id']}"


def _all_faults(key: Key) -> str:
    return "faults:"


def _nudge_key(key: Key) -> str:
    return f"nudge:{key['check_id']}"


def _visit_key(key: Key) -> str:
    return f"visit:{key['visit_id']}"


def _all_drafts(key: Key) -> str:
    return "menu:"


def _all_cards(key: Key) -> str:
    return "room:"


def _check_name(key: Key) -> str:
    return f"check:{key['check_id']}"


def _resolve(conn: Connection, names: list[str]) -> set[str]:
    """A party's drafts and calls when it or its check changes; every draft when the menu does."""
    keys: set[str] = set()
    for name in names:
        kind, _, id = name.partition(":")
        match kind:
            case "visit":
                keys.update(key for (key,) in conn.execute(_OF_VISIT, (id, id)))
            case "check":
                keys.add(f"nudge:{id}")
                keys.update(key for (key,) in conn.execute(_OF_CHECK, (id,)))
                for (visit_id,) in conn.execute(
                    "SELECT visit_id FROM checks WHERE check_id = ? AND visit_id <> ''", (id,)
                ):
                    keys.update(key for (key,) in conn.execute(_OF_VISIT, (visit_id, visit_id)))
            case "menu":
                keys.update(key for (key,) in conn.execute(_WAITING_DRAFTS))
            case "room":
                keys.update(_current(conn))
            case "ready":
                keys.update((name, *_left_on_pass(conn, LEFT_ON_PASS_MS + _PUSHED_OUT_MS, LEFT_ON_PASS_MS)))
            case "faults":
                keys.update(key for (key,) in conn.execute(_FAULTS))
            case "ticket":
                keys.update(key for (key,) in conn.execute(_OF_TICKET, (id, id, id)))
            case _:
                keys.add(name)
    return keys


def _current(conn: Connection) -> list[str]:
    """What may be a card now; a fault's key stands for one that is over, too, so that it leaves the screens."""
    found = [key for query in (_CURRENT, _FAULTS, _LOST_PAPERS) for (key,) in conn.execute(query)]
    return [*found, *_left_on_pass(conn, LEFT_ON_PASS_MS, 0)]


def _left_on_pass(conn: Connection, since_ms: int, until_ms: int) -> list[str]:
    return [key for (key,) in conn.execute(_READY_AND_PAID, (since_ms, until_ms, MOST_LEFT_ON_PASS))]


ATTENTION = View(
    kind="attention",
    roles=frozenset({"waiter", "pos", "kds", "console"}),
    touches={
        "draft": _draft_key,
        "guest_call": _call_key,
        "ready_course": _ready_key,
        "pass_call": _pass_key,
        "printer_state": _all_faults,
        "lost_paper": _paper_key,
        "ticket": _ticket_name,
        "ticket_line": _ticket_name,
        "fault_taken": _taken_key,
        "checks": _check_name,
        "check_line": _nudge_key,
        "visit": _visit_key,
        "item_86": _all_drafts,
        "menu_version": _all_drafts,
        **dict.fromkeys(("screen", "staff_session", "station", "section"), _all_cards),
        "dining_table": _all_cards,
    },
    load=attention,
    current=_current,
    since=lambda conn, seq: _current(conn),  # who can be rung is kept beside the log
    resolve=_resolve,
)
