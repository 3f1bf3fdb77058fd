"""Lines into the bytes of an ESC/POS printer. Pure: a job sent again is the same bytes but for its marks.

Every byte of text is made here from cleaned text, so nothing a guest types can become a command.
"""

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from edge.printing.layout import Element, Line, Qr, Run
from edge.printing.printable import CODECS, printable

#: The number that ESC t wants, by the page's name.
_PAGES = {"PC437": 0, "PC850": 2, "WPC1252": 16, "PC858": 19, "ISO8859-15": 40}
_ALIGNS = {"left": 0, "center": 1, "right": 2}
_QR_LEVEL_M = 0x31
_DRAWER_ON_2MS, _DRAWER_OFF_2MS = 0x19, 0xFA  # 50 ms on, 500 ms off: what drawers with 24 V coils are made for

#: Initialise; leave the double-byte mode in which some clones start; no national set; no unsolicited status.
_PROLOGUE = b"\x1b@\x1c.\x1bR\x00\x1da\x00"
_CUT = b"\x1dVB\x00"  # feeds to the cutter by itself
_NO_CUTTER = b"\x1bd\x06"


def paper(elements: Iterable[Element], *, code_page: str, has_cutter: bool) -> bytes:
    """One piece of paper, cut at its end."""
    body = b"".join(_element(element, code_page) for element in elements)
    return b"".join((_PROLOGUE, b"\x1bt", bytes([_PAGES[code_page]]), body, _CUT if has_cutter else _NO_CUTTER))


def kick() -> bytes:
    """A pulse for the drawer on pin 2, and no paper."""
    return _PROLOGUE + bytes([0x1B, 0x70, 0, _DRAWER_ON_2MS, _DRAWER_OFF_2MS])


def _element(element: Element, code_page: str) -> bytes:
    match element:
        case Line():
            return _line(element, code_page)
        case Qr():
            return _qr(element)


def _line(line: Line, code_page: str) -> bytes:
    parts = [_align(line.align)]
    for run in line.runs:
        parts += [_look(run), _text(run.text, code_page), _plain(run)]
    parts.append(b"\n")
    return b"".join(parts)


@lru_cache(maxsize=8)
def _align(align: str) -> bytes:
    return bytes([0x1B, 0x61, _ALIGNS[align]])


def _look(run: Run) -> bytes:
    """What makes the run's look; GS ! changes the size alone, where ESC ! would also reset bold."""
    parts = b""
    if (run.width, run.height) != (1, 1):
        parts += bytes([0x1D, 0x21, (run.width - 1) << 4 | (run.height - 1)])
    if run.is_bold:
        parts += b"\x1bE\x01"
    if run.is_inverse:
        parts += b"\x1dB\x01"
    return parts


def _plain(run: Run) -> bytes:
    """What undoes it: each run leaves the printer as it found it."""
    parts = b""
    if run.is_inverse:
        parts += b"\x1dB\x00"
    if run.is_bold:
        parts += b"\x1bE\x00"
    if (run.width, run.height) != (1, 1):
        parts += b"\x1d!\x00"
    return parts


def _text(text: str, code_page: str) -> bytes:
    encoded = printable(text, code_page).encode(CODECS[code_page])
    assert all(byte >= 0x20 and byte != 0x7F for byte in encoded), "text holds no command"
    return encoded


def _qr(qr: Qr) -> bytes:
    """A native code. The payload is ASCII: readers guess at anything else."""
    payload = unicodedata.normalize("NFKD", qr.payload).encode("ascii", errors="ignore")
    payload = bytes(byte for byte in payload if 0x20 <= byte < 0x7F)
    size = len(payload) + 3
    return b"".join(
        (
            _align("center"),
            b"\x1d(k\x04\x00\x31\x41\x32\x00",
            bytes([0x1D, 0x28, 0x6B, 3, 0, 0x31, 0x43, qr.module_dots]),
            bytes([0x1D, 0x28, 0x6B, 3, 0, 0x31, 0x45, _QR_LEVEL_M]),
            bytes([0x1D, 0x28, 0x6B, size & 0xFF, size >> 8, 0x31, 0x50, 0x30]),
            payload,
            b"\x1d(k\x03\x00\x31\x51\x30",
        )
    )
