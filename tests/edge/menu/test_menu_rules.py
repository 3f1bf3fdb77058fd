"""The rules of the menu: publishing, selling out, coming back."""

from pathlib import Path

import msgspec
import pytest

from shared.commands import Command
from shared.commands.menu import EightySixItem, PublishMenu, RestoreItem
from shared.ids import GroupId, ModifierId, VariantId
from shared.menu import Menu, MenuItem, Modifier, ModifierGroup, Variant, least_of, problems_of
from shared.permissions import PERMISSIONS
from shared.views.shown import ShownMenu, shown
from tests.real_venue import a_real_venue
from tests.service import MENU

FLAN_OUT = EightySixItem(item_id="flan")


ALL_CHOSEN = tuple(msgspec.structs.replace(one, is_default=True) for one in MENU.groups[0].modifiers)


def changed(**changes: object) -> Menu:
    """The tests' menu with something else in it."""
    return msgspec.structs.replace(MENU, **changes)


def a_size(id: str, price_minor: int) -> Variant:
    """A variant with a price of its own."""
    return Variant(id=VariantId(id), name=id, price_minor=price_minor)


def a_group(id: str, *prices: int, min: int = 0, max: int = 1, free: int = 0) -> ModifierGroup:
    """A group with an option for each price."""
    options = tuple(
        Modifier(id=ModifierId(f"o{number}"), name=str(number), price_minor=price)
        for number, price in enumerate(prices)
    )
    return ModifierGroup(id=GroupId(id), name=id, min=min, max=max, free_count=free, modifiers=options)


def selling(*groups: ModifierGroup, **fields: object) -> Menu:
    """The tests' menu with water that asks these groups, or is otherwise."""
    asks = {"group_ids": tuple(group.id for group in groups)}
    water: MenuItem = msgspec.structs.replace(MENU.items[0], **(asks | fields))
    return changed(items=(water, *MENU.items[1:]), groups=(*MENU.groups, *groups))


def without(item_id: str) -> Menu:
    """The tests' menu less one item."""
    return changed(items=tuple(item for item in MENU.items if item.id != item_id))


