"""What commands remember of rows that seldom change is never out of date: not even for the next command of a commit."""

from pathlib import Path

import msgspec

from shared.commands.base import CommandAnswer
from shared.commands.devices import RevokeDevice
from shared.commands.floor import ConfigureVenue
from shared.commands.kitchen import ConfigureStation, SendLines
from shared.commands.lines import LineAsk
from shared.commands.menu import EightySixItem, PublishMenu, RestoreItem
from shared.commands.ordering import AddLines, OpenCheck, SetCovers
from shared.commands.staff import SetStaffRole
from tests.real_venue import RealVenue, a_real_venue
from tests.service import MENU


def a_flan(line_id: str) -> AddLines:
    return AddLines(check_id="c1", lines=(LineAsk(line_id=line_id, item_id="flan"),))


async def together(venue: RealVenue, *asks: tuple[str, object]) -> list[CommandAnswer]:
    """What became of commands of several people in one commit."""
    return await venue.edge.writer.ask([venue._ask(who, command, 0, "", "") for who, command in asks])  # type: ignore[arg-type]


async def test_a_dish_is_sold_out_and_back_from_the_next_command_on(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        await venue.do("ana", OpenCheck(check_id="c1", kind="counter"), a_flan("l1"))
        answers = await together(
            venue,
            ("console", EightySixItem(item_id="flan")),
            ("ana", a_flan("l2")),
            ("console", RestoreItem(item_id="flan")),
            ("ana", a_flan("l3")),
        )
        assert [answer.code for answer in answers] == ["", "item_sold_out", "", ""]


async def test_a_new_menu_prices_the_next_line(tmp_path: Path) -> None:
    dearer = tuple(
        msgspec.structs.replace(item, price_minor=5_000_00) if item.id == "flan" else item for item in MENU.items
    )
    async with a_real_venue(tmp_path) as venue:
        await venue.do("ana", OpenCheck(check_id="c1", kind="counter"), a_flan("l1"))
        await together(
            venue,
            ("console", PublishMenu(menu=msgspec.structs.replace(MENU, items=dearer))),
            ("ana", a_flan("l2")),
        )
        assert venue.rows("SELECT gross_minor FROM check_line ORDER BY line_id") == [(4_000_00,), (5_000_00,)]


async def test_a_screen_shut_out_does_nothing_more(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        await venue.do("ana", OpenCheck(check_id="c1", kind="counter"))
        answers = await together(venue, ("console", RevokeDevice(device_id="phone")), ("ana", a_flan("l1")))
        assert [answer.code for answer in answers] == ["", "device_revoked"]


async def test_a_role_counts_from_the_next_command_on(tmp_path: Path) -> None:
    charge = ConfigureVenue(name="Sur", cover_charge_minor=900_00)
    async with a_real_venue(tmp_path) as venue:
        await venue.do("mara", ConfigureVenue(name="Sur"))
        answers = await together(
            venue, ("console", SetStaffRole(staff_id="mara", role="waiter")), ("mara", charge), ("console", charge)
        )
        assert [answer.outcome for answer in answers] == ["done", "refused", "done"]


async def test_a_cover_charge_counts_from_the_next_check_on(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        await venue.do("ana", OpenCheck(check_id="c1", table_id="t1", covers=1))
        await together(
            venue,
            ("console", ConfigureVenue(name="Sur", cover_charge_minor=900_00)),
            ("ana", OpenCheck(check_id="c2", table_id="t2", covers=1)),
        )
        assert venue.rows("SELECT cover_charge_minor FROM checks ORDER BY check_id") == [(0,), (900_00,)]


async def test_what_a_refused_command_read_is_still_true(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        answers = await together(
            venue,
            ("ana", SetCovers(check_id="nobodys", covers=2)),
            ("console", ConfigureStation(station_id="cocina", name="Fuegos")),
            ("ana", OpenCheck(check_id="c1", kind="counter")),
            ("ana", a_flan("l1")),
            ("ana", SendLines(check_id="c1", fire_all=True)),
        )
        assert [answer.code for answer in answers] == ["check_unknown", "", "", "", ""]
        assert venue.problems() == []
