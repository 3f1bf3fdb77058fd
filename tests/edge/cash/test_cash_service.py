"""Drawers from their float to their count, and business days from the first sale to the Z."""

from pathlib import Path

import pytest

from shared.commands import Command
from shared.commands.cash import (
    CloseDay,
    CountDrawer,
    MoveCash,
    OpenDrawer,
    OpenDrawerWithoutSale,
    PrintXReport,
)
from shared.commands.menu import EightySixItem
from shared.commands.ordering import VoidLine
from shared.commands.payments import TakePayment
from shared.lines import VatTotal
from shared.ops import decode
from shared.ops.cash import DayTotals, TenderTotal, XReportPrinted
from shared.views.shown import shown
from tests.real_venue import DAY_MS, HOUR_MS, RealVenue, a_real_venue

FLOAT = OpenDrawer(session_id="s1", drawer_id="till", drawer_name="Caja 1", float_minor=10_000_00)
TODAY = "2027-01-15"
TOMORROW = "2027-01-16"


def a_move(kind: str, amount_minor: int, reason: str = "verdulería") -> MoveCash:
    """Cash in or out of the first drawer."""
    return MoveCash(session_id="s1", kind=kind, amount_minor=amount_minor, reason=reason)


def in_cash(check_id: str, amount_minor: int, *, tip_minor: int = 0) -> TakePayment:
    """A payment in cash with a note that is too large."""
    return TakePayment(
        payment_id=f"p-{check_id}",
        check_id=check_id,
        tender="cash",
        amount_minor=amount_minor,
        tip_minor=tip_minor,
        tendered_minor=20_000_00,
    )


def z_of(venue: RealVenue, day: str) -> tuple[int, DayTotals]:
    """A day's Z: its number and its totals."""
    view = venue.views("z_report", day)[day]
    return view.z_number, shown(view.totals, DayTotals)


