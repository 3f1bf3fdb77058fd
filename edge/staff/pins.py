"""PINs: what one looks like, and how it is hashed. Slow on purpose; never call it on the writer's thread."""

import re
from functools import cache
from typing import TypeVar

import msgspec
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from shared.commands.staff import AddStaff, SetPin
from shared.errors import Rejected

_PIN = re.compile(r"[0-9]{6}", re.ASCII)
# OWASP's floor for argon2id (19 MiB, two passes): 30 devices sign in on a mini-PC at the start of a shift.
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)

C = TypeVar("C", AddStaff, SetPin)


def prepare_pin(command: C) -> C:
    """The command with its PIN hashed.

    Raises:
        Rejected: `pin_malformed` when it is not six digits.
    """
    if not _PIN.fullmatch(command.pin):
        raise Rejected("pin_malformed")
    return msgspec.structs.replace(command, pin=_hasher.hash(command.pin))


def is_right(pin: str, pin_hash: str) -> bool:
    """Whether the PIN is the hashed one. Takes tens of milliseconds also when it cannot be right."""
    try:
        return _hasher.verify(pin_hash or _nobodys_hash(), pin)
    except (VerifyMismatchError, InvalidHashError):
        return False


@cache
def _nobodys_hash() -> str:
    """Made when first needed: a restart in the middle of a service does not wait for it."""
    return _hasher.hash("no person has this PIN")
