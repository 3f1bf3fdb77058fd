"""`hos edge ask` and `let-in`: what a technician changes from the terminal, as a new venue needs before it has a screen."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec

from edge.app import SLICES
from edge.cli import console
from edge.cli.upkeep import need_database, progress_bars, say
from edge.devices.views import PAIRINGS, pairings
from edge.engine.database import connect_reader
from edge.engine.slice import commands_of
from edge.settings import Settings, SettingsError
from shared.commands import COMMANDS
from shared.commands.base import Command, CommandAnswer
from shared.commands.devices import ApprovePairing
from shared.errors import CODES
from shared.views.people import PairingView

OK, PROBLEMS = 0, 1


class _Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One command of the file."""

    name: str
    body: dict[str, object] = {}


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the two to the edge's commands."""
    about = "ask the commands of a JSON file, in order, as the venue's console; the edge may be running"
    ask = commands.add_parser("ask", help=about, description=f"{about[0].upper()}{about[1:]}.")
    ask.add_argument(
        "file",
        metavar="FILE.json",
        help='a list of {"name": …, "body": {…}}, or - for standard input; docs/reference/commands.md has every command',
    )
    ask.set_defaults(run=_ask)
    about = "let a screen in by the code that it shows, or list those that wait; the edge may be running"
    let_in = commands.add_parser("let-in", help=about, description=f"{about[0].upper()}{about[1:]}.")
    let_in.add_argument("code", nargs="*", metavar="CODE", help="the six digits; none lists the screens that wait")
    let_in.add_argument("--station", default="", metavar="ID", help="a kitchen screen's station (default: the pass)")
    let_in.add_argument("--drawer", default="", metavar="ID", help="the cash drawer that stands beside a till")
    let_in.set_defaults(run=_let_in)


def _ask(settings: Settings, asked: argparse.Namespace) -> int:
    commands = list(_commands_in(asked.file))
    need_database(settings)
    refused = 0
    with progress_bars() as progress:
        for place, command in enumerate(commands, start=1):
            answer = console.ask(settings, command)
            progress("asked", place, len(commands))
            if answer.outcome != "done":
                refused += 1
                say(f"{place}. {command.__struct_config__.tag}: {_why(answer)}")
    if refused:
        say(f"{refused} of {len(commands)} commands were refused; the others are done.")
        return PROBLEMS
    say(f"Done: {len(commands)} commands.", style="green")
    return OK


def _commands_in(file: str) -> Iterator[Command]:
    """Every command of the file; nothing is asked when one cannot be read."""
    try:
        text = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        lines = msgspec.json.decode(text, type=list[_Line])
    except OSError as error:
        raise SettingsError(f"{file}: {error.strerror}") from None
    except msgspec.MsgspecError as error:
        raise SettingsError(f"{file}: {error}") from None
    allowed = commands_of((rule for one in SLICES for rule in one.rules), "console")
    for place, line in enumerate(lines, start=1):
        kind = COMMANDS.get(line.name)
        if kind is None or line.name not in allowed:
            raise SettingsError(f"{place}. {line.name}: no command of the console is called so")
        try:
            yield msgspec.convert(line.body, kind)
        except msgspec.ValidationError as error:
            raise SettingsError(f"{place}. {line.name}: {error}") from None


def _let_in(settings: Settings, asked: argparse.Namespace) -> int:
    need_database(settings)
    waiting = _who_waits(settings)
    code = "".join(asked.code)
    if not code:
        for one in waiting:
            sys.stdout.write(f"{one.code}  {one.app:<6}  {one.device_name}\n")
        if not waiting:
            say("No screen waits. Open /waiter/, /pos/ or /kds/ on it and press the button.", style="yellow")
        return OK
    found = [one for one in waiting if one.code == code]
    if not found:
        say(f"No screen shows the code {code}, or it waited longer than ten minutes: ask again on it.")
        return PROBLEMS
    approval = ApprovePairing(
        pairing_id=found[0].pairing_id, role=found[0].app, station_id=asked.station, drawer_id=asked.drawer
    )
    answer = console.ask(settings, approval)
    if answer.outcome != "done":
        say(_why(answer))
        return PROBLEMS
    say(f"{found[0].device_name} is in.", style="green")
    return OK


def _who_waits(settings: Settings) -> list[PairingView]:
    with closing(connect_reader(settings.database)) as conn:
        return list(pairings(conn, PAIRINGS.current(conn)).values())


def _why(answer: CommandAnswer) -> str:
    facts = "; ".join(f"{name}: {fact}" for name, fact in answer.facts.items())
    return " · ".join(part for part in (answer.code, CODES.get(answer.code, ""), facts) if part)
