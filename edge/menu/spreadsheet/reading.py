"""Sheets → a menu, and every row that could not become part of it. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial

import msgspec

from edge.menu.spreadsheet import words
from edge.menu.spreadsheet.cells import (
    BadCell,
    Value,
    choices_of,
    key_of,
    minor_of,
    parts_of,
    plain,
    rate_of,
    reference_of,
    slug,
    text_of,
    whole_of,
    yes_of,
)
from edge.menu.spreadsheet.rows import BadFile, Grid, Refused, Row, Table, one_of, table_of
from shared.ids import CategoryId, GroupId, ItemId, ModifierId, StationId, VariantId
from shared.menu import Category, Menu, MenuItem, Modifier, ModifierGroup, Variant

EMPTY = Menu(categories=(), items=())
MOST_ID = 40


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What a file says: the menu of its good rows, the rows refused in their order, and what means nothing to us."""

    menu: Menu
    refused: tuple[Refused, ...]
    unknown_headings: tuple[str, ...]
    unknown_sheets: tuple[str, ...]


class _Named:
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


def read(grids: Iterable[Grid], *, stations: Mapping[str, str], published: Menu | None = None) -> Reading:
    """The menu that the sheets describe.

    `stations` are the venue's, name by id; while there are none, any name will do. From the published menu come
    the ids of items that the sheets name alike, and the categories and groups that they name and do not describe.

    Raises:
        BadFile: `headings_missing`, `columns_missing`, `heading_repeated`, `too_large`, `nothing_to_sell`.
    """
    found = [(grid, table_of(grid)) for grid in grids if grid.rows]
    tables = [table for _, table in found if table is not None]
    if not tables:
        raise BadFile("headings_missing")
    reader = _Reader(stations, published or EMPTY)
    rows: dict[str, list[Row]] = {kind: [] for kind in ("", *words.KINDS)}
    for table in tables:
        for row, kind in _kinds(table):
            rows[kind].append(row)
    if not rows["item"]:
        raise BadFile("nothing_to_sell")
    _check_columns(tables)
    reader.read_categories(rows["category"])
    reader.read_groups(rows["group"], rows["option"])
    reader.read_items(rows["item"])
    refused = [one for kind in rows.values() for row in kind for one in row.refused]
    order = {table.name: place for place, table in enumerate(tables)}
    return Reading(
        menu=reader.menu(),
        refused=tuple(sorted(refused, key=lambda one: (order[one.sheet], one.row))),
        unknown_headings=tuple(heading for table in tables for heading in table.unknown),
        unknown_sheets=tuple(grid.name for grid, table in found if table is None),
    )


