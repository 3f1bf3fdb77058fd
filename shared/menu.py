"""What a menu is: the same structs in the op that publishes it, the command that asks and the view that shows it."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Annotated

import msgspec

from shared.ids import ID_PATTERN, CategoryId, GroupId, ItemId, ModifierId, StationId, VariantId
from shared.text import ONE_LINE

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
Text = Annotated[str, msgspec.Meta(max_length=400)]
Minor = Annotated[int, msgspec.Meta(ge=-1_000_000_000_00, le=1_000_000_000_00)]
_is_id = re.compile(ID_PATTERN).match
_is_one_line = re.compile(ONE_LINE).match
RateBp = Annotated[int, msgspec.Meta(ge=0, le=10_000)]

#: Allergens a dish may declare and a guest may name; the words are the screens'.
ALLERGENS = (
    "peanut",
    "nuts",
    "milk",
    "egg",
    "wheat",
    "fish",
    "shellfish",
    "soy",
    "sesame",
    "other",
)


class Modifier(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One choice of a group; its price is added to the item's and may be zero or negative."""

    id: Annotated[ModifierId, msgspec.Meta(max_length=40)]
    name: Name
    name_en: str = ""
    price_minor: Minor = 0
    is_default: bool = False


class ModifierGroup(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A question asked of an item. `min` > 0 makes it required; the first `free_count` chosen cost nothing."""

    id: Annotated[GroupId, msgspec.Meta(max_length=40)]
    name: Name
    name_en: str = ""
    min: Annotated[int, msgspec.Meta(ge=0, le=20)] = 0
    max: Annotated[int, msgspec.Meta(ge=1, le=20)] = 1
    free_count: Annotated[int, msgspec.Meta(ge=0, le=20)] = 0
    modifiers: tuple[Modifier, ...]


class Variant(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A size or form with a price of its own, instead of the item's."""

    id: Annotated[VariantId, msgspec.Meta(max_length=40)]
    name: Name
    name_en: str = ""
    price_minor: Minor


class Category(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A heading of the menu. Not a course."""

    id: Annotated[CategoryId, msgspec.Meta(max_length=40)]
    name: Name
    name_en: str = ""
    drawing: str = ""  # the name of a drawing that ships with the screens


class MenuItem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something to sell. Prices include VAT at `vat_bp`."""

    id: Annotated[ItemId, msgspec.Meta(max_length=40)]
    category_id: CategoryId
    name: Name
    name_en: str = ""
    short_name: Annotated[str, msgspec.Meta(max_length=16)] = ""  # for kitchen screens and chits
    code: Annotated[str, msgspec.Meta(max_length=12)] = ""  # what a cashier types
    description: Text = ""
    description_en: Text = ""
    price_minor: Annotated[int, msgspec.Meta(ge=0, le=1_000_000_000_00)] = 0
    variants: tuple[Variant, ...] = ()
    group_ids: tuple[GroupId, ...] = ()
    vat_bp: RateBp = 2100
    station_id: StationId  # where it is made
    course: Annotated[int, msgspec.Meta(ge=1, le=9)] = 1
    allergens: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()  # gluten_free, vegetarian, vegan, spicy, house
    is_favourite: bool = False
    is_hidden_from_guests: bool = False


class Menu(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Everything for sale, in the order it is read."""

    categories: tuple[Category, ...]
    items: tuple[MenuItem, ...]
    groups: tuple[ModifierGroup, ...] = ()


def problems_of(menu: Menu) -> list[str]:
    """What contradicts itself in a menu, a sentence each; empty when it can be published."""
    problems = [f"two {kind} share the id {id}" for kind, id in _repeated(menu)]
    problems += [f"{id!r} is no id: letters, digits, - and _, at most 40" for id in _ids(menu) if not _is_id(id)]
    categories = {category.id for category in menu.categories}
    groups = {group.id: group for group in menu.groups}
    for item in menu.items:
        if item.category_id not in categories:
            problems.append(f"item {item.id} names the unknown category {item.category_id}")
        problems += [f"item {item.id} names the unknown group {g}" for g in item.group_ids if g not in groups]
        problems += [f"item {item.id} asks group {g} twice" for g in _more_than_once(item.group_ids)]
        problems += [f"item {item.id} names the unknown allergen {a}" for a in item.allergens if a not in ALLERGENS]
    for group in menu.groups:
        if group.min > group.max:
            problems.append(f"group {group.id} asks for at least {group.min} but at most {group.max}")
        if len(group.modifiers) < group.min:
            problems.append(f"group {group.id} asks for {group.min} of {len(group.modifiers)} options")
        if sum(modifier.is_default for modifier in group.modifiers) > group.max:
            problems.append(f"group {group.id} has more options chosen beforehand than the {group.max} it allows")
    problems += [f"{what} has a sign in its name that moves or hides the text after it" for what in _unclean(menu)]
    return [*problems, *_below_nothing(menu)]


def least_of(group: ModifierGroup) -> int:
    """The least that a choice allowed by a group adds to a price, in minor units; below nothing when it lowers it."""
    cheapest_first = sorted(modifier.price_minor for modifier in group.modifiers)
    counts = range(group.min, min(group.max, len(cheapest_first)) + 1)
    return min((sum(cheapest_first[: max(count - group.free_count, 0)]) for count in counts), default=0)


def _below_nothing(menu: Menu) -> Iterator[str]:
    """What a guest could choose and be owed money for: it would sell at nothing."""
    lowest = {group.id: least_of(group) for group in menu.groups}
    for item in menu.items:
        lowered_by = sum(lowest.get(id, 0) for id in item.group_ids)
        prices = {f"variant {variant.id} of item {item.id}": variant.price_minor for variant in item.variants}
        for what, price_minor in (prices or {f"item {item.id}": item.price_minor}).items():
            if price_minor < 0:
                yield f"{what} has a price below nothing"
            elif price_minor + lowered_by < 0:
                yield f"{what} costs less than nothing with its cheapest options"


def _unclean(menu: Menu) -> Iterator[str]:
    """Whose names would break a line of paper, or turn the price beside them around."""
    for item in menu.items:
        if not all(map(_is_one_line, (item.name, item.name_en, item.short_name, item.code))):
            yield f"item {item.id}"
    for what, names in (
        *((f"category {category.id}", (category.name, category.name_en)) for category in menu.categories),
        *((f"group {group.id}", (group.name, group.name_en)) for group in menu.groups),
        *(
            (f"option {m.id} of group {group.id}", (m.name, m.name_en))
            for group in menu.groups
            for m in group.modifiers
        ),
        *((f"variant {v.id} of item {item.id}", (v.name, v.name_en)) for item in menu.items for v in item.variants),
    ):
        if not all(map(_is_one_line, names)):
            yield what


def _repeated(menu: Menu) -> list[tuple[str, str]]:
    named: list[tuple[str, list[str]]] = [
        ("categories", [category.id for category in menu.categories]),
        ("items", [item.id for item in menu.items]),
        ("groups", [group.id for group in menu.groups]),
        *((f"options of {group.id}", [str(m.id) for m in group.modifiers]) for group in menu.groups),
        *((f"variants of {item.id}", [str(v.id) for v in item.variants]) for item in menu.items),
    ]
    return [(kind, id) for kind, ids in named for id in _more_than_once(ids)]


def _more_than_once(ids: Sequence[str]) -> list[str]:
    return sorted(id for id, times in Counter(ids).items() if times > 1)


def _ids(menu: Menu) -> Iterator[str]:
    """Every id that a device says when it asks for a line."""
    for item in menu.items:
        yield item.id
        yield from (variant.id for variant in item.variants)
    for group in menu.groups:
        yield group.id
        yield from (modifier.id for modifier in group.modifiers)
