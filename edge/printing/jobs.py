"""Print jobs in the database: made from entries, taken by the printers' senders, and ended. SQL, no sockets."""

from collections.abc import Iterable, Sequence
from sqlite3 import Connection
from typing import Any

import msgspec

from edge.printing.formats import Page
from edge.printing.load import room
from edge.printing.papers import KEPT_MS, Job, jobs_of
from shared.entry import Entry
from shared.ops import decode

KEPT_DAYS_MS = 7 * 86_400_000
#: A job that was sent and never confirmed is sent again, marked; after this many repeats a person decides.
MAX_COPIES = 3
#: At most once: a repeat would open a drawer with nobody there.
_ONCE = "drawer"

_INSERT = """
INSERT OR IGNORE INTO print_job (job_id, seq, part, printer_id, home_id, backup_id, document, facts, ticket_id,
  check_id, state, made_at_ms, until_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting', ?, ?)
"""
#: Drawers first: a guest waits for change. Then in the order things happened.
_NEXT = """
SELECT j.job_id, j.document, j.facts, j.ticket_id, j.check_id, j.copies, j.backup_id, j.home_id, COALESCE(h.name, '')
FROM print_job j LEFT JOIN printer h ON h.printer_id = j.home_id
WHERE j.printer_id = ? AND j.state = 'waiting' AND j.until_ms >= ?
ORDER BY j.document <> 'drawer', j.seq, j.part LIMIT 1
"""
_COUNTS = """
SELECT COUNT(*) FILTER (WHERE document <> 'drawer'), COUNT(*) FILTER (WHERE state = 'waiting' AND until_ms < ?),
  COUNT(*) FILTER (WHERE state = 'sending')
FROM print_job WHERE printer_id = ? AND state IN ('waiting', 'sending')
"""
_STALE = """
SELECT job_id, seq, home_id, backup_id, document, facts FROM print_job
WHERE printer_id = ? AND state = 'waiting' AND until_ms < ? ORDER BY seq, part
"""
_PRINTER = """
SELECT printer_id, name, host, port, columns, code_page, fence, has_cutter, language FROM printer WHERE printer_id = ?
"""

_facts_of = msgspec.json.Decoder(dict[str, Any]).decode
_encode = msgspec.json.Encoder().encode


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
    ticket_id: str
    check_id: str
    copies: int
    other_id: str  # the printer that may print it instead, or ""
    backup_of: str  # the name of the printer it stands in for, or ""
    page: Page
    venue: str


