"""Change notes become a section of the changelog."""

import pytest

from installer.release import WrongNote, joined


def test_notes_stand_by_kind_and_name_under_version_and_day() -> None:
    notes = {"b.md": "fixed\nPaper comes out\nonce.", "a.md": "added\nA till.", "c.md": "added\nA kitchen."}
    assert joined(notes, version="2026.11.0", day="2026-11-25") == (
        "## 2026.11.0 · 2026-11-25\n\n### Added\n\n- A till.\n- A kitchen.\n\n### Fixed\n\n- Paper comes out once.\n"
    )


@pytest.mark.parametrize("text", ["improved\nThings.", "added\n", ""])
def test_a_note_of_another_form_is_refused_by_name(text: str) -> None:
    with pytest.raises(WrongNote, match=r"note\.md"):
        joined({"note.md": text}, version="2026.11.0", day="2026-11-25")
