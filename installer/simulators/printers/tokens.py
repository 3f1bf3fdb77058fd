"""A byte stream cut into ESC/POS commands, however the network happened to slice it."""

from collections.abc import Iterator

import msgspec

LARGEST_COMMAND_BYTES = 1_000_000
"""A command that announces more data than this is taken for noise: no printer has the memory for it."""


class Token(msgspec.Struct, frozen=True):
    """One command with the bytes after its name, or a stretch of text (`kind` is "text")."""

    kind: str
    args: bytes = b""


_SINGLE = {
    0x00: "ignored",
    0x07: "ignored",
    0x09: "tab",
    0x0A: "line_feed",
    0x0C: "ignored",
    0x0D: "ignored",
}

# Command letter -> what it is and how many bytes follow.
_ESC = {
    0x20: ("spacing", 1),
    0x21: ("print_mode", 1),
    0x24: ("position", 2),
    0x2D: ("underline", 1),
    0x32: ("line_spacing_default", 0),
    0x33: ("line_spacing", 1),
    0x3D: ("ignored", 1),
    0x40: ("initialise", 0),
    0x42: ("beep", 2),
    0x43: ("beep", 3),
    0x45: ("bold", 1),
    0x47: ("bold", 1),
    0x4A: ("feed_dots", 1),
    0x4D: ("font", 1),
    0x52: ("country", 1),
    0x61: ("align", 1),
    0x64: ("feed_lines", 1),
    0x69: ("cut_partial", 0),
    0x6D: ("cut_partial", 0),
    0x6F: ("beep", 0),
    0x70: ("kick", 3),
    0x72: ("colour", 1),
    0x74: ("code_page", 1),
    0x7B: ("upside_down", 1),
}
_GS = {
    0x21: ("size", 1),
    0x42: ("reverse", 1),
    0x49: ("identity", 1),
    0x4C: ("left_margin", 2),
    0x57: ("print_width", 2),
    0x61: ("automatic_status", 1),
    0x72: ("status", 1),
}
_FS = {0x26: ("kanji_on", 0), 0x2E: ("kanji_off", 0)}
_BLOCKS = {0x6B: "symbol", 0x48: "response", 0x44: "real_time_switch"}
_DLE_DC4_LENGTH = {1: 2, 2: 2, 8: 7}
_CUTS_WITHOUT_FEED = {0, 1, 48, 49}


class Tokenizer:
    """Feed it bytes in any slices; it yields each command once all of it is there."""

    def __init__(self) -> None:
        self.reads_low_row_byte_only = False
        self._pending = bytearray()

    @property
    def pending_bytes(self) -> int:
        """How many bytes of an unfinished command are waiting for the rest."""
        return len(self._pending)

    def reset(self) -> None:
        """Forget an unfinished command."""
        self._pending.clear()

    def feed(self, chunk: bytes) -> Iterator[Token]:
        """The commands that `chunk` completes. Unknown commands come as "unknown" with the bytes dropped."""
        self._pending += chunk
        start = 0
        try:
            while start < len(self._pending):
                found = self._next(start)
                if found is None:
                    return
                token, start = found
                yield token
        finally:
            del self._pending[:start]

    def _next(self, start: int) -> tuple[Token, int] | None:
        first = self._pending[start]
        if first >= 0x20 and first != 0x7F:
            end = start
            while end < len(self._pending) and self._pending[end] >= 0x20 and self._pending[end] != 0x7F:
                end += 1
            return Token("text", bytes(self._pending[start:end])), end
        if first in _SINGLE:
            return Token(_SINGLE[first]), start + 1
        if first not in (0x10, 0x1B, 0x1C, 0x1D):
            return Token("unknown", bytes([first])), start + 1
        # The header of every command fits in eight bytes.
        shape = self._shape(bytes(self._pending[start : start + 8]))
        if shape is None:
            return None
        kind, name_bytes, total = shape
        if len(self._pending) - start < total:
            return None
        return Token(kind, bytes(self._pending[start + name_bytes : start + total])), start + total

    def _shape(self, head: bytes) -> tuple[str, int, int] | None:
        """What the command is, the bytes of its name and its whole length; None while that cannot be told."""
        if len(head) < 2:
            return None
        match head[0], head[1]:
            case 0x10, _:
                return _real_time_shape(head)
            case 0x1B, 0x28:
                return _block_shape(head, {0x41: "beep"})
            case 0x1B, 0x2A:
                return _columns_shape(head)
            case 0x1D, 0x28:
                return _block_shape(head, _BLOCKS)
            case 0x1D, 0x56:
                if len(head) < 3:
                    return None
                return "cut", 2, 3 if head[2] in _CUTS_WITHOUT_FEED else 4
            case 0x1D, 0x76:
                return self._raster_shape(head)
            case prefix, letter:
                kind, more = {0x1B: _ESC, 0x1C: _FS, 0x1D: _GS}[prefix].get(letter, ("unknown", -1))
                # An unknown letter is dropped with its prefix; its parameters come out as text, as on hardware.
                return (kind, 0, 2) if more < 0 else (kind, 2, 2 + more)

    def _raster_shape(self, head: bytes) -> tuple[str, int, int] | None:
        if len(head) < 3:
            return None
        if head[2] != 0x30:
            return "unknown", 0, 2
        if len(head) < 8:
            return None
        rows = head[6] if self.reads_low_row_byte_only else head[6] | head[7] << 8
        return _bounded("raster", 3, 8 + (head[4] | head[5] << 8) * rows)


def _bounded(kind: str, name_bytes: int, total: int) -> tuple[str, int, int]:
    return (kind, name_bytes, total) if total <= LARGEST_COMMAND_BYTES else ("unknown", 0, 2)


def _block_shape(head: bytes, known: dict[int, str]) -> tuple[str, int, int] | None:
    if len(head) < 5:
        return None
    total = 5 + (head[3] | head[4] << 8)
    if head[2] not in known:
        return "unknown", 0, total
    return known[head[2]], 5, total


def _columns_shape(head: bytes) -> tuple[str, int, int] | None:
    if len(head) < 5:
        return None
    bytes_per_column = 3 if head[2] in (32, 33) else 1
    return "columns", 2, 5 + bytes_per_column * (head[3] | head[4] << 8)


def _real_time_shape(head: bytes) -> tuple[str, int, int] | None:
    """Real-time commands were obeyed when they arrived; in the buffer they are only skipped."""
    if head[1] not in (0x04, 0x05, 0x14):
        return "unknown", 0, 1
    if len(head) < 3:
        return None
    if head[1] == 0x14:
        return "real_time", 1, 3 + _DLE_DC4_LENGTH.get(head[2], 0)
    return "real_time", 1, 3


class RealTimeScanner:
    """Finds real-time commands in whatever arrives, even inside an image: that is what printers do."""

    def __init__(self) -> None:
        self._tail = b""

    def feed(self, chunk: bytes) -> list[bytes]:
        """The real-time commands that `chunk` completes, whole, in order."""
        window = self._tail + chunk
        found: list[bytes] = []
        at = 0
        while (at := window.find(b"\x10", at)) >= 0:
            head = window[at : at + 10]
            if len(head) > 1 and head[1] not in (0x04, 0x05, 0x14):
                at += 1
                continue
            shape = _real_time_shape(head) if len(head) > 1 else None
            if shape is None or len(head) < shape[2]:
                break
            found.append(head[: shape[2]])
            at += shape[2]
        self._tail = window[at:] if at >= 0 else b""
        return found
