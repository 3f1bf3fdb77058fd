"""Prices in cells, as people write them in the venue's currency; another currency is never taken for it. Pure."""

import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from decimal import Decimal

from edge.menu.spreadsheet.cells import BadCell, Shown, Value, key_of, text_of
from edge.menu.spreadsheet.texts import cell_kind_of, unseen_dropped

MOST_MINOR = 1_000_000_000_00

#: Currencies by the signs and words that name them; a peso's plain $ is below.
_SIGNS: Mapping[str, tuple[str, ...]] = {
    "ARS": ("ars", "ar$", "$ar", "a$", "$a", "m/n", "m$n"),
    "USD": ("usd", "us$", "u$s", "u$d", "u$", "usd$", "us", "$us", "dolar", "dolares", "dollar", "dollars", "dls", "usdt"),
    "EUR": ("eur", "€", "euro", "euros", "eu"),
    "BRL": ("brl", "r$", "real", "reais", "reales"),
    "GBP": ("gbp", "£", "libra", "libras", "pound", "pounds"),
    "UYU": ("uyu", "$u", "uy$", "$uy"),
    "CLP": ("clp", "cl$", "clp$"),
    "MXN": ("mxn", "mx$", "mx"),
    "COP": ("cop", "col$", "cop$"),
    "PEN": ("pen", "s/", "s/.", "sol", "soles"),
    "PYG": ("pyg", "₲", "gs", "guarani", "guaranies"),
    "BOB": ("bob", "bs", "boliviano", "bolivianos"),
    "CAD": ("cad", "ca$", "c$"), "AUD": ("aud", "au$"), "CHF": ("chf", "fr", "francos"),
    "JPY": ("jpy", "¥", "yen", "yenes"), "CNY": ("cny", "rmb", "yuan"), "ILS": ("ils", "₪"),
    "INR": ("inr", "₹", "rs", "rupias"), "CRC": ("crc", "₡"), "BTC": ("btc", "₿", "sats"),
    "KRW": ("krw", "₩"), "RUB": ("rub", "₽"), "TRY": ("try", "₺"),
}  # fmt: skip
_OF_SIGN = {sign: currency for currency, signs in _SIGNS.items() for sign in signs}
_DOLLAR_SIGNED = frozenset({"ARS", "USD", "UYU", "CLP", "MXN", "COP", "CAD", "AUD", "DOP", "NZD", "BRL"})
_PESOS = frozenset({"ARS", "UYU", "CLP", "MXN", "COP", "DOP"})
_NO_CURRENCY = frozenset(
    {"", "us", "mx", "eu", "real", "reales", "sol", "soles", "fr", "rs", "ps", "try", "cad", "sats"}
)  # words too
_PESO_WORDS = frozenset({"pesos", "peso", "ps"})
_OPEN = frozenset(
    {"consultar", "a consultar", "consulte", "consultar precio", "variable", "s/p", "sp", "sin precio", "s/d",
     "segun mercado", "segun peso", "precio del dia", "del dia", "a convenir", "market price", "market", "mp", "m/p", "ask",
     "tbd", "open", "open price", "n/a", "na", "-", "--", "—", "?", "??", "???", "x", "gratis", "free", "sin cargo",
     "incluido", "incluida", "included", "a consulta", "sob consulta", "cortesia"}
)  # fmt: skip
_SCIENTIFIC = re.compile(r"[+-]?\d[\d.,]*e[+-]?\d+", re.IGNORECASE)
_SPACES = re.compile("[\u00a0\u2000-\u200a\u202f\u205f\u3000 ]+")
_TOKEN = re.compile(r"[^\d.,'’´()+\-\s]+(?:[./][^\d.,'’´()+\-\s]+)*\.?")
_WHOLE = re.compile(r"([+-]?)\0?([+-]?)(\(?)\0?(\d[\d.,' ]*?)(?:[.,]-+)?\0?(\)?)")
_GROUPED = re.compile(r"\d{1,3}([.,' ])\d{3}(?:\1\d{3})*")
_SHOWN_SIGN = re.compile(r"\[\$([^\]-]*)(?:-[^\]]*)?\]|\"([^\"]*)\"|\\(.)|([$€£¥₲])")


