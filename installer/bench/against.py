"""The same bench in two source trees, in turns: what another commit did on this machine, this hour.

Of several rounds each row's best counts: whatever else the machine does makes a row slower, never faster.
"""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from installer.bench.rows import Progress, Row

SLACK = 0.10  # slower than the other tree by more than this is a miss
HERE = Path(__file__).parents[2]

Measure = Callable[[Path], Sequence[Row]]


class Unmeasured(Exception):
    """A tree's bench gave no figures; the message has its last words."""


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """A row in both trees, at its best."""

    name: str
    unit: str
    ours: float
    theirs: float

    @property
    def speed(self) -> float:
        """How much faster than the other tree; less than 1 is slower."""
        if self.unit == "/s":
            return self.ours / self.theirs if self.theirs else 1.0
        return self.theirs / self.ours if self.ours else 1.0

    @property
    def is_met(self) -> bool:
        """Whether it is slower by no more than a tenth."""
        return self.speed >= 1 - SLACK


def compare(tree: Path, *, rounds: int, measure: Measure, progress: Progress) -> list[Compared]:
    """Every row that both trees have, after so many rounds of one tree and then the other.

    Raises:
        Unmeasured
    """
    ours: list[Sequence[Row]] = []
    theirs: list[Sequence[Row]] = []
    for number in range(1, rounds + 1):
        for folder, found in ((HERE, ours), (tree, theirs)):
            progress(f"round {number} of {rounds}: {folder}")
            found.append(measure(folder))
    ours_best, theirs_best = _best(ours), _best(theirs)
    return [
        Compared(name=name, unit=unit, ours=figure, theirs=theirs_best[name, unit])
        for (name, unit), figure in ours_best.items()
        if (name, unit) in theirs_best
    ]


def bench_of(tree: Path, *, seconds: float, drafts: int) -> Sequence[Row]:
    """What a tree's own bench says, run by its own environment when it has one.

    Raises:
        Unmeasured
    """
    if not (tree / "installer" / "bench" / "command_line.py").exists():
        raise Unmeasured(f"{tree} has no bench")  # else the environment's own would answer in its name
    own = tree / ".venv" / "bin" / "python"
    command = [str(own) if own.exists() else sys.executable, "-m", "installer.bench.command_line", "--json"]
    command += ["--seconds", f"{seconds:g}", "--drafts", str(drafts)]
    environment = {**os.environ, "PYTHONPATH": str(tree)}
    done = subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, check=False)
    try:
        return msgspec.json.decode(done.stdout, type=dict[str, list[Row]])["rows"]
    except (msgspec.MsgspecError, KeyError):
        raise Unmeasured(f"{tree}: {done.stderr[-500:] or done.stdout[-500:]}") from None


def _best(rounds: Sequence[Sequence[Row]]) -> dict[tuple[str, str], float]:
    best: dict[tuple[str, str], float] = {}
    for rows in rounds:
        for row in rows:
            key, figure = _figure(row)
            better = max if key[1] == "/s" else min
            best[key] = better(best.get(key, figure), figure)
    return best


def _figure(row: Row) -> tuple[tuple[str, str], float]:
    """What a row is judged by. How much shared a commit is no part of its name."""
    name = re.sub(r", \d+ in each commit.*", "", row.name)
    for percentile in ("p95", "p99"):
        if row.goal.startswith(percentile):
            return (name, f"ms {percentile}"), row.details[f"{percentile}_ms"]
    return (name, "/s"), row.details["per_s"]
