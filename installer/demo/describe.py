"""Everything that a script or a curious person needs to use the running demo, as JSON. It holds secrets: mode 600."""

import os
from typing import TYPE_CHECKING, Any

import msgspec

from installer.demo.fleet import Business, Venue
from installer.demo.places import PLANS, STATIONS, table_id
from installer.demo.system import edge_name

if TYPE_CHECKING:
    from installer.demo.demo import Demo

APPS = ("guest", "waiter", "pos", "kds", "manage")


def describe(demo: "Demo") -> dict[str, Any]:
    """The demo as it is now. Keys are stable; process ids, ports and pairings are of this moment."""
    system = demo.system
    return {
        "start_page": system.address("page"),
        "pid": os.getpid(),
        "data_dir": str(system.home.folder),
        "is_rushing": bool(demo.rushes),
        "businesses": [_business(demo, business) for business in system.businesses],
        "hub": {
            **_part(demo, "hub", health="/healthz"),
            "data_dir": str(system.hub_folder),
            "database_url": system.database_url(as_owner=False),
            "owner_database_url": system.database_url(as_owner=True),
            "nats_creds": system.wires.hub_creds,
        },
        "postgres": {
            **_part(demo, "postgres"),
            "host": system.postgres.host,
            "port": system.postgres.port,
            "superuser": "postgres",
            "superuser_password": system.postgres.password,
            "data_dir": str(system.postgres.folder / "data"),
        },
        "nats": {
            **_part(demo, "nats"),
            "url": system.nats_url,
            "config": system.wires.config,
            "hub_creds": system.wires.hub_creds,
            "system_creds": system.wires.system_creds,
        },
        "printers": {
            **_part(demo, "printers"),
            "paper_page": system.address("printers"),
            "ports": system.printer_ports,
        },
    }


def parts(demo: "Demo") -> list[dict[str, Any]]:
    """Every program and how it is."""
    return [
        {"name": part.name, "state": part.state, "pid": part.pid, "restarts": part.restarts}
        for part in demo.system.parts.values()
    ]


def _part(demo: "Demo", name: str, *, health: str = "") -> dict[str, Any]:
    part = demo.system.parts[name]
    found: dict[str, Any] = {
        "pid": part.pid,
        "state": part.state,
        "restarts": part.restarts,
        "log": str(demo.home.folder / "logs" / f"{name}.log"),
    }
    if health:
        found |= {"url": demo.system.address(name), "health": demo.system.address(name) + health}
    return found


def _business(demo: "Demo", business: Business) -> dict[str, Any]:
    kept = demo.home.kept
    return {
        "tenant_id": business.id,
        "name": business.name,
        "nats_account": demo.system.wires.tenants[business.id]["account"],
        "owner": {
            "app": demo.system.address("hub") + "/owner/",
            "name": business.owner_name,
            "email": business.owner_email,
            "password": kept.owner_passwords[business.id],
        },
        "venues": [_venue(demo, business, venue) for venue in business.venues],
    }


def _venue(demo: "Demo", business: Business, venue: Venue) -> dict[str, Any]:
    system = demo.system
    folder = system.venue_folder(venue)
    url = system.edge_of(venue)
    page = system.address("page")
    return {
        "venue_id": venue.id,
        "name": venue.name,
        **_part(demo, edge_name(venue), health="/health"),
        "data_dir": str(folder),
        "database": str(folder / "venue.db"),
        "console_key": system.console_key(venue),
        "nats_creds": system.wires.creds_of(business.id, venue.id),
        "apps": {app: f"{url}/{app}/" for app in APPS},
        "open_paired": {app: f"{page}/open/{venue.id}/{app}" for app in APPS[1:]},
        "staff": [msgspec.to_builtins(person) for person in venue.staff],
        "devices": msgspec.to_builtins(demo.home.kept.devices[venue.id]),
        "stations": [{"station_id": station.id, "name": station.name} for station in STATIONS],
        "printers": [
            {"printer_id": p.id, "name": p.name, "emulator": p.emulator, "port": system.printer_ports[p.emulator]}
            for p in venue.printers
        ],
        "tables": tables(demo, venue),
        "pairings": [
            {name: pairing[name] for name in ("pairing_id", "code", "app", "device_name", "expires_at_ms")}
            for pairing in demo.desks[venue.id].waiting()
        ],
    }


def tables(demo: "Demo", venue: Venue) -> list[dict[str, Any]]:
    """The venue's tables with the address that their QR says, room by room."""
    codes = {code["table_id"]: code for code in demo.codes[venue.id]}
    return [
        {
            "table_id": table_id(table.label),
            "label": table.label,
            "section": section.name,
            "seats": table.seats,
            "code": codes[table_id(table.label)]["code"],
            "url": codes[table_id(table.label)]["url"],
        }
        for section in PLANS[venue.plan]
        for table in section.tables
    ]
