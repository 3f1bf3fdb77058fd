"""Drafts as staff see them, and a visit as its phones see it."""

from collections.abc import Callable, Iterable, Mapping
from sqlite3 import Connection
from typing import Any

import msgspec

from edge.engine.slice import Key, View
from edge.guests.reads import are_drafts_paused
from edge.guests.state import WAITING
from edge.kitchen.reads import Reach, reach_of_lines
from edge.menu.reads import newest_book, newest_version, sold_out
from shared.errors import Rejected
from shared.lines import ChosenModifier, OrderedLine
from shared.rules.menu_book import EMPTY_BOOK, MenuBook
from shared.rules.pricing import ask_of, price_line
from shared.views.guests import DraftView, GuestAdjustment, GuestLine, GuestView
from shared.views.shown import ShownLine

#: A phone shows this many of its visit's drafts, the newest.
DRAFTS_SHOWN = 30
#: For so long a phone says who comes.
ANSWER_FRESH_MS = 300_000

_DRAFT_COLUMNS = (
    "draft_id",
    "visit_id",
    "phone_id",
    "state",
    "note",
    "total_minor",
    "submitted_at_ms",
    "expires_at_ms",
    "claimed_by",
    "claimed_at_ms",
    "settled_at_ms",
    "reason",
    "reason_note",
)
_DRAFTS = f"""
SELECT d.menu_version, d.lines, d.allergies, d.edits, v.table_id, COALESCE(t.label, ''), COALESCE(p.name, ''),
  CASE d.check_id WHEN '' THEN v.check_id ELSE d.check_id END, {", ".join(f"d.{column}" for column in _DRAFT_COLUMNS)}
FROM draft d JOIN visit v ON v.visit_id = d.visit_id LEFT JOIN dining_table t ON t.table_id = v.table_id
LEFT JOIN person p ON p.staff_id = d.claimed_by
"""
_VISITS = """
SELECT v.visit_id, v.state, COALESCE(t.label, '') FROM visit v LEFT JOIN dining_table t ON t.table_id = v.table_id
WHERE v.visit_id IN ({marks})
"""
_ACCOUNTS = """
SELECT visit_id, SUM(covers), SUM(cover_charge_minor), SUM(total_minor), SUM(paid_minor) FROM checks
WHERE visit_id IN ({marks}) GROUP BY visit_id
"""
_LINES = """
SELECT c.visit_id, l.line_id, l.name, l.variant_name, l.modifiers, l.quantity, l.gross_minor, l.note, l.check_id,
  l.ready_at_ms, COALESCE(s.is_paper_only, 0)
FROM checks c JOIN check_line l ON l.check_id = c.check_id LEFT JOIN station s ON s.station_id = l.station_id
WHERE c.visit_id IN ({marks}) AND l.state <> 'void' ORDER BY c.visit_id, c.opened_at_ms, l.check_id, l.position
"""
_ADJUSTMENTS = """
SELECT c.visit_id, a.adjustment_id, a.line_id, a.kind, a.rate_bp, a.amount_minor, a.reason
FROM checks c JOIN adjustment a ON a.check_id = c.check_id
WHERE c.visit_id IN ({marks}) AND a.state = 'given' AND a.amount_minor <> 0
ORDER BY c.visit_id, c.opened_at_ms, a.check_id, a.position
"""
_CALLS = """
SELECT g.visit_id, g.wants, g.answered_at_ms, COALESCE(p.name, '') FROM guest_call g
LEFT JOIN person p ON p.staff_id = g.answered_by
WHERE g.visit_id IN ({marks}) ORDER BY g.visit_id, g.called_at_ms, g.call_id
"""
#: Of a party, staff's screens have what waits, and the newest of what was settled.
SETTLED_SHOWN = 10
_FOLLOWED = f"""
SELECT draft_id FROM (
  SELECT d.draft_id, d.state, ROW_NUMBER() OVER (
    PARTITION BY d.visit_id, d.state IN ('submitted', 'claimed') ORDER BY d.submitted_at_ms DESC, d.draft_id DESC) AS place
  FROM visit v JOIN draft d ON d.visit_id = v.visit_id WHERE v.state = 'open'
) WHERE state IN ('submitted', 'claimed') OR place <= {SETTLED_SHOWN}
"""
_STANDING = "SELECT d.draft_id FROM draft d JOIN visit v ON v.visit_id = d.visit_id WHERE v.state = 'open'"
_NOT_FIRED = Reach()
#: What a touched row's name, without its kind, leads to.
_VISITS_OF: dict[str, str] = {
    "visit": "SELECT visit_id FROM visit WHERE visit_id IN ({marks})",
    "draft": "SELECT visit_id FROM draft WHERE draft_id IN ({marks})",
    "call": "SELECT visit_id FROM guest_call WHERE call_id IN ({marks})",
    "ticket": """SELECT c.visit_id FROM ticket t JOIN checks c ON c.check_id = t.check_id
      WHERE t.ticket_id IN ({marks}) AND c.visit_id <> ''""",
    "check": "SELECT visit_id FROM checks WHERE check_id IN ({marks}) AND visit_id <> ''",
    "table": "SELECT visit_id FROM visit WHERE table_id IN ({marks}) AND state = 'open'",
    "venue": "SELECT visit_id FROM visit WHERE state = 'open'",
}
_DRAFTS_OF: dict[str, str] = {
    "draft": "SELECT draft_id FROM draft WHERE draft_id IN ({marks})",
    "visit": "SELECT draft_id FROM draft WHERE visit_id IN ({marks})",
    "table": f"{_STANDING} AND v.table_id IN ({{marks}})",
    "venue": f"{_STANDING} AND d.state IN ('submitted', 'claimed')",
}

