"""Two trees in turns: the best of each counts, and a tenth is allowed."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from installer.bench.against import HERE, Compared, Unmeasured, bench_of, compare
from installer.bench.rows import Row

OTHER = Path("other")


def a_row(name: str, *, goal: str, **details: float) -> Row:
    return Row(name=name, figure="", floor="", ratio=1.0, goal=goal, is_met=True, details=details)


def rate(name: str, per_s: float) -> Row:
    return a_row(name, goal="≥ 30 % of the floor", per_s=per_s, p99_ms=5.0)


def latency(name: str, p99_ms: float) -> Row:
    return a_row(name, goal="p99 ≤ 50 ms", p99_ms=p99_ms, per_s=1.0)


def compared(here: Sequence[Sequence[Row]], there: Sequence[Sequence[Row]]) -> tuple[list[Compared], list[Path]]:
    left = {HERE: list(here), OTHER: list(there)}
    order: list[Path] = []

    def measure(tree: Path) -> Sequence[Row]:
        order.append(tree)
        return left[tree].pop(0)

    return compare(OTHER, rounds=len(here), measure=measure, progress=lambda what: None), order


def test_trees_take_turns_and_the_best_round_of_each_counts() -> None:
    here = [[rate("one", 90), latency("shown", 30)], [rate("one", 100), latency("shown", 20)]]
    there = [[rate("one", 110), latency("shown", 25)], [rate("one", 80), latency("shown", 40)]]
    found, order = compared(here, there)
    assert order == [HERE, OTHER, HERE, OTHER]
    assert found == [
        Compared(name="one", unit="/s", ours=100, theirs=110),
        Compared(name="shown", unit="ms p99", ours=20, theirs=25),
    ]


@pytest.mark.parametrize(
    ("here", "there", "is_met"),
    [
        (rate("one", 90), rate("one", 100), True),
        (rate("one", 89), rate("one", 100), False),
        (latency("one", 10), latency("one", 9), True),
        (latency("one", 10), latency("one", 8.9), False),
    ],
)
def test_slower_by_more_than_a_tenth_is_a_miss(here: Row, there: Row, is_met: bool) -> None:
    found, _ = compared([[here]], [[there]])
    assert [row.is_met for row in found] == [is_met]


def test_a_row_is_known_whatever_shared_its_commits_and_one_of_a_tree_alone_is_left_out() -> None:
    here = rate("in-process commands, 26 in each commit as with 30 devices", 10)
    found, _ = compared([[here, rate("new", 1)]], [[rate("in-process commands, 24 in each commit as", 10)]])
    assert [row.name for row in found] == ["in-process commands"]


def test_a_tree_without_a_bench_says_so(tmp_path: Path) -> None:
    with pytest.raises(Unmeasured, match="has no bench"):
        bench_of(tmp_path, seconds=1, drafts=1)
