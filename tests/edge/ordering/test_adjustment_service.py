"""What was given, from the command to the check, the bill, the receipt, the X and the Z of a real venue."""

from pathlib import Path

import msgspec

from edge.printing import facts
from shared.commands.cash import CloseDay
from shared.commands.kitchen import SendLines
from shared.commands.lines import LineAsk
from shared.commands.ordering import (
    AbandonCheck,
    AddLines,
    AdjustCheck,
    AdjustLine,
    MoveCheck,
    OpenCheck,
    PrintGuestCheck,
    RemoveAdjustment,
    VoidLine,
)
from shared.commands.payments import PrintReceipt, TakePayment
from shared.ops import decode
from shared.ops.cash import DayTotals
from shared.ops.ordering import GuestCheckPrinted
from shared.ops.payments import CheckClosed, ReceiptPrinted
from tests.real_venue import RealVenue, a_real_venue

FREE_STEAK = AdjustLine(adjustment_id="a2", check_id="c1", line_id="l1", kind="comp", reason="Se quemó")
A_TENTH_OFF = AdjustCheck(adjustment_id="a1", check_id="c1", kind="discount", rate_bp=1000, reason="Demora")


async def seated(venue: RealVenue) -> None:
    """An empanada at 10.5 % and a flan of 4.000 at 21 %, both fired, at table 1."""
    lines = (LineAsk(line_id="l1", item_id="empanada"), LineAsk(line_id="l2", item_id="flan"))
    await venue.do(
        "ana",
        OpenCheck(check_id="c1", table_id="t1", covers=2),
        AddLines(check_id="c1", lines=lines),
        SendLines(check_id="c1", fire_all=True),
    )


def said(venue: RealVenue, kind: str) -> list[object]:
    """The ops of a kind, as the log has them."""
    return [decode(kind, body) for (body,) in venue.rows("SELECT body FROM log WHERE kind = ? ORDER BY seq", kind)]


def totals(venue: RealVenue) -> tuple[int, ...]:
    """The sums on the check's row."""
    columns = "lines_minor, adjustments_minor, total_minor"
    return tuple(venue.rows(f"SELECT {columns} FROM checks WHERE check_id = 'c1'")[0])


