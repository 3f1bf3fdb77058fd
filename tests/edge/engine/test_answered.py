"""Which ids are surely new: never one that was answered, whatever ids look like and in whatever order they come."""

import sqlite3
import tempfile
from pathlib import Path

from engine_toy import put
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.engine.answered import Answered
from edge.engine.database import connect_writer
from edge.engine.migrate import migrate
from shared.commands.base import CommandAnswer

DIGEST = b"x" * 16
#: As screens and the edge make them, of now, of years ago and from clocks that run ahead; and what anybody may send.
IDS = st.one_of(
    st.integers(0, 400).map(lambda n: f"0193e5{n:04d}"),
    st.sampled_from(["0", "00", "0kz", "0z", "0Z", "0_", "0-", "1", "10", "c1", "printed-1", "zz", "-", "_", "A"]),
    st.text("0123456789ABCXYZabcxyz_-", min_size=1, max_size=6),
)
KINDS = ["ask", "ask", "remember", "remember", "remember", "remember", "remember", "roll back", "doubt", "restart"]
STEPS = st.lists(st.tuples(st.sampled_from(KINDS), IDS), min_size=25, max_size=60)


@settings(max_examples=60, deadline=None)
@given(STEPS, st.integers(1, 4))
def test_what_was_answered_is_never_taken_for_new(steps: list[tuple[str, str]], kept: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        conn = connect_writer(Path(folder) / "venue.db")
        conn.execute("PRAGMA synchronous = OFF")  # thrown away
        migrate(conn)
        answered, table = Answered(conn, kept=kept), set[str]()
        for step, id in steps:
            match step:
                case "ask":
                    assert {one for one in {*table, id} if is_known(answered, one)} == table
                case "remember":
                    answered.remember(CommandAnswer(id=id, outcome="done", seq=1), DIGEST)
                    table.add(id)
                case "roll back":
                    conn.execute("BEGIN")
                    answered.remember(CommandAnswer(id=id, outcome="done", seq=1), DIGEST)
                    conn.execute("ROLLBACK")
                case "doubt":
                    conn.execute("INSERT OR IGNORE INTO command_done VALUES (?, 1, '', '{}', ?)", (id, DIGEST))
                    table.add(id)
                    answered.doubt()
                case "restart":
                    answered = Answered(conn, kept=kept)
        conn.close()


def is_known(answered: Answered, id: str) -> bool:
    return answered.answer(put("a", id=id), DIGEST) is not None


def test_a_new_id_needs_no_look_into_the_table(tmp_path: Path) -> None:
    conn = connect_writer(tmp_path / "venue.db")
    migrate(conn)
    answered = Answered(conn, kept=2)
    for number in range(9):
        answered.remember(CommandAnswer(id=f"0193{number}", outcome="done", seq=1), DIGEST)
    looks: list[str] = []
    is_known(answered, "01930")
    conn.set_trace_callback(looks.append)
    assert [is_known(answered, id) for id in ("01939", "0194", "01938", "01930")] == [False, False, True, True]
    assert len(looks) == 2, "only for what is not greater than the newest"
    conn.close()


def test_no_load_reads_what_the_writer_alone_keeps() -> None:
    """Loads run before a command's writes and without a savepoint: they change nothing, and ask no table of the engine."""
    root = Path(__file__).parents[3]
    for path in (*root.glob("edge/*/load.py"), *root.glob("edge/*/reads.py")):
        words = path.read_text(encoding="utf-8").upper()
        for word in ("INSERT INTO", "UPDATE ", "DELETE FROM", "FROM COMMAND_DONE"):
            assert word not in words, f"{path} has {word}"


def test_the_engines_sqlite_has_no_surprise_in_its_order(tmp_path: Path) -> None:
    """Python and SQLite must agree which id is greater: both go by code points."""
    conn = sqlite3.connect(":memory:")
    conn.execute("CREATE TABLE t (id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID")
    ids = ["0", "0-", "00", "0A", "0_", "0a", "0z", "1", "A", "_", "a", "zz"]
    conn.executemany("INSERT INTO t VALUES (?)", [(id,) for id in ids])
    assert [id for (id,) in conn.execute("SELECT id FROM t ORDER BY id")] == sorted(ids)
    conn.close()