class _Reader:
    """The menu as it grows, row by row."""

    def __init__(self, stations: Mapping[str, str], published: Menu) -> None:
        self._stations = stations
        self._published = published
        self._categories: dict[str, Category] = {}
        self._groups: dict[str, ModifierGroup] = {}
        self._items: dict[str, MenuItem] = {}
        self._category_names = _Named("category")
        self._group_names = _Named("group")
        names = {category.id: category.name for category in published.categories}
        self._known_items = {
            (key_of(names.get(item.category_id, "")), key_of(item.name)): item.id for item in published.items
        }

    def menu(self) -> Menu:
        """All that was read and not refused."""
        return Menu(
            categories=tuple(self._categories.values()),
            items=tuple(self._items.values()),
            groups=tuple(self._groups.values()),
        )

    def read_categories(self, rows: Sequence[Row]) -> None:
        """Rows that describe a category."""
        ids = _ids_of(rows)
        for row, id in zip(rows, ids, strict=True):
            category = Category(
                id=CategoryId(id),
                name=row.text("name", is_needed=True),
                name_en=row.text("name_en"),
                drawing=row.text("drawing"),
            )
            _check_new(row, self._category_names, id)
            if row.refused:
                self._category_names.refuse(category.name, id)
            else:
                self._categories[id] = category
                self._category_names.add(category.name, id, row.number)

    def read_groups(self, groups: Sequence[Row], options: Sequence[Row]) -> None:
        """Rows that describe a group of options, with the rows of its options."""
        ids = _ids_of(groups)
        names = _Named("group")
        for row, id in zip(groups, ids, strict=True):
            _check_new(row, names, id)
            names.add(row.text("name"), id, row.number)
        members: dict[str, list[Row]] = {id: [] for id in ids}
        for row in options:
            members.get(_group_of_option(row, groups, ids, names), []).append(row)
        for row, id in zip(groups, ids, strict=True):
            group = _group(row, id, _modifiers(members[id]))
            if row.refused:
                self._group_names.refuse(group.name, id)
            else:
                self._groups[id] = group
                self._group_names.add(group.name, id, row.number)

    def read_items(self, rows: Sequence[Row]) -> None:
        """Rows of things to sell."""
        ids = _ids_of(rows, self._known_items)
        seen: dict[tuple[str, str], int] = {}
        taken = _Named("item")
        for row, id in zip(rows, ids, strict=True):
            _check_new(row, taken, id, is_named_once=False)
            item = self._item(row, id)
            called = (item.category_id, key_of(item.name))
            if not row.has("id") and called in seen:
                row.refuse("repeated", "name", row=seen[called])
            seen.setdefault(called, row.number)
            taken.add(item.name, id, row.number)
            if not row.refused:
                self._items[id] = item

    def _item(self, row: Row, id: str) -> MenuItem:
        variants: tuple[Variant, ...] = row.read("variants", lambda value: _variants(text_of(value)), ())
        price_minor = row.read("price", _price, 0)
        if not variants and not row.has("price") and not row.has("variants"):
            row.refuse("missing", "price")
        item = MenuItem(
            id=ItemId(id),
            category_id=CategoryId(""),
            name=row.text("name", is_needed=True),
            name_en=row.text("name_en"),
            short_name=row.text("short_name", most=16),
            code=row.text("code", most=12),
            description=row.text("description", most=400, lines=True),
            description_en=row.text("description_en", most=400, lines=True),
            price_minor=price_minor,
            variants=variants,
            group_ids=row.read("groups", lambda value: self._groups_of(text_of(value)), ()),
            vat_bp=row.read("vat", rate_of, 2100),
            station_id=StationId(self._station(row)),
            course=row.read("course", partial(whole_of, least=1, most=9), 1),
            allergens=row.read("allergens", lambda value: _allergens(text_of(value)), ()),
            tags=row.read("tags", lambda value: _tags(text_of(value)), ()),
            is_favourite=row.read("is_favourite", yes_of, False),
            is_hidden_from_guests=row.read("is_hidden", yes_of, False),
        )
        return msgspec.structs.replace(item, category_id=self._category(row))

    def _category(self, row: Row) -> CategoryId:
        """The category of an item; a new one when the name is new and the rest of the row is good."""
        name, id = reference_of(row.text("category", is_needed=True))
        try:
            found = self._category_names.find(name, id)
        except BadCell as bad:
            row.refuse(bad.code, "category", **bad.facts)
            return CategoryId("")
        if found or row.refused:
            return CategoryId(found or slug(name or id))
        known = [one for one in self._published.categories if key_of(one.name) == key_of(name or id)]
        new = known[0] if known else Category(id=CategoryId(slug(name or id, self._categories)), name=name or id)
        self._categories.setdefault(new.id, new)
        self._category_names.add(new.name, new.id, row.number)
        return new.id

    def _groups_of(self, text: str) -> tuple[GroupId, ...]:
        """The groups named in a cell, divided by | or by commas."""
        found: list[GroupId] = []
        for part in parts_of(text):
            whole = self._group(part)
            parts = [part] if whole else parts_of(part, ",")
            for one in parts:
                id = whole or self._group(one)
                if not id:
                    raise BadCell("group_unknown", name=plain(one))
                found.append(GroupId(id))
        return tuple(found)

    def _group(self, part: str) -> str:
        name, id = reference_of(part)
        found = self._group_names.find(name, id)
        if found:
            return found
        for group in self._published.groups:
            if group.id == id or key_of(group.name) == key_of(name or id):
                if group.id not in self._groups:
                    self._groups[group.id] = group
                    self._group_names.add(group.name, group.id, 0)
                return group.id
        return ""

    def _station(self, row: Row) -> str:
        name, id = reference_of(row.text("station"))
        if not name and not id:
            if len(self._stations) == 1:
                return next(iter(self._stations))
            row.refuse("missing", "station")
            return ""
        if not self._stations or id in self._stations:
            return id or slug(name)
        meant = [station for station, called in self._stations.items() if key_of(called) == key_of(name)]
        if len(meant) == 1:
            return meant[0]
        if name in self._stations:
            return name
        if meant:
            row.refuse("name_ambiguous", "station", name=name)
        else:
            row.refuse("station_unknown", "station", known=", ".join(self._stations.values()))
        return ""


