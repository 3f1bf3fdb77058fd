"""A number of a workbook and how its format shows it: a percentage, money of somewhere, fewer or more decimals. Pure."""

import re

from edge.menu.spreadsheet.amounts import sign_of_format
from edge.menu.spreadsheet.cells import Shown, Value

_NOT_DIGITS = re.compile(r"\"[^\"]*\"|\[[^\]]*\]|\\.|_.|\*.")
_US_DOLLAR = re.compile(r"\[\$\$-(?:en-US|0*409)\]", re.IGNORECASE)
_PLACES = re.compile(r"[#0?,]*[#0?](?:\.([#0?]+))?(,*)")


def shown_number(number: float, number_format: str) -> Value:
    """The plain number, or what a person sees when that says something else: 12.5 shown as 12.500, US$ 40, 21 %."""
    section = number_format.split(";")[0]
    bare = _NOT_DIGITS.sub("", section)
    if "%" in bare:
        return Shown(kind="percent", text=f"{_short(number * 100)}%", number=number)
    sign = sign_of_format(section)
    text = _shown(number, bare)
    is_us_dollar = bool(_US_DOLLAR.search(section))
    if text and float(text.replace(" ", "")) != round(number, 4):
        return Shown(kind="rounded", text=text, number=number, sign=sign, is_us_dollar=is_us_dollar)
    if text and len(text.rpartition(".")[2]) == 3 and "." in text and abs(number) < 1000 and number:
        return Shown(kind="thousands", text=text, number=number, sign=sign, is_us_dollar=is_us_dollar)
    return (
        Shown(kind="money", text=f"{sign} {_short(number)}", number=number, sign=sign, is_us_dollar=is_us_dollar)
        if sign
        else number
    )


def _shown(number: float, bare: str) -> str:
    """The digits that a format shows; empty when it is none of digits alone."""
    found = _PLACES.search(bare)
    if found is None or "e" in bare.casefold() or "/" in bare or bare.casefold().startswith("general"):
        return ""
    decimals = found[1] or ""
    least = decimals.count("0")
    text = f"{number / 1000 ** len(found[2]):.{len(decimals)}f}"
    whole, mark, rest = text.partition(".")
    rest = rest[:least] + rest[least:].rstrip("0")
    return f"{whole}{mark if rest else ''}{rest}"


def _short(number: float) -> str:
    return f"{number:.6f}".rstrip("0").rstrip(".")
