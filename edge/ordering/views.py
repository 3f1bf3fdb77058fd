"""Checks as devices see them."""

from collections.abc import Iterable, Mapping
from sqlite3 import Connection
from typing import Any

import msgspec

from edge.engine.slice import Key, View
from edge.kitchen.reads import Reach, reach_of_lines, unreached_checks
from edge.ordering.state import FREE_VOID_MS
from shared.projections.checks import LINE_COLUMNS, line_of
from shared.views.ordering import AdjustmentView, CheckView, CourseView, LineView, PaymentView
from shared.views.shown import ShownChoice, shown

_CHECK_COLUMNS = (
    "check_id",
    "number",
    "kind",
    "table_id",
    "table_label",
    "name",
    "waiter_id",
    "visit_id",
    "covers",
    "state",
    "opened_at_ms",
    "closed_at_ms",
    "lines_minor",
    "cover_charge_minor",
    "adjustments_minor",
    "total_minor",
    "paid_minor",
    "tips_minor",
    "guest_check_at_ms",
)
_CHECKS = f"""
SELECT {", ".join(f"c.{column}" for column in _CHECK_COLUMNS)}, c.guest_check_minor, COALESCE(p.name, ''),
  COALESCE((SELECT MIN(called_at_ms) FROM guest_call g
    WHERE c.visit_id <> '' AND g.visit_id = c.visit_id AND g.wants = 'bill' AND g.answered_at_ms = 0), 0)
FROM checks c LEFT JOIN person p ON p.staff_id = c.waiter_id
WHERE c.state <> 'abandoned' AND c.check_id IN ({{marks}})
"""
_LINES = f"""
SELECT l.check_id, l.state, l.added_by, l.added_at_ms, l.sent_at_ms, l.fired_at_ms, l.ready_at_ms, l.void_reason,
  l.voided_quantity, COALESCE(s.late_after_s, 0), COALESCE(s.is_paper_only, 0),
  {", ".join(f"l.{column}" for column in LINE_COLUMNS)}
FROM check_line l LEFT JOIN station s ON s.station_id = l.station_id
WHERE l.check_id IN ({{marks}}) ORDER BY l.check_id, l.position
"""
_VOIDS = """
SELECT v.check_id, v.line_id, v.reason, v.voided_at_ms, COALESCE(p.name, ''), COALESCE(a.name, '')
FROM line_void v LEFT JOIN person p ON p.staff_id = v.voided_by LEFT JOIN person a ON a.staff_id = v.approved_by
WHERE v.check_id IN ({marks}) ORDER BY v.check_id, v.line_id, v.seq
"""
_NO_VOID = ("", 0, "", "")
_NOT_FIRED = Reach()
_OF_TICKET = "SELECT check_id FROM ticket WHERE ticket_id IN ({marks})"
_PAYMENTS = """
SELECT p.check_id, p.payment_id, p.tender, p.amount_minor,
  COALESCE((SELECT SUM(t.amount_minor) FROM tip t WHERE t.check_id = p.check_id AND t.payment_id = p.payment_id), 0),
  p.tendered_minor, p.change_minor, p.reference, p.taken_at_ms
FROM payment p WHERE p.check_id IN ({marks}) ORDER BY p.check_id, p.taken_at_ms, p.payment_id
"""
_ADJUSTMENTS = """
SELECT a.check_id, a.adjustment_id, a.line_id, a.kind, a.rate_bp, a.amount_minor, a.reason, COALESCE(p.name, ''),
  COALESCE(o.name, ''), a.given_at_ms
FROM adjustment a LEFT JOIN person p ON p.staff_id = a.given_by LEFT JOIN person o ON o.staff_id = a.approved_by
WHERE a.check_id IN ({marks}) AND a.state = 'given' ORDER BY a.check_id, a.position
"""
_READY = "SELECT check_id, course, ready_at_ms FROM ready_course WHERE check_id IN ({marks})"
_CALLED = """
SELECT c.check_id FROM guest_call g JOIN checks c ON c.visit_id = g.visit_id
WHERE g.visit_id <> '' AND g.call_id IN ({marks})
"""
_ADJUSTMENT_FIELDS = AdjustmentView.__struct_fields__
_PAYMENT_FIELDS = PaymentView.__struct_fields__
#: Screens show what just happened, and undo it; all other closed checks are asked for (routes.py).
JUST_CLOSED = 30
_OPEN = "SELECT check_id FROM checks WHERE state = 'open'"
_LAST_CLOSED = """
SELECT check_id FROM checks
WHERE closed_day >= (SELECT date(business_day, '-1 day') FROM log ORDER BY seq DESC LIMIT 1)
ORDER BY closed_at_ms DESC, check_id DESC LIMIT ? OFFSET ?
"""
_ENDED = "SELECT check_id FROM checks WHERE state = 'closed' AND check_id IN ({marks})"


