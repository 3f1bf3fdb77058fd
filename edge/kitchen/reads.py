"""What other slices may know of tickets: how they reached the kitchen, and which ones something keeps from it."""

from collections.abc import Iterator, Mapping, Sequence
from sqlite3 import Connection

import msgspec

#: A screen that starts draws its tickets, and a printer its paper, well within this.
FAILS_AFTER_MS = 10_000
#: What is older is cooked, or was shouted; an alarm about last night's tickets helps nobody. A view knows no clock but
#: the log's.
RECENT = "(SELECT hlc >> 16 FROM log ORDER BY seq DESC LIMIT 1) - 3600000"

_DARK = """
SELECT s.station_id FROM station s
WHERE NOT EXISTS (SELECT 1 FROM screen w WHERE w.is_awake = 1 AND w.shows IN (s.station_id, 'all'))
  AND NOT EXISTS (SELECT 1 FROM printer p LEFT JOIN printer_state f ON f.printer_id = p.printer_id
    WHERE p.printer_id IN (s.printer_id, s.backup_printer_id) AND COALESCE(f.fault, '') IN ('', 'slow', 'unconfirmed'))
"""
#: Tickets to be made whose paper did not come out; a table that was closed has eaten.
_UNPRINTED = f"""
SELECT t.ticket_id, t.station_id, COALESCE(s.printer_id, ''), COALESCE(s.backup_printer_id, ''), t.fired_at_ms,
  t.shown_at_ms
FROM ticket t JOIN checks c ON c.check_id = t.check_id LEFT JOIN station s ON s.station_id = t.station_id
WHERE t.fired_at_ms > {RECENT} AND t.state = 'open' AND t.printed_at_ms = 0 AND (c.state = 'open' OR c.table_id = '')
  AND EXISTS (SELECT 1 FROM ticket_line l WHERE l.ticket_id = t.ticket_id AND l.state = 'open')
ORDER BY t.fired_at_ms, t.number
"""
#: Tickets still to be made of which a paper did not come out and nobody saw to it, however long ago. A screen of the
#: station that had one, a bump, a whole print of it since, a table that was closed: then the kitchen has it.
_LOST = """
SELECT t.ticket_id, t.station_id, t.fired_at_ms, MAX(p.failed_at_ms), MAX(p.document = 'kitchen')
FROM lost_paper p JOIN ticket t ON t.ticket_id = p.ticket_id JOIN checks c ON c.check_id = t.check_id
LEFT JOIN fault_taken f ON f.about = 'ticket' AND f.fault_id = t.ticket_id
WHERE t.ticket_id IN ({marks}) AND t.state = 'open' AND t.shown_at_ms = 0 AND t.printed_at_ms < p.failed_at_ms
  AND p.failed_at_ms > COALESCE(f.taken_at_ms, -1) AND (c.state = 'open' OR c.table_id = '')
  AND (p.document <> 'kitchen'
    OR EXISTS (SELECT 1 FROM ticket_line l WHERE l.ticket_id = t.ticket_id AND l.state = 'open'))
GROUP BY t.ticket_id
"""
_LOST_LINES = """
SELECT quantity, voided_quantity, name, modifiers, note FROM ticket_line WHERE ticket_id = ? ORDER BY position
"""
_OF_LINES = """
SELECT l.check_id, l.line_id, t.station_id, t.state, t.fired_at_ms, t.shown_at_ms, t.confirmed_at_ms, t.failed_at_ms,
  t.printed_at_ms
FROM ticket_line l JOIN ticket t ON t.ticket_id = l.ticket_id
WHERE l.check_id IN ({marks}) ORDER BY t.fired_at_ms
"""
_UNREACHED = f"""
SELECT {{column}} FROM ticket
WHERE fired_at_ms > {RECENT} AND state = 'open' AND shown_at_ms = 0 AND printed_at_ms = 0
"""


_words_of = msgspec.json.Decoder(tuple[str, ...]).decode


