"""The slice that docs/howto/add-a-command.md reads aloud, in a running venue; and the page quotes what is tested."""

import re
from pathlib import Path

import msgspec
import pytest

from docs.examples import shift_notes
from docs.examples.shift_notes.commands import LeaveShiftNote
from docs.examples.shift_notes.ops import ShiftNoteLeft
from edge.app import SLICES
from shared.ops import Op, decode
from tests.service import Service

ROOT = Path(__file__).parents[2]
_BLOCK = re.compile(r"```(?:python|sql|json) ?\n(.*?)```", re.DOTALL)


def decode_with_notes(kind: str, body: bytes) -> Op:
    """As `shared.ops.decode`, knowing one op more."""
    return msgspec.json.decode(body, type=ShiftNoteLeft) if kind == "shift_note_left" else decode(kind, body)


async def test_a_new_slice_works_by_being_named_in_the_tuple(tmp_path: Path) -> None:
    service = Service(tmp_path, (*SLICES, shift_notes.SLICE), decode_with_notes)
    service.writer.start()
    try:
        await service.do("ana", LeaveShiftNote(note_id="n1", text="Falta hielo"))
        await service.do("leo", LeaveShiftNote(note_id="n2", text="Falta hielo"))
        assert [view.text for view in service.views("shift_note").values()] == ["Falta hielo"]
        assert service.rows("SELECT kind, subject, staff_id FROM log") == [("shift_note_left", "n1", "ana")]
        assert service.problems() == []
    finally:
        await service.writer.stop()
        service.reads.close()
        service.conn.close()


@pytest.mark.parametrize("page", sorted((ROOT / "docs").rglob("*.md")), ids=lambda page: page.name)
def test_every_python_block_of_the_docs_stands_in_a_tested_file(page: Path) -> None:
    sources = [path.read_text() for path in (ROOT / "docs" / "examples").rglob("*.py")]
    for block in _BLOCK.findall(page.read_text()):
        assert any(block.strip() in source for source in sources), f"{page.name} quotes what no example has:\n{block}"
