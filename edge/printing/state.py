"""What the rules of printing work on."""

import msgspec


class Bench(msgspec.Struct, frozen=True, kw_only=True):
    """The printer that a command names, beside the venue's others."""

    is_known: bool
    fault: str = ""  # "" when it prints
    waiting_jobs: int = 0
    twin: str = ""  # the name of another printer at the address that the command gives


class Reprint(msgspec.Struct, frozen=True, kw_only=True):
    """The ticket whose paper is wanted again."""

    is_known: bool
    copies: int = 0
