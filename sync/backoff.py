"""The next delay from the attempts so far and a number between 0 and 1."""


def delay_ms(attempts: int, chance: float, *, first_ms: int, longest_ms: int) -> int:
    """Full jitter: anything from nothing to a ceiling that doubles with each attempt, from `first_ms` to `longest_ms`."""
    ceiling_ms = min(longest_ms, first_ms * 2 ** min(attempts, 30))
    return int(ceiling_ms * chance)


def patience_ms(attempts: int, chance: float, *, first_ms: int, longest_ms: int) -> int:
    """How long to wait for an answer: at least half of the same ceiling, so that a slow answer is not asked for again."""
    ceiling_ms = min(longest_ms, first_ms * 2 ** min(attempts, 30))
    return int(ceiling_ms * (0.5 + chance / 2))
