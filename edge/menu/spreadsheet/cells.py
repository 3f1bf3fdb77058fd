"""One cell of a menu's spreadsheet ↔ one value, as people in Argentina and elsewhere write them. Pure."""

import re
import unicodedata
from collections.abc import Collection

import msgspec


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """A workbook's cell that is not what it looks like: what kind, and the text that a person sees.

    `date`, `time`, `error`, `formula` (without a result), or a number that is a `percent`, `money`, `rounded`, or
    `thousands` (12.5 shown as 12.500).
    """

    kind: str
    text: str
    number: float | None = None
    sign: str = ""  # of a currency, as the cell's format writes it
    is_us_dollar: bool = False  # a plain $ whose format says the United States


Value = str | int | float | bool | Shown

_YES = frozenset({"si", "s", "x", "yes", "y", "true", "verdadero", "1", "✓"})
_NO = frozenset({"", "no", "n", "false", "falso", "0", "-"})


class BadCell(Exception):
    """A cell that cannot be understood: why, as a code of `words.REASONS`, and its facts."""

    def __init__(self, code: str, **facts: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


def key_of(text: str) -> str:
    """What two names that people take for the same have in common: no accents, no capitals, single spaces."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(plain.casefold().split())


def slug(text: str, taken: Collection[str] = ()) -> str:
    """An id made from a name, none of those taken: `Bife de chorizo` is bife-de-chorizo."""
    plain = re.sub(r"[^a-z0-9]+", "-", key_of(text)).strip("-")[:40].strip("-") or "x"
    found, number = plain, 1
    while found in taken:
        number += 1
        found = f"{plain[: 39 - len(str(number))]}-{number}"
    return found


def text_of(value: Value) -> str:
    """A cell as the text a person sees: 101, not 101.0."""
    if isinstance(value, Shown):
        return value.text
    if isinstance(value, bool):
        return "sí" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def whole_of(value: Value, *, least: int, most: int) -> int:
    """A whole number within limits.

    Raises:
        BadCell: `not_whole`.
    """
    text = text_of(value).strip()
    if isinstance(value, bool) or not re.fullmatch(r"\d{1,6}", text) or not least <= int(text) <= most:
        raise BadCell("not_whole", least=least, most=most)
    return int(text)


def yes_of(value: Value) -> bool:
    """Sí or no, in any of the ways people tick a box.

    Raises:
        BadCell: `not_yes_no`.
    """
    word = key_of(text_of(value))
    if word not in _YES | _NO:
        raise BadCell("not_yes_no")
    return word in _YES
