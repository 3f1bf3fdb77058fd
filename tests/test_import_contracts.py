"""Who may import whom is a rule that a machine holds: each contract is broken on purpose in a copy, and must say so."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("shared", "sync", "doors", "edge", "cloud", "installer")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program's source, to be broken."""
    folder = tmp_path_factory.mktemp("source")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def broken_by(copy: Path, importer: str, line: str) -> str:
    """What the contracts say when the module begins with that line; empty when all are kept."""
    module = copy / f"{importer.replace('.', '/')}.py"
    source = module.read_text(encoding="utf-8")
    module.write_text(f"{line}\n{source}", encoding="utf-8")
    try:
        told = subprocess.run(
            [Path(sys.executable).with_name("lint-imports"), "--no-cache"], cwd=copy, capture_output=True, text=True
        )
    finally:
        module.write_text(source, encoding="utf-8")
    assert str(copy) not in told.stderr, told.stderr
    return "" if told.returncode == 0 else " ".join(told.stdout.split())


def test_a_slice_may_import_the_reads_of_another(copy: Path) -> None:
    assert broken_by(copy, "edge.kitchen.load", "from edge.menu.reads import newest_book") == ""


@pytest.mark.parametrize(
    ("importer", "line", "said"),
    [
        ("edge.kitchen.load", "from edge.menu.load import item", "edge.kitchen is not allowed to import edge.menu"),
        ("edge.kitchen.views", "import edge.menu.views", "edge.kitchen is not allowed to import edge.menu"),
        ("edge.menu.reads", "from edge.menu.load import item", "edge.menu.reads is not allowed to import edge.menu.load"),
        ("edge.menu.reads", "from edge.guests.reads import are_drafts_paused", "edge.guests.reads"),
        ("edge.engine.feed", "from edge.menu.reads import newest_book", "edge.engine is not allowed to import edge.menu"),
        ("edge.kitchen.decide", "from edge.menu.reads import newest_book", "edge.kitchen.decide -> edge.menu.reads"),
        ("edge.web", "from edge.app import Edge", "edge.web is not allowed to import edge.app"),
    ],
)  # fmt: skip
def test_a_deliberate_violation_is_found(copy: Path, importer: str, line: str, said: str) -> None:
    assert said in broken_by(copy, importer, line)
