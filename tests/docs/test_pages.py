"""The pages lead where they say, quote commands that exist, and carry pictures that load fast."""

import argparse
import importlib
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from installer.cli import COMMANDS
from installer.demo import replay_command

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
KINDS = {"tutorial", "howto", "reference", "explanation", "adr", "changes"}
MOST_PICTURE = 300_000
MADE = {"webui/dist"}  # by `make setup`; a clone does not have it

_LINK = re.compile(r"\]\(([^)#\s]+)(#[^)\s]*)?\)")
_QUOTED = re.compile(r"`((?:\.venv/bin/)?hos [^`\n]+)`")
_NAMED_FILE = re.compile(r"`((?:docs|edge|shared|sync|cloud|installer|tests|webui)/[\w./-]+)`")
_MAKE = re.compile(r"`make ([a-z]+)")

every_page = pytest.mark.parametrize("document", PAGES, ids=lambda document: str(document.relative_to(ROOT)))


@every_page
def test_a_link_leads_somewhere(document: Path) -> None:
    links = [link for link, _ in _LINK.findall(document.read_text(encoding="utf-8")) if "://" not in link]
    assert [link for link in links if not (document.parent / link).exists()] == []


@every_page
def test_a_file_that_a_page_names_is_there(document: Path) -> None:
    named = set(_NAMED_FILE.findall(document.read_text(encoding="utf-8"))) - MADE
    assert [name for name in named if not (ROOT / name).exists()] == []


@every_page
def test_a_make_target_that_a_page_names_is_there(document: Path) -> None:
    targets = set(re.findall(r"^([a-z0-9]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(_MAKE.findall(document.read_text(encoding="utf-8"))) <= targets


@every_page
def test_a_command_that_a_page_quotes_can_be_typed(document: Path) -> None:
    for quoted in _QUOTED.findall(document.read_text(encoding="utf-8")):
        words = shlex.split(quoted.removeprefix(".venv/bin/"))[1:]
        if words[0] in COMMANDS:  # else it stands for any: hos COMMAND
            known = set(_typable(_parser_of(words)))
            assert [word for word in words if word.startswith("--") and word not in known] == [], quoted


@every_page
def test_a_page_is_of_one_kind(document: Path) -> None:
    if document.is_relative_to(ROOT / "docs"):
        assert document.relative_to(ROOT / "docs").parts[0] in KINDS


def test_every_picture_is_shown_somewhere_and_is_small() -> None:
    text = "".join(document.read_text(encoding="utf-8") for document in PAGES)
    pictures = sorted((ROOT / "docs" / "images").iterdir())
    assert [picture.name for picture in pictures if f"images/{picture.name}" not in text] == []
    assert [picture.name for picture in pictures if picture.stat().st_size > MOST_PICTURE] == []


def _parser_of(words: list[str]) -> argparse.ArgumentParser:
    """The parser of `hos COMMAND [SUBCOMMAND …]`; a subcommand that does not exist fails the test."""
    if words[:2] == ["demo", "replay"]:
        return replay_command.command_parser()
    parser: argparse.ArgumentParser = importlib.import_module(COMMANDS[words[0]][0]).command_parser()
    for word in words[1:]:
        below = next((one for one in parser._actions if isinstance(one, argparse._SubParsersAction)), None)
        if below is None or word.startswith("-"):
            break
        if word in {"…", "..."}:
            break
        assert word in below.choices, f"hos {' '.join(words)}: there is no {word}"
        parser = below.choices[word]
    return parser


def _typable(parser: argparse.ArgumentParser) -> Iterator[str]:
    for action in parser._actions:
        yield from action.option_strings
