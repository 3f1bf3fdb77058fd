"""Every document's template and the words they use, read once."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import msgspec

from edge.printing.layout import Template

_FOLDER = Path(__file__).parent
DOCUMENTS = ("kitchen", "change", "guest_check", "receipt", "x_report", "z_report", "no_sale", "missed", "test")


@cache
def template_of(document: str) -> Template:
    """The blocks of a document."""
    return msgspec.json.decode((_FOLDER / f"{document}.json").read_bytes(), type=Template)


@cache
def words_in(language: str) -> Mapping[str, str]:
    """What templates say in a language; Spanish for one that has no words."""
    words = msgspec.json.decode((_FOLDER / "words.json").read_bytes(), type=dict[str, dict[str, str]])
    return words.get(language, words["es-AR"])
