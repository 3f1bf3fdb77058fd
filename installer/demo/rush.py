"""A dinner rush: parties that come, eat and pay, and the waiters, cooks and cashier who serve them, through public doors."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

import httpx
import msgspec

from installer.demo.crew import FEED_S, Crew
from installer.demo.edge_client import Ask, Refused
from installer.demo.feed_client import View
from installer.demo.guest_life import GuestLife
from installer.demo.places import PLANS, table_id

#: Seconds between parties, and how full the room gets. A dinner takes minutes here, not hours.
ARRIVAL_S = (5.0, 14.0)
FULLEST = 0.75
LOOK_S = 0.5
#: How long staff take, in seconds.
COOK_S = {"barra": (6, 16), "frios": (10, 22), "postres": (10, 24)}
COOK_ELSEWHERE_S = (18, 50)
REACT_S = (0.5, 2.5)

_PASSED_OVER = (Refused, httpx.HTTPError, TimeoutError)  # somebody at a real screen was faster, or the venue is away


class Counts(msgspec.Struct):
    """What a rush has come to so far."""

    parties: int = 0
    drafts: int = 0
    tickets: int = 0
    paid: int = 0
    passed_over: int = 0  # steps that the venue refused, mostly because a person was faster


class Rush:
    """One venue's rush. It touches its own parties and what stood open when it began, and nothing that people start."""

    def __init__(self, crew: Crew) -> None:
        self.crew = crew
        self.counts = Counts()
        self._ours: set[str] = set()
        self._booked: set[str] = set()  # tables that parties of ours are on their way to, or sit at
        self._tasks: set[asyncio.Task[None]] = set()

    async def begin(self) -> None:
        """Clock in and let people come.

        Raises:
            Refused, TimeoutError: the venue does not go along.
        """
        await self.crew.clock_in()
        await self.crew.screens.start(timeout_s=FEED_S)
        self._ours = {str(check["check_id"]) for check in self.crew.open_checks()}
        for part in (self._door, self._kitchen, self._pass, self._till):
            self._play(part())

    async def end(self) -> None:
        """Everybody stops where they are."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()
        await self.crew.close()

    def take_in(self, check_id: str) -> None:
        """This check is the rush's own."""
        self._ours.add(check_id)

    async def attempt(self, act: Callable[[], Awaitable[None]]) -> bool:
        """Do something that a person may have done first; whether it was done."""
        try:
            await act()
        except _PASSED_OVER:
            self.counts.passed_over += 1
            return False
        return True

    async def pause(self, span: Sequence[float]) -> None:
        """Take a while, as people do."""
        await asyncio.sleep(self.crew.chance.uniform(span[0], span[1]))

    def _play(self, part: Awaitable[None]) -> None:
        async def until_told() -> None:
            await part

        task = asyncio.create_task(until_told())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _door(self) -> None:
        """Parties come while there is room."""
        labels = [table.label for section in PLANS[self.crew.venue.plan] for table in section.tables]
        while True:
            taken = {view["table_id"] for view in self.crew.screens.all("table") if view["visit_id"]}
            taken |= {check["table_id"] for check in self.crew.open_checks()} | self._booked
            free = [label for label in labels if table_id(label) not in taken]
            if len(free) > len(labels) * (1 - FULLEST):
                self.counts.parties += 1
                self._play(self._party(self.crew.chance.choice(free)))
            await self.pause(ARRIVAL_S)

    async def _party(self, label: str) -> None:
        """A party that has its table to itself, from before it shows there."""
        table = table_id(label)
        self._booked.add(table)
        await GuestLife(self, label).live()
        self._booked.discard(table)

    async def _kitchen(self) -> None:
        """Cooks bump what has been on the fire long enough."""
        due: dict[str, float] = {}
        bumped: set[str] = set()  # what screens do not show yet
        clock = asyncio.get_running_loop()
        while True:
            tickets = self.crew.open_tickets()
            bumped &= {str(ticket["ticket_id"]) for ticket in tickets}
            for ticket in tickets:
                if ticket["check_id"] not in self._ours or ticket["ticket_id"] in bumped:
                    continue
                span = COOK_S.get(ticket["station_id"], COOK_ELSEWHERE_S)
                ready_at = due.setdefault(ticket["ticket_id"], clock.time() + self.crew.chance.uniform(*span))
                if clock.time() >= ready_at and await self.attempt(partial(self._bump, ticket)):
                    bumped.add(ticket["ticket_id"])
                    self.counts.tickets += 1
            await asyncio.sleep(LOOK_S)

    async def _bump(self, ticket: View) -> None:
        if ticket["changed_at_ms"]:
            await self.crew.kitchen.do(Ask(name="see_ticket_change", body={"ticket_id": ticket["ticket_id"]}))
        await self.crew.kitchen.do(Ask(name="bump_ticket", body={"ticket_id": ticket["ticket_id"]}))

    async def _pass(self) -> None:
        """Waiters carry what is ready, and fire what comes next."""
        carried: set[tuple[str, int]] = set()  # what screens do not show yet
        fired: set[tuple[str, int]] = set()
        while True:
            ready = {_course_of(card): card for card in self.crew.ready_courses()}
            carried &= ready.keys()
            for course, card in ready.items():
                if course not in carried and card["check_id"] in self._ours:
                    await self.pause(REACT_S)
                    if await self.attempt(partial(self._carry, card)):
                        carried.add(course)
            waiting = {_course_of(view): view for view in self.crew.screens.all("waiting_course")}
            fired &= waiting.keys()
            for course, view in waiting.items():
                if course not in fired and self._is_next(view):
                    await self.pause(REACT_S)
                    if await self.attempt(partial(self._fire, view)):
                        fired.add(course)
            await asyncio.sleep(LOOK_S)

    def _is_next(self, waiting: View) -> bool:
        """Whether it is for us to fire, and nothing of the check cooks or stands on the pass."""
        check = self.crew.screens.views["check"].get(waiting["check_id"])
        return check is not None and waiting["check_id"] in self._ours and not _is_busy(check)

    async def _carry(self, card: View) -> None:
        body = {"check_id": card["check_id"], "course": card["course"]}
        await self.crew.waiter(card["waiter_id"]).do(Ask(name="pick_up_course", body=body))

    async def _fire(self, waiting: View) -> None:
        body = {"check_id": waiting["check_id"], "course": waiting["course"]}
        await self.crew.waiter("").do(Ask(name="fire_course", body=body))

    async def _till(self) -> None:
        """The drawer is open while there is a rush."""
        while True:
            if not any(drawer["state"] == "open" for drawer in self.crew.screens.all("drawer")):
                await self.attempt(self._open_drawer)
            await asyncio.sleep(5)

    async def _open_drawer(self) -> None:
        await self.crew.open_drawer()


def _course_of(view: View) -> tuple[str, int]:
    return view["check_id"], view["course"]


def _is_busy(check: View) -> bool:
    """Whether something of the check cooks or stands on the pass."""
    return any(course["stage"] in {"cooking", "ready"} for course in check["courses"])
