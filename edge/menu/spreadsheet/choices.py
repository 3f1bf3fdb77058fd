"""Lists in one cell of a menu's spreadsheet: variants with their prices, and names of groups. Pure."""

import re
from collections.abc import Iterable

import msgspec

from edge.menu.spreadsheet.amounts import minor_of, money
from edge.menu.spreadsheet.cells import BadCell, slug

_SPECIAL = re.compile(r"[\\|={}]|(?<!\S)/(?!\S)")
_ESCAPED = re.compile(r"\\([\\|={}/,])")
_WITH_ID = re.compile(r"(.*?)\s*(?<!\\)\{(.*)\}", re.DOTALL)
_SLASH = re.compile(r"(?<=\s)/(?=\s)")


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """One of a list in a cell: `Copa / Glass {copa} = 3.000`. Everything but the name may be missing."""

    name: str
    name_en: str = ""
    id: str = ""
    price_minor: int | None = None


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


def choices_of(text: str, currency: str = "ARS") -> list[Choice]:
    """`Copa / Glass = 3.000 | Botella = 14.000`.

    Raises:
        BadCell: as `minor_of`; `choice_nameless`, `choice_divided`.
    """
    return [_choice_of(part, currency) for part in parts_of(text, "|\n")]


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


def _choice_of(part: str, currency: str) -> Choice:
    *before, last = parts_of(part, "=") or [""]
    if len(before) > 1:
        raise BadCell("choice_divided")
    names, price_minor = ("=".join(before), minor_of(plain(last), currency)) if before else (last, None)
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
