"""Paper as an errand: the jobs that ops ask for, what is done with one in doubt, and what the log is told. And their SQL."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from sqlite3 import Connection
from typing import Any

import msgspec

from edge.engine.errands import Doubt, Errand
from edge.engine.jobs import Job, Open
from edge.printing.formats import Page
from edge.printing.load import printer_ids, room_of
from edge.printing.papers import KEPT_MS, KINDS, Paper, papers_of
from shared.commands.base import Command
from shared.commands.printing import ReportPaperFailed, ReportPrinted
from shared.entry import Entry
from shared.ops import Op

#: A job that was sent and never confirmed is sent again, marked; after this many repeats a person decides.
MAX_COPIES = 3
#: With the last of them a paper of the kitchen is somebody's to look after, whatever comes of it.
TOLD_COPIES = MAX_COPIES
#: Before all paper, because a guest waits for change; and at most once: a repeat would open it with nobody there.
DRAWER = "drawer"
FOR_THE_KITCHEN = frozenset({"kitchen", "change"})  # what a table waits for

_PRINTER = """
SELECT printer_id, name, host, port, columns, code_page, fence, has_cutter, language FROM printer WHERE printer_id = ?
"""
_MOVABLE = """
SELECT job_id, lane, body FROM errand
WHERE errand = 'print' AND lane = ? AND ended_at_ms = 0 AND state = 'waiting' AND what <> 'drawer'
"""


class Body(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of a paper beside what every job has."""

    home_id: str  # the printer where it belongs
    backup_id: str  # the one that may print it instead, or ""
    check_id: str
    facts: dict[str, Any]

    def other_id(self, printer_id: str) -> str:
        """The printer that may print it when this one does not, or ""."""
        return self.backup_id if self.home_id == printer_id else self.home_id


class Printer(msgspec.Struct, frozen=True, kw_only=True):
    """A printer as it is set up."""

    printer_id: str
    name: str
    host: str
    port: int
    columns: int
    code_page: str
    fence: str
    has_cutter: bool
    language: str


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """A job that is to be printed, and all that its paper needs."""

    job_id: str
    document: str
    facts: dict[str, Any]
    copies: int
    other_id: str  # the printer that may print it instead, or ""
    backup_of: str  # the name of the printer it stands in for, or ""
    page: Page
    venue: str


body_of = msgspec.json.Decoder(Body).decode
_encode = msgspec.json.Encoder().encode


def _born(conn: Connection, entry: Entry, op: Op) -> Iterator[Job]:
    room = room_of(conn, op, device_id=entry.device_id)
    return (_job(paper) for paper in papers_of(entry, op, room)) if room.printers else iter(())


def _job(paper: Paper) -> Job:
    body = Body(home_id=paper.home_id, backup_id=paper.backup_id, check_id=paper.check_id, facts=paper.facts)
    return Job(
        job_id=paper.job_id,
        errand="print",
        lane=paper.printer_id,
        rank=0 if paper.document == DRAWER else 1,
        what=paper.document,
        subject=paper.ticket_id,
        body=_encode(body).decode(),
        made_at_ms=paper.made_at_ms,
        until_ms=paper.until_ms,
    )


def _doubt(job: Job) -> Doubt:
    return Doubt.GIVE_UP if job.what == DRAWER or job.doubts >= MAX_COPIES else Doubt.REPEAT


def _warn(job: Job) -> Command | None:
    """What the log is told of a kitchen's paper that was sent again and again: it is tried once more, and told now."""
    if job.what not in FOR_THE_KITCHEN or job.doubts != TOLD_COPIES:
        return None
    return _failed(job, "doubtful")


def _failed(job: Job, why: str) -> ReportPaperFailed:
    return ReportPaperFailed(
        job_id=job.job_id,
        printer_id=job.lane,
        document=job.what,
        ticket_id=job.subject,
        check_id=body_of(job.body).check_id,
        why=why,
    )


