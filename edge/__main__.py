"""`hos edge …`: run a venue's edge, check its log, rebuild its tables, copy it, bring in a menu."""

import argparse
import asyncio
import contextlib
import errno
import os
import signal
import socket
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
import structlog
import uvicorn
import uvloop
from litestar import Litestar
from rich.console import Console

from edge import app as root
from edge import console
from edge.engine import log
from edge.engine.database import DatabaseInUse, connect_reader, data_folder_lock
from edge.engine.journal import open_journal
from edge.engine.migrate import DatabaseTooNew
from edge.engine.pace import set_pace
from edge.engine.projector import Progress as ProgressReport
from edge.engine.projector import Projector, verify
from edge.engine.slice import Projection
from edge.menu import command_line as menu_commands
from edge.settings import Settings, SettingsError, settings_of
from shared.entry import Entry
from shared.ops import UnknownOp, decode

OK, PROBLEMS, USAGE, IN_USE = 0, 1, 2, 3

_terminal = Console(stderr=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one of the edge's commands. 0: done; 1: problems were found; 2: wrong use; 3: the data folder is in use."""
    asked = _parser().parse_args(arguments)
    environment = dict(os.environ)
    if asked.data_dir:
        environment["HOS_DATA_DIR"] = str(asked.data_dir)
    try:
        settings = settings_of(environment)
        open_journal(settings.log_level)
        return int(asked.run(settings, asked))
    except SettingsError as error:
        _say(str(error))
        return USAGE
    except DatabaseInUse as error:
        _terminal.print(f"[red]Another edge has this data folder: process {error.pid}. Stop it first.")
        return IN_USE
    except console.EdgeSilent as error:
        _terminal.print(f"[red]{error}")
        return IN_USE
    except (DatabaseTooNew, UnknownOp) as error:
        _terminal.print(f"[red]A newer release wrote this database ({error}). Install that release or a later one.")
        return PROBLEMS
    except sqlite3.DatabaseError as error:
        _say(f"The database {settings.database} cannot be used: {error}. docs/howto/restore-a-backup.md says how on.")
        return PROBLEMS
    except OSError as error:
        _say(_trouble(error, settings, getattr(asked, "port", None) or settings.port))
        return PROBLEMS


def _say(sentence: str) -> None:
    """Names of files may hold what the terminal's markup would take for its own."""
    _terminal.print(sentence, style="red", markup=False, highlight=False, soft_wrap=True)


def _trouble(error: OSError, settings: Settings, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Another program listens on {settings.host}:{port}. Stop it, or choose a port with --port."
    where = f"{error.filename}: " if error.filename else ""
    return f"{where}{error.strerror or error}. The edge needs this to work."


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="hos edge",
        description="One venue's server: its database, its screens, its printers.",
        epilog="Settings come from HOS_ variables; see docs/reference/settings.md.",
    )
    parser.add_argument("--data-dir", type=Path, help="the venue's data folder (else HOS_DATA_DIR)")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, run, about in (
        ("run", _run, "serve the venue until told to stop (Ctrl-C or SIGTERM)"),
        ("verify", _verify, "check the log's chain, and every table against a replay of the log"),
        ("rebuild", _rebuild, "make tables again from the log; the edge must be stopped"),
        ("log", _log, "show entries of the log"),
        ("backup", _backup, "copy the database while it is in use"),
    ):
        command = commands.add_parser(name, help=about, description=f"{about[0].upper()}{about[1:]}.")
        command.set_defaults(run=run)
        _add_options(name, command)
    menu_commands.add_to(commands, console.ask)
    return parser


def _add_options(name: str, command: argparse.ArgumentParser) -> None:
    match name:
        case "run":
            command.add_argument("--port", type=int, help="the port to listen on; 0 takes a free one")
        case "rebuild":
            command.add_argument("projections", nargs="*", help="names of projections; all when none is given")
        case "log":
            command.add_argument("--after", type=int, default=0, help="start after this entry (default: the start)")
            command.add_argument("--last", type=int, help="only the last N entries")
            command.add_argument("--kind", help="only ops of this kind, for example line_voided")
            command.add_argument("--subject", help="only what happened to this id, for example a check's")
            command.add_argument("--json", action="store_true", help="one JSON object a line")
        case "backup":
            command.add_argument("target", type=Path, help="the file to write")


def _run(settings: Settings, asked: argparse.Namespace) -> int:
    if asked.port is not None:
        settings = msgspec.structs.replace(settings, port=asked.port)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_serve(settings))


async def _serve(settings: Settings) -> int:
    with _bars() as progress:
        async with root.running(settings, progress=progress) as edge:
            settings.address_file.unlink(missing_ok=True)  # a killed edge leaves its own behind
            await serve(edge, root.build_app(edge))
    return OK


