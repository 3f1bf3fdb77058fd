"""What a check found."""

from typing import Literal

import msgspec

Verdict = Literal["well", "look", "wrong"]


class Finding(msgspec.Struct, frozen=True):
    """One row of the table. `advice` is one sentence on what to do, empty when there is nothing to do."""

    what: str
    verdict: Verdict
    found: str
    advice: str = ""
