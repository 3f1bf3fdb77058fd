"""`hos edge verify` and the technician's other commands, on folders that somebody or something damaged."""

import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import pytest

from edge.__main__ import main
from edge.app import SLICES
from edge.engine import log
from edge.engine.clock import SystemClock
from edge.engine.database import FILE_NAME
from edge.engine.projector import Projector, verify
from shared.context import Context
from shared.ops import Op, decode
from tests.hardening.busy_screens import BusyScreens
from tests.hardening.kept_folder import PATIENCE_S, hos_edge, opened
from tests.hardening.open_venue import OpenVenue

S = TypeVar("S", bound=msgspec.Struct)

pytestmark = pytest.mark.slow  # each starts programs of its own


def problems(folder: Path) -> list[str]:
    """What `verify` finds, without starting a program for it."""
    with opened(folder) as conn:
        conn.execute("BEGIN")
        found = verify(conn, Projector(SLICES, decode), SLICES)
        conn.execute("ROLLBACK")
        return found


def test_a_folder_that_nobody_touched_is_whole(folder: Path) -> None:
    said = hos_edge(folder, "verify")
    assert (said.code, problems(folder)) == (0, [])
    assert "the chain is whole and every table equals its replay" in said.told


def test_one_flipped_byte_in_a_copy_of_the_file_is_found_and_named(folder: Path) -> None:
    with opened(folder) as conn:
        ((seq, body),) = conn.execute("SELECT seq, body FROM log WHERE kind = 'draft_submitted'").fetchall()
    file = folder / FILE_NAME
    content = bytearray(file.read_bytes())
    place = content.index(body) + body.index(b"Flan")
    content[place] ^= 0x01  # the guest asked for something else
    file.write_bytes(content)
    said = hos_edge(folder, "verify")
    assert said.code == 1
    assert f"entry {seq} (draft_submitted) is not what was written" in said.told
    assert "1 problem(s)" in said.told


