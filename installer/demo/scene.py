"""A venue in the middle of service: parties at every stage, each step at the minute it would have happened."""

from collections.abc import Awaitable, Callable, Iterator

import msgspec

from installer.demo.crew import FEED_S, Crew
from installer.demo.days import MINUTE_MS
from installer.demo.edge_client import Ask, Refused
from installer.demo.party import Party
from installer.demo.places import PLANS

#: How long ago the oldest step of a scene happened.
SCENE_MIN = 62

#: What the kitchen runs out of while the scene plays; its parties order as if they knew.
SOLD_OUT = frozenset({"rabas", "budin"})


class Step(msgspec.Struct, frozen=True):
    """Something that happened so many minutes ago; it is told the moment."""

    minutes_ago: float
    act: Callable[[int], Awaitable[None]]


async def play_scene(crew: Crew, *, now_ms: int) -> None:
    """Bring the venue to the middle of its service. Its clock must follow the commands.

    A party that the venue refuses something stays where it is, and `crew.refusals` says so.

    Raises:
        TimeoutError: the edge did not show its screens.
    """
    await crew.screens.start(timeout_s=FEED_S)
    parties = _parties(crew)
    steps = [("the house", step) for step in _house(crew)]
    steps += [(f"table {party.label}", step) for tell, party in parties for step in tell(party)]
    stuck: set[str] = set()
    for whose, step in sorted(steps, key=lambda each: -each[1].minutes_ago):
        if whose not in stuck and not await crew.attempt(whose, _take(step, crew, now_ms)):
            stuck.add(whose)
    for _, party in parties:
        await party.leave()
    await crew.screens.stop()


async def _take(step: Step, crew: Crew, now_ms: int) -> None:
    at_ms = now_ms - round(step.minutes_ago * MINUTE_MS)
    await crew.tick(at_ms)
    await step.act(at_ms)


def _house(crew: Crew) -> Iterator[Step]:
    async def open_drawer(at_ms: int) -> None:
        try:
            await crew.open_drawer(at_ms=at_ms)
        except Refused as refused:  # the day's first checks opened it
            if refused.code != "drawer_open":
                raise

    async def sell_out(at_ms: int) -> None:
        for item_id in sorted(SOLD_OUT):
            await crew.kitchen.do(Ask(name="eighty_six_item", body={"item_id": item_id}, asked_at_ms=at_ms))

    yield Step(SCENE_MIN, open_drawer)
    yield Step(30, sell_out)


def _parties(crew: Crew) -> list[tuple[Callable[[Party], Iterator[Step]], Party]]:
    """Who sits where; every venue has a room, an outside and a bar, in this order."""
    room, outside, bar = ([table for table in section.tables] for section in PLANS[crew.venue.plan])
    seats = [
        (_having_dessert, room[0], 4),
        (_cooking_mains, room[1], 4),
        (_waiting_for_mains, room[2], 6),
        (_on_the_pass, room[3], 2),
        (_drafting_with_allergy, room[4], 2),
        (_just_paid, room[5], 2),
        (_just_seated, room[6], 2),
        (_drafting_new, outside[0], 2),
        (_late, outside[1], 3),
        (_asked_the_bill, outside[2], 4),
        (_noted_down, room[8], 5),
        (_at_the_bar, bar[0], 1),
        (_at_the_bar, bar[2], 1),
    ]
    return [(tell, Party(crew, table.label, people)) for tell, table, people in seats]


def _having_dessert(party: Party) -> Iterator[Step]:
    card, people = party.crew.card, party.people
    yield from _eating(party, seated=61)
    yield Step(6, lambda at_ms: party.order(card.afters(people, _out(party)), at_ms=at_ms))


def _cooking_mains(party: Party) -> Iterator[Step]:
    yield from _starting(party, seated=37)
    yield Step(13, lambda at_ms: party.fire(2, at_ms=at_ms))


