"""What is wrong with a text that came from elsewhere: letters lost on the way, signs nobody sees, dates. Pure."""

import re
import unicodedata
from collections.abc import Mapping

from edge.menu.spreadsheet.cells import key_of

#: Marks without a shape of their own. The joiner of emoji, and of letters in some scripts, is not among them.
_UNSEEN = re.compile("[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]")
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_DAY = r"\d{1,2}"
_MONTH = (
    "ene(?:ro)?|feb(?:rero)?|mar(?:zo)?|abr(?:il)?|may(?:o)?|jun(?:io)?|jul(?:io)?|ago(?:sto)?|sept?(?:iembre)?|"
    "oct(?:ubre)?|nov(?:iembre)?|dic(?:iembre)?|jan(?:uary)?|apr(?:il)?|aug(?:ust)?|dec(?:ember)?|fev|set|out|dez|mai|"
    "february|march|june|july|september|october|november"
)
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:\s*[ap]\.?\s?m\.?)?"
_DATE = re.compile(
    rf"(?:\d{{4}}-\d{{2}}-\d{{2}}|{_DAY}[/.-]{_DAY}[/.-](?:\d{{4}}|\d{{2}})|{_DAY}[ /-](?:{_MONTH})\.?(?:[ /-]\d{{2,4}})?"
    rf"|(?:{_MONTH})\.?-\d{{2,4}})(?:[t ]+{_CLOCK})?z?|{_CLOCK}"
)
_ERROR = re.compile(r"#[¡¿]?[a-záéíóúñ/0]+[!?]?|#{3,}", re.IGNORECASE)
_ERRORS = frozenset(
    {"ref", "n/a", "n/d", "nd", "na", "div/0", "valor", "value", "nombre", "name", "null", "nulo", "num", "spill",
     "desbordamiento", "calc", "nome", "campo", "field", "getting_data"}
)  # fmt: skip
_LOGICAL = frozenset({"true", "false", "verdadero", "falso", "verdadeiro"})
_LOST_TO_QUESTION = re.compile(r"\w\?\w|(?:^|\s)\?\w|\w\?\s+[a-záéíóúñ]")
_HALF_MENDED = re.compile("[a-zà-ÿ][ÃÂ]|Ã[a-zà-ÿ]|Â(?![A-Za-zÀ-ÿ])|[├┬√]")


def unseen_dropped(text: str) -> str:
    """The text without the marks that nobody sees: zero width, directions, soft hyphens."""
    return _UNSEEN.sub("", text) if not text.isascii() else text


def lines_of(text: str) -> str:
    """The text with one kind of line end."""
    return _LINE_ENDS.sub("\n", text)


def mended(text: str) -> str:
    """The letters of a text whose UTF-8 was read as another encoding, once or several times: purÃ© is puré."""
    if text.isascii():
        return text
    for _ in range(3):
        before = text
        for pattern, bytes_of in _MISREAD:
            text = pattern.sub(lambda found, table=bytes_of: _as_utf8(found[0], table), text)  # type: ignore[misc]
        if text == before:
            break
    return text


def fault_of(text: str) -> str:
    """Why a text cannot be a name or a description, as a code of `reasons.REASONS`; empty when it can."""
    if any(unicodedata.category(letter) == "Cc" and letter not in "\n\t" for letter in text):
        return "control_character"
    if "\ufffd" in text:
        return "lost_letter"
    return ""


def cell_kind_of(text: str) -> str:
    """What a program wrote into a cell that a person meant otherwise: a date, an error, a yes; else empty."""
    key = key_of(text)
    if _DATE.fullmatch(key):
        return "date"
    if _ERROR.fullmatch(text.strip()) and (key.strip("#!?¡¿") in _ERRORS or not key.strip("#")):
        return "error"
    return "logical" if key in _LOGICAL else ""


def is_doubtful(text: str) -> bool:
    """Whether a letter of a name seems lost: a question mark inside, or a rest of another encoding."""
    has_lost = "¿" not in text and _LOST_TO_QUESTION.search(text)
    return bool(has_lost or _HALF_MENDED.search(text))


def _as_utf8(text: str, bytes_of: Mapping[str, int]) -> str:
    try:
        return bytes(bytes_of[letter] for letter in text).decode()
    except UnicodeDecodeError:
        return text


def _misread(page: str) -> tuple[re.Pattern[str], Mapping[str, int]]:
    """What UTF-8 looks like when it is read under a page: western letters, typographic marks and emoji."""
    table: dict[str, int] = {}
    for byte in range(0x80, 0x100):
        try:
            table[bytes([byte]).decode(page)] = byte
        except UnicodeDecodeError:
            table[chr(byte)] = byte
    letter = {byte: re.escape(sign) for sign, byte in table.items()}
    rest = "[" + "".join(letter[byte] for byte in range(0x80, 0xC0)) + "]"
    latin = f"[{letter[0xC2]}{letter[0xC3]}]{rest}"
    marks = f"{letter[0xE2]}(?:{letter[0x80]}{rest}|{letter[0x82]}{letter[0xAC]})|{letter[0xEF]}{letter[0xBB]}{letter[0xBF]}"
    emoji = f"{letter[0xF0]}{letter[0x9F]}{rest}{{2}}"
    return re.compile(f"{latin}|{marks}|{emoji}"), table


_MISREAD = tuple(_misread(page) for page in ("cp1252", "cp850", "mac_roman"))
