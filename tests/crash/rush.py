"""Devices that order, send, pay and bump as fast as they can, and never give up on a request: what was not answered is asked again."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

import httpx
import msgspec

from installer.bench.venue import seed
from installer.demo.edge_client import Ask, EdgeClient, fresh_id

RETRY_S = 0.02


class Acked(msgspec.Struct, frozen=True):
    """A command that was answered: its id and the last entry it wrote."""

    command_id: str
    name: str
    seq: int


class Rush:
    """What every device asked, and what it was answered."""

    def __init__(self, address: str, key: str) -> None:
        self._client = EdgeClient(address, key, timeout_s=5)
        self._is_over = False
        self._answered = asyncio.Condition()
        self.acked: list[Acked] = []
        self.asked_again = 0

    async def open(self) -> None:
        """A menu, tables, stations and an open drawer."""
        drawer = Ask(name="open_drawer", body={"session_id": "caja", "drawer_id": "caja", "float_minor": 0})
        await self._client.do(*seed(), drawer)

    async def run(self, devices: int) -> None:
        """Until `end` is called, and until each device has the answer of its last request."""
        await asyncio.gather(*(self._device() for _ in range(devices)))
        await self._client.close()

    async def acked_more(self, count: int) -> None:
        """Wait until so many more commands were answered, however long this machine takes for that."""
        wanted = len(self.acked) + count
        async with self._answered:
            await self._answered.wait_for(lambda: len(self.acked) >= wanted)

    def end(self) -> None:
        """No more new requests."""
        self._is_over = True

    async def _device(self) -> None:
        async for asks in _orders():
            await self._until_answered(asks)
            if self._is_over:
                return

    async def _until_answered(self, asks: Sequence[Ask]) -> None:
        while True:
            try:
                answers = await self._client.ask(asks)
                break
            except httpx.HTTPError:
                self.asked_again += 1
                await asyncio.sleep(RETRY_S)
        for ask, answer in zip(asks, answers, strict=True):
            assert answer.outcome == "done", (ask, answer)
            self.acked.append(Acked(answer.id, ask.name, answer.seq))
        async with self._answered:
            self._answered.notify_all()


async def _orders() -> AsyncIterator[Sequence[Ask]]:
    """One party after the other: order and send in one request, pay in the next."""
    while True:
        check_id = fresh_id()
        lines = [{"line_id": fresh_id(), "item_id": "dish1"}, {"line_id": fresh_id(), "item_id": "dish2"}]
        yield [
            _ask("open_check", check_id=check_id, kind="counter"),
            _ask("add_lines", check_id=check_id, lines=lines),
            _ask("send_lines", check_id=check_id, fire_all=True),
        ]
        total = 1_000_00 * 2 + 100 + 200
        yield [_ask("take_payment", payment_id=fresh_id(), check_id=check_id, tender="cash", amount_minor=total,
                    tip_minor=100, tendered_minor=total + 100)]  # fmt: skip


def _ask(name: str, **body: Any) -> Ask:
    return Ask(id=fresh_id(), name=name, body=body)