_lines_of = msgspec.json.Decoder(tuple[ShownLine, ...]).decode
_modifiers_of = msgspec.json.Decoder(tuple[ChosenModifier, ...]).decode
_words_of = msgspec.json.Decoder(tuple[str, ...]).decode
_edits_of = msgspec.json.Decoder(tuple[tuple[str, str], ...]).decode


class _Menu(msgspec.Struct, frozen=True):
    """What a waiting draft is compared with."""

    version: int
    sold_out: tuple[str, ...]
    book: Callable[[], MenuBook]

    def is_sold_out(self, line: OrderedLine) -> bool:
        """Whether the line's item is out."""
        return line.item_id in self.sold_out

    def is_repriced(self, line: OrderedLine) -> bool:
        """Whether the menu asks another price now, or does not have it any more."""
        try:
            return price_line(self.book(), ask_of(line), for_guest=True).unit_minor != line.unit_minor
        except Rejected:
            return True


def drafts(conn: Connection, draft_ids: list[str]) -> Mapping[str, DraftView]:
    """Drafts by id, whatever became of them, for as long as their visit is open."""
    where = f"WHERE v.state = 'open' AND d.draft_id IN ({_marks(draft_ids)})"
    menu = _menu(conn)
    return {view.draft_id: view for view in (_draft(row, menu) for row in conn.execute(_DRAFTS + where, draft_ids))}


