"""What the edge does by itself as time passes: settle what guests left behind, and keep copies of its database.

Each chore looks first, and asks the writer only when something is due: a closed restaurant's edge writes nothing.
"""

import asyncio
import contextlib

import msgspec

from edge.engine.asks import EDGE
from edge.engine.clock import Clock
from edge.engine.database import ReadPool
from edge.engine.door import Door
from edge.engine.log import head_seq
from edge.engine.writer import Writer
from edge.engine.writes import Touched
from edge.settings import Settings
from edge.upkeep import copies, load
from edge.upkeep.state import Backup
from shared.commands.upkeep import ReportBackup

FIRST_LOOK_S = 60.0  # after a start: screens that come back go first
LOOK_EVERY_S = 3_600.0


class Backups:
    """Copies after each Z, and at a start or an hour's end when the last is old. One at a time."""

    def __init__(self, settings: Settings, *, reads: ReadPool, writer: Writer, door: Door, clock: Clock) -> None:
        self._settings = settings
        self._reads = reads
        self._door = door
        self._clock = clock
        self._wake = asyncio.Event()
        writer.listen(self._on_bell)

    async def run(self) -> None:
        """Look soon after the start, after each Z and every hour, for ever."""
        wait_s = FIRST_LOOK_S
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(wait_s):
                    await self._wake.wait()
            self._wake.clear()
            await self.look()
            wait_s = LOOK_EVERY_S

    async def look(self) -> None:
        """Make a backup if one is due; else put the last one in a second place that was missing."""
        if await self._reads.run(load.is_due, now_ms=self._clock.now_ms()):
            await self._report(await self._make())
            return
        last = await self._reads.run(load.backup, "last")
        folder = self._settings.backup_to
        if last is not None and last.is_good and last.second and folder is not None and folder.is_dir():
            second = await asyncio.to_thread(copies.copy_again, self._settings.backups / last.file, folder)
            if second != last.second:
                await self._report(msgspec.structs.replace(last, second=second))

    async def _make(self) -> Backup:
        """A copy takes the place of last week's once it is proved, and stays beside them when it is not."""
        now_ms = self._clock.now_ms()
        file = self._settings.backups / copies.UNPROVED
        through_seq = await self._reads.run(head_seq)  # at least so far: what comes meanwhile may be in it too
        copied = await asyncio.to_thread(copies.copy, self._settings, file)
        checked, problems, second = "not_done", 0, "unset" if self._settings.backup_to is None else "failed"
        if not copied:
            checked, problems = await copies.check(file)
        if not copied and not checked:
            file = await asyncio.to_thread(copies.keep, file, copies.name_of(now_ms))
        if not copied and self._settings.backup_to is not None:
            second = await asyncio.to_thread(copies.copy_again, file, self._settings.backup_to)
        return Backup(
            file=file.name,
            through_seq=through_seq,
            size_bytes=0 if copied else file.stat().st_size,
            copied=copied,
            checked=checked,
            problems=problems,
            second=second,
            made_at_ms=now_ms,
        )

    async def _report(self, backup: Backup) -> None:
        last = await self._reads.run(load.backup, "last")
        if last is not None and last.says_no_less_than(backup):
            return  # each command is remembered for ever: what is known is not asked every hour
        fields = {name: getattr(backup, name) for name in ReportBackup.__struct_fields__}
        await self._door.ask_one(ReportBackup(**fields), EDGE)

    def _on_bell(self, seq: int, touched: list[Touched]) -> None:
        if any(table == "z_report" for table, _ in touched):
            self._wake.set()