async def serve(edge: root.Edge, app: Litestar) -> None:
    """Answer on the port until SIGINT or SIGTERM; the ready file has the address once it does."""
    settings = edge.settings
    listener = socket.create_server((settings.host, settings.port), backlog=512)
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="off",
        ws="websockets-sansio",
        ws_max_size=64 * 1024,
        timeout_graceful_shutdown=3,
        h11_max_incomplete_event_size=64 * 1024,
    )
    set_pace()
    _announce(settings, listener)
    try:
        await _until_told(_Server(config), listener, edge)
    finally:
        settings.address_file.unlink(missing_ok=True)


class _Server(uvicorn.Server):
    """Leaves the signals to us: uvicorn would raise them again after its own end, and skip ours."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def _until_told(server: uvicorn.Server, listener: socket.socket, edge: root.Edge) -> None:
    """Serve until SIGINT or SIGTERM; requests under way are answered first, streams are ended."""

    def stop() -> None:
        edge.feed.end_all()
        server.should_exit = True

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    await server.serve(sockets=[listener])


def _announce(settings: Settings, listener: socket.socket) -> None:
    host, port = listener.getsockname()[:2]
    address = f"http://{host}:{port}"
    for file in (settings.address_file, settings.ready_file):
        if file is not None:
            part = file.with_suffix(".part")
            part.write_text(address, encoding="ascii")
            part.replace(file)
    structlog.get_logger().info("serving", address=address, venue=settings.venue_id)


def _need_database(settings: Settings) -> None:
    if not settings.database.exists():  # SQLite would make an empty one
        raise SettingsError(f"there is no venue database at {settings.database}")


def _verify(settings: Settings, asked: argparse.Namespace) -> int:
    _need_database(settings)
    conn = connect_reader(settings.database)
    try:
        conn.execute("BEGIN")
        with _bars() as progress:
            problems = verify(conn, Projector(root.SLICES, decode), root.SLICES, progress)
        total = log.head_seq(conn)
    finally:
        conn.close()
    for problem in problems:
        _say(problem)
    if problems:
        _terminal.print(f"[red]{len(problems)} problem(s) in {total} entries.")
        return PROBLEMS
    _terminal.print(f"[green]{total} entries: the chain is whole and every table equals its replay.")
    return OK


def _rebuild(settings: Settings, asked: argparse.Namespace) -> int:
    projector = Projector(root.SLICES, decode)
    known: dict[str, Projection] = {projection.name: projection for projection in projector.projections}
    wanted = asked.projections or list(known)
    unknown = sorted(set(wanted) - set(known))
    if unknown:
        raise SettingsError(f"no projection is called {', '.join(unknown)}; there are {', '.join(sorted(known))}")
    _need_database(settings)
    with data_folder_lock(settings.data_dir), _bars() as progress:
        conn = root.open_database(settings, progress=progress)
        try:
            projector.rebuild(conn, [known[name] for name in wanted], progress)
        finally:
            conn.close()
    _terminal.print(f"[green]Rebuilt {', '.join(wanted)}.")
    return OK


def _log(settings: Settings, asked: argparse.Namespace) -> int:
    _need_database(settings)
    conn = connect_reader(settings.database)
    try:
        after = asked.after if asked.last is None else max(log.head_seq(conn) - max(asked.last, 0), 0)
        for entries in log.scan(conn, after):
            for entry in entries:
                if asked.kind in {None, entry.kind} and asked.subject in {None, entry.subject}:
                    _show(entry.seq, entry.at_ms, entry, as_json=asked.json)
    except BrokenPipeError:  # the reader of our output had enough
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - lives until exit
    finally:
        conn.close()
    return OK


def _show(seq: int, at_ms: int, entry: Entry, *, as_json: bool) -> None:
    if as_json:
        fields = {
            name: getattr(entry, name) for name in entry.__struct_fields__ if name not in {"body", "digest", "id"}
        }
        fields |= {"id": entry.id.hex(), "digest": entry.digest.hex(), "op": msgspec.Raw(entry.body)}
        print(msgspec.json.encode(fields).decode())
        return
    who = entry.staff_id or entry.device_id
    print(f"{seq:>8}  {entry.business_day}  {at_ms}  {who:<12.12}  {entry.body.decode()}")


def _backup(settings: Settings, asked: argparse.Namespace) -> int:
    _need_database(settings)
    root.backup_to(settings, asked.target)
    _terminal.print(f"[green]Copied to {asked.target} ({asked.target.stat().st_size // 1024} KiB).")
    return OK


@contextlib.contextmanager
def _bars() -> Iterator[ProgressReport]:
    """Progress bars that appear with the first step and stay quiet when nothing takes long."""
    with contextlib.ExitStack() as stack:
        show: ProgressReport | None = None

        def report(what: str, done: int, total: int) -> None:
            nonlocal show
            if show is None:
                # Not above: it loads a good deal of rich, and most starts have nothing to show.
                from edge.engine.bars import bars

                show = stack.enter_context(bars(_terminal))
            show(what, done, total)

        yield report


if __name__ == "__main__":
    sys.exit(main())
