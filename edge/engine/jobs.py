"""Jobs of errands in the database: kept, begun, put back, ended. SQL alone; every function runs in the caller's transaction."""

import sqlite3
from collections.abc import Iterable, Mapping

import msgspec

from edge.engine.writes import Touched

KEPT_MS = 7 * 86_400_000
MOST_AT_ONCE = 200  # jobs that are given up together

_FIELDS = (
    "job_id, errand, lane, rank, what, subject, body, until_ms, made_at_ms, state, outcome, result, problem, attempts,"
    " doubts, not_before_ms"
)
_INSERT = """
INSERT OR IGNORE INTO errand (job_id, errand, lane, rank, what, subject, body, until_ms, made_at_ms, epoch, session,
  state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting')
"""
#: Another box's job, as a restored backup holds it, is not done here.
_IS_HERE = "(epoch, session) = (SELECT epoch, session FROM log_identity)"
_IS_STALE = f"state = 'waiting' AND (until_ms < ? OR NOT {_IS_HERE})"
#: What waits for its moment, and what is about the same and was asked for later.
_IS_LATER = """(not_before_ms > ? OR subject <> '' AND EXISTS (SELECT 1 FROM errand e
  WHERE e.subject = errand.subject AND e.errand = errand.errand AND e.lane = errand.lane AND e.number < errand.number
    AND e.ended_at_ms = 0 AND e.not_before_ms > ?))"""
#: What is in doubt holds its lane up until it is settled.
_NEXT = f"""
SELECT {_FIELDS} FROM errand WHERE errand = ? AND lane = ? AND ended_at_ms = 0
  AND (state = 'uncertain' OR state = 'waiting' AND until_ms >= ? AND {_IS_HERE} AND NOT {_IS_LATER})
ORDER BY state <> 'uncertain', rank, number LIMIT 1
"""
_COUNTS = f"""
SELECT what, COUNT(*), MIN(made_at_ms), COUNT(*) FILTER (WHERE {_IS_STALE}),
  COUNT(*) FILTER (WHERE state = 'underway'), MIN(not_before_ms) FILTER (WHERE not_before_ms > ?)
FROM errand WHERE errand = ? AND lane = ? AND ended_at_ms = 0 GROUP BY what
"""
_STALE = f"""
SELECT {_FIELDS} FROM errand WHERE errand = ? AND lane = ? AND ended_at_ms = 0 AND {_IS_STALE}
ORDER BY number LIMIT {MOST_AT_ONCE}
"""
_ADRIFT = f"""
SELECT {_FIELDS} FROM errand WHERE errand = ? AND lane = ? AND ended_at_ms = 0 AND state = 'underway'
"""
_OLD = "SELECT number FROM errand WHERE ended_at_ms > 0 AND ended_at_ms < ? AND is_told = 1 LIMIT 1000"
_UNTOLD = f"""
SELECT {_FIELDS} FROM errand WHERE is_told = 0 AND ended_at_ms > 0 ORDER BY number LIMIT {MOST_AT_ONCE}
"""


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to do outside, once. Whoever makes one names the first nine fields at most; the rest is its life."""

    job_id: str  # of its cause: the same cause gives the same id. Unique for ever, so a provider's idempotency key too
    errand: str  # the kind
    lane: str  # who does it; the jobs of a lane are done one after the other
    rank: int = 1  # lower goes first, then the older
    what: str = ""  # which sort of the kind
    subject: str = ""  # what it is about
    body: str = "{}"  # JSON, what the kind needs to do it
    until_ms: int  # not begun after
    made_at_ms: int
    state: str = "waiting"  # waiting, underway, uncertain, done or given_up
    outcome: str = ""  # how it ended
    result: str = "{}"  # JSON, what the other side said
    problem: str = ""  # what was in the way last
    attempts: int = 0  # how often it was begun
    doubts: int = 0  # how often it was begun again with nobody knowing what became of it
    not_before_ms: int = 0  # when it may be begun again; those behind it do not wait for that

    @property
    def is_over(self) -> bool:
        """Whether nothing more is done with it."""
        return self.state in ("done", "given_up")


class Open(msgspec.Struct, frozen=True):
    """Jobs of a sort that are still to be done."""

    count: int
    since_ms: int  # when the oldest was made


class Queue(msgspec.Struct, frozen=True, kw_only=True):
    """One lane's work."""

    job: Job | None  # the next one, or the one in doubt
    waiting: Mapping[str, Open]  # open jobs by what they are
    stale: int  # jobs past their deadline, or another box's
    adrift: int  # jobs that were begun, and that nobody is at
    later_ms: int = 0  # the moment that the next of those waits for that may not be begun yet; 0 for none


def touched_of(jobs: Iterable[Job]) -> list[Touched]:
    """The rows of these jobs, for the bell."""
    return [("errand", (job.job_id,)) for job in jobs]


def add(conn: sqlite3.Connection, jobs: Iterable[Job], *, epoch: int, session: str) -> list[Touched]:
    """Keep jobs of this box; one whose id is known stays as it is. Returns the rows that are new."""
    touched: list[Touched] = []
    for job in jobs:
        first = (job.job_id, job.errand, job.lane, job.rank, job.what, job.subject, job.body, job.until_ms)
        if conn.execute(_INSERT, (*first, job.made_at_ms, epoch, session)).rowcount:
            touched.append(("errand", (job.job_id,)))
            if job.is_over:
                end(conn, [(job, True)], job.made_at_ms)
    return touched


