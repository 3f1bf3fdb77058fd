"""Cards of what keeps tickets from the kitchen: printers that do not print, stations with neither screen nor paper, lost papers."""

from collections.abc import Callable, Iterable, Sequence
from sqlite3 import Connection

import msgspec

from edge.kitchen.reads import FAILS_AFTER_MS, Unprinted, dark_stations, lost_papers, unprinted
from shared.views.ordering import AttentionView

_PRINTERS = """
SELECT f.printer_id, COALESCE(p.name, f.printer_id), f.fault, f.since_ms, f.waiting_jobs
FROM printer_state f LEFT JOIN printer p ON p.printer_id = f.printer_id
WHERE f.fault <> '' AND f.printer_id IN ({marks})
"""
_STATIONS = """
SELECT s.station_id, s.name, COALESCE(p.name, '') FROM station s LEFT JOIN printer p ON p.printer_id = s.printer_id
WHERE s.station_id IN ({marks})
"""
_SERVED = "SELECT station_id FROM station WHERE printer_id = ? ORDER BY position"
_OF_TICKET = """
SELECT t.check_id, t.table_id, CASE c.table_label WHEN '' THEN c.name ELSE c.table_label END, t.course,
  COALESCE(d.section_id, ''), COALESCE(NULLIF(c.waiter_id, ''), t.waiter_id)
FROM ticket t JOIN checks c ON c.check_id = t.check_id LEFT JOIN dining_table d ON d.table_id = t.table_id
WHERE t.ticket_id = ?
"""
_TAKEN = """
SELECT t.taken_at_ms, COALESCE(p.name, d.name, '') FROM fault_taken t
LEFT JOIN person p ON p.staff_id = t.taken_by LEFT JOIN device d ON d.device_id = t.device_id
WHERE t.about = ? AND t.fault_id = ?
"""
NobodysCard = Callable[..., AttentionView]


def printers(conn: Connection, printer_ids: Sequence[str], card: NobodysCard) -> Iterable[AttentionView]:
    """Printers that do not print, with the tickets that wait for them."""
    tickets = unprinted(conn)
    marks = ",".join("?" * len(printer_ids))
    for printer_id, name, fault, since_ms, waiting in conn.execute(_PRINTERS.format(marks=marks), printer_ids):
        held = [ticket for ticket in tickets if ticket.printer_id == printer_id]
        shown = card(
            key=f"fault:{printer_id}",
            title="printer",
            details=(name, fault, str(waiting)),
            fault_id=printer_id,
            station_ids=tuple(id for (id,) in conn.execute(_SERVED, (printer_id,))),
            **_times(since_ms, since_ms),
        )
        yield _held(conn, shown, held, about="printer")


def stations(conn: Connection, station_ids: Sequence[str], card: NobodysCard) -> Iterable[AttentionView]:
    """Stations that get no tickets: nobody can see a screen of theirs and no printer of theirs prints."""
    dark = dark_stations(conn)
    tickets = unprinted(conn)
    marks = ",".join("?" * len(station_ids))
    for station_id, name, printer in conn.execute(_STATIONS.format(marks=marks), station_ids):
        held = [one for one in tickets if one.station_id == station_id] if station_id in dark else []
        if held:
            appears_at_ms = held[0].fired_at_ms + FAILS_AFTER_MS
            shown = card(
                key=f"dark:{station_id}",
                title="station",
                details=(name, printer),
                fault_id=station_id,
                station_ids=(station_id,),
                **_times(held[0].fired_at_ms, appears_at_ms),
            )
            yield _held(conn, shown, held, about="station")


def papers(conn: Connection, ticket_ids: Sequence[str], card: NobodysCard) -> Iterable[AttentionView]:
    """Tickets of which a paper did not come out, with their table and dishes, until somebody has seen to it."""
    for lost in lost_papers(conn, ticket_ids):
        check_id, table_id, label, course, section_id, waiter_id = conn.execute(
            _OF_TICKET, (lost.ticket_id,)
        ).fetchone()
        yield card(
            key=f"paper:{lost.ticket_id}",
            title="ticket" if lost.is_whole else "slip",
            details=lost.dishes,
            fault_id=lost.ticket_id,
            ticket_ids=(lost.ticket_id,),
            station_ids=(lost.station_id,),
            check_id=check_id,
            table_id=table_id,
            table_label=label,
            course=course,
            section_id=section_id,
            waiter_id=waiter_id,
            **_times(lost.failed_at_ms, lost.failed_at_ms),
        )


def _held(conn: Connection, card: AttentionView, held: Sequence[Unprinted], *, about: str) -> AttentionView:
    """With the tickets it keeps, and who sees to it: until one waits that they do not know of."""
    newest_ms = max((one.fired_at_ms for one in held), default=card.since_ms)
    taken_at_ms, name = conn.execute(_TAKEN, (about, card.fault_id)).fetchone() or (0, "")
    is_taken = taken_at_ms >= max(newest_ms, card.since_ms)
    return msgspec.structs.replace(
        card,
        ticket_ids=tuple(one.ticket_id for one in held),
        taken_by_name=name if is_taken else "",
        taken_at_ms=taken_at_ms if is_taken else 0,
    )


def _times(since_ms: int, appears_at_ms: int) -> dict[str, int]:
    """A fault is red, and everybody's, at once."""
    at_once = ("appears_at_ms", "amber_at_ms", "red_at_ms", "everyone_at_ms", "till_at_ms")
    return {"since_ms": since_ms, **dict.fromkeys(at_once, appears_at_ms)}
