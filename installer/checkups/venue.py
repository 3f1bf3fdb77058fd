"""One venue: whether its edge runs and answers, its log, its backups, its printers, its hub, its screens."""

import contextlib
import stat
import time
from collections.abc import Callable, Iterator, Mapping
from sqlite3 import Connection
from urllib.parse import urlsplit

import httpx
import msgspec
import pysqlite3

from edge.app import SLICES
from edge.engine import log
from edge.engine.database import DatabaseInUse, connect_reader, data_folder_lock
from edge.engine.projector import Projector
from edge.printing.views import PRINTER
from edge.settings import Settings, SettingsError, settings_of
from edge.upkeep.load import backup
from installer.checkups.addresses import addresses
from installer.checkups.finding import Finding
from installer.checkups.machine import REACH_S, answers, port_of
from shared.ops import decode

JUMP_MS = 60_000  # a clock may be corrected by less
FAR_BEHIND = 5_000
OLD_BACKUP_S = 2 * 86_400
BROKEN = "Stop the edge, keep the folder as it is, and restore the last backup."
HELD = 0o077  # nobody else may read a secret

HEALTH = {"writes", "devices", "hub", "behind"}  # that an edge says of itself

Health = Mapping[str, object]


def venue(environment: Mapping[str, str], *, progress: Callable[[str], None]) -> Iterator[Finding]:
    """Everything about the venue in HOS_DATA_DIR."""
    try:
        settings = settings_of(environment)
    except SettingsError as error:
        yield Finding("settings", "wrong", str(error), "Correct it; docs/reference/settings.md has every setting.")
        return
    try:
        yield from _look(settings, environment, progress)
    except PermissionError as error:
        found = f"{error.filename or settings.data_dir} is closed to this user"
        yield Finding("venue", "wrong", found, "Run hos doctor as the user that the edge runs as.")


def _look(settings: Settings, environment: Mapping[str, str], progress: Callable[[str], None]) -> Iterator[Finding]:
    progress("edge")
    health = None
    if settings.database.exists():
        health = _health(settings)
        yield _edge(settings, health)
        yield from _read(settings, is_served=health is not None, progress=progress)
        yield _backups(settings)
    elif not settings.data_dir.is_dir():
        yield Finding("venue", "wrong", f"there is no folder {settings.data_dir}", "Name the right one, or make it.")
        return
    else:
        found, advice = f"no database in {settings.data_dir}", "A new venue has none until its edge first starts."
        yield Finding("venue", "look", found, f"{advice} Is this the right folder?")
        yield port_of(environment)
    yield _secrets(settings)
    progress("address")
    yield from addresses(settings, health)
    progress("hub")
    yield _hub(settings, health)
    yield _screens(settings, is_served=health is not None)


def _health(settings: Settings) -> Health | None:
    """What the running edge says of itself; None when none answers."""
    if not settings.address_file.exists():
        return None
    with contextlib.suppress(httpx.HTTPError, httpx.InvalidURL, ValueError):
        answered = httpx.get(f"{_address(settings)}/health", timeout=REACH_S, verify=False, trust_env=False)
        found: Health = answered.json()
        # A killed edge leaves its address behind, and another program may have it by now.
        return found if isinstance(found, dict) and found.keys() >= HEALTH else None
    return None


def _address(settings: Settings) -> str:
    return settings.address_file.read_text("utf-8").strip()


def _edge(settings: Settings, health: Health | None) -> Finding:
    holder = _holder(settings)
    if health is not None:
        if not health["writes"]:
            return Finding(
                "edge", "wrong", "it stopped writing", "A disk write failed: look at the disk, then restart it."
            )
        return Finding("edge", "well", f"process {holder} serves, screens: {health['devices']}")
    if holder:
        return Finding("edge", "wrong", f"process {holder} runs and does not answer", "Restart it; its log says why.")
    if answers(settings.host, settings.port):
        found = f"not running, and port {settings.port} is taken"
        return Finding("edge", "wrong", found, "Stop the other program, or set HOS_PORT to a free port.")
    return Finding("edge", "look", f"not running; port {settings.port} is free", "Start it: hos edge run.")


