"""Cells of a thing to sell → the parts of a menu's item. Pure."""

from edge.menu.spreadsheet import words
from edge.menu.spreadsheet.amounts import minor_of
from edge.menu.spreadsheet.cells import BadCell, Value, key_of, slug
from edge.menu.spreadsheet.choices import choices_of, parts_of, reference_of
from edge.menu.spreadsheet.naming import MOST_ID
from edge.menu.spreadsheet.rows import one_of
from shared.ids import VariantId
from shared.menu import Variant


def price_of(value: Value, currency: str) -> int:
    """The price of a thing to sell: nothing or more.

    Raises:
        BadCell: as `minor_of`; `money_negative`.
    """
    amount_minor = minor_of(value, currency)
    if amount_minor < 0:
        raise BadCell("money_negative")
    return amount_minor


def variants_of(text: str, currency: str) -> tuple[Variant, ...]:
    """The sizes in a cell.

    Raises:
        BadCell: as `minor_of`; `choice_repeated`, `choice_priceless`, `choice_nameless`, `money_negative`, `too_long`.
    """
    found: list[Variant] = []
    listed = choices_of(text, currency)
    taken = {choice.id for choice in listed}
    names: set[str] = set()
    for choice in listed:
        id = choice.id or slug(choice.name, taken)
        is_repeated = any(variant.id == id for variant in found) or (not choice.id and key_of(choice.name) in names)
        if is_repeated:
            raise BadCell("choice_repeated", name=choice.name)
        if choice.price_minor is None:
            raise BadCell("choice_priceless", name=choice.name)
        if choice.price_minor < 0:
            raise BadCell("choice_negative", name=choice.name)
        if len(choice.name) > 80 or len(id) > MOST_ID:
            raise BadCell("too_long", most=80)
        taken.add(id)
        if not choice.id:
            names.add(key_of(choice.name))
        found.append(
            Variant(id=VariantId(id), name=choice.name, name_en=choice.name_en, price_minor=choice.price_minor)
        )
    return tuple(found)


def allergens_of(text: str) -> tuple[str, ...]:
    """The allergens in a cell, by any word for them.

    Raises:
        BadCell: `allergen_unknown`.
    """
    found = []
    for part in parts_of(text, "|,;"):
        code = one_of(words.ALLERGEN_WORDS, part)
        if not code:
            raise BadCell("allergen_unknown", name=part)
        found.append(code)
    return tuple(found)


def tags_of(text: str) -> tuple[str, ...]:
    """Tags of our own by any word for them; others as they stand, also in braces."""
    found = []
    for part in parts_of(text, "|,"):
        word, exactly = reference_of(part)
        found.append(exactly or one_of(words.TAG_WORDS, word) or word)
    return tuple(found)