def minor_of(value: Value, currency: str = "ARS") -> int:
    """A price in minor units: `12.500,50`, `12500.5`, `$ 12.500` and 12500.5 are understood.

    Raises:
        BadCell: `not_money`, `money_decimals`, `money_range`, `money_foreign`, `money_percent`, `several_prices`,
            `price_open`, `cell_is_date`, `cell_is_error`, `cell_is_logical`.
    """
    if isinstance(value, bool):
        raise BadCell("cell_is_logical")
    if isinstance(value, Shown):
        amount = _shown(value, currency) * 100
    elif isinstance(value, str):
        amount = _written(value, currency) * 100
    else:
        amount = number_of(value) * 100
    if amount != amount.to_integral_value():
        raise BadCell("money_decimals")
    if abs(amount) > MOST_MINOR:
        raise BadCell("money_range")
    return int(amount)


def money(amount_minor: int, *, comma: str) -> str:
    """A price without thousands, so that any spreadsheet takes it for a number: 12500,50."""
    whole, cents = divmod(abs(amount_minor), 100)
    sign = "-" if amount_minor < 0 else ""
    return f"{sign}{whole}{comma}{cents:02}" if cents else f"{sign}{whole}"


def spoken(amount_minor: int, *, comma: str) -> str:
    """A price as it is said in a report: 12.500,50 with a comma, 12,500.50 with a point."""
    whole, mark, cents = money(amount_minor, comma=".").partition(".")
    grouped = f"{int(whole):,}" if whole.lstrip("-") else whole
    text = ("-" if whole == "-0" else "") + grouped + mark + cents
    return text if comma == "." else text.translate({ord(","): ".", ord("."): ","})


def rate_of(value: Value) -> int:
    """A rate in basis points: `21`, `21%`, `10,5` and a spreadsheet's own 0.105 are understood.

    Raises:
        BadCell: `not_rate`.
    """
    if isinstance(value, bool):
        raise BadCell("not_rate")
    try:
        number = _rate_number(value)
    except BadCell:
        raise BadCell("not_rate") from None
    if "%" not in text_of(value) and 0 < number < 1:
        number *= 100
    basis_points = number * 100
    if basis_points != basis_points.to_integral_value() or not 0 <= basis_points <= 10_000:
        raise BadCell("not_rate")
    return int(basis_points)


def rate(rate_bp: int, *, comma: str) -> str:
    """A rate as a percentage: 10,5%."""
    whole, rest = divmod(rate_bp, 100)
    return f"{whole}{comma}{rest:02}".rstrip("0") + "%" if rest else f"{whole}%"


def number_of(value: float) -> Decimal:
    """A number of a workbook without the dust of a formula: 1210.0000000000002 and 12500.000001 are whole.

    Raises:
        BadCell: `not_money` when it is none.
    """
    if not math.isfinite(value):
        raise BadCell("not_money")
    return Decimal(str(round(value, 4)))


def currency_named(heading: str, currency: str) -> tuple[str, str]:
    """A heading without the words and signs of money in it, and the other currency that they name, if any.

    `Precio (US$)` is `Precio` in USD; `Precio ($)` is `Precio` in the venue's own.
    """
    foreign, rest = "", []
    for word in re.split(r"[\s()\[\]]+", heading):
        named = "" if key_of(word) in _NO_CURRENCY else _named(key_of(word).strip(".:;*"), currency)
        if named and named != currency:
            foreign = foreign or named
        if not named:
            rest.append(word)
    return " ".join(rest).strip(), foreign


def sign_of_format(number_format: str) -> str:
    """The currency signs that a cell's format puts beside its number: `US$` of `[$US$-409] #,##0`."""
    section = number_format.split(";")[0]
    return "".join(part for found in _SHOWN_SIGN.findall(section) for part in found).strip()


def _shown(value: Shown, currency: str) -> Decimal:
    if value.kind == "percent":
        raise BadCell("money_percent")
    if value.number is None:
        raise BadCell(f"cell_is_{value.kind}")
    _check_signs(_TOKEN.findall(_folded(value.sign)), currency)
    return number_of(value.number)


