"""A job into the bytes of its printer: the marks it must carry, its template, its lines. Pure but for the templates."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from edge.printing import escpos
from edge.printing.formats import Page
from edge.printing.jobs import Printer, Waiting
from edge.printing.layout import Element, Facts, Line, Run, wrapped
from edge.printing.pieces import MAX_LINES, lay_out
from edge.printing.printable import printable
from edge.printing.templates import template_of, words_in

LATE_MS = 60_000  # a ticket that waited longer says so


def payload_of(job: Waiting, printer: Printer, now_ms: int) -> bytes:
    """What is sent for the job now; a repeat differs from the first time only in its marks."""
    if job.document == "drawer":
        return escpos.kick()
    return b"".join(
        escpos.paper(piece, code_page=printer.code_page, has_cutter=printer.has_cutter)
        for piece in pieces_of(job, printer, now_ms)
    )


def pieces_of(job: Waiting, printer: Printer, now_ms: int) -> list[tuple[Element, ...]]:
    """The lines of each piece of its paper. A document that its template cannot show comes out plain: ugly beats none."""
    facts = {**_marks(job, printer, now_ms), **job.facts}
    try:
        words = words_in(job.page.language)
        return lay_out(template_of(job.document), facts, job.page, words, piece=template_of("piece"))
    except (ArithmeticError, AssertionError, LookupError, TypeError, ValueError):
        return _plain(job.document, facts, job.page)


def _marks(job: Waiting, printer: Printer, now_ms: int) -> dict[str, Any]:
    fired_at_ms = job.facts.get("fired_at_ms")
    return {
        "venue": job.venue,
        "repeat": job.copies,
        "backup_of": job.backup_of,
        "printed_at_ms": now_ms,
        "is_late": isinstance(fired_at_ms, int) and now_ms - fired_at_ms > LATE_MS,
        "printer": printer.name,
        "printer_id": printer.printer_id,
        "host": printer.host,
        "port": printer.port,
        "code_page": printer.code_page,
        "columns": printer.columns,
    }


def _plain(title: str, facts: Facts, page: Page) -> list[tuple[Element, ...]]:
    """Every fact on a line of its own, without a template."""
    lines = [f"{title}:", *_told(facts, "")]
    texts = [part for line in lines for part in wrapped(printable(line, page.code_page), page.columns, hang=0)]
    return [
        tuple(Line((Run(text),)) for text in texts[first : first + MAX_LINES])
        for first in range(0, len(texts), MAX_LINES)
    ]


def _told(fact: Any, name: str) -> Iterator[str]:
    if isinstance(fact, Mapping):
        for key, value in fact.items():
            yield from _told(value, str(key))
    elif isinstance(fact, Sequence) and not isinstance(fact, str):
        for value in fact:
            yield from _told(value, name)
    elif fact not in (None, "", 0, False):
        yield f"{name}: {fact}"
