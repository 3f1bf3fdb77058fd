"""Whatever staff ask in whatever order, drawers add up, tips are no sales, Zs have no gaps, and replay equals live."""

import asyncio
import tempfile
from pathlib import Path

import msgspec
import pytest
from evenings import ADJUSTMENTS, MANY, adjustments
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.commands import Command
from shared.commands.cash import CloseDay, CountDrawer, MoveCash, OpenDrawer, OpenDrawerWithoutSale, PrintXReport
from shared.commands.devices import ApprovePairing, AskPairing, RevokeDevice
from shared.commands.kitchen import SendLines
from shared.commands.lines import LineAsk
from shared.commands.menu import EightySixItem, RestoreItem
from shared.commands.ordering import (
    AddLines,
    AdjustLine,
    MoveCheck,
    OpenCheck,
    PrintGuestCheck,
    RemoveAdjustment,
    SetCovers,
    VoidLine,
)
from shared.commands.payments import PrintReceipt, TakePayment
from shared.commands.staff import AddStaff, RecordPinFailure, RecordSignIn, RemoveStaff, SetPin, SetStaffRole, SignOut
from shared.ops.cash import DayTotals
from tests.real_venue import DAY_MS, HOUR_MS, STAFF, RealVenue, a_real_venue
from tests.service import TABLES

Step = tuple[str, Command]
#: Stands for the balance of a check, or for what a drawer should hold, when the command is asked.
ALL_OF_IT = 7

CHECKS = st.sampled_from(("c1", "c2", "c3"))
SESSIONS = st.sampled_from(("s1", "s2"))
ITEMS = st.sampled_from(("agua", "empanada", "flan"))
AMOUNTS = st.sampled_from((ALL_OF_IT, ALL_OF_IT, 1, 700_00, 1_200_00, 100_000_00))
TIPS = st.sampled_from((0, 0, 150_00))
PEOPLE = st.sampled_from(tuple(STAFF))
NEW_IDS = st.integers(0, 10**9).map(lambda n: f"n{n}")
SCREENS = st.sampled_from(("phone", "till", "extra"))
HIRED = st.sampled_from(("ana", "leo", "caro"))


def lines() -> st.SearchStrategy[tuple[LineAsk, ...]]:
    """One or two lines."""
    one = st.builds(LineAsk, line_id=NEW_IDS, item_id=ITEMS, quantity=st.integers(1, 3))
    return st.lists(one, min_size=1, max_size=2, unique_by=lambda ask: ask.line_id).map(tuple)


def payments(tender: str) -> st.SearchStrategy[TakePayment]:
    """A payment of one tender."""
    return st.builds(
        TakePayment,
        payment_id=NEW_IDS,
        check_id=CHECKS,
        tender=st.just(tender),
        amount_minor=AMOUNTS,
        tip_minor=TIPS,
        tendered_minor=st.just(200_000_00) if tender == "cash" else st.just(0),
        reference=st.sampled_from(("", "0042")) if tender != "cash" else st.just(""),
    )


