"""`hos demo`: the whole system on this machine, seeded and mid-service."""

import argparse
import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from installer.demo.home import DemoRuns, Home, NotOurs

OK, PROBLEMS, USAGE, IN_USE = 0, 1, 2, 3
FOLDER = Path(".demo")

_terminal = Console(stderr=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the demo or ask about it. 0: done; 1: something failed; 2: wrong use; 3: it runs already, or does not run."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words[:1] == ["replay"]:
        from installer.demo import replay_command  # as below

        return replay_command.main(words[1:])
    asked = command_parser().parse_args(words)
    home = Home(asked.data_dir)
    try:
        if asked.describe:
            return _describe(home)
        return _verify(home) if asked.verify else _run(home, asked)
    except OSError as error:
        return _say(PROBLEMS, f"{error.filename or home.folder}: {error.strerror or error}")


def command_parser() -> argparse.ArgumentParser:
    """What may be typed."""
    parser = argparse.ArgumentParser(
        prog="hos demo",
        description="Runs everything on this machine: the hub with Postgres and NATS, three venues in the middle of"
        " a service, printer emulators, and a start page with every app, PIN and table code. Ctrl-C ends it;"
        " what happened is kept for the next time.",
        epilog="`hos demo replay MENU.csv ORDERS.csv` plays a restaurant's order files; see `hos demo replay --help`."
        " Exit codes: 0 done, 1 something failed, 2 wrong use, 3 the demo runs already (or does not, for --describe),"
        " 130 interrupted.",
    )
    parser.add_argument("--rush", action="store_true", help="people start coming at once: a dinner rush")
    parser.add_argument("--fresh", action="store_true", help="throw away what earlier runs left and start over")
    parser.add_argument(
        "--describe", action="store_true", help="print, as JSON, all there is to know of the running demo"
    )
    parser.add_argument("--verify", action="store_true", help="check each venue's log, and its tables against a replay")
    parser.add_argument(
        "--let-in",
        action="store_true",
        help="approve every screen that asks to be paired, for scripts (off by default)",
    )
    parser.add_argument(
        "--data-dir",
        type=Path,
        metavar="FOLDER",
        default=FOLDER,
        help="where the demo keeps everything (default: %(default)s)",
    )
    return parser


def _run(home: Home, asked: argparse.Namespace) -> int:
    import httpx  # a second of imports, which --describe does without

    from installer.demo import running
    from installer.demo.edge_client import Refused
    from installer.services.program import NotReady
    from installer.web import WebBuildFailed

    if home.was_interrupted:
        _say(OK, "The last first start did not come to its end: starting over.")
    try:
        with home.taken(fresh=asked.fresh):
            asyncio.run(running.run(home, _terminal, is_rush=asked.rush, lets_everybody_in=asked.let_in))
    except DemoRuns:
        return _say(IN_USE, f"The demo runs already{_where(home)}; `hos demo --describe` tells all about it.")
    except NotOurs as error:
        return _say(USAGE, f"{error} holds other things, and the demo empties its folder: name an empty or a new one.")
    except (NotReady, WebBuildFailed) as error:
        return _say(PROBLEMS, f"The demo could not start: {error}")
    except (Refused, TimeoutError, httpx.HTTPError) as error:
        what = f"{type(error).__name__} {error}".strip()
        return _say(PROBLEMS, f"A venue did not go along ({what}): `hos demo --fresh` starts over.")
    return OK


def _where(home: Home) -> str:
    description = home.description()
    return f" at {json.loads(description)['start_page']}" if description else " and is still starting"


def _describe(home: Home) -> int:
    description = home.description()
    if description is None:
        words = (
            "The demo is still starting." if home.is_running else "The demo does not run: start it with `make demo`."
        )
        return _say(IN_USE, words)
    sys.stdout.buffer.write(description + b"\n")
    return OK


def _verify(home: Home) -> int:
    """`hos edge verify` on every venue of the demo and of replays."""
    folders = sorted(path.parent for path in home.folder.glob("**/venues/*/venue.db"))
    if not folders:
        return _say(PROBLEMS, f"There is nothing to verify in {home.folder}: run `make demo` first.")
    worst = OK
    for folder in folders:
        _terminal.print(f"[bold]{folder.name}[/] [dim]{folder}", highlight=False)
        command = [sys.executable, "-m", "installer.cli", "edge", "--data-dir", str(folder), "verify"]
        code = subprocess.run(command, env={**os.environ, "HOS_LOG_LEVEL": "warning"}, check=False).returncode
        worst = max(worst, code)
    return PROBLEMS if worst else OK


def _say(code: int, words: str) -> int:
    _terminal.print(words, style="red" if code else None, markup=False, highlight=False, soft_wrap=True)
    return code
