"""Drawers from their float to their count, and periods from the first sale to the Z."""

from pathlib import Path

import pytest

from edge.app import begin_day
from edge.cash import load
from shared.commands import Command
from shared.commands.cash import (
    BeginDay,
    CloseDay,
    CountDrawer,
    MoveCash,
    OpenDrawer,
    OpenDrawerWithoutSale,
    PrintXReport,
)
from shared.commands.guests import PauseDrafts
from shared.commands.lines import LineAsk
from shared.commands.menu import EightySixItem
from shared.commands.ordering import AddLines, OpenCheck, VoidLine
from shared.commands.payments import TakePayment
from shared.context import Context
from shared.lines import VatTotal
from shared.ops import decode
from shared.ops.cash import DayTotals, TenderTotal, XReportPrinted
from shared.views.shown import shown
from tests.real_venue import DAY_MS, HOUR_MS, RealVenue, a_real_venue
from tests.service import START_MS

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


def z_of(venue: RealVenue, number: int) -> DayTotals:
    """The totals of a period's Z."""
    view = venue.views("z_report", str(number))[str(number)]
    assert view.z_number == view.totals.period == number
    return shown(view.totals, DayTotals)


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
        assert z_of(venue, 1) == (
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
                period=1,
                opened_at_ms=START_MS,
                business_days=(TODAY,),
            )
        )
        assert venue.problems() == []


