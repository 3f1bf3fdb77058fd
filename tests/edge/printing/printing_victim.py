"""A venue in a process of its own that orders and prints until it is killed: `printing_victim.py FOLDER PORTS [settle]`."""

import asyncio
import json
import sys
from pathlib import Path

from printing_builders import PrintRoom, a_line, set_up

from tests.service import in_service

ORDERS = 400


async def run(folder: Path, ports: dict[str, int], *, is_last: bool) -> None:
    """Order from where the one before was killed; the last one only prints what is left."""
    async with in_service(folder) as service:
        await service.do("mara", *set_up(ports))
        room = PrintRoom(service, {}, asyncio.Event())
        room.start_spool()
        (done,) = service.rows("SELECT COUNT(*) FROM checks")[0]
        room.checks = done
        print("running", flush=True)
        for number in range(done, 0 if is_last else ORDERS):
            await room.order(a_line(f"l{number}", note=f"n{number}."))
        await room.settled()
        await room.stop_spool()


asyncio.run(run(Path(sys.argv[1]), json.loads(sys.argv[2]), is_last=len(sys.argv) > 3))