class _Row(msgspec.Struct, frozen=True):
    """A line with what only its stage needs."""

    view: LineView
    late_at_ms: int  # 0 unless it cooks


def followed(conn: Connection, check_ids: list[str]) -> Mapping[str, CheckView]:
    """Checks by id while the feed carries them: the open ones, and the last few that closed."""
    over = _ended(conn, check_ids)
    gone = over - set(_last_closed(conn, JUST_CLOSED)) if over else over
    return checks(conn, [check_id for check_id in check_ids if check_id not in gone])


def checks(conn: Connection, check_ids: list[str]) -> Mapping[str, CheckView]:
    """Checks by id, with everything on them, whether the feed carries them or not."""
    marks = ",".join("?" * len(check_ids))
    lines = _grouped(conn.execute(_LINES.format(marks=marks), check_ids))
    voids = {(row[0], row[1]): row[2:] for row in conn.execute(_VOIDS.format(marks=marks), check_ids)}
    payments = _grouped(conn.execute(_PAYMENTS.format(marks=marks), check_ids))
    given = _given(conn, marks, check_ids)
    ready = _grouped(conn.execute(_READY.format(marks=marks), check_ids))
    reached = reach_of_lines(conn, check_ids)
    return {
        row[0]: _check(
            row,
            [
                _line(
                    columns,
                    voids.get((row[0], columns[10]), _NO_VOID),
                    reached.get((row[0], columns[10]), _NOT_FIRED),
                    given.get((row[0], columns[10]), ()),
                )
                for columns in lines.get(row[0], [])
            ],
            tuple(PaymentView(**dict(zip(_PAYMENT_FIELDS, one, strict=True))) for one in payments.get(row[0], [])),
            dict(ready.get(row[0], [])),
            given.get((row[0], ""), ()),
        )
        for row in conn.execute(_CHECKS.format(marks=marks), check_ids)
    }


def _given(conn: Connection, marks: str, check_ids: list[str]) -> Mapping[tuple[str, str], tuple[AdjustmentView, ...]]:
    """Adjustments by check and line; those of a whole check under no line."""
    given: dict[tuple[str, str], tuple[AdjustmentView, ...]] = {}
    for check_id, *columns in conn.execute(_ADJUSTMENTS.format(marks=marks), check_ids):
        one = AdjustmentView(**dict(zip(_ADJUSTMENT_FIELDS, columns, strict=True)))
        given[check_id, one.line_id] = (*given.get((check_id, one.line_id), ()), one)
    return given


