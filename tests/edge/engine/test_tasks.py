"""Background tasks: one that fails comes back, one that keeps failing ends the edge, and nothing fails unseen."""

import ast
import asyncio
from pathlib import Path

import pytest
from engine_toy import CLOCK

from edge.engine.tasks import Died, Patience, Tasks, beside, first_of

ROOT = Path(__file__).parents[3]
HURRIED = Patience(first_delay_s=0.001, longest_delay_s=0.01, lives=4)
PATIENCE_S = 60


def as_told(tasks: Tasks) -> list[tuple[str, str, int, bool]]:
    """What /health says of failures, without the times."""
    return [(died.name, died.why, died.times, died.is_running) for died in tasks.died]


def test_a_task_that_fails_is_started_again_and_named() -> None:
    async def play() -> None:
        tasks = Tasks(CLOCK, HURRIED)
        lives = 0
        is_well = asyncio.Event()

        async def run() -> None:
            nonlocal lives
            lives += 1
            if lives < 3:
                raise ValueError(f"life {lives}")
            is_well.set()
            await asyncio.Event().wait()

        task = tasks.start("cook", run)
        await is_well.wait()
        assert as_told(tasks) == [("cook", "ValueError: life 2", 2, True)]
        assert [died.since_ms <= died.last_ms for died in tasks.died] == [True]
        await task.stop()
        assert (task.is_over, tasks.given_up) == (True, "")
        assert as_told(tasks) == [("cook", "ValueError: life 2", 2, True)]  # its end was wanted

    asyncio.run(asyncio.wait_for(play(), PATIENCE_S))


def test_a_task_that_ends_by_itself_has_failed() -> None:
    async def play() -> None:
        tasks = Tasks(CLOCK, HURRIED)
        lives = 0
        is_back = asyncio.Event()

        async def run() -> None:
            nonlocal lives
            lives += 1
            if lives == 2:
                is_back.set()
                await asyncio.Event().wait()

        tasks.start("cook", run)
        await is_back.wait()
        assert as_told(tasks) == [("cook", "it ended by itself", 1, True)]
        await tasks.stop()

    asyncio.run(asyncio.wait_for(play(), PATIENCE_S))


def test_a_task_whose_wait_was_cancelled_by_others_comes_back() -> None:
    async def play() -> None:
        tasks = Tasks(CLOCK, HURRIED)
        waits = [asyncio.get_running_loop().create_future() for _ in range(2)]
        begun = [asyncio.Event(), asyncio.Event()]
        lives = iter(range(2))

        async def run() -> None:
            life = next(lives)
            begun[life].set()
            await waits[life]

        tasks.start("cook", run)
        await begun[0].wait()
        waits[0].cancel()
        await begun[1].wait()
        assert as_told(tasks) == [("cook", "what it waited for was cancelled", 1, True)]
        await tasks.stop()

    asyncio.run(asyncio.wait_for(play(), PATIENCE_S))


@pytest.mark.parametrize("is_vital", [True, False])
def test_only_a_vital_task_that_keeps_failing_ends_the_edge(is_vital: bool) -> None:
    async def play() -> None:
        tasks = Tasks(CLOCK, HURRIED)
        told, lives = asyncio.Event(), asyncio.Semaphore(0)

        async def run() -> None:
            lives.release()
            raise OSError("no more")

        tasks.when_given_up(told.set)
        tasks.start("cook", run, is_vital=is_vital)
        for _ in range(HURRIED.lives + 1):
            await lives.acquire()  # it is tried again all the same, until the process is gone
        assert (told.is_set(), tasks.given_up) == (is_vital, "cook" if is_vital else "")
        await tasks.stop()

    asyncio.run(asyncio.wait_for(play(), PATIENCE_S))


def test_failures_far_apart_are_no_row() -> None:
    async def play() -> None:
        tasks = Tasks(CLOCK, Patience(first_delay_s=0.001, lives=2, calm_s=0.0))  # any life is long enough
        lives = asyncio.Semaphore(0)

        async def run() -> None:
            lives.release()
            raise OSError("now and then")

        tasks.start("cook", run)
        for _ in range(5):
            await lives.acquire()
        assert tasks.given_up == ""
        await tasks.stop()

    asyncio.run(asyncio.wait_for(play(), PATIENCE_S))


def test_what_runs_once_ends_and_its_failure_is_known() -> None:
    async def play() -> None:
        tasks = Tasks(CLOCK, HURRIED)

        async def well() -> None: ...

        async def ill() -> None:
            raise OSError("paper")

        errands = [tasks.once("errand", well), tasks.once("letter", ill)]
        await tasks.attempt("nightly", ill)
        for errand in errands:
            await errand.stop(grace_s=None)
        assert as_told(tasks) == [("letter", "OSError: paper", 1, False), ("nightly", "OSError: paper", 1, False)]
        assert isinstance(tasks.died[0], Died)

    asyncio.run(asyncio.wait_for(play(), PATIENCE_S))


def test_a_task_may_be_let_finish() -> None:
    async def play() -> None:
        tasks = Tasks(CLOCK, HURRIED)
        has_begun, may_end = asyncio.Event(), asyncio.Event()
        done = []

        async def run() -> None:
            has_begun.set()
            await may_end.wait()
            done.append("dish")

        async def call_time() -> None:
            await has_begun.wait()
            asyncio.get_running_loop().call_soon(may_end.set)  # after its owner wants it to end
            await task.stop(grace_s=None)

        task = tasks.start("cook", run)
        await call_time()
        assert (done, tasks.died) == (["dish"], [])
        may_end.clear()
        await tasks.start("cook", run).stop()
        assert (done, tasks.died) == (["dish"], [])

    asyncio.run(asyncio.wait_for(play(), PATIENCE_S))


def test_what_runs_beside_a_block_ends_with_it_and_its_failure_is_raised() -> None:
    async def fail() -> None:
        raise OSError("gone")

    async def rest() -> None:
        await asyncio.Event().wait()

    async def play() -> None:
        async with beside(rest()) as task:
            pass
        assert task.cancelled()
        with pytest.raises(OSError, match="gone"):
            await first_of(rest(), fail())

    asyncio.run(asyncio.wait_for(play(), PATIENCE_S))


def test_no_task_of_the_edge_is_without_an_owner() -> None:
    owner = ROOT / "edge/engine/tasks.py"
    makers = {"create_task", "ensure_future", "TaskGroup", "run_coroutine_threadsafe"}
    found = [
        f"{module.relative_to(ROOT)}:{node.lineno}"
        for module in sorted((ROOT / "edge").rglob("*.py"))
        if module != owner
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if (isinstance(node, ast.Attribute) and node.attr in makers)
        or (isinstance(node, ast.Name) and node.id in makers)
    ]
    assert found == []