AT_TABLES = st.one_of(
    st.builds(OpenCheck, check_id=CHECKS, table_id=st.sampled_from(TABLES), covers=st.integers(0, 3)),
    st.builds(AddLines, check_id=CHECKS, lines=lines()),
    st.builds(SendLines, check_id=CHECKS),
    st.builds(SetCovers, check_id=CHECKS, covers=st.integers(0, 3)),
    st.builds(MoveCheck, check_id=CHECKS, table_id=st.sampled_from(TABLES)),
    st.builds(PrintGuestCheck, check_id=CHECKS),
    st.builds(VoidLine, check_id=CHECKS, line_id=st.just("first"), quantity=st.integers(0, 1), reason=st.just("error")),
    adjustments(CHECKS, st.just("first")),
    st.builds(RemoveAdjustment, check_id=CHECKS, adjustment_id=ADJUSTMENTS),
    st.builds(EightySixItem, item_id=ITEMS),
    st.builds(RestoreItem, item_id=ITEMS),
)
AT_THE_TILL = st.one_of(
    payments("cash"),
    payments("card"),
    payments("transfer"),
    st.builds(PrintReceipt, check_id=CHECKS),
    st.builds(OpenDrawer, session_id=SESSIONS, drawer_id=st.sampled_from(("till", "till2")), float_minor=AMOUNTS),
    st.builds(
        MoveCash,
        session_id=SESSIONS,
        kind=st.sampled_from(("drop", "payout", "cash_in")),
        amount_minor=AMOUNTS,
        reason=st.just("x"),
    ),
    st.builds(OpenDrawerWithoutSale, session_id=SESSIONS, reason=st.just("x")),
    st.builds(CountDrawer, session_id=SESSIONS, counted_minor=AMOUNTS),
    st.just(PrintXReport()),
    st.just(CloseDay()),
)
OF_PEOPLE = st.one_of(
    st.builds(AddStaff, staff_id=HIRED, staff_name=st.just("Leo"), role=st.just("cook"), pin=st.just("hash")),
    st.builds(SetStaffRole, staff_id=HIRED, role=st.sampled_from(("waiter", "cashier", "manager"))),
    st.builds(SetPin, staff_id=HIRED, pin=st.just("hash")),
    st.builds(RemoveStaff, staff_id=st.just("leo")),
    st.builds(SignOut, session_id=st.sampled_from(("s-leo", "none"))),
    st.builds(ApprovePairing, pairing_id=st.just("extra"), role=st.just("pos")),
    st.builds(RevokeDevice, device_id=st.just("extra")),
)
BY_THE_EDGE = st.one_of(
    st.builds(RecordPinFailure, staff_id=HIRED),
    st.builds(RecordSignIn, session_id=st.just("s-leo"), staff_id=st.just("leo"), on_device_id=st.just("extra")),
    st.just(AskPairing(pairing_id="extra", code="1", app="pos", device_name="x", key_digest="x")),
)
STEPS: st.SearchStrategy[Step] = st.one_of(
    st.tuples(PEOPLE, AT_TABLES),
    st.tuples(PEOPLE, AT_TABLES),
    st.tuples(st.just("mara"), AT_TABLES),
    st.tuples(st.sampled_from(("caro", "mara")), AT_THE_TILL),
    st.tuples(st.sampled_from(("caro", "mara")), AT_THE_TILL),
    st.tuples(st.just("mara"), OF_PEOPLE),
    st.tuples(st.just("edge"), BY_THE_EDGE),
)
#: Where every evening begins, so that most of what follows meets something.
BEGUN: list[Step] = [
    ("caro", OpenDrawer(session_id="s1", drawer_id="till", float_minor=5_000_00)),
    ("ana", OpenCheck(check_id="c1", table_id="t1", covers=2)),
    ("ana", AddLines(check_id="c1", lines=(LineAsk(line_id="l1", item_id="flan"),))),
    ("ana", SendLines(check_id="c1")),
]


#: The venue keeps the defaults: Buenos Aires, three hours behind UTC, and a cut-over at five.
DAYS_OFF_THE_CALENDAR = """
SELECT seq, business_day FROM log WHERE business_day <> date((hlc >> 16) / 1000 - 8 * 3600, 'unixepoch')
"""


def meant(venue: RealVenue, command: Command) -> Command:
    """The command with what it stands for put in: a balance, what a drawer should hold, a line's id."""
    match command:
        case TakePayment(amount_minor=amount) if amount == ALL_OF_IT:
            found = venue.rows("SELECT total_minor - paid_minor FROM checks WHERE check_id = ?", command.check_id)
            return msgspec.structs.replace(command, amount_minor=found[0][0] if found else 0)
        case CountDrawer(counted_minor=amount) if amount == ALL_OF_IT:
            found = venue.rows("SELECT expected_minor FROM drawer_session WHERE session_id = ?", command.session_id)
            return msgspec.structs.replace(command, counted_minor=found[0][0] if found else 0)
        case VoidLine() | AdjustLine():
            found = venue.rows(
                "SELECT line_id FROM check_line WHERE check_id = ? AND state <> 'void' ORDER BY position LIMIT 1",
                command.check_id,
            )
            return msgspec.structs.replace(command, line_id=found[0][0] if found else "none")
    return command


