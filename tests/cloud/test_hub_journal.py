"""The journal gives way: whatever standard error is, the program goes on."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

JOURNALS = ("cloud.engine.journal", "edge.engine.journal")
SAY = """
import structlog
from {journal} import open_journal
open_journal("info")
for number in range(2_000):
    structlog.get_logger().info("said", number=number, text="x" * {size})
print("went on")
"""


def say(journal: str, error: int, *, size: int = 10) -> bytes:
    """A program that says more than a pipe holds; its last words."""
    ended = subprocess.run(
        [sys.executable, "-c", SAY.format(journal=journal, size=size)],
        stdout=subprocess.PIPE,
        stderr=error,
        timeout=60,
        check=True,
    )
    return ended.stdout


@pytest.mark.parametrize("journal", JOURNALS)
@pytest.mark.parametrize("size", [10, 10_000])
def test_a_pipe_that_nobody_reads_stops_nobody(journal: str, size: int) -> None:
    reader, writer = os.pipe()
    try:
        assert say(journal, writer, size=size) == b"went on\n"
    finally:
        os.close(reader)
        os.close(writer)


@pytest.mark.parametrize("journal", JOURNALS)
def test_a_reader_that_went_away_stops_nobody(journal: str) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        assert say(journal, writer) == b"went on\n"
    finally:
        os.close(writer)


@pytest.mark.parametrize("journal", JOURNALS)
def test_a_full_disk_stops_nobody(journal: str) -> None:
    with Path("/dev/full").open("wb") as full:
        assert say(journal, full.fileno()) == b"went on\n"


@pytest.mark.parametrize("journal", JOURNALS)
def test_what_there_is_room_for_is_written_whole(journal: str, tmp_path: Path) -> None:
    with (tmp_path / "journal").open("wb") as file:
        say(journal, file.fileno(), size=10_000)
    lines = [json.loads(line) for line in (tmp_path / "journal").read_bytes().splitlines()]
    assert [line["number"] for line in lines] == list(range(2_000))
