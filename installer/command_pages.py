"""The page docs/reference/hos.md: every command of `hos` with what may be typed after it, as its own parser says."""

import argparse
import importlib
from collections.abc import Iterator

from installer.cli import COMMANDS, command_parser
from installer.demo import replay_command

_HEAD = "<!-- Made by `make types`. Never edit: change the code and make it again. -->\n"


def hos() -> str:
    """Every command, its arguments and its exit codes."""
    parts = [
        _HEAD,
        "# The command `hos`\n",
        "Results go to standard output, everything else to standard error. `--help` after any command says the same as"
        " here. A program can trust the exit codes: 0 done, 1 problems or failure, 2 wrong use, 130 ended with Ctrl-C; 3"
        " is explained at each command.\n",
    ]
    assert command_parser().prog == "hos"
    for name in COMMANDS:
        module = importlib.import_module(COMMANDS[name][0])
        parts.extend(_pages(module.command_parser(), level=2))
        if name == "demo":
            parts.extend(_pages(replay_command.command_parser(), level=3))
    return "\n".join(parts)


def _pages(parser: argparse.ArgumentParser, *, level: int) -> Iterator[str]:
    yield f"{'#' * level} `{parser.prog}`\n"
    yield f"{parser.description}\n"
    rows = [_row(action) for action in parser._actions if _is_shown(action)]
    if rows:
        yield "\n".join(["| argument | what it is |", "| --- | --- |", *rows]) + "\n"
    if parser.epilog:
        yield f"{' '.join(parser.epilog.split())}\n"
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for below in action.choices.values():
                yield from _pages(below, level=min(level + 1, 4))


def _is_shown(action: argparse.Action) -> bool:
    return not isinstance(action, argparse._HelpAction | argparse._SubParsersAction | argparse._VersionAction)


def _row(action: argparse.Action) -> str:
    told = str(action.metavar or (action.dest.upper() if action.option_strings else action.dest))
    if action.choices:
        told = " or ".join(map(str, action.choices))
    if action.nargs == 0:
        told = ""
    if action.nargs == "*":
        told = f"[{told} …]"
    typed = " ".join([*action.option_strings, told]).strip()
    about = (action.help or "").replace("%(default)s", str(action.default)).replace("|", "\\|")
    return f"| `{typed}` | {about} |"