def _rate_number(value: Value) -> Decimal:
    if isinstance(value, str):
        text = "".join(value.replace("%", "").split()).removeprefix("'")
        if not re.fullmatch(r"\d[\d.,]*", text):
            raise BadCell("not_rate")
        return _unsigned(text)
    if not isinstance(value, Shown):
        return number_of(value)
    if value.number is None:
        raise BadCell("not_rate")
    return number_of(value.number * 100 if value.kind == "percent" else value.number)


def _written(text: str, currency: str) -> Decimal:
    """The number in a text, once its currency is known to be the venue's."""
    text = _SPACES.sub(" ", unseen_dropped(text).replace("−", "-").replace("’", "'").replace("´", "'")).strip()
    text = text.removeprefix("'").strip()
    kind = cell_kind_of(text)
    if kind:
        raise BadCell(f"cell_is_{kind}")
    if _SCIENTIFIC.fullmatch(text):
        raise BadCell("not_money")
    if key_of(text).strip(" .") in _OPEN or key_of(text) in _OPEN:
        raise BadCell("price_open")
    plain = _folded(text)
    is_several = len(re.findall(r"\d[\d.,']*", plain)) > 1
    _check_signs(_TOKEN.findall(plain), currency, is_several=is_several)
    bare = re.sub(r"\s*\0\s*", "\0", _TOKEN.sub("\0", plain))
    bare = re.sub("\0+", "\0", re.sub(r"([+-])\s+", r"\1", bare)).strip()
    found = _WHOLE.fullmatch(bare)
    if not found or bool(found[3]) != bool(found[5]):
        raise BadCell("several_prices" if is_several else "not_money")
    is_negative = "-" in (found[1], found[2]) or bool(found[3])
    return (-1 if is_negative else 1) * _unsigned(found[4].strip())


def _check_signs(tokens: Sequence[str], currency: str, *, is_several: bool = False) -> None:
    """Go on only when every sign beside a number is the venue's currency."""
    for token in tokens:
        named = _named(token, currency)
        if not named:
            raise BadCell("several_prices" if is_several else "not_money")
        if named != currency:
            raise BadCell("money_foreign", currency=named)


def _named(token: str, currency: str) -> str:
    """The currency that a sign or word names; the venue's for a plain $ where money is written so."""
    token = token if token in _OF_SIGN else token.rstrip(".")
    if token in _OF_SIGN:
        return _OF_SIGN[token]
    if token in _PESO_WORDS:
        return currency if currency in _PESOS else "ARS"
    if token == "$":
        return currency if currency in _DOLLAR_SIGNED else "USD"
    return _OF_SIGN.get(token.strip("$"), "")


def _unsigned(text: str) -> Decimal:
    """Which of dot and comma is the decimal one: the last if there are both; a lone one unless three digits follow."""
    if " " in text or "'" in text:
        return _unsigned(_closed_up(text))
    last = max(text.rfind("."), text.rfind(","))
    if last < 0:
        return Decimal(text)
    mark = text[last]
    has_both = "." in text and "," in text
    if not has_both and _GROUPED.fullmatch(text) and not text.startswith("0"):
        return Decimal(text.replace(mark, ""))
    head, tail = text[:last], text[last + 1 :]
    if mark in head or not tail:
        raise BadCell("not_money")
    if has_both and not _GROUPED.fullmatch(head):
        raise BadCell("not_money")
    if len(tail) == 3:
        raise BadCell("money_decimals")  # thousands, or a third decimal: nobody can tell
    return round(Decimal(f"{re.sub('[.,]', '', head)}.{tail}"), 4)


def _closed_up(text: str) -> str:
    """The number without the spaces or apostrophes that divide its thousands; other spaces divide two prices."""
    head, mark, tail = re.fullmatch(r"([^.,]*)([.,]?)(.*)", text, re.DOTALL).groups()  # type: ignore[union-attr]
    if not _GROUPED.fullmatch(head):
        raise BadCell("several_prices" if " " in text else "not_money")
    if not re.fullmatch(r"\d*", tail):
        raise BadCell("not_money")
    return re.sub("[ ']", "", head) + (f"{mark}{tail}" if mark else "")


def _folded(text: str) -> str:
    """Small letters without accents. Raised digits stay raised: 12.500⁰⁰ is no 12.50000."""
    return "".join(c for c in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(c))
