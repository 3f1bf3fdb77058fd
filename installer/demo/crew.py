"""The people of one venue at their screens: whoever plays a part in the demo acts through these, as staff do."""

import random
from collections.abc import Awaitable, Mapping

import httpx

from installer.demo.edge_client import Ask, EdgeClient, PatientClient, Refused, chunks, fresh_id
from installer.demo.feed_client import FeedClient, View
from installer.demo.fleet import Venue
from installer.demo.menu_card import MenuCard
from installer.demo.places import PLANS
from installer.demo.seed import MOST_AT_ONCE, Device

#: What the players look at: all that a waiter's phone and a kitchen screen show.
KINDS = ("attention", "check", "draft", "table", "ticket", "sold_out", "drawer", "waiting_course")
FEED_S = 60.0
FLOAT_MINOR = 4_000_000


class Crew:
    """Waiters, a cashier and cooks, signed in on devices of their own, and what their screens show."""

    def __init__(
        self, venue: Venue, address: str, *, console_key: str, devices: Mapping[str, Device], seed: int
    ) -> None:
        self.venue = venue
        self.address = address
        self.chance = random.Random(seed)
        self.card = MenuCard(venue.read_menu(), self.chance)
        self.console = PatientClient(address, console_key)
        self.till = PatientClient(address, devices["pos"].key)
        self.kitchen = PatientClient(address, devices["kds"].key)
        self.waiters = {
            person.id: PatientClient(address, devices[f"waiter:{person.id}"].key) for person in venue.of_role("waiter")
        }
        self.screens = FeedClient(address, console_key, kinds=KINDS)
        self.refusals: list[str] = []  # what the venue did not go along with, for the person who watches

    async def attempt(self, what: str, act: Awaitable[None]) -> bool:
        """Do something that a person's earlier evening may stand in the way of; whether it was done."""
        try:
            await act
        except (Refused, TimeoutError, httpx.HTTPStatusError) as error:
            self.refusals.append(f"{what}: {error or 'no screen showed it in time'}")
            return False
        return True

    async def clock_in(self) -> None:
        """Everybody signs in on their device.

        Raises:
            Refused: a PIN is not the one that was set.
        """
        cashier = self.venue.of_role("cashier")[0]
        await self.till.sign_in(cashier.id, cashier.pin)
        for person in self.venue.of_role("waiter"):
            await self.waiters[person.id].sign_in(person.id, person.pin)

    async def close(self) -> None:
        """Hang up everywhere."""
        await self.screens.stop()
        for client in (self.console, self.till, self.kitchen, *self.waiters.values()):
            await client.close()

    def waiter(self, staff_id: str) -> EdgeClient:
        """That waiter's phone; anybody's when nobody is named."""
        return self.waiters.get(staff_id) or self.chance.choice(list(self.waiters.values()))

    def sold_out(self) -> frozenset[str]:
        """The items that are out."""
        return frozenset(self.screens.views["sold_out"])

    def open_checks(self) -> list[View]:
        """The checks that are not paid."""
        return [check for check in self.screens.all("check") if check["state"] == "open"]

    def open_tickets(self) -> list[View]:
        """What the kitchen still has to make."""
        return [ticket for ticket in self.screens.all("ticket") if ticket["state"] == "open"]

    def ready_courses(self) -> list[View]:
        """What stands on the pass."""
        return [card for card in self.screens.all("attention") if card["kind"] == "ready"]

    async def open_drawer(self, *, at_ms: int = 0) -> str:
        """Put the float in the drawer; the id of its session.

        Raises:
            Refused: it is open already.
        """
        session_id = fresh_id()
        body = {"session_id": session_id, "drawer_id": "caja", "drawer_name": "Caja", "float_minor": FLOAT_MINOR}
        await self.till.do(Ask(name="open_drawer", body=body, asked_at_ms=at_ms))
        return session_id

    async def tick(self, at_ms: int) -> None:
        """Move a clock that follows commands to a moment: a section is given to whoever has it."""
        section = PLANS[self.venue.plan][0]
        body = {"section_id": section.id, "staff_id": self.venue.of_role("waiter")[0].id}
        await self.console.do(Ask(name="assign_section", body=body, asked_at_ms=at_ms))

    async def clear_the_pass(self, *, at_ms: int = 0) -> None:
        """Bump every ticket and take every course from the pass.

        Raises:
            Refused, TimeoutError: the edge did not go along.
        """
        await self.screens.start(timeout_s=FEED_S)
        bumps = [
            Ask(name="bump_ticket", body={"ticket_id": ticket["ticket_id"]}, asked_at_ms=at_ms)
            for ticket in self.open_tickets()
        ]
        for asks in chunks(bumps, MOST_AT_ONCE):
            await self.kitchen.do(*asks)
        await self.screens.until(lambda: not self.open_tickets(), timeout_s=FEED_S)
        pick_ups = [
            Ask(name="pick_up_course", body={"check_id": card["check_id"], "course": card["course"]}, asked_at_ms=at_ms)
            for card in self.ready_courses()
        ]
        for asks in chunks(pick_ups, MOST_AT_ONCE):
            await self.kitchen.do(*asks)
        await self.screens.stop()
