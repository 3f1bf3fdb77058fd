"""Text that a printer's code page can show, and nothing else. One character is one column on paper.

What people type is no part of the printer's language: control bytes in a dish's note could open the drawer. What a page
lacks is written with the letters it has: a fraction with a stroke, another script by how it sounds, a picture by its name.
"""

import unicodedata
from functools import lru_cache

from anyascii import anyascii

CODECS = {"PC437": "cp437", "PC850": "cp850", "PC858": "cp858", "WPC1252": "cp1252", "ISO8859-15": "iso8859_15"}

_SPELLED = str.maketrans(
    {
        "‘": "'", "’": "'", "‚": "'", "‛": "'", "′": "'", "“": '"', "”": '"', "„": '"', "″": '"',
        "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-", "…": "...", "•": "*",
        "→": "->", "←": "<-", "\t": " ", "\n": " ", "\r": " ",
        # Spaces of other widths.
        "\u00a0": " ", "\u2002": " ", "\u2003": " ", "\u2007": " ", "\u2008": " ", "\u2009": " ", "\u200a": " ",
        "\u202f": " ", "\u205f": " ", "\u3000": " ",
    }
)  # fmt: skip
#: Signs that a page may lack, and how they are then written.
_WRITTEN_OUT = {
    "€": "EUR", "₲": "Gs", "₡": "CRC", "₱": "PHP", "¥": "JPY", "£": "GBP", "¢": "c", "×": "x", "÷": "/", "·": "-",
    "ª": "a", "º": "o", "°": "o", "ß": "ss", "Œ": "OE", "œ": "oe", "Æ": "AE", "æ": "ae", "Ø": "O", "ø": "o",
    "Ð": "D", "ð": "d", "Þ": "TH", "þ": "th", "‰": "o/oo",
}  # fmt: skip
_REPLACEMENT = "?"
#: Marks on letters, which a page has with its letter or not at all, and signs that are seen only with others.
_MARKS = {"Mn", "Me", "Mc", "Lm", "Sk"}
_LATIN = "ªºµ"
_UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}


@lru_cache(maxsize=4096)
def printable(text: str, code_page: str) -> str:
    """`text` with accents kept, typographic signs spelled plainly, and every control character gone.

    What says something is never nothing on paper: a text none of whose signs has a name is `?`.
    """
    text = unicodedata.normalize("NFC", text).translate(_SPELLED)
    if _is_whole(text, CODECS[code_page]):
        return text
    kept = ""
    word_at = 0  # where the reading of a Chinese sign ended: each is a word of its own
    for sign in text:
        shown = _shown(sign, CODECS[code_page])
        # A family emoji may be seven signs: one question mark is enough for a cook.
        if not shown or (shown == _REPLACEMENT and sign != shown and kept.endswith(_REPLACEMENT)):
            continue
        is_word = "CJK" in unicodedata.name(sign, "") and shown.isalpha()
        if kept and kept[-1].isalnum() and (is_word or word_at == len(kept)) and shown[0].isalnum():
            kept += " "
        elif kept and kept[-1].isdigit() and shown != sign and shown[0].isdigit():
            kept += " "  # one and a half is no eleven halves
        kept += shown
        word_at = len(kept) if is_word else 0
    return kept if kept.strip() or not text.strip() else _REPLACEMENT


def is_legible(text: str, code_page: str) -> bool:
    """Whether paper shows the letters that were typed, accents apart, and not how they sound or what a picture is."""
    codec = CODECS[code_page]
    return text.isascii() or not any(
        unicodedata.category(sign) in {"Ll", "Lu", "Lt", "Lo", "So", "Co", "Cn"}
        and not (_fits(sign, codec) or sign in _WRITTEN_OUT or _bare(sign))
        for sign in unicodedata.normalize("NFC", text).translate(_SPELLED)
        if not " " <= sign <= "~"
    )


def _is_whole(text: str, codec: str) -> bool:
    """Whether the page has every sign, told at once: most text is so."""
    if not text.isprintable() or codec == "cp437":  # the one page with half an alphabet
        return text.isascii() and text.isprintable()
    try:
        text.encode(codec)
    except UnicodeEncodeError:
        return False
    return True


def _shown(sign: str, codec: str) -> str:
    if " " <= sign <= "~":
        return sign
    category = unicodedata.category(sign)
    if category in _UNSEEN:
        return ""
    if _fits(sign, codec):
        return sign
    return _WRITTEN_OUT.get(sign) or _bare(sign) or _read(sign, category)


def _bare(sign: str) -> str:
    """The letters without their accents, or ""."""
    if unicodedata.category(sign) in _MARKS:
        return ""
    bare = "".join(part for part in unicodedata.normalize("NFKD", sign) if not unicodedata.combining(part))
    return bare if bare and all(" " <= part <= "~" for part in bare) else ""


def _read(sign: str, category: str) -> str:
    """How a sign of another script sounds, or what a picture shows."""
    read = "".join(part for part in anyascii(sign) if " " <= part <= "~")
    if read.startswith(":") and read.endswith(":") and len(read) > 2:
        return f"({read.strip(':').replace('_', ' ')})"
    return read or ("" if category in _MARKS or category[0] == "L" else _REPLACEMENT)


def _fits(sign: str, codec: str) -> bool:
    """Whether the page has the sign. Half an alphabet is none: PC437 has some of the Greek letters."""
    if (
        unicodedata.category(sign) in {"Ll", "Lu", "Lo"}
        and sign not in _LATIN
        and "LATIN" not in unicodedata.name(sign, "")
    ):
        return False
    try:
        encoded = sign.encode(codec)
    except UnicodeEncodeError:
        return False
    return len(encoded) == 1 and encoded[0] >= 0x80
