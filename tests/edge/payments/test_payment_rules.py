"""The rules of paying, one at a time, and what they come to on a real venue."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import msgspec
import pytest

from edge.payments.decide import print_receipt, take_payment
from edge.payments.state import Account, Till
from shared.commands.cash import OpenDrawer
from shared.commands.kitchen import FireCourse, SendLines
from shared.commands.lines import LineAsk, OpenItemAsk
from shared.commands.ordering import AddLines, AddOpenItem, OpenCheck
from shared.commands.payments import PrintReceipt, TakePayment
from shared.context import Context
from shared.errors import Rejected
from shared.ids import CheckId, DrawerId, DrawerSessionId, ItemId, LineId, StaffId, StationId, TableId, VisitId
from shared.lines import OrderedLine
from shared.ops.guests import VisitClosed
from shared.ops.payments import CheckClosed, PaidPart, PaymentTaken, ReceiptPrinted, TipGiven
from shared.permissions import ROLES
from shared.rules.tills import OpenSession
from tests.real_venue import RealVenue, a_real_venue

NOW_MS = 1_800_000_000_000
TOTAL_MINOR = 24_000_00
STEAKS = OrderedLine(
    line_id=LineId("l1"),
    item_id=ItemId("bife"),
    name="Bife",
    quantity=2,
    unit_minor=12_000_00,
    gross_minor=TOTAL_MINOR,
    vat_bp=2100,
    station_id=StationId("parrilla"),
    course=1,
)


def by(role: str = "waiter") -> Context:
    """Somebody of this role asks."""
    ids = count(1)
    return Context(
        now_ms=NOW_MS,
        asked_at_ms=NOW_MS,
        business_day="2027-01-15",
        device_id="till",
        device_role="pos",
        staff_id="caro",
        staff_role=role,
        permissions=ROLES.get(role, frozenset()),
        fresh_id=lambda: f"fresh{next(ids)}",
    )


def an_account(**changes: object) -> Account:
    """An open check of two steaks for 24.000 at table 4."""
    account = Account(
        check_id=CheckId("c1"),
        number=7,
        kind="table",
        state="open",
        table_id=TableId("t4"),
        table_label="4",
        visit_id=VisitId("v1"),
        waiter_id=StaffId("ana"),
        covers=2,
        cover_charge_each_minor=0,
        cover_charge_vat_bp=2100,
        opened_at_ms=1,
        closed_at_ms=0,
        closed_by_name="",
        total_minor=TOTAL_MINOR,
        paid_minor=0,
        tips_minor=0,
        adjustments=0,
        vat_minor=0,
        receipts=0,
        lines=(STEAKS,),
        unsent=0,
        waiting_courses=(),
        paid=(),
    )
    return msgspec.structs.replace(account, **changes)


def a_till(account: Account | None = None, *, drawer: str = "s1", known: bool = False) -> Till:
    """The check at a till whose drawer is open."""
    sessions = (an_open(drawer, "caja-1"),) if drawer else ()
    return Till(account=account or an_account(), device_drawer_id="", open_sessions=sessions, payment_is_known=known)


def an_open(session_id: str, drawer_id: str, *, purse_of: str = "") -> OpenSession:
    """A drawer with its float in it, or a waiter's purse."""
    return OpenSession(
        session_id=DrawerSessionId(session_id),
        drawer_id=DrawerId(drawer_id),
        drawer_name=drawer_id.title(),
        purse_of=StaffId(purse_of),
    )


def a_payment(**changes: object) -> TakePayment:
    """The whole balance in cash, to the peso."""
    payment = TakePayment(
        payment_id="p1", check_id="c1", tender="cash", amount_minor=TOTAL_MINOR, tendered_minor=TOTAL_MINOR
    )
    return msgspec.structs.replace(payment, **changes)


@contextmanager
def rejects(code: str, **facts: object) -> Iterator[None]:
    with pytest.raises(Rejected) as caught:
        yield
    assert (caught.value.code, caught.value.facts) == (code, facts)


def test_cash_gives_back_what_is_over_the_amount_and_the_tip() -> None:
    payment = a_payment(tip_minor=1_000_00, tendered_minor=30_000_00)
    ops = take_payment(payment, a_till(), by())
    taken, tip, closed = ops[:3]
    assert isinstance(taken, PaymentTaken) and isinstance(tip, TipGiven) and isinstance(closed, CheckClosed)
    assert (taken.amount_minor, taken.tendered_minor, taken.change_minor) == (TOTAL_MINOR, 30_000_00, 5_000_00)
    assert (taken.drawer_session_id, tip.drawer_session_id) == ("s1", "s1")
    assert (tip.amount_minor, tip.waiter_id) == (1_000_00, "ana"), "the tip is of who served, not of who charged"
    assert (closed.total_minor, closed.tips_minor) == (TOTAL_MINOR, 1_000_00), "a tip is no sale"


