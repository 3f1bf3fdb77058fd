"""Today's edge on the data folders of earlier releases: it opens them, loses nothing, and goes on."""

import contextlib
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.client import connect

from shared.answers.staff import SESSION_HEADER
from tests.upgrade import folder
from tests.upgrade.make import ROOT, a_printer, an_edge, make
from tests.upgrade.venue import TABLE_MINOR, ServingVenue

RELEASES = sorted(folder.FOLDERS.glob(f"*{folder.SUFFIX}"))
LOG = "SELECT seq, epoch, id, kind, body, digest FROM log ORDER BY seq"
#: What people would miss, whatever table it is in tomorrow.
KEPT = (
    "SELECT z_number, json_extract(totals, '$.sales_minor'), closed_by FROM z_report ORDER BY z_number",
    "SELECT check_id, state, total_minor, paid_minor, tips_minor, table_label FROM checks ORDER BY check_id",
    "SELECT check_id, line_id, name, quantity, gross_minor, note, state FROM check_line ORDER BY check_id, line_id",
    "SELECT draft_id, state, claimed_by FROM draft ORDER BY draft_id",
    "SELECT session_id, state, expected_minor, over_short_minor FROM drawer_session ORDER BY session_id",
    "SELECT device_id, role, name, revoked_at_ms FROM device ORDER BY device_id",
    "SELECT staff_id, name, pin_hash FROM person ORDER BY staff_id",
    "SELECT item_id FROM item_86",
    "SELECT command_id, seq, code FROM command_done",
    "SELECT command_id, name, code FROM refusal",
)


@pytest.fixture(params=RELEASES, ids=lambda path: path.name.removesuffix(folder.SUFFIX))
def data_dir(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The folder that a release left."""
    made = tmp_path / "venue"
    folder.unpack(request.param, made)
    return made


@contextlib.contextmanager
def going_on(data_dir: Path) -> Iterator[ServingVenue]:
    """Today's edge, serving that venue a while after it was left."""
    with a_printer(), an_edge(ROOT, data_dir) as address:
        venue = ServingVenue(address, data_dir, first_id=10_000)
        ((last_ms,),) = venue.rows("SELECT hlc >> 16 FROM log ORDER BY seq DESC LIMIT 1")
        venue.now_ms = last_ms + 60_000
        with contextlib.closing(venue):
            yield venue


def hos_edge(data_dir: Path, *arguments: str) -> str:
    """A technician's command, which must do what it is asked."""
    command = [sys.executable, "-m", "edge", "--data-dir", str(data_dir), *arguments]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def kept(venue: ServingVenue) -> list[list[tuple[Any, ...]]]:
    """Everything that people would miss."""
    return [venue.rows(sql) for sql in KEPT]


def test_nothing_is_lost_and_all_is_true(data_dir: Path) -> None:
    left = ServingVenue("http://127.0.0.1:1", data_dir)
    entries, all_kept = left.rows(LOG), kept(left)
    assert all(all_kept), "a venue that has none of something proves nothing"
    with going_on(data_dir) as venue:
        assert venue.rows(LOG)[: len(entries)] == entries
        lost = [set(before) - set(now) for before, now in zip(all_kept, kept(venue), strict=True)]
        assert lost == [set()] * len(KEPT)
    hos_edge(data_dir, "verify")
    hos_edge(data_dir, "rebuild")
    hos_edge(data_dir, "verify")


@pytest.mark.slow
def test_the_evening_goes_on_to_its_z(data_dir: Path) -> None:
    with going_on(data_dir) as venue:
        ana, till = venue.kept_screen("ana"), venue.kept_screen("till")
        ana.do("confirm_draft", draft_id="open-1", check_id="next", covers=2)
        ana.do("confirm_draft", draft_id="open-2", check_id="claimed-before", covers=2)
        for check_id, total_minor in venue.rows("SELECT check_id, total_minor FROM checks WHERE state = 'open'"):
            ana.do("send_lines", check_id=check_id, fire_all=True)
            body = {"tender": "cash", "amount_minor": total_minor, "tendered_minor": total_minor}
            till.do("take_payment", payment_id=f"last-{check_id}", check_id=check_id, **body)
        x_report = till.http.get("/reports/x", headers={SESSION_HEADER: till.session}).json()
        # Three drafts of an empanada, the flan that was held, and eight covers.
        assert x_report["sales_minor"] == 3 * 120_000 + 400_000 + 8 * 50_000
        till.do("count_drawer", session_id="caja-3", counted_minor=500_000 + x_report["sales_minor"])
        till.do("close_day")
        numbers = venue.rows("SELECT z_number, json_extract(totals, '$.sales_minor') FROM z_report ORDER BY z_number")
        assert numbers[:2] == [(1, TABLE_MINOR + 520_000)] * 1 + [(2, TABLE_MINOR + 520_000)]
        assert numbers[2] == (3, x_report["sales_minor"])
    hos_edge(data_dir, "verify")


@pytest.mark.slow
def test_what_was_decided_stays_decided(data_dir: Path) -> None:
    """A screen that never heard the answer asks again, after the update."""
    with going_on(data_dir) as venue:
        venue.ids = iter(range(2, 3))  # type: ignore[assignment]  # the second command of the old release
        answer = venue.console.ask("draw_section", section_id="salon", name="Salón")
        assert (answer["outcome"], answer["seq"]) == ("done", 2)
        assert venue.rows("SELECT COUNT(*) FROM log WHERE kind = 'section_drawn'") == [(1,)]


@pytest.mark.slow
def test_a_paired_screen_is_shown_the_venue(data_dir: Path) -> None:
    with going_on(data_dir) as venue:
        ana = venue.kept_screen("ana")
        with connect(venue.address.replace("http", "ws") + "/feed", proxy=None, max_size=None) as socket:
            socket.send(json.dumps({"type": "hello", "token": ana.key, "cursor": None}))
            frame = json.loads(socket.recv(timeout=60))
        shown = {(kind, key): view for kind, key, view in frame["views"]}
        assert shown["check", "open-check"]["lines"][0]["modifiers"] == []
        assert shown["draft", "open-1"]["state"] == "submitted"
        assert shown["menu", "menu"]["menu"]["items"][0]["vat_bp"] == 2100


def test_every_release_left_a_folder() -> None:
    released = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert {*released, "2026.11.0"} <= {path.name.removesuffix(folder.SUFFIX) for path in RELEASES}
    assert all(path.stat().st_size <= folder.MOST_BYTES for path in RELEASES)


@pytest.mark.slow
def test_the_folder_of_this_release_can_be_made(tmp_path: Path) -> None:
    make(ROOT, tmp_path / "venue")
    folder.pack(tmp_path / "venue", tmp_path / f"made{folder.SUFFIX}")
    folder.unpack(tmp_path / f"made{folder.SUFFIX}", tmp_path / "again")
    hos_edge(tmp_path / "again", "verify")
