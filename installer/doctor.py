"""`hos doctor`: what is wrong with this machine and this venue, each with one sentence on what to do."""

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from installer.checkups.finding import Finding
from installer.checkups.machine import machine, port_of

OK, PROBLEMS, USAGE = 0, 1, 2

_MARKS = {"well": "[green]✓", "look": "[yellow]!", "wrong": "[red]✗"}

_terminal = Console(stderr=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Look at everything. 0: nothing is wrong, though some things may deserve a look; 1: something is; 2: wrong use."""
    asked = command_parser().parse_args(arguments)
    environment = dict(os.environ)
    if asked.data_dir:
        environment["HOS_DATA_DIR"] = str(asked.data_dir)
    findings: list[Finding] = []
    with _terminal.status("looking") as status:
        for finding in _look(environment, progress=lambda what: status.update(f"looking: {what}")):
            findings.append(finding)
    if asked.json:
        sys.stdout.write(msgspec.json.format(msgspec.json.encode({"findings": findings})).decode() + "\n")
    else:
        Console().print(_table(findings))
    return PROBLEMS if any(finding.verdict == "wrong" for finding in findings) else OK


def command_parser() -> argparse.ArgumentParser:
    """What may be typed."""
    parser = argparse.ArgumentParser(
        prog="hos doctor",
        description="Looks at this machine (SQLite, disk, clock, ports) and, when a venue's data folder is named, at that"
        " venue: its log, its printers, its hub. It changes nothing, and the edge may be running.",
        epilog="✓ well, ! deserves a look, ✗ wrong. Exit codes: 0 nothing is wrong, 1 something is, 2 wrong use,"
        " 130 interrupted.",
    )
    parser.add_argument("--data-dir", type=Path, metavar="FOLDER", help="the venue's data folder (else HOS_DATA_DIR)")
    parser.add_argument("--json", action="store_true", help="the findings as JSON on standard output")
    return parser


def _look(environment: Mapping[str, str], *, progress: Callable[[str], None]) -> Iterator[Finding]:
    folder = Path(environment.get("HOS_DATA_DIR", "."))
    yield from machine(folder, progress=progress)
    if not environment.get("HOS_DATA_DIR"):
        yield Finding("venue", "look", "none was named", "Name its data folder: hos doctor --data-dir FOLDER.")
        yield port_of(environment)
        return
    try:
        from installer.checkups.venue import venue  # the edge itself: it does not even load with an old SQLite
    except (AssertionError, ImportError) as error:
        yield Finding("venue", "wrong", f"the edge does not load: {error}", "Put right what stands above first.")
        return
    yield from venue(environment, progress=progress)


def _table(findings: Sequence[Finding]) -> Table:
    table = Table(title="How this machine is", title_justify="left", box=box.SIMPLE_HEAD, show_edge=False)
    for heading in ("", "what", "found", "what to do"):
        table.add_column(heading, overflow="fold")
    for finding in findings:
        # Names of printers and folders may hold what rich would take for its own markup.
        table.add_row(_MARKS[finding.verdict], Text(finding.what), Text(finding.found), Text(finding.advice))
    return table


if __name__ == "__main__":
    sys.exit(main())
