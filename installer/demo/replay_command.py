"""`hos demo replay`: a restaurant's order files through a venue of its own."""

from collections.abc import Sequence


def main(arguments: Sequence[str]) -> int:
    raise NotImplementedError
