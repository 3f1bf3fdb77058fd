"""Rows of groups and their options → groups of a menu. Pure."""

from bisect import bisect_left
from collections.abc import Sequence
from functools import partial

from edge.menu.spreadsheet.amounts import minor_of
from edge.menu.spreadsheet.cells import BadCell, whole_of, yes_of
from edge.menu.spreadsheet.choices import reference_of
from edge.menu.spreadsheet.naming import Named, check_new, ids_of
from edge.menu.spreadsheet.rows import Row
from shared.ids import GroupId, ModifierId
from shared.menu import Modifier, ModifierGroup


def members_of(groups: Sequence[Row], options: Sequence[Row]) -> list[tuple[Row, str, list[Row]]]:
    """Each group's row, its id, and the rows of its options."""
    ids = ids_of(groups)
    names = Named("group")
    above: dict[str, list[tuple[int, str]]] = {}  # by sheet
    for row, id in zip(groups, ids, strict=True):
        check_new(row, names, id)
        names.add(row.text("name"), id, row.number)
        above.setdefault(row.sheet, []).append((row.number, id))
    members: dict[str, list[Row]] = {id: [] for id in ids}
    for row in options:
        members.get(_group_of(row, above.get(row.sheet, []), names), []).append(row)
    return [(row, id, members[id]) for row, id in zip(groups, ids, strict=True)]


def group_of(row: Row, id: str, modifiers: tuple[Modifier, ...]) -> ModifierGroup:
    """The group that a row describes."""
    least = row.read("min", partial(whole_of, least=0, most=20), 0)
    group = ModifierGroup(
        id=GroupId(id),
        name=row.text("name", is_needed=True),
        name_en=row.text("name_en"),
        min=least,
        max=row.read("max", partial(whole_of, least=1, most=20), max(least, 1)),
        free_count=row.read("free", partial(whole_of, least=0, most=20), 0),
        modifiers=modifiers,
    )
    if group.min > group.max:
        row.refuse("min_over_max", "min")
    if len(modifiers) < group.min:
        row.refuse("options_too_few", "min", least=group.min, count=len(modifiers))
    if sum(modifier.is_default for modifier in modifiers) > group.max:
        row.refuse("defaults_over_max", "max", most=group.max)
    return group


def modifiers_of(rows: Sequence[Row], currency: str) -> tuple[Modifier, ...]:
    """The options of a group, those refused left out."""
    found: list[Modifier] = []
    taken = Named("option")
    for row, id in zip(rows, ids_of(rows), strict=True):
        modifier = Modifier(
            id=ModifierId(id),
            name=row.text("name", is_needed=True),
            name_en=row.text("name_en"),
            price_minor=row.read("price", partial(minor_of, currency=currency), 0),
            is_default=row.read("is_default", yes_of, False),
        )
        check_new(row, taken, id)
        taken.add(modifier.name, id, row.number)
        if not row.refused:
            found.append(modifier)
    return tuple(found)


def _group_of(row: Row, above: Sequence[tuple[int, str]], names: Named) -> str:
    """The group that an option names; else the one described above it on its sheet."""
    if row.has("group"):
        name, id = reference_of(row.text("group"))
        try:
            found = names.find(name, id)
        except BadCell as bad:
            row.refuse(bad.code, "group", **bad.facts)
            return ""
        if not found:
            row.refuse("group_unknown", "group", name=name or id)
        return found
    place = bisect_left(above, (row.number, ""))
    if not place:
        row.refuse("groupless", "group")
        return ""
    return above[place - 1][1]
