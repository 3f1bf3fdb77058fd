"""A venue made for the bench: thirty tables, a small menu, thirty paired devices with a waiter signed in on each."""

import contextlib
import json
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import msgspec

from installer.demo.edge_client import Ask, EdgeClient, fresh_id, pair
from installer.services.program import Program

DEVICES = 30
ITEMS = 120
PIN = "482913"


class Device(msgspec.Struct, frozen=True):
    """A paired waiter's phone with somebody signed in."""

    key: str
    session: str


class Venue(msgspec.Struct, frozen=True):
    """An edge that serves, and who may ask it."""

    address: str
    data_dir: Path
    console_key: str
    devices: tuple[Device, ...]


@contextlib.contextmanager
def edge(folder: Path, *, disk_delay_ms: float = 0.0, clock: str = "system") -> Iterator[str]:
    """The address of an edge under the bench; stopped at the end."""
    folder.mkdir(parents=True, exist_ok=True)
    ready = folder / "ready"
    ready.unlink(missing_ok=True)
    command = [sys.executable, "-m", "installer.bench.server", "--data-dir", str(folder), "--ready-file", str(ready)]
    command += ["--disk-delay-ms", str(disk_delay_ms), "--clock", clock]
    program = Program("edge", command, log=folder / "edge.log", environment=_QUIET)
    program.start()
    try:
        program.wait_until(ready.exists)
        (folder / "edge.pid").write_text(str(program.pid), encoding="ascii")
        yield ready.read_text(encoding="ascii")
    finally:
        program.stop()


_QUIET = {"HOS_LOG_LEVEL": "warning"}


@contextlib.asynccontextmanager
async def venue(folder: Path, *, disk_delay_ms: float = 0.0, devices: int = DEVICES) -> AsyncIterator[Venue]:
    """A seeded venue with its devices."""
    with edge(folder, disk_delay_ms=disk_delay_ms) as address:
        console_key = (folder / "console.key").read_text(encoding="ascii")
        console = EdgeClient(address, console_key)
        try:
            await console.do(*seed())
            paired = [await _device(console, number) for number in range(devices)]
        finally:
            await console.close()
        yield Venue(address, folder, console_key, tuple(paired))


def seed() -> list[Ask]:
    """A menu of 120 items, thirty tables, two stations and a waiter, as commands."""
    tables = [
        Ask(name="draw_table", body={"table_id": f"t{n}", "section_id": "room", "label": str(n)})
        for n in range(1, DEVICES + 1)
    ]
    return [
        Ask(name="configure_venue", body={"name": "Bench"}),
        Ask(name="draw_section", body={"section_id": "room", "name": "Room"}),
        *tables,
        Ask(name="configure_station", body={"station_id": "grill", "name": "Grill"}),
        Ask(name="configure_station", body={"station_id": "bar", "name": "Bar"}),
        Ask(name="publish_menu", body={"menu": _menu()}),
        Ask(name="add_staff", body={"staff_id": "ana", "staff_name": "Ana", "role": "waiter", "pin": PIN}),
    ]


def price_of(dish: int) -> int:
    """What the dish of that number costs."""
    return 1_000_00 + dish * 100


def _menu() -> dict[str, Any]:
    """As many items as a real menu has, because the book of it is what each line is priced from."""
    items = [
        {
            "id": f"dish{n}",
            "category_id": "all",
            "name": f"Dish {n}",
            "price_minor": price_of(n),
            "station_id": "bar" if n % 3 else "grill",
            "course": n % 3 + 1,
            "group_ids": ["point"] if n % 5 == 0 else [],
        }
        for n in range(ITEMS)
    ]
    point = {
        "id": "point",
        "name": "Point",
        "min": 1,
        "modifiers": [{"id": "rare", "name": "Rare"}, {"id": "done", "name": "Done"}],
    }
    return {"categories": [{"id": "all", "name": "All"}], "items": items, "groups": [point]}


async def _device(console: EdgeClient, number: int) -> Device:
    _, key = await pair(console, "waiter", f"Phone {number}")
    phone = EdgeClient(console.address, key)
    try:
        await phone.sign_in("ana", PIN)
    finally:
        await phone.close()
    return Device(key, phone.session)


class Bodies:
    """What one device asks, as bodies of POST /commands."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self._check_id = ""
        self._count = 0

    def one_command(self) -> bytes:
        """A line on a check of its own; a new check after every twenty."""
        if self._count % 21 == 0:
            self._check_id = fresh_id()
            body = self._body(self._open())
        else:
            body = self._body(self._add(1))
        self._count += 1
        return body

    def three_lines(self) -> bytes:
        """A whole order: open, three lines, send."""
        self._check_id = fresh_id()
        self._count += 1
        return self._body(self._open(), self._add(3), ("send_lines", {"check_id": self._check_id, "fire_all": True}))

    def _open(self) -> tuple[str, dict[str, Any]]:
        return "open_check", {"check_id": self._check_id, "kind": "counter"}

    def _add(self, lines: int) -> tuple[str, dict[str, Any]]:
        asked = [
            {"line_id": fresh_id(), "item_id": f"dish{(self._count * 3 + n) % 119 // 5 * 5 + 1}"} for n in range(lines)
        ]
        return "add_lines", {"check_id": self._check_id, "lines": asked}

    def _body(self, *commands: tuple[str, dict[str, Any]]) -> bytes:
        asks = [
            {"id": fresh_id(), "name": name, "body": body, "staff_session": self._device.session}
            for name, body in commands
        ]
        return json.dumps({"commands": asks}).encode()
