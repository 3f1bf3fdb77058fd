"""Plays a quarter of a restaurant's real orders through the public commands, and compares the hub's report with the files."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import Protocol
from zoneinfo import ZoneInfo

import msgspec

from installer.demo.edge_client import Ask, EdgeClient, chunks, fresh_id
from installer.demo.order_files import DayFigures, Order, OrderLine, Refused, business_day, figures_by_day

TIMEZONE = "America/Argentina/Buenos_Aires"
CUTOVER_HOUR = 5
COMMANDS_IN_A_REQUEST = 60  # the door takes 64
LINES_IN_A_CHECK = 400  # a longer order is played as several checks
LINES_IN_A_COMMAND = 50
FLOAT_MINOR = 20_000
HUB_PATIENCE_S = 120.0

Progress = Callable[[str, int, int], None]


class Closings(msgspec.Struct, frozen=True):
    """The hub's Zs: how many, and the sales that they add up to."""

    count: int = 0
    sales_minor: int = 0


class Hub(Protocol):
    """The hub as the owner reads it, from one business day to another."""

    def by_day(self, first: str, last: str) -> Awaitable[dict[str, DayFigures]]:
        """The report of sales by day."""

    def closings(self, first: str, last: str) -> Awaitable[Closings]:
        """What its Zs say."""


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """A day on which the hub and the files do not say the same."""

    business_day: str
    files: DayFigures
    hub: DayFigures


class Files(msgspec.Struct, frozen=True):
    """What the files say: orders by time, the rows that cannot be used, and how many orders there are in all."""

    orders: list[Order]
    refused: list[Refused]
    orders_in_file: int


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What a replay came to. Money in minor units."""

    orders: int  # played: those with a row that could be used
    orders_in_file: int
    lines: int
    quantity: int
    revenue_minor: int
    hub_lines: int
    hub_quantity: int
    hub_revenue_minor: int
    days: int
    z_reports: int
    z_revenue_minor: int  # what the hub's Zs add up to
    entries: int
    seconds: float
    orders_per_s: float
    differences: list[Difference]
    refused: list[Refused]

    @property
    def is_equal(self) -> bool:
        """Equal to the cent, day by day, and over all the Zs."""
        return not self.differences and self.z_revenue_minor == self.revenue_minor


async def play(
    edge: EdgeClient, files: Files, *, hub: Hub, progress: Progress, shift_hours: Sequence[int] = ()
) -> Outcome:
    """Play every order in its business day, close each shift with its Z, wait for the hub and compare.

    A day is one shift, and one more for each of the hours at which a shift ends.

    Raises:
        Refused: the edge refused a command.
        TimeoutError: the hub did not catch up in two minutes.
    """
    began = time.monotonic()
    orders = files.orders
    days = [(day, list(of_day)) for day, of_day in groupby(orders, lambda o: business_day(o.at, CUTOVER_HOUR))]
    done, seq, closed = 0, 0, 0
    for day, of_day in days:
        for shift, of_shift in shifts_of(of_day, shift_hours):
            seq = await _play_shift(edge, f"{day}-{shift}", of_shift)
            done += len(of_shift)
            closed += 1
        progress("orders", done, len(orders))
    seconds = time.monotonic() - began
    await _wait_for_hub(edge, seq, progress)
    figures, closings = await _hub_figures(hub, days[0][0], days[-1][0], closed)
    return _outcome(files, figures, closings, seq=seq, seconds=seconds)


def shifts_of(orders: Iterable[Order], shift_hours: Sequence[int]) -> list[tuple[int, list[Order]]]:
    """A business day's orders by shift, numbered from 0; a shift with no order is none."""
    ends = [(hour - CUTOVER_HOUR) % 24 for hour in shift_hours]

    def shift(order: Order) -> int:
        return sum(end <= (order.at.hour - CUTOVER_HOUR) % 24 for end in ends)

    return [(number, list(of_shift)) for number, of_shift in groupby(orders, shift)]