def visits(conn: Connection, visit_ids: list[str]) -> Mapping[str, GuestView]:
    """Visits by id, also those that are over."""
    marks = _marks(visit_ids)
    menu = _menu(conn)
    newest_first = f"WHERE d.visit_id IN ({marks}) ORDER BY d.submitted_at_ms DESC, d.draft_id DESC"
    drafts: dict[str, list[DraftView]] = {}
    for row in conn.execute(_DRAFTS + newest_first, visit_ids):
        view = msgspec.structs.replace(_draft(row, menu), claimed_by="")  # the name is enough for a guest
        drafts.setdefault(view.visit_id, []).append(view)
    accounts = _grouped(conn.execute(_ACCOUNTS.format(marks=marks), visit_ids))
    lines = _grouped(conn.execute(_LINES.format(marks=marks), visit_ids))
    reached = reach_of_lines(conn, sorted({row[7] for rows in lines.values() for row in rows}))
    adjustments = _grouped(conn.execute(_ADJUSTMENTS.format(marks=marks), visit_ids))
    calls = _grouped(conn.execute(_CALLS.format(marks=marks), visit_ids))
    venue_name = (conn.execute("SELECT name FROM venue LIMIT 1").fetchone() or ("",))[0]
    is_paused = are_drafts_paused(conn)
    now_ms = _now_ms(conn)
    found = {}
    for visit_id, state, table_label in conn.execute(_VISITS.format(marks=marks), visit_ids):
        covers, charge_minor, total_minor, paid_minor = accounts.get(visit_id, [(0, 0, 0, 0)])[0]
        waiting, answers = _calls(calls.get(visit_id, []), now_ms)
        found[visit_id] = GuestView(
            visit_id=visit_id,
            is_over=state != "open",
            venue_name=venue_name,
            table_label=table_label,
            drafts=tuple(drafts.get(visit_id, ())[:DRAFTS_SHOWN]),
            lines=tuple(_line(row, reached.get((row[7], row[0]), _NOT_FIRED)) for row in lines.get(visit_id, [])),
            covers=covers,
            cover_charge_minor=charge_minor,
            total_minor=total_minor,
            paid_minor=paid_minor,
            calls=waiting,
            answered_by=answers[-1][1] if answers else "",
            menu_version=menu.version,
            sold_out=menu.sold_out,
            is_paused=is_paused,
            answers=answers,
            adjustments=tuple(
                GuestAdjustment(**dict(zip(GuestAdjustment.__struct_fields__, row, strict=True)))
                for row in adjustments.get(visit_id, [])
            ),
        )
    return found


def _menu(conn: Connection) -> _Menu:
    """The menu is read and decoded only when a draft was priced by another one."""

    def book() -> MenuBook:
        return newest_book(conn) or EMPTY_BOOK

    return _Menu(newest_version(conn)[0], tuple(sold_out(conn)), book)


def _draft(row: tuple[Any, ...], menu: _Menu) -> DraftView:
    (menu_version, lines_json, allergies, edits, table_id, table_label, claimed_by_name, check_id), columns = (
        row[:8],
        row[8:],
    )
    draft = dict(zip(_DRAFT_COLUMNS, columns, strict=True))
    lines = _lines_of(lines_json)
    compared = lines if draft["state"] in WAITING else ()
    repriced = compared if menu_version != menu.version else ()
    return DraftView(
        **draft,
        table_id=table_id,
        table_label=table_label,
        lines=lines,
        allergies=_words_of(allergies),
        claimed_by_name=claimed_by_name,
        check_id=check_id,
        edits=_edits_of(edits),
        sold_out=tuple(line.line_id for line in compared if menu.is_sold_out(line)),
        price_changed=tuple(line.line_id for line in repriced if menu.is_repriced(line)),
    )


def _line(row: tuple[Any, ...], reach: Reach) -> GuestLine:
    line_id, name, variant_name, modifiers, quantity, gross_minor, note, _, ready_at_ms, is_paper_only = row
    return GuestLine(
        line_id=line_id,
        name=name,
        variant_name=variant_name,
        modifiers=tuple(chosen.name for chosen in _modifiers_of(modifiers)),
        quantity=quantity,
        gross_minor=gross_minor,
        note=note,
        stage=_stage(reach, ready_at_ms, is_paper_only=bool(is_paper_only)),
    )


def _stage(reach: Reach, ready_at_ms: int, *, is_paper_only: bool) -> str:
    """A guest reads that the kitchen makes it once somebody knows that the kitchen has it, and not before.

    A station of paper alone tells nobody when it is done: its dishes count as made once their paper came out.
    """
    if ready_at_ms or (is_paper_only and reach.has_paper):
        return "ready"
    return "cooking" if reach.reached in {"screen", "paper"} else "confirmed"


