"""Who changed a record last, and what comes of a change that was made from an older one."""

from typing import TypeVar

import msgspec

from shared.commands.base import Command
from shared.errors import Rejected

R = TypeVar("R", bound=msgspec.Struct)


class Revision(msgspec.Struct, frozen=True, kw_only=True):
    """The last change of a record. All empty for one that nobody made yet."""

    rev: str = ""  # the id of the ask that changed it
    changed_by_name: str = ""  # "" when no person did, or one whose name is forgotten
    changed_at_ms: int = 0


NEVER = Revision()


def check_revision(if_rev: str, last: Revision) -> None:
    """Nothing, when the asker knew the record as it is, or does not say what they knew.

    Raises:
        Rejected: `changed_meanwhile`.
    """
    if if_rev and if_rev != last.rev:
        raise Rejected("changed_meanwhile", who=last.changed_by_name, when=last.changed_at_ms, rev=last.rev)


def merged(record: R, command: Command, **renamed: str) -> R:
    """The record with each field that the command carries; what it leaves out (None) stays.

    `renamed` gives the record's name for a field that goes by another one in the command.
    """
    wanted = {renamed.get(name, name): getattr(command, name) for name in command.__struct_fields__}
    changes = {name: wanted[name] for name in record.__struct_fields__ if wanted.get(name) is not None}
    return msgspec.structs.replace(record, **changes)