def _waiting_for_mains(party: Party) -> Iterator[Step]:
    yield Step(16, lambda at_ms: party.seat(at_ms=at_ms))
    yield Step(9, lambda at_ms: party.order(_dinner(party), at_ms=at_ms))


def _on_the_pass(party: Party) -> Iterator[Step]:
    yield from _starting(party, seated=44)
    yield Step(18, lambda at_ms: party.fire(2, at_ms=at_ms))
    yield Step(1.2, lambda at_ms: party.cook(2, at_ms=at_ms))


def _drafting_with_allergy(party: Party) -> Iterator[Step]:
    card = party.crew.card
    lines = [card.line("ravioles", note="sin nueces arriba"), card.line("agua"), card.line("flan")]
    yield Step(5, lambda at_ms: party.seat(at_ms=at_ms))
    yield Step(0.8, lambda at_ms: _sent(party, lines, allergies=["nuts"]))


def _drafting_new(party: Party) -> Iterator[Step]:
    card = party.crew.card
    lines = [card.line("milanesa_napolitana"), card.line("tirada", quantity=2), card.line("empanada_carne", quantity=2)]
    yield Step(1.7, lambda at_ms: _sent(party, lines, note="¿Puede ser la mesa de al lado del árbol?"))


def _just_paid(party: Party) -> Iterator[Step]:
    yield from _eating(party, seated=62)
    yield Step(7, lambda at_ms: party.pay("cash", tip_bp=1000, at_ms=at_ms))


def _just_seated(party: Party) -> Iterator[Step]:
    yield Step(3, lambda at_ms: party.seat(at_ms=at_ms))


def _late(party: Party) -> Iterator[Step]:
    yield from _starting(party, seated=58)
    yield Step(26, lambda at_ms: party.fire(2, at_ms=at_ms))
    yield Step(0.7, lambda at_ms: party.call("other"))


def _asked_the_bill(party: Party) -> Iterator[Step]:
    yield from _eating(party, seated=60)
    yield Step(1.5, lambda at_ms: party.ask_bill("card"))


def _noted_down(party: Party) -> Iterator[Step]:
    yield Step(12, lambda at_ms: party.seat(at_ms=at_ms))
    yield Step(4, lambda at_ms: party.note_down(_dinner(party), at_ms=at_ms))


def _at_the_bar(party: Party) -> Iterator[Step]:
    yield Step(15, lambda at_ms: party.seat(at_ms=at_ms))
    yield Step(14, lambda at_ms: party.order([party.crew.card.line("vermut")], at_ms=at_ms))
    yield Step(11, lambda at_ms: party.cook(1, at_ms=at_ms))
    yield Step(10, lambda at_ms: party.serve(1, at_ms=at_ms))


def _starting(party: Party, *, seated: float) -> Iterator[Step]:
    """Through the starters; the mains were sent and wait."""
    yield Step(seated, lambda at_ms: party.seat(at_ms=at_ms))
    yield Step(seated - 5, lambda at_ms: party.order(_dinner(party), at_ms=at_ms))
    yield Step(seated - 13, lambda at_ms: party.cook(1, at_ms=at_ms))
    yield Step(seated - 14, lambda at_ms: party.serve(1, at_ms=at_ms))


def _eating(party: Party, *, seated: float) -> Iterator[Step]:
    """Through the mains."""
    yield from _starting(party, seated=seated)
    yield Step(seated - 22, lambda at_ms: party.fire(2, at_ms=at_ms))
    yield Step(seated - 38, lambda at_ms: party.cook(2, at_ms=at_ms))
    yield Step(seated - 39, lambda at_ms: party.serve(2, at_ms=at_ms))


def _dinner(party: Party) -> list[dict[str, object]]:
    return party.crew.card.meal(party.people, _out(party))


def _out(party: Party) -> frozenset[str]:
    return party.crew.sold_out() | SOLD_OUT


async def _sent(party: Party, lines: list[dict[str, object]], **more: object) -> None:
    await party.draft(lines, **more)
