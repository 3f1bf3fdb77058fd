"""The machine: SQLite, clock and time zones, disk, and the port that an edge takes."""

import os
import shutil
import socket
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from installer.checkups.finding import Finding

OLDEST_SQLITE = (3, 53, 0)
LITTLE_DISK, TOO_LITTLE_DISK = 5_000_000_000, 1_000_000_000
SLOW_SYNC_MS, TOO_SLOW_SYNC_MS, NO_SYNC_MS = 20.0, 80.0, 0.02
SYNCS = 20
REACH_S = 2.0
BUILT_IN_YEAR = 2026  # a clock before this was never set
ZONE = "America/Argentina/Buenos_Aires"
SYNCED = Path("/run/systemd/timesync/synchronized")


def machine(folder: Path, *, progress: Callable[[str], None]) -> Iterator[Finding]:
    """Everything that needs no venue; the disk is the one that `folder` is on."""
    for what, check in (("SQLite", _sqlite), ("clock", _clock), ("time zones", _zones)):
        progress(what)
        yield check()
    there = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
    progress("disk")
    yield _space(there)
    yield _sync(there)


def port_of(environment: Mapping[str, str]) -> Finding:
    """Whether an edge that starts here finds its port free."""
    host, port = environment.get("HOS_HOST") or "127.0.0.1", environment.get("HOS_PORT") or "8080"
    if answers("127.0.0.1" if host == "0.0.0.0" else host, int(port) if port.isdecimal() else 0):
        advice = "Stop the other program, or set HOS_PORT to a free port."
        return Finding("port", "wrong", f"a program listens on {port} already", advice)
    return Finding("port", "well", f"{port} is free")


def answers(host: str, port: int) -> bool:
    """Whether a program listens there."""
    try:
        with socket.create_connection((host, port), timeout=REACH_S):
            return True
    except (OSError, OverflowError):
        return False


def _sqlite() -> Finding:
    try:
        import pysqlite3
    except ImportError:
        return Finding(
            "SQLite", "wrong", "pysqlite3 is missing", "Install the program again: a part of it is not there."
        )
    found = str(pysqlite3.sqlite_version)
    if tuple(map(int, found.split("."))) < OLDEST_SQLITE:
        return Finding("SQLite", "wrong", found, "Install pysqlite3 0.6 or later: SQLite before 3.53 may lose writes.")
    return Finding("SQLite", "well", found)


def _clock() -> Finding:
    now = datetime.fromtimestamp(time.time(), UTC).astimezone()
    found = f"{now:%Y-%m-%d %H:%M:%S %Z}"
    if now.year < BUILT_IN_YEAR:
        return Finding(
            "clock", "wrong", found, "Set the date: this machine's clock was never set or its battery is empty."
        )
    if Path("/run/systemd/system").exists() and not SYNCED.exists():
        return Finding("clock", "look", f"{found}, not set by the network", "Turn on: timedatectl set-ntp true.")
    return Finding("clock", "well", found)


def _zones() -> Finding:
    try:
        ZoneInfo(ZONE)
    except ZoneInfoNotFoundError:
        return Finding("time zones", "wrong", "none are known", "Install the tzdata package.")
    return Finding("time zones", "well", "they are known")


def _space(folder: Path) -> Finding:
    free = shutil.disk_usage(folder).free
    found = f"{free / 1e9:.1f} GB free at {folder}"
    if free < TOO_LITTLE_DISK:
        return Finding("disk space", "wrong", found, "Free some now: a full disk stops the venue.")
    if free < LITTLE_DISK:
        return Finding("disk space", "look", found, "Free some soon: old backups and logs go first.")
    return Finding("disk space", "well", found)


def _sync(folder: Path) -> Finding:
    """How long the disk takes to say that something is safe; every command waits for it once."""
    try:
        times = _sync_times(folder)
    except OSError as error:
        return Finding("disk writes", "wrong", f"{folder}: {error.strerror}", "Let this user write there.")
    median, worst = statistics.median(times), max(times)
    found = f"{median:.2f} ms to be safe, {worst:.1f} at worst"
    if median > TOO_SLOW_SYNC_MS:
        return Finding("disk writes", "wrong", found, "Use an SSD: on this disk every tap waits.")
    if median > SLOW_SYNC_MS:
        return Finding("disk writes", "look", found, "A better SSD answers in under 5 ms.")
    if median < NO_SYNC_MS:
        return Finding("disk writes", "look", found, "Too fast to be true: in memory, or a disk that does not wait.")
    return Finding("disk writes", "well", found)


def _sync_times(folder: Path) -> list[float]:
    times = []
    with tempfile.TemporaryFile(dir=folder) as file:
        for _ in range(SYNCS):
            file.write(b"\0" * 4096)
            file.flush()
            began = time.perf_counter()
            os.fdatasync(file.fileno())
            times.append((time.perf_counter() - began) * 1000)
    return times
