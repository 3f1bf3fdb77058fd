"""A day of ops that touches every table edge and hub both keep, made from one seed."""

import random
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from shared.adjustments import AdjustedPart, Adjustment
from shared.folds.totals import check_totals
from shared.ids import (
    AdjustmentId,
    CategoryId,
    CheckId,
    DrawerId,
    DrawerSessionId,
    ItemId,
    LineId,
    PaymentId,
    StaffId,
    StationId,
    TableId,
    TicketId,
    TipId,
    VenueId,
)
from shared.lines import OrderedLine
from shared.ops import Op
from shared.ops.adjustments import Adjusted, AdjustmentChanged, AdjustmentRemoved
from shared.ops.cash import CashMoved, DayTotals, DrawerCounted, DrawerOpened, DrawerOpenedWithoutSale, PeriodClosed
from shared.ops.floor import VenueConfigured
from shared.ops.kitchen import CourseFired, LinesSent, SentLine, TicketBumped, TicketLineBumped, TicketRecalled
from shared.ops.ordering import (
    CheckMoved,
    CheckOpened,
    CoversSet,
    GuestCheckPrinted,
    LineChanged,
    LinesAdded,
    LineVoided,
)
from shared.ops.payments import CheckClosed, PaidPart, PaymentTaken, ReceiptPrinted, TipGiven

ANA = StaffId("ana")
DRAWER = DrawerSessionId("caja-1")
DISHES = (
    ("bife", "Bife de chorizo", 12_000_00, 2100),
    ("flan", "Flan con dulce", 4_000_00, 2100),
    ("agua", "Agua sin gas", 1_500_00, 1050),
    ("empanada", "Empanada jamón y queso 🥟", 1_200_33, 1050),
)
START_MS = 1_772_722_800_000  # 2026-03-05, 12:00 in Buenos Aires


def a_venue(venue_id: str = "v1", *, name: str = "La Parrilla", timezone: str = "America/Argentina/Buenos_Aires") -> Op:
    """The venue's settings."""
    return VenueConfigured(
        venue_id=VenueId(venue_id), name=name, currency="ARS", language="es-AR", timezone=timezone, cutover_min=300
    )


def a_line(line_id: str, dish: int = 0, *, quantity: int = 1, course: int = 1) -> OrderedLine:
    """A priced line."""
    item_id, name, unit_minor, vat_bp = DISHES[dish]
    return OrderedLine(
        line_id=LineId(line_id),
        item_id=ItemId(item_id),
        name=name,
        category_id=CategoryId("todo"),
        quantity=quantity,
        unit_minor=unit_minor,
        gross_minor=quantity * unit_minor,
        vat_bp=vat_bp,
        course=course,
        station_id=StationId("cocina"),
    )


def an_adjustment(
    line: OrderedLine, amount_minor: int, *, id: str = "a1", kind: str = "discount", reason: str = "demora"
) -> Adjustment:
    """What one line is adjusted by."""
    part = AdjustedPart(line_id=line.line_id, quantity=line.quantity, vat_bp=line.vat_bp, amount_minor=amount_minor)
    return Adjustment(
        adjustment_id=AdjustmentId(id), line_id=line.line_id, kind=kind, asked_minor=amount_minor,
        amount_minor=amount_minor, reason=reason, by=ANA, given_at_ms=START_MS, parts=(part,),
    )  # fmt: skip


def a_sale(
    check_id: str,
    *lines: OrderedLine,
    hour: int = 13,
    covers: int = 2,
    tip_minor: int = 0,
    given: Sequence[Adjustment] = (),
) -> CheckClosed:
    """A closed check and nothing before it: all that reports look at."""
    totals = check_totals(lines, given, covers=covers, cover_charge_minor=0, cover_charge_vat_bp=2100)
    return CheckClosed(
        check_id=CheckId(check_id),
        number=1,
        kind="table",
        waiter_id=ANA,
        covers=covers,
        opened_at_ms=START_MS,
        closed_at_ms=START_MS + 1,
        hour=hour,
        tips_minor=tip_minor,
        by=ANA,
        **msgspec.structs.asdict(totals),
    )


def sold(check_id: str, *lines: OrderedLine, hour: int = 13) -> tuple[Op, Op]:
    """A check opened and closed at once."""
    opened = CheckOpened(
        check_id=CheckId(check_id), number=1, business_day="2026-03-05", opened_at_ms=START_MS, kind="counter",
        waiter_id=ANA, covers=2,
    )  # fmt: skip
    return opened, a_sale(check_id, *lines, hour=hour)


