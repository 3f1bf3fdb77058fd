"""Sets up a venue through its public commands: rooms, stations, people, menu, screens, printers."""

from collections.abc import Iterator, Mapping

import msgspec

from installer.demo.edge_client import Ask, EdgeClient, chunks, pair
from installer.demo.fleet import Venue
from installer.demo.places import PLANS, STATIONS, table_id

MOST_AT_ONCE = 60  # the door takes 64


class Device(msgspec.Struct, frozen=True, kw_only=True):
    """A screen that was paired for the demo itself, or for scripts."""

    id: str
    key: str
    app: str
    name: str
    station_id: str = ""
    drawer_id: str = ""


async def set_up(console: EdgeClient, venue: Venue, *, at_ms: int) -> None:
    """Everything that a venue has before its first service, printers excepted.

    Raises:
        Refused: the edge said no; a venue that was half set up may be set up again.
    """
    for asks in chunks(list(_setting_up(venue, at_ms)), MOST_AT_ONCE):
        await console.do(*asks)


async def pair_devices(console: EdgeClient, venue: Venue) -> dict[str, Device]:
    """A phone for each waiter, a till, a screen for each station and one for the pass, by what they are for."""
    devices: dict[str, Device] = {}
    for person in venue.of_role("waiter"):
        devices[f"waiter:{person.id}"] = await _paired(console, "waiter", f"Celular de {person.name}")
    devices["pos"] = await _paired(console, "pos", "Caja", drawer_id="caja")
    devices["kds"] = await _paired(console, "kds", "Pase")
    for station in STATIONS:
        devices[f"kds:{station.id}"] = await _paired(console, "kds", station.name, station_id=station.id)
    return devices


async def connect_printers(console: EdgeClient, venue: Venue, ports: Mapping[str, int], *, at_ms: int = 0) -> None:
    """Tell the venue where its printers are, and which station prints where. `ports` are by emulator."""
    await console.do(*_printers(venue, ports, at_ms), *_stations(at_ms, with_paper=True))


def _setting_up(venue: Venue, at_ms: int) -> Iterator[Ask]:
    settings = {
        "name": venue.name,
        "cover_charge_minor": venue.cover_charge_minor,
        "wifi_name": venue.wifi_name,
        "draft_expiry_s": 7200,
    }
    yield Ask(name="configure_venue", body=settings, asked_at_ms=at_ms)
    yield from _rooms(venue, at_ms)
    yield from _stations(at_ms, with_paper=False)
    for person in venue.staff:
        body = {"staff_id": person.id, "staff_name": person.name, "role": person.role, "pin": person.pin}
        yield Ask(name="add_staff", body=body, asked_at_ms=at_ms)
    waiters = venue.of_role("waiter")
    for place, section in enumerate(PLANS[venue.plan]):
        body = {"section_id": section.id, "staff_id": waiters[place % len(waiters)].id}
        yield Ask(name="assign_section", body=body, asked_at_ms=at_ms)
    yield Ask(name="publish_menu", body={"menu": venue.read_menu()}, asked_at_ms=at_ms)


def _rooms(venue: Venue, at_ms: int) -> Iterator[Ask]:
    for position, section in enumerate(PLANS[venue.plan]):
        room = {"section_id": section.id, "name": section.name, "position": position}
        size = {"width": section.width, "height": section.height}
        yield Ask(name="draw_section", body={**room, **size}, asked_at_ms=at_ms)
        for table in section.tables:
            body = {"table_id": table_id(table.label), "section_id": section.id, **msgspec.structs.asdict(table)}
            yield Ask(name="draw_table", body=body, asked_at_ms=at_ms)


def _stations(at_ms: int, *, with_paper: bool) -> Iterator[Ask]:
    for position, station in enumerate(STATIONS):
        body = {
            "station_id": station.id,
            "name": station.name,
            "position": position,
            "warn_after_s": station.warn_after_s,
            "late_after_s": station.late_after_s,
        }
        if with_paper:
            body |= {"printer_id": station.printer, "backup_printer_id": station.backup}
        yield Ask(name="configure_station", body=body, asked_at_ms=at_ms)


def _printers(venue: Venue, ports: Mapping[str, int], at_ms: int) -> Iterator[Ask]:
    for printer in venue.printers:
        body = {
            "printer_id": printer.id,
            "printer_name": printer.name,
            "host": "127.0.0.1",
            "port": ports[printer.emulator],
            "columns": printer.columns,
            "is_receipt": printer.is_receipt,
            "has_drawer": printer.is_receipt,
            "fence": "process_id",
        }
        yield Ask(name="configure_printer", body=body, asked_at_ms=at_ms)


async def _paired(console: EdgeClient, app: str, name: str, **place: str) -> Device:
    device_id, key = await pair(console, app, name, **place)
    return Device(id=device_id, key=key, app=app, name=name, **place)
