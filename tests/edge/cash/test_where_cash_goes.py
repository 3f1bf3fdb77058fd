"""Where cash goes: the drawer that was named, the device's, the only one open, or the waiter's own purse."""

from pathlib import Path

import msgspec
import pytest

from shared.commands.cash import CloseDay, CountDrawer, OpenDrawer, OpenDrawerWithoutSale, SettlePurse
from shared.commands.devices import ChooseDrawer
from shared.commands.payments import TakePayment
from shared.commands.printing import ConfigurePrinter
from shared.commands.staff import RemoveStaff, SetStaffRole
from tests.real_venue import RealVenue, a_real_venue

PRICE_MINOR = 1_200_00  # of an empanada


def cash(check_id: str, *, into: str = "", amount_minor: int = PRICE_MINOR, tip_minor: int = 0) -> TakePayment:
    return TakePayment(
        payment_id=f"p-{check_id}",
        check_id=check_id,
        tender="cash",
        amount_minor=amount_minor,
        tip_minor=tip_minor,
        tendered_minor=amount_minor + tip_minor,
        into=into,
    )


async def two_drawers(venue: RealVenue) -> None:
    """One at each till, both open."""
    await venue.do("caro", OpenDrawer(session_id="s1", drawer_id="till", drawer_name="Salón", float_minor=0))
    await venue.do("mara", OpenDrawer(session_id="s2", drawer_id="till2", drawer_name="Barra", float_minor=0))


async def took(venue: RealVenue, who: str, check_id: str, *, into: str = "") -> str:
    """The session that the cash of an empanada went into."""
    await venue.serve(check_id, items=("empanada",))
    await venue.do(who, cash(check_id, into=into))
    ((session_id,),) = venue.rows("SELECT drawer_session_id FROM payment WHERE check_id = ?", check_id)
    return str(session_id)


