"""`hos bench --under-attack` measures what it says: a short run of each kind on a real edge."""

import pytest

from installer.bench import flood
from installer.bench.attackers import ATTACKS


def test_every_attack_has_a_program_or_a_printer() -> None:
    assert set(flood.NAMES) - {"babbling", "black_hole"} == set(ATTACKS) - {"nothing"}


@pytest.mark.slow
@pytest.mark.parametrize("attack", ["half_open", "black_hole"])
def test_orders_go_on_under_an_attack_and_the_row_says_how(attack: str) -> None:
    [row] = flood.measure(seconds=2, progress=lambda _: None, attacks=(attack,))
    assert row.name == flood.NAMES[attack]
    assert row.details["orders"] >= flood.PHONES and row.details["refused"] == 0
    assert 0 < row.details["peak_mb"] <= flood.RESIDENT_MB
