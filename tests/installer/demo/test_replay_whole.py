"""Two order files through a real hub and a real venue: the report agrees with the files, and rows that cannot be used are named."""

import json
from pathlib import Path

import pytest

from installer.demo import replay_command
from installer.demo.command_line import main as demo

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
    assert demo(["--verify", "--data-dir", home]) == replay_command.OK
