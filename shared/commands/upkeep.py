"""What the edge reports of its own care for the database."""

from typing import Annotated

import msgspec

from shared.commands.base import Command
from shared.ids import among

#: Why a copy was not made: no room for it, or the disk said no.
COPY_FAULTS = ("no_room", "failed")
#: What the check of a copy found: a broken chain or a wrong table (`wrong`); `failed` when the check itself broke off,
#: `not_done` when there was nothing to check.
CHECK_FAULTS = ("wrong", "failed", "not_done")
#: Why no copy is in the second place: none is set, it is not there (a stick that was pulled), no room, or it said no.
SECOND_FAULTS = ("unset", "missing", "no_room", "failed")


class ReportBackup(Command, frozen=True, kw_only=True, tag="report_backup"):
    """The edge says how a backup went; an empty word says well."""

    file: Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
    through_seq: Annotated[int, msgspec.Meta(ge=0)]
    size_bytes: Annotated[int, msgspec.Meta(ge=0)]
    copied: Annotated[str, among("", *COPY_FAULTS)]
    checked: Annotated[str, among("", *CHECK_FAULTS)]
    problems: Annotated[int, msgspec.Meta(ge=0)] = 0
    second: Annotated[str, among("", *SECOND_FAULTS)]
