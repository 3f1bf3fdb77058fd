"""The bytes of a text file → its text, whatever program saved it, and what had to be understood on the way. Pure."""

from collections.abc import Sequence

import msgspec

from edge.menu.spreadsheet.rows import BadFile

#: What Excel and tills save when it is no UTF-8: Windows, DOS, the Macintosh.
_CODE_PAGES = ("cp1252", "cp850", "mac_roman")
_LETTERS = frozenset("áéíóúüñçãõâêôàèìòùäöëïîûåæøßÁÉÍÓÚÜÑÇÃÕÂÊÔÀÈÌÒÙÄÖËÏÎÛÅÆØ")
_SIGNS = frozenset("¿¡ºª°€½¼¾«»–—‘’“”…®©\u00a0")


class Decoded(msgspec.Struct, frozen=True):
    """A file's text; `code_page` when it is a rare one, `odd_lines` when only those lines were in it."""

    text: str
    code_page: str = ""
    odd_lines: tuple[int, ...] = ()


def decoded(content: bytes, name: str) -> Decoded:
    """The text of a file: UTF-8, UTF-16 with or without its mark, or a code page; line by line when they are mixed.

    Raises:
        BadFile: `not_text`.
    """
    wide = _wide(content)
    try:
        found = Decoded(content.decode(wide)) if wide else _narrow(content)
    except UnicodeDecodeError:
        raise BadFile("not_text", name=name) from None
    if "\0" in found.text:
        raise BadFile("not_text", name=name)
    return found


def _wide(content: bytes) -> str:
    """The name of a two-byte encoding: by its mark, else by every other byte being nothing."""
    if content.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        return "utf-32"
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    start = content[:4096]
    if len(start) < 4 or len(content) % 2:
        return ""
    half = len(start) // 2
    if start[1::2].count(0) > half * 0.6 and not start[::2].count(0):
        return "utf-16-le"
    if start[::2].count(0) > half * 0.6 and not start[1::2].count(0):
        return "utf-16-be"
    return ""


def _narrow(content: bytes) -> Decoded:
    try:
        return Decoded(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        pass
    lines = content.split(b"\n")
    is_utf8 = [_is_utf8(line) for line in lines]
    odd = [number for number, is_so in enumerate(is_utf8) if not is_so]
    page = _code_page(b"\n".join(lines[number] for number in odd))
    texts = [
        line.decode("utf-8-sig" if is_so else page, errors="replace")
        for line, is_so in zip(lines, is_utf8, strict=True)
    ]
    is_mixed = any(is_so and not line.isascii() for line, is_so in zip(lines, is_utf8, strict=True))
    return Decoded(
        "\n".join(texts),
        code_page="" if page == "cp1252" and not is_mixed else page,
        odd_lines=tuple(number + 1 for number in odd) if is_mixed else (),
    )


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return True


def _code_page(content: bytes) -> str:
    """The page under which the most letters fit into their words; Windows when two fit alike."""
    sample = content[:200_000]
    return max(_CODE_PAGES, key=lambda page: _likelihood(sample.decode(page, errors="replace")))


def _likelihood(text: str) -> int:
    return sum(_fit(text, place) for place, letter in enumerate(text) if letter > "~")


def _fit(text: Sequence[str], place: int) -> int:
    letter = text[place]
    before = text[place - 1] if place else " "
    after = text[place + 1] if place + 1 < len(text) else " "
    if letter in _LETTERS:
        return -3 if letter.isupper() and before.islower() else 2
    is_inside = before.isalpha() and after.isalpha()
    return 1 if letter in _SIGNS and not is_inside else -3
