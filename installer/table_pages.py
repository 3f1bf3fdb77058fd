"""The page docs/reference/tables.md: every table that the edge makes from its log, as its projection declares it."""

from collections.abc import Iterator

from edge.app import SLICES
from shared.writes import Table

_HEAD = "<!-- Made by `make types`. Never edit: change the code and make it again. -->\n"


def tables() -> str:
    """Every projected table, by the slice that writes it."""
    parts = [
        _HEAD,
        "# Tables\n",
        "What `venue.db` holds beside the log. Each table is made from the log and can be made again: read them with any"
        " SQLite tool, write none. What cannot be made again (the log itself, people, keys of screens, print jobs) is in"
        " `edge/migrations/`.\n",
    ]
    for one in SLICES:
        parts.append(f"## {one.name}\n")
        for projection in one.projections:
            for table in projection.tables:
                parts.extend(_table(table))
    return "\n".join(parts)


def _table(table: Table) -> Iterator[str]:
    yield f"### `{table.name}`\n"
    yield f"Key: {', '.join(f'`{name}`' for name in table.key)}.\n"
    rows = [f"| `{name}` | {kind} |" for name, kind in table.columns.items()]
    yield "\n".join(["| column | kind |", "| --- | --- |", *rows]) + "\n"
