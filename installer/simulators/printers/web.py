"""The page that shows the paper, and the same over JSON for tests."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
from litestar import Litestar, delete, get, post
from litestar.exceptions import ClientException, NotFoundException
from litestar.response import ServerSentEvent, ServerSentEventMessage

from installer.simulators.printers.device import Device
from installer.simulators.printers.paper import Ticket, text_of
from installer.simulators.printers.status import Switches
from installer.simulators.printers.store import Store

PAGE = Path(__file__).with_name("page.html")
HEARTBEAT_S = 15


class PaperTicket(msgspec.Struct, frozen=True):
    """A ticket and its plain text. `is_hanging`: it is still being printed."""

    ticket: Ticket
    text: str
    is_hanging: bool


class PrinterState(msgspec.Struct, frozen=True):
    """One printer as it is now."""

    name: str
    roll: str
    print_dots: int
    port: int
    switches: Switches
    is_ready: bool
    tickets: int
    kicks: int
    beeps: int
    unknown_bytes: int
    held_bytes: int
    received_bytes: int
    connections: int


class Room:
    """All printers of this program, and a bell that rings when any of them changed."""

    def __init__(self, store: Store | None = None) -> None:
        self.devices: dict[str, Device] = {}
        self._store = store
        self._kept: dict[str, int] = {}
        self._version = 0
        self._bell = asyncio.Condition()
        self._ringing: set[asyncio.Task[None]] = set()

    def add(self, device: Device) -> None:
        """Take a printer in, with the paper it had."""
        name = device.mechanism.name
        self.devices[name] = device
        if self._store is not None:
            device.mechanism.restore(self._store.tickets(name))
        self._kept[name] = max((ticket.number for ticket in device.mechanism.tickets), default=0)

    def changed(self) -> None:
        """Keep what was cut and ring."""
        if self._store is not None:
            for name, device in self.devices.items():
                for ticket in _after(device, self._kept[name]):
                    self._store.keep(name, ticket)
                    self._kept[name] = ticket.number
        self._version += 1
        if not self._ringing:
            task = asyncio.create_task(self._ring())
            self._ringing.add(task)
            task.add_done_callback(self._ringing.discard)

    def throw_away(self, name: str) -> None:
        """Clear the paper of one printer."""
        self.device(name).mechanism.throw_away()
        if self._store is not None:
            self._store.throw_away(name)
        self.changed()

    def device(self, name: str) -> Device:
        """The printer called `name`. Raises NotFoundException."""
        if name not in self.devices:
            raise NotFoundException(f"no printer is called {name}")
        return self.devices[name]

    async def versions(self) -> AsyncIterator[int]:
        """A number each time something changed, or after HEARTBEAT_S, for ever."""
        seen = -1
        while True:
            async with self._bell:
                if self._version == seen:
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(self._bell.wait(), HEARTBEAT_S)
            seen = self._version
            yield seen

    async def _ring(self) -> None:
        async with self._bell:
            self._bell.notify_all()


def _after(device: Device, number: int) -> list[Ticket]:
    fresh: list[Ticket] = []
    for ticket in reversed(device.mechanism.tickets):
        if ticket.number <= number:
            break
        fresh.append(ticket)
    return fresh[::-1]


def _state(device: Device) -> PrinterState:
    mechanism = device.mechanism
    return PrinterState(
        name=mechanism.name,
        roll=mechanism.roll.label,
        print_dots=mechanism.roll.print_dots,
        port=device.port,
        switches=mechanism.switches,
        is_ready=mechanism.switches.is_ready,
        tickets=len(mechanism.tickets),
        kicks=mechanism.kicks,
        beeps=mechanism.beeps,
        unknown_bytes=mechanism.unknown_bytes,
        held_bytes=device.held_bytes,
        received_bytes=device.received_bytes,
        connections=device.connections,
    )


def _paper(device: Device, *, last: int) -> list[PaperTicket]:
    """Oldest first; the one still hanging comes last."""
    mechanism = device.mechanism
    pieces = [PaperTicket(ticket, text_of(ticket), is_hanging=False) for ticket in list(mechanism.tickets)[-last:]]
    if mechanism.hanging is not None:
        pieces.append(PaperTicket(mechanism.hanging, text_of(mechanism.hanging), is_hanging=True))
    return pieces


def switched(switches: Switches, wanted: dict[str, object]) -> Switches:
    """`switches` with what `wanted` names. Raises ClientException for a name or a value that does not exist."""
    try:
        return msgspec.convert({**msgspec.structs.asdict(switches), **wanted}, Switches)
    except msgspec.ValidationError as error:
        raise ClientException(str(error)) from error


def app(room: Room) -> Litestar:
    """The HTTP side of `room`."""

    @get("/", media_type="text/html", sync_to_thread=False)
    def page() -> str:
        return PAGE.read_text(encoding="utf-8")

    @get("/printers", sync_to_thread=False)
    def printers() -> list[PrinterState]:
        return [_state(device) for device in room.devices.values()]

    @get("/printers/{name:str}/paper", sync_to_thread=False)
    def paper(name: str, last: int = 500) -> list[PaperTicket]:
        return _paper(room.device(name), last=max(1, last))

    @get("/printers/{name:str}/paper.txt", media_type="text/plain", sync_to_thread=False)
    def paper_text(name: str) -> str:
        return "\f".join(piece.text for piece in _paper(room.device(name), last=500))

    # These touch sockets and tasks, so they run on the event loop.
    @post("/printers/{name:str}/faults", status_code=200)
    async def faults(name: str, data: dict[str, object]) -> PrinterState:
        device = room.device(name)
        action = data.pop("power", None)
        if action not in ("cut", "reset", None):
            data["power"] = action
        device.set(switched(device.switches, data))
        if action == "cut":
            device.cut_power()
        if action == "reset":
            device.reset_connections()
        return _state(device)

    @delete("/printers/{name:str}/paper")
    async def throw_away(name: str) -> None:
        room.throw_away(name)

    @get("/changes")
    async def changes() -> ServerSentEvent:
        async def messages() -> AsyncIterator[ServerSentEventMessage]:
            async for version in room.versions():
                yield ServerSentEventMessage(data=str(version), event="changed")

        return ServerSentEvent(messages())

    return Litestar([page, printers, paper, paper_text, faults, throw_away, changes], openapi_config=None)
