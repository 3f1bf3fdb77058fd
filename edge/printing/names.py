"""What tells names apart that would be the same on paper: the dish's code, else a number. Pure.

A cook has the paper alone. Two dishes whose names come out alike there are one dish to the kitchen, so each of them
carries a mark, and so does one whose letters no printer of the venue has.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

import msgspec

from edge.printing.printable import is_legible, printable
from shared.menu import Menu, MenuItem, ModifierGroup


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """Something with a name: what it is called on a kitchen's paper, on a bill's, and what may stand beside that."""

    called: tuple[str, ...]
    code: str = ""  # what people call it by, if they do
    number: int  # its place among its kind, from 1


class PaperName(msgspec.Struct, frozen=True, kw_only=True):
    """How a name comes out on paper."""

    name: str
    shown: str  # with its mark
    is_legible: bool  # the letters that were typed, not how they sound
    mark: str  # what tells it from another name that would look the same; "" when none does


def paper_names(menu: Menu, code_page: str) -> list[PaperName]:
    """The dishes, variants and options of a menu that do not come out as they were typed, in the menu's order."""
    marks = marks_of(menu.items, menu.groups, [code_page])
    names = dict.fromkeys(
        name for named in (*_dishes(menu.items), *_choices(menu.items, menu.groups)) for name in named.called
    )
    return [
        PaperName(
            name=name,
            shown=printable(marked(name, marks.get(name, "")), code_page),
            is_legible=is_legible(name, code_page),
            mark=marks.get(name, ""),
        )
        for name in names
        if name in marks or not is_legible(name, code_page)
    ]


def marked(name: str, mark: str) -> str:
    """The name with its mark behind it."""
    return f"{name} [{mark}]" if mark else name


def marks_of(
    items: Iterable[MenuItem], groups: Iterable[ModifierGroup], code_pages: Collection[str]
) -> Mapping[str, str]:
    """The mark of each name of a menu that needs one on one of these pages, by the name as it was typed."""
    items, groups = tuple(items), tuple(groups)
    return {**_marks(_choices(items, groups), code_pages), **_marks(_dishes(items), code_pages)}


def _marks(all_named: Sequence[Named], code_pages: Collection[str]) -> dict[str, str]:
    codes = Counter(named.code for named in all_named)
    alike = {name for page in code_pages for name in _alike(all_named, page)}
    return {
        name: named.code if _may_stand(named.code, codes) else f"#{named.number}"
        for named in all_named
        for name in named.called
        if name in alike or (_may_stand(named.code, codes) and not all(is_legible(name, page) for page in code_pages))
    }


def _alike(all_named: Sequence[Named], code_page: str) -> Iterator[str]:
    """Names that are not the same, of what is not the same, and that no reader of paper could tell apart."""
    on_paper: dict[str, list[tuple[int, str]]] = {}
    for named in all_named:
        for name in named.called:
            looks = " ".join(printable(printable(name, code_page).upper(), code_page).split())
            on_paper.setdefault(looks, []).append((named.number, name))
    for those in on_paper.values():
        if len({number for number, _ in those}) > 1 and len({name for _, name in those}) > 1:
            yield from (name for _, name in those)


def _may_stand(code: str, codes: Mapping[str, int]) -> bool:
    """Whether a code can be a mark: one dish's alone, in letters that every printer has, and no number of ours."""
    return codes[code] == 1 and code.isascii() and code.isprintable() and bool(code.strip()) and code[0] != "#"


def _dishes(items: Sequence[MenuItem]) -> list[Named]:
    return [
        Named(called=tuple(dict.fromkeys((item.short_name or item.name, item.name))), code=item.code, number=number)
        for number, item in enumerate(items, 1)
    ]


def _choices(items: Sequence[MenuItem], groups: Sequence[ModifierGroup]) -> list[Named]:
    names = (
        *(variant.name for item in items for variant in item.variants),
        *(modifier.name for group in groups for modifier in group.modifiers),
    )
    return [Named(called=(name,), number=number) for number, name in enumerate(dict.fromkeys(names), 1)]
