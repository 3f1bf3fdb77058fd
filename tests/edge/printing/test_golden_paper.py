"""Paper as it was last looked at. After a wanted change: `GOLDEN=write pytest tests/edge/printing`, then read the diff."""

import os
from pathlib import Path
from typing import Any

import pytest
from paper_samples import ADJUSTED, DOCUMENTS, MOVED, paper, paper_bytes

from edge.printing.layout import Element, Line

FOLDER = Path(__file__).parents[2] / "golden" / "paper"
SAMPLES: dict[str, tuple[str, dict[str, Any]]] = {
    **{
        f"{document}_{columns}_{language}": (document, {"columns": columns, "language": language})
        for document in DOCUMENTS
        for columns, language in ((48, "es-AR"), (32, "es-AR"), (42, "en"))
    },
    "kitchen_repeated": ("kitchen", {"copies": 1, "backup_of": "Horno"}),
    "kitchen_asked_again": ("kitchen", {"facts": {**DOCUMENTS["kitchen"], "copy": 2}}),
    "change_moved": ("change", {"facts": MOVED}),
    **{
        f"{document}_adjusted_{columns}": (document, {"facts": facts, "columns": columns})
        for document, facts in ADJUSTED.items()
        for columns in (48, 32)
    },
    "receipt_copy": ("receipt", {"facts": {**DOCUMENTS["receipt"], "copy": 1}}),
    "receipt_repeated": ("receipt", {"copies": 1}),
    "z_report_two_days": ("z_report", {"facts": {**DOCUMENTS["z_report"], "last_day": "2026-03-06"}}),
    "guest_check_part_paid": (
        "guest_check",
        {"facts": {**DOCUMENTS["guest_check"], "paid_minor": 2000000, "balance_minor": 2310150}},
    ),
}


@pytest.mark.parametrize("name", SAMPLES)
def test_paper_says_what_it_said(name: str) -> None:
    document, more = SAMPLES[name]
    shown = as_text(paper(document, **more), more.get("columns", 48)).encode()
    assert shown.decode() == golden(f"{name}.txt", shown).decode()


@pytest.mark.parametrize("document", ["kitchen", "receipt"])
def test_paper_is_the_bytes_it_was(document: str) -> None:
    made = paper_bytes(document)
    assert made == golden(f"{document}.escpos", made)


def golden(name: str, made: bytes) -> bytes:
    """The file's content; what was made, when asked to write it."""
    path = FOLDER / name
    if os.environ.get("GOLDEN") == "write":
        path.write_bytes(made)
    return path.read_bytes()


def as_text(elements: tuple[Element, ...], columns: int) -> str:
    """Each line at its place, with the looks of its runs behind it: size, B for bold, I for white on black."""
    return "".join(f"{_shown(element, columns)}\n" for element in elements)


def _shown(element: Element, columns: int) -> str:
    if not isinstance(element, Line):
        return f"[QR {element.payload}]"
    text = "".join(run.text if run.width == 1 else " ".join(run.text) + " " for run in element.runs)
    spare = columns - element.columns
    text = " " * {"left": 0, "center": spare // 2, "right": spare}[element.align] + text
    looks = dict.fromkeys(
        f"{run.width}x{run.height}{'B' * run.is_bold}{'I' * run.is_inverse}" for run in element.runs if run.text.strip()
    )
    return f"{text:<{columns}} | {' '.join(looks)}".rstrip()
