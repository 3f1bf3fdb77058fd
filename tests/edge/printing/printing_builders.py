"""A venue with printers on real sockets: the simulator's devices, and the edge's spool in a hurry."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from typing import Any

from edge.app import SLICES
from edge.engine.door import Door
from edge.engine.lanes import Lanes
from edge.printing.jobs import PRINT
from edge.printing.senders import Pace, Senders
from edge.printing.transports.network import Timing
from installer.simulators.printers.device import Device
from installer.simulators.printers.mechanism import ROLLS, Mechanism
from installer.simulators.printers.paper import Ticket, text_of
from installer.simulators.printers.status import Switches
from shared.commands import Command
from shared.commands.floor import ConfigureVenue
from shared.commands.kitchen import ConfigureStation, SendLines
from shared.commands.lines import LineAsk
from shared.commands.ordering import AddLines, OpenCheck
from shared.commands.printing import ConfigurePrinter
from shared.ops import decode
from tests.service import Service, in_service

WAIT_S = 120
#: As patient as the real thing, fifty times faster.
HURRIED = Pace(
    retry_first_s=0.02,
    retry_longest_s=0.05,
    probe_every_s=0.2,
    silence_s=0.1,
    backup_after_s=0.5,
    retell_s=0.05,
    again_s=(0.0,),
    stop_s=0.2,
    timing=Timing(connect_s=2.0, status_s=0.3, poll_s=0.05, fence_s=1.0, hold_s=1.0, end_s=0.5),
)


class PrintRoom:
    """The venue, its printers by name, and a way to wait for paper."""

    def __init__(self, service: Service, devices: Mapping[str, Device], changes: asyncio.Event) -> None:
        self.service = service
        self.devices = devices
        self._changes = changes
        self.spool: Lanes | None = None
        self.checks = 0
        service.writer.listen(lambda seq, touched: changes.set())

    def start_spool(self, pace: Pace = HURRIED) -> None:
        """Begin to print."""
        service = self.service
        door = Door(service.writer, slices=SLICES, clock=service.clock, authenticate=lambda token: None)
        senders = Senders(reads=service.reads, writer=service.writer, door=door, clock=service.clock, pace=pace)
        self.spool = Lanes(
            [PRINT],
            {"print": senders.of},
            reads=service.reads,
            writer=service.writer,
            clock=service.clock,
            tasks=service.tasks,
            decode=decode,
        )
        self.spool.start()

    async def stop_spool(self) -> None:
        """End in the order the root does."""
        if self.spool is not None:
            await self.spool.stop()
            self.spool = None

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Wait for paper, a commit or a connection to make it so."""
        async with asyncio.timeout(WAIT_S):
            while not is_so():
                self._changes.clear()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._changes.wait(), 0.05)

    def set(self, name: str, **switches: object) -> None:
        """Change how a printer is set."""
        self.devices[name].set(Switches(**switches))  # type: ignore[arg-type]

    def tickets(self, name: str) -> list[Ticket]:
        """What was cut, oldest first."""
        return list(self.devices[name].mechanism.tickets)

    def papers(self, name: str) -> list[str]:
        """The same as text."""
        return [text_of(ticket) for ticket in self.tickets(name)]

    def faults(self) -> dict[str, str]:
        """The printers that the waiters' queue says do not print."""
        cards = self.service.views("attention").values()
        return {card.key.removeprefix("fault:"): card.details[1] for card in cards if card.title == "printer"}

    def states(self) -> list[tuple[Any, ...]]:
        """Each job's document, and its state or how it ended, in order."""
        return self.service.rows("SELECT what, IIF(ended_at_ms > 0, outcome, state) FROM errand ORDER BY number")

    async def order(self, *lines: LineAsk, table_id: str = "t1") -> str:
        """A check with these lines, sent; its id."""
        self.checks += 1
        check_id = f"c{self.checks}"
        await self.service.do(
            "ana",
            OpenCheck(check_id=check_id, table_id=table_id, covers=2),
            AddLines(check_id=check_id, lines=lines),
            SendLines(check_id=check_id, fire_all=True),
        )
        return check_id

    async def settled(self) -> None:
        """Wait until nothing waits to be printed, and the log has it."""
        await self.until(lambda: not self.service.rows("SELECT 1 FROM errand WHERE ended_at_ms = 0 OR is_told = 0"))


def a_line(line_id: str, item_id: str = "empanada", **more: Any) -> LineAsk:
    """Something to send."""
    return LineAsk(line_id=line_id, item_id=item_id, **more)


@contextlib.asynccontextmanager
async def printers(changes: asyncio.Event) -> AsyncIterator[dict[str, Device]]:
    """Two printers that are on."""
    devices = {name: Device(Mechanism(name, ROLLS["80mm"]), changes.set) for name in ("cocina", "barra")}
    for device in devices.values():
        await device.start()
    try:
        yield devices
    finally:
        for device in devices.values():
            await device.stop()


@contextlib.asynccontextmanager
async def print_room(folder: Path, *, spool: bool = True) -> AsyncIterator[PrintRoom]:
    """Kitchen paper at `cocina` with `barra` behind it; `barra` also prints bills and has the drawer."""
    changes = asyncio.Event()
    async with printers(changes) as devices, room_with(devices, changes, folder, spool=spool) as room:
        yield room


@contextlib.asynccontextmanager
async def room_with(
    devices: Mapping[str, Device], changes: asyncio.Event, folder: Path, *, spool: bool
) -> AsyncIterator[PrintRoom]:
    """The same with printers that were there before."""
    async with in_service(folder) as service:
        room = PrintRoom(service, devices, changes)
        try:
            await service.do("mara", *set_up({name: device.port for name, device in devices.items()}))
            if spool:
                room.start_spool()
            yield room
        finally:
            await room.stop_spool()


def set_up(ports: Mapping[str, int]) -> list[Command]:
    """The venue's name, its printers and its stations."""
    return [
        ConfigureVenue(name="Bodegón Ñandú", wifi_name=""),
        ConfigurePrinter(
            printer_id="cocina",
            printer_name="Cocina",
            host="127.0.0.1",
            port=ports["cocina"],
            columns=48,
            fence="process_id",
        ),
        ConfigurePrinter(
            printer_id="barra",
            printer_name="Barra",
            host="127.0.0.1",
            port=ports["barra"],
            columns=48,
            fence="gs_r",
            is_receipt=True,
            has_drawer=True,
        ),
        ConfigureStation(station_id="cocina", name="Cocina", printer_id="cocina", backup_printer_id="barra"),
        ConfigureStation(station_id="barra", name="Barra", printer_id="barra", backup_printer_id="cocina"),
    ]
