"""What a kind of errand brings to its lanes: how a job is done, how it may end, and how patient it is."""

import math
from collections.abc import Awaitable, Callable, Mapping

import msgspec

from edge.engine.jobs import Job, Open

Begin = Callable[[], Awaitable[None]]


class Patience(msgspec.Struct, frozen=True, kw_only=True):
    """How long a lane waits for what, in seconds."""

    retry_first_s: float = 1.0  # after a failure; twice as long after the next, and half of that or more by chance
    retry_longest_s: float = 60.0
    run_s: float = 600.0  # for the other side; past it nobody knows what it did
    stop_s: float = 3.0  # for the job under way when the edge stops


class Done(msgspec.Struct, frozen=True):
    """It happened. `outcome` is the kind's own word, `result` JSON of what the other side said."""

    outcome: str
    result: str = "{}"


class NotDone(msgspec.Struct, frozen=True):
    """It surely did not happen, and may be tried again."""

    problem: str


class Uncertain(msgspec.Struct, frozen=True):
    """Nobody knows whether it happened."""

    problem: str


Outcome = Done | NotDone | Uncertain


class Again(msgspec.Struct, frozen=True):
    """When and by whom a job in doubt is done again."""

    after_s: float
    lane: str


class Hands:
    """What the jobs of one lane are done with. A kind says how `run` goes, and what else it needs."""

    patience = Patience()
    idle_every_s = math.inf  # how often `idle` is wanted while nothing waits

    async def start(self) -> None:
        """Called once, before anything else."""

    async def run(self, job: Job, begin: Begin) -> Outcome:
        """Do it. `begin` is awaited before the first byte leaves; what raises or ends before that was not done."""
        raise NotImplementedError

    def again(self, job: Job) -> Again:
        """How a job is repeated, of which nobody knows whether it was done."""
        return Again(0.0, job.lane)

    async def look_up(self, job: Job) -> Outcome:
        """What became of a job in doubt, without doing it."""
        raise NotImplementedError

    async def idle(self) -> str:
        """Look after what is at the lane's end; the problem, "" for none."""
        return ""

    async def prepare(self, waiting: Mapping[str, Open]) -> bool:
        """Told before each turn which jobs are open, by what they are. True when jobs went elsewhere meanwhile."""
        return False

    def hurry_s(self) -> float:
        """While the lane rests after a failure: how soon `prepare` has something to do."""
        return math.inf

    async def well(self) -> None:
        """A job was done, or nothing is in the way of one."""

    async def failed(self, problem: str, times: int) -> None:
        """Something was in the way, so many times in a row."""