def _read(settings: Settings, *, is_served: bool, progress: Callable[[str], None]) -> Iterator[Finding]:
    """What the database says: its log and its printers."""
    try:
        with contextlib.closing(connect_reader(settings.database)) as conn:
            yield from _log(conn, progress)
            stale = Projector(SLICES, decode).stale(conn)
            if stale:
                yield Finding("tables", "look", "another release made them", "The edge makes them anew when it starts.")
                return
            yield from _last_backup(conn, settings)
            progress("printers")
            yield from _printers(conn, is_served=is_served)
    except (pysqlite3.DatabaseError, msgspec.ValidationError) as error:
        yield Finding("database", "wrong", str(error), BROKEN)


def _log(conn: Connection, progress: Callable[[str], None]) -> Iterator[Finding]:
    last = log.head_seq(conn)
    problem = log.check_chain(conn, lambda seq: progress(f"log, {seq:,} of {last:,} entries"))
    if problem:
        yield Finding("log", "wrong", problem, BROKEN)
    else:
        yield Finding("log", "well", f"{last:,} entries, the chain is whole")
    for entry in log.read(conn, last - 1, 1):
        yield _time_since(entry.at_ms)


def _time_since(last_ms: int) -> Finding:
    ahead_ms = last_ms - int(time.time() * 1000)
    if ahead_ms > JUMP_MS:
        found = f"{ahead_ms // 60_000} min behind the last entry"
        return Finding("clock and log", "wrong", found, "Correct the date before the edge writes on.")
    return Finding("clock and log", "well", "the clock is past the last entry")


def _backups(settings: Settings) -> Finding:
    copies = sorted(settings.backups.glob("*.db"), key=lambda path: path.stat().st_mtime)
    if not copies:
        return Finding(
            "backups", "look", "none yet", "One is made at each start and each Z. Is there room on the disk?"
        )
    age_s = time.time() - copies[-1].stat().st_mtime
    found = f"the last is {age_s / 3600:.0f} h old"
    if age_s > OLD_BACKUP_S:
        return Finding("backups", "look", found, "One is made at each start and each Z: look at the edge's log.")
    return Finding("backups", "well", found)


def _last_backup(conn: Connection, settings: Settings) -> Iterator[Finding]:
    """What became of the last one, and whether its second place is one."""
    last = backup(conn, "last")
    if last is not None and not last.is_good:
        found = f"not made: {last.copied}" if last.copied else f"not whole: {last.checked}, {last.problems} problems"
        yield Finding("last backup", "wrong", found, "Look at the disk, then run hos edge verify.")
    if settings.backup_to is None:
        advice = (
            "Set HOS_BACKUP_TO to a folder on a stick or another machine: a disk that dies takes its backups along."
        )
        yield Finding("second backup", "look", "none is set", advice)
    elif not settings.backup_to.is_dir():
        yield Finding("second backup", "wrong", f"{settings.backup_to} is not there", "Plug the disk or stick in.")
    elif settings.backup_to.stat().st_dev == settings.data_dir.stat().st_dev:
        found = f"{settings.backup_to} is on the same disk as the venue"
        yield Finding("second backup", "look", found, "Choose a folder on another disk: this one dies with the first.")
    else:
        yield Finding("second backup", "well", str(settings.backup_to))


def _secrets(settings: Settings) -> Finding:
    named = [
        *settings.data_dir.glob("*.key"),
        settings.database,
        *([settings.nats_creds] if settings.nats_creds else []),
    ]
    open_ones = [path.name for path in named if path.exists() and stat.S_IMODE(path.stat().st_mode) & HELD]
    if open_ones:
        advice = f"Close them: chmod 600 {' '.join(open_ones)}."
        return Finding("keys", "wrong", f"others can read {', '.join(open_ones)}", advice)
    return Finding("keys", "well", "readable by their owner alone")


