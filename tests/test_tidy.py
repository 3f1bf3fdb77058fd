"""The house rules of this repository that no other tool checks, each with its own test."""

import ast
import json
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge.app import SLICES
from installer import reference
from shared.commands import COMMANDS
from shared.entry import Entry
from shared.errors import CODES
from shared.ops import decode
from shared.projections.projection import Projection

ROOT = Path(__file__).parent.parent
PROGRAMS = ("shared", "sync", "doors", "edge", "cloud", "installer")
LANGUAGES = ("es-AR", "en")
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
MOST_LINES_OF_A_FUNCTION = 60
MOST_LINES_OF_A_MODULE = 500
MOST_LINES_OF_A_COMPONENT = 150
WIDEST_LINE_OF_A_COMPONENT = 120


def tracked(*patterns: str) -> list[Path]:
    """Files that git keeps, as they stand."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--", *patterns], cwd=ROOT, capture_output=True, check=True, text=True
    ).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def functions(module: Path) -> Iterator[tuple[str, int]]:
    """Each function of a module, and its lines; those of a function inside it, as a router's handlers, count there."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, FUNCTIONS):
            inner = {one for one in ast.walk(node) if isinstance(one, FUNCTIONS) and one is not node}
            own = {*range(node.lineno, (node.end_lineno or 0) + 1)}
            own -= {line for one in inner for line in range(one.lineno, (one.end_lineno or 0) + 1)}
            yield f"{module.relative_to(ROOT)}: {node.name}", len(own)


def lines_of(file: Path) -> int:
    """How long a file is."""
    return len(file.read_text(encoding="utf-8").splitlines())


def too_long(files: list[Path], most: int) -> dict[str, int]:
    """Files over the limit."""
    return {str(file.relative_to(ROOT)): lines for file in files if (lines := lines_of(file)) > most}


def test_a_function_fits_on_a_screen() -> None:
    modules = tracked(*(f"{program}/*.py" for program in PROGRAMS), "tests/*.py")
    long = {name: lines for module in modules for name, lines in functions(module) if lines > MOST_LINES_OF_A_FUNCTION}
    assert long == {}


def test_a_module_is_read_in_one_sitting() -> None:
    assert too_long(tracked(*(f"{program}/*.py" for program in PROGRAMS), "tests/*.py"), MOST_LINES_OF_A_MODULE) == {}


def test_a_component_is_one_noun() -> None:
    assert too_long(tracked("webui/src/*.svelte"), MOST_LINES_OF_A_COMPONENT) == {}


def test_a_component_buys_no_lines_with_width() -> None:
    wide = [
        f"{file.relative_to(ROOT)}:{number}"
        for file in tracked("webui/src/*.svelte")
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1)
        if len(line) > WIDEST_LINE_OF_A_COMPONENT
    ]
    assert wide == []


def projections() -> dict[str, Projection]:
    """Every projection of the edge, by name."""
    return {projection.name: projection for one in SLICES for projection in one.projections}


@pytest.mark.parametrize("projection", projections().values(), ids=projections())
def test_a_projection_writes_only_the_tables_it_declares(projection: Projection) -> None:
    declared = {table.name for table in projection.tables}
    written: set[str] = set()
    for kind, project in projection.by_kind.items():
        for file in sorted((ROOT / "tests/golden/ops").glob(f"{kind}*.json")):
            op = decode(kind, file.read_bytes())
            written |= {write.table for write in project(an_entry(kind), op)}
    assert written <= declared
    assert written, "a projection that writes nothing is not needed"


def an_entry(kind: str) -> Entry:
    """An entry of that kind, at seq 1."""
    values = {"int": 1, "str": "x", "bytes": b"\0" * 32}
    fields = {
        name: values.get(str(hint).removeprefix("<class '").removesuffix("'>"), 1)
        for name, hint in Entry.__annotations__.items()
    }
    return Entry(**{**fields, "kind": kind})  # type: ignore[arg-type]


def test_a_table_is_written_by_one_projection() -> None:
    owners = Counter(table.name for projection in projections().values() for table in projection.tables)
    assert [table for table, times in owners.items() if times > 1] == []


def test_a_command_belongs_to_one_slice() -> None:
    owners = Counter(rule.name for one in SLICES for rule in one.rules)
    assert owners == Counter(COMMANDS.keys())


def facts_in_words(language: str) -> dict[str, list[set[str]]]:
    """The facts that the words for each rejection put in their sentence; several where it is worded by a fact."""
    words = json.loads((ROOT / "webui/messages" / language / "rejections.json").read_bytes())
    return {
        key.removeprefix("rejections_"): [set(re.findall(r"\{(\w+)\}", one)) for one in sentences(text)]
        for key, text in words.items()
        if key.startswith("rejections_")
    }


