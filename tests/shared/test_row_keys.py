"""No row is known by the number of an entry: once two logs are reconciled, entries get other numbers and keep their ids."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from cloud.app import PROJECTIONS
from edge.app import SLICES
from shared.entry import BODY_VERSION, GENESIS, Entry
from shared.ops import decode
from shared.projections.projection import Projection
from shared.writes import Put, Table, Value

GOLDEN = Path(__file__).parent.parent / "golden/ops"
ALL = {f"edge {p.name}": p for one in SLICES for p in one.projections} | {f"hub {p.name}": p for p in PROJECTIONS}


def keys(projection: Projection, *, seq: int, epoch: int, id: bytes) -> Iterator[tuple[str, tuple[Value, ...]]]:
    """The rows that each op touches as the entry with that place and id."""
    tables: dict[str, Table] = {table.name: table for table in projection.tables}
    for kind, project in projection.by_kind.items():
        for file in sorted(GOLDEN.glob(f"{kind}*.json")):
            body = file.read_bytes()
            op = decode(kind, body)
            entry = Entry(
                seq=seq, epoch=epoch, id=id, kind=kind, version=BODY_VERSION, hlc=5 << 16, asked_at_ms=5,
                business_day="2026-11-24", subject=op.subject, staff_id="ana", device_id="d1", command_id="k1",
                body=body, digest=GENESIS,
            )  # fmt: skip
            for write in project(entry, op):
                row = write.row if isinstance(write, Put) else write.key
                if isinstance(row, tuple):
                    row = dict(zip(tables[write.table].columns, row, strict=True))
                yield write.table, tuple(row[column] for column in tables[write.table].key)


@pytest.mark.parametrize("projection", ALL.values(), ids=ALL)
def test_an_entry_that_gets_another_number_touches_the_same_rows(projection: Projection) -> None:
    before = list(keys(projection, seq=1, epoch=1, id=b"i" * 16))
    assert before == list(keys(projection, seq=77, epoch=3, id=b"i" * 16))
    assert before


def test_two_voids_of_one_line_are_two_rows() -> None:
    checks = ALL["edge checks"]
    kept = {key for table, key in keys(checks, seq=1, epoch=1, id=b"i" * 16) if table == "line_void"}
    kept |= {key for table, key in keys(checks, seq=1, epoch=1, id=b"j" * 16) if table == "line_void"}
    assert {msgspec.json.encode(key[2]) for key in kept} == {
        b'"%b"' % (b"i" * 16).hex().encode(),
        b'"%b"' % (b"j" * 16).hex().encode(),
    }
