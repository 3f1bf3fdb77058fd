"""kill -9 between any two steps of an errand: its effect is as sure as its kind says, and the log is told once."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest
from courier import Post, Town, a_post, a_town

ROOT = Path(__file__).parents[3]
WAIT_S = 120
STEPS = ("deciding", "decided", "before it is begun", "begun", "sent", "answered", "ended")
#: The steps after which something may have left, and nobody knows.
IN_DOUBT = {"begun", "sent", "answered"}


@pytest.mark.slow
@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("what", ["parcel", "letter", "balloon"])
async def test_a_kill_between_any_two_steps_keeps_what_the_kind_promises(what: str, step: str, tmp_path: Path) -> None:
    async with a_town() as town:
        assert await victim(tmp_path, town, what, step) == -signal.SIGKILL
        assert await victim(tmp_path, town, what, "none") == 0
        async with a_post(tmp_path, town.port) as post:
            check(post, town, what, step)


def check(post: Post, town: Town, what: str, step: str) -> None:
    """What must be so after the edge came back and settled."""
    times = len(town.collected)
    if step == "deciding":  # nobody was answered: there is no op, so there is no job
        assert (times, post.jobs(), post.reports()) == (0, {}, [])
        return
    assert post.rows("SELECT COUNT(*) FROM errand") == [(1,)]
    match what:
        case "parcel":  # looked up: exactly once
            assert times == 1
        case "letter":  # repeated: at least once, and it says so
            ((doubts,),) = post.rows("SELECT doubts FROM errand")
            assert 1 <= times <= 1 + doubts
            assert doubts == (step in IN_DOUBT)
        case "balloon":  # at most once
            assert times == (1 if step not in IN_DOUBT else times) <= 1
    outcome = "unconfirmed" if what == "balloon" and step in IN_DOUBT else "collected"
    assert post.reports() == [("p1", outcome)]
    assert post.rows("SELECT reports FROM parcel") == [(1,)]


async def victim(folder: Path, town: Town, *argument: str) -> int:
    """Run a post of its own to its end; how that was."""
    what, step = argument
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(Path(__file__).with_name("courier_victim.py")),
        str(folder),
        str(town.port),
        what,
        step,
        env={**os.environ, "PYTHONPATH": f"{ROOT}:{Path(__file__).parent}"},
    )
    return await asyncio.wait_for(process.wait(), WAIT_S)
