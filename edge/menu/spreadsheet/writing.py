"""A menu → sheets that read back as the same menu. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from edge.menu.spreadsheet import words
from edge.menu.spreadsheet.amounts import money, rate
from edge.menu.spreadsheet.cells import Value, key_of, slug
from edge.menu.spreadsheet.choices import Choice, choices, reference
from edge.menu.spreadsheet.rows import Grid, one_of
from shared.menu import Category, Menu, MenuItem, Modifier, ModifierGroup

Cells = dict[str, Value]  # by column

_SHEETS: dict[str, Sequence[str]] = {
    "item": (
        "category", "name", "name_en", "short_name", "code", "price", "variants", "groups", "vat", "station", "course",
        "allergens", "tags", "is_favourite", "is_hidden", "description", "description_en", "id",
    ),
    "option": ("kind", "group", "name", "name_en", "price", "min", "max", "free", "is_default", "id"),
    "category": ("name", "name_en", "drawing", "id"),
}  # fmt: skip
_ONE_SHEET = (
    "kind", "category", "group", "name", "name_en", "short_name", "code", "price", "variants", "groups", "vat",
    "station", "course", "allergens", "tags", "is_favourite", "is_hidden", "description", "description_en",
    "min", "max", "free", "is_default", "drawing", "id",
)  # fmt: skip


class Prices:
    """How amounts are written: as numbers in a workbook, as text with the language's comma in a text file."""

    def __init__(self, language: str, *, as_numbers: bool) -> None:
        self.comma = "." if language == "en" else ","
        self._as_numbers = as_numbers

    def cell(self, amount_minor: int) -> Value:
        """An amount in a cell of its own."""
        if not self._as_numbers:
            return money(amount_minor, comma=self.comma)
        return amount_minor // 100 if amount_minor % 100 == 0 else float(money(amount_minor, comma="."))


def workbook(menu: Menu, *, stations: Mapping[str, str], language: str) -> list[Grid]:
    """A sheet of things to sell, one of options and one of categories."""
    rows = _rows(menu, stations, language, Prices(language, as_numbers=True))
    kinds = {"item": ("item",), "option": ("group", "option"), "category": ("category",)}
    return [
        _grid(
            words.word(words.SHEETS[sheet], language),
            columns,
            [row for row in rows if row[0] in kinds[sheet]],
            language,
        )
        for sheet, columns in _SHEETS.items()
    ]


def one_sheet(menu: Menu, *, stations: Mapping[str, str], language: str) -> Grid:
    """Everything on one sheet: categories, then groups with their options, then things to sell."""
    rows = _rows(menu, stations, language, Prices(language, as_numbers=False))
    return _grid("", _ONE_SHEET, rows, language)


def _grid(name: str, columns: Sequence[str], rows: Iterable[tuple[str, Cells]], language: str) -> Grid:
    headings = [words.word(words.COLUMNS[column], language) for column in columns]
    body = [
        [words.word(words.KINDS[kind], language) if column == "kind" else cells.get(column, "") for column in columns]
        for kind, cells in rows
    ]
    return Grid(name, [headings, *body])


def _rows(menu: Menu, stations: Mapping[str, str], language: str, prices: Prices) -> list[tuple[str, Cells]]:
    categories = _names({category.id: category.name for category in menu.categories})
    groups = _names({group.id: group.name for group in menu.groups})
    places = _names(dict(stations))
    if not stations:  # none set up yet: any word will do, so these need no braces
        places = {item.station_id: item.station_id for item in menu.items if slug(item.station_id) == item.station_id}
    rows: list[tuple[str, Cells]] = [("category", _category(category)) for category in menu.categories]
    for group in menu.groups:
        rows.append(("group", _group(group)))
        rows += [("option", _option(option, groups[group.id], prices, language)) for option in group.modifiers]
    for item in menu.items:
        cells = _item(item, prices, language) | {
            "category": categories[item.category_id],
            "groups": " | ".join(groups[id] for id in item.group_ids),
            "station": places.get(item.station_id, reference("", item.station_id)),
        }
        rows.append(("item", cells))
    return rows


def _names(names: Mapping[str, str]) -> dict[str, str]:
    """What cells call each thing by: its name, or its id in braces where the name is not its alone."""
    times = Counter(key_of(name) for name in names.values())
    return {id: reference(name if times[key_of(name)] == 1 and key_of(name) else "", id) for id, name in names.items()}


def _category(category: Category) -> Cells:
    return {
        "name": category.name,
        "name_en": category.name_en,
        "drawing": category.drawing,
        "id": category.id,
    }


def _group(group: ModifierGroup) -> Cells:
    return {
        "name": group.name,
        "name_en": group.name_en,
        "min": group.min,
        "max": group.max,
        "free": group.free_count,
        "id": group.id,
    }


def _option(option: Modifier, group: str, prices: Prices, language: str) -> Cells:
    return {
        "group": group,
        "name": option.name,
        "name_en": option.name_en,
        "price": prices.cell(option.price_minor) if option.price_minor else "",
        "is_default": _yes(option.is_default, language),
        "id": option.id,
    }


def _item(item: MenuItem, prices: Prices, language: str) -> Cells:
    sizes = (
        Choice(name=variant.name, name_en=variant.name_en, id=variant.id, price_minor=variant.price_minor)
        for variant in item.variants
    )
    return {
        "name": item.name,
        "name_en": item.name_en,
        "short_name": item.short_name,
        "code": item.code,
        "price": prices.cell(item.price_minor) if item.price_minor or not item.variants else "",
        "variants": choices(sizes, comma=prices.comma),
        "vat": rate(item.vat_bp, comma=prices.comma),
        "course": item.course,
        "allergens": " | ".join(words.word(words.ALLERGEN_WORDS[code], language) for code in item.allergens),
        "tags": " | ".join(_tag(tag, language) for tag in item.tags),
        "is_favourite": _yes(item.is_favourite, language),
        "is_hidden": _yes(item.is_hidden_from_guests, language),
        "description": item.description,
        "description_en": item.description_en,
        "id": item.id,
    }


def _tag(tag: str, language: str) -> str:
    """A tag of ours in words; another as it stands, in braces where it would be read as something else."""
    if tag in words.TAG_WORDS:
        return words.word(words.TAG_WORDS[tag], language)
    is_one_of_ours = one_of(words.TAG_WORDS, tag)
    return reference("" if is_one_of_ours else tag, tag).replace(",", "\\,")


def _yes(is_so: bool, language: str) -> str:
    return ("yes" if language == "en" else "sí") if is_so else ""
