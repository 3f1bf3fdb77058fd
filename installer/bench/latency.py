"""From a guest's touch to the waiter's screen, and from the waiter's confirm to the kitchen's, on real sockets."""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator, Sequence
from itertools import count

import httpx
import msgspec
import websockets

from installer.bench.load import Figures, figures
from installer.bench.server import NOTHING
from installer.bench.venue import Bodies, Venue
from installer.demo.edge_client import Ask, EdgeClient, fresh_id, http_to, pair

COMMANDS_PER_S = 50  # asked by everyone else meanwhile
KITCHEN_SCREENS = 4
AT_ONCE = 3  # guests who send at the same moment
PATIENCE_S = 10.0
JOIN_AT_ONCE = 5  # all of them come from one address, and the edge lets few in from it that have not said who they are


class Latencies(msgspec.Struct, frozen=True, kw_only=True):
    """How long until it was shown, and a request that does nothing in the same minutes."""

    draft_to_waiter: Figures
    confirm_to_kitchen: Figures
    nothing: Figures


class _Screens:
    """Devices that follow the feed; tells when the last of them was shown something."""

    def __init__(self) -> None:
        self._waiting: dict[str, asyncio.Future[float]] = {}
        self._left: dict[str, int] = {}
        self._door = asyncio.Semaphore(JOIN_AT_ONCE)

    async def follow(self, address: str, key: str, watched: str, joined: asyncio.Event) -> None:
        """Follow as a device; `watched` is the kind of view whose arrival counts."""
        async with contextlib.AsyncExitStack() as stack:
            async with self._door:
                feed = websockets.connect(f"{address.replace('http', 'ws', 1)}/feed", proxy=None, max_size=None)
                socket = await stack.enter_async_context(feed)
                await socket.send(json.dumps({"type": "hello", "token": key}))
                await socket.recv()  # known from here on
            joined.set()
            async for frame in socket:
                text = str(frame)
                for name in [name for name in self._waiting if name in text and f'["{watched}"' in text]:
                    self._seen(name)

    def expect(self, name: str) -> asyncio.Future[float]:
        """When a view that names this first reaches a screen that watches for it."""
        self._waiting[name] = asyncio.get_running_loop().create_future()
        return self._waiting[name]

    def _seen(self, name: str) -> None:
        future = self._waiting.pop(name)
        if not future.done():
            future.set_result(time.perf_counter())


async def measure(venue: Venue, *, drafts: int) -> Latencies:
    """`drafts` drafts submitted and confirmed while every device follows the feed and other commands go on."""
    console = EdgeClient(venue.address, venue.console_key)
    waiters, kitchens = _Screens(), _Screens()
    try:
        keys = [(await pair(console, "kds", f"Kitchen {n}"))[1] for n in range(KITCHEN_SCREENS)]
        codes = [str(one["code"]) for one in await _codes(venue)]
        async with _following(venue, waiters, kitchens, keys), _background(venue):
            times: tuple[list[float], list[float]] = ([], [])
            turns = count()
            jobs = [
                _guest(venue, waiters, kitchens, code=codes[n], turns=turns, upto=drafts, times=times)
                for n in range(AT_ONCE)
            ]
            start = time.perf_counter()
            floor = asyncio.create_task(_floor(venue, times[1], drafts))
            await asyncio.gather(*jobs)
            nothing = await floor
            seconds = time.perf_counter() - start
    finally:
        await console.close()
    return Latencies(
        draft_to_waiter=figures(times[0], seconds),
        confirm_to_kitchen=figures(times[1], seconds),
        nothing=figures(nothing, seconds),
    )


async def _codes(venue: Venue) -> list[dict[str, object]]:
    async with http_to(venue.address) as http:
        response = await http.get("/tables/codes", headers={"Authorization": f"Bearer {venue.console_key}"})
        response.raise_for_status()
        found: list[dict[str, object]] = response.json()
        return found


@contextlib.asynccontextmanager
async def _following(venue: Venue, waiters: _Screens, kitchens: _Screens, keys: Sequence[str]) -> AsyncIterator[None]:
    async with asyncio.TaskGroup() as group:
        followers = [(waiters, device.key, "attention") for device in venue.devices[len(keys) :]]
        followers += [(kitchens, key, "ticket") for key in keys]
        joined = [asyncio.Event() for _ in followers]
        tasks = [
            group.create_task(screens.follow(venue.address, key, kind, event))
            for (screens, key, kind), event in zip(followers, joined, strict=True)
        ]
        await asyncio.gather(*(event.wait() for event in joined))
        yield
        for task in tasks:
            task.cancel()


@contextlib.asynccontextmanager
async def _background(venue: Venue) -> AsyncIterator[None]:
    """Everyone else: fifty commands a second, spread over the devices."""

    async def go_on() -> None:
        bodies = [Bodies(device) for device in venue.devices]
        async with http_to(venue.address) as http:
            for turn in count():
                device, body = venue.devices[turn % len(bodies)], bodies[turn % len(bodies)]
                headers = {"Authorization": f"Bearer {device.key}"}
                response = await http.post("/commands", content=body.one_command(), headers=headers)
                response.raise_for_status()
                await asyncio.sleep(1 / COMMANDS_PER_S)

    task = asyncio.create_task(go_on())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _guest(
    venue: Venue,
    waiters: _Screens,
    kitchens: _Screens,
    *,
    code: str,
    turns: "count[int]",
    upto: int,
    times: tuple[list[float], list[float]],
) -> None:
    """A phone at a table that drafts one dish after another, and the waiter who confirms each."""
    waiter = venue.devices[0]
    client = EdgeClient(venue.address, waiter.key, waiter.session)
    check_id = fresh_id()
    async with http_to(venue.address) as phone:
        try:
            while next(turns) < upto:
                phone.cookies.clear()  # another phone each time: one alone would soon send too fast
                (await phone.post("/guest-api/join", json={"code": code})).raise_for_status()
                draft_id = fresh_id()
                shown = waiters.expect(draft_id)
                asked = time.perf_counter()
                await _submit(phone, draft_id)
                times[0].append(await asyncio.wait_for(shown, PATIENCE_S) - asked)
                line = kitchens.expect(check_id)
                asked = time.perf_counter()
                await client.do(
                    Ask(name="confirm_draft", body={"draft_id": draft_id, "check_id": check_id}),
                    Ask(name="send_lines", body={"check_id": check_id, "fire_all": True}),
                )
                times[1].append(await asyncio.wait_for(line, PATIENCE_S) - asked)
        finally:
            await client.close()


async def _submit(phone: httpx.AsyncClient, draft_id: str) -> None:
    body = {"draft_id": draft_id, "lines": [{"line_id": fresh_id(), "item_id": "dish1"}]}
    command = {"id": fresh_id(), "name": "submit_draft", "body": body}
    response = await phone.post("/guest-api/commands", json={"commands": [command]})
    response.raise_for_status()
    answer = response.json()["answers"][0]
    if answer["outcome"] != "done":
        raise AssertionError(f"the draft was refused: {answer}")


async def _floor(venue: Venue, confirmed: list[float], upto: int) -> list[float]:
    times = []
    async with http_to(venue.address) as http:
        while len(confirmed) < upto:
            asked = time.perf_counter()
            await http.post(NOTHING, content=b"{}")
            times.append(time.perf_counter() - asked)
            await asyncio.sleep(0.02)
    return times