def _calls(rows: list[tuple[Any, ...]], now_ms: int) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """What waits for an answer, and who comes for what, the last one last: of each wish only its last call tells."""
    last = {wants: (answered_at_ms, name) for wants, answered_at_ms, name in rows}
    waiting = tuple(wants for wants, (answered_at_ms, _) in last.items() if not answered_at_ms)
    fresh = [
        (answered_at_ms, wants, name)
        for wants, (answered_at_ms, name) in last.items()
        if name and answered_at_ms and now_ms - answered_at_ms <= ANSWER_FRESH_MS
    ]
    return waiting, tuple((wants, name) for _, wants, name in sorted(fresh))


def _now_ms(conn: Connection) -> int:
    """The moment of the last entry: a view knows no other clock."""
    row = conn.execute("SELECT hlc >> 16 FROM log ORDER BY seq DESC LIMIT 1").fetchone()
    return int(row[0]) if row else 0


def _grouped(rows: Iterable[tuple[Any, ...]]) -> dict[str, list[tuple[Any, ...]]]:
    """Rows by their first column, without it."""
    groups: dict[str, list[tuple[Any, ...]]] = {}
    for first, *rest in rows:
        groups.setdefault(first, []).append(tuple(rest))
    return groups


def _marks(ids: list[str]) -> str:
    return ",".join("?" * len(ids))


def _named(kind: str, column: str) -> Callable[[Key], str]:
    """Names a touched row by its kind and id, for `_found`."""

    def name(key: Key) -> str:
        return f"{kind}:{key[column]}"

    return name


def _the_venue(key: Key) -> str:
    return "venue:"


def _found(queries: Mapping[str, str]) -> Callable[[Connection, list[str]], set[str]]:
    """Finds the view keys that touched rows lead to."""

    def resolve(conn: Connection, names: list[str]) -> set[str]:
        ids: dict[str, list[str]] = {}
        for name in names:
            kind, _, id = name.partition(":")
            ids.setdefault(kind, []).append(id)
        keys: set[str] = set()
        for kind, of_kind in ids.items():
            values = of_kind if "{marks}" in queries[kind] else ()
            keys.update(key for (key,) in conn.execute(queries[kind].format(marks=_marks(of_kind)), values))
        return keys

    return resolve


def _standing_drafts(conn: Connection) -> list[str]:
    return [id for (id,) in conn.execute(_FOLLOWED)]


def _open_visits(conn: Connection) -> list[str]:
    return [id for (id,) in conn.execute(_VISITS_OF["venue"])]


DRAFT = View(
    kind="draft",
    roles=frozenset({"waiter", "pos", "console"}),
    touches={
        "draft": _named("draft", "draft_id"),
        "visit": _named("visit", "visit_id"),
        "dining_table": _named("table", "table_id"),
        "item_86": _the_venue,
        "menu_version": _the_venue,
    },
    load=drafts,
    current=_standing_drafts,
    resolve=_found(_DRAFTS_OF),
)
GUEST = View(
    kind="guest",
    roles=frozenset({"guest"}),
    touches={
        "visit": _named("visit", "visit_id"),
        "visit_phone": _named("visit", "visit_id"),
        "draft": _named("draft", "draft_id"),
        "guest_call": _named("call", "call_id"),
        "checks": _named("check", "check_id"),
        "check_line": _named("check", "check_id"),
        "ticket": _named("ticket", "ticket_id"),
        "adjustment": _named("check", "check_id"),
        "dining_table": _named("table", "table_id"),
        **dict.fromkeys(("venue", "draft_pause", "item_86", "menu_version"), _the_venue),
    },
    load=visits,
    current=_open_visits,
    resolve=_found(_VISITS_OF),
)
