"""The data folder of a venue that served for a while and was stopped, to copy, damage and start again."""

import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from edge.engine.database import FILE_NAME, connect_writer
from tests.hardening.open_venue import an_open_venue

PATIENCE_S = 120


class Said(msgspec.Struct, frozen=True):
    """How a command of the technician's ended, and what it said."""

    code: int
    out: str
    told: str


def hos_edge(folder: Path, *arguments: str) -> Said:
    """`hos edge …` on that data folder, as a program of its own."""
    ran = subprocess.run(
        [sys.executable, "-m", "edge", "--data-dir", str(folder), *arguments],
        env={**os.environ, "COLUMNS": "300", "PYTHONPATH": os.getcwd()},
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    return Said(ran.returncode, ran.stdout, ran.stderr)


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A venue with a few checks, one of them a guest's, sent and paid; stopped in order. Copy it, never change it."""
    folder = tmp_path_factory.mktemp("kept") / "venue"
    with an_open_venue(folder) as venue:
        ana, till = venue.paired("waiter", "ana"), venue.paired("pos", "mara")
        phone = venue.seated()
        phone.do("submit_draft", draft_id="draft-1", lines=[{"line_id": "d1", "item_id": "flan"}])
        ana.do("confirm_draft", draft_id="draft-1", check_id="check-1")
        ana.do("send_lines", check_id="check-1", fire_all=True)
        check_id = venue.check(ana, "agua", "empanada")
        ana.do("send_lines", check_id=check_id, fire_all=True)
        till.do(
            "take_payment", payment_id="pay-1", check_id=check_id, tender="card", amount_minor=2_700_00, reference="1"
        )
    return folder


@pytest.fixture
def folder(kept: Path, tmp_path: Path) -> Path:
    """A copy of that folder."""
    return Path(shutil.copytree(kept, tmp_path / "venue"))


@contextlib.contextmanager
def opened(folder: Path) -> Iterator[sqlite3.Connection]:
    """The database of a folder that no edge has, to change behind the edge's back; one file at the end."""
    conn = connect_writer(folder / FILE_NAME)
    try:
        yield conn
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        conn.close()