DAMAGE: dict[str, str] = {
    "id": "UPDATE log SET id = zeroblob(16) WHERE seq = 40",
    "kind": "UPDATE log SET kind = 'line_voided' WHERE seq = 40",
    "version": "UPDATE log SET version = version + 1 WHERE seq = 40",
    "hlc": "UPDATE log SET hlc = hlc + 1 WHERE seq = 40",
    "asked_at_ms": "UPDATE log SET asked_at_ms = asked_at_ms - 1 WHERE seq = 40",
    "business_day": "UPDATE log SET business_day = '2020-01-01' WHERE seq = 40",
    "subject": "UPDATE log SET subject = subject || 'x' WHERE seq = 40",
    "staff_id": "UPDATE log SET staff_id = 'leo' WHERE seq = 40",
    "device_id": "UPDATE log SET device_id = 'x' WHERE seq = 40",
    "command_id": "UPDATE log SET command_id = '' WHERE seq = 40",
    "epoch": "UPDATE log SET epoch = 9 WHERE seq = 40",
    "origin_seq": "UPDATE log SET origin_seq = 3 WHERE seq = 40",
    "training": "UPDATE log SET training = 1 WHERE seq = 40",
    "body": "UPDATE log SET body = CAST(replace(body, '}', ' }') AS BLOB) WHERE seq = 40",
    "digest": "UPDATE log SET digest = zeroblob(32) WHERE seq = 40",
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_change_to_any_field_of_an_entry_is_found_and_named(folder: Path, damage: str) -> None:
    with opened(folder) as conn:
        conn.execute(damage)
        ((kind,),) = conn.execute("SELECT kind FROM log WHERE seq = 40").fetchall()
    assert problems(folder) == [f"entry 40 ({kind}) is not what was written: its digest does not match"]


GAPS: dict[str, tuple[str, str]] = {
    "gone": ("DELETE FROM log WHERE seq = 40", "entry 40 is missing: 41 follows 39"),
    "first gone": ("DELETE FROM log WHERE seq = 1", "entry 1 is missing: 2 follows 0"),
    "moved": ("UPDATE log SET seq = 100000 WHERE seq = 40", "entry 40 is missing: 41 follows 39"),
    "swapped": ("UPDATE log SET seq = 81 - seq WHERE seq IN (40, 41)", "entry 40 "),
    "cut short": ("UPDATE log SET id = x'00' WHERE seq = 40", ""),
}


@pytest.mark.parametrize(("damage", "found"), GAPS.values(), ids=GAPS)
def test_an_entry_that_is_gone_or_moved_is_found_and_named(folder: Path, damage: str, found: str) -> None:
    with opened(folder) as conn:
        if "81 - seq" in damage:
            conn.execute("UPDATE log SET seq = -seq WHERE seq IN (40, 41)")
            damage = "UPDATE log SET seq = 81 + seq WHERE seq < 0"
        conn.execute(damage)
    (problem,) = problems(folder)
    assert found in problem
    if found.startswith("entry 40 is"):
        said = hos_edge(folder, "verify")
        assert said.code == 1 and found in said.told


def test_an_end_that_was_cut_off_is_not_hidden_by_tables_that_remember_it(folder: Path) -> None:
    with opened(folder) as conn:
        conn.execute("DELETE FROM log WHERE seq > (SELECT MAX(seq) - 3 FROM log)")
    assert any("differs from its replay" in problem for problem in problems(folder))


def test_a_row_changed_behind_the_edges_back_is_found_and_a_rebuild_makes_it_right(folder: Path) -> None:
    with opened(folder) as conn:
        conn.execute("UPDATE checks SET paid_minor = paid_minor - 100 WHERE state = 'closed'")
    said = hos_edge(folder, "verify")
    assert said.code == 1 and "table checks differs from its replay" in said.told
    rebuilt = hos_edge(folder, "rebuild")
    assert (rebuilt.code, problems(folder)) == (0, [])
    assert "Rebuilt " in rebuilt.told


def test_a_rebuild_of_what_does_not_exist_says_what_does(folder: Path) -> None:
    said = hos_edge(folder, "rebuild", "nothing", "checks")
    assert said.code == 2
    assert "no projection is called nothing; there are " in said.told and "checks" in said.told


def a_context() -> Context:
    """As a command's would be; nobody decided anything here."""
    return Context(now_ms=1, asked_at_ms=1, business_day="2027-01-15", device_id="x", device_role="edge", fresh_id=str)


def slip_in(conn: sqlite3.Connection, *ops: Op) -> None:
    """Entries with a whole chain and true tables, that no rule decided: as a bug of ours would write them."""
    clock, projector = SystemClock(), Projector(SLICES, decode)
    end, cursor = log.Log(conn, clock), conn.cursor()
    cursor.execute("BEGIN IMMEDIATE")
    for op in ops:
        projector.project(cursor, end.append(cursor, op, a_context()), op, [])
    cursor.execute("COMMIT")


def again(conn: sqlite3.Connection, kind: str, **renamed: str) -> Op:
    """The last op of a kind once more, with other words in it."""
    (body,) = conn.execute("SELECT body FROM log WHERE kind = ? ORDER BY seq DESC LIMIT 1", (kind,)).fetchone()
    op = decode(kind, body)
    if hasattr(op, "lines"):
        renamed = {**renamed, "lines": tuple(_with(line, renamed) for line in op.lines)}
    return _with(op, renamed)


def _with(struct: S, renamed: Mapping[str, Any]) -> S:
    """The same with those of the new values that it has a field for: what is stored leaves defaults out."""
    fields = set(struct.__struct_fields__)
    return msgspec.structs.replace(struct, **{name: value for name, value in renamed.items() if name in fields})


def test_a_ticket_that_nobody_sent_is_found(folder: Path) -> None:
    with opened(folder) as conn:
        slip_in(conn, again(conn, "ticket_opened", ticket_id="stray", line_id="never-sent"))
    said = hos_edge(folder, "verify")
    assert said.code == 1
    assert "kitchen: ticket stray makes line never-sent, which was not sent and fired" in said.told


def test_a_ticket_of_a_draft_that_no_waiter_confirmed_is_found(folder: Path) -> None:
    with opened(folder) as conn:
        conn.execute("UPDATE draft SET state = 'submitted'")
    assert any("of draft draft-1, which is submitted" in problem for problem in problems(folder))
    with opened(folder) as conn:
        conn.execute("UPDATE draft SET state = 'confirmed'")
        (check_id,) = conn.execute("SELECT subject FROM log WHERE kind = 'lines_added'").fetchone()
        added = again(conn, "lines_added", draft_id="nobodys")
        ops = [msgspec.structs.replace(added, lines=added.lines[:1])]  # type: ignore[attr-defined]
        conn.execute("DELETE FROM check_line WHERE check_id = ?", (check_id,))
        slip_in(conn, *ops)
        conn.execute("UPDATE check_line SET state = 'sent', sent_at_ms = 1, fired_at_ms = 1")
    assert any("of draft nobodys, which is unknown" in problem for problem in problems(folder))


def shown(folder: Path, capsys: pytest.CaptureFixture[str], *options: str) -> list[dict[str, Any]]:
    """What `hos edge log --json` prints."""
    assert main(["--data-dir", str(folder), "log", "--json", *options]) == 0
    return [msgspec.json.decode(line) for line in capsys.readouterr().out.splitlines()]


def test_the_log_is_shown_by_place_kind_and_subject(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    everything = shown(folder, capsys)
    head = len(everything)
    assert [entry["seq"] for entry in everything] == list(range(1, head + 1))
    assert all({"op", "digest", "id", "staff_id", "business_day"} <= entry.keys() for entry in everything)
    assert shown(folder, capsys, "--last", "3") == everything[-3:]
    assert shown(folder, capsys, "--last", "0") == []
    assert shown(folder, capsys, "--after", str(head - 2)) == everything[-2:]
    of_kind = shown(folder, capsys, "--kind", "payment_taken")
    assert [entry["op"]["payment_id"] for entry in of_kind] == ["pay-1"]
    of_check = shown(folder, capsys, "--subject", "check-1")
    assert {"check_opened", "lines_sent"} <= {entry["kind"] for entry in of_check}


def test_the_log_as_people_read_it_stops_when_its_reader_had_enough(folder: Path) -> None:
    command = f"{sys.executable} -m edge --data-dir {folder} log | head -n 2; exit ${{PIPESTATUS[0]}}"
    ran = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert [line.split()[0] for line in ran.stdout.splitlines()] == ["1", "2"]


def test_a_backup_taken_in_a_rush_is_whole_and_has_what_was_answered_before(venue: OpenVenue, tmp_path: Path) -> None:
    (tmp_path / "copy").mkdir()
    busy = BusyScreens(venue).start()
    try:
        busy.after(60)
        answered = set(busy.acked)
        said = hos_edge(venue.data_dir, "backup", str(tmp_path / "copy" / FILE_NAME))
        busy.after(10)
    finally:
        busy.finish()
    assert said.code == 0, said
    assert busy.missing(venue) == set() and not busy.refused
    with opened(tmp_path / "copy") as conn:
        kept = {command_id for (command_id,) in conn.execute("SELECT command_id FROM log")}
    assert answered <= kept
    assert problems(tmp_path / "copy") == []
    assert sorted(path.name for path in (tmp_path / "copy").iterdir()) == [FILE_NAME]
