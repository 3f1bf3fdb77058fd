"""What people type, made fit for screens, paper and log lines."""

import unicodedata

#: Marks that turn the direction of whatever is printed after them.
_TURNS = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def one_line(text: str) -> str:
    """The text on one line: control bytes and line breaks become spaces, spaces in a row one. Emoji stay."""
    shown = (" " if _is_control(letter) else letter for letter in text if letter not in _TURNS)
    return " ".join("".join(shown).split())


def _is_control(letter: str) -> bool:
    return unicodedata.category(letter) in {"Cc", "Zl", "Zp", "Cs"}
