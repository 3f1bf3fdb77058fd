"""Errands: what has an effect outside, where no transaction reaches. Paper, a charge at a terminal, an invoice, a mail.

An op asks for it, and its job is born in the transaction that decided the op: both are there or neither. A lane carries
it out later (`lanes.py`), and what became of it comes back as a command of the edge.
"""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from enum import Enum
from typing import Any

import msgspec
import structlog

from edge.engine import jobs, log
from edge.engine.asks import EDGE, Ask
from edge.engine.jobs import Job
from edge.engine.writes import Touched
from shared.commands.base import Command
from shared.entry import Entry
from shared.ops.base import Op
from shared.writes import Table

#: Made by a migration and written by the engine alone; declared for the feed.
ERRAND = Table(
    name="errand",
    key=("job_id",),
    columns={
        **{"job_id": "text", "errand": "text", "lane": "text", "rank": "int", "what": "text", "subject": "text"},
        **{"body": "text", "until_ms": "int", "made_at_ms": "int", "state": "text", "outcome": "text"},
        **{"result": "text", "problem": "text", "attempts": "int", "doubts": "int"},
    },
)

_logger = structlog.get_logger()


class Doubt(Enum):
    """What to do with a job that was begun, when nobody knows how that ended."""

    REPEAT = "repeat"  # do it again; `doubts` says how often that happened before
    LOOK_UP = "look_up"  # ask the other side, and do nothing until it has said
    GIVE_UP = "give_up"  # never again: twice is worse than not at all


class Errand(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of errand, as a slice hands it to the root. Plain functions alone; the root gives it hands."""

    name: str
    kinds: frozenset[str]  # the ops that may ask for jobs
    #: The jobs an op asks for. Called in the deciding transaction, once the op is projected.
    born: Callable[[sqlite3.Connection, Entry, Any], Iterable[Job]]
    doubt: Callable[[Job], Doubt]
    #: What the log is told of a job that is done or given up; None for nothing. The same job gives the same command.
    report: Callable[[Job], Command | None] = lambda job: None
    #: What the log is told of a job that is in doubt once more and is done again all the same; None for nothing.
    warn: Callable[[Job], Command | None] = lambda job: None
    told_as: str = "errand"  # the id of the report begins with it
    #: The jobs that are made because these were given up at once, in the same transaction; at a moment in ms.
    instead: Callable[[Sequence[Job], int], Iterable[Job]] = lambda given_up, now_ms: ()
    #: The lanes that are there without a job, to look after what is at their end.
    standing: Callable[[sqlite3.Connection], list[str]] = lambda conn: []
    standing_table: str = ""  # its rows are those lanes, by their whole key; a touched one may work again
    look_up_ms: int = 86_400_000  # how long past its deadline a job in doubt is looked up
    heir_of: str = ""  # the worker that made these jobs in an older release

    def report_ask(self, job: Job) -> Ask | None:
        """The report as it is asked, under an id that is the job's: twice is once.

        A job that nobody can report on any more, as an older release may have left one, ends all the same.
        """
        return self._ask(self.report, job, "-given-up" if job.state == "given_up" else "")

    def warning_ask(self, job: Job) -> Ask | None:
        """The warning as it is asked; `job` is as it is after this doubt."""
        return self._ask(self.warn, job, f"-in-doubt-{job.doubts}")

    def _ask(self, say: Callable[[Job], Command | None], job: Job, suffix: str) -> Ask | None:
        try:
            command = say(job)
        except Exception:
            _logger.exception("nothing can be told of a job", errand=self.name, job=job.job_id)
            return None
        if command is None:
            return None
        id = f"{self.told_as}-{job.job_id}{suffix}"
        return Ask(id=id, name=str(command.__struct_config__.tag), command=command, asker=EDGE)


class Births:
    """The jobs that each op asks for, made where it is decided. Nothing else makes any: no replay, no import."""

    def __init__(self, errands: Iterable[Errand]) -> None:
        self._of_kind: dict[str, tuple[Errand, ...]] = {}
        for errand in errands:
            for kind in errand.kinds:
                self._of_kind[kind] = (*self._of_kind.get(kind, ()), errand)
        self.kinds = frozenset(self._of_kind)  # the ops that may ask for jobs

    def make(self, conn: sqlite3.Connection, entry: Entry, op: Op, session: str) -> list[Touched]:
        """Keep the entry's jobs; a cause that has its job already gets no second. Returns the rows that are new.

        An errand that cannot say what it wants is a fault of ours and no reason to refuse a sale: it is kept as given up.
        """
        touched: list[Touched] = []
        for errand in self._of_kind.get(entry.kind, ()):
            touched += jobs.add(conn, _born(errand, conn, entry, op), epoch=entry.epoch, session=session)
        return touched


def _born(errand: Errand, conn: sqlite3.Connection, entry: Entry, op: Op) -> list[Job]:
    try:
        return list(errand.born(conn, entry, op))
    except sqlite3.Error:
        raise  # the disk's; the writer knows what that means
    except Exception as error:
        _logger.exception("an errand could not be made", errand=errand.name, kind=entry.kind, entry=entry.id.hex())
        unmade = Job(
            job_id=f"{entry.id.hex()}-{errand.name}-unmade",
            errand=errand.name,
            lane="unmade",
            subject=entry.subject,
            until_ms=entry.at_ms,
            made_at_ms=entry.at_ms,
            state="given_up",
            outcome="unmade",
            problem=f"{type(error).__name__}: {error}"[:200],
        )
        return [unmade]


def inherit(
    conn: sqlite3.Connection, errand: Errand, decode: Callable[[str, bytes], Op], now_ms: int, oldest_ms: int
) -> None:
    """Make the jobs that an older release's worker had not come to, and end that worker's cursor.

    Only of entries that this box decided, and of what is still worth doing.
    """
    row = conn.execute("SELECT seq FROM worker_cursor WHERE name = ?", (errand.heir_of,)).fetchone()
    if row is None:
        return
    epoch, session = conn.execute("SELECT epoch, session FROM log_identity").fetchone()
    for entry in log.of_kinds(conn, errand.kinds, after=row[0], since_ms=oldest_ms):
        if entry.epoch == epoch and not entry.origin_seq:
            born = _born(errand, conn, entry, decode(entry.kind, entry.body))
            jobs.add(conn, (job for job in born if job.until_ms >= now_ms), epoch=epoch, session=session)
    conn.execute("DELETE FROM worker_cursor WHERE name = ?", (errand.heir_of,))