async def _play_shift(edge: EdgeClient, name: str, orders: list[Order]) -> int:
    """A shift from the drawer's float to its Z; the last entry it wrote."""
    session = f"drawer-{name}-{fresh_id()[:8]}"
    first_ms, last_ms = epoch_ms(orders[0].at), epoch_ms(orders[-1].at)
    body = {"session_id": session, "drawer_id": "caja", "drawer_name": "Caja", "float_minor": FLOAT_MINOR}
    await edge.do(Ask(name="open_drawer", body=body, asked_at_ms=first_ms))
    # One request after the other: the venue's clock follows the commands, and no order may come before an earlier one.
    for asks in chunks([ask for order in orders for ask in _asks_of(order)], COMMANDS_IN_A_REQUEST):
        await edge.do(*asks)
    expected = FLOAT_MINOR + sum(line.item.price_minor for order in orders for line in order.lines)
    count = {"session_id": session, "counted_minor": expected}
    answers = await edge.do(
        Ask(name="count_drawer", body=count, asked_at_ms=last_ms),
        Ask(name="close_day", body={}, asked_at_ms=last_ms),
    )
    return answers[-1].seq


def _asks_of(order: Order) -> Iterable[Ask]:
    at_ms = epoch_ms(order.at)
    for start in range(0, len(order.lines), LINES_IN_A_CHECK):
        yield from _check(order.lines[start : start + LINES_IN_A_CHECK], at_ms)


def _check(lines: Sequence[OrderLine], at_ms: int) -> Iterable[Ask]:
    """A check at the counter, from opening to the last cent."""
    check_id = fresh_id()
    total_minor = sum(line.item.price_minor for line in lines)
    asked = [
        {"line_id": f"row-{line.row}", "item_id": line.item.key, "shown_minor": line.item.price_minor} for line in lines
    ]
    yield Ask(name="open_check", body={"check_id": check_id, "kind": "counter"}, asked_at_ms=at_ms)
    for some in chunks(asked, LINES_IN_A_COMMAND):
        yield Ask(name="add_lines", body={"check_id": check_id, "lines": some}, asked_at_ms=at_ms)
    yield Ask(name="send_lines", body={"check_id": check_id, "fire_all": True}, asked_at_ms=at_ms)
    payment = {
        "payment_id": fresh_id(),
        "check_id": check_id,
        "tender": "cash",
        "amount_minor": total_minor,
        "tendered_minor": total_minor,
        "wants_receipt": False,
    }
    yield Ask(name="take_payment", body=payment, asked_at_ms=at_ms)


async def _wait_for_hub(edge: EdgeClient, seq: int, progress: Progress) -> None:
    deadline = time.monotonic() + HUB_PATIENCE_S
    while time.monotonic() < deadline:
        health = await edge.call("/health")
        behind = int(health["behind"])
        progress("hub", seq - behind, seq)
        if behind == 0:
            return
        await asyncio.sleep(0.2)
    raise TimeoutError("the hub did not catch up")


async def _hub_figures(hub: Hub, first: str, last: str, closed: int) -> tuple[dict[str, DayFigures], Closings]:
    """The hub's figures, once they hold the last day and every Z: it counts a moment after it has the entries."""
    deadline = time.monotonic() + HUB_PATIENCE_S
    while True:
        found, closings = await hub.by_day(first, last), await hub.closings(first, last)
        if (last in found and closings.count >= closed) or time.monotonic() > deadline:
            return found, closings
        await asyncio.sleep(0.2)


def _outcome(files: Files, hub: dict[str, DayFigures], closings: Closings, *, seq: int, seconds: float) -> Outcome:
    by_day = figures_by_day(files.orders, CUTOVER_HOUR)
    nothing = DayFigures()
    return Outcome(
        orders=len(files.orders),
        orders_in_file=files.orders_in_file,
        lines=sum(day.lines for day in by_day.values()),
        quantity=sum(day.quantity for day in by_day.values()),
        revenue_minor=sum(day.revenue_minor for day in by_day.values()),
        hub_lines=sum(day.lines for day in hub.values()),
        hub_quantity=sum(day.quantity for day in hub.values()),
        hub_revenue_minor=sum(day.revenue_minor for day in hub.values()),
        days=len(by_day),
        z_reports=closings.count,
        z_revenue_minor=closings.sales_minor,
        entries=seq,
        seconds=round(seconds, 2),
        orders_per_s=round(len(files.orders) / max(seconds, 0.001), 1),
        differences=[
            Difference(business_day=day, files=by_day.get(day, nothing), hub=hub.get(day, nothing))
            for day in sorted({*by_day, *hub})
            if by_day.get(day, nothing) != hub.get(day, nothing)
        ],
        refused=files.refused,
    )


def epoch_ms(local: datetime) -> int:
    """A moment of the restaurant's local time."""
    return int(local.replace(tzinfo=ZoneInfo(TIMEZONE)).astimezone(UTC).timestamp() * 1000)
