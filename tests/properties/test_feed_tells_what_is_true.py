"""Whoever followed the feed all evening knows what a device that starts now is told."""

import asyncio
import contextlib
import tempfile
from pathlib import Path
from typing import Any

import msgspec
import pytest
from evenings import ALL_OF_IT, DEARER, MANY, SEATED, evenings, named
from hypothesis import HealthCheck, example, given, settings

from edge.engine.feed import Channel, Feed, Subscription
from shared.commands import Command
from shared.commands.guests import AskBill, CallWaiter, JoinTable, SubmitDraft
from shared.commands.kitchen import SendLines
from shared.commands.lines import LineAsk
from shared.commands.menu import EightySixItem, PublishMenu
from shared.commands.ordering import AddLines, MoveCheck, OpenCheck
from shared.commands.payments import TakePayment
from tests.service import SLICES, Service, in_service

VIEWS = {view.kind: view for one in SLICES for view in one.views}
Known = dict[tuple[str, str], Any]
ROLES = ("console", "waiter", "kds", "guest")
#: How fresh an answer is depends on the last entry's time, whosoever that entry is.
PATIENCE_S = 120
TIMED = {"answered_by": ""}


async def _followed(frames: Subscription, until: int) -> Known:
    """What a device knows after the frame that reaches a seq; None for what it was told is gone."""
    known: Known = {}
    async for text in frames:
        frame = msgspec.json.decode(text)
        for kind, key, view in frame.get("views", ()) or frame.get("changes", ()):
            known[kind, key] = view
        if frame["seq"] >= until:
            return known
    raise AssertionError(f"the feed ended: {frames.ended}")


def _true(service: Service, role: str, followed: Known) -> Known:
    """The same views loaded now, and everything that a new device would get."""
    found: Known = dict.fromkeys(followed)
    for kind, view in VIEWS.items():
        if role in view.roles:
            keys = service.reads.run_here(view.current)
            keys += [key for one, key in followed if one == kind and key not in keys]
            loaded = service.views(kind, *keys) if keys else {}
            found |= {(kind, key): msgspec.json.decode(msgspec.json.encode(one)) for key, one in loaded.items()}
    return found


def _timeless(known: Known) -> Known:
    """Without what depends on when it was loaded: phones of a party that is gone are told nothing more."""
    return {key: _timeless_guest(view) if key[0] == "guest" and view else view for key, view in known.items()}


def _timeless_guest(view: dict[str, Any]) -> dict[str, Any]:
    return {"is_over": True} if view["is_over"] else view | TIMED


async def _play(folder: Path, steps: list[tuple[str, Command]], gaps_ms: list[int]) -> None:
    async with in_service(folder) as service:
        feed = Feed(
            slices=SLICES,
            projector=service.projector,
            writer=service.writer,
            reads=service.reads,
            clock=service.clock,
            tasks=service.tasks,
        )
        await feed.start()
        try:
            await _follow(service, feed, steps, gaps_ms)
        finally:
            await feed.stop()


async def _cursor(feed: Feed) -> tuple[int, str]:
    async with feed.subscribe(Channel(role=ROLES[0])) as frames:
        frame = msgspec.json.decode(await anext(aiter(frames)))
        return frame["seq"], frame["of"]


async def _follow(service: Service, feed: Feed, steps: list[tuple[str, Command]], gaps_ms: list[int]) -> None:
    cursor, of = await _cursor(feed)
    async with contextlib.AsyncExitStack() as stack:
        devices = {role: await stack.enter_async_context(feed.subscribe(Channel(role=role))) for role in ROLES}
        at_ms = 0
        for (who, command), gap_ms in zip(steps, gaps_ms, strict=True):
            at_ms += gap_ms
            await service.ask(who, named(service, command), at_ms=at_ms)
        last = JoinTable(table_id="t1", phone_id="last", generation=1, visit_id="v-last")  # something for everybody
        await service.do("edge", last, at_ms=at_ms)
        ((head,),) = service.rows("SELECT MAX(seq) FROM log")
        for role, frames in devices.items():
            followed = _timeless(await asyncio.wait_for(_followed(frames, head), PATIENCE_S))
            assert followed == _timeless(_true(service, role, followed)), role
            async with feed.subscribe(Channel(role=role), cursor, of) as resumed:
                caught_up = _timeless(await asyncio.wait_for(_followed(resumed, head), PATIENCE_S))
            assert {key: followed.get(key) for key in caught_up} == caught_up, role  # told to be gone, or never told


def play(steps: list[tuple[str, Command]], gaps_ms: list[int]) -> None:
    """An evening of these steps in a new venue, with a device of each role that follows it."""
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_play(Path(folder), steps, gaps_ms))


LINES = (LineAsk(line_id="l1", item_id="empanada"),)
#: The least that a row of one table changes on screens about another.
BILL_CALLED: list[tuple[str, Command]] = [
    *SEATED,
    ("ana", OpenCheck(check_id="c1", table_id="t1")),
    ("phone:p1", AskBill(call_id="g1")),
]
DRAFT_CHANGED_BY_OTHERS: list[tuple[str, Command]] = [
    *SEATED,
    ("phone:p1", SubmitDraft(draft_id="d1", lines=LINES)),
    ("kds", EightySixItem(item_id="empanada")),
    ("mara", PublishMenu(menu=DEARER)),
    ("ana", OpenCheck(check_id="c1", table_id="t1")),
    ("ana", MoveCheck(check_id="c1", table_id="t2")),
]
PARTY_GONE: list[tuple[str, Command]] = [
    *SEATED,
    ("ana", OpenCheck(check_id="c1", table_id="t1")),
    ("ana", AddLines(check_id="c1", lines=LINES)),
    ("ana", SendLines(check_id="c1")),
    ("phone:p1", SubmitDraft(draft_id="d1", lines=LINES)),
    ("phone:p1", CallWaiter(call_id="g1")),
    ("ana", TakePayment(payment_id="y1", check_id="c1", tender="card", amount_minor=ALL_OF_IT, reference="4711")),
]

NEVER_FIRED: list[tuple[str, Command]] = [
    *SEATED,
    ("ana", OpenCheck(check_id="c1", table_id="t1")),
    ("ana", AddLines(check_id="c1", lines=(*LINES, LineAsk(line_id="l2", item_id="flan")))),
    ("ana", SendLines(check_id="c1")),
    ("ana", TakePayment(payment_id="y1", check_id="c1", tender="card", amount_minor=ALL_OF_IT, reference="4711")),
]


@example((NEVER_FIRED, [0] * len(NEVER_FIRED)))
@example((BILL_CALLED, [0] * len(BILL_CALLED)))
@example((DRAFT_CHANGED_BY_OTHERS, [0] * len(DRAFT_CHANGED_BY_OTHERS)))
@example((PARTY_GONE, [0] * len(PARTY_GONE)))
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(evenings(longest=40))
def test_who_followed_the_evening_knows_what_is_true(evening: tuple[list[tuple[str, Command]], list[int]]) -> None:
    play(*evening)


@pytest.mark.slow
@settings(max_examples=MANY, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(evenings(longest=80))
def test_who_followed_many_long_evenings_knows_what_is_true(
    evening: tuple[list[tuple[str, Command]], list[int]],
) -> None:
    play(*evening)