def test_the_payment_that_settles_closes_the_check_its_visit_and_prints() -> None:
    kinds = [type(op) for op in take_payment(a_payment(), a_till(), by())]
    assert kinds == [PaymentTaken, CheckClosed, VisitClosed, ReceiptPrinted]
    counter = a_till(an_account(visit_id=VisitId(""), kind="counter"))
    assert [type(op) for op in take_payment(a_payment(wants_receipt=False), counter, by())] == [
        PaymentTaken,
        CheckClosed,
    ]


def test_a_part_leaves_the_check_open() -> None:
    part = a_payment(amount_minor=10_000_00, tendered_minor=10_000_00)
    assert [type(op) for op in take_payment(part, a_till(), by())] == [PaymentTaken]


def test_the_last_cent_is_not_taken_while_a_course_was_never_fired() -> None:
    till = a_till(an_account(waiting_courses=(3, 3)))
    with rejects("courses_waiting", course=3, count=2):
        take_payment(a_payment(), till, by())
    part = a_payment(amount_minor=TOTAL_MINOR - 1)
    assert [type(op) for op in take_payment(part, till, by())] == [PaymentTaken], "a part may be paid meanwhile"


def test_a_free_check_is_closed_by_a_payment_of_nothing() -> None:
    free = msgspec.structs.replace(STEAKS, unit_minor=0, gross_minor=0)
    ops = take_payment(
        a_payment(amount_minor=0, tendered_minor=0), a_till(an_account(lines=(free,), total_minor=0)), by()
    )
    assert CheckClosed in map(type, ops)


def test_a_card_names_its_slip_and_touches_no_drawer() -> None:
    card = a_payment(tender="card", tendered_minor=0, reference=" 0042 ")
    taken = take_payment(card, a_till(drawer=""), by())[0]
    assert isinstance(taken, PaymentTaken)
    assert (taken.reference, taken.drawer_session_id, taken.change_minor) == ("0042", "", 0)


def test_each_payment_that_cannot_be_is_refused() -> None:
    with rejects("check_unknown"):
        take_payment(
            a_payment(), Till(account=None, device_drawer_id="", open_sessions=(), payment_is_known=False), by()
        )
    with rejects("payment_exists"):
        take_payment(a_payment(), a_till(known=True), by())
    closed = an_account(state="closed", closed_at_ms=9, closed_by_name="Caro")
    with rejects("check_closed", number=7, by="Caro", closed_at_ms=9):
        take_payment(a_payment(), a_till(closed), by())
    with rejects("unsent_lines", count=1):
        take_payment(a_payment(), a_till(an_account(unsent=1)), by())
    with rejects("check_empty"):
        take_payment(a_payment(), a_till(an_account(lines=(), total_minor=0)), by())
    with rejects("amount_invalid", balance_minor=TOTAL_MINOR):
        take_payment(a_payment(amount_minor=TOTAL_MINOR + 1), a_till(), by())
    with rejects("amount_invalid", balance_minor=TOTAL_MINOR):
        take_payment(a_payment(amount_minor=0), a_till(), by())
    with rejects("tendered_short", short_minor=500_00):
        take_payment(a_payment(tip_minor=500_00), a_till(), by())
    with rejects("drawer_closed", drawers=[]):
        take_payment(a_payment(), a_till(drawer=""), by())
    for tender in ("card", "transfer"):
        with rejects("reference_missing"):
            take_payment(a_payment(tender=tender, reference="  "), a_till(), by())
    with rejects("needs_manager", permission="charge"):
        take_payment(a_payment(), a_till(), by("cook"))


def test_a_receipt_that_is_wanted_later_opens_no_drawer() -> None:
    in_cash = PaidPart(tender="cash", amount_minor=TOTAL_MINOR)
    (receipt,) = print_receipt(PrintReceipt(check_id="c1"), an_account(state="closed", paid=(in_cash,)), by())
    assert isinstance(receipt, ReceiptPrinted)
    assert (receipt.copy, receipt.opens_drawer) == (0, False)


def test_a_receipt_again_is_a_copy_and_needs_a_closed_check() -> None:
    (copy,) = print_receipt(PrintReceipt(check_id="c1"), an_account(state="closed", receipts=2), by())
    assert isinstance(copy, ReceiptPrinted)
    assert (copy.copy, copy.opens_drawer) == (2, False)
    with rejects("check_unknown"):
        print_receipt(PrintReceipt(check_id="c1"), None, by())
    with rejects("balance_left", balance_minor=TOTAL_MINOR):
        print_receipt(PrintReceipt(check_id="c1"), an_account(), by())
    with rejects("needs_manager", permission="charge"):
        print_receipt(PrintReceipt(check_id="c1"), an_account(), by("cook"))


def test_a_copy_says_the_vat_that_the_check_was_closed_with() -> None:
    """A release that rounds otherwise changes no paper of a check that is sold."""
    (copy,) = print_receipt(PrintReceipt(check_id="c1"), an_account(state="closed", vat_minor=4_165_30), by())
    assert isinstance(copy, ReceiptPrinted)
    assert copy.vat_minor == 4_165_30