class Queue(msgspec.Struct, frozen=True, kw_only=True):
    """One printer's work."""

    printer: Printer
    job: Waiting | None
    waiting: int  # papers, this one included
    stale: int  # jobs that are not worth doing any more
    adrift: int  # jobs that somebody began to send, and no longer does


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A job whose paper came out, for the log."""

    job_id: str
    printer_id: str
    document: str
    ticket_id: str
    check_id: str
    outcome: str
    copies: int


def made_from(conn: Connection, entries: Sequence[Entry]) -> list[Job]:
    """The jobs that entries ask for."""
    ops = [(entry, decode(entry.kind, entry.body)) for entry in entries]
    tickets = {op.subject for entry, op in ops if entry.kind.startswith("ticket_") and entry.kind != "ticket_opened"}
    bills = {op.subject for entry, op in ops if entry.kind in ("guest_check_printed", "receipt_printed")}
    found = room(conn, tickets, sorted(bills))
    return [job for entry, op in ops for job in jobs_of(entry, op, found)]


def add(conn: Connection, jobs: Iterable[Job], now_ms: int) -> None:
    """Keep jobs; one that is known stays as it is. What ended a week ago goes."""
    conn.execute("DELETE FROM print_job WHERE ended_at_ms BETWEEN 1 AND ?", (now_ms - KEPT_DAYS_MS,))
    conn.executemany(
        _INSERT,
        [
            (
                *(job.job_id, job.seq, job.part, job.printer_id, job.home_id, job.backup_id, job.document),
                *(_encode(job.facts).decode(), job.ticket_id, job.check_id, job.made_at_ms, job.until_ms),
            )
            for job in jobs
        ],
    )


def recover(conn: Connection, printer_id: str, now_ms: int) -> None:
    """What was being sent when the edge died may be on paper: it is repeated with a mark. A drawer is not."""
    for job_id, document, copies in conn.execute(
        "SELECT job_id, document, copies FROM print_job WHERE printer_id = ? AND state = 'sending'", (printer_id,)
    ).fetchall():
        doubt(conn, job_id, document, copies, now_ms)


def doubt(conn: Connection, job_id: str, document: str, copies: int, now_ms: int) -> None:
    """Sent, and nobody knows what became of it."""
    if document == _ONCE or copies >= MAX_COPIES:
        end(conn, job_id, "unconfirmed", now_ms)
    else:
        conn.execute("UPDATE print_job SET state = 'waiting', copies = copies + 1 WHERE job_id = ?", (job_id,))


def begin(conn: Connection, job_id: str) -> None:
    """On the disk before the first byte is on the wire."""
    conn.execute("UPDATE print_job SET state = 'sending' WHERE job_id = ?", (job_id,))


def end(conn: Connection, job_id: str, state: str, now_ms: int) -> None:
    """Nothing more is done with it."""
    conn.execute("UPDATE print_job SET state = ?, ended_at_ms = ? WHERE job_id = ?", (state, now_ms, job_id))


def expire(conn: Connection, printer_id: str, now_ms: int) -> None:
    """Give up what nobody waits for any more; tickets among it are named on one slip."""
    stale = conn.execute(_STALE, (printer_id, now_ms)).fetchall()
    conn.executemany(
        "UPDATE print_job SET state = 'expired', ended_at_ms = ? WHERE job_id = ?",
        [(now_ms, row[0]) for row in stale],
    )
    tickets = [_facts_of(row[-1]) for row in stale if row[-2] == "kitchen"]
    if not tickets:
        return
    job_id, seq, home_id, backup_id, *_ = stale[-1]
    missed = Job(
        job_id=f"{job_id}-missed",
        seq=seq,
        part=0,
        printer_id=printer_id,
        home_id=home_id,
        backup_id=backup_id,
        document="missed",
        facts={"count": len(tickets), "tickets": tickets},
        made_at_ms=now_ms,
        until_ms=now_ms + KEPT_MS,
    )
    add(conn, [missed], now_ms)


def tell(conn: Connection, job_id: str) -> None:
    """The log has it."""
    conn.execute("UPDATE print_job SET is_told = 1 WHERE job_id = ?", (job_id,))


def reroute(conn: Connection, printer_id: str, to_ids: Sequence[str]) -> int:
    """Let the other printer of each waiting job print it, if that one is among those that can; how many moved."""
    marks = ",".join("?" * len(to_ids))
    moved = conn.execute(
        "UPDATE print_job SET printer_id = CASE printer_id WHEN home_id THEN backup_id ELSE home_id END"
        " WHERE printer_id = ? AND state = 'waiting' AND document <> 'drawer'"
        f" AND CASE printer_id WHEN home_id THEN backup_id ELSE home_id END IN ({marks})",
        (printer_id, *to_ids),
    )
    return moved.rowcount


def printer(conn: Connection, printer_id: str) -> Printer:
    """One that is set up."""
    row = conn.execute(_PRINTER, (printer_id,)).fetchone()
    return msgspec.convert(dict(zip(Printer.__struct_fields__, row, strict=True)), Printer, strict=False)


def queue_of(conn: Connection, printer_id: str, now_ms: int) -> Queue:
    """The printer, its next job, and what else waits for it."""
    machine = printer(conn, printer_id)
    waiting, stale, adrift = conn.execute(_COUNTS, (now_ms, printer_id)).fetchone()
    queue = Queue(printer=machine, job=None, waiting=waiting, stale=stale, adrift=adrift)
    row = conn.execute(_NEXT, (printer_id, now_ms)).fetchone()
    if row is None:
        return queue
    job_id, document, facts, ticket_id, check_id, copies, backup_id, home_id, home_name = row
    venue, page = _page(conn, machine)
    job = Waiting(
        job_id=job_id,
        document=document,
        facts=_facts_of(facts),
        ticket_id=ticket_id,
        check_id=check_id,
        copies=copies,
        other_id=backup_id if home_id == printer_id else home_id,
        backup_of=home_name if home_id != printer_id else "",
        page=page,
        venue=venue,
    )
    return msgspec.structs.replace(queue, job=job)


def untold(conn: Connection, printer_id: str) -> list[Told]:
    """Paper that came out of the printer and that the log does not have yet."""
    rows = conn.execute(
        "SELECT job_id, printer_id, document, ticket_id, check_id, state, copies FROM print_job"
        " WHERE printer_id = ? AND state IN ('printed', 'handed_over') AND is_told = 0 AND document <> 'drawer'"
        " ORDER BY seq, part",
        (printer_id,),
    )
    return [Told(**dict(zip(Told.__struct_fields__, row, strict=True))) for row in rows]


def fault_of(conn: Connection, printer_id: str) -> tuple[str, int]:
    """The fault that the log has, and since when; empty when it prints."""
    row = conn.execute("SELECT fault, since_ms FROM printer_state WHERE printer_id = ?", (printer_id,)).fetchone()
    return (row[0], row[1]) if row else ("", 0)


def _page(conn: Connection, machine: Printer) -> tuple[str, Page]:
    row = conn.execute("SELECT name, language, timezone, currency FROM venue LIMIT 1").fetchone()
    page = Page(columns=machine.columns, code_page=machine.code_page)
    if row is None:
        return "", msgspec.structs.replace(page, language=machine.language or page.language)
    name, language, timezone, currency = row
    language = machine.language or language
    return name, msgspec.structs.replace(page, language=language, timezone=timezone, currency=currency)
