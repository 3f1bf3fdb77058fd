"""The two versions: this tree as it stands, and a commit in a folder that is thrown away; both with built screens."""

import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


class NoSuchVersion(Exception):
    """Git knows no commit of that name, or its screens cannot be built."""


@contextlib.contextmanager
def version(name: str) -> Iterator[Path]:
    """A folder with that commit, its screens built.

    Raises:
        NoSuchVersion: there is none.
    """
    with tempfile.TemporaryDirectory(prefix="hos-pictures-") as folder:
        tree = Path(folder) / "base"
        _run(["git", "worktree", "add", "--detach", "--quiet", str(tree), name], ROOT)
        try:
            build(tree)
            yield tree
        finally:
            _run(["git", "worktree", "remove", "--force", str(tree)], ROOT)


def build(tree: Path) -> None:
    """Build the screens of a tree with its own packages.

    Raises:
        NoSuchVersion: they cannot be built.
    """
    _run([sys.executable, "-m", "installer.web", "build"], tree)


def _run(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, env={**os.environ, "PYTHONPATH": str(folder)}, check=False)
    if done.returncode:
        raise NoSuchVersion(f"`{' '.join(command)}` ended with {done.returncode}")