def _check(
    row: tuple[Any, ...],
    rows: list[_Row],
    payments: tuple[PaymentView, ...],
    ready: Mapping[int, int],
    adjustments: tuple[AdjustmentView, ...],
) -> CheckView:
    *columns, guest_check_minor, waiter_name, bill_called_at_ms = row
    check = dict(zip(_CHECK_COLUMNS, columns, strict=True))
    lines = tuple(one.view for one in rows)
    printed_at_ms = check["guest_check_at_ms"]
    is_stale = printed_at_ms > 0 and guest_check_minor != check["total_minor"]
    bill_at_ms = bill_called_at_ms or (0 if is_stale else printed_at_ms)
    stage, since_ms = _stage(check, lines, ready, bill_at_ms)
    return CheckView(
        **check,
        waiter_name=waiter_name,
        stage=stage,
        stage_since_ms=since_ms,
        late_at_ms=min((one.late_at_ms for one in rows if one.late_at_ms), default=0),
        lines=lines,
        courses=_courses(lines, ready),
        payments=payments,
        balance_minor=check["total_minor"] - check["paid_minor"],
        unsent=sum(line.stage == "held" for line in lines),
        guest_check_is_stale=is_stale,
        adjustments=adjustments,
    )


def _stage(
    check: Mapping[str, Any], lines: Iterable[LineView], ready: Mapping[int, int], bill_at_ms: int
) -> tuple[str, int]:
    """The word on a check's tile, and since when it is true; what a person must act on first comes first."""
    if check["state"] == "closed":
        return "paid", check["closed_at_ms"]
    if bill_at_ms:
        return "bill", bill_at_ms
    if ready:
        return "ready", min(ready.values())
    fired = _fired(lines)
    if fired is not None:
        return fired
    held = [line.sent_at_ms or line.added_at_ms for line in lines if line.stage in {"held", "waiting"}]
    if held:
        return "held", min(held)
    served = [line.ready_at_ms for line in lines if line.ready_at_ms]
    return "seated", max(served, default=check["opened_at_ms"])


def _fired(lines: Iterable[LineView]) -> tuple[str, int] | None:
    """What is said of fired lines that are not done, and since when: cooking once the kitchen has one of them."""
    fired = [line for line in lines if line.stage == "cooking"]
    if not fired:
        return None
    is_there = any(line.reached in {"screen", "paper"} for line in fired)
    return "cooking" if is_there else "sent", min(line.fired_at_ms for line in fired)


def _courses(lines: Iterable[LineView], ready: Mapping[int, int]) -> tuple[CourseView, ...]:
    by_course: dict[int, list[LineView]] = {}
    for line in lines:
        if line.stage != "void":
            by_course.setdefault(line.course, []).append(line)
    return tuple(_course(course, by_course[course], ready.get(course, 0)) for course in sorted(by_course))


def _course(course: int, lines: list[LineView], ready_at_ms: int) -> CourseView:
    """How far a course is: what cooks or waits on the pass says more than what was added to it later."""
    fired = _fired(lines)
    waiting = [line.sent_at_ms for line in lines if line.stage == "waiting"]
    held = [line.added_at_ms for line in lines if line.stage == "held"]
    if fired is not None:
        return CourseView(course=course, stage=fired[0], since_ms=fired[1])
    if ready_at_ms:
        return CourseView(course=course, stage="ready", since_ms=ready_at_ms)
    if waiting:
        return CourseView(course=course, stage="waiting", since_ms=min(waiting))
    if held:
        return CourseView(course=course, stage="held", since_ms=min(held))
    return CourseView(course=course, stage="served", since_ms=max(line.ready_at_ms for line in lines))