class Reach(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the kitchen has a ticket: `reached` is screen, paper, failed, or "" while nobody knows."""

    reached: str = ""
    fails_at_ms: int = 0  # when "" turns to failed; 0 while its station has a live screen or a printer
    has_paper: bool = False  # confirmed, or handed to a printer that cannot tell


class Unprinted(msgspec.Struct, frozen=True, kw_only=True):
    """A ticket that is to be made and has no paper."""

    ticket_id: str
    station_id: str
    printer_id: str
    backup_printer_id: str
    fired_at_ms: int
    shown_at_ms: int


class LostPaper(msgspec.Struct, frozen=True, kw_only=True):
    """A ticket of which a paper did not come out: the whole of it, or a slip that says what changed."""

    ticket_id: str
    station_id: str
    fired_at_ms: int
    failed_at_ms: int
    is_whole: bool
    dishes: tuple[str, ...]  # as they are to be made now, and what is not


def dark_stations(conn: Connection) -> frozenset[str]:
    """Stations with neither a screen that somebody can see nor a printer that prints."""
    return frozenset(station_id for (station_id,) in conn.execute(_DARK))


def unprinted(conn: Connection) -> Sequence[Unprinted]:
    """Recent tickets that are to be made and have no paper, oldest first."""
    names = Unprinted.__struct_fields__
    return [Unprinted(**dict(zip(names, row, strict=True))) for row in conn.execute(_UNPRINTED)]


def lost_papers(conn: Connection, ticket_ids: Sequence[str]) -> Sequence[LostPaper]:
    """Those of these tickets whose paper is still somebody's to look after."""
    rows = conn.execute(_LOST.format(marks=",".join("?" * len(ticket_ids))), ticket_ids).fetchall()
    return [
        LostPaper(
            ticket_id=ticket_id,
            station_id=station_id,
            fired_at_ms=fired_at_ms,
            failed_at_ms=failed_at_ms,
            is_whole=bool(is_whole),
            dishes=tuple(_dishes(conn, ticket_id)),
        )
        for ticket_id, station_id, fired_at_ms, failed_at_ms, is_whole in rows
    ]


def _dishes(conn: Connection, ticket_id: str) -> Iterator[str]:
    for quantity, voided, name, modifiers, note in conn.execute(_LOST_LINES, (ticket_id,)):
        dish = " · ".join((name, *_words_of(modifiers))) + (f" «{note}»" if note else "")
        if quantity:
            yield f"{quantity} {dish}"
        if voided:
            yield f"-{voided} {dish}"


def reach_of_lines(conn: Connection, check_ids: Sequence[str]) -> Mapping[tuple[str, str], Reach]:
    """How the fired lines of checks reached the kitchen, by check and line; a line's last ticket counts."""
    dark = dark_stations(conn)
    marks = ",".join("?" * len(check_ids))
    return {
        (check_id, line_id): reach_of(station_id in dark, *ticket)
        for check_id, line_id, station_id, *ticket in conn.execute(_OF_LINES.format(marks=marks), check_ids)
    }


def reach_of(
    is_dark: bool,
    state: str,
    fired_at_ms: int,
    shown_at_ms: int,
    confirmed_at_ms: int,
    failed_at_ms: int,
    printed_at_ms: int,
) -> Reach:
    """How a ticket reached the kitchen; a cook who marked it done has seen it."""
    has_paper = printed_at_ms > 0
    if shown_at_ms or state == "bumped":
        return Reach(reached="screen", has_paper=has_paper)
    if confirmed_at_ms:
        return Reach(reached="paper", has_paper=True)
    if failed_at_ms and not has_paper:
        return Reach(reached="failed")
    return Reach(fails_at_ms=fired_at_ms + FAILS_AFTER_MS if is_dark and not has_paper else 0, has_paper=has_paper)


def unreached_checks(conn: Connection) -> list[str]:
    """Checks with recent tickets of which nobody knows whether the kitchen has them."""
    return [id for (id,) in conn.execute(_UNREACHED.format(column="DISTINCT check_id"))]


def unreached_tickets(conn: Connection) -> list[str]:
    """Recent tickets of which nobody knows whether the kitchen has them."""
    return [id for (id,) in conn.execute(_UNREACHED.format(column="ticket_id"))]
