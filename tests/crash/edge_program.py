"""An edge as a program of its own, that can be killed at any moment and started again on its data."""

import asyncio
import os
import sys

import msgspec

from edge.settings import Settings
from installer.services.program import Program, free_port


class EdgeProgram:
    """`hos edge run` over one data folder, on one port for all its lives."""

    def __init__(self, settings: Settings) -> None:
        self.settings = msgspec.structs.replace(settings, port=free_port())
        self.address = f"http://127.0.0.1:{self.settings.port}"
        self._ready = settings.data_dir / "ready"
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        environment = {
            "HOS_DATA_DIR": str(settings.data_dir),
            "HOS_PORT": str(self.settings.port),
            "HOS_TENANT": settings.tenant_id,
            "HOS_VENUE": settings.venue_id,
            "HOS_NATS_URL": settings.nats_url,
            "HOS_NATS_CREDS": str(settings.nats_creds or ""),
            "HOS_HUB_RETRY_S": str(settings.hub_retry_s),
            "HOS_ADDRESS_LIMIT_PER_MIN": "1000000",
            "HOS_READY_FILE": str(self._ready),
            "HOS_WEB_DIR": str(settings.web_dir or ""),
            "HOS_CLOCK": settings.clock,
            "HOS_LOG_LEVEL": "warning",
            "PYTHONPATH": os.getcwd(),
        }
        command = [sys.executable, "-m", "edge", "run"]
        self.program = Program("edge", command, log=settings.data_dir / "edge.log", environment=environment)

    @property
    def console_key(self) -> str:
        """The technician's key, once the edge has run."""
        return (self.settings.data_dir / "console.key").read_text(encoding="ascii")

    async def start(self) -> None:
        """Start it and wait until it serves; others go on meanwhile."""
        self._begin()
        await asyncio.to_thread(self.program.wait_until, self._ready.exists)

    def start_here(self) -> None:
        """The same where no loop of ours runs, as beside a browser."""
        self._begin()
        self.program.wait_until(self._ready.exists)

    def _begin(self) -> None:
        self._ready.unlink(missing_ok=True)
        self.program.start()  # on the main thread: a child dies with the thread that made it

    def kill(self) -> None:
        """As a power cut of the process: no handler runs."""
        self.program.kill()

    def stop(self) -> None:
        """As a technician would."""
        self.program.stop()
