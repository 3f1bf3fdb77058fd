"""What is over leaves the feed: a screen's first frame holds what is open, however much the venue has sold."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from edge.engine.feed import Channel
from edge.ordering.views import JUST_CLOSED
from shared.commands.kitchen import BumpTicket
from tests.real_venue import RealVenue, a_real_venue

CHECKS = 420  # a full evening
MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
MOST_BYTES = 400_000
ROLES = ("waiter", "pos", "kds", "console")
PRICE_MINOR = 1_200_00 * 3


async def sell(venue: RealVenue, first: int, count: int) -> None:
    """Counter checks, one a minute, each paid. Half are never bumped; the other half wait on the pass for ever."""
    for n in range(first, first + count):
        at_ms = n * MINUTE_MS
        check_id = f"c{n}"
        await venue.serve(check_id, at_ms=at_ms, items=("empanada",) * 3)
        await venue.pay_by_card(check_id, PRICE_MINOR, at_ms=at_ms)
        if n % 2:
            for (ticket_id,) in venue.rows("SELECT ticket_id FROM ticket WHERE check_id = ?", check_id):
                await venue.do("console", BumpTicket(ticket_id=ticket_id), at_ms=at_ms)


async def first_frame(venue: RealVenue, role: str) -> str:
    async with venue.edge.feed.subscribe(Channel(role=role)) as frames:
        return await anext(aiter(frames))


def views_in(frame: str) -> dict[tuple[str, str], Any]:
    decoded = msgspec.json.decode(frame)
    return {(kind, key): view for kind, key, view in decoded.get("views", decoded.get("changes"))}


async def test_a_first_frame_does_not_grow_with_what_was_sold(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        await venue.edge.feed.start()
        await sell(venue, 0, CHECKS)
        evening = {role: len(await first_frame(venue, role)) for role in ROLES}
        await sell(venue, CHECKS, CHECKS)
        twice = {role: len(await first_frame(venue, role)) for role in ROLES}
        await venue.edge.feed.stop()
    assert max(evening.values()) < MOST_BYTES, evening
    assert all(twice[role] <= evening[role] * 1.05 for role in ROLES), (evening, twice)


async def test_the_last_closed_checks_are_shown_and_an_older_one_goes_from_every_screen(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        await venue.edge.feed.start()
        await sell(venue, 0, JUST_CLOSED)
        async with venue.edge.feed.subscribe(Channel(role="pos")) as frames:
            follow = aiter(frames)
            store = views_in(await anext(follow))
            assert {key for kind, key in store if kind == "check"} == {f"c{n}" for n in range(JUST_CLOSED)}
            await sell(venue, JUST_CLOSED, 1)
            while store.get(("check", "c0")) is not None or store[("check", f"c{JUST_CLOSED}")]["state"] != "closed":
                store |= views_in(await anext(follow))
        await venue.edge.feed.stop()
    shown = {key for (kind, key), view in store.items() if kind == "check" and view is not None}
    assert shown == {f"c{n}" for n in range(1, JUST_CLOSED + 1)}


@pytest.mark.parametrize(("kind", "hours"), [("ticket", 2), ("attention", 1)], ids=["ticket", "course on the pass"])
async def test_what_nobody_ended_leaves_with_time_and_not_with_an_open_check(
    kind: str, hours: int, tmp_path: Path
) -> None:
    async with a_real_venue(tmp_path) as venue:
        await venue.serve("open")
        await sell(venue, 0, 2)  # c0 stays on the kitchen's screen, c1 on the pass
        await bump_all_of(venue, "open", kind)

        def of(check_id: str) -> int:
            return sum(view.check_id == check_id for view in venue.views(kind).values())

        left = "c0" if kind == "ticket" else "c1"
        assert (of("open"), of(left)) == (1, 1)
        await venue.serve("later", at_ms=hours * HOUR_MS + 3 * MINUTE_MS)
        assert (of("open"), of(left)) == (1, 0)


async def bump_all_of(venue: RealVenue, check_id: str, kind: str) -> None:
    if kind == "attention":
        for (ticket_id,) in venue.rows("SELECT ticket_id FROM ticket WHERE check_id = ?", check_id):
            await venue.do("console", BumpTicket(ticket_id=ticket_id))
