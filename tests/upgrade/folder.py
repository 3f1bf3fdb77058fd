"""A venue's data folder as one small file: the database as SQL, the other files as text, packed."""

import contextlib
import json
import lzma
import sqlite3
from collections.abc import Iterator
from pathlib import Path

FOLDERS = Path(__file__).parent / "folders"
SUFFIX = ".json.xz"
MOST_BYTES = 300_000
_DATABASE = "venue.db"
_KEPT = ("console.key", "screens.json")


def pack(data_dir: Path, target: Path) -> None:
    """Write what an edge that has stopped left behind."""
    with contextlib.closing(sqlite3.connect(data_dir / _DATABASE)) as conn:
        packed = {
            "sql": "\n".join(_dump(conn)),
            "files": {name: (data_dir / name).read_text(encoding="utf-8") for name in _KEPT},
        }
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(lzma.compress(json.dumps(packed).encode(), preset=9))
    assert target.stat().st_size <= MOST_BYTES, f"{target.stat().st_size} bytes are too many to keep"


def _dump(conn: sqlite3.Connection) -> Iterator[str]:
    """SQL that makes the same tables, rows and indexes."""
    made = list(
        conn.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type DESC, name")
    )
    yield "BEGIN;"
    for kind, name, sql in made:
        yield f"{sql};"
        if kind == "table":
            columns = [column for (_, column, *_) in conn.execute(f'PRAGMA table_info("{name}")')]
            quoted = " || ',' || ".join(f'quote("{column}")' for column in columns)
            for (values,) in conn.execute(f'SELECT {quoted} FROM "{name}"'):
                yield f'INSERT INTO "{name}" VALUES ({values});'
    yield "COMMIT;"


def unpack(source: Path, data_dir: Path) -> None:
    """Make the folder again, as it was."""
    packed = json.loads(lzma.decompress(source.read_bytes()))
    data_dir.mkdir(parents=True)
    with contextlib.closing(sqlite3.connect(data_dir / _DATABASE)) as conn:
        conn.executescript(packed["sql"])
    for name, text in packed["files"].items():
        (data_dir / name).write_text(text, encoding="utf-8")
        (data_dir / name).chmod(0o600)
