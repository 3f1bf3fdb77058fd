"""Text that a printer's code page can show, and nothing else. One character is one column on paper.

What people type is no part of the printer's language: control bytes in a dish's note could open the drawer.
"""

import unicodedata
from functools import lru_cache

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
_WRITTEN_OUT = {"€": "EUR", "×": "x", "·": "-", "ª": "a", "º": "o", "°": "o", "ß": "ss", "Œ": "OE", "œ": "oe"}
_REPLACEMENT = "?"


@lru_cache(maxsize=4096)
def printable(text: str, code_page: str) -> str:
    """`text` with accents kept, typographic signs spelled plainly, emoji as `?`, and every control character gone."""
    kept: list[str] = []
    for sign in unicodedata.normalize("NFC", text).translate(_SPELLED):
        shown = _shown(sign, CODECS[code_page])
        # A family emoji is seven signs: one question mark is enough for a cook.
        if shown == _REPLACEMENT and sign != _REPLACEMENT and kept[-1:] == [_REPLACEMENT]:
            continue
        if shown:
            kept.append(shown)
    return "".join(kept)


def _shown(sign: str, codec: str) -> str:
    if " " <= sign <= "~":
        return sign
    # Cc control, Cf joiners and directions, Mn accents and variation selectors, Sk skin tones, Cs halves of pairs.
    if unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Cn", "Co", "Mn", "Me", "Sk", "Zl", "Zp"}:
        return ""
    if _fits(sign, codec):
        return sign
    if sign in _WRITTEN_OUT:
        return _WRITTEN_OUT[sign]
    bare = "".join(part for part in unicodedata.normalize("NFKD", sign) if not unicodedata.combining(part))
    if bare and all(" " <= part <= "~" for part in bare):
        return bare
    return _REPLACEMENT


def _fits(sign: str, codec: str) -> bool:
    try:
        encoded = sign.encode(codec)
    except UnicodeEncodeError:
        return False
    return len(encoded) == 1 and encoded[0] >= 0x80
