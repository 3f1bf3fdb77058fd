"""Joins the change notes into the changelog under a version. `python -m installer.release 2026.11.0`; `make release` runs it."""

import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
KINDS = ("added", "changed", "fixed", "removed")
_VERSION = re.compile(r"\d{4}\.\d{1,2}\.\d+")


class WrongNote(Exception):
    """A change note does not begin with one of the four kinds, or says nothing."""


def joined(notes: Mapping[str, str], *, version: str, day: str) -> str:
    """The section of a release, its notes by kind and name.

    Raises:
        WrongNote: a note is not of the form that docs/changes asks for.
    """
    parts = [f"## {version} · {day}"]
    found = {name: _read(name, text) for name, text in sorted(notes.items())}
    for kind in KINDS:
        lines = [f"- {words}" for of_kind, words in found.values() if of_kind == kind]
        if lines:
            parts += [f"### {kind.capitalize()}", "\n".join(lines)]
    return "\n\n".join(parts) + "\n"


def _read(name: str, text: str) -> tuple[str, str]:
    kind, _, words = text.partition("\n")
    if kind.strip() not in KINDS or not words.strip():
        raise WrongNote(f"docs/changes/{name} must begin with {', '.join(KINDS)}, and say something")
    return kind.strip(), " ".join(words.split())


def main(arguments: Sequence[str]) -> int:
    """Write the changelog and take the notes away. 0 done, 1 there is nothing to release or a note is wrong, 2 wrong use."""
    if len(arguments) != 2 or not _VERSION.fullmatch(arguments[0]):
        return _say(2, "usage: python -m installer.release YEAR.MONTH.PATCH YYYY-MM-DD")
    files = sorted((ROOT / "docs" / "changes").glob("*.md"))
    if not files:
        return _say(1, "docs/changes has no notes: there is nothing to release")
    try:
        section = joined({file.name: file.read_text() for file in files}, version=arguments[0], day=arguments[1])
    except WrongNote as error:
        return _say(1, str(error))
    changelog = ROOT / "CHANGELOG.md"
    head, mark, rest = changelog.read_text().partition("\n## ")
    changelog.write_text(f"{head.rstrip()}\n\n{section}{mark}{rest}")
    for file in files:
        file.unlink()
    return _say(0, f"{len(files)} notes are in CHANGELOG.md under {arguments[0]}; commit and tag it")


def _say(code: int, words: str) -> int:
    sys.stderr.write(f"· {words}\n")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
