"""Start printers: `python -m installer.simulators.printers --printer kitchen:80mm --printer bar:58mm`."""

import argparse
import asyncio
import contextlib
import json
import re
import socket
from pathlib import Path

import uvicorn

from installer.simulators.printers.device import Device
from installer.simulators.printers.mechanism import ROLLS, Mechanism
from installer.simulators.printers.store import Store
from installer.simulators.printers.web import Room, app


def _printer(text: str) -> tuple[str, str]:
    name, _, roll = text.partition(":")
    if not re.fullmatch(r"[a-z0-9_-]{1,40}", name):
        raise argparse.ArgumentTypeError(f"a printer's name is small letters, digits, - and _: {name!r}")
    if (roll or "80mm") not in ROLLS:
        raise argparse.ArgumentTypeError(f"no roll {roll!r}; there are {', '.join(ROLLS)}")
    return name, roll or "80mm"


async def _run(wanted: dict[str, str], *, http_port: int, state_dir: Path | None) -> None:
    store = Store(state_dir) if state_dir is not None else None
    ports = store.ports() if store is not None else {}
    room = Room(store)
    for name, roll in wanted.items():
        device = Device(Mechanism(name, ROLLS[roll]), room.changed)
        room.add(device)
        await device.start(ports.get(name, 0))
    ports = {name: device.port for name, device in room.devices.items()}
    if store is not None:
        store.keep_ports(ports)
    with socket.create_server(("127.0.0.1", http_port)) as listener:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        print(json.dumps({"http": address, "printers": ports}), flush=True)
        # A page that is open keeps its stream for ever; stopping does not wait for it.
        config = uvicorn.Config(app(room), log_level="warning", timeout_graceful_shutdown=1)
        try:
            await uvicorn.Server(config).serve(sockets=[listener])
        finally:
            await asyncio.gather(*(device.stop() for device in room.devices.values()))


def main() -> None:
    """Run until interrupted. The first line on standard output is JSON with every address."""
    parser = argparse.ArgumentParser(prog="python -m installer.simulators.printers", description=__doc__)
    parser.add_argument("--printer", action="append", type=_printer, metavar="NAME:ROLL", help=f"{', '.join(ROLLS)}")
    parser.add_argument("--http", type=int, default=0, metavar="PORT", help="port of the page; 0 takes a free one")
    parser.add_argument("--state-dir", type=Path, help="keeps ports and paper from one run to the next")
    chosen = parser.parse_args()
    wanted = dict(chosen.printer or [("kitchen", "80mm"), ("bar", "58mm")])
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_run(wanted, http_port=chosen.http, state_dir=chosen.state_dir))


if __name__ == "__main__":
    main()