def _report(job: Job) -> Command | None:
    """What came of a paper, for the log; a drawer that opened or did not is nobody's news."""
    if job.what == DRAWER:
        return None
    if job.state != "done":
        return _failed(job, job.outcome if job.outcome in ("expired", "elsewhere") else "unconfirmed")
    return ReportPrinted(
        job_id=job.job_id,
        printer_id=job.lane,
        document=job.what,
        ticket_id=job.subject,
        check_id=body_of(job.body).check_id,
        outcome=job.outcome,
        copies_before=job.doubts,
    )


def _missed(given_up: Sequence[Job], now_ms: int) -> Iterator[Job]:
    """Tickets that nobody waits for any more are named on one slip."""
    tickets = [job for job in given_up if job.what == "kitchen"]
    if not tickets:
        return
    last = tickets[-1]
    slip = {"count": len(tickets), "tickets": [body_of(job.body).facts for job in tickets]}
    yield Job(
        job_id=f"{last.job_id}-missed",
        errand="print",
        lane=last.lane,
        what="missed",
        body=_encode(msgspec.structs.replace(body_of(last.body), check_id="", facts=slip)).decode(),
        made_at_ms=now_ms,
        until_ms=now_ms + KEPT_MS,
    )


PRINT = Errand(
    name="print",
    kinds=KINDS,
    born=_born,
    doubt=_doubt,
    report=_report,
    warn=_warn,
    told_as="printed",
    instead=_missed,
    standing=printer_ids,
    standing_table="printer",
    heir_of="print_spool",
)


def printer(conn: Connection, printer_id: str) -> Printer:
    """One that is set up."""
    row = conn.execute(_PRINTER, (printer_id,)).fetchone()
    return msgspec.convert(dict(zip(Printer.__struct_fields__, row, strict=True)), Printer, strict=False)


def waiting_of(conn: Connection, job: Job) -> tuple[Printer, Waiting]:
    """The printer that a job waits for, and what its paper needs."""
    machine, body = printer(conn, job.lane), body_of(job.body)
    venue, page = _page(conn, machine)
    home = conn.execute("SELECT name FROM printer WHERE printer_id = ?", (body.home_id,)).fetchone()
    return machine, Waiting(
        job_id=job.job_id,
        document=job.what,
        facts=body.facts,
        copies=job.doubts,
        other_id=body.other_id(job.lane),
        backup_of=home[0] if home and body.home_id != job.lane else "",
        page=page,
        venue=venue,
    )


def movable(conn: Connection, printer_id: str, to_ids: Collection[str]) -> Mapping[str, str]:
    """Where each job that waits for a printer may be printed instead, if that is among those; by job."""
    rows = conn.execute(_MOVABLE, (printer_id,)).fetchall()
    others = {job_id: other_id(body, lane) for job_id, lane, body in rows}
    return {job_id: other for job_id, other in others.items() if other in to_ids}


def other_id(body: str, lane: str) -> str:
    """The printer that may do it instead; none for a job that nobody can read, which its own lane gives up loudly."""
    try:
        return body_of(body).other_id(lane)
    except msgspec.MsgspecError:
        return ""


def fault_of(conn: Connection, printer_id: str) -> tuple[str, int]:
    """The fault that the log has, and since when; empty when it prints."""
    row = conn.execute("SELECT fault, since_ms FROM printer_state WHERE printer_id = ?", (printer_id,)).fetchone()
    return (row[0], row[1]) if row else ("", 0)


def papers(waiting: Mapping[str, Open]) -> int:
    """How many of these open jobs are paper."""
    return sum(open.count for what, open in waiting.items() if what != DRAWER)


def oldest_ms(waiting: Mapping[str, Open]) -> int:
    """When the oldest of the kitchen's papers was asked for; 0 when none is open."""
    return min((open.since_ms for what, open in waiting.items() if what in FOR_THE_KITCHEN), default=0)


def _page(conn: Connection, machine: Printer) -> tuple[str, Page]:
    row = conn.execute("SELECT name, language, timezone, currency FROM venue LIMIT 1").fetchone()
    page = Page(columns=machine.columns, code_page=machine.code_page)
    if row is None:
        return "", msgspec.structs.replace(page, language=machine.language or page.language)
    name, language, timezone, currency = row
    language = machine.language or language
    return name, msgspec.structs.replace(page, language=language, timezone=timezone, currency=currency)
