"""What one party of a rush does from sitting down to paying."""

from typing import TYPE_CHECKING

from installer.demo.edge_client import Ask
from installer.demo.menu_card import Line
from installer.demo.party import PATIENCE_S, Party

if TYPE_CHECKING:
    from installer.demo.rush import Rush

SITS_DOWN_S = (2, 6)
READS_THE_MENU_S = (8, 20)
IS_NOTICED_S = (4, 14)
EATS_S = (25, 55)
TALKS_S = (4, 15)
MEAL_S = 300.0  # a kitchen that takes longer loses the party's patience; they pay what came
BY_PHONE = 0.6
_TENDERS = (("cash", 4), ("card", 4), ("transfer", 2))
_ALLERGIES = ("nuts", "milk", "wheat", "shellfish")
_REASONS = ("", "water", "cutlery", "question")


class GuestLife:
    """A party with its whims."""

    def __init__(self, rush: "Rush", label: str) -> None:
        self.rush = rush
        self.chance = rush.crew.chance
        people = self.chance.choices((1, 2, 3, 4, 5, 6), (2, 6, 3, 5, 2, 1))[0]
        self.party = Party(rush.crew, label, people)
        self.is_by_phone = self.chance.random() < BY_PHONE

    async def live(self) -> None:
        """Sit, eat, pay, leave. A step that the venue refuses ends the story here: people took over."""
        self.rush.take_in(self.party.check_id)
        for step in (self._sit, self._order, self._eat, self._have_more, self._pay):
            if not await self.rush.attempt(step):
                break
        await self.party.leave()

    async def _sit(self) -> None:
        await self.rush.pause(SITS_DOWN_S)
        if not self.is_by_phone or self.chance.random() < 0.5:
            await self.party.seat()
        if self.is_by_phone:
            await self.party.scan()
        await self.rush.pause(READS_THE_MENU_S)

    async def _order(self) -> None:
        crew = self.rush.crew
        await self._get(crew.card.meal(self.party.people, crew.sold_out()))
        if self.chance.random() < 0.12:
            await self._change_their_mind()

    async def _eat(self) -> None:
        screens = self.rush.crew.screens
        await screens.until(lambda: bool(self.party.check), timeout_s=PATIENCE_S)
        await screens.until(self._has_everything, timeout_s=MEAL_S)
        if self.is_by_phone and self.chance.random() < 0.35:
            await self.party.call(self.chance.choice(_REASONS))
            await self.rush.pause(IS_NOTICED_S)
            await self.party.answer_calls()
        await self.rush.pause(EATS_S)

    async def _have_more(self) -> None:
        crew = self.rush.crew
        if self.chance.random() < 0.65:
            await self._get(crew.card.afters(self.party.people, crew.sold_out()))
            await crew.screens.until(self._has_everything, timeout_s=MEAL_S)
            await self.rush.pause(EATS_S)

    async def _pay(self) -> None:
        tender = self.chance.choices([name for name, _ in _TENDERS], [weight for _, weight in _TENDERS])[0]
        if self.is_by_phone:
            await self.party.ask_bill("card" if tender == "card" else "cash")
        await self.rush.pause(IS_NOTICED_S)
        await self.party.waiter.do(Ask(name="print_guest_check", body={"check_id": self.party.check_id}))
        await self.rush.pause(TALKS_S)
        await self.party.answer_calls()
        await self.party.pay(tender, tip_bp=self.chance.choice((0, 1000, 1000)))
        self.rush.counts.paid += 1

    async def _get(self, lines: list[Line]) -> None:
        """Ask for something, on the phone or by word of mouth."""
        if not self.is_by_phone:
            if not self.party.check:
                await self.party.seat()
            await self.party.order(lines)
            return
        allergies = [self.chance.choice(_ALLERGIES)] if self.chance.random() < 0.1 else []
        draft_id = await self.party.draft(lines, allergies=allergies)
        self.rush.counts.drafts += 1
        await self.rush.pause(IS_NOTICED_S)
        await self.party.confirm(draft_id)

    async def _change_their_mind(self) -> None:
        """Within the 20 seconds in which a waiter may take a line back without asking."""
        screens = self.rush.crew.screens
        await screens.until(lambda: bool(self.party.check.get("lines")), timeout_s=PATIENCE_S)
        line = self.party.check["lines"][-1]
        body = {"check_id": self.party.check_id, "line_id": line["line_id"], "quantity": 1}
        await self.party.waiter.do(Ask(name="void_line", body=body))

    def _has_everything(self) -> bool:
        return all(line["stage"] in {"ready", "void"} for line in self.party.check["lines"])
