"""What `make types` writes by itself is right: an example of an op, and a table of words for codes."""

import json
from pathlib import Path

import pytest

from installer import goldens
from shared.errors import CODES, GUEST_CODES
from shared.ops import OPS, decode
from shared.schema import modules


def test_nothing_is_missing_now() -> None:
    assert list(goldens.missing()) == []


@pytest.mark.parametrize("kind", OPS)
def test_an_example_of_any_op_shows_every_field_and_decodes(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(goldens, "FOLDER", tmp_path)
    written = {file.name: text for file, text in goldens.missing()}
    op = decode(kind, written[f"{kind}.json"].encode())
    assert set(json.loads(written[f"{kind}.json"])) - {"type"} == set(op.__struct_fields__)
    assert op.subject


def test_an_op_that_grew_gets_a_second_file_and_the_first_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(goldens, "FOLDER", tmp_path)
    for file, text in goldens.missing():
        file.write_text(text)
    assert list(goldens.missing()) == []
    first = tmp_path / "check_moved.json"
    shorter = json.loads(first.read_text())
    del shorter["table_label"]
    first.write_text(json.dumps(shorter))
    assert [file.name for file, _ in goldens.missing()] == ["check_moved.2.json"]


def test_every_code_has_words_at_a_staff_screen_and_a_guest_only_those_that_a_guest_is_told() -> None:
    made = modules()
    assert all(f"  {code}: m.rejections_{code}," in made["rejections-staff.ts"] for code in CODES)
    assert set(CODES) >= GUEST_CODES
    assert "needs_manager" not in made["rejections-guest.ts"]
