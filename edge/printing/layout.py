"""What a document says on a printer's paper: a JSON template and facts in, lines of exact width out. Pure.

A template is a list of blocks. Text in it is filled with `{path}` from the facts, `{path|filter}`, and `{@word}` from
the words of the venue's language; `{path|allergens}`, `{path|adjustment}` and `{path|reason}` say codes in its words. Facts are never read as templates, and a fact that is missing prints as `-`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal

import msgspec

from edge.printing.formats import FILTERS, Page
from edge.printing.printable import printable

Align = Literal["left", "center", "right"]
Facts = Mapping[str, Any]
Size = Literal["normal", "tall", "wide", "large"]

NARROW_COLUMNS = 40  # paper of 58 mm: large words would break
_SIZES: dict[Size, tuple[int, int]] = {"normal": (1, 1), "tall": (1, 2), "wide": (2, 1), "large": (2, 2)}
_MIN_FLEXIBLE = 8  # characters: a description narrower than this takes lines of its own
_GAP = 2
_PLACE = re.compile(r"\{(@?[a-z_0-9.]+)(?:\|([a-z]+))?\}")
_MISSING = "-"


class Run(msgspec.Struct, frozen=True):
    """Characters of one look."""

    text: str
    width: int = 1
    height: int = 1
    is_bold: bool = False
    is_inverse: bool = False

    @property
    def columns(self) -> int:
        """How much of the paper's width it takes."""
        return len(self.text) * self.width


class Line(msgspec.Struct, frozen=True):
    """One line of paper."""

    runs: tuple[Run, ...] = ()
    align: Align = "left"

    @property
    def columns(self) -> int:
        """How much of the paper's width it takes."""
        return sum(run.columns for run in self.runs)


class Qr(msgspec.Struct, frozen=True):
    """A code to scan."""

    payload: str
    module_dots: int


Element = Line | Qr