async def test_equal_dishes_on_lines_of_their_own_have_the_vat_of_one_line(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        for check_id, dishes in (("c1", ((148, 1),) * 4), ("c2", ((148, 4),))):
            await venue.do("ana", OpenCheck(check_id=check_id, kind="counter"))
            for place, (unit_minor, quantity) in enumerate((*dishes, (152, 1), (154, 1), (39, 1))):
                ask = OpenItemAsk(
                    line_id=f"l{place}",
                    name=f"A {unit_minor}",
                    unit_minor=unit_minor,
                    quantity=quantity,
                    station_id="cocina",
                )
                await venue.do("mara", AddOpenItem(check_id=check_id, line=ask))
            await venue.do("ana", SendLines(check_id=check_id, fire_all=True))
            await venue.pay_by_card(check_id, 937)
        assert venue.rows("SELECT total_minor, vat_minor FROM checks") == [(937, 163), (937, 163)]
        assert venue.rows("SELECT gross_minor, vat_minor FROM period_vat") == [(2 * 937, 2 * 163)]


async def pay(venue: RealVenue, **changes: object) -> str:
    """One payment at Caro's till; the code it is refused with."""
    return await venue.code("caro", a_payment(**changes))


async def test_several_tenders_settle_one_check_and_the_ledgers_agree(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        await venue.do("caro", OpenDrawer(session_id="s1", drawer_id="till", float_minor=10_000_00))
        await venue.serve("c1", items=("empanada", "agua", "flan"))  # 1.200 + 1.500 + 4.000
        assert await pay(venue, payment_id="a", tender="card", amount_minor=3_000_00, tendered_minor=0, reference="7",
                         tip_minor=300_00) == ""  # fmt: skip
        assert (
            await pay(venue, payment_id="b", tender="transfer", amount_minor=700_00, tendered_minor=0, reference="8")
            == ""
        )
        assert await pay(venue, payment_id="b", amount_minor=3_000_00, tendered_minor=3_000_00) == "payment_exists"
        check = venue.views("check", "c1")["c1"]
        assert (check.state, check.balance_minor) == ("open", 3_000_00)
        assert await pay(venue, payment_id="c", amount_minor=3_000_00, tip_minor=200_00, tendered_minor=5_000_00) == ""
        assert await pay(venue, payment_id="d", amount_minor=1) == "check_closed"
        assert venue.rows("SELECT tender, amount_minor, change_minor FROM payment ORDER BY payment_id") == [
            ("card", 3_000_00, 0),
            ("transfer", 700_00, 0),
            ("cash", 3_000_00, 1_800_00),
        ]
        assert venue.rows("SELECT waiter_id, tender, amount_minor FROM tip ORDER BY amount_minor") == [
            ("ana", "cash", 200_00),
            ("ana", "card", 300_00),
        ]
        assert venue.rows("SELECT expected_minor FROM drawer_session") == [(10_000_00 + 3_200_00,)]
        assert venue.rows("SELECT total_minor, paid_minor, tips_minor FROM checks") == [(6_700_00, 6_700_00, 500_00)]
        assert venue.problems() == []


async def test_a_line_that_waits_and_a_sent_one_after_the_bill_keep_the_check_open(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        await venue.do("ana", OpenCheck(check_id="c1", kind="counter"))
        assert await pay(venue, tender="card", amount_minor=0, reference="1") == "check_empty"
        await venue.do("ana", AddLines(check_id="c1", lines=(LineAsk(line_id="l1", item_id="flan"),)))
        assert await pay(venue, tender="card", amount_minor=4_000_00, reference="1") == "unsent_lines"


async def test_a_dessert_that_was_never_fired_is_not_paid_for_and_forgotten(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        lines = (LineAsk(line_id="l1", item_id="empanada"), LineAsk(line_id="l2", item_id="flan"))
        opened = OpenCheck(check_id="c1", table_id="t1")
        await venue.do("ana", opened, AddLines(check_id="c1", lines=lines), SendLines(check_id="c1"))
        assert await pay(venue, tender="card", amount_minor=5_200_00, reference="1") == "courses_waiting"
        await venue.do("ana", FireCourse(check_id="c1", course=3))
        assert await pay(venue, payment_id="p2", tender="card", amount_minor=5_200_00, reference="1") == ""


async def test_cash_goes_to_the_tills_own_drawer_and_to_none_when_it_is_unclear(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        await venue.serve("c1", items=("flan",))
        cash = a_payment(amount_minor=1_000_00, tendered_minor=1_000_00)
        assert await venue.code("caro", cash) == "drawer_closed"
        await venue.do("caro", OpenDrawer(session_id="s1", drawer_id="till", float_minor=0))
        await venue.do("ana", msgspec.structs.replace(cash, payment_id="w1"))  # the only one there is
        await venue.do("mara", OpenDrawer(session_id="s2", drawer_id="till2", float_minor=0))
        await venue.do("mara", msgspec.structs.replace(cash, payment_id="m1"))
        assert await venue.code("ana", msgspec.structs.replace(cash, payment_id="w2")) == "drawer_which"
        assert venue.rows("SELECT payment_id, drawer_session_id FROM payment ORDER BY payment_id") == [
            ("m1", "s2"),
            ("w1", "s1"),
        ]
