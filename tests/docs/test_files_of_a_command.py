"""docs/howto/add-a-command.md says how many files a slice is: it is added to a copy of the tree, and they are counted."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "docs" / "examples" / "shift_notes"
#: Where the files of the example belong in the product.
HOMES = {
    "commands.py": "shared/commands/shift_notes.py",
    "ops.py": "shared/ops/shift_notes.py",
    "shown.py": "shared/views/shift_notes.py",
    **{name: f"edge/shift_notes/{name}" for name in ("__init__.py", "load.py", "decide.py", "project.py", "views.py")},
}
MADE = ("webui/src/generated/", "docs/reference/", "tests/golden/ops/")
NUMBERS = {"eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12}


def moved(source: str) -> str:
    """A file of the example as it reads in its place."""
    for name, home in (("commands", "shared.commands"), ("ops", "shared.ops"), ("shown", "shared.views")):
        source = source.replace(f"docs.examples.shift_notes.{name}", f"{home}.shift_notes")
    return source.replace("docs.examples.shift_notes", "edge.shift_notes")


def changed(tree: Path, name: str, before: str, after: str) -> None:
    """One edit by hand, found by its shape."""
    text, count = re.subn(before, after, (tree / name).read_text(), flags=re.MULTILINE)
    assert count == 1, (name, before)
    (tree / name).write_text(text)


def run(tree: Path, *command: str) -> str:
    done = subprocess.run([sys.executable, "-m", *command], cwd=tree, capture_output=True, text=True)
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout


def git(tree: Path, *arguments: str) -> str:
    asked = ["git", "-c", "user.name=t", "-c", "user.email=t@t.invalid", *arguments]
    return subprocess.run(asked, cwd=tree, capture_output=True, check=True, text=True).stdout


def test_a_slice_is_as_many_files_by_hand_as_the_page_says(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    for name in git(ROOT, "ls-files", "shared", "edge", "sync", "doors", "cloud", "installer", "tests", "docs", "webui/src/generated",
                    "webui/messages", "pyproject.toml").split():  # fmt: skip
        if (ROOT / name).is_file() and not name.startswith("docs/images"):
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, tree / name)
    git(tree, "init", "-q")
    git(tree, "add", "-A")
    git(tree, "commit", "-qm", "before")
    for name, home in HOMES.items():
        (tree / home).parent.mkdir(exist_ok=True)
        (tree / home).write_text(moved((EXAMPLE / name).read_text()))
    changed(tree, "edge/app.py", r"^(from edge import .*)\bweb$", r"\1shift_notes, web")
    changed(tree, "edge/app.py", r"^(SLICES: .*(?:\n    .*)+)\n\)", r"\1\n    shift_notes.SLICE,\n)")
    changed(tree, "pyproject.toml", r"\| devices \|", "| devices | shift_notes |")
    run(tree, "installer.generated")
    run(tree, "installer.reference")
    run(tree, "installer.generated", "--check")
    run(tree, "pytest", "tests/golden/test_golden_ops.py", "tests/test_tidy.py", "-p", "no:cacheprovider")
    touched = [
        line[3:] for line in git(tree, "status", "--porcelain", "-uall").splitlines() if "__pycache__" not in line
    ]
    by_hand = sorted(name for name in touched if not name.startswith(MADE))
    assert sorted(by_hand) == sorted([*HOMES.values(), "edge/app.py", "pyproject.toml"])
    page = (ROOT / "docs" / "howto" / "add-a-command.md").read_text()
    (said,) = re.findall(r"\*\*(\w+) files by hand\*\*", page)
    assert NUMBERS[said] == len(by_hand)
