"""Writes what is made from shared/: the TypeScript of the screens, and an example of each new op.

`python -m installer.generated` writes; with `--check` it says what is not as shared/ says, and ends with 1.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from installer import goldens
from shared.schema import modules

FOLDER = Path(__file__).parent.parent / "webui" / "src" / "generated"


def main(arguments: Sequence[str] | None = None) -> int:
    """Write what differs, or with `--check` only name it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; 1 when something is not as shared/ says")
    asked = parser.parse_args(arguments)
    stale = [*_stale()]
    for file, text in stale:
        if asked.check:
            print(f"{file.name} is not what shared/ says: run make types")
        else:
            file.write_text(text, encoding="utf-8")
    return int(asked.check and bool(stale))


def _stale() -> Iterator[tuple[Path, str]]:
    for name, text in modules().items():
        file = FOLDER / name
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            yield file, text
    yield from goldens.missing()


if __name__ == "__main__":
    sys.exit(main())