async def test_a_drawer_expects_its_float_its_cash_and_its_movements(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        await venue.do("caro", FLOAT)
        await venue.serve("c1", items=("flan",))
        await venue.do("caro", in_cash("c1", 4_000_00, tip_minor=500_00))
        await venue.do("caro", a_move("payout", 2_500_00), a_move("drop", 3_000_00), a_move("cash_in", 1_000_00))
        await venue.do("mara", OpenDrawerWithoutSale(session_id="s1", reason="cambio"))
        assert venue.rows("SELECT expected_minor, no_sales FROM drawer_session") == [(10_000_00, 1)]
        assert venue.rows("SELECT kind, amount_minor, reason FROM cash_movement ORDER BY seq") == [
            ("payout", -2_500_00, "verdulería"),
            ("drop", -3_000_00, "verdulería"),
            ("cash_in", 1_000_00, "verdulería"),
            ("no_sale", 0, "cambio"),
        ]
        assert venue.problems() == []


async def test_a_count_is_blind_and_then_says_over_or_short(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        await venue.do("caro", FLOAT)
        drawer = venue.views("drawer", "s1")["s1"]
        assert (drawer.expected_minor, drawer.counted_minor, drawer.over_short_minor) == (None, None, None)
        found = CountDrawer(session_id="s1", counted_minor=9_900_00, denominations=((1_000_00, 9), (100_00, 9)))
        await venue.do("caro", found)
        drawer = venue.views("drawer", "s1")["s1"]
        assert (drawer.state, drawer.expected_minor, drawer.over_short_minor) == ("counted", 10_000_00, -100_00)


@pytest.mark.parametrize(
    ("who", "command", "code"),
    [
        ("caro", OpenDrawer(session_id="s2", drawer_id="till", float_minor=0), "drawer_open"),
        ("caro", OpenDrawer(session_id="s1", drawer_id="till2", float_minor=0), "drawer_open"),
        ("caro", a_move("drop", 10_000_01), "cash_short"),
        ("caro", a_move("payout", 10_000_01), "cash_short"),
        ("caro", MoveCash(session_id="nope", kind="drop", amount_minor=1, reason="x"), "drawer_unknown"),
        ("caro", CountDrawer(session_id="nope", counted_minor=0), "drawer_unknown"),
        (
            "caro",
            CountDrawer(session_id="s1", counted_minor=1_000_00, denominations=((100_00, 9),)),
            "amount_invalid",
        ),
        ("caro", OpenDrawerWithoutSale(session_id="s1", reason="x"), "needs_manager"),
        ("caro", CloseDay(), "needs_manager"),
        ("mara", CloseDay(), "drawers_open"),
        ("ana", a_move("drop", 1), "needs_manager"),
        ("ana", CountDrawer(session_id="s1", counted_minor=0), "needs_manager"),
        ("ana", OpenDrawer(session_id="s9", drawer_id="till2", float_minor=0), "needs_manager"),
        ("ana", PrintXReport(), "needs_manager"),
        ("till", PrintXReport(), "needs_sign_in"),
    ],
)
async def test_each_act_at_a_drawer_that_cannot_be_is_refused(
    who: str, command: Command, code: str, tmp_path: Path
) -> None:
    async with a_real_venue(tmp_path) as venue:
        await venue.do("caro", FLOAT)
        await venue.serve("c1")
        assert await venue.code(who, command) == code
        assert venue.rows("SELECT session_id, state, expected_minor FROM drawer_session") == [("s1", "open", 10_000_00)]


@pytest.mark.parametrize(
    "command",
    [
        a_move("cash_in", 1),
        OpenDrawerWithoutSale(session_id="s1", reason="x"),
        CountDrawer(session_id="s1", counted_minor=1),
    ],
)
async def test_a_counted_drawer_is_closed(command: Command, tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        await venue.do("caro", FLOAT, CountDrawer(session_id="s1", counted_minor=10_000_00))
        assert await venue.code("mara", command) == "drawer_closed"
        assert await venue.code("caro", FLOAT) == "drawer_open", "a session's id is used once"
        await venue.do("caro", OpenDrawer(session_id="s2", drawer_id="till", float_minor=5))


async def test_an_x_says_the_day_so_far_and_changes_nothing(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        await venue.serve("c1", items=("empanada", "flan"))
        await venue.pay_by_card("c1", 5_200_00)
        await venue.do("caro", PrintXReport(), PrintXReport())
        bodies = venue.rows("SELECT body FROM log WHERE kind = 'x_report_printed'")
        first, second = (decode("x_report_printed", body) for (body,) in bodies)
        assert isinstance(first, XReportPrinted) and isinstance(second, XReportPrinted)
        assert first.totals == second.totals
        assert (first.totals.sales_minor, first.totals.checks) == (5_200_00, 1)
        assert venue.rows("SELECT COUNT(*) FROM z_report") == [(0,)]


async def test_a_z_has_every_figure_of_its_day_and_tips_are_no_sales(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        await venue.do("caro", FLOAT)
        await venue.serve("c1", items=("empanada", "flan", "agua"))
        await venue.do("mara", VoidLine(check_id="c1", line_id="c1-2", reason="error"))
        await venue.do("caro", in_cash("c1", 5_200_00, tip_minor=800_00))
        await venue.serve("c2", items=("flan",))
        await venue.pay_by_card("c2", 4_000_00)
        await venue.do("caro", CountDrawer(session_id="s1", counted_minor=16_100_00))
        await venue.do("mara", CloseDay())
        assert z_of(venue, TODAY) == (
            1,
            DayTotals(
                business_day=TODAY,
                checks=2,
                covers=0,
                sales_minor=9_200_00,
                vat_minor=114_03 + 694_21 * 2,
                tips_minor=800_00,
                voids=1,
                voids_minor=1_500_00,
                tenders=(
                    TenderTotal(tender="card", count=1, amount_minor=4_000_00, tips_minor=0),
                    TenderTotal(tender="cash", count=1, amount_minor=5_200_00, tips_minor=800_00),
                ),
                vat=(
                    VatTotal(vat_bp=1050, gross_minor=1_200_00, vat_minor=114_03),
                    VatTotal(vat_bp=2100, gross_minor=8_000_00, vat_minor=694_21 * 2),
                ),
                over_short_minor=100_00,
            ),
        )
        assert venue.problems() == []


async def test_zs_are_numbered_without_gaps_and_a_closed_day_stays_closed(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        await venue.serve("c1")
        await venue.pay_by_card("c1", 1_200_00)
        await venue.do("mara", CloseDay())
        assert await venue.code("mara", CloseDay()) == "day_empty", "the next day has begun and nothing happened in it"
        first = z_of(venue, TODAY)
        await venue.serve("late", at_ms=HOUR_MS)  # the same night, after the Z
        await venue.pay_by_card("late", 1_200_00, at_ms=HOUR_MS)
        assert venue.rows("SELECT closed_day FROM checks ORDER BY check_id") == [(TODAY,), (TOMORROW,)]
        assert z_of(venue, TODAY) == first
        await venue.do("mara", CloseDay(), at_ms=2 * HOUR_MS)
        await venue.serve("c3", at_ms=4 * DAY_MS)
        await venue.do("mara", CloseDay(), at_ms=4 * DAY_MS)
        assert venue.rows("SELECT business_day, z_number FROM z_report ORDER BY z_number") == [
            (TODAY, 1),
            (TOMORROW, 2),
            ("2027-01-19", 3),
        ]
        assert venue.problems() == []


async def test_open_checks_carry_over_and_sell_in_the_day_they_are_paid(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        await venue.serve("c1", items=("flan",))
        await venue.do("mara", CloseDay())
        number, totals = z_of(venue, TODAY)
        assert (totals.sales_minor, totals.open_checks, totals.open_minor) == (0, 1, 4_000_00)
        await venue.pay_by_card("c1", 4_000_00, at_ms=HOUR_MS)
        await venue.do("mara", CloseDay(), at_ms=HOUR_MS)
        assert (number, z_of(venue, TOMORROW)[0]) == (1, 2)
        assert z_of(venue, TOMORROW)[1].sales_minor == 4_000_00


async def test_what_was_sold_out_comes_back_with_the_close(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        await venue.serve("c1")
        await venue.do("ana", EightySixItem(item_id="flan"))
        await venue.do("mara", CloseDay())
        assert venue.views("sold_out") == {}


async def test_a_night_that_runs_past_the_cut_over_still_gets_its_z(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        before_dawn, after_dawn = DAY_MS - HOUR_MS // 2, DAY_MS + HOUR_MS
        await venue.serve("night", items=("flan",), at_ms=before_dawn)
        await venue.pay_by_card("night", 4_000_00, at_ms=before_dawn)
        await venue.serve("dawn", at_ms=after_dawn)
        await venue.pay_by_card("dawn", 1_200_00, at_ms=after_dawn)
        await venue.do("caro", PrintXReport(), at_ms=after_dawn)
        ((body,),) = venue.rows("SELECT body FROM log WHERE kind = 'x_report_printed'")
        x_report = decode("x_report_printed", body)
        assert isinstance(x_report, XReportPrinted) and x_report.totals.sales_minor == 4_000_00
        await venue.do("mara", CloseDay(), CloseDay(), at_ms=after_dawn)
        assert z_of(venue, TODAY) == (1, x_report.totals)
        number, next_day = z_of(venue, TOMORROW)
        assert (number, next_day.checks, next_day.sales_minor) == (2, 1, 1_200_00)
        assert venue.rows("SELECT business_day, closed_day FROM checks ORDER BY check_id") == [
            (TOMORROW, TOMORROW),
            (TODAY, TODAY),
        ]
        assert venue.problems() == []


async def test_days_that_nobody_closed_are_closed_one_by_one_the_oldest_first(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        for days in (0, 2, 3):
            await venue.serve(f"c{days}", at_ms=days * DAY_MS)
            await venue.pay_by_card(f"c{days}", 1_200_00, at_ms=days * DAY_MS)
        await venue.do("mara", CloseDay(), CloseDay(), CloseDay(), at_ms=3 * DAY_MS)
        assert venue.rows("SELECT business_day, z_number FROM z_report ORDER BY z_number") == [
            (TODAY, 1),
            ("2027-01-17", 2),
            ("2027-01-18", 3),
        ]
        assert await venue.code("mara", CloseDay(), at_ms=3 * DAY_MS) == "day_empty"
        assert venue.problems() == []
