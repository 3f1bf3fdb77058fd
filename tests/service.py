"""A venue in service: every slice of the edge on a real database, with tables, stations, a menu and people."""

import contextlib
import sqlite3
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import msgspec

from edge.app import SLICES
from edge.engine import database
from edge.engine.asks import Ask, Asker
from edge.engine.clock import CommandClock
from edge.engine.database import ReadPool, connect_writer
from edge.engine.lookups import Lookups
from edge.engine.migrate import migrate
from edge.engine.projector import Projector, verify
from edge.engine.slice import Slice
from edge.engine.tasks import Tasks
from edge.engine.writer import Writer
from shared.commands import Command, CommandAnswer
from shared.commands.floor import DrawSection, DrawTable
from shared.commands.kitchen import ConfigureStation
from shared.commands.menu import PublishMenu
from shared.context import Context
from shared.menu import Category, Menu, MenuItem, Modifier, ModifierGroup, Variant
from shared.ops import Op, decode
from shared.permissions import DEVICE_ROLES, ROLES

START_MS = 1_800_000_000_000
TABLES = ("t1", "t2")
#: Who asks, by name: the device's role and the person's.
PEOPLE = {
    "ana": ("waiter", "waiter"),
    "leo": ("waiter", "waiter"),
    "mara": ("pos", "manager"),
    "kds": ("kds", ""),
    "edge": ("edge", ""),
}


def an_item(item_id: str, *, course: int, station_id: str, price_minor: int, **more: Any) -> MenuItem:
    """Something to sell, without questions."""
    return msgspec.convert(
        {
            "id": item_id,
            "category_id": "todo",
            "name": item_id.capitalize(),
            "course": course,
            "station_id": station_id,
            "price_minor": price_minor,
            **more,
        },
        MenuItem,
    )


MENU = Menu(
    categories=(msgspec.convert({"id": "todo", "name": "Todo"}, Category),),
    items=(
        an_item("agua", course=1, station_id="barra", price_minor=1_500_00),
        an_item("empanada", course=1, station_id="cocina", price_minor=1_200_00, vat_bp=1050),
        an_item("bife", course=2, station_id="cocina", price_minor=12_000_00, group_ids=("punto",)),
        an_item(
            "malbec",
            course=1,
            station_id="barra",
            price_minor=0,
            variants=(
                msgspec.convert({"id": "copa", "name": "Copa", "price_minor": 3_000_00}, Variant),
                msgspec.convert({"id": "botella", "name": "Botella", "price_minor": 14_000_00}, Variant),
            ),
        ),
        an_item("flan", course=3, station_id="cocina", price_minor=4_000_00),
    ),
    groups=(
        msgspec.convert(
            {
                "id": "punto",
                "name": "Punto",
                "min": 1,
                "modifiers": (
                    msgspec.convert({"id": "jugoso", "name": "Jugoso"}, Modifier),
                    msgspec.convert({"id": "cocido", "name": "Cocido"}, Modifier),
                ),
            },
            ModifierGroup,
        ),
    ),
)


class Service:
    """A running venue; commands are asked by people's names, or by a phone as `phone:<id>`."""

    def __init__(
        self, folder: Path, slices: Sequence[Slice] = SLICES, decode: Callable[[str, bytes], Op] = decode
    ) -> None:
        path = folder / database.FILE_NAME
        self._slices = slices
        self.clock = CommandClock(START_MS)
        self.conn = connect_writer(path)
        migrate(self.conn)
        self.projector = Projector(slices, decode)
        self.projector.rebuild(self.conn, self.projector.stale(self.conn))
        self.writer = Writer(
            self.conn, slices=slices, projector=self.projector, context_of=self._context, clock=self.clock
        )
        self.reads = ReadPool(path)
        self.tasks = Tasks(self.clock)
        self.lookups = Lookups(path)
        (done,) = self.conn.execute("SELECT COUNT(*) FROM command_done").fetchone()
        self._ids = count(done + 1)  # an id is one wish for ever, also when the folder is opened again

    async def ask(self, who: str, *commands: Command, at_ms: int = 0) -> list[CommandAnswer]:
        """What became of the commands, asked in one request."""
        return await self.writer.ask([self.an_ask(who, command, at_ms=at_ms) for command in commands])

    async def do(self, who: str, *commands: Command, at_ms: int = 0) -> None:
        """Ask, and every command must be done."""
        answers = await self.ask(who, *commands, at_ms=at_ms)
        assert [answer.outcome for answer in answers] == ["done"] * len(commands), answers

    def an_ask(self, who: str, command: Command, *, at_ms: int = 0, id: str = "") -> Ask:
        """A command on its way to the writer, `at_ms` after the start."""
        role = "guest" if who.startswith("phone:") else PEOPLE[who][0]
        device_id = f"guest:{who.removeprefix('phone:')}" if role == "guest" else who
        return Ask(
            id=id or f"ask{next(self._ids)}",
            name=str(command.__struct_config__.tag),
            command=command,
            asker=Asker(device_id, role),
            asked_at_ms=START_MS + at_ms,
            staff_session="" if role in {"guest", "kds", "edge"} else who,
        )

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """What is committed."""
        return self.reads.run_here(lambda conn: list(conn.execute(sql, values)))

    def views(self, kind: str, *keys: str) -> Mapping[str, Any]:
        """Views as devices get them; all current ones when no key is named."""
        view = next(view for one in self._slices for view in one.views if view.kind == kind)
        return self.reads.run_here(lambda conn: view.load(conn, list(keys) or view.current(conn)))

    def touched_keys(self, kind: str, table: str, **key: str) -> set[str]:
        """The views of a kind that a touched row changes, as the feed finds them."""
        view = next(view for one in self._slices for view in one.views if view.kind == kind)
        names = [str(view.touches[table](defaultdict(str, key)))]
        resolve = view.resolve
        return self.reads.run_here(lambda conn: {*resolve(conn, names)}) if resolve else {*names}

    def problems(self) -> list[str]:
        """Everything that `verify` finds wrong."""
        return self.reads.run_here(lambda conn: verify(conn, self.projector, self._slices))

    def _context(self, conn: sqlite3.Connection, ask: Ask) -> Context:
        role = ask.asker.device_role
        staff_role = PEOPLE[ask.staff_session][1] if ask.staff_session else ""
        return Context(
            now_ms=self.clock.now_ms(),
            asked_at_ms=ask.asked_at_ms,
            business_day="2027-01-15",
            device_id=ask.asker.device_id,
            device_role=role,
            staff_id=ask.staff_session,
            staff_role=staff_role,
            command_id=ask.id,
            permissions=DEVICE_ROLES[role] | ROLES.get(staff_role, frozenset()),
            fresh_id=self.clock.fresh_id,
        )


def opening_time() -> Sequence[Command]:
    """What a manager sets up before the first guest."""
    return (
        DrawSection(section_id="salon", name="Salón"),
        *(DrawTable(table_id=id, section_id="salon", label=id[1:]) for id in TABLES),
        ConfigureStation(station_id="cocina", name="Cocina", late_after_s=720),
        ConfigureStation(station_id="barra", name="Barra", late_after_s=300),
        PublishMenu(menu=MENU),
    )


@contextlib.asynccontextmanager
async def in_service(folder: Path) -> AsyncIterator[Service]:
    """An open venue; closed in order at the end."""
    service = Service(folder)
    service.writer.start()
    try:
        await service.do("mara", *opening_time())
        yield service
    finally:
        await service.writer.stop()
        await service.lookups.close()
        service.reads.close()
        service.conn.close()