def _line(
    row: tuple[Any, ...], void: tuple[str, int, str, str], reach: Reach, adjustments: tuple[AdjustmentView, ...]
) -> _Row:
    (
        (state, added_by, added_at_ms, sent_at_ms, fired_at_ms, ready_at_ms, void_reason, voided, late_after_s, paper),
        (columns),
    ) = row[:10], row[10:]
    stage = _line_stage(state, fired_at_ms, ready_at_ms, is_paper_only=bool(paper) and reach.has_paper)
    line = line_of(columns)
    view = LineView(
        line_id=line.line_id,
        item_id=line.item_id,
        name=line.name,
        short_name=line.short_name,
        variant_id=line.variant_id,
        variant_name=line.variant_name,
        modifiers=tuple(shown(chosen, ShownChoice) for chosen in line.modifiers),
        quantity=line.quantity,
        unit_minor=line.unit_minor,
        gross_minor=line.gross_minor,
        course=line.course,
        station_id=line.station_id,
        note=line.note,
        allergies=line.allergies,
        seat=line.seat,
        draft_id=line.draft_id,
        stage=stage,
        added_by=added_by,
        added_at_ms=added_at_ms,
        sent_at_ms=sent_at_ms,
        fired_at_ms=fired_at_ms,
        ready_at_ms=ready_at_ms,
        void_reason=void_reason or void[0],
        voided_quantity=voided,
        free_void_until_ms=sent_at_ms + FREE_VOID_MS if state == "sent" and not ready_at_ms else 0,
        voided_at_ms=void[1],
        voided_by_name=void[2],
        void_approved_by_name=void[3],
        reached=reach.reached,
        fails_at_ms=reach.fails_at_ms,
        adjustments=adjustments,
    )
    return _Row(view, fired_at_ms + late_after_s * 1000 if stage == "cooking" and late_after_s else 0)


def _line_stage(state: str, fired_at_ms: int, ready_at_ms: int, *, is_paper_only: bool) -> str:
    """A station of paper alone tells nobody when it is done: its lines count as made once their paper came out."""
    if state != "sent":
        return state
    if ready_at_ms or (fired_at_ms and is_paper_only):
        return "ready"
    return "cooking" if fired_at_ms else "waiting"


def _grouped(rows: Iterable[tuple[Any, ...]]) -> dict[str, list[tuple[Any, ...]]]:
    """Rows by their first column, without it."""
    groups: dict[str, list[tuple[Any, ...]]] = {}
    for first, *rest in rows:
        groups.setdefault(first, []).append(tuple(rest))
    return groups


def _check_id(key: Key) -> str:
    return str(key["check_id"])


def _call(key: Key) -> str:
    return f"call:{key['call_id']}"


def _ticket(key: Key) -> str:
    return f"ticket:{key['ticket_id']}"


def _unreached(key: Key) -> str:
    return "unreached:"


def _resolve(conn: Connection, names: list[str]) -> set[str]:
    """The checks behind calls and tickets, and those that may not have reached the kitchen, beside those that changed.

    One that closes takes the place of an older one.
    """
    ids: dict[str, list[str]] = {"call": [], "ticket": [], "unreached": [], "": []}
    for name in names:
        kind, colon, id = name.partition(":")
        ids[kind if colon else ""].append(id if colon else name)
    changed = ids[""]
    found = {*changed, *(_last_closed(conn, JUST_CLOSED, after=JUST_CLOSED) if _ended(conn, changed) else ())}
    for kind, query in (("call", _CALLED), ("ticket", _OF_TICKET)):
        if ids[kind]:
            found.update(id for (id,) in conn.execute(query.format(marks=",".join("?" * len(ids[kind]))), ids[kind]))
    return found | {*unreached_checks(conn)} if ids["unreached"] else found


def _current_checks(conn: Connection) -> list[str]:
    return [*(id for (id,) in conn.execute(_OPEN)), *_last_closed(conn, JUST_CLOSED)]


def _ended(conn: Connection, check_ids: list[str]) -> set[str]:
    marks = ",".join("?" * len(check_ids))
    return {id for (id,) in conn.execute(_ENDED.format(marks=marks), check_ids)}


def _last_closed(conn: Connection, count: int, *, after: int = 0) -> list[str]:
    return [id for (id,) in conn.execute(_LAST_CLOSED, (count, after))]


CHECK = View(
    kind="check",
    roles=frozenset({"waiter", "pos", "kds", "console"}),
    touches={
        "checks": _check_id,
        "check_line": _check_id,
        "adjustment": _check_id,
        "payment": _check_id,
        "ready_course": _check_id,
        "guest_call": _call,
        "ticket": _ticket,
        **dict.fromkeys(("screen", "printer_state", "station"), _unreached),
    },
    load=followed,
    current=_current_checks,
    since=lambda conn, seq: unreached_checks(conn),  # as of their tickets
    resolve=_resolve,
)