async def test_a_menu_comes_into_force_whole_and_versions_count_up(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        await venue.do("mara", PublishMenu(menu=without("flan")))
        menu = venue.views("menu")["menu"]
        assert (menu.version, menu.menu) == (2, shown(without("flan"), ShownMenu))
        assert venue.problems() == []


@pytest.mark.parametrize(
    ("menu", "problem"),
    [
        (changed(categories=()), "item agua names the unknown category todo"),
        (changed(groups=()), "item bife names the unknown group punto"),
        (changed(items=(*MENU.items, MENU.items[0])), "two items share the id agua"),
        (changed(categories=MENU.categories * 2), "two categories share the id todo"),
        (changed(groups=MENU.groups * 2), "two groups share the id punto"),
        (
            changed(groups=(msgspec.structs.replace(MENU.groups[0], min=2),)),
            "group punto asks for at least 2 but at most 1",
        ),
        (
            changed(groups=(msgspec.structs.replace(MENU.groups[0], modifiers=()),)),
            "group punto asks for 1 of 0 options",
        ),
        (
            changed(items=(msgspec.structs.replace(MENU.items[2], group_ids=("punto", "punto")),)),
            "item bife asks group punto twice",
        ),
        (
            changed(items=(msgspec.structs.replace(MENU.items[0], id="café con leche"),)),
            "'café con leche' is no id: letters, digits, - and _, at most 40",
        ),
        (
            changed(groups=(msgspec.structs.replace(MENU.groups[0], modifiers=ALL_CHOSEN),)),
            "group punto has more options chosen beforehand than the 1 it allows",
        ),
        (
            changed(items=(msgspec.structs.replace(MENU.items[0], allergens=("gluten",)),)),
            "item agua names the unknown allergen gluten",
        ),
        (
            selling(variants=(a_size("copa", -1), a_size("botella", 5))),
            "variant copa of item agua has a price below nothing",
        ),
        (
            selling(a_group("sin", -300, -200, max=2), price_minor=499),
            "item agua costs less than nothing with its cheapest options",
        ),
        (
            selling(a_group("sin", -300), variants=(a_size("chica", 299), a_size("grande", 900))),
            "variant chica of item agua costs less than nothing with its cheapest options",
        ),
        (selling(name="Agua\n$ 0"), "item agua has a sign in its name that moves or hides the text after it"),
        (
            selling(variants=(msgspec.structs.replace(a_size("copa", 1), name="Copa \u202e000.1"),)),
            "variant copa of item agua has a sign in its name that moves or hides the text after it",
        ),
    ],
)
async def test_a_menu_that_contradicts_itself_is_refused_whole(menu: Menu, problem: str, tmp_path: Path) -> None:
    assert problem in problems_of(menu)
    async with a_real_venue(tmp_path) as venue:
        answer = await venue.ask("mara", PublishMenu(menu=menu))
        assert answer.code == "menu_invalid"
        assert problem in (answer.facts["problems"] or ())  # type: ignore[operator]
        assert venue.views("menu")["menu"].version == 1


async def test_a_dish_that_no_station_makes_keeps_a_menu_out(tmp_path: Path) -> None:
    lost = changed(items=(msgspec.structs.replace(MENU.items[0], station_id="parilla"),))
    async with a_real_venue(tmp_path) as venue:
        answer = await venue.ask("mara", PublishMenu(menu=lost))
        assert (answer.code, answer.facts) == (
            "menu_invalid",
            {"problems": ["item agua is made at the unknown station parilla"]},
        )


async def test_what_is_sold_out_stays_so_until_restored_and_twice_is_once(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        await venue.do("ana", FLAN_OUT, FLAN_OUT)
        assert list(venue.views("sold_out")) == ["flan"]
        await venue.do("mara", PublishMenu(menu=MENU))
        assert list(venue.views("sold_out")) == ["flan"], "a new version of the menu fills no pan"
        await venue.do("ana", RestoreItem(item_id="flan"), RestoreItem(item_id="flan"))
        assert venue.views("sold_out") == {}
        kinds = (
            "SELECT kind, COUNT(*) FROM log WHERE kind IN ('item_86ed', 'item_restored') GROUP BY kind ORDER BY kind"
        )
        assert venue.rows(kinds) == [("item_86ed", 1), ("item_restored", 1)]


async def test_an_item_that_leaves_the_menu_is_sold_out_no_more(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        await venue.do("ana", FLAN_OUT)
        await venue.do("mara", PublishMenu(menu=without("flan")))
        assert venue.views("sold_out") == {}
        assert venue.problems() == []


@pytest.mark.parametrize(
    ("who", "command", "code"),
    [
        ("ana", EightySixItem(item_id="no-such"), "item_unknown"),
        ("ana", RestoreItem(item_id="no-such"), "item_unknown"),
        ("till", FLAN_OUT, "needs_sign_in"),
        ("caro", PublishMenu(menu=MENU), "needs_manager"),
        ("till", PublishMenu(menu=MENU), "needs_sign_in"),
    ],
)
async def test_each_change_of_the_menu_asks_for_who_may(who: str, command: Command, code: str, tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        assert await venue.code(who, command) == code
        assert venue.views("menu")["menu"].version == 1


def test_every_permission_that_the_menu_asks_for_is_one() -> None:
    assert {"publish_menu", "sold_out"} <= PERMISSIONS.keys()


@pytest.mark.parametrize(
    ("group", "least"),
    [
        (a_group("nada"), 0),
        (a_group("uno", 100, 200), 0),
        (a_group("uno", 100, 200, min=1), 100),
        (a_group("sin", -100, -50, 70, max=3), -150),
        (a_group("sin", -100, -50, 70, min=3, max=3), -80),
        (a_group("la primera va gratis", -100, -50, max=2, free=1), -100),
        (a_group("todas gratis", -100, -50, max=2, free=2), 0),
    ],
)
def test_the_least_a_group_adds_is_what_the_cheapest_guest_would_choose(group: ModifierGroup, least: int) -> None:
    assert least_of(group) == least


@pytest.mark.parametrize(
    "menu",
    [
        selling(a_group("sin", -300), price_minor=300),
        selling(price_minor=0),
        selling(variants=(a_size("cortesia", 0),)),
    ],
    ids=["an option that takes all of it", "a courtesy", "a size for nothing"],
)
def test_what_costs_exactly_nothing_may_be_sold(menu: Menu) -> None:
    assert problems_of(menu) == []
