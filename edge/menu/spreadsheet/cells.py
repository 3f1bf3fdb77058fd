"""One cell of a menu's spreadsheet ↔ one value, as people in Argentina and elsewhere write them. Pure."""

import math
import re
import unicodedata
from collections.abc import Collection, Iterable
from decimal import Decimal

import msgspec

Value = str | int | float | bool

MOST_MINOR = 1_000_000_000_00
_YES = frozenset({"si", "s", "x", "yes", "y", "true", "verdadero", "1", "✓"})
_NO = frozenset({"", "no", "n", "false", "falso", "0", "-"})
_CURRENCY = re.compile(r"ars|ar\$|us\$|u\$s|\$|€", re.IGNORECASE)
_GROUPED = re.compile(r"\d{1,3}([.,]\d{3})+")
_SPECIAL = re.compile(r"[\\|={}]|(?<!\S)/(?!\S)")
_ESCAPED = re.compile(r"\\([\\|={}/,])")
_WITH_ID = re.compile(r"(.*?)\s*(?<!\\)\{(.*)\}", re.DOTALL)
_SLASH = re.compile(r"(?<=\s)/(?=\s)")


class BadCell(Exception):
    """A cell that cannot be understood: why, as a code of `words.REASONS`, and its facts."""

    def __init__(self, code: str, **facts: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """One of a list in a cell: `Copa / Glass {copa} = 3.000`. Everything but the name may be missing."""

    name: str
    name_en: str = ""
    id: str = ""
    price_minor: int | None = None


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
    if isinstance(value, bool):
        return "sí" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def minor_of(value: Value) -> int:
    """A price in minor units: `12.500,50`, `12500.5`, `$ 12.500` and 12500.5 are understood.

    Raises:
        BadCell: `not_money`, `money_decimals`, `money_range`.
    """
    if isinstance(value, bool):
        raise BadCell("not_money")
    amount = _number(value) * 100
    if amount != amount.to_integral_value():
        raise BadCell("money_decimals")
    if abs(amount) > MOST_MINOR:
        raise BadCell("money_range")
    return int(amount)


def money(amount_minor: int, *, comma: str) -> str:
    """A price without thousands, so that any spreadsheet takes it for a number: 12500,50."""
    whole, cents = divmod(abs(amount_minor), 100)
    sign = "-" if amount_minor < 0 else ""
    return f"{sign}{whole}{comma}{cents:02}" if cents else f"{sign}{whole}"


def rate_of(value: Value) -> int:
    """A rate in basis points: `21`, `21%`, `10,5` and a spreadsheet's own 0.105 are understood.

    Raises:
        BadCell: `not_rate`.
    """
    if isinstance(value, bool):
        raise BadCell("not_rate")
    text = text_of(value)
    try:
        number = _number(text.replace("%", "").strip() if isinstance(value, str) else value)
    except BadCell:
        raise BadCell("not_rate") from None
    if "%" not in text and 0 < number < 1:
        number *= 100
    basis_points = number * 100
    if basis_points != basis_points.to_integral_value() or not 0 <= basis_points <= 10_000:
        raise BadCell("not_rate")
    return int(basis_points)


def rate(rate_bp: int, *, comma: str) -> str:
    """A rate as a percentage: 10,5%."""
    whole, rest = divmod(rate_bp, 100)
    return f"{whole}{comma}{rest:02}".rstrip("0") + "%" if rest else f"{whole}%"


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


def parts_of(text: str, marks: str = "|") -> list[str]:
    """The parts of a list, as written; a mark after a backslash does not divide."""
    parts, start, place = [], 0, 0
    while place < len(text):
        if text[place] == "\\" and _ESCAPED.match(text, place):
            place += 2
            continue
        if text[place] in marks:
            parts.append(text[start:place].strip())
            start = place + 1
        place += 1
    parts.append(text[start:].strip())
    return [part for part in parts if part]


def plain(text: str) -> str:
    """A part of a list without its backslashes."""
    return _ESCAPED.sub(r"\1", text)


def written(text: str) -> str:
    """A name as a part of a list."""
    return _SPECIAL.sub(lambda found: "\\" + found[0], text)


def choices_of(text: str) -> list[Choice]:
    """`Copa / Glass = 3.000 | Botella = 14.000`.

    Raises:
        BadCell: as `minor_of`; `choice_nameless`.
    """
    return [_choice_of(part) for part in parts_of(text)]


def choices(those: Iterable[Choice], *, comma: str) -> str:
    """The list in a cell. An id is written only where its name would not lead to it."""
    return " | ".join(_choice(choice, comma) for choice in those)


def reference_of(text: str) -> tuple[str, str]:
    """What a part of a list calls something by: its name and its id, one of them empty. `{bife}` is an id."""
    found = _WITH_ID.fullmatch(text)
    return ("", plain(found[2])) if found and not found[1] else (plain(text), "")


def reference(name: str, id: str) -> str:
    """The same as a part of a list: by its name, or by its id when no name is given."""
    return written(name) if name else f"{{{written(id)}}}"


def _choice_of(part: str) -> Choice:
    *before, last = parts_of(part, "=") or [""]
    names, price_minor = ("=".join(before), minor_of(plain(last))) if before else (last, None)
    found = _WITH_ID.fullmatch(names)
    names, id = (found[1], plain(found[2])) if found else (names, "")
    name, *rest = (plain(one.strip()) for one in _SLASH.split(names))
    if not name:
        raise BadCell("choice_nameless")
    return Choice(name=name, name_en=" / ".join(rest), id=id, price_minor=price_minor)


def _choice(choice: Choice, comma: str) -> str:
    text = written(choice.name)
    if choice.name_en:
        text += f" / {written(choice.name_en)}"
    if choice.id and choice.id != slug(choice.name):
        text += f" {{{written(choice.id)}}}"
    if choice.price_minor is not None:
        text += f" = {money(choice.price_minor, comma=comma)}"
    return text


def _number(value: Value) -> Decimal:
    if not isinstance(value, str):
        if not math.isfinite(value):
            raise BadCell("not_money")
        return Decimal(str(round(value, 6)))  # a formula's 1210.0000000000002 is 1210
    text = _CURRENCY.sub("", "".join(value.split())).replace("−", "-")
    text = re.sub(r"[.,]-$", "", text)
    if not re.fullmatch(r"[+-]?\d[\d.,]*", text):
        raise BadCell("not_money")
    sign = -1 if text[0] == "-" else 1
    return sign * _unsigned(text.lstrip("+-"))


def _unsigned(text: str) -> Decimal:
    """Which of dot and comma is the decimal one: the last if there are both; a lone one unless three digits follow."""
    last = max(text.rfind("."), text.rfind(","))
    if last < 0:
        return Decimal(text)
    mark = text[last]
    has_both = "." in text and "," in text
    if not has_both and _GROUPED.fullmatch(text) and not text.startswith("0"):
        return Decimal(text.replace(mark, ""))
    head, tail = text[:last], text[last + 1 :]
    if mark in head or not tail:
        raise BadCell("not_money")
    if has_both and not _GROUPED.fullmatch(head):
        raise BadCell("not_money")
    if len(tail) > 2:
        raise BadCell("money_decimals")
    return Decimal(f"{re.sub('[.,]', '', head)}.{tail}")
