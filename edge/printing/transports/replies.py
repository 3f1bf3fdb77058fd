"""What a printer sends back, cut into answers. Pure.

Answers come mixed, split and unasked: some printers send their status whenever a lid moves. Each kind has bits of its
own (the manuals' fixed bits), so they can be told apart however the network sliced them.
"""

from collections.abc import Iterator
from typing import Literal

import msgspec

Kind = Literal["status", "passed", "process_id", "cleared", "text"]

_FLOW_CONTROL = {0x11, 0x13}
_BLOCK_STARTS = {0x37, 0x35, 0x3B, 0x3D, 0x53, 0x5F}
_PROCESS_ID, _CLEARED = 0x22, 0x25
_BLOCK_LIMIT = 200  # bytes; a block that never ends is noise
_AUTOMATIC_BYTES = 4


class Reply(msgspec.Struct, frozen=True):
    """One answer: a DLE EOT byte (`status`), a GS r byte (`passed`), a job's tag, buffers cleared, or text."""

    kind: Kind
    body: bytes = b""


class Replies:
    """Feed it bytes in any slices; it yields answers once they are whole. Unasked status is read and dropped."""

    def __init__(self) -> None:
        self._block = bytearray()
        self._to_skip = 0  # bytes of an automatic status that follow its first

    def feed(self, chunk: bytes) -> Iterator[Reply]:
        """The answers that `chunk` completes."""
        for byte in chunk:
            reply = self._next(byte)
            if reply is not None:
                yield reply

    def _next(self, byte: int) -> Reply | None:
        if self._block:
            return self._in_block(byte)
        if self._to_skip and byte & 0x90 == 0:
            self._to_skip -= 1
            return None
        self._to_skip = 0
        if byte in _FLOW_CONTROL:
            return None
        if byte in _BLOCK_STARTS:
            self._block.append(byte)
            return None
        if byte & 0x93 == 0x10:
            self._to_skip = _AUTOMATIC_BYTES - 1
            return None
        if byte & 0x93 == 0x12:
            return Reply("status", bytes([byte]))
        return Reply("passed", bytes([byte])) if byte & 0x90 == 0 else None

    def _in_block(self, byte: int) -> Reply | None:
        if byte:
            self._block.append(byte)
            if len(self._block) > _BLOCK_LIMIT:
                self._block.clear()
            return None
        block = bytes(self._block)
        self._block.clear()
        if block[0] != 0x37 or len(block) < 2:
            return Reply("text", block[1:])
        if block[1] == _PROCESS_ID:
            return Reply("process_id", block[2:])
        return Reply("cleared") if block[1] == _CLEARED else None


def fault_in(answers: dict[int, int]) -> str:
    """What DLE EOT bytes say, by the question's number: "" when it prints, else paper_out, cover_open or error."""
    why, roll = answers.get(2, 0), answers.get(4, 0)
    if why & 0x04:
        return "cover_open"  # paper bits mean nothing while it is
    if why & 0x20 or roll & 0x60:
        return "paper_out"
    return "error" if answers.get(1, 0) & 0x08 or why & 0x40 else ""