def _printers(conn: Connection, *, is_served: bool) -> Iterator[Finding]:
    printers = PRINTER.load(conn, PRINTER.current(conn))
    if not printers:
        yield Finding("printers", "look", "none is set up", "Set them up at the till, or go without paper.")
    for printer in printers.values():
        yield _printer(printer, is_served=is_served)


def _printer(printer: object, *, is_served: bool) -> Finding:
    name, host, port = (getattr(printer, field) for field in ("name", "host", "port"))
    what = f"printer {name}"
    fault, waiting = getattr(printer, "fault", ""), getattr(printer, "waiting_jobs", 0)
    if fault:
        return Finding(what, "wrong", f"{fault}, {waiting} papers wait", "Look at its paper, cover and cable.")
    # Many printers take one connection: while the edge runs, what it knows is better than a knock that may disturb.
    if not is_served and not answers(host, port):
        return Finding(what, "wrong", f"{host}:{port} does not answer", "Turn it on, and check cable and address.")
    return Finding(what, "well", f"{host}:{port}")


def _hub(settings: Settings, health: Health | None) -> Finding:
    if health is not None and health.get("trouble"):
        found = f"it takes nothing more from this venue: {health['trouble']}"
        return Finding("hub", "wrong", found, "The venue goes on; tell the hub's operator before anything is restored.")
    if health is not None and health["hub"] == "connected":
        behind = int(str(health["behind"]))
        if behind > FAR_BEHIND:
            return Finding(
                "hub", "look", f"connected, {behind:,} entries to send", "It catches up by itself; look again."
            )
        return Finding("hub", "well", f"connected, {behind} entries to send")
    if health is not None and health["hub"] == "waiting":
        found = f"not reached, {health['behind']} entries wait"
        return Finding("hub", "look", found, "The venue goes on without it; check the internet and the router.")
    if not settings.nats_url:
        return Finding("hub", "look", "none is set", "Set HOS_NATS_URL and HOS_NATS_CREDS to send figures to one.")
    return _nats(settings)


def _nats(settings: Settings) -> Finding:
    address = urlsplit(settings.nats_url)
    creds = settings.nats_creds
    if creds is None or not creds.exists():
        return Finding("hub", "wrong", f"no credentials at {creds}", "Copy the venue's credentials file there.")
    if not answers(address.hostname or "", address.port or 4222):
        return Finding("hub", "look", f"{settings.nats_url} does not answer", "Check the internet and the router.")
    return Finding("hub", "well", f"{settings.nats_url} answers")


def _screens(settings: Settings, *, is_served: bool) -> Finding:
    if is_served:  # with settings of its own
        with contextlib.suppress(httpx.HTTPError):
            answered = httpx.get(f"{_address(settings)}/pos/", timeout=REACH_S, verify=False, trust_env=False)
            if answered.status_code == httpx.codes.OK:
                return Finding("screens", "well", "the edge serves them")
        return Finding("screens", "wrong", "the edge serves none", "Set HOS_WEB_DIR to the built screens; restart it.")
    if settings.web_dir is None:
        return Finding("screens", "look", "HOS_WEB_DIR is not set", "Set it to the folder with the built screens.")
    missing = [
        app
        for app in ("guest", "waiter", "pos", "kds", "manage")
        if not (settings.web_dir / app / "index.html").exists()
    ]
    if missing:
        return Finding(
            "screens", "wrong", f"{', '.join(missing)} not built", "Build them: python -m installer.web build."
        )
    return Finding("screens", "well", str(settings.web_dir))


def _holder(settings: Settings) -> int:
    """The process that has the data folder; 0 when none."""
    if not (settings.data_dir / "venue.lock").exists():
        return 0
    try:
        with data_folder_lock(settings.data_dir):
            return 0
    except DatabaseInUse as error:
        return error.pid
