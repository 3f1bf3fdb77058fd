"""Cards of what keeps tickets from the kitchen: printers that do not print, stations with neither screen nor paper."""

from collections.abc import Callable, Iterable, Sequence
from sqlite3 import Connection

import msgspec

from edge.kitchen.reads import FAILS_AFTER_MS, Unprinted, dark_stations, unprinted
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
    """Stations that get no tickets: nobody can see a screen of theirs and no printer of theirs prints, or paper failed."""
    dark = dark_stations(conn)
    tickets = unprinted(conn)
    marks = ",".join("?" * len(station_ids))
    for station_id, name, printer in conn.execute(_STATIONS.format(marks=marks), station_ids):
        held = [one for one in tickets if one.station_id == station_id and _is_lost(one, is_dark=station_id in dark)]
        if held:
            appears_at_ms = min(one.failed_at_ms or one.fired_at_ms + FAILS_AFTER_MS for one in held)
            shown = card(
                key=f"dark:{station_id}",
                title="station" if station_id in dark else "paper",
                details=(name, printer),
                fault_id=station_id,
                station_ids=(station_id,),
                **_times(held[0].fired_at_ms, appears_at_ms),
            )
            yield _held(conn, shown, held, about="station")


def _is_lost(ticket: Unprinted, *, is_dark: bool) -> bool:
    """On no screen that lives and on no paper, and nothing is under way that would change it."""
    return is_dark or (ticket.failed_at_ms > 0 and ticket.shown_at_ms == 0)


def _held(conn: Connection, card: AttentionView, held: Sequence[Unprinted], *, about: str) -> AttentionView:
    """With the tickets it keeps, and who sees to it: until one waits that they do not know of."""
    newest_ms = max((max(one.fired_at_ms, one.failed_at_ms) for one in held), default=card.since_ms)
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
