"""Joins the change notes into the changelog under a version. `python -m installer.release 2026.11.0`; `make release` runs it."""

import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

ROOT = Path(__file__).parent.parent
KINDS = ("added", "changed", "fixed", "removed")
BEFORE = "\nBefore you upgrade:"  # begins the last line of a note that asks for something by hand
_VERSION = re.compile(r"\d{4}\.\d{1,2}\.\d+")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_OWN_VERSION = re.compile(r'^version = ".*"$', re.MULTILINE)


class WrongNote(Exception):
    """A change note does not begin with one of the four kinds, or says nothing."""


class Note(msgspec.Struct, frozen=True):
    """One change: its kind, what a venue notices, and what to do by hand before the upgrade, if anything."""

    kind: str
    words: str
    before: str


def joined(notes: Mapping[str, str], *, version: str, day: str) -> str:
    """The section of a release: what to do first, then its notes by kind and name.

    Raises:
        WrongNote: a note is not of the form that docs/changes asks for.
    """
    found = [_read(name, text) for name, text in sorted(notes.items())]
    parts = [f"## {version} · {day}"]
    by_hand = [f"- {note.before}" for note in found if note.before]
    if by_hand:
        parts += ["**Before you upgrade**", "\n".join(by_hand)]
    for kind in KINDS:
        lines = [f"- {note.words}" for note in found if note.kind == kind]
        if lines:
            parts += [f"### {kind.capitalize()}", "\n".join(lines)]
    return "\n\n".join(parts) + "\n"


def _read(name: str, text: str) -> Note:
    kind, _, rest = text.partition("\n")
    words, _, before = rest.partition(BEFORE)
    if kind.strip() not in KINDS or not words.strip():
        raise WrongNote(f"docs/changes/{name} must begin with {', '.join(KINDS)}, and say something")
    return Note(kind.strip(), " ".join(words.split()), " ".join(before.split()))


def main(arguments: Sequence[str], root: Path = ROOT) -> int:
    """Write the changelog and the version, and take the notes away. 0 done, 1 it cannot be released so, 2 wrong use."""
    if len(arguments) != 2 or not _VERSION.fullmatch(arguments[0]) or not _DAY.fullmatch(arguments[1]):
        return _say(2, "usage: python -m installer.release YEAR.MONTH.PATCH YYYY-MM-DD")
    version, day = arguments
    files = sorted((root / "docs" / "changes").glob("*.md"))
    if not files:
        return _say(1, "docs/changes has no notes: there is nothing to release")
    head, mark, rest = (root / "CHANGELOG.md").read_text(encoding="utf-8").partition("\n## ")
    if f"\n## {version} " in mark + rest:
        return _say(1, f"{version} was released before: CHANGELOG.md has it")
    try:
        section = joined({file.name: file.read_text(encoding="utf-8") for file in files}, version=version, day=day)
    except WrongNote as error:
        return _say(1, str(error))
    (root / "CHANGELOG.md").write_text(f"{head.rstrip()}\n\n{section}{mark}{rest}", encoding="utf-8")
    project = root / "pyproject.toml"
    project.write_text(
        _OWN_VERSION.sub(f'version = "{version}"', project.read_text(encoding="utf-8"), count=1), encoding="utf-8"
    )
    for file in files:
        file.unlink()
    return _say(0, f"{len(files)} notes are in CHANGELOG.md under {version}; commit and tag it")


def _say(code: int, words: str) -> int:
    sys.stderr.write(f"· {words}\n")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
