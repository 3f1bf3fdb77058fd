"""`hos bench --under-attack`: what waiters notice while somebody means harm, each attack on a venue of its own.

Eight phones order at a steady pace, twenty orders of three lines a second in all, first in peace and then under the attack.
"""

import asyncio
import contextlib
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path

import msgspec
import uvloop

from installer.bench.attackers import ATTACKS
from installer.bench.load import Device, connect, head_for
from installer.bench.rows import Progress, Row
from installer.bench.venue import Bodies, Venue, venue
from installer.demo.edge_client import Ask, EdgeClient, http_to
from installer.services.program import Program

PHONES = 8
EVERY_S = 0.4  # each phone's order
P99_MS = 200.0  # what a waiter does not notice
TIMES_CALM = 3.0
RESIDENT_MB = 250.0
_LOOK_S = 0.1


class Evening(msgspec.Struct, kw_only=True):
    """What the phones saw, and how large the edge grew."""

    times_s: list[float] = []
    refused: int = 0
    peak_mb: float = 0.0

    @property
    def p99_ms(self) -> float:
        """The slowest order but one in a hundred."""
        ordered = sorted(self.times_s)
        return ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))] * 1000 if ordered else 0.0


def measure(*, seconds: float, progress: Progress, attacks: Sequence[str] = ()) -> list[Row]:
    """A row for each attack."""
    found = []
    for name in attacks or NAMES:
        progress(f"{NAMES[name]}, eight phones order meanwhile")
        with (
            tempfile.TemporaryDirectory(prefix="hos-flood-") as folder,
            asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
        ):
            found.append(runner.run(_attacked(name, Path(folder), seconds)))
    return found


#: What each is called in the table. Printers are not the network's strangers, but they misbehave as well.
NAMES = {
    "header_flood": "headers without end",
    "half_open": "1,000 half-open connections",
    "dead_streams": "five streams that read nothing, drafts meanwhile",
    "draft_flood": "drafts of twenty phones that are made up anew",
    "babbling": "a printer that babbles",
    "black_hole": "a printer that takes all and says nothing",
}


async def _attacked(name: str, folder: Path, seconds: float) -> Row:
    async with venue(folder, devices=PHONES) as place:
        pid = int((folder / "edge.pid").read_text(encoding="ascii"))
        calm = await _evening(place, pid, seconds)
        async with _printer(place, name):
            with _attacker(place, name if name in ATTACKS else "nothing", await _code(place)):
                attacked = await _evening(place, pid, seconds)
    return _row(name, calm, attacked)


def _row(name: str, calm: Evening, attacked: Evening) -> Row:
    is_met = (
        attacked.p99_ms <= min(TIMES_CALM * calm.p99_ms, P99_MS)
        and attacked.peak_mb <= RESIDENT_MB
        and not attacked.refused
    )
    return Row(
        name=NAMES[name],
        figure=f"p99 {attacked.p99_ms:.1f} ms, {attacked.peak_mb:.0f} MB, {attacked.refused} refused",
        floor=f"p99 {calm.p99_ms:.1f} ms in peace",
        ratio=round(attacked.p99_ms / calm.p99_ms, 2) if calm.p99_ms else 0.0,
        goal=f"≤ {TIMES_CALM:g} × and ≤ {P99_MS:g} ms, ≤ {RESIDENT_MB:g} MB, none refused",
        is_met=is_met,
        details={
            "calm_p99_ms": calm.p99_ms,
            "p99_ms": attacked.p99_ms,
            "peak_mb": attacked.peak_mb,
            "refused": float(attacked.refused),
            "orders": float(len(attacked.times_s)),
        },
    )


async def _evening(place: Venue, pid: int, seconds: float) -> Evening:
    found = Evening()
    ends_s = time.perf_counter() + seconds
    orders = [_orders(place, number, ends_s, found) for number in range(PHONES)]
    await asyncio.gather(_watch(pid, ends_s, found), *orders)
    return found


async def _orders(place: Venue, number: int, ends_s: float, found: Evening) -> None:
    """One phone's orders. One that comes back with no is counted, and so is one that gets no answer."""
    device = place.devices[number]
    bodies, head = Bodies(device), head_for("/commands", device.key)
    line: Device | None = None
    await asyncio.sleep(number * EVERY_S / PHONES)
    while (began_s := time.perf_counter()) < ends_s:
        content = bodies.three_lines()
        try:
            if line is None:
                line = await connect(place.address)
            answer = await line.ask(head + str(len(content)).encode() + b"\r\n\r\n" + content)
            found.refused += b'"refused"' in answer or not answer.startswith(b"HTTP/1.1 200")
        except OSError:
            found.refused, line = found.refused + 1, None
        took_s = time.perf_counter() - began_s
        found.times_s.append(took_s)
        await asyncio.sleep(max(EVERY_S - took_s, 0))
    if line is not None:
        line.close()


async def _watch(pid: int, ends_s: float, found: Evening) -> None:
    status = Path(f"/proc/{pid}/status")
    while time.perf_counter() < ends_s:
        for entry in status.read_text(encoding="ascii").splitlines():
            if entry.startswith("VmRSS"):
                found.peak_mb = max(found.peak_mb, int(entry.split()[1]) / 1024)
        await asyncio.sleep(_LOOK_S)


@contextlib.contextmanager
def _attacker(place: Venue, name: str, code: str) -> Iterator[None]:

    said = place.data_dir / "attacker.log"
    program = Program(
        "attacker", [sys.executable, "-m", "installer.bench.attackers", name, place.address, code], log=said
    )
    program.start()
    try:
        program.wait_until(lambda: said.exists() and "begun" in said.read_text(encoding="utf-8"))
        yield
    finally:
        program.kill()


async def _code(place: Venue) -> str:
    async with http_to(place.address) as http:
        http.headers["authorization"] = f"Bearer {place.console_key}"
        codes = (await http.get("/tables/codes")).json()
        return str(codes[0]["code"])


@contextlib.asynccontextmanager
async def _printer(place: Venue, name: str) -> AsyncIterator[None]:
    """Both stations print on it, and it does what its name says; for any other attack there is none."""
    if name not in ("babbling", "black_hole"):
        yield
        return

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.CancelledError):  # its server closes
            while name == "babbling":
                writer.write(b"\x16" * 4_096)
                await writer.drain()
            await asyncio.Event().wait()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    console = EdgeClient(place.address, place.console_key)
    asked: list[Ask] = [
        Ask(
            name="configure_printer",
            body={"printer_id": "bad", "printer_name": "Bad", "host": "127.0.0.1", "port": port},
        ),
        *(
            Ask(name="configure_station", body={"station_id": one, "name": one, "printer_id": "bad"})
            for one in ("grill", "bar")
        ),
    ]
    try:
        await console.do(*asked)
        yield
    finally:
        await console.close()
        server.close()
