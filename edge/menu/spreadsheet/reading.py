"""Sheets → a menu, and every row that could not become part of it. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial

import msgspec

from edge.menu.spreadsheet import words
from edge.menu.spreadsheet.amounts import rate_of
from edge.menu.spreadsheet.cells import BadCell, key_of, slug, whole_of, yes_of
from edge.menu.spreadsheet.choices import parts_of, plain, reference_of
from edge.menu.spreadsheet.items import allergens_of, price_of, tags_of, variants_of
from edge.menu.spreadsheet.naming import Named, check_new, ids_of, known_of
from edge.menu.spreadsheet.options import group_of, members_of, modifiers_of
from edge.menu.spreadsheet.prices import Priced, doubt_mixed_signs, doubt_prices, prices_before, tell_shown
from edge.menu.spreadsheet.rows import Grid, Known, Remark, Row
from edge.menu.spreadsheet.tables import has_prices, rows_by_kind, table_of
from shared.ids import CategoryId, GroupId, ItemId, StationId
from shared.menu import Category, Menu, MenuItem, ModifierGroup, Variant, least_of
from shared.text import has_printable_letter

EMPTY = Menu(categories=(), items=())
_TOTALS = frozenset(key_of(word) for word in words.TOTALS)


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What a file says: the menu of its good rows, and what is to be said of the rest, in the file's order.

    `refused` rows are not in the menu. `doubts` are, and a person must confirm them; `notes` are only told.
    """

    menu: Menu
    refused: tuple[Remark, ...]
    doubts: tuple[Remark, ...]
    notes: tuple[Remark, ...]
    unknown_headings: tuple[str, ...]
    unknown_sheets: tuple[str, ...]


class Venue(msgspec.Struct, frozen=True, kw_only=True):
    """What a sheet is read for: stations, name by id (any name will do while there are none), and how money is said."""

    stations: Mapping[str, str]
    currency: str = "ARS"
    comma: str = ","


def read(
    grids: Iterable[Grid],
    *,
    stations: Mapping[str, str],
    published: Menu | None = None,
    currency: str = "ARS",
    comma: str = ",",
) -> Reading:
    """The menu that the sheets describe.

    `stations` are the venue's, name by id; while there are none, any name will do. From the published menu come
    the ids of items that the sheets name alike, and the categories and groups that they name and do not describe.
    Prices are in the venue's currency; `comma` is the decimal mark of what is said of them.

    Raises:
        BadFile: `headings_missing`, `columns_missing`, `heading_repeated`, `heading_foreign`, `too_large`,
            `nothing_to_sell`.
    """
    known = known_of(published or EMPTY)
    reader = _Reader(Venue(stations=stations, currency=currency, comma=comma), published or EMPTY, known)
    visible = [grid for grid in grids if grid.rows and not grid.is_hidden]
    found = [(grid, table_of(grid, currency=currency, known=known)) for grid in visible]
    tables = [table for _, table in found if table is not None]
    rows = rows_by_kind(tables)
    reader.read_categories(rows["category"])
    reader.read_groups(rows["group"], rows["option"])
    reader.read_items(rows["item"])
    hidden = [Remark(sheet=grid.name, code="hidden_sheet") for grid in grids if grid.rows and grid.is_hidden]
    bare = [grid for grid, table in found if table is None]
    priced = [Remark(sheet=grid.name, code="sheet_without_headings") for grid in bare if has_prices(grid)]
    order = {table.name: place for place, table in enumerate(tables)}
    every_row = [row for kind in rows.values() for row in kind]

    def in_order(remarks: Iterable[Remark]) -> tuple[Remark, ...]:
        return tuple(sorted(remarks, key=lambda one: (order.get(one.sheet, len(order)), one.row)))

    return Reading(
        menu=reader.menu(),
        refused=in_order(
            [*(one for t in tables for one in t.refused), *(one for row in every_row for one in row.refused)]
        ),
        doubts=in_order(
            [
                *(one for t in tables for one in t.doubts),
                *(one for row in every_row for one in row.doubts if not row.refused),
                *priced,
            ]
        ),
        notes=in_order(
            [*(one for t in tables for one in t.notes), *(one for row in every_row for one in row.notes), *hidden]
        ),
        unknown_headings=tuple(heading for table in tables for heading in table.unknown),
        unknown_sheets=tuple(grid.name for grid in bare if not has_prices(grid)),
    )