def assert_money_adds_up(venue: RealVenue) -> None:
    """Reads the ledgers each on its own, and compares them with each other."""
    assert venue.problems() == []
    assert venue.rows("SELECT check_id FROM checks WHERE total_minor < paid_minor") == [], "paid more than owed"
    assert venue.rows("SELECT session_id FROM drawer_session WHERE expected_minor < 0") == [], "cash that is not there"
    closings = venue.rows("SELECT z_number, totals FROM z_report ORDER BY z_number")
    assert [number for number, _ in closings] == list(range(1, len(closings) + 1)), "a Z is missing"
    for number, body in closings:
        totals = msgspec.json.decode(body, type=DayTotals)
        sold = venue.rows("SELECT COALESCE(SUM(total_minor), 0), COUNT(*) FROM checks WHERE closed_period = ?", number)
        taken = venue.rows("SELECT COALESCE(SUM(amount_minor), 0) FROM payment WHERE period = ?", number)
        tips = venue.rows("SELECT COALESCE(SUM(amount_minor), 0) FROM tip WHERE period = ?", number)
        assert [(totals.sales_minor, totals.checks)] == sold
        before = venue.rows(
            "SELECT COALESCE(SUM(lines_minor + cover_charge_minor), 0) FROM checks WHERE closed_period = ?", number
        )
        assert [(totals.sales_minor - sum(one.amount_minor for one in totals.adjustments),)] == before
        assert [(sum(tender.amount_minor for tender in totals.tenders),)] == taken
        assert [(totals.tips_minor,)] == tips
        assert sum(part.gross_minor for part in totals.vat) == totals.sales_minor
        assert sum(part.vat_minor for part in totals.vat) == totals.vat_minor
    assert venue.rows(DAYS_OFF_THE_CALENDAR) == [], "a business day is the calendar's"


async def _play(folder: Path, steps: list[Step], gaps_ms: list[int]) -> int:
    async with a_real_venue(folder) as venue:
        at_ms = 0
        for (who, command), gap_ms in zip(steps, gaps_ms, strict=True):
            at_ms += gap_ms
            answer = await venue.ask(who, meant(venue, command), at_ms=at_ms)
            assert answer.outcome in {"done", "refused"}, (who, command, answer)
        assert_money_adds_up(venue)
        ((settled,),) = venue.rows("SELECT COUNT(*) FROM checks WHERE state = 'closed'")
        return int(settled)


def play(steps: list[Step], gaps_ms: list[int]) -> int:
    """How many checks these steps settle in a new venue."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_play(Path(folder), steps, gaps_ms))


@st.composite
def shifts(draw: st.DrawFn) -> tuple[list[Step], list[int]]:
    """Steps, and how long after the one before each is asked: now and then, a day."""
    steps = BEGUN + draw(st.lists(STEPS, min_size=15, max_size=50))
    gap = st.sampled_from((0, 0, 1_000, 60_000, HOUR_MS, DAY_MS))
    return steps, draw(st.lists(gap, min_size=len(steps), max_size=len(steps)))


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(shifts())
def test_money_adds_up_whatever_staff_ask(shift: tuple[list[Step], list[int]]) -> None:
    play(*shift)


@pytest.mark.slow
@settings(max_examples=MANY, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(shifts())
def test_money_adds_up_over_many_shifts(shift: tuple[list[Step], list[int]]) -> None:
    play(*shift)


def test_some_of_these_shifts_do_settle_checks() -> None:
    """The property above must not hold for want of sales."""
    paid: list[Step] = [
        (
            "caro",
            TakePayment(payment_id="p1", check_id="c1", tender="cash", amount_minor=ALL_OF_IT, tendered_minor=9_000_00),
        ),
        ("caro", CountDrawer(session_id="s1", counted_minor=ALL_OF_IT)),
        ("mara", CloseDay()),
    ]
    assert play(BEGUN + paid, [0] * 7) == 1
