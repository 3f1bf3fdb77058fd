"""A restaurant's menu and orders as two CSV files: what each row says, and why a row cannot be used. Pure.

Real files are dirty. These have a byte-order mark, lines that name an item that does not exist, and dates in two forms:
`3/31/23` is month/day/year, `2023-02-01` is year-day-month, the second of January.
"""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation

import msgspec

MENU_COLUMNS = ("menu_item_id", "item_name", "category", "price")
ORDER_COLUMNS = ("order_details_id", "order_id", "order_date", "order_time", "item_id")

LONGEST_NAME = 80
MOST_PRICE = 1_000_000
FIRST_YEAR = 1980
SAME_ID = "an earlier row has the same id"

_YEAR_DAY_MONTH = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


class WrongFile(Exception):
    """The file is not of the form that is expected; the message says what is missing."""


class Item(msgspec.Struct, frozen=True):
    """A menu row: price in minor units. `key` is its id as a venue takes it, whatever the file calls it."""

    key: str
    name: str
    category: str
    price_minor: int


class OrderLine(msgspec.Struct, frozen=True):
    """A usable row of the orders file."""

    row: int
    item: Item


class Order(msgspec.Struct, frozen=True):
    """The usable rows of one order. `at` is the restaurant's local time."""

    id: str
    at: datetime
    lines: tuple[OrderLine, ...]


class Refused(msgspec.Struct, frozen=True):
    """A row that could not be used. Rows count from 1, the heading is row 1."""

    file: str
    row: int
    values: str
    reason: str


class DayFigures(msgspec.Struct, frozen=True):
    """What the files say of one day."""

    lines: int = 0
    quantity: int = 0
    revenue_minor: int = 0


def read_items(text: str) -> tuple[dict[str, Item], list[Refused]]:
    """Menu rows by id.

    Raises:
        WrongFile: a column is missing.
    """
    items: dict[str, Item] = {}
    refused: list[Refused] = []
    for row, values in _rows(text, MENU_COLUMNS, "menu"):
        reason = _why_no_item(values, items)
        if reason:
            refused.append(Refused("menu", row, ",".join(values.values()), reason))
        else:
            price_minor = int(Decimal(values["price"]) * 100)
            item = Item(f"row-{row}", values["item_name"], values["category"], price_minor)
            items[values["menu_item_id"]] = item
    return items, refused


def read_orders(text: str, items: Mapping[str, Item]) -> tuple[list[Order], list[Refused]]:
    """Orders by time, and the rows that could not be used.

    Raises:
        WrongFile: a column is missing.
    """
    refused: list[Refused] = []
    lines: defaultdict[str, list[OrderLine]] = defaultdict(list)
    times: dict[str, datetime] = {}
    rows_seen: set[str] = set()
    for row, values in _rows(text, ORDER_COLUMNS, "orders"):
        order_id = values["order_id"]
        at = _moment(values["order_date"], values["order_time"])
        reason = _why_no_line(values, items, at, times.get(order_id))
        if values["order_details_id"] and values["order_details_id"] in rows_seen:
            reason = SAME_ID
        rows_seen.add(values["order_details_id"])
        if reason or at is None:
            refused.append(Refused("orders", row, ",".join(values.values()), reason))
            continue
        times[order_id] = at
        lines[order_id].append(OrderLine(row, items[values["item_id"]]))
    orders = [Order(id, times[id], tuple(of_order)) for id, of_order in lines.items()]
    return sorted(orders, key=lambda order: (order.at, int(order.id) if order.id.isdecimal() else 0)), refused


def count_orders(text: str) -> int:
    """How many orders the file names, usable or not."""
    return len({values["order_id"] for _, values in _rows(text, ORDER_COLUMNS, "orders") if values["order_id"]})


def figures_by_day(orders: Iterable[Order], cutover_hour: int) -> dict[str, DayFigures]:
    """Lines, items and revenue by business day; a day runs from its cut-over hour to the next day's."""
    days: defaultdict[str, DayFigures] = defaultdict(DayFigures)
    for order in orders:
        day = business_day(order.at, cutover_hour)
        before = days[day]
        days[day] = DayFigures(
            before.lines + len(order.lines),
            before.quantity + len(order.lines),
            before.revenue_minor + sum(line.item.price_minor for line in order.lines),
        )
    return dict(days)


def business_day(at: datetime, cutover_hour: int) -> str:
    """The day, as `2023-01-02`, that a local time counts to."""
    return datetime.fromordinal(at.toordinal() - (at.hour < cutover_hour)).date().isoformat()


def _rows(text: str, columns: tuple[str, ...], file: str) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows that are not empty, by the number that a spreadsheet shows beside them."""
    plain = text.removeprefix("\ufeff")
    heading, _, _ = plain.partition("\n")
    rows = csv.reader(io.StringIO(plain), delimiter=max(",;\t", key=heading.count))
    try:
        names = [name.strip().lower() for name in next(rows, [])]
        missing = [column for column in columns if column not in names]
        if missing:
            raise WrongFile(f"the {file} file has no column {', '.join(missing)}")
        places = {column: names.index(column) for column in columns}
        for row, cells in enumerate(rows, start=2):
            if any(cell.strip() for cell in cells):
                yield row, {name: cells[at].strip() if at < len(cells) else "" for name, at in places.items()}
    except csv.Error as error:
        raise WrongFile(f"the {file} file is damaged, or no CSV: {error}") from None


def _why_no_item(values: Mapping[str, str], items: Mapping[str, Item]) -> str:
    if not values["menu_item_id"] or not values["item_name"]:
        return "the item has no id or no name"
    if values["menu_item_id"] in items:
        return SAME_ID
    try:
        price = Decimal(values["price"])
    except InvalidOperation:
        return "the price is not a number"
    if not price.is_finite() or not 0 <= price <= MOST_PRICE or price != price.quantize(Decimal("0.01")):
        return "the price is negative, beyond all measure or has fractions of a cent"
    if max(len(values["item_name"]), len(values["category"])) > LONGEST_NAME:
        return f"a name is longer than {LONGEST_NAME} characters"
    return ""


def _why_no_line(
    values: Mapping[str, str], items: Mapping[str, Item], at: datetime | None, before: datetime | None
) -> str:
    if not values["order_id"]:
        return "the row names no order"
    if at is None:
        return "the date or the time cannot be read"
    if values["item_id"] not in items:
        return f"no item has the id {values['item_id'] or '(empty)'}"
    if before is not None and before != at:
        return "the order has another time in an earlier row"
    return ""


def _moment(day: str, time: str) -> datetime | None:
    match = _YEAR_DAY_MONTH.fullmatch(day)
    plain = day
    if match:
        year, day_of_month, month = match.groups()
        plain = f"{month}/{day_of_month}/{year[2:]}"
    try:
        at = datetime.strptime(f"{plain} {time}", "%m/%d/%y %I:%M:%S %p")
    except ValueError:
        return None
    return at if at.year >= FIRST_YEAR else None
