"""What the rules of printing work on."""

from collections.abc import Mapping

import msgspec

from shared.ops.printing import PrinterConfigured
from shared.rules.revisions import NEVER, Revision


class Bench(msgspec.Struct, frozen=True, kw_only=True):
    """The printer that a command names."""

    is_known: bool
    fault: str = ""  # "" when it prints
    waiting_jobs: int = 0


class SetUp(msgspec.Struct, frozen=True, kw_only=True):
    """A printer as somebody set it up, and where the venue's others are."""

    printer: PrinterConfigured | None = None  # None before the first time
    revision: Revision = NEVER
    others: Mapping[tuple[str, int], str] = {}  # their names by host and port


class Reprint(msgspec.Struct, frozen=True, kw_only=True):
    """The ticket whose paper is wanted again."""

    is_known: bool
    copies: int = 0
