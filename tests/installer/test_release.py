"""Change notes become a section of the changelog."""

from pathlib import Path

import pytest

from installer.release import WrongNote, joined, main


def test_notes_stand_by_kind_and_name_under_version_and_day() -> None:
    notes = {"b.md": "fixed\nPaper comes out\nonce.", "a.md": "added\nA till.", "c.md": "added\nA kitchen."}
    assert joined(notes, version="2026.11.0", day="2026-11-25") == (
        "## 2026.11.0 · 2026-11-25\n\n### Added\n\n- A till.\n- A kitchen.\n\n### Fixed\n\n- Paper comes out once.\n"
    )


@pytest.mark.parametrize("text", ["improved\nThings.", "added\n", ""])
def test_a_note_of_another_form_is_refused_by_name(text: str) -> None:
    with pytest.raises(WrongNote, match=r"note\.md"):
        joined({"note.md": text}, version="2026.11.0", day="2026-11-25")


def a_project(folder: Path) -> Path:
    (folder / "docs" / "changes").mkdir(parents=True)
    (folder / "docs" / "changes" / "tips.md").write_text(
        "fixed\nTips are whole.\nBefore you upgrade: close the day.\n", encoding="utf-8"
    )
    (folder / "CHANGELOG.md").write_text("# Changelog\n\nBy release.\n", encoding="utf-8")
    (folder / "pyproject.toml").write_text('[project]\nversion = "2026.11.0"\n', encoding="utf-8")
    return folder


def test_a_release_says_first_what_to_do_by_hand_and_takes_its_version(tmp_path: Path) -> None:
    assert main(["2026.12.0", "2026-12-01"], a_project(tmp_path)) == 0
    assert (tmp_path / "CHANGELOG.md").read_text(encoding="utf-8") == (
        "# Changelog\n\nBy release.\n\n## 2026.12.0 · 2026-12-01\n\n**Before you upgrade**\n\n- close the day.\n\n"
        "### Fixed\n\n- Tips are whole.\n"
    )
    assert 'version = "2026.12.0"' in (tmp_path / "pyproject.toml").read_text(encoding="utf-8")
    assert list((tmp_path / "docs" / "changes").iterdir()) == []


def test_a_version_is_released_once(tmp_path: Path) -> None:
    main(["2026.12.0", "2026-12-01"], a_project(tmp_path))
    (tmp_path / "docs" / "changes" / "more.md").write_text("added\nMore.\n", encoding="utf-8")
    assert main(["2026.12.0", "2026-12-02"], tmp_path) == 1
    assert (tmp_path / "docs" / "changes" / "more.md").exists()


@pytest.mark.parametrize("words", [[], ["2026.12.0"], ["12", "2026-12-01"], ["2026.12.0", "today"]])
def test_a_release_without_version_and_day_is_wrong_use(tmp_path: Path, words: list[str]) -> None:
    assert main(words, a_project(tmp_path)) == 2
