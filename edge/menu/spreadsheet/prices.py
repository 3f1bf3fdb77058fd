"""Prices of a sheet beside each other and beside the menu in force: which look wrong, and which need a word. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from statistics import median

import msgspec

from edge.menu.spreadsheet.amounts import spoken
from edge.menu.spreadsheet.cells import Shown
from edge.menu.spreadsheet.rows import Row
from shared.menu import Menu

_FAR = 250  # times the common price of a category, or a hundredth of it: a thousand is the usual slip
_BEYOND = 150  # times the dearest or the cheapest of all the others
_FAR_OF_TWO = 500
_LEAP = 50  # times what it cost before
_LEAST_BEFORE_MINOR = 100  # a price of one was never meant


class Priced(msgspec.Struct, frozen=True, kw_only=True):
    """A price that a row gives, and what the menu in force says of the same."""

    row: Row
    column: str
    category_id: str
    amount_minor: int
    before_minor: int | None


def prices_before(menu: Menu) -> Mapping[tuple[str, str], int]:
    """The prices of a menu by item and variant; without a variant where there is none."""
    found = {(str(item.id), ""): item.price_minor for item in menu.items if not item.variants}
    return found | {(str(item.id), str(one.id)): one.price_minor for item in menu.items for one in item.variants}


def doubt_prices(prices: Sequence[Priced], comma: str) -> None:
    """Doubt what is far from its neighbours or from what it was, and tell what sells at nothing."""
    sold = [one for one in prices if one.amount_minor > 0]
    common = _common(sold)
    amounts = sorted(one.amount_minor for one in sold)
    for one in prices:
        if one.amount_minor == one.before_minor:
            continue
        if one.amount_minor == 0:
            one.row.note("free", one.column)
        elif one.before_minor and one.before_minor > _LEAST_BEFORE_MINOR:
            if _times(one.amount_minor, one.before_minor) >= _LEAP:
                before = spoken(one.before_minor, comma=comma)
                one.row.doubt("price_leap", one.column, before=before, price=spoken(one.amount_minor, comma=comma))
        else:
            typical = _far_from(one, common, amounts)
            if typical:
                code = "price_tiny" if one.amount_minor < typical else "price_huge"
                facts = {"typical": spoken(typical, comma=comma), "price": spoken(one.amount_minor, comma=comma)}
                one.row.doubt(code, one.column, **facts)


def tell_shown(row: Row, amount_minor: int, comma: str) -> None:
    """Tell how a number's format or a formula's dust differs from what is published."""
    value = row.cell("price")
    published = spoken(amount_minor, comma=comma)
    if isinstance(value, Shown) and value.number is not None:
        if value.kind == "thousands" or (value.kind == "rounded" and abs(float(value.text) - value.number) >= 1):
            row.doubt("shown_otherwise", "price", shown=value.text, price=published)
        elif value.kind == "rounded":
            row.note("shown_rounded", "price", shown=value.text, published=published)
    elif isinstance(value, float) and abs(value - amount_minor / 100) > 1e-7:
        row.note("price_rounded", "price", published=published)


def doubt_mixed_signs(rows: Iterable[Row]) -> None:
    """Doubt prices whose format says dollars of the United States, where that of others does not."""
    cells = [(row, row.cell("price")) for row in rows if row.has("price")]
    foreign = [(row, cell) for row, cell in cells if isinstance(cell, Shown) and cell.is_us_dollar]
    if len(foreign) < len(cells):
        for row, cell in foreign:
            row.doubt("mixed_signs", "price", shown=f"{cell.sign} (USD)", price=cell.text)


def _common(prices: Iterable[Priced]) -> dict[str, tuple[int, int]]:
    """The common price of each category, and how many it is of."""
    by_category: dict[str, list[int]] = {}
    for one in prices:
        by_category.setdefault(one.category_id, []).append(one.amount_minor)
    return {id: (int(median(amounts)), len(amounts)) for id, amounts in by_category.items()}


def _far_from(one: Priced, common: Mapping[str, tuple[int, int]], amounts: Sequence[int]) -> int:
    """The price that others have and this one is far from; 0 when it is not."""
    typical, count = common[one.category_id]
    if count > 2 and _times(one.amount_minor, typical) >= _FAR:
        return typical
    if len(amounts) == 2:
        return amounts[1] if one.amount_minor == amounts[0] and amounts[1] >= _FAR_OF_TWO * amounts[0] else 0
    cheapest, dearest = amounts[0], amounts[-1]
    next_up, next_down = amounts[min(1, len(amounts) - 1)], amounts[max(len(amounts) - 2, 0)]
    if one.amount_minor == cheapest and next_up >= _BEYOND * cheapest:
        return int(median(amounts))
    if one.amount_minor == dearest and dearest >= _BEYOND * next_down:
        return int(median(amounts))
    return 0


def _times(amount: int, other: int) -> float:
    """How many times the greater is of the smaller."""
    return max(amount, other) / max(min(amount, other), 1)
