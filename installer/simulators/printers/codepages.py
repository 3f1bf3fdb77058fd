"""What a byte looks like on paper under each code page and national set."""

_CODECS = {0: "cp437", 2: "cp850", 16: "cp1252", 19: "cp858", 40: "iso8859_15"}

# ESC R replaces twelve ASCII signs. These are the sets met in Spanish-speaking countries, and the one that does nothing.
_REPLACED = "#$@[\\]^`{|}~"
_COUNTRIES = {
    7: "₧$@¡Ñ¿^`¨ñ}~",
    11: "#$á¡Ñ¿é`íñóú",
    12: "#$á¡Ñ¿éüíñóú",
}

NAMES = {0: "PC437", 2: "PC850", 16: "WPC1252", 19: "PC858", 40: "ISO8859-15"}


def decode(text: bytes, *, page: int, country: int) -> str:
    """One character a byte. A page this printer does not have prints as PC437, as after power-up."""
    shown = text.decode(_CODECS.get(page, "cp437"), errors="replace")
    replaced = _COUNTRIES.get(country)
    if replaced is None:
        return shown
    return shown.translate(str.maketrans(_REPLACED, replaced))


def decode_kanji(text: bytes) -> str:
    """What a printer left in its double-byte mode makes of Spanish: ideographs."""
    return text.decode("gb18030", errors="replace")