class _Reader:
    """The menu as it grows, row by row."""

    def __init__(self, venue: Venue, published: Menu, known: Known) -> None:
        self._venue = venue
        self._published = published
        self._known = known
        self._categories: dict[str, Category] = {}
        self._groups: dict[str, ModifierGroup] = {}
        self._items: dict[str, MenuItem] = {}
        self._prices: list[Priced] = []
        self._before = prices_before(published)
        self._category_names = Named("category")
        self._group_names = Named("group")
        names = {category.id: category.name for category in published.categories}
        self._known_items = {
            (key_of(names.get(item.category_id, "")), key_of(item.name)): item.id for item in published.items
        }
        self._called: dict[str, list[str]] = {}  # stations by what people call them
        for id, name in venue.stations.items():
            self._called.setdefault(key_of(name), []).append(id)

    def menu(self) -> Menu:
        """All that was read and not refused."""
        return Menu(
            categories=tuple(self._categories.values()),
            items=tuple(self._items.values()),
            groups=tuple(self._groups.values()),
        )

    def read_categories(self, rows: Sequence[Row]) -> None:
        """Rows that describe a category."""
        ids = ids_of(rows)
        for row, id in zip(rows, ids, strict=True):
            category = Category(
                id=CategoryId(id),
                name=row.text("name", is_needed=True),
                name_en=row.text("name_en"),
                drawing=row.text("drawing"),
            )
            check_new(row, self._category_names, id)
            if row.refused:
                self._category_names.refuse(category.name, id)
            else:
                self._categories[id] = category
                self._category_names.add(category.name, id, row.number)

    def read_groups(self, groups: Sequence[Row], options: Sequence[Row]) -> None:
        """Rows that describe a group of options, with the rows of its options."""
        for row, id, members in members_of(groups, options):
            group = group_of(row, id, modifiers_of(members, self._venue.currency))
            if row.refused:
                self._group_names.refuse(group.name, id)
            else:
                self._groups[id] = group
                self._group_names.add(group.name, id, row.number)

    def read_items(self, rows: Sequence[Row]) -> None:
        """Rows of things to sell."""
        ids = ids_of(rows, self._known_items)
        seen: dict[tuple[str, str], int] = {}
        taken = Named("item")
        for row, id in zip(rows, ids, strict=True):
            check_new(row, taken, id, is_named_once=False)
            item = self._item(row, id)
            self._check_named(row, item, seen)
            self._check_prices(row, item)
            taken.add(item.name, id, row.number)
            if not row.refused:
                self._items[id] = item
        good = [row for row in rows if not row.refused]
        doubt_prices([one for one in self._prices if not one.row.refused], self._venue.comma)
        doubt_mixed_signs(good)

    def _check_named(self, row: Row, item: MenuItem, seen: dict[tuple[str, str], int]) -> None:
        """The name is a dish's, is there once, and some printer has letters for it."""
        called = (item.category_id, key_of(item.name))
        if called in seen and not row.has("id"):
            row.refuse("repeated", "name", row=seen[called])
        elif called in seen:
            row.note("same_name", "name", row=seen[called])
        seen.setdefault(called, row.number)
        if called[1] in _TOTALS and item.name not in self._known.texts:
            row.refuse("looks_like_total", "name")
        if item.name and not has_printable_letter(item.name):
            row.note("unprintable", "name")

    def _check_prices(self, row: Row, item: MenuItem) -> None:
        """No choice costs less than nothing; what is doubtful is seen once all prices are known."""
        lowered_by = sum(least_of(self._groups[id]) for id in item.group_ids)
        prices = [("variants", str(one.id), one.price_minor) for one in item.variants] or [
            ("price", "", item.price_minor)
        ]
        for column, variant_id, amount_minor in prices:
            if amount_minor + lowered_by < 0:
                row.refuse("below_nothing", column)
            if row.has(column):
                before = self._before.get((item.id, variant_id))
                self._prices.append(
                    Priced(
                        row=row,
                        column=column,
                        category_id=item.category_id,
                        amount_minor=amount_minor,
                        before_minor=before,
                    )
                )
        if row.has("price"):
            tell_shown(row, item.price_minor, self._venue.comma)

    def _item(self, row: Row, id: str) -> MenuItem:
        currency = self._venue.currency
        variants: tuple[Variant, ...] = row.listed("variants", lambda text: variants_of(text, currency), ())
        price_minor = row.read("price", lambda value: price_of(value, currency), 0)
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
            group_ids=row.listed("groups", self._groups_of, ()),
            vat_bp=row.read("vat", rate_of, 2100),
            station_id=StationId(self._station(row)),
            course=row.read("course", partial(whole_of, least=1, most=9), 1),
            allergens=row.listed("allergens", allergens_of, ()),
            tags=row.listed("tags", tags_of, ()),
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
            if len(self._venue.stations) == 1:
                return next(iter(self._venue.stations))
            row.refuse("missing", "station")
            return ""
        stations = self._venue.stations
        if not stations or id in stations:
            return id or slug(name)
        meant = self._called.get(key_of(name), [])
        if len(meant) == 1:
            return meant[0]
        if name in stations:
            return name
        if meant:
            row.refuse("name_ambiguous", "station", name=name)
        else:
            row.refuse("station_unknown", "station", known=", ".join(stations.values()))
        return ""