class ServiceDay:
    """Opens, feeds and closes checks; `ops` is what happened, in order."""

    def __init__(self, seed: int, *, checks: int, business_day: str = "2026-03-05", period: int = 1) -> None:
        self.chance = random.Random(seed)
        self.business_day = business_day
        self.period = period
        self.ops: list[Op] = [a_venue(), self._drawer_opened()]
        self.now_ms = START_MS
        waiting = [self._check(number) for number in range(1, checks + 1)]
        while waiting:  # the checks of an evening, each in its own order, mixed
            one = self.chance.choice(waiting)
            op = next(one, None)
            if op is None:
                waiting.remove(one)
            else:
                self.ops.append(op)
                self.now_ms += self.chance.randrange(1, 60_000)
        self.ops = [
            msgspec.structs.replace(op, period=period) if "period" in op.__struct_fields__ else op
            for op in (*self.ops, *self._closing())
        ]

    def _drawer_opened(self) -> Op:
        return DrawerOpened(
            session_id=DRAWER, drawer_id=DrawerId("d"), drawer_name="Caja 1", float_minor=20_000_00, by=ANA,
            opened_at_ms=START_MS,
        )  # fmt: skip

    def _check(self, number: int) -> Iterator[Op]:
        id = CheckId(f"c{number}")
        covers = self.chance.randrange(1, 6)
        yield CheckOpened(
            check_id=id, number=number, business_day=self.business_day, opened_at_ms=self.now_ms, kind="table",
            table_id=TableId("t1"), table_label="12", waiter_id=ANA, covers=covers, cover_charge_minor=900_00,
        )  # fmt: skip
        yield CoversSet(check_id=id, covers=covers + 1, charge_delta_minor=900_00)
        lines = [
            a_line(
                f"{id}-{place}", self.chance.randrange(4), quantity=self.chance.randrange(2, 6), course=place % 2 + 1
            )
            for place in range(self.chance.randrange(2, 6))
        ]
        yield LinesAdded(check_id=id, lines=tuple(lines), added_at_ms=self.now_ms, by=ANA)
        lines[0], changed = self._more_of(id, lines[0])
        yield changed
        yield LinesSent(
            check_id=id, by=ANA, sent_at_ms=self.now_ms,
            lines=tuple(SentLine(line_id=one.line_id, course=one.course, is_fired=one.course == 1) for one in lines),
        )  # fmt: skip
        yield from self._cooked(id, lines)
        lines = list((yield from self._voided(id, lines)))
        yield CheckMoved(check_id=id, from_table_id=TableId("t1"), table_id=TableId("t2"), table_label="14")
        given = yield from self._adjusted(id, lines)
        yield from self._paid(id, number, covers + 1, lines, given)

    def _more_of(self, id: CheckId, line: OrderedLine) -> tuple[OrderedLine, Op]:
        more = msgspec.structs.replace(line, quantity=line.quantity + 1, gross_minor=line.gross_minor + line.unit_minor)
        return more, LineChanged(check_id=id, line=more, delta_minor=line.unit_minor)

    def _cooked(self, id: CheckId, lines: list[OrderedLine]) -> Iterator[Op]:
        ticket = TicketId(f"k{id}")
        later = tuple(line.line_id for line in lines if line.course == 2)
        yield CourseFired(check_id=id, course=2, line_ids=later, fired_at_ms=self.now_ms)
        yield TicketLineBumped(ticket_id=ticket, check_id=id, line_id=lines[0].line_id, bumped_at_ms=self.now_ms)
        yield TicketBumped(ticket_id=ticket, check_id=id, line_ids=later, bumped_at_ms=self.now_ms)
        yield TicketRecalled(ticket_id=ticket, check_id=id, line_ids=later[:1])

    def _voided(self, id: CheckId, lines: list[OrderedLine]) -> Any:
        """Some of the first line comes off, and all of the last."""
        first, last = lines[0], lines[-1]
        for line, quantity in ((first, 1), (last, last.quantity)):
            yield LineVoided(
                check_id=id, line_id=line.line_id, name=line.name, quantity=quantity,
                remaining=line.quantity - quantity, gross_minor=quantity * line.unit_minor, was_sent=True,
                reason="se cayó", by=ANA, voided_at_ms=self.now_ms,
            )  # fmt: skip
        less = msgspec.structs.replace(
            first, quantity=first.quantity - 1, gross_minor=first.gross_minor - first.unit_minor
        )
        return [less, *lines[1:-1]]

    def _adjusted(self, id: CheckId, lines: list[OrderedLine]) -> Any:
        """A tenth off the first line that grows to a fifth, and a service charge that is taken back."""
        first = lines[0]
        tenth, fifth = (an_adjustment(first, -first.gross_minor // parts, id="off") for parts in (10, 5))
        service = an_adjustment(first, 300_00, id="service", kind="service", reason="")
        yield Adjusted(check_id=id, adjustment=tenth)
        yield Adjusted(check_id=id, adjustment=service)
        yield AdjustmentChanged(
            check_id=id, adjustment_id=fifth.adjustment_id, amount_minor=fifth.amount_minor, parts=fifth.parts,
            delta_minor=fifth.amount_minor - tenth.amount_minor,
        )  # fmt: skip
        yield AdjustmentRemoved(
            check_id=id, adjustment_id=service.adjustment_id, kind="service", amount_minor=300_00, cause="taken_back",
            by=ANA, removed_at_ms=self.now_ms,
        )  # fmt: skip
        return [fifth]

    def _paid(
        self, id: CheckId, number: int, covers: int, lines: list[OrderedLine], given: list[Adjustment]
    ) -> Iterator[Op]:
        totals = check_totals(lines, given, covers=covers, cover_charge_minor=900_00, cover_charge_vat_bp=2100)
        paper: dict[str, Any] = {
            "check_id": id, "number": number, "table_label": "14", "waiter_id": ANA, "covers": covers,
            "cover_charge_minor": totals.cover_charge_minor, "lines": tuple(lines), "total_minor": totals.total_minor,
        }  # fmt: skip
        yield GuestCheckPrinted(**paper, paid_minor=0, printed_at_ms=self.now_ms)
        cash_minor = totals.total_minor // 3
        parts = (("cash", cash_minor, DRAWER), ("card", totals.total_minor - cash_minor, DrawerSessionId("")))
        for tender, amount_minor, drawer in parts:
            payment = PaymentId(f"{id}-{tender}")
            yield PaymentTaken(
                check_id=id, payment_id=payment, tender=tender, amount_minor=amount_minor, reference="0042",
                drawer_session_id=drawer, by=ANA, taken_at_ms=self.now_ms,
            )  # fmt: skip
            yield TipGiven(
                tip_id=TipId(f"p{payment}"), check_id=id, payment_id=payment, waiter_id=ANA, tender=tender,
                amount_minor=500_00, drawer_session_id=drawer, given_at_ms=self.now_ms,
            )  # fmt: skip
        yield CheckClosed(
            check_id=id, number=number, kind="table", waiter_id=ANA, covers=covers, opened_at_ms=START_MS,
            closed_at_ms=self.now_ms, hour=self.chance.randrange(12, 24), tips_minor=1_000_00, by=ANA,
            **msgspec.structs.asdict(totals),
        )  # fmt: skip
        yield ReceiptPrinted(
            **paper, vat_minor=totals.vat_minor, printed_at_ms=self.now_ms,
            payments=(PaidPart(tender="cash", amount_minor=cash_minor),),
        )  # fmt: skip

    def _closing(self) -> list[Op]:
        """Cash moves, the drawer is counted a little short, the period is closed."""
        sales = [op for op in self.ops if isinstance(op, CheckClosed)]
        voids = [op for op in self.ops if isinstance(op, LineVoided)]
        totals = DayTotals(
            business_day=self.business_day, checks=len(sales), covers=sum(one.covers for one in sales),
            sales_minor=sum(one.total_minor for one in sales), vat_minor=sum(one.vat_minor for one in sales),
            tips_minor=sum(one.tips_minor for one in sales), voids=len(voids),
            voids_minor=sum(one.gross_minor for one in voids), tenders=(), over_short_minor=-4_200_00,
            period=self.period, opened_at_ms=START_MS, business_days=(self.business_day,),
        )  # fmt: skip
        at: dict[str, Any] = {"session_id": DRAWER, "by": ANA}
        return [
            CashMoved(**at, kind="drop", amount_minor=5_000_00, reason="", moved_at_ms=self.now_ms),
            CashMoved(**at, kind="cash_in", amount_minor=1_00, reason="cambio", moved_at_ms=self.now_ms),
            DrawerOpenedWithoutSale(**at, reason="cambio", opened_at_ms=self.now_ms),
            DrawerCounted(
                **at, drawer_id=DrawerId("d"), counted_minor=15_800_00, expected_minor=20_000_00,
                over_short_minor=-4_200_00, counted_at_ms=self.now_ms,
            ),
            PeriodClosed(
                z_number=self.period, business_day=self.business_day, totals=totals, by=ANA, closed_at_ms=self.now_ms,
            ),
        ]  # fmt: skip
