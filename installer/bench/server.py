"""The edge under the bench: the real one, with an endpoint that does nothing, and a disk that may be slower."""

import argparse
import asyncio
import sys
from pathlib import Path
from typing import Any

import uvloop
from litestar import Request, Response, post

from edge import app as root
from edge.__main__ import serve
from edge.engine.database import connect_writer
from edge.settings import Settings
from installer.bench import slow_disk

NOTHING = "/bench/nothing"


@post(NOTHING, status_code=200, include_in_schema=False)
async def nothing(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The floor: what this server can do when there is nothing to do."""
    await request.body()
    return Response(b"{}", media_type="application/json")


async def _run(settings: Settings, *, is_slow: bool) -> None:
    connect = slow_disk.connect if is_slow else connect_writer
    async with root.running(settings, connect=connect) as edge:
        app = root.build_app(edge)
        app.register(nothing)
        await serve(edge, app)


def main() -> int:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(prog="installer.bench.server")
    parser.add_argument("--data-dir", type=Path, required=True)
    parser.add_argument("--ready-file", type=Path, required=True)
    parser.add_argument("--disk-delay-ms", type=float, default=0.0)
    parser.add_argument("--clock", default="system")
    asked = parser.parse_args()
    slow_disk.Cursor.delay_s = asked.disk_delay_ms / 1000
    settings = Settings(
        data_dir=asked.data_dir,
        ready_file=asked.ready_file,
        port=0,
        clock=asked.clock,
        address_limit_per_min=1_000_000,  # all devices of the bench come from one address
    )
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_run(settings, is_slow=asked.disk_delay_ms > 0))
    return 0


if __name__ == "__main__":
    sys.exit(main())