def _kinds(table: Table) -> Iterable[tuple[Row, str]]:
    by_sheet = one_of(words.SHEETS, table.name) or "item"
    for row in table.rows:
        word = row.text("kind")
        kind = one_of(words.KINDS, word) if word else by_sheet
        if not kind:
            row.refuse("kind_unknown", "kind")
        yield row, kind


def _check_columns(tables: Sequence[Table]) -> None:
    """One sheet at least must have what every item needs."""
    needed = {"category": "categoría", "name": "nombre", "price": "precio"}
    if not any(needed.keys() <= table.headings.keys() for table in tables):
        best = min((set(needed) - set(table.headings) for table in tables), key=len)
        raise BadFile("columns_missing", columns=", ".join(needed[column] for column in needed if column in best))


def _ids_of(rows: Sequence[Row], known: Mapping[tuple[str, str], str] | None = None) -> list[str]:
    """An id for each row: what it says, else what the published menu calls it, else one made from its name."""
    said = [row.text("id", most=MOST_ID) for row in rows]
    taken = set(said) | set((known or {}).values())
    ids: list[str] = []
    used: set[str] = set()
    for row, id in zip(rows, said, strict=True):
        if not id:
            name = row.text("name")
            id = (known or {}).get((key_of(row.text("category")), key_of(name)), "")
            if not id or id in used:
                id = slug(name, taken)
        taken.add(id)
        used.add(id)
        ids.append(id)
    return ids


def _check_new(row: Row, named: _Named, id: str, *, is_named_once: bool = True) -> None:
    """Neither the id, nor the name of a row without one, was there before."""
    if id in named.rows:
        row.refuse("repeated", "id", row=named.rows[id])
    before = named.by_name.get(key_of(row.text("name")), [])
    if is_named_once and before and not row.has("id"):
        row.refuse("repeated", "name", row=named.rows[before[0]])


def _group_of_option(row: Row, groups: Sequence[Row], ids: Sequence[str], names: _Named) -> str:
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
    above = [
        id for group, id in zip(groups, ids, strict=True) if group.sheet == row.sheet and group.number < row.number
    ]
    if not above:
        row.refuse("groupless", "group")
        return ""
    return above[-1]


def _modifiers(rows: Sequence[Row]) -> tuple[Modifier, ...]:
    found: list[Modifier] = []
    taken = _Named("option")
    for row, id in zip(rows, _ids_of(rows), strict=True):
        modifier = Modifier(
            id=ModifierId(id),
            name=row.text("name", is_needed=True),
            name_en=row.text("name_en"),
            price_minor=row.read("price", minor_of, 0),
            is_default=row.read("is_default", yes_of, False),
        )
        _check_new(row, taken, id)
        taken.add(modifier.name, id, row.number)
        if not row.refused:
            found.append(modifier)
    return tuple(found)


def _group(row: Row, id: str, modifiers: tuple[Modifier, ...]) -> ModifierGroup:
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
    return group


def _price(value: Value) -> int:
    amount_minor = minor_of(value)
    if amount_minor < 0:
        raise BadCell("money_negative")
    return amount_minor


def _variants(text: str) -> tuple[Variant, ...]:
    found: list[Variant] = []
    listed = choices_of(text)
    taken = {choice.id for choice in listed}
    names: set[str] = set()
    for choice in listed:
        id = choice.id or slug(choice.name, taken)
        is_repeated = any(variant.id == id for variant in found) or (not choice.id and key_of(choice.name) in names)
        if is_repeated:
            raise BadCell("choice_repeated", name=choice.name)
        if choice.price_minor is None:
            raise BadCell("choice_priceless", name=choice.name)
        if len(choice.name) > 80 or len(id) > MOST_ID:
            raise BadCell("too_long", most=80)
        taken.add(id)
        if not choice.id:
            names.add(key_of(choice.name))
        found.append(
            Variant(id=VariantId(id), name=choice.name, name_en=choice.name_en, price_minor=choice.price_minor)
        )
    return tuple(found)


def _allergens(text: str) -> tuple[str, ...]:
    found = []
    for part in parts_of(text, "|,;"):
        code = one_of(words.ALLERGEN_WORDS, part)
        if not code:
            raise BadCell("allergen_unknown", name=part)
        found.append(code)
    return tuple(found)


def _tags(text: str) -> tuple[str, ...]:
    """Tags of our own by any word for them; others as they stand, also in braces."""
    found = []
    for part in parts_of(text, "|,"):
        word, exactly = reference_of(part)
        found.append(exactly or one_of(words.TAG_WORDS, word) or word)
    return tuple(found)