async def test_each_till_takes_cash_into_its_own_drawer(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        await two_drawers(venue)
        assert await took(venue, "caro", "c1") == "s1"
        assert await took(venue, "mara", "c2") == "s2"


async def test_a_phone_is_told_which_drawers_are_open_and_says_which(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        await two_drawers(venue)
        await venue.serve("c1", items=("empanada",))
        answer = await venue.ask("ana", cash("c1"))
        assert (answer.code, answer.facts) == ("drawer_which", {"drawers": ["Salón", "Barra"]})
        assert await took(venue, "ana", "c2", into="till2") == "s2"


async def test_a_drawer_that_was_named_and_is_not_open_takes_nothing(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        await venue.do("caro", OpenDrawer(session_id="s1", drawer_id="till", drawer_name="Salón", float_minor=0))
        await venue.serve("c1", items=("empanada",))
        answer = await venue.ask("ana", cash("c1", into="till2"))
        assert (answer.code, answer.facts) == ("drawer_closed", {"drawers": ["Salón"]})


async def test_a_till_whose_own_drawer_is_closed_puts_nothing_into_another_tills(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        await venue.do("caro", OpenDrawer(session_id="s1", drawer_id="till", drawer_name="Salón", float_minor=0))
        await venue.serve("c1", items=("empanada",))
        answer = await venue.ask("mara", cash("c1"))
        assert (answer.code, answer.facts) == ("drawer_closed", {"drawers": ["Salón"]})
        assert await took(venue, "mara", "c2", into="till") == "s1", "but where somebody says so"
        await venue.do("mara", ChooseDrawer(drawer_id=""))
        assert await took(venue, "mara", "c3") == "s1", "and where the only one open may take it"


async def test_the_word_for_purses_is_no_drawers_id(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        opening = OpenDrawer(session_id="s1", drawer_id="purse", drawer_name="Caja", float_minor=0)
        assert await venue.code("caro", opening) == "malformed"
        printer = ConfigurePrinter(printer_id="p1", printer_name="Barra", host="10.0.0.9", drawer_id="purse")
        assert await venue.code("console", printer) == "malformed"


async def test_a_waiter_who_left_is_still_named_and_their_purse_still_taken_over(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        await venue.do("caro", OpenDrawer(session_id="s1", drawer_id="till", drawer_name="Salón", float_minor=0))
        purse = await took(venue, "ana", "c1", into="purse")
        await venue.do("console", SetStaffRole(staff_id="ana", role="cook"), RemoveStaff(staff_id="ana"))
        answer = await venue.ask("mara", CloseDay())
        assert (answer.code, answer.facts) == ("drawers_open", {"drawers": ["Ana", "Salón"]})
        await venue.do("caro", SettlePurse(session_id=purse, counted_minor=PRICE_MINOR, into_session_id="s1"))
        await venue.do("caro", CountDrawer(session_id="s1", counted_minor=PRICE_MINOR))
        await venue.do("mara", CloseDay())
        assert venue.problems() == []


async def test_a_device_keeps_the_drawer_that_was_chosen_on_it(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        await two_drawers(venue)
        await venue.do("ana", ChooseDrawer(drawer_id="till2"))
        assert await took(venue, "ana", "c1") == "s2"
        await venue.do("caro", ChooseDrawer(drawer_id="till2"))
        assert await took(venue, "caro", "c2") == "s2"
        assert venue.views("device")["till"].drawer_id == "till2"


async def test_a_purse_begins_with_the_first_cash_and_is_the_waiters_own(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        await two_drawers(venue)
        await venue.do("ana", ChooseDrawer(drawer_id="purse"))
        first = await took(venue, "ana", "c1")
        assert first == await took(venue, "ana", "c2") and first not in {"s1", "s2"}
        purse = venue.views("drawer")[first]
        assert (purse.purse_of, purse.purse_of_name, purse.expected_minor) == ("ana", "Ana", None)
        assert await took(venue, "caro", "c3", into="purse") not in {first, "s1", "s2"}
        assert venue.problems() == []


async def test_what_a_waiter_hands_over_is_in_the_drawer_and_what_lacks_is_theirs(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        await two_drawers(venue)
        purse = await took(venue, "ana", "c1", into="purse")
        settle = SettlePurse(session_id=purse, counted_minor=PRICE_MINOR - 50_00, into_session_id="s1")
        assert await venue.code("ana", settle) == "needs_manager"
        await venue.do("caro", settle)
        assert venue.rows("SELECT session_id, state, expected_minor, over_short_minor FROM drawer_session ORDER BY 1") == [
            row for row in sorted([(purse, "counted", PRICE_MINOR, -50_00), ("s1", "open", PRICE_MINOR - 50_00, 0),
                                   ("s2", "open", 0, 0)])
        ]  # fmt: skip
        assert venue.rows("SELECT kind, reason, amount_minor FROM cash_movement") == [
            ("cash_in", "settlement", PRICE_MINOR - 50_00)
        ]
        assert await venue.code("caro", settle) == "drawer_closed"
        assert venue.problems() == []


@pytest.mark.parametrize(("purse", "into"), [("s1", "s2"), ("none", "s1")])
async def test_only_a_purse_is_handed_over_and_only_into_a_drawer(tmp_path: Path, purse: str, into: str) -> None:
    async with a_real_venue(tmp_path) as venue:
        await two_drawers(venue)
        settle = SettlePurse(session_id=purse, counted_minor=0, into_session_id=into)
        assert await venue.code("caro", settle) == "drawer_unknown"


async def test_a_purse_is_handed_over_and_not_just_counted(tmp_path: Path) -> None:
    """Its cash would be in no drawer, and the Z would say that all is well."""
    async with a_real_venue(tmp_path) as venue:
        await two_drawers(venue)
        purse = await took(venue, "ana", "c1", into="purse")
        assert await venue.code("caro", CountDrawer(session_id=purse, counted_minor=PRICE_MINOR)) == "drawer_unknown"
        await venue.do("caro", SettlePurse(session_id=purse, counted_minor=PRICE_MINOR, into_session_id="s1"))
        await venue.do("caro", CountDrawer(session_id="s1", counted_minor=PRICE_MINOR))
        assert venue.problems() == []


async def test_a_z_names_the_waiters_who_have_not_handed_over(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        await venue.do("caro", OpenDrawer(session_id="s1", drawer_id="till", drawer_name="Salón", float_minor=0))
        purse = await took(venue, "ana", "c1", into="purse")
        answer = await venue.ask("mara", CloseDay())
        assert (answer.code, answer.facts) == ("drawers_open", {"drawers": ["Ana", "Salón"]})
        await venue.do("caro", SettlePurse(session_id=purse, counted_minor=PRICE_MINOR, into_session_id="s1"))
        await venue.do("caro", CountDrawer(session_id="s1", counted_minor=PRICE_MINOR))
        await venue.do("mara", CloseDay())
        ((totals,),) = venue.rows("SELECT totals FROM z_report")
        assert msgspec.json.decode(totals)["sales_minor"] == PRICE_MINOR


async def test_two_drawers_and_two_phones_in_one_evening_and_the_z_agrees_with_every_drawer(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        await two_drawers(venue)
        await venue.do("ana", ChooseDrawer(drawer_id="purse"))
        places = [("caro", ""), ("mara", ""), ("ana", ""), ("ana", "till"), ("caro", "till2"), ("ana", "purse")]
        went = [await took(venue, who, f"c{n}", into=into) for n, (who, into) in enumerate(places)]
        purse = went[2]
        assert went == ["s1", "s2", purse, "s1", "s2", purse]
        await venue.do("caro", SettlePurse(session_id=purse, counted_minor=2 * PRICE_MINOR, into_session_id="s1"))
        await venue.do("caro", CountDrawer(session_id="s1", counted_minor=4 * PRICE_MINOR))
        await venue.do("mara", CountDrawer(session_id="s2", counted_minor=2 * PRICE_MINOR))
        await venue.do("mara", CloseDay())
        ((totals,),) = venue.rows("SELECT totals FROM z_report")
        found = msgspec.json.decode(totals)
        assert (found["sales_minor"], found.get("over_short_minor", 0)) == (6 * PRICE_MINOR, 0)
        assert venue.problems() == []


async def test_the_slip_of_a_no_sale_comes_out_beside_the_till_that_opened_the_drawer(tmp_path: Path) -> None:
    """Two tills, each with its drawer and printer: the kick and the slip are both at the one that asked."""
    async with a_real_venue(tmp_path) as venue:
        for printer_id, drawer_id in (("a", "till"), ("b", "till2")):
            printer = ConfigurePrinter(
                printer_id=printer_id,
                printer_name=printer_id,
                host=f"{printer_id}.local",
                is_receipt=True,
                has_drawer=True,
                drawer_id=drawer_id,
            )
            await venue.do("console", printer)
        await two_drawers(venue)
        before = len(venue.rows("SELECT 1 FROM errand"))
        await venue.do("mara", OpenDrawerWithoutSale(session_id="s2", reason="cambio"))
        made = venue.rows("SELECT what, lane FROM errand ORDER BY number")[before:]
        assert made == [("drawer", "b"), ("no_sale", "b")]
