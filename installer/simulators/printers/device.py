"""A printer on the network: its port, its small receive buffer, and everything that goes wrong with it."""

import asyncio
import contextlib
import socket
import struct
from collections import deque
from collections.abc import Callable

import msgspec

from installer.simulators.printers.mechanism import Mechanism
from installer.simulators.printers.status import Switches, automatic_status, real_time_status
from installer.simulators.printers.tokens import RealTimeScanner

RECEIVE_BUFFER_BYTES = 4_096
SLICE_S = 0.02
ACCEPTED_AT_ONCE = 10
RESETS_AFTER_BYTES = 200  # more than questions, less than a job
_BABBLE = b"\x12" * 65_536
_CLEAR_BUFFERS = bytes.fromhex("10 14 08 01 03 14 01 06 02 08")
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class Device:
    """One listener and the mechanism behind it. `changed` is called after anything visible changed."""

    def __init__(self, mechanism: Mechanism, changed: Callable[[], None]) -> None:
        self.mechanism = mechanism
        self.port = 0
        self.connections = 0
        self.received_bytes = 0
        self._changed = changed
        self._held: deque[tuple[bytes, socket.socket]] = deque()
        self._held_bytes = 0
        self._turn = asyncio.Lock()
        self._wake = asyncio.Event()
        self._listener: socket.socket | None = None
        self._open: dict[socket.socket, asyncio.Task[None]] = {}
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def switches(self) -> Switches:
        """How the printer is set now."""
        return self.mechanism.switches

    @property
    def held_bytes(self) -> int:
        """Bytes received and not printed."""
        return self._held_bytes

    async def start(self, port: int = 0) -> None:
        """Listen on `port` of the loopback (0: any free one, also when `port` is taken) and print what comes."""
        try:
            self._listen(port)
        except OSError:
            self._listen(0)
        self._tasks.append(asyncio.create_task(self._print()))

    async def stop(self) -> None:
        """Close everything; returns once no task is left."""
        tasks = [*self._tasks, *self._open.values()]
        self._unplug()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def set(self, switches: Switches) -> None:
        """Change how the printer is set. Power off drops connections and the buffer; a job held by any other fault
        continues by itself when the fault is gone."""
        before = self.switches
        self.mechanism.switches = switches
        if before.power == "on" and switches.power == "off":
            self._unplug()
            self._clear()
        if before.power == "off" and switches.power == "on":
            self.mechanism.lose_power()
            self._listen(self.port)
        self._status_changed(before)

    def cut_power(self) -> None:
        """Off and on again: connections drop, what was not printed is lost."""
        on = self.switches
        off = msgspec.structs.replace(on, power="off")
        self.set(off)
        self.set(on)

    def reset_connections(self) -> None:
        """Drop every connection with RST; what was received still prints."""
        for connection, task in list(self._open.items()):
            # The task closes it: a socket the event loop still watches must not be closed under it.
            del self._open[connection]
            _linger_not(connection)
            task.cancel()

    def _listen(self, port: int) -> None:
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            # Connections inherit it: the kernel must not hide how small a printer's memory is.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER_BYTES)
            listener.setblocking(False)
            listener.bind(("127.0.0.1", port))
            listener.listen(ACCEPTED_AT_ONCE)
        except OSError:
            listener.close()
            raise
        self.port = listener.getsockname()[1]
        self._listener = listener
        asyncio.get_running_loop().add_reader(listener, self._accept)

    def _unplug(self) -> None:
        if self._listener is not None:
            asyncio.get_running_loop().remove_reader(self._listener)
            self._listener.close()
            self._listener = None
        self.reset_connections()

    def _accept(self) -> None:
        if self._listener is None:
            return
        try:
            connection, _ = self._listener.accept()
        except OSError:
            return
        connection.setblocking(False)
        refused = self.switches.connections == "refuse" and self._open
        if refused or len(self._open) >= ACCEPTED_AT_ONCE:
            _linger_not(connection)
            connection.close()
            return
        self.connections += 1
        task = asyncio.create_task(self._serve(connection))
        self._open[connection] = task
        task.add_done_callback(lambda _: self._let_go(connection))

    async def _serve(self, connection: socket.socket) -> None:
        try:
            if self.switches.link == "babbles":
                return await self._babble(connection)
            if self.switches.connections == "many":
                await self._receive(connection)
            else:
                async with self._turn:
                    await self._receive(connection)
        except OSError:
            # The host went away; what it sent is in the buffer and prints.
            return

    async def _babble(self, connection: socket.socket) -> None:
        """Say that all is well, again and again, and hear nothing."""
        loop = asyncio.get_running_loop()
        while self.switches.link == "babbles":
            await loop.sock_sendall(connection, _BABBLE)

    def _let_go(self, connection: socket.socket) -> None:
        self._open.pop(connection, None)
        connection.close()
        self._changed()

    async def _receive(self, connection: socket.socket) -> None:
        """Take bytes in while there is room; the socket fills up behind it when there is none."""
        scanner = RealTimeScanner()
        heard = 0
        while True:
            if self._room() <= 0:
                await self._pause()
                continue
            await _readable(connection)
            # While it waited another connection may have filled the buffer, or somebody stalled the printer.
            room = self._room()
            if room <= 0:
                continue
            chunk = connection.recv(min(room, 1024))
            if not chunk:
                # The last bytes may still be printing; their fence is answered before the printer lets go.
                await self._finish(connection)
                return
            self.received_bytes += len(chunk)
            heard += len(chunk)
            if self.switches.link == "resets" and heard > RESETS_AFTER_BYTES:
                self._clear()
                _linger_not(connection)
                return
            self._held.append((chunk, connection))
            self._held_bytes += len(chunk)
            for command in scanner.feed(chunk):
                self._obey_at_once(command, connection)
            self._wake.set()

    def _room(self) -> int:
        """How many bytes may be taken in now."""
        return 0 if self.switches.reading == "stalled" else RECEIVE_BUFFER_BYTES - self._held_bytes

    async def _finish(self, connection: socket.socket) -> None:
        while self.switches.is_ready and any(owner is connection for _, owner in self._held):
            await self._pause()

    async def _pause(self) -> None:
        await asyncio.sleep(SLICE_S)

    async def _print(self) -> None:
        while True:
            if not self._held or not self.switches.is_ready:
                self._wake.clear()
                await self._wake.wait()
                continue
            rate = self.switches.bytes_per_s
            budget = max(1, int(rate * SLICE_S)) if rate > 0 else RECEIVE_BUFFER_BYTES
            self._print_slice(budget)
            await asyncio.sleep(SLICE_S if rate > 0 else 0)

    def _print_slice(self, budget: int) -> None:
        left = self.switches.paper_out_after_bytes
        if left is not None:
            budget = min(budget, left)
        chunk, owner = self._held.popleft()
        now, later = chunk[:budget], chunk[budget:]
        if later:
            self._held.appendleft((later, owner))
        self._held_bytes -= len(now)
        answer = self.mechanism.feed(now)
        self._send(owner, answer)
        if left is not None:
            before = self.switches
            rest = left - len(now)
            self.mechanism.switches = (
                msgspec.structs.replace(before, paper="out", paper_out_after_bytes=None)
                if rest <= 0
                else msgspec.structs.replace(before, paper_out_after_bytes=rest)
            )
            self._status_changed(before)
        self._changed()

    def _obey_at_once(self, command: bytes, connection: socket.socket) -> None:
        match command[1]:
            case 0x04 if 1 <= command[2] <= 4:
                self._send(connection, bytes([real_time_status(self.switches, command[2])]))
            case 0x05 if command[2] in (1, 2):
                if command[2] == 2:
                    self._clear()
                if self.switches.cutter == "jammed":
                    self.set(msgspec.structs.replace(self.switches, cutter="ok"))
            case 0x14 if command[2] == 1:
                if self.switches.is_ready and self.mechanism.takes_real_time_kicks:
                    self.mechanism.kick(drawer=2 if command[3] == 1 else 1, on_ms=command[4] * 100)
                    self._changed()
            case 0x14 if command == _CLEAR_BUFFERS:
                self._clear()
                self._send(connection, b"\x37\x25\x00")

    def _clear(self) -> None:
        self._held.clear()
        self._held_bytes = 0
        self.mechanism.lose_buffer()

    def _send(self, connection: socket.socket, answer: bytes) -> None:
        """Answers are tiny; a host that reads none of them loses them, as it would on hardware."""
        status = self.switches.status
        is_muted = status == "silent" or (status == "silent_when_not_ready" and not self.switches.is_ready)
        if not answer or is_muted or connection not in self._open:
            return
        with contextlib.suppress(OSError):
            connection.send(answer)

    def _status_changed(self, before: Switches) -> None:
        status = automatic_status(self.switches)
        if self.mechanism.has_automatic_status and status != automatic_status(before):
            for connection in list(self._open):
                self._send(connection, status)
        self._wake.set()
        self._changed()


async def _readable(connection: socket.socket) -> None:
    """Return once there is something to read, without reading it."""
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    loop.add_reader(connection, ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(connection)


def _linger_not(connection: socket.socket) -> None:
    """Make closing it an RST."""
    with contextlib.suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
