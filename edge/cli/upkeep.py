"""`hos edge verify`, `rebuild`, `log`, `backup`: what a technician asks of a venue's database."""

from __future__ import annotations

import argparse
import contextlib
import difflib
import os
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
from rich.console import Console

from edge import app as root
from edge.engine import log
from edge.engine.database import LOCK_NAME, connect_reader, data_folder_lock
from edge.engine.projector import Progress as ProgressReport
from edge.engine.projector import Projector, verify
from edge.floor.reads import timezone
from edge.settings import Settings, SettingsError
from shared.entry import Entry
from shared.ops import OPS, decode
from shared.projections.projection import Projection

OK, PROBLEMS = 0, 1
LAST_IN_LINE = 15  # of 19: behind the edge, before what is truly idle

_terminal = Console(stderr=True, highlight=False)


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the four to the edge's commands."""
    for name, run, about in (
        (
            "verify",
            _verify,
            "check the log's chain, and every table against a replay of the log; the edge may be running",
        ),
        ("rebuild", _rebuild, "make tables again from the log; the edge must be stopped"),
        ("log", _log, "show entries of the log; the edge may be running"),
        ("backup", _backup, "copy the database to a file; the edge may be running"),
    ):
        command = commands.add_parser(name, help=about, description=f"{about[0].upper()}{about[1:]}.")
        command.set_defaults(run=run)
        _add_options(name, command)


def say(sentence: str, *, style: str = "red") -> None:
    """One sentence to the technician. Names of files may hold what the terminal's markup would take for its own."""
    _terminal.print(sentence, style=style, markup=False, soft_wrap=True)


def _add_options(name: str, command: argparse.ArgumentParser) -> None:
    match name:
        case "verify":
            command.add_argument("--file", type=Path, metavar="FILE", help="a backup, instead of the venue's database")
            command.add_argument("--json", action="store_true", help="what was found, as JSON on standard output")
            about = "let everything else on this machine go first; with PID, end when that is not the parent any more"
            command.add_argument("--give-way", type=_number, nargs="?", const=0, metavar="PID", help=about)
        case "rebuild":
            command.add_argument("projections", nargs="*", help="names of projections; all when none is given")
        case "log":
            command.add_argument("--after", type=_number, default=0, metavar="N", help="start after entry N")
            command.add_argument("--last", type=_number, metavar="N", help="only the last N entries")
            command.add_argument("--kind", help="only ops of this kind, for example line_voided")
            command.add_argument("--subject", metavar="ID", help="only what names this id, for example a check's")
            command.add_argument("--json", action="store_true", help="one JSON object a line")
        case "backup":
            command.add_argument("target", type=Path, metavar="FILE", help="the file to write")
            command.add_argument("--replace", action="store_true", help="write over a file that exists")


