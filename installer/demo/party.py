"""One party at one table, from the QR to the bill: what its guests, its waiter, the kitchen and the till do for it."""

from typing import Any

from installer.demo.crew import Crew
from installer.demo.edge_client import Ask, EdgeClient, fresh_id
from installer.demo.feed_client import View
from installer.demo.guest_client import GuestClient, code_of
from installer.demo.menu_card import Line
from installer.demo.places import PLANS, table_id

PATIENCE_S = 60.0  # for the feed to show what was just done, on a machine that has a lot to do
NOTES_MINOR = (1_000_000, 2_000_000)  # the notes that people pay with


class Party:
    """People at a table. Every step may be given the moment it happened, for venues whose clock follows commands."""

    def __init__(self, crew: Crew, label: str, people: int) -> None:
        self.crew = crew
        self.label = label
        self.people = people
        self.table_id = table_id(label)
        self.check_id = fresh_id()
        self.waiter: EdgeClient = crew.waiter(_server_of(crew, label))
        self._phone: GuestClient | None = None

    @property
    def check(self) -> View:
        """The party's check as screens show it; empty before it is opened."""
        return self.crew.screens.views["check"].get(self.check_id, {})

    async def seat(self, *, at_ms: int = 0) -> None:
        """The waiter opens a check for them."""
        body = {"check_id": self.check_id, "table_id": self.table_id, "covers": self.people}
        await self.waiter.do(Ask(name="open_check", body=body, asked_at_ms=at_ms))
        await self.crew.screens.until(lambda: bool(self.check), timeout_s=PATIENCE_S)

    async def note_down(self, lines: list[Line], *, at_ms: int = 0) -> None:
        """The waiter takes an order and does not send it yet."""
        await self.waiter.do(self._ask("add_lines", at_ms, lines=lines))

    async def order(self, lines: list[Line], *, at_ms: int = 0) -> None:
        """The waiter takes an order and sends it."""
        await self.waiter.do(self._ask("add_lines", at_ms, lines=lines), self._ask("send_lines", at_ms))

    async def fire(self, course: int, *, at_ms: int = 0) -> None:
        """The waiter tells the kitchen to go on with a course."""
        await self.waiter.do(self._ask("fire_course", at_ms, course=course))

    async def cook(self, course: int, *, at_ms: int = 0) -> None:
        """The kitchen makes a course."""
        await self.crew.screens.until(lambda: bool(self.tickets(course)), timeout_s=PATIENCE_S)
        for ticket in self.tickets(course):
            await self.crew.kitchen.do(
                Ask(name="bump_ticket", body={"ticket_id": ticket["ticket_id"]}, asked_at_ms=at_ms)
            )

    async def serve(self, course: int, *, at_ms: int = 0) -> None:
        """The waiter takes a ready course from the pass."""
        await self.waiter.do(self._ask("pick_up_course", at_ms, course=course))

    async def scan(self) -> GuestClient:
        """A guest scans the table's code."""
        if self._phone is None:
            self._phone = GuestClient(self.crew.address)
            await self._phone.join(code_of(self.crew.screens.views["table"][self.table_id]["code_path"]))
        return self._phone

    async def draft(self, lines: list[Line], **more: Any) -> str:
        """A guest sends a draft; its id."""
        draft_id = fresh_id()
        await (await self.scan()).do("submit_draft", {"draft_id": draft_id, "lines": lines, **more})
        return draft_id

    async def confirm(self, draft_id: str, *, at_ms: int = 0) -> None:
        """The waiter reads a draft, says yes and sends it."""
        body = {"draft_id": draft_id, "check_id": self.check_id, "covers": 0 if self.check else self.people}
        await self.waiter.do(
            Ask(name="claim_draft", body={"draft_id": draft_id}, asked_at_ms=at_ms),
            Ask(name="confirm_draft", body=body, asked_at_ms=at_ms),
            self._ask("send_lines", at_ms),
        )

    async def call(self, reason: str = "") -> None:
        """A guest calls for a waiter."""
        await (await self.scan()).do("call_waiter", {"call_id": fresh_id(), "reason": reason})

    async def ask_bill(self, tender: str) -> None:
        """A guest asks for the bill."""
        await (await self.scan()).do("ask_bill", {"call_id": fresh_id(), "tender": tender})

    async def answer_calls(self, *, at_ms: int = 0) -> None:
        """The waiter answers whatever the party called for."""
        for card in self.crew.screens.all("attention"):
            if card["call_id"] and card["table_id"] == self.table_id:
                body = {"call_id": card["call_id"]}
                await self.waiter.do(Ask(name="answer_call", body=body, asked_at_ms=at_ms))

    async def pay(self, tender: str, *, tip_bp: int = 0, at_ms: int = 0) -> None:
        """All that is left, at once."""
        balance_minor = int(self.check["balance_minor"])
        tip_minor = balance_minor * tip_bp // 10_000 // 10_000 * 10_000
        payment = {"payment_id": fresh_id(), "tender": tender, "amount_minor": balance_minor, "tip_minor": tip_minor}
        if tender == "cash":
            note = self.crew.chance.choice(NOTES_MINOR)
            payment["tendered_minor"] = -(-(balance_minor + tip_minor) // note) * note
        else:
            payment["reference"] = str(self.crew.chance.randrange(100_000, 999_999))
        await self.crew.till.do(self._ask("take_payment", at_ms, **payment))

    async def leave(self) -> None:
        """Put the phone away."""
        if self._phone is not None:
            await self._phone.close()
            self._phone = None

    def tickets(self, course: int) -> list[View]:
        """What the kitchen still has to make of a course."""
        return [
            ticket
            for ticket in self.crew.open_tickets()
            if ticket["check_id"] == self.check_id and ticket["course"] == course
        ]

    def _ask(self, name: str, at_ms: int, **body: Any) -> Ask:
        return Ask(name=name, body={"check_id": self.check_id, **body}, asked_at_ms=at_ms)


def _server_of(crew: Crew, label: str) -> str:
    """Who serves the section of a table, as the venue was set up."""
    waiters = crew.venue.of_role("waiter")
    for place, section in enumerate(PLANS[crew.venue.plan]):
        if any(table.label == label for table in section.tables):
            return waiters[place % len(waiters)].id
    return ""
