"""The last backup of the venue's database, and the last one that was good."""

from collections.abc import Iterator, Mapping

from shared.entry import Entry
from shared.ops.base import Op
from shared.ops.upkeep import BackupMade
from shared.projections.projection import ProjectOp
from shared.writes import Put, Table, Write

BACKUP = Table(
    name="backup",
    key=("which",),
    columns={
        "which": "text",  # last, whatever became of it; or good, the last that was copied and checked
        "file": "text",
        "through_seq": "int",
        "size_bytes": "int",
        "copied": "text",
        "checked": "text",
        "problems": "int",
        "second": "text",
        "made_at_ms": "int",
    },
)

TABLES = (BACKUP,)


def _made(entry: Entry, op: BackupMade) -> Iterator[Write]:
    row = {name: getattr(op, name) for name in BACKUP.columns if name != "which"}
    yield Put("backup", {"which": "last", **row})
    if not op.copied and not op.checked:
        yield Put("backup", {"which": "good", **row})


PROJECT: Mapping[type[Op], ProjectOp] = {BackupMade: _made}
