"""How numbers and moments read on paper."""

from collections.abc import Callable
from datetime import date
from typing import Any

import msgspec

from shared.calendar import local_time

_SYMBOLS = {"ARS": "$", "USD": "US$", "EUR": "€", "UYU": "$U", "CLP": "$", "MXN": "$", "GBP": "£"}


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """The paper of one printer, and how the venue writes."""

    columns: int
    code_page: str = "PC858"
    language: str = "es-AR"
    timezone: str = "America/Argentina/Buenos_Aires"
    currency: str = "ARS"


def money(amount_minor: int, page: Page) -> str:
    """`$ 12.500`, with cents only when there are some; the minus stands before the sign."""
    symbol = _SYMBOLS.get(page.currency, page.currency)
    gap = "" if page.language == "en" and len(symbol) == 1 else " "
    return f"{'-' if amount_minor < 0 else ''}{symbol}{gap}{amount(abs(amount_minor), page)}"


def amount(amount_minor: int, page: Page) -> str:
    """The same without the currency."""
    units, cents = divmod(abs(amount_minor), 100)
    text = f"{units:,}" + (f".{cents:02d}" if cents else "")
    if page.language != "en":
        text = text.translate(str.maketrans(",.", ".,"))
    return f"-{text}" if amount_minor < 0 else text


def percent(rate_bp: int, page: Page) -> str:
    """`10,5%` of 1050 basis points."""
    units, rest = divmod(rate_bp, 100)
    text = f"{units}.{rest:02d}".rstrip("0").rstrip(".")
    return (text if page.language == "en" else text.replace(".", ",")) + "%"


def time(at_ms: int, page: Page) -> str:
    """`21:06`."""
    return local_time(at_ms, page.timezone).strftime("%H:%M")


def moment(at_ms: int, page: Page) -> str:
    """`5/3/2026 21:06`; in English `5 Mar 2026 21:06`, which no reader takes for the third of May."""
    at = local_time(at_ms, page.timezone)
    return f"{_date(at.date(), page)} {at:%H:%M}"


def day(business_day: str, page: Page) -> str:
    """A business day as a date."""
    return _date(date.fromisoformat(business_day), page)


def _date(one: date, page: Page) -> str:
    if page.language == "en":
        months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        return f"{one.day} {months[one.month - 1]} {one.year}"
    return f"{one.day}/{one.month}/{one.year}"


FILTERS: dict[str | None, Callable[[Any, Page], str]] = {
    "money": money,
    "amount": amount,
    "percent": percent,
    "time": time,
    "moment": moment,
    "day": day,
}