def _number(text: str) -> int:
    """An argument that is a whole number, 0 or more."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError("must be a whole number, 0 or more")
    return int(text)


def _verify(settings: Settings, asked: argparse.Namespace) -> int:
    file = settings.database if asked.file is None else asked.file
    need_file(file)
    if asked.give_way is not None:
        os.nice(LAST_IN_LINE)
    with contextlib.closing(connect_reader(file)) as conn, progress_bars() as show:
        progress = _while_child_of(asked.give_way, show) if asked.give_way else show
        conn.execute("BEGIN")
        projector = Projector(root.SLICES, decode)
        stale = ", ".join(projection.name for projection in projector.stale(conn))
        total = log.head_seq(conn)
        if stale:
            broken = log.check_chain(conn, lambda seq: progress("chain", seq, total))
            problems = [broken] if broken else []
        else:
            problems = verify(conn, projector, root.SLICES, progress)
    if asked.json:
        if stale:
            problems = [*problems, f"another release made the tables of {stale}"]
        sys.stdout.write(msgspec.json.encode({"entries": total, "problems": problems}).decode() + "\n")
        return PROBLEMS if problems else OK
    for problem in problems:
        say(problem)
    if problems:
        say(f"{len(problems)} problem(s) in {total} entries. docs/howto/restore-a-backup.md says how on.")
        return PROBLEMS
    if stale:
        say(
            f"{total} entries: the chain is whole. Another release made the tables of {stale}:"
            " start the edge or run `hos edge rebuild`, then verify again."
        )
        return PROBLEMS
    say(f"{total} entries: the chain is whole and every table equals its replay.", style="green")
    return OK


def _while_child_of(edge: int, show: ProgressReport) -> ProgressReport:
    """Progress that ends the process once the edge that started it is gone, however that died: the next checks anew."""

    def report(what: str, done: int, total: int) -> None:
        if os.getppid() != edge:
            raise SystemExit(PROBLEMS)
        show(what, done, total)

    return report


def _rebuild(settings: Settings, asked: argparse.Namespace) -> int:
    projector = Projector(root.SLICES, decode)
    known: dict[str, Projection] = {projection.name: projection for projection in projector.projections}
    wanted = asked.projections or list(known)
    unknown = sorted(set(wanted) - set(known))
    if unknown:
        raise SettingsError(f"no projection is called {', '.join(unknown)}; there are {', '.join(sorted(known))}")
    need_database(settings)
    with (
        data_folder_lock(settings.data_dir),
        progress_bars() as progress,
        contextlib.closing(root.open_database(settings, progress=progress)) as conn,
    ):
        projector.rebuild(conn, [known[name] for name in wanted], progress)
    say(f"Rebuilt {', '.join(wanted)}.", style="green")
    return OK


def _log(settings: Settings, asked: argparse.Namespace) -> int:
    need_database(settings)
    if asked.kind is not None and asked.kind not in OPS:
        near = ", ".join(difflib.get_close_matches(asked.kind, OPS)) or "those of docs/reference/ops.md"
        raise SettingsError(f"no op is called {asked.kind}; there are {near}")
    shown = 0
    with contextlib.closing(connect_reader(settings.database)) as conn:
        zone = ZoneInfo(timezone(conn))
        after = asked.after if asked.last is None else max(log.head_seq(conn) - asked.last, asked.after)
        for entries in log.scan(conn, after):
            for entry in entries:
                if asked.kind in {None, entry.kind} and _names(entry, asked.subject):
                    sys.stdout.write((_as_json(entry) if asked.json else _as_line(entry, zone)) + "\n")
                    shown += 1
    if not shown:
        say("No entry is like that.", style="yellow")
    return OK


def _names(entry: Entry, id: str | None) -> bool:
    """Whether an entry is about that id, or names it: a check's tickets are its story too."""
    return id is None or id == entry.subject or msgspec.json.encode(id) in entry.body


def _as_json(entry: Entry) -> str:
    fields = {name: getattr(entry, name) for name in entry.__struct_fields__ if name not in {"body", "digest", "id"}}
    fields |= {"id": entry.id.hex(), "digest": entry.digest.hex(), "op": msgspec.Raw(entry.body)}
    return msgspec.json.encode(fields).decode()


def _as_line(entry: Entry, zone: ZoneInfo) -> str:
    at = datetime.fromtimestamp(entry.at_ms / 1000, zone)
    who = entry.staff_id or entry.device_id
    return f"{entry.seq:>8}  {at:%Y-%m-%d %H:%M:%S}  {who:<12.12}  {entry.body.decode()}"


def _backup(settings: Settings, asked: argparse.Namespace) -> int:
    need_database(settings)
    target = asked.target.resolve()  # where a link leads
    reason = _why_no_copy(target, may_replace=asked.replace)
    if reason:
        say(reason)
        return PROBLEMS
    with _terminal.status("copying the database"):
        root.backup_to(settings, target)
    say(f"Copied to {target} ({target.stat().st_size // 1024} KiB).", style="green")
    return OK


def _why_no_copy(target: Path, *, may_replace: bool) -> str:
    if target.is_dir():
        return f"{target} is a folder. Name the file to write, for example {target / 'venue.db'}."
    if not target.parent.is_dir():  # a folder made in place of a stick that is not there keeps nothing safe
        return f"There is no folder {target.parent}. Is the disk plugged in?"
    if (target.parent / LOCK_NAME).exists():  # where an edge may be writing
        return f"{target.parent} is a venue's data folder. Name a file in another folder."
    if target.exists() and not may_replace:
        return f"{target} exists. Write over it with --replace, or name another file."
    return ""


def need_database(settings: Settings) -> None:
    """Only go on where there is one.

    Raises:
        SettingsError: there is none.
    """
    need_file(settings.database)


def need_file(file: Path) -> None:
    """The same for a copy of one, wherever it lies.

    Raises:
        SettingsError: there is none.
    """
    if not file.is_file():  # SQLite would make an empty one
        raise SettingsError(f"there is no venue database at {file}")


@contextlib.contextmanager
def progress_bars() -> Iterator[ProgressReport]:
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
