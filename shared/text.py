"""What people type, made fit for screens, paper and log lines."""

import unicodedata
from typing import Annotated

import msgspec

from shared.ids import END

#: Marks that turn the direction of whatever is printed after them.
_TURNS = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

#: What a name must look like: on one line, with nothing that moves, hides or turns what is printed after it.
ONE_LINE = r"^[^\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]*" + END
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=80, pattern=ONE_LINE)]


def one_line(text: str) -> str:
    """The text on one line: control bytes and line breaks become spaces, spaces in a row one. Emoji stay."""
    if text.isascii() and text.isprintable():  # as nearly all of it is
        return " ".join(text.split())
    shown = (" " if _is_control(letter) else letter for letter in text if letter not in _TURNS)
    return " ".join("".join(shown).split())


def has_printable_letter(text: str) -> bool:
    """Whether some letter of a text stands on any page of Western printers; a name without one prints as ? alone."""
    letters = [letter for letter in text if letter.isalnum()]
    return any(_is_on_a_page(letter) for letter in letters)


def _is_on_a_page(letter: str) -> bool:
    bare = "".join(part for part in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(part))
    if bare.isascii():
        return True
    try:
        letter.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


def _is_control(letter: str) -> bool:
    return unicodedata.category(letter) in {"Cc", "Zl", "Zp", "Cs"}


def folded(text: str) -> str:
    """The text as it is searched: small letters without their accents, so that `salon` finds `Salón`."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
