"""Jobs of errands, as screens see them: what is still to be done outside, and what was given up lately."""

from collections.abc import Iterable, Mapping
from sqlite3 import Connection

from edge.engine.errands import ERRAND
from edge.engine.slice import Key, Slice, View
from shared.views.errands import ErrandView

#: How long what was given up stays in sight, counted in entries' time.
SHOWN_MS = 12 * 3_600_000
_MARGIN_MS = 60_000  # a log's time may run behind the moment that a job's end was noted at

_JOBS = """
SELECT job_id, errand, lane, what, subject, state, outcome, problem, attempts, made_at_ms, until_ms FROM errand
WHERE job_id IN ({marks}) AND state <> 'done'
"""
_CURRENT = """
SELECT job_id FROM errand WHERE ended_at_ms = 0
UNION ALL SELECT job_id FROM errand WHERE ended_at_ms > ? AND state = 'given_up'
"""
_SINCE = "SELECT job_id FROM errand WHERE ended_at_ms = 0 UNION ALL SELECT job_id FROM errand WHERE ended_at_ms > ?"


def errands(conn: Connection, job_ids: list[str]) -> Mapping[str, ErrandView]:
    """Jobs by id, without those that were done."""
    rows = conn.execute(_JOBS.format(marks=",".join("?" * len(job_ids))), job_ids)
    names = ErrandView.__struct_fields__
    return {row[0]: ErrandView(**dict(zip(names, row, strict=True))) for row in rows}


def current(conn: Connection) -> list[str]:
    """What is open, and what was given up in the last hours."""
    return [id for (id,) in conn.execute(_CURRENT, (_last_ms(conn, 2**62) - SHOWN_MS,))]


def since(conn: Connection, seq: int) -> Iterable[str]:
    """What is open, and what ended after that entry."""
    return [id for (id,) in conn.execute(_SINCE, (_last_ms(conn, seq) - _MARGIN_MS,))]


def _last_ms(conn: Connection, seq: int) -> int:
    row = conn.execute("SELECT hlc >> 16 FROM log WHERE seq <= ? ORDER BY seq DESC LIMIT 1", (seq,)).fetchone()
    return int(row[0]) if row else 0


def _job_id(key: Key) -> str:
    return str(key["job_id"])


SLICE = Slice(
    name="errands",
    views=[
        View(
            kind="errand",
            roles=frozenset({"waiter", "pos", "kds", "console"}),
            touches={"errand": _job_id},
            load=errands,
            current=current,
            since=since,
        )
    ],
    kept_tables=[ERRAND],
)
