"""One backup: the database copied, the copy checked by a process of its own, and put in a second place."""

import asyncio
import contextlib
import errno
import os
import shutil
import sys
from pathlib import Path

import msgspec
import structlog

from edge.engine import database
from edge.settings import Settings

CHECK_S = 3_600.0  # a million entries take a minute
_ROOM = {errno.ENOSPC, errno.EDQUOT}
_NIGHTS = 7  # one name for each day of a week, the oldest overwritten
#: A copy that was not proved to be what its log says. It never takes the place of one that was.
UNPROVED = "venue-unproved.db"

_logger = structlog.get_logger()


class Checked(msgspec.Struct, frozen=True):
    """What `hos edge verify --json` says."""

    entries: int
    problems: list[str]


def name_of(now_ms: int) -> str:
    """The file of a day's backup, without its folder."""
    return f"venue-{now_ms // 86_400_000 % _NIGHTS}.db"


def copy(settings: Settings, target: Path) -> str:
    """Copy the live database; the word for what failed, empty when nothing did. Blocks for as long as the disk takes."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _clear(target.parent)
        if shutil.disk_usage(target.parent).free < settings.database.stat().st_size:
            return "no_room"  # SQLite's own word for it comes after the disk is full, and a full disk stops the venue
        database.backup(settings.database, target)
    except OSError as error:
        _logger.error("the backup failed", file=str(target), error=str(error))
        return "no_room" if error.errno in _ROOM else "failed"
    return ""


async def check(file: Path) -> tuple[str, int]:
    """The word for what is wrong with a copy, and how many problems it has. A process that gives way to all others."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "edge", "verify", "--file", str(file), "--json", "--give-way", str(os.getpid())),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "HOS_DATA_DIR": str(file.parent)},
    )
    complaint = b"it took too long"
    try:
        async with asyncio.timeout(CHECK_S):
            said, complaint = await process.communicate()
        found = msgspec.json.decode(said, type=Checked)
    except (TimeoutError, msgspec.MsgspecError):
        _logger.error("the check of a backup broke off", file=str(file), why=complaint.decode(errors="replace")[-500:])
        return "failed", 0
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
    if found.problems:
        _logger.error("a backup is not what the log says", file=str(file), problems=found.problems[:10])
        return "wrong", len(found.problems)
    return "", 0


def keep(proved: Path, name: str) -> Path:
    """Give a copy that was proved its name of the week; returns the file."""
    kept = proved.replace(proved.with_name(name))
    database.sync(kept.parent)
    return kept


def copy_again(file: Path, folder: Path) -> str:
    """Put a copy in the second place; the word for what failed. The folder is not made: a stick may be missing."""
    if not folder.is_dir():
        return "missing"
    part = folder / f"{file.name}.part"
    try:
        _clear(folder)
        if shutil.disk_usage(folder).free < file.stat().st_size:
            return "no_room"
        part.touch(mode=database.PRIVATE)
        shutil.copyfile(file, part)
        database.sync(part)
        part.replace(folder / file.name)
        if file.name != UNPROVED:
            (folder / UNPROVED).unlink(missing_ok=True)  # a later one is proved
        database.sync(folder)
    except OSError as error:
        _logger.error("the second copy failed", folder=str(folder), error=str(error))
        return "no_room" if error.errno in _ROOM else "failed"
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
    return ""


def _clear(folder: Path) -> None:
    """Take away what is left of copies that a kill or a power cut broke off: each would keep its room for a week."""
    for left in folder.glob("venue-*.db.part*"):
        left.unlink(missing_ok=True)