async def test_zs_are_numbered_without_gaps_and_a_closed_period_never_changes(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        await venue.serve("c1")
        await venue.pay_by_card("c1", 1_200_00)
        await venue.do("mara", CloseDay())
        assert await venue.code("mara", CloseDay()) == "day_empty", (
            "the next period has begun and nothing happened in it"
        )
        first = z_of(venue, 1)
        await venue.serve("late", at_ms=HOUR_MS)  # the same night, after the Z
        await venue.pay_by_card("late", 1_200_00, at_ms=HOUR_MS)
        assert venue.rows("SELECT closed_day, closed_period FROM checks ORDER BY check_id") == [(TODAY, 1), (TODAY, 2)]
        assert z_of(venue, 1) == first
        await venue.do("mara", CloseDay(), at_ms=2 * HOUR_MS)
        await venue.serve("c3", at_ms=4 * DAY_MS)
        await venue.do("mara", CloseDay(), at_ms=4 * DAY_MS)
        assert venue.rows("SELECT z_number, business_day FROM z_report ORDER BY z_number") == [
            (1, TODAY),
            (2, TODAY),
            (3, "2027-01-19"),
        ]
        assert venue.problems() == []


async def test_two_who_close_the_same_period_close_it_once(tmp_path: Path) -> None:
    """The second had its figures on the screen; meanwhile the next period has begun to sell."""
    async with a_real_venue(tmp_path) as venue:
        await venue.serve("c1")
        await venue.do("mara", CloseDay(z_number=1))
        await venue.serve("c2")
        answer = await venue.ask("mara", CloseDay(z_number=1))
        assert (answer.code, answer.facts) == ("period_over", {"z_number": 1})
        assert venue.rows("SELECT z_number FROM z_report") == [(1,)]
        await venue.do("mara", CloseDay(z_number=2))


async def test_a_period_in_which_only_something_came_off_says_since_when_it_runs(tmp_path: Path) -> None:
    """It is today's, and wants today's drawer counted like any other."""
    async with a_real_venue(tmp_path) as venue:
        await venue.serve("c1", items=("empanada", "flan"))
        await venue.do("caro", FLOAT, at_ms=DAY_MS)
        await venue.do("mara", CloseDay(), at_ms=DAY_MS)
        void = VoidLine(check_id="c1", line_id="c1-0", reason="frío")
        await venue.do("mara", void, at_ms=DAY_MS + HOUR_MS)
        assert await venue.code("mara", CloseDay(), at_ms=DAY_MS + 2 * HOUR_MS) == "drawers_open"
        await venue.do("caro", CountDrawer(session_id="s1", counted_minor=10_000_00))
        await venue.do("mara", CloseDay())
        assert z_of(venue, 2).opened_at_ms == START_MS + DAY_MS + HOUR_MS


async def test_a_z_brings_back_what_ran_out_on_a_day_that_is_not_yet_here(tmp_path: Path) -> None:
    """A clock that ran ahead, or a log whose days did: it would stay out until that day comes."""
    async with a_real_venue(tmp_path) as venue:
        await venue.do("ana", EightySixItem(item_id="flan"), at_ms=30 * DAY_MS)
        today = Context(
            now_ms=START_MS, asked_at_ms=START_MS, business_day=TODAY, device_id="", device_role="edge", fresh_id=str
        )
        period = venue.edge.reads.run_here(lambda conn: load.open_period(conn, CloseDay(), today))
        assert period.left_over.sold_out == (("flan", "Flan"),)
        new_day = venue.edge.reads.run_here(lambda conn: load.left_over(conn, BeginDay(), today))
        assert new_day.sold_out == (), "until the Z it may be true"


async def test_lunch_and_dinner_close_one_each_and_are_one_day(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        lunch, dinner, next_lunch = 0, 6 * HOUR_MS, DAY_MS
        for check_id, at_ms in (("a", lunch), ("b", dinner), ("c", next_lunch)):
            await venue.serve(check_id, at_ms=at_ms)
            await venue.pay_by_card(check_id, 1_200_00, at_ms=at_ms)
            await venue.do("mara", CloseDay(), at_ms=at_ms + HOUR_MS)
        assert venue.rows("SELECT closed_day, number FROM checks ORDER BY check_id") == [
            (TODAY, 1),
            (TODAY, 2),
            (TOMORROW, 1),
        ], "the number of a check goes on from lunch to dinner, and begins again the next day"
        totals = [z_of(venue, number) for number in (1, 2, 3)]
        assert [one.period for one in totals] == [1, 2, 3]
        assert [one.business_days for one in totals] == [(TODAY,), (TODAY,), (TOMORROW,)]
        assert [one.opened_at_ms - START_MS for one in totals] == [lunch, dinner, next_lunch]
        assert [one.sales_minor for one in totals] == [1_200_00] * 3


async def test_open_checks_carry_over_and_sell_in_the_period_they_are_paid_in(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        await venue.serve("c1", items=("flan",))
        await venue.do("mara", CloseDay())
        totals = z_of(venue, 1)
        assert (totals.sales_minor, totals.open_checks, totals.open_minor) == (0, 1, 4_000_00)
        await venue.pay_by_card("c1", 4_000_00, at_ms=HOUR_MS)
        await venue.do("mara", CloseDay(), at_ms=HOUR_MS)
        assert z_of(venue, 2).sales_minor == 4_000_00


async def test_part_is_paid_before_the_z_and_the_rest_after_it(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        await venue.serve("c1", items=("flan",))
        await venue.pay_by_card("c1", 1_000_00)
        await venue.do("mara", CloseDay())
        await venue.pay_by_card("c1", 3_000_00, at_ms=HOUR_MS)
        await venue.do("mara", CloseDay(), at_ms=2 * HOUR_MS)
        first, second = z_of(venue, 1), z_of(venue, 2)
        assert [tender.amount_minor for tender in (*first.tenders, *second.tenders)] == [1_000_00, 3_000_00]
        assert (first.sales_minor, second.sales_minor) == (0, 4_000_00)
        assert venue.rows("SELECT closed_day FROM checks") == [(TODAY,)]


async def test_a_z_leaves_sold_out_what_is_sold_out_today_and_the_next_day_brings_it_back(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        await venue.serve("c1")
        await venue.do("ana", EightySixItem(item_id="flan"))
        await venue.do("mara", CloseDay(), at_ms=HOUR_MS)
        assert [*venue.views("sold_out")] == ["flan"], "dinner has none either"
        add = AddLines(check_id="c2", lines=(LineAsk(line_id="l1", item_id="flan"),))
        await venue.do("ana", OpenCheck(check_id="c2", kind="counter"), at_ms=HOUR_MS)
        assert await venue.code("ana", add, at_ms=HOUR_MS) == "item_sold_out"
        await venue.do("ana", add, at_ms=DAY_MS)
        await begin_day(venue.edge)
        assert venue.views("sold_out") == {}


async def test_nothing_is_written_where_a_new_day_finds_nothing_left_over(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        await venue.do("ana", EightySixItem(item_id="flan"))
        before = venue.rows("SELECT MAX(seq), (SELECT COUNT(*) FROM command_done) FROM log")
        await begin_day(venue.edge)
        assert venue.rows("SELECT MAX(seq), (SELECT COUNT(*) FROM command_done) FROM log") == before
        await venue.do("ana", OpenCheck(check_id="c1", kind="counter"), at_ms=DAY_MS)
        await begin_day(venue.edge)
        await begin_day(venue.edge)
        assert venue.rows("SELECT COUNT(*) FROM log WHERE kind = 'item_restored'") == [(1,)]


async def test_a_z_that_comes_a_day_late_leaves_today_alone(tmp_path: Path) -> None:
    """Today's drawer is open, a dish ran out today, phones are paused: all that stands."""
    async with a_real_venue(tmp_path) as venue:
        await venue.serve("c1")
        await venue.pay_by_card("c1", 1_200_00)
        await venue.do("ana", EightySixItem(item_id="agua"))
        await venue.do("caro", FLOAT, at_ms=DAY_MS)
        await venue.do("mara", EightySixItem(item_id="flan"), PauseDrafts(), at_ms=DAY_MS)
        await venue.do("mara", CloseDay(), at_ms=DAY_MS + HOUR_MS)
        assert [*venue.views("sold_out")] == ["flan"], "what ran out the day before is back"
        assert venue.rows("SELECT COUNT(*) FROM draft_pause") == [(1,)]
        await venue.serve("c2", at_ms=DAY_MS + HOUR_MS)
        assert await venue.code("mara", CloseDay(), at_ms=DAY_MS + 2 * HOUR_MS) == "drawers_open", (
            "now it is the day's own"
        )


async def test_a_z_that_comes_a_day_late_still_wants_the_drawers_of_its_own_day_counted(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        await venue.do("caro", FLOAT)
        await venue.serve("c1")
        await venue.do(
            "mara", OpenDrawer(session_id="s2", drawer_id="till2", drawer_name="2", float_minor=0), at_ms=DAY_MS
        )
        answer = await venue.ask("mara", CloseDay(), at_ms=DAY_MS)
        assert (answer.code, answer.facts) == ("drawers_open", {"drawers": ["Caja 1"]})


async def test_a_z_so_long_after_the_last_that_the_clock_is_in_doubt_wants_a_persons_word(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        await venue.serve("c1")
        await venue.do("mara", CloseDay())
        next_season = 200 * DAY_MS
        await venue.serve("c2", at_ms=next_season)
        answer = await venue.ask("mara", CloseDay(), at_ms=next_season)
        assert (answer.code, answer.facts) == (
            "clock_doubtful",
            {"business_day": "2027-08-03", "last_day": TODAY},
        )
        await venue.do("mara", CloseDay(is_clock_right=True), at_ms=next_season)
        await venue.serve("c3", at_ms=next_season + DAY_MS)
        await venue.do("mara", CloseDay(), at_ms=next_season + DAY_MS)


async def test_a_night_that_runs_past_the_cut_over_is_one_period_of_two_days(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        before_dawn, after_dawn = DAY_MS - HOUR_MS // 2, DAY_MS + HOUR_MS
        await venue.serve("night", items=("flan",), at_ms=before_dawn)
        await venue.pay_by_card("night", 4_000_00, at_ms=before_dawn)
        await venue.serve("dawn", at_ms=after_dawn)
        await venue.pay_by_card("dawn", 1_200_00, at_ms=after_dawn)
        await venue.do("caro", PrintXReport(), at_ms=after_dawn)
        ((body,),) = venue.rows("SELECT body FROM log WHERE kind = 'x_report_printed'")
        x_report = decode("x_report_printed", body)
        await venue.do("mara", CloseDay(), at_ms=after_dawn)
        totals = z_of(venue, 1)
        assert isinstance(x_report, XReportPrinted) and x_report.totals == totals
        assert (totals.business_day, totals.business_days) == (TODAY, (TODAY, TOMORROW))
        assert (totals.checks, totals.sales_minor) == (2, 5_200_00)
        assert venue.rows("SELECT closed_day, number FROM checks ORDER BY number") == [(TODAY, 1), (TOMORROW, 2)], (
            "numbers do not begin again in the middle of a night"
        )
        await venue.serve("lunch", at_ms=after_dawn + HOUR_MS)
        assert venue.rows("SELECT number FROM checks WHERE check_id = 'lunch'") == [(1,)], "but after its Z"
        assert venue.problems() == []


async def test_days_that_nobody_closed_are_in_one_z_that_names_them(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        for days in (0, 2, 3):
            await venue.serve(f"c{days}", at_ms=days * DAY_MS)
            await venue.pay_by_card(f"c{days}", 1_200_00, at_ms=days * DAY_MS)
        await venue.do("mara", CloseDay(), at_ms=3 * DAY_MS)
        assert z_of(venue, 1).business_days == (TODAY, "2027-01-17", "2027-01-18")
        assert venue.rows("SELECT number FROM checks") == [(1,)] * 3, "each of those days has its own numbers"
        assert await venue.code("mara", CloseDay(), at_ms=3 * DAY_MS) == "day_empty"
        assert venue.problems() == []


async def test_tickets_are_numbered_on_through_a_night_and_a_z_between_shifts(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        late = DAY_MS - HOUR_MS // 2
        for check_id, at_ms in (
            ("lunch", 0),
            ("dinner", late),
            ("past", DAY_MS + HOUR_MS),
            ("next", DAY_MS + 8 * HOUR_MS),
        ):
            await venue.serve(check_id, at_ms=at_ms)
            if check_id == "lunch":
                await venue.do("mara", CloseDay(), at_ms=HOUR_MS)
        numbers = venue.rows("SELECT number FROM ticket ORDER BY fired_at_ms")
        assert numbers == [(1,), (2,), (3,), (1,)], "and begin again when the night is over, Z or not"
