"""Whatever the pipe does and whoever crashes, the hub holds a prefix of the log, nothing twice, and ends with all of it."""

import os
from pathlib import Path

import pytest

from tests.simulation.sync_world import Broken, Mutant, World

CHUNK = 100
CHUNKS = 100 if os.environ.get("HYPOTHESIS_PROFILE") == "prove" else 4
FRESH = int.from_bytes(os.urandom(4), "big") if CHUNKS > 4 else 0  # `make prove` never looks at the same seeds twice
KEPT = Path(__file__).with_name("kept_seeds.txt")  # every seed that ever failed


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_the_hub_holds_a_prefix_and_ends_with_all_of_it(chunk: int) -> None:
    for seed in range(FRESH + chunk * CHUNK, FRESH + (chunk + 1) * CHUNK):
        World(seed).run()


@pytest.mark.parametrize("seed", [int(line) for line in KEPT.read_text().split()])
def test_a_seed_that_failed_once_fails_no_more(seed: int) -> None:
    World(seed).run()


@pytest.mark.parametrize(
    "mutant", ["acks before it commits", "takes what does not follow", "hides its new life", "trusts the pipe"]
)
def test_a_broken_protocol_is_found_out(mutant: Mutant) -> None:
    """What the tests above prove they would not prove of a protocol without each of its rules."""
    with pytest.raises(Broken):
        for seed in range(300):
            World(seed, mutant).run(300)
