"""The small programs of docs/examples, against a real edge over real sockets."""

import asyncio
from pathlib import Path

import openpyxl

from docs.examples.device import open_check
from docs.examples.log_to_spreadsheet import log_to_spreadsheet
from installer.bench.venue import venue


async def test_a_device_sees_its_dish_and_the_log_becomes_a_spreadsheet(tmp_path: Path) -> None:
    async with venue(tmp_path / "venue", devices=0) as place:
        check = await asyncio.wait_for(open_check(place.address, place.console_key, "dish1"), 120)
    assert [line["name"] for line in check["lines"]] == ["Dish 1"]  # type: ignore[attr-defined]
    target = tmp_path / "log.xlsx"
    count = log_to_spreadsheet(str(tmp_path / "venue" / "venue.db"), str(target))
    sheet = openpyxl.load_workbook(target)["log"]
    assert sheet.max_row == count + 1