def queue_of(conn: sqlite3.Connection, errand: str, lane: str, now_ms: int) -> Queue:
    """The next job of a lane, and what else is there."""
    counts = conn.execute(_COUNTS, (now_ms, now_ms, errand, lane)).fetchall()
    row = conn.execute(_NEXT, (errand, lane, now_ms, now_ms, now_ms)).fetchone() if counts else None
    return Queue(
        job=None if row is None else _job(row),
        waiting={what: Open(count, since_ms) for what, count, since_ms, *_ in counts},
        stale=sum(stale for *_, stale, _, _ in counts),
        adrift=sum(adrift for *_, adrift, _ in counts),
        later_ms=min((later_ms for *_, later_ms in counts if later_ms), default=0),
    )


def open_lanes(conn: sqlite3.Connection) -> list[tuple[str, str]]:
    """Every lane that has something to do, by kind; that of the oldest job first."""
    rows = conn.execute(
        "SELECT errand, lane FROM errand WHERE ended_at_ms = 0 GROUP BY errand, lane ORDER BY MIN(number)"
    )
    return [(errand, lane) for errand, lane in rows]


def begin(conn: sqlite3.Connection, job: Job) -> None:
    """On the disk before the first byte leaves."""
    begun = conn.execute(
        "UPDATE errand SET state = 'underway', attempts = attempts + 1 WHERE job_id = ? AND state = 'waiting'",
        (job.job_id,),
    )
    assert begun.rowcount == 1, f"job {job.job_id} was not waiting"


def put_back(conn: sqlite3.Connection, job: Job, *, problem: str) -> None:
    """It was not done."""
    conn.execute(
        "UPDATE errand SET state = 'waiting', problem = ? WHERE job_id = ? AND ended_at_ms = 0", (problem, job.job_id)
    )


def repeat(conn: sqlite3.Connection, job: Job, *, problem: str, lane: str, not_before_ms: int) -> None:
    """Nobody knows whether it was done, and it is done again. What is about the same goes to another lane with it."""
    if lane != job.lane:
        conn.execute(
            "UPDATE errand SET lane = ? WHERE errand = ? AND subject = ? AND subject <> '' AND lane = ?"
            " AND state = 'waiting'",
            (lane, job.errand, job.subject, job.lane),
        )
    conn.execute(
        "UPDATE errand SET state = 'waiting', problem = ?, doubts = doubts + 1, lane = ?, not_before_ms = ?"
        " WHERE job_id = ? AND ended_at_ms = 0",
        (problem, lane, not_before_ms, job.job_id),
    )


def set_uncertain(conn: sqlite3.Connection, jobs: Iterable[Job]) -> None:
    """Nobody knows what became of these; each has its problem."""
    conn.executemany(
        "UPDATE errand SET state = 'uncertain', problem = ? WHERE job_id = ? AND ended_at_ms = 0",
        [(job.problem, job.job_id) for job in jobs],
    )


def end(conn: sqlite3.Connection, over: Iterable[tuple[Job, bool]], now_ms: int) -> None:
    """Nothing more is done with these. Each says whether the log knows how it ended."""
    conn.executemany(
        "UPDATE errand SET state = ?, outcome = ?, result = ?, problem = ?, is_told = ?, ended_at_ms = ?"
        " WHERE job_id = ? AND ended_at_ms = 0",
        [(job.state, job.outcome, job.result, job.problem, told, now_ms, job.job_id) for job, told in over],
    )


def tell(conn: sqlite3.Connection, job_ids: Iterable[str]) -> None:
    """The log knows how these ended."""
    conn.executemany("UPDATE errand SET is_told = 1 WHERE job_id = ?", [(job_id,) for job_id in job_ids])


def move(conn: sqlite3.Connection, lanes: Mapping[str, str]) -> None:
    """Let another lane do each of these jobs, unless it was begun meanwhile."""
    conn.executemany(
        "UPDATE errand SET lane = ? WHERE job_id = ? AND state = 'waiting'",
        [(lane, job_id) for job_id, lane in lanes.items()],
    )


def stale(conn: sqlite3.Connection, errand: str, lane: str, now_ms: int) -> list[Job]:
    """Jobs of a lane that are past their deadline, or another box's; oldest first."""
    return [_job(row) for row in conn.execute(_STALE, (errand, lane, now_ms))]


def adrift(conn: sqlite3.Connection, errand: str, lane: str) -> list[Job]:
    """Jobs of a lane that were begun and never ended."""
    return [_job(row) for row in conn.execute(_ADRIFT, (errand, lane))]


def untold(conn: sqlite3.Connection) -> list[Job]:
    """Jobs that are over, and the log does not know it."""
    return [_job(row) for row in conn.execute(_UNTOLD)]


def old(conn: sqlite3.Connection, now_ms: int) -> list[int]:
    """Numbers of those that ended so long ago that nobody asks any more; a thousand at most."""
    return [number for (number,) in conn.execute(_OLD, (now_ms - KEPT_MS,))]


def drop(conn: sqlite3.Connection, numbers: Iterable[int]) -> None:
    """Those go."""
    conn.executemany("DELETE FROM errand WHERE number = ?", [(number,) for number in numbers])


def leave_to_others(copy: sqlite3.Connection) -> None:
    """In a copy of the database, what is open is the original's to do."""
    if copy.execute("SELECT 1 FROM sqlite_master WHERE name = 'errand'").fetchone():  # an older release's has none
        copy.execute("UPDATE errand SET session = 'copied' WHERE ended_at_ms = 0")


def _job(row: tuple[object, ...]) -> Job:
    return Job(**dict(zip(Job.__struct_fields__, row, strict=True)))  # type: ignore[arg-type]  # a STRICT table's columns