async def test_a_discount_is_the_same_on_the_screen_the_bill_the_receipt_and_the_z(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        await seated(venue)
        await venue.do("mara", A_TENTH_OFF, FREE_STEAK)
        check = venue.views("check", "c1")["c1"]
        assert (check.lines_minor, check.adjustments_minor, check.total_minor) == (5_200_00, -1_600_00, 3_600_00)
        (off,), (given,) = check.adjustments, check.lines[0].adjustments
        assert (off.kind, off.amount_minor, off.reason, off.by_name) == ("discount", -400_00, "Demora", "Mara")
        assert (given.kind, given.amount_minor, check.lines[1].adjustments) == ("comp", -1_200_00, ())
        (guest,) = (view for view in venue.views("guest").values() if view.lines)
        assert [(one.kind, one.line_id, one.amount_minor) for one in guest.adjustments] == [
            ("discount", "", -400_00),
            ("comp", "l1", -1_200_00),
        ]
        await venue.do("ana", PrintGuestCheck(check_id="c1"))
        await venue.pay_by_card("c1", 3_600_00)
        await venue.do("ana", PrintReceipt(check_id="c1"))
        (bill,), (receipt, copy), (sold,) = (
            said(venue, kind) for kind in ("guest_check_printed", "receipt_printed", "check_closed")
        )
        assert isinstance(bill, GuestCheckPrinted) and isinstance(sold, CheckClosed)
        assert isinstance(receipt, ReceiptPrinted) and isinstance(copy, ReceiptPrinted)
        assert (copy.adjustments, copy.total_minor, copy.vat_minor) == (receipt.adjustments, 3_600_00, 624_79)
        assert bill.adjustments == receipt.adjustments == sold.adjustments
        for op in (bill, receipt):
            paper = facts.bill(op, waiter="Ana", tab="")
            shown = [
                *paper["lines"],
                *paper["adjustments"],
                *(one for line in paper["lines"] for one in line["own_adjustments"]),
            ]
            amounts = [one["gross_minor"] if "gross_minor" in one else one["amount_minor"] for one in shown]
            assert sum(amounts) + paper["cover_charge_minor"] == paper["total_minor"], "what the paper lists adds up"
        assert bill.total_minor == receipt.total_minor == sold.total_minor == 3_600_00
        assert (sold.vat_minor, receipt.vat_minor) == (624_79, 624_79), "21 % of what the flan was sold for"
        await venue.do("mara", CloseDay())
        ((body,),) = venue.rows("SELECT totals FROM z_report")
        z = msgspec.json.decode(body, type=DayTotals)
        assert (z.sales_minor, z.vat_minor) == (3_600_00, 624_79)
        assert [(one.kind, one.count, one.amount_minor) for one in z.adjustments] == [
            ("comp", 1, -1_200_00),
            ("discount", 1, -400_00),
        ]
        assert venue.problems() == []


async def test_what_is_taken_back_leaves_every_sum_as_it_was(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        await seated(venue)
        before = totals(venue)
        await venue.do("mara", A_TENTH_OFF, FREE_STEAK)
        assert totals(venue) == (5_200_00, -1_600_00, 3_600_00)
        for id in ("a2", "a1"):
            await venue.do("mara", RemoveAdjustment(check_id="c1", adjustment_id=id))
        assert totals(venue) == before
        assert await venue.code("mara", A_TENTH_OFF) == "adjustment_exists", "an id is used once"
        assert venue.views("check", "c1")["c1"].adjustments == ()
        assert venue.problems() == []


async def test_a_waiter_gives_away_what_a_manager_approved(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        await seated(venue)
        assert await venue.code("ana", FREE_STEAK) == "needs_manager"
        approval = await venue.approve("give", FREE_STEAK)
        assert (await venue.ask("ana", FREE_STEAK, approval=approval, id="give")).outcome == "done"
        (given,) = venue.views("check", "c1")["c1"].lines[0].adjustments
        assert (given.by_name, given.approved_by_name) == ("Ana", "Mara")


async def test_a_check_that_comes_to_nothing_is_closed_without_a_drawer_or_a_slip(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        await seated(venue)
        whole = msgspec.structs.replace(A_TENTH_OFF, kind="comp", rate_bp=0)
        await venue.do("mara", whole)
        assert totals(venue) == (5_200_00, -5_200_00, 0)
        assert await venue.code("ana", AbandonCheck(check_id="c1")) == "balance_left", "what was made is sold"
        tipped = TakePayment(payment_id="p1", check_id="c1", tender="card", amount_minor=0, tip_minor=100_00)
        assert await venue.code("ana", tipped) == "reference_missing", "a tip is money"
        await venue.do("ana", TakePayment(payment_id="p1", check_id="c1", tender="cash", amount_minor=0))
        assert venue.rows("SELECT state, total_minor FROM checks") == [("closed", 0)]
        assert venue.rows("SELECT (SELECT COUNT(*) FROM payment), (SELECT COUNT(*) FROM drawer_session)") == [(0, 0)]
        (sold,) = said(venue, "check_closed")
        assert isinstance(sold, CheckClosed)
        assert sum(item.gross_minor for item in sold.items) == 5_200_00
        assert (sold.adjustments_minor, sold.vat_minor) == (-5_200_00, 0)
        assert venue.problems() == []


async def test_adjustments_go_where_the_party_goes_and_with_what_it_leaves(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        await seated(venue)
        await venue.do("mara", A_TENTH_OFF, MoveCheck(check_id="c1", table_id="t2"))
        assert totals(venue) == (5_200_00, -520_00, 4_680_00)
        for line_id in ("l1", "l2"):
            await venue.do("mara", VoidLine(check_id="c1", line_id=line_id, reason="se fueron"))
        assert totals(venue) == (0, 0, 0)
        assert venue.rows("SELECT state, over_cause FROM adjustment") == [("over", "nothing_left")]
        await venue.do("ana", AbandonCheck(check_id="c1"))
        assert venue.problems() == []


async def test_verify_finds_an_adjustment_that_does_not_add_up(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        await seated(venue)
        await venue.do("mara", FREE_STEAK)
        (work,) = venue.rows("SELECT parts FROM adjustment")
        assert '"amount_minor":-120000' in work[0]

        def spoil(conn: object) -> None:
            conn.execute("UPDATE adjustment SET amount_minor = -1")  # type: ignore[attr-defined]

        await venue.edge.writer.job(spoil)
        problems = "\n".join(venue.problems())
        assert "adjustment a2 of check c1 is not the sum of its parts" in problems
        assert "its lines, covers and adjustments are" in problems
