"""Money that is divided adds up again."""

from hypothesis import given
from hypothesis import strategies as st

from shared.money import BASIS, split_by_weight, split_evenly, vat_contained

AMOUNTS = st.integers(0, 10**12)


@given(AMOUNTS, st.integers(1, 50))
def test_an_even_split_loses_no_money_and_differs_by_one_at_most(amount_minor: int, ways: int) -> None:
    parts = split_evenly(amount_minor, ways=ways)
    assert sum(parts) == amount_minor and len(parts) == ways
    assert max(parts) - min(parts) <= 1 and parts == sorted(parts, reverse=True)


@given(AMOUNTS, st.lists(st.integers(0, 10_000), min_size=1, max_size=20).filter(any))
def test_a_split_by_weight_loses_no_money_and_gives_nothing_for_no_weight(
    amount_minor: int, weights: list[int]
) -> None:
    parts = split_by_weight(amount_minor, weights)
    assert sum(parts) == amount_minor
    assert all(part == 0 for part, weight in zip(parts, weights, strict=True) if weight == 0)


@given(AMOUNTS, st.integers(0, BASIS))
def test_the_vat_inside_a_price_is_within_half_a_unit_of_its_share(gross_minor: int, rate_bp: int) -> None:
    vat_minor = vat_contained(gross_minor, rate_bp)
    assert abs(2 * (vat_minor * (BASIS + rate_bp) - gross_minor * rate_bp)) <= BASIS + rate_bp
