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
from functools import partial
from pathlib import Path
from typing import Any

import structlog
import uvicorn
import uvloop
from litestar import Litestar

from doors.gate import room_for_strangers
from doors.protocol import guarded, watch
from edge import app as root
from edge.cli import asking, console, exporting, looking, searching, upkeep
from edge.cli.opened import TookTooLong
from edge.cli.upkeep import say
from edge.engine.database import DatabaseInUse
from edge.engine.journal import open_journal
from edge.engine.migrate import DatabaseTooNew
from edge.engine.pace import set_pace
from edge.engine.sockets import staff_socket
from edge.menu import command_line as menu_commands
from edge.settings import Settings, SettingsError, settings_of
from shared.ops import UnknownOp

OK, PROBLEMS, USAGE, IN_USE, DIED, TOO_SLOW = 0, 1, 2, 3, 4, looking.TOO_SLOW
BACKUP = "docs/howto/restore-a-backup.md says how on."


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one of the edge's commands. 0: done; 1: problems were found; 2: wrong use; 3: the data folder is in use.

    4: a part of the edge kept failing, and it ended so that its service manager starts it again; 5: it took too long.
    """
    asked = command_parser().parse_args(arguments)
    try:
        settings = settings_of(_environment(asked))
        open_journal(settings.log_level)
        code = int(asked.run(settings, asked))
        sys.stdout.flush()
        return code
    except SettingsError as error:
        return _say(USAGE, str(error))
    except DatabaseInUse as error:
        return _say(IN_USE, f"Another edge has this data folder: process {error.pid}. Stop it first.")
    except console.EdgeSilent as error:
        return _say(IN_USE, str(error))
    except TookTooLong as error:
        return _say(TOO_SLOW, f"Interrupted: {error}. Ask for less, or for longer with --deadline.")
    except (DatabaseTooNew, UnknownOp) as error:
        return _say(PROBLEMS, f"A newer release wrote this database ({error}). Install that release or a later one.")
    except sqlite3.DatabaseError as error:
        return _say(PROBLEMS, f"The database {settings.database} cannot be used: {error}. {BACKUP}")
    except BrokenPipeError:  # whoever read our output had enough, as `head` does
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - lives until exit
        return OK
    except OSError as error:
        return _say(PROBLEMS, _trouble(error, settings))


def _environment(asked: argparse.Namespace) -> dict[str, str]:
    """The environment, over which what was typed goes."""
    typed = {"HOS_DATA_DIR": asked.data_dir, "HOS_PORT": getattr(asked, "port", None)}
    return {**os.environ, **{name: str(value) for name, value in typed.items() if value is not None}}


def _say(code: int, sentence: str) -> int:
    say(sentence)
    return code


def _trouble(error: OSError, settings: Settings) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            return f"Another program listens on {settings.host}:{settings.port}. Stop it, or choose a port with --port."
        case errno.EADDRNOTAVAIL:
            return f"{settings.host} is no address of this machine. Correct HOS_HOST; 0.0.0.0 is every address of it."
        case socket.EAI_NONAME | socket.EAI_NODATA | socket.EAI_AGAIN:
            return f"No address is called {settings.host}. Correct HOS_HOST; 0.0.0.0 is every address of this machine."
        case errno.EEXIST | errno.ENOTDIR:
            return f"{error.filename} is a file, or lies in one: a folder is needed."
    where = f"{error.filename}: " if error.filename else ""
    return f"{where}{error.strerror or error}. The edge needs this to work."


class _Command(argparse.ArgumentParser):
    """Takes the data folder before the command's name and after it."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        about = "the venue's data folder (else HOS_DATA_DIR)"
        self.add_argument("--data-dir", type=Path, metavar="FOLDER", default=argparse.SUPPRESS, help=about)


def command_parser() -> argparse.ArgumentParser:
    """What may be typed."""
    parser: argparse.ArgumentParser = _Command(
        prog="hos edge",
        description="One venue's server: its database, its screens, its printers.",
        epilog="Settings come from HOS_ variables; see docs/reference/settings.md. Exit codes: 0 done, 1 problems were found"
        " or it cannot be done as things are, 2 wrong use, 3 another edge has the data folder,"
        " 4 a part of the edge kept failing and it wants to be started again, 5 a question took too long,"
        " 130 interrupted.",
    )
    parser.set_defaults(data_dir=None)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    about = "serve the venue until told to stop (Ctrl-C or SIGTERM)"
    run = commands.add_parser("run", help=about, description=f"{about[0].upper()}{about[1:]}.")
    run.add_argument("--port", metavar="N", help="the port to listen on; 0 takes a free one (else HOS_PORT)")
    run.set_defaults(run=_run)
    upkeep.add_to(commands)
    asking.add_to(commands)
    looking.add_to(commands)
    exporting.add_to(commands)
    searching.add_to(commands)
    menu_commands.add_to(commands, console.ask)
    return parser


def _run(settings: Settings, asked: argparse.Namespace) -> int:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_serve(settings))


async def _serve(settings: Settings) -> int:
    with upkeep.progress_bars() as progress:
        async with root.running(settings, progress=progress) as edge:
            settings.address_file.unlink(missing_ok=True)  # a killed edge leaves its own behind
            return await serve(edge, root.build_app(edge))


async def serve(edge: root.Edge, app: Litestar) -> int:
    """Answer on the port until told to end, or until a vital task keeps failing; the ready file has the address.

    The exit code: 4 when nobody told it to end.
    """
    settings = edge.settings
    listener = socket.create_server((settings.host, settings.port), backlog=512)
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="off",
        http=guarded(edge.gate),
        ws=staff_socket(edge.gate),
        ws_max_size=64 * 1024,
        timeout_graceful_shutdown=3,
    )
    edge.gate.most = room_for_strangers()
    edge.tasks.start("doors", partial(watch, edge.gate))
    set_pace()
    _announce(settings, listener)
    try:
        await _until_told(_Server(config), listener, edge)
    finally:
        settings.address_file.unlink(missing_ok=True)
    return DIED if edge.tasks.given_up else OK


class _Server(uvicorn.Server):
    """Leaves the signals to us: uvicorn would raise them again after its own end, and skip ours."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def _until_told(server: uvicorn.Server, listener: socket.socket, edge: root.Edge) -> None:
    """Serve until SIGINT, SIGTERM or the death of a vital task; requests under way are answered first, streams are ended."""

    def stop() -> None:
        edge.feed.end_all()
        server.should_exit = True

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    edge.tasks.when_given_up(stop)
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
    if sys.stderr.isatty():
        say(f"Serving at {address}. Ctrl-C ends it.", style="green")


if __name__ == "__main__":
    sys.exit(main())
