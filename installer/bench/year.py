"""What a year in the log costs: checking it, rebuilding from it, a screen's first load over it, and one more command."""

import asyncio
import contextlib
import json
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median

import uvloop
import websockets

from edge import app as root
from edge.engine.asks import Ask
from edge.engine.database import FILE_NAME, connect_reader
from edge.engine.log import head_seq
from edge.engine.projector import Projector, verify
from edge.settings import Settings
from installer.bench import dinners, venue
from installer.bench.load import figures
from installer.bench.rows import Row
from shared.ops import decode

ENTRIES = 1_000_000
SHORTER = 1_000  # times: the log that the long one is compared with
SALES = 1_000  # four commands each, on both logs in turns
PARTS = 10  # of the sales, each with a p99 of its own: the middle one is not a moment's in which the disk was busy
LOADS = 7  # first loads of each screen
MINUTE_S = 60.0
MOST_BYTES_AN_ENTRY = 1_000
MOST_FIRST_BYTES = 1_000_000
MOST_FIRST_S = 0.3
MOST_P99 = 1.2

Progress = Callable[[str, int, int], None]  # what is done, so far, in all


class Wrong(Exception):
    """The year's tables are not what its log says: figures of it would say nothing."""


def measure(
    entries: int, *, into: Path | None, progress: Progress, parties: int = dinners.PARTIES, sales: int = SALES
) -> list[Row]:
    """Every row, on a year that is played into a folder; one that has a venue already is measured as it is.

    Raises:
        Wrong: verify found something.
    """
    with _folder(into) as folder, tempfile.TemporaryDirectory(prefix="hos-bench-") as other:
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / FILE_NAME).exists():
            _play(folder, entries, parties, progress)
        length = _length_of(folder)
        _play(Path(other), length // SHORTER, parties, lambda *_: None)
        return [
            _size(folder, length),
            _verify(folder, length, progress),
            _rebuild(folder, length, progress),
            *_first_loads(folder),
            _one_more_command(folder, Path(other), sales, progress),
        ]


@contextlib.contextmanager
def _folder(into: Path | None) -> Iterator[Path]:
    if into is not None:
        yield into
        return
    with tempfile.TemporaryDirectory(prefix="hos-bench-year-") as name:
        yield Path(name)


def _play(folder: Path, entries: int, parties: int, progress: Progress) -> None:
    def report(done: int) -> None:
        progress("dinners", min(done, entries), entries)

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:  # as the edge runs
        runner.run(dinners.play(folder, entries, parties=parties, progress=report))


def _length_of(folder: Path) -> int:
    with contextlib.closing(connect_reader(folder / FILE_NAME)) as conn:
        return head_seq(conn)


def _size(folder: Path, length: int) -> Row:
    size = sum(file.stat().st_size for file in folder.iterdir() if file.is_file())
    return Row(
        name="data folder",
        figure=f"{size / 1e6:,.0f} MB",
        floor=f"{length:,} entries",
        ratio=round(size / length / MOST_BYTES_AN_ENTRY, 3),
        goal=f"≤ {MOST_BYTES_AN_ENTRY:,} bytes an entry",
        is_met=size <= length * MOST_BYTES_AN_ENTRY,
        details={"bytes": size, "entries": length},
    )


def _verify(folder: Path, length: int, progress: Progress) -> Row:
    with contextlib.closing(connect_reader(folder / FILE_NAME)) as conn:
        conn.execute("BEGIN")
        start = time.perf_counter()
        problems = verify(conn, Projector(root.SLICES, decode), root.SLICES, progress)
        spent_s = time.perf_counter() - start
    if problems:
        raise Wrong("; ".join(problems[:3]))
    return of_a_minute("verify", spent_s, length)


def _rebuild(folder: Path, length: int, progress: Progress) -> Row:
    projector = Projector(root.SLICES, decode)
    with contextlib.closing(root.open_database(Settings(data_dir=folder))) as conn:
        start = time.perf_counter()
        projector.rebuild(conn, projector.projections, progress)
        spent_s = time.perf_counter() - start
    return of_a_minute("rebuild", spent_s, length)


def of_a_minute(name: str, spent_s: float, length: int) -> Row:
    """What a technician waits for, or a venue that starts after an update."""
    return Row(
        name=name,
        figure=f"{spent_s:.1f} s",
        floor=f"{length:,} entries",
        ratio=round(spent_s / MINUTE_S, 3),
        goal=f"≤ {MINUTE_S:.0f} s",
        is_met=spent_s <= MINUTE_S,
        details={"s": round(spent_s, 2), "entries_per_s": round(length / spent_s)},
    )


def _first_loads(folder: Path) -> list[Row]:
    """Each from a process that has just started, as after a power cut when every screen comes back."""
    rows = []
    for screen, (app, _) in dinners.SCREENS.items():
        with venue.edge(folder, clock="commands") as address:
            loads = asyncio.run(_loads(address, dinners.key_of(screen)))
        size, spent_s = max(size for size, _ in loads), median(spent_s for _, spent_s in loads)
        rows.append(
            Row(
                name=f"first load of a {app} screen",
                figure=f"{size / 1e3:,.0f} kB in {spent_s * 1e3:,.0f} ms",
                floor=f"of {LOADS} after a start",
                ratio=round(max(size / MOST_FIRST_BYTES, spent_s / MOST_FIRST_S), 3),
                goal=f"≤ {MOST_FIRST_BYTES / 1e6:g} MB, ≤ {MOST_FIRST_S:g} s",
                is_met=size <= MOST_FIRST_BYTES and spent_s <= MOST_FIRST_S,
                details={"bytes": size, "s": round(spent_s, 4)},
            )
        )
    return rows


async def _loads(address: str, key: str) -> list[tuple[int, float]]:
    """Bytes and seconds of some first frames, one after the other."""
    found = []
    for _ in range(LOADS):
        start = time.perf_counter()
        async with websockets.connect(f"{address.replace('http', 'ws', 1)}/feed", proxy=None, max_size=None) as socket:
            await socket.send(json.dumps({"type": "hello", "token": key}))
            frame = str(await socket.recv())
            found.append((len(frame.encode()), time.perf_counter() - start))
        assert json.loads(frame)["type"] == "snapshot", frame[:200]
    return found


def _one_more_command(folder: Path, other: Path, sales: int, progress: Progress) -> Row:
    """On the long log and the short one in turns, so that whatever else the machine does meets both alike."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        long_s, short_s = runner.run(_in_turns(folder, other, sales, progress))
    long, short = _p99_ms(long_s), _p99_ms(short_s)
    return Row(
        name="one command, alone in its commit",
        figure=f"p99 {long:.2f} ms",
        floor=f"p99 {short:.2f} ms on a log of a {SHORTER:,}th",
        ratio=round(long / short, 3),
        goal=f"≤ {MOST_P99} × that",
        is_met=long <= MOST_P99 * short,
        details={
            "p50_ms": round(median(long_s) * 1e3, 3),
            "floor_p50_ms": round(median(short_s) * 1e3, 3),
            "p99_ms": round(long, 3),
            "floor_p99_ms": round(short, 3),
            "of": len(long_s),
        },
    )


def _p99_ms(spent_s: Sequence[float]) -> float:
    """The middle one of the p99s of the parts."""
    size = max(len(spent_s) // PARTS, 1)
    parts = [spent_s[start : start + size] for start in range(0, size * PARTS, size)]
    return median(figures(part, sum(part)).p99_ms for part in parts if part)


async def _in_turns(folder: Path, other: Path, sales: int, progress: Progress) -> tuple[list[float], list[float]]:
    spent_s: tuple[list[float], list[float]] = ([], [])
    async with dinners.opened(folder) as long, dinners.opened(other) as short:
        for number in range(sales):
            for first, second in zip(long.a_sale(), short.a_sale(), strict=True):
                spent_s[0].append(await _answer_s(long, first))
                spent_s[1].append(await _answer_s(short, second))
            progress("commands", number + 1, sales)
    return spent_s


async def _answer_s(place: dinners.Dinners, ask: Ask) -> float:
    start = time.perf_counter()
    (answer,) = await place.edge.writer.ask([ask])
    assert answer.outcome == "done", answer
    return time.perf_counter() - start
