"""A venue's past days, so that its owner has something to compare: sold, paid, counted and closed with a Z."""

import random
from collections.abc import Callable
from datetime import date

from installer.demo.crew import FLOAT_MINOR, Crew
from installer.demo.days import MINUTE_MS, business_day, closing_times, days_before, moment_ms, so_far
from installer.demo.edge_client import Ask, fresh_id
from installer.demo.menu_card import Line
from installer.demo.places import PLANS, table_id

PAST_DAYS = 8  # a week and a day: today has its weekday to compare with
_TENDERS = ("cash", "card", "card", "transfer")

Progress = Callable[[int, int], None]


async def live_through(crew: Crew, *, until_ms: int, progress: Progress) -> None:
    """Play past days and today until `until_ms`. The venue's clock must follow the commands.

    Raises:
        Refused: the edge said no.
    """
    today = business_day(until_ms)
    days = [*days_before(today, PAST_DAYS), today]
    for done, day in enumerate(days):
        is_over = day != today
        busy = crew.venue.checks_a_day
        times = closing_times(day, busy, crew.chance) if is_over else so_far(day, busy, crew.chance, until_ms=until_ms)
        await _play(crew, day, times, is_over=is_over, until_ms=until_ms)
        progress(done + 1, len(days))
    await crew.clear_the_pass(at_ms=until_ms)


async def _play(crew: Crew, day: date, times: list[int], *, is_over: bool, until_ms: int) -> None:
    """A day: the drawer's float, its checks, and if it is over the count and the Z."""
    opens_ms = min([moment_ms(day, 11.5), *times, until_ms])
    session = ""
    if is_over or times:
        session = await crew.open_drawer(at_ms=opens_ms)
    in_drawer = FLOAT_MINOR
    for at_ms in times:
        in_drawer += await _sell(crew, at_ms)
    if is_over:
        counted = in_drawer + crew.chance.choice((0, 0, 0, -50_000, 20_000))
        closes_ms = moment_ms(day, 25.0)
        count = {"session_id": session, "counted_minor": counted}
        await crew.till.do(Ask(name="count_drawer", body=count, asked_at_ms=closes_ms))
        await crew.console.do(Ask(name="close_day", body={}, asked_at_ms=closes_ms + MINUTE_MS))


async def _sell(crew: Crew, paid_ms: int) -> int:
    """One party, from sitting down to paying; the cash it left in the drawer."""
    chance = crew.chance
    people = chance.choices((1, 2, 3, 4, 5, 6), (1, 6, 3, 5, 2, 2))[0]
    lines = crew.card.meal(people) + (crew.card.afters(people) if chance.random() < 0.6 else [])
    check_id = fresh_id()
    total_minor = sum(map(crew.card.price_of, lines)) + people * crew.venue.cover_charge_minor
    payment = _payment(check_id, total_minor, chance)
    seated_ms = paid_ms - chance.randrange(50, 95) * MINUTE_MS
    opened = {"check_id": check_id, "table_id": _some_table(crew), "covers": people}
    asks = [
        Ask(name="open_check", body=opened, asked_at_ms=seated_ms),
        Ask(name="add_lines", body={"check_id": check_id, "lines": lines}, asked_at_ms=seated_ms + 5 * MINUTE_MS),
        Ask(name="send_lines", body={"check_id": check_id, "fire_all": True}, asked_at_ms=seated_ms + 6 * MINUTE_MS),
        Ask(name="take_payment", body=payment, asked_at_ms=paid_ms),
    ]
    waiter = chance.choice(list(crew.waiters.values()))
    await waiter.do(*asks)
    return total_minor + int(payment["tip_minor"]) if payment["tender"] == "cash" else 0


def _payment(check_id: str, total_minor: int, chance: random.Random) -> Line:
    tender = chance.choice(_TENDERS)
    tip_minor = total_minor // 10 // 10_000 * 10_000 if chance.random() < 0.6 else 0
    note_minor = 2_000_000
    payment = {
        "payment_id": fresh_id(),
        "check_id": check_id,
        "tender": tender,
        "amount_minor": total_minor,
        "tip_minor": tip_minor,
        "wants_receipt": False,
    }
    if tender == "cash":
        return {**payment, "tendered_minor": -(-(total_minor + tip_minor) // note_minor) * note_minor}
    return {**payment, "reference": str(chance.randrange(100_000, 999_999))}


def _some_table(crew: Crew) -> str:
    sections = PLANS[crew.venue.plan]
    return table_id(crew.chance.choice(crew.chance.choice(sections).tables).label)
