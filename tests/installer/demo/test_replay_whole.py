"""Two order files through a real hub and a real venue: the report agrees with the files, and rows that cannot be used are named."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from installer.demo import replay_command
from installer.demo.command_line import main as demo
from installer.demo.order_files import Order
from installer.demo.replay import shifts_of

MENU = "\ufeffmenu_item_id,item_name,category,price\n1,Sopa «del día»,Sopas,12.95\n2,Pan,,0\n3,Vino,Bebidas,7.5\n4,Roto,X,a\n"
HEAD = "order_details_id,order_id,order_date,order_time,item_id\n"
ORDERS = [
    "1,1,1/2/23,11:30:00 PM,1",
    "2,1,1/2/23,11:30:00 PM,3",
    "3,2,2023-03-01,1:15:00 AM,1",  # 3 January after midnight: still the evening of the 2nd
    "4,3,2023-03-01,1:15:00 PM,2",  # costs nothing
    "5,4,2023-03-01,1:20:00 PM,9",
    "6,5,2023-03-01,9:00:00 PM,3",
]
LONG_ORDER = [f"{7 + n},6,1/4/23,12:00:00 PM,1" for n in range(450)]


@pytest.mark.slow
def test_the_hub_agrees_with_the_files_to_the_cent(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    menu, orders = tmp_path / "menu.csv", tmp_path / "orders.csv"
    menu.write_text(MENU, encoding="utf-8")
    orders.write_text(HEAD + "\n".join([*ORDERS, *LONG_ORDER]) + "\n", encoding="utf-8")
    home = str(tmp_path / "home")
    assert demo(["replay", str(menu), str(orders), "--json", "--data-dir", home]) == replay_command.OK
    told = json.loads(capsys.readouterr().out)
    assert told["is_equal"]
    assert (told["lines"], told["revenue_minor"]) == (455, 452 * 1295 + 2 * 750)
    assert (told["hub_lines"], told["hub_revenue_minor"]) == (told["lines"], told["revenue_minor"])
    assert (told["days"], told["z_reports"]) == (3, 3)
    assert [(row["file"], row["row"], row["reason"]) for row in told["refused"]] == [
        ("menu", 5, "the price is not a number"),
        ("orders", 6, "no item has the id 9"),
    ]
    assert told["z_revenue_minor"] == told["revenue_minor"]
    assert demo(["--verify", "--data-dir", home]) == replay_command.OK


@pytest.mark.slow
def test_two_zs_a_day_agree_with_the_files_to_the_cent(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    menu, orders = tmp_path / "menu.csv", tmp_path / "orders.csv"
    menu.write_text(MENU, encoding="utf-8")
    hours = ("12:10:00 PM", "4:59:00 PM", "5:00:00 PM", "11:40:00 PM")
    week = [
        f"{9 * day + n},{9 * day + n},1/{day}/23,{hour},{n % 3 + 1}"
        for day in range(1, 8)
        for n, hour in enumerate(hours)
    ]
    night = "900,900,1/5/23,4:20:00 AM,3"  # still the dinner of the 4th
    orders.write_text(HEAD + "\n".join([*week, night]) + "\n", encoding="utf-8")
    home = str(tmp_path / "home")
    arguments = ["replay", str(menu), str(orders), "--json", "--data-dir", home, "--shift-ends-at", "17"]
    assert demo(arguments) == replay_command.OK
    told = json.loads(capsys.readouterr().out)
    assert told["is_equal"] and told["differences"] == []
    assert (told["days"], told["z_reports"]) == (7, 14)
    assert told["z_revenue_minor"] == told["hub_revenue_minor"] == told["revenue_minor"]
    assert demo(["--verify", "--data-dir", home]) == replay_command.OK


def test_a_day_falls_into_its_shifts() -> None:
    """At seventeen and at one in the night, which is later in the same business day."""
    times = ("06:00", "16:59", "17:00", "00:59", "01:00", "04:59")
    orders = [Order(time, datetime.fromisoformat(f"2023-01-02T{time}"), ()) for time in times]
    shifts = shifts_of(orders, (17, 1))
    assert [(number, [order.id for order in of_shift]) for number, of_shift in shifts] == [
        (0, ["06:00", "16:59"]),
        (1, ["17:00", "00:59"]),
        (2, ["01:00", "04:59"]),
    ]
    assert len(shifts_of(orders, ())) == 1