def sentences(text: str | list[dict[str, dict[str, str]]]) -> list[str]:
    """What a message may say: one sentence, or one for each case."""
    return [text] if isinstance(text, str) else [one for part in text for one in part["match"].values()]


def refusals(module: Path) -> Iterator[tuple[int, str, set[str]]]:
    """Where a module refuses by name: the line, the code, and the facts it gives."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        match node:
            case ast.Call(func=ast.Name(id="Rejected"), args=[ast.Constant(value=str(code))], keywords=keywords):
                yield node.lineno, code, {str(keyword.arg) for keyword in keywords}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_rejection_code_has_words_that_use_its_facts(language: str) -> None:
    used = facts_in_words(language)
    assert CODES.keys() - used.keys() == set(), "codes without words"
    assert used.keys() - CODES.keys() == {"unreachable"}, "words without a code"  # that one is the screen's
    for code, text in CODES.items():
        assert set().union(*used[code]) <= set(re.findall(r"\w+", text)), f"{code}: a fact that it does not carry"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_refusal_carries_the_facts_that_its_words_need(language: str) -> None:
    used = facts_in_words(language)
    missing = [
        f"{module.relative_to(ROOT)}:{line} {code} without {sorted(set.intersection(*used[code]) - facts)}"
        for module in tracked("shared/*.py", "edge/*.py")
        for line, code, facts in refusals(module)
        if not set.intersection(*used[code]) <= facts
    ]
    assert missing == []


def test_both_languages_say_the_same_things() -> None:
    for spanish in sorted((ROOT / "webui/messages/es-AR").glob("*.json")):
        english = ROOT / "webui/messages/en" / spanish.name
        assert json.loads(spanish.read_bytes()).keys() == json.loads(english.read_bytes()).keys(), spanish.name


def test_the_reference_is_what_the_code_says() -> None:
    assert reference.stale() == [], "run make types"


def test_every_setting_and_every_command_is_in_the_reference() -> None:
    settings = (reference.FOLDER / "settings.md").read_text(encoding="utf-8")
    sources = [(ROOT / program / "settings.py").read_text(encoding="utf-8") for program in ("edge", "cloud")]
    named = {name for source in sources for name in re.findall(r"# (HOS_\w+):", source)}
    assert {name for name in named if f"`{name}`" not in settings} == set()
    commands = (reference.FOLDER / "commands.md").read_text(encoding="utf-8")
    assert [name for name in COMMANDS if f"## `{name}`" not in commands] == []


def test_nothing_tracked_knows_the_machine_it_was_made_on() -> None:
    paths = re.compile(
        rb"(?<![\w.-])/(?:root|Users/\w+|home/(?!hos\b)\w+)/|" + re.escape(str(ROOT).encode()) + rb"(?![\w-])"
    )
    found = [
        str(file.relative_to(ROOT))
        for file in tracked()
        if file != Path(__file__) and file.suffix not in {".png", ".woff2", ".ico"} and paths.search(file.read_bytes())
    ]
    assert found == []


def test_lock_files_name_no_registry() -> None:
    for lock in tracked("requirements.lock", "webui/package-lock.json"):
        text = lock.read_text(encoding="utf-8")
        assert not re.search(r'"resolved"|--(extra-)?index-url|registry\.|files\.pythonhosted', text), lock.name


def test_a_change_note_says_its_kind_and_then_what_an_owner_notices() -> None:
    for note in tracked("docs/changes/*.md"):
        kind, *text = note.read_text(encoding="utf-8").splitlines()
        said = " ".join(text).strip()
        assert kind in {"added", "changed", "fixed", "removed"}, note.name
        assert 20 <= len(said) <= 600, f"{note.name}: one or two sentences"


def test_a_decision_has_every_part() -> None:
    for page in tracked("docs/adr/*.md"):
        text = page.read_text(encoding="utf-8")
        assert re.match(rf"# {page.name[:4]}\. \w", text), page.name
        for part in ("Status:", "Context:", "Decision:", "Consequences:", "Alternatives:", "Enforced by:"):
            assert part in text, f"{page.name}: {part}"


def test_a_test_finds_things_as_a_person_does() -> None:
    by_class = re.compile(r"""(locator|querySelector|querySelectorAll|query_selector)\(\s*["'`][.]\w""")
    tests = [*tracked("tests/*.py"), *tracked("webui/*.test.ts")]
    assert [str(file.relative_to(ROOT)) for file in tests if by_class.search(file.read_text(encoding="utf-8"))] == []


def test_a_tests_name_is_its_own() -> None:
    names = Counter(file.name for file in tracked("tests/*.py") if file.name not in {"__init__.py", "conftest.py"})
    assert [name for name, times in names.items() if times > 1] == []


def test_a_decision_has_a_number_of_its_own() -> None:
    numbers = Counter(page.name[:4] for page in tracked("docs/adr/*.md"))
    assert [number for number, times in numbers.items() if times > 1] == []
