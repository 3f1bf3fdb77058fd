"""Dirty order files: what each row says, and why a row cannot be used."""

from datetime import datetime

import pytest

from installer.demo.order_files import DayFigures, Refused, WrongFile, figures_by_day, read_items, read_orders

MENU = "\ufeffmenu_item_id,item_name,category,price\n101,Hamburger,American,12.95\n102,Fries,American,7\n"
HEAD = "order_details_id,order_id,order_date,order_time,item_id\n"


def reasons(text: str) -> list[str]:
    items, _ = read_items(MENU)
    return [refused.reason for refused in read_orders(HEAD + text, items)[1]]


def test_a_price_is_read_in_minor_units_past_the_byte_order_mark() -> None:
    items, refused = read_items(MENU)
    assert [(id, item.price_minor) for id, item in items.items()] == [("101", 1295), ("102", 700)]
    assert refused == []


@pytest.mark.parametrize(("date", "day"), [("3/31/23", (2023, 3, 31)), ("2023-02-01", (2023, 1, 2))])
def test_a_date_may_have_two_forms(date: str, day: tuple[int, int, int]) -> None:
    items, _ = read_items(MENU)
    orders, _ = read_orders(HEAD + f"1,1,{date},11:38:36 AM,101\n", items)
    assert orders[0].at == datetime(*day, 11, 38, 36)


def test_a_row_that_cannot_be_used_is_named_with_why() -> None:
    rows = (
        "1,1,1/1/23,11:38:36 AM,0\n2,,1/1/23,11:38:36 AM,101\n3,1,31/1/23,11:38:36 AM,101\n4,2,1/1/23,25:00:00 AM,101\n"
    )
    assert reasons(rows) == [
        "no item has the id 0",
        "the row names no order",
        "the date or the time cannot be read",
        "the date or the time cannot be read",
    ]


def test_an_order_has_one_time() -> None:
    rows = "1,1,1/1/23,11:38:36 AM,101\n2,1,1/1/23,11:40:00 AM,101\n"
    assert reasons(rows) == ["the order has another time in an earlier row"]


@pytest.mark.parametrize("price", ["", "abc", "-1", "1.005", "NaN", "1e30"])
def test_an_item_needs_a_price_that_money_can_say(price: str) -> None:
    items, refused = read_items(f"menu_item_id,item_name,category,price\n1,Soup,Soups,{price}\n")
    assert items == {}
    assert [(one.file, one.row) for one in refused] == [("menu", 2)]


def test_two_items_cannot_share_an_id() -> None:
    _, refused = read_items(MENU + "101,Other,American,1\n")
    assert refused == [Refused("menu", 4, "101,Other,American,1", "an earlier row has the same id")]


def test_a_file_without_the_columns_is_refused_by_name() -> None:
    with pytest.raises(WrongFile, match="category, price"):
        read_items("menu_item_id,item_name\n1,Soup\n")


def test_an_order_after_midnight_counts_to_the_evening_before() -> None:
    items, _ = read_items(MENU)
    rows = "1,1,1/1/23,11:30:00 PM,101\n2,2,1/2/23,1:30:00 AM,102\n3,3,1/2/23,12:30:00 PM,102\n"
    orders, _ = read_orders(HEAD + rows, items)
    assert figures_by_day(orders, 5) == {"2023-01-01": DayFigures(2, 2, 1995), "2023-01-02": DayFigures(1, 1, 700)}


def test_a_row_that_is_there_twice_counts_once() -> None:
    row = "7,1,1/1/23,11:38:36 AM,101\n"
    assert reasons(row + row) == ["an earlier row has the same id"]


def test_columns_may_stand_in_any_order_beside_others_and_be_quoted() -> None:
    menu = '"Price",category,notes,"item_name",menu_item_id\r\n12.5,"Soups, hot",x,"Soup ""of the day""",5\r\n'
    items, refused = read_items(menu)
    assert refused == []
    assert [(id, item.name, item.category, item.price_minor) for id, item in items.items()] == [
        ("5", 'Soup "of the day"', "Soups, hot", 1250)
    ]


@pytest.mark.parametrize("mark", [";", "\t"])
def test_a_spreadsheet_may_have_written_semicolons_or_tabs(mark: str) -> None:
    assert read_items(MENU.replace(",", mark)) == read_items(MENU)


def test_a_refused_row_has_the_number_that_a_spreadsheet_shows() -> None:
    rows = "1,1,1/1/23,11:38:36 AM,101\n\n ,,,,\n2,2,1/1/23,11:38:36 AM,999\n"
    items, _ = read_items(MENU)
    assert [one.row for one in read_orders(HEAD + rows, items)[1]] == [5]


@pytest.mark.parametrize("row", ["1", "1,1,1/1/23", "1,1,1/1/69,11:38:36 AM,101", "1,1,2/29/23,11:38:36 AM,101"])
def test_a_row_that_is_cut_short_or_of_no_day_is_refused(row: str) -> None:
    assert len(reasons(row + "\n")) == 1


def test_an_id_may_be_any_text() -> None:
    items, _ = read_items(MENU)
    orders, _ = read_orders(HEAD + "1,²,1/1/23,11:38:36 AM,101\n2,A-7,1/1/23,11:38:36 AM,101\n", items)
    assert [order.id for order in orders] == ["²", "A-7"]


@pytest.mark.parametrize("text", ["", "\ufeff", "\n", "nothing\n", 'a,"b\n' + "x" * 200_000])
def test_a_file_that_is_no_table_is_refused_in_words(text: str) -> None:
    with pytest.raises(WrongFile):
        read_items(text)
