"""The edge under the bench: the real one, with an endpoint that does nothing, and a disk that may be slower."""

import argparse
import asyncio
import sqlite3
import sys
import time
from pathlib import Path
from typing import Any

import uvloop
from litestar import Request, Response, post

from edge import app as root
from edge.__main__ import serve
from edge.engine.database import connect_writer
from edge.settings import Settings

NOTHING = "/bench/nothing"


@post(NOTHING, status_code=200, include_in_schema=False)
async def nothing(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The floor: what this server can do when there is nothing to do."""
    await request.body()
    return Response(b"{}", media_type="application/json")


class _SlowCursor(sqlite3.Cursor):
    """A commit takes longer, as on a slower disk; the thread sleeps and others go on."""

    delay_s = 0.0

    def execute(self, sql: str, *parameters: Any) -> "sqlite3.Cursor":
        if sql == "COMMIT":
            time.sleep(self.delay_s)
        return super().execute(sql, *parameters)


class _SlowConnection(sqlite3.Connection):
    def cursor(self, *_: Any) -> Any:
        return super().cursor(_SlowCursor)


def _connect_slowly(path: Path) -> sqlite3.Connection:
    return connect_writer(path, factory=_SlowConnection)


async def _run(settings: Settings, *, is_slow: bool) -> None:
    connect = _connect_slowly if is_slow else connect_writer
    async with root.running(settings, connect=connect) as edge:
        app = root.build_app(edge)
        app.register(nothing)
        await serve(app, settings)


def main() -> int:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(prog="installer.bench.server")
    parser.add_argument("--data-dir", type=Path, required=True)
    parser.add_argument("--ready-file", type=Path, required=True)
    parser.add_argument("--disk-delay-ms", type=float, default=0.0)
    asked = parser.parse_args()
    _SlowCursor.delay_s = asked.disk_delay_ms / 1000
    settings = Settings(
        data_dir=asked.data_dir,
        ready_file=asked.ready_file,
        port=0,
        address_limit_per_min=1_000_000,  # all devices of the bench come from one address
    )
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_run(settings, is_slow=asked.disk_delay_ms > 0))
    return 0


if __name__ == "__main__":
    sys.exit(main())
