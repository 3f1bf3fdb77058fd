"""`hos bench`: what this machine does, as a table or as JSON."""

import argparse
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import msgspec
from rich.console import Console
from rich.table import Table

from edge.engine.bars import bars
from edge.engine.journal import open_journal
from installer.bench import against, flood, year
from installer.bench import rows as of_a_machine
from installer.bench.rows import Row

OK, MISSED, USAGE = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, and show. 0: every goal is met; 1: one is not; 2: wrong use."""
    asked = command_parser().parse_args(arguments)
    if asked.against is not None:
        return _compare(asked)
    rows = _rows(asked, Console(stderr=True))
    if asked.json:
        sys.stdout.write(msgspec.json.format(msgspec.json.encode({"rows": rows})).decode() + "\n")
    else:
        Console().print(_table(rows, _title(asked)))
    return OK if all(row.is_met for row in rows) else MISSED


def _compare(asked: argparse.Namespace) -> int:
    """0: no row is slower than in the other tree by more than a tenth; 1: one is; 2: one of the trees has no bench."""
    measure = partial(against.bench_of, seconds=asked.seconds, drafts=asked.drafts)
    with Console(stderr=True).status("running the bench of two trees in turns") as status:
        try:
            rows = against.compare(
                asked.against.resolve(), rounds=asked.rounds, measure=measure, progress=status.update
            )
        except against.Unmeasured as error:
            sys.stderr.write(f"{error}\n")
            return USAGE
    if asked.json:
        sys.stdout.write(msgspec.json.format(msgspec.json.encode({"rows": rows})).decode() + "\n")
    else:
        Console().print(_comparison(rows, asked.against))
    return OK if all(row.is_met for row in rows) else MISSED


def _comparison(rows: Sequence[against.Compared], tree: Path) -> Table:
    table = Table(title=f"Beside {tree}", title_justify="left")
    for heading in ("", "what", "here", "there", "speed"):
        table.add_column(heading, justify="right" if heading == "speed" else "left")
    for row in rows:
        mark = "[green]✓" if row.is_met else "[red]✗"
        table.add_row(mark, row.name, *(f"{one:,.1f} {row.unit}" for one in (row.ours, row.theirs)), f"{row.speed:.2f}")
    return table


def _rows(asked: argparse.Namespace, terminal: Console) -> Sequence[Row]:
    if asked.under_attack:
        with terminal.status("starting a venue for the bench") as status:
            return flood.measure(seconds=asked.seconds, progress=status.update)
    if asked.year is not None:
        open_journal("warning")
        with bars(terminal) as progress:
            return year.measure(asked.year, into=asked.into, progress=progress, sales=asked.sales)
    with terminal.status("starting a venue for the bench") as status:
        return of_a_machine.measure(seconds=asked.seconds, drafts=asked.drafts, progress=status.update)


def command_parser() -> argparse.ArgumentParser:
    """What may be typed."""
    parser = argparse.ArgumentParser(
        prog="hos bench",
        description="Measures this machine with a venue made for it, each figure beside a floor of the same run."
        " Run it when nothing else is busy. Exit codes: 0 every goal is met, 1 one is not,"
        " 2 wrong use, 130 interrupted.",
    )
    parser.add_argument("--json", action="store_true", help="the figures as JSON on standard output")
    parser.add_argument("--seconds", type=_some, default=5, metavar="N", help="how long each load lasts (default: 5)")
    parser.add_argument(
        "--drafts", type=_some, default=150, metavar="N", help="drafts for the latencies (default: 150)"
    )
    parser.add_argument(
        "--year",
        type=_some,
        nargs="?",
        const=year.ENTRIES,
        metavar="N",
        help="play dinners until the log has N entries, and measure what such a log costs instead"
        f" (default: {year.ENTRIES:,}, which takes some minutes and a gigabyte)",
    )
    parser.add_argument(
        "--under-attack",
        action="store_true",
        help="what waiters notice while strangers flood the edge and printers misbehave, instead",
    )
    parser.add_argument(
        "--sales",
        type=_some,
        default=year.SALES,
        metavar="N",
        help=f"sales for a command's latency on such a log (default: {year.SALES:,})",
    )
    parser.add_argument(
        "--into",
        type=Path,
        metavar="FOLDER",
        help="where --year plays, kept for a closer look; one that has a venue is measured as it is (default: thrown away)",
    )
    parser.add_argument(
        "--against",
        type=Path,
        metavar="TREE",
        help="run the bench here and in another source tree in turns; a row that is slower by more than a tenth is a miss",
    )
    parser.add_argument(
        "--rounds", type=_some, default=3, metavar="N", help="how often, with --against; the best counts (default: 3)"
    )
    return parser


def _title(asked: argparse.Namespace) -> str:
    if asked.under_attack:
        return "Under attack on this machine"
    return "What this machine does" if asked.year is None else "A year on this machine"


def _some(text: str) -> int:
    """An argument that is a whole number, 1 or more."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError("must be a whole number, 1 or more")
    return int(text)


def _table(rows: Sequence[Row], title: str) -> Table:
    table = Table(title=title, title_justify="left")
    for heading in ("", "what", "figure", "floor", "ratio", "goal"):
        table.add_column(heading, justify="right" if heading == "ratio" else "left")
    for row in rows:
        mark = "[green]✓" if row.is_met else "[red]✗"
        table.add_row(mark, row.name, row.figure, row.floor, f"{row.ratio:g}", row.goal)
    return table


if __name__ == "__main__":
    sys.exit(main())
