"""Who is who in a menu's spreadsheet: ids of rows, and what cells call by name. Pure."""

from collections.abc import Collection, Mapping, Sequence

import msgspec

from edge.menu.spreadsheet.cells import BadCell, key_of, slug
from edge.menu.spreadsheet.rows import Known, Row
from edge.menu.spreadsheet.texts import mended
from shared.menu import Menu

MOST_ID = 40


class Named:
    """Things that cells call by name or id: those read so far, and who was refused."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.rows: dict[str, int] = {}  # id → row
        self.by_name: dict[str, list[str]] = {}
        self.refused: set[str] = set()  # keys of names, and ids in braces

    def add(self, name: str, id: str, row: int) -> None:
        self.rows[id] = row
        self.by_name.setdefault(key_of(name), []).append(id)

    def refuse(self, name: str, id: str) -> None:
        self.refused |= {key_of(name), f"{{{id}}}"}

    def find(self, name: str, id: str) -> str:
        """The id of what is meant; empty when nothing is.

        Raises:
            BadCell: `name_ambiguous`; `group_refused` or `category_refused`.
        """
        if id in self.rows:
            return id
        found = self.by_name.get(key_of(name), []) if name else []
        if len(found) > 1:
            raise BadCell("name_ambiguous", name=name)
        if found:
            return found[0]
        if name in self.rows:  # people write an id for a name, too
            return name
        if (key_of(name) if name else f"{{{id}}}") in self.refused:
            raise BadCell(f"{self.kind}_refused", name=name or id)
        return ""


def ids_of(rows: Sequence[Row], known: Mapping[tuple[str, str], str] | None = None) -> list[str]:
    """An id for each row: what it says, else what the published menu calls it, else one made from its name."""
    said = [row.text("id", most=MOST_ID) for row in rows]
    taken = set(said) | set((known or {}).values())
    ids: list[str] = []
    used: set[str] = set()
    numbers: dict[str, int] = {}  # how often a name was seen: a sheet of one name in all rows takes no hours
    for row, id in zip(rows, said, strict=True):
        if not id:
            name = row.text("name")
            id = (known or {}).get((key_of(row.text("category")), key_of(name)), "")
            if not id or id in used:
                id = _fresh(slug(name), taken, numbers)
        taken.add(id)
        used.add(id)
        ids.append(id)
    return ids


def check_new(row: Row, named: Named, id: str, *, is_named_once: bool = True) -> None:
    """Neither the id, nor the name of a row without one, was there before."""
    if id in named.rows:
        row.refuse("repeated", "id", row=named.rows[id])
    before = named.by_name.get(key_of(row.text("name")), [])
    if is_named_once and before and not row.has("id"):
        row.refuse("repeated", "name", row=named.rows[before[0]])


def _fresh(plain: str, taken: Collection[str], numbers: dict[str, int]) -> str:
    found = plain
    while found in taken:
        numbers[plain] = numbers.get(plain, 1) + 1
        found = f"{plain[: 39 - len(str(numbers[plain]))]}-{numbers[plain]}"
    return found


def known_of(menu: Menu) -> Known:
    """The texts of the menu in force."""
    found: set[str] = set()
    waiting: list[object] = [msgspec.to_builtins(menu)]
    while waiting:
        part = waiting.pop()
        if isinstance(part, str):
            found.add(part)
        elif isinstance(part, dict):
            waiting += part.values()
        elif isinstance(part, list | tuple):
            waiting += part
    return Known(frozenset(found), is_mended=all(mended(text) == text for text in found))