class Cell(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A column of a row. Without `w` it takes what the others leave; 0 is as wide as its text."""

    text: str
    w: int | None = None  # characters
    align: Literal["left", "right"] = "left"
    size: Size | None = None
    narrow: Size | None = None
    bold: bool | None = None


class Block(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One element of a template: exactly one of text, row, rule, banner, space, qr, each, when and heading, with its look.

    What a heading holds stands on every piece of a paper that is too long for one.
    """

    text: str | None = None
    row: tuple[Cell, ...] | None = None
    rule: str | None = None  # the sign it is made of
    banner: str | None = None  # white on black, the whole width
    space: int | None = None  # blank lines
    qr: str | None = None
    each: str | None = None  # a list in the facts; `do` once for each, its fields first in sight
    when: str | None = None  # a fact: `do` if it is there and not zero or empty, else `otherwise`
    do: "tuple[Block, ...]" = ()
    otherwise: "tuple[Block, ...]" = ()
    heading: "tuple[Block, ...] | None" = None
    size: Size = "normal"
    narrow: Size | None = None  # the size on paper of 58 mm
    bold: bool = False
    align: Align = "left"
    indent: int = 0
    hang: int = 0  # how much further the lines after the first are indented


Template = tuple[Block, ...]


class _Sheet(msgspec.Struct, frozen=True):
    """What every block of one document shares."""

    page: Page
    words: Mapping[str, str]


def elements(blocks: Template, scopes: tuple[Facts, ...], page: Page, words: Mapping[str, str]) -> tuple[Element, ...]:
    """What blocks say with these facts, the innermost last. No line is wider than the page, no amount is broken."""
    kept = tuple(_blocks(blocks, scopes, _Sheet(page, words)))
    for element in kept:
        assert not isinstance(element, Line) or element.columns <= page.columns, f"{element} is too wide"
    return kept


def _blocks(blocks: Template, scopes: tuple[Facts, ...], sheet: _Sheet) -> Iterator[Element]:
    for block in blocks:
        if block.each is not None:
            for one in fact_at(block.each, scopes) or ():
                yield from _blocks(block.do, (*scopes, one if isinstance(one, Mapping) else {"it": one}), sheet)
        elif block.when is not None:
            yield from _blocks(block.do if fact_at(block.when, scopes) else block.otherwise, scopes, sheet)
        else:
            yield from _element(block, scopes, sheet)


def _element(block: Block, scopes: tuple[Facts, ...], sheet: _Sheet) -> Iterator[Element]:
    columns = sheet.page.columns
    if block.text is not None:
        yield from _text(block, _filled(block.text, scopes, sheet), columns)
    elif block.row is not None:
        yield from _row(block, [(cell, _filled(cell.text, scopes, sheet)) for cell in block.row], columns)
    elif block.banner is not None:
        yield from _banner(block, _filled(block.banner, scopes, sheet), columns)
    elif block.rule is not None:
        yield Line((Run(block.rule * columns),))
    elif block.space is not None:
        yield from [Line()] * block.space
    elif block.qr is not None:
        payload = _filled(block.qr, scopes, sheet)
        yield Qr(payload, module_dots=4 if columns < NARROW_COLUMNS or len(payload) > 120 else 6)


def _text(block: Block, text: str, columns: int) -> Iterator[Line]:
    look = _look(block.size, block.narrow, block.bold, columns)
    room = columns // look.width
    lines = wrapped(text, room - block.indent, hang=block.hang)
    for number, line in enumerate(lines):
        margin = " " * (block.indent + (block.hang if number else 0))
        yield Line((msgspec.structs.replace(look, text=margin + line),), block.align)


def _banner(block: Block, text: str, columns: int) -> Iterator[Line]:
    look = msgspec.structs.replace(_look(block.size, block.narrow, block.bold, columns), is_inverse=True)
    room = columns // look.width
    for line in wrapped(text, room - 2):
        yield Line((msgspec.structs.replace(look, text=line.center(room)),))


class _Column(msgspec.Struct, frozen=True):
    """A cell with its text, look and width in characters of that look."""

    text: str
    look: Run
    room: int
    align: str
    is_flexible: bool


def _row(block: Block, cells: Sequence[tuple[Cell, str]], columns: int) -> Iterator[Line]:
    looks = [
        _look(
            cell.size or block.size,
            cell.narrow or (None if cell.size else block.narrow),
            block.bold if cell.bold is None else cell.bold,
            columns,
        )
        for cell, _ in cells
    ]
    fixed = [
        None if cell.w is None else cell.w or min(len(text), (columns - block.indent) // look.width)
        for (cell, text), look in zip(cells, looks, strict=True)
    ]
    taken = sum(look.width * room for look, room in zip(looks, fixed, strict=True) if room is not None)
    # A description and the amount after it keep blanks between them.
    left = columns - block.indent - taken - _GAP * sum(cell.align == "right" and cell.w == 0 for cell, _ in cells)
    split = [
        _Column(text, look, left // look.width if room is None else room, cell.align, room is None)
        for (cell, text), look, room in zip(cells, looks, fixed, strict=True)
    ]
    if any(column.is_flexible and column.room < min(_MIN_FLEXIBLE, len(column.text)) for column in split):
        yield from _stacked(split, block.indent, columns)
    else:
        yield from _side_by_side(split, block.indent, columns)


def _side_by_side(split: Sequence[_Column], indent: int, columns: int) -> Iterator[Line]:
    texts = [wrapped(column.text, column.room) for column in split]
    for number in range(max(map(len, texts), default=0)):
        runs = [Run(" " * indent)] if indent else []
        spare = columns - indent - sum(column.room * column.look.width for column in split)
        for column, lines in zip(split, texts, strict=True):
            text = lines[number] if number < len(lines) else ""
            text = text.rjust(column.room) if column.align == "right" else text.ljust(column.room)
            if column.align == "right" and spare:  # what the flexible column's width left over
                runs.append(Run(" " * spare))
                spare = 0
            runs.append(msgspec.structs.replace(column.look, text=text))
        yield Line(_trimmed(runs))


def _stacked(split: Sequence[_Column], indent: int, columns: int) -> Iterator[Line]:
    """On paper too narrow for the row: what wraps first, the rest to the right on a line of its own."""
    for column in split:
        if column.is_flexible:
            for line in wrapped(column.text, (columns - indent) // column.look.width):
                yield Line((Run(" " * indent), msgspec.structs.replace(column.look, text=line)))
    rest = [msgspec.structs.replace(column.look, text=column.text) for column in split if not column.is_flexible]
    if sum(run.columns for run in rest) + len(rest) <= columns:
        spaced = [part for run in rest for part in (Run(" "), run)][1:]
        yield Line(tuple(spaced), "right")
    else:
        for run in rest:
            for text in wrapped(run.text, columns // run.width):
                yield Line((msgspec.structs.replace(run, text=text),), "right")


def _trimmed(runs: list[Run]) -> tuple[Run, ...]:
    """Without blanks at the end of the line, and without runs that say nothing."""
    kept = [run for run in runs if run.text]
    while kept and not kept[-1].is_inverse and not kept[-1].text.strip():
        kept.pop()
    if kept and not kept[-1].is_inverse:
        kept[-1] = msgspec.structs.replace(kept[-1], text=kept[-1].text.rstrip())
    return tuple(kept)


def _look(size: Size, narrow: Size | None, is_bold: bool, columns: int) -> Run:
    width, height = _SIZES[narrow if narrow and columns < NARROW_COLUMNS else size]
    return Run("", width, height, is_bold)


def wrapped(text: str, room: int, *, hang: int = 0) -> list[str]:
    """Lines of at most `room` characters, those after the first `hang` fewer; a longer word is cut."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        while word:
            limit = max(1, room - (hang if lines else 0))
            joined = f"{line} {word}" if line else word
            if len(joined) <= limit:
                line, word = joined, ""
            elif line:
                lines.append(line)
                line = ""
            else:
                lines.append(word[:limit])
                word = word[limit:]
    return [*lines, line] if line or not lines else lines


def _filled(text: str, scopes: tuple[Facts, ...], sheet: _Sheet) -> str:
    """`text` with its places filled, as the printer can show it."""

    def value(match: re.Match[str]) -> str:
        path, filter = match.groups()
        if path.startswith("@"):
            # Words are ours: they may have places of their own.
            shown = _PLACE.sub(value, sheet.words.get(path[1:], path[1:]))
        else:
            fact = fact_at(path, scopes)
            shown = _in_words(fact, filter, sheet)
        return printable(shown, sheet.page.code_page).upper() if filter == "upper" else shown

    return printable(_PLACE.sub(value, text), sheet.page.code_page)


def _shown(fact: Any, filter: str | None, page: Page) -> str:
    if fact is None or fact == "":
        return _MISSING
    return FILTERS[filter](fact, page) if filter in FILTERS else str(fact)


def _in_words(fact: Any, filter: str | None, sheet: _Sheet) -> str:
    match filter:
        case "allergens":
            return _allergens(fact, sheet)
        case "adjustment":
            return sheet.words.get(f"adjustment_{fact}", _shown(fact, None, sheet.page))
        case "reason":  # a code of ours, or what somebody typed
            return sheet.words.get(f"reason_{fact}", _shown(fact, None, sheet.page))
    return _shown(fact, filter, sheet.page)


def _allergens(codes: Any, sheet: _Sheet) -> str:
    """Allergies as the cook calls them, in capitals: a code of ours on Spanish paper would be overlooked."""
    return ", ".join(sheet.words.get(f"allergen_{code}", code) for code in str(codes or _MISSING).split(", ")).upper()


def fact_at(path: str, scopes: tuple[Facts, ...]) -> Any:
    """What the innermost scope that knows the first name has under the path."""
    first, *rest = path.split(".")
    found: Any = next((scope[first] for scope in reversed(scopes) if first in scope), None)
    for name in rest:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def words_of(elements: Iterable[Element]) -> str:
    """The text alone, a line of paper a line; for logs and tests."""
    return "\n".join(
        "".join(run.text for run in element.runs) if isinstance(element, Line) else f"[QR {element.payload}]"
        for element in elements
    )
