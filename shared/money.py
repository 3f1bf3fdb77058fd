"""Money is whole minor units. Only this module divides or rounds.

A rate is in basis points: 10 000 bp is 100 %, 21 % VAT is 2100 bp.
"""

from collections.abc import Sequence

BASIS = 10_000


def divide_half_up(numerator: int, denominator: int) -> int:
    """Numerator over a positive denominator, a half rounded away from zero."""
    if denominator <= 0:
        raise ValueError("denominator must be positive")
    if numerator >= 0:
        return (2 * numerator + denominator) // (2 * denominator)
    return -((-2 * numerator + denominator) // (2 * denominator))


def share_bp(amount_minor: int, rate_bp: int) -> int:
    """The part of an amount that a rate in basis points is: 10 % of 1005 is 101."""
    return divide_half_up(amount_minor * rate_bp, BASIS)


def vat_contained(gross_minor: int, rate_bp: int) -> int:
    """VAT inside a price that includes it: 1210 at 2100 bp contains 210."""
    return divide_half_up(gross_minor * rate_bp, BASIS + rate_bp)


def split_evenly(amount_minor: int, *, ways: int) -> list[int]:
    """Parts that differ by at most one minor unit; the first take the rest.

    1000 in 3 is [334, 333, 333].

    Raises:
        ValueError: `ways` is not positive.
    """
    if ways <= 0:
        raise ValueError("ways must be positive")
    part, rest = divmod(amount_minor, ways)
    return [part + 1] * rest + [part] * (ways - rest)


def split_by_weight(amount_minor: int, weights: Sequence[int]) -> list[int]:
    """Parts in proportion to non-negative weights; they add up to the amount exactly.

    The minor units that rounding leaves go to the largest fractions, the earlier first.

    Raises:
        ValueError: no weight is positive, or one is negative.
    """
    total = sum(weights)
    if total <= 0 or any(weight < 0 for weight in weights):
        raise ValueError("weights must be non-negative and not all zero")
    parts = [amount_minor * weight // total for weight in weights]
    fractions = [amount_minor * weight % total for weight in weights]
    rest = amount_minor - sum(parts)
    for index in sorted(range(len(weights)), key=lambda i: (-fractions[i], i))[:rest]:
        parts[index] += 1
    return parts
