"""The code in a table's QR: it says nothing about the table, and only this venue can make one.

A code is the keyed digest of a table and its generation. Nobody decodes it: the venue compares it with the codes of its
own tables, so it stays at 20 letters, short enough for a small QR that old cameras read.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable

import msgspec

CODE_BYTES = 12  # 96 bits: over 80, and 20 letters of base32 without padding
CODE_CHARS = 20


class CodedTable(msgspec.Struct, frozen=True):
    """A table, and the generation of the code that is printed for it now."""

    table_id: str
    generation: int


class FoundCode(msgspec.Struct, frozen=True):
    """Whose code it is; `is_current` is false for one that was replaced."""

    table_id: str
    generation: int
    is_current: bool


def code_of(table_id: str, generation: int, secret: bytes) -> str:
    """The code of a table: 20 letters and digits, upper case, harmless in a URL."""
    digest = hmac.new(secret, f"table\0{table_id}\0{generation}".encode(), hashlib.sha256).digest()
    return base64.b32encode(digest[:CODE_BYTES]).decode().rstrip("=")


def find_table(code: str, tables: Iterable[CodedTable], secret: bytes) -> FoundCode | None:
    """The table that a code is of, among these; None when it is nobody's.

    Every comparison takes the same time, and all are made, so the time tells nothing about the codes.
    """
    wanted = code.strip().upper().encode()
    found: FoundCode | None = None
    for table in tables:
        for generation in range(1, table.generation + 1):
            if hmac.compare_digest(code_of(table.table_id, generation, secret).encode(), wanted):
                found = FoundCode(table.table_id, generation, generation == table.generation)
    return found
