"""A venue in service with its public door on a real socket, for phones that speak HTTP."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import msgspec
import uvicorn
from litestar import Litestar

from edge.engine.asks import Asker
from edge.engine.door import Door
from edge.engine.feed import Feed
from edge.guests import routes
from edge.guests.limits import Limits
from edge.web import EXCEPTION_HANDLERS
from shared.errors import Rejected
from tests.service import SLICES, Service, in_service

SCREENS = {"till": Asker("till", "pos"), "pad": Asker("pad", "waiter"), "desk": Asker("desk", "console")}
WAIT_S = 120


class Event(msgspec.Struct, frozen=True):
    """One server-sent event."""

    name: str
    content: Any


class Phone:
    """A guest's browser: cookies, and commands with ids of their own."""

    def __init__(self, base: str, http: httpx.AsyncClient) -> None:
        self.base = base
        self.http = http
        self._ids = count(1)

    async def join(self, code: str) -> httpx.Response:
        """Join the party at a table."""
        return await self.http.post("/guest-api/join", json={"code": code})

    async def ask(self, name: str, *, id: str = "", **body: Any) -> httpx.Response:
        """Ask one command."""
        return await self.ask_all((name, body), id=id)

    async def ask_all(self, *commands: tuple[str, dict[str, Any]], id: str = "") -> httpx.Response:
        """Ask commands in one request."""
        asks = [
            {"id": id or f"{self.http.headers['user-agent']}-{next(self._ids)}", "name": name, "body": body}
            for name, body in ((name, {"type": name, **body}) for name, body in commands)
        ]
        return await self.http.post("/guest-api/commands", json={"commands": asks})

    async def refusal(self, name: str, **body: Any) -> str:
        """The code that one command is refused with; empty when it is done."""
        response = await self.ask(name, **body)
        (answer,) = response.json()["answers"]
        assert response.status_code == (409 if answer.get("code") else 200)
        return str(answer.get("code", ""))

    @contextlib.asynccontextmanager
    async def events(self, path: str = "/guest-api/events", **headers: str) -> AsyncIterator[AsyncIterator[Event]]:
        """The visit's events as they come."""
        async with self.http.stream("GET", path, headers=headers) as response:
            assert response.status_code == 200, await response.aread()
            assert response.headers["content-type"].startswith("text/event-stream")
            yield _events(response)


class GuestDoor:
    """The venue, and its public door."""

    def __init__(self, service: Service, limits: Limits, public_url: str) -> None:
        self.service = service
        self.limits = limits
        self.feed = Feed(
            slices=SLICES,
            projector=service.projector,
            writer=service.writer,
            reads=service.reads,
            clock=service.clock,
            tasks=service.tasks,
        )
        self.door = Door(service.writer, slices=SLICES, clock=service.clock, authenticate=_screen)
        router = routes.router(
            door=self.door,
            reads=service.reads,
            lookups=service.lookups,
            feed=self.feed,
            clock=service.clock,
            limits=limits,
            authenticate=lambda header: _screen(header.removeprefix("Bearer ")),
            public_url=public_url,
        )
        self.app = Litestar([router], exception_handlers=EXCEPTION_HANDLERS, logging_config=None)
        self.base = ""
        self._names = count(1)

    @contextlib.asynccontextmanager
    async def phone(self) -> AsyncIterator[Phone]:
        """A phone that has never been here."""
        headers = {"user-agent": f"phone{next(self._names)}"}
        async with httpx.AsyncClient(base_url=self.base, headers=headers, timeout=WAIT_S, trust_env=False) as http:
            yield Phone(self.base, http)

    async def codes(self) -> dict[str, str]:
        """The code of each table, as the till prints it."""
        async with self.phone() as phone:
            response = await phone.http.get("/tables/codes", headers={"Authorization": "Bearer till"})
            return {one["table_id"]: one["code"] for one in response.json()}

    def seq(self) -> int:
        """How many entries the log has."""
        ((seq,),) = self.service.rows("SELECT COALESCE(MAX(seq), 0) FROM log")
        return int(seq)


@contextlib.asynccontextmanager
async def at_the_door(folder: Path, *, limits: Limits | None = None, public_url: str = "") -> AsyncIterator[GuestDoor]:
    """A venue whose public door answers on loopback."""
    async with in_service(folder) as service:
        venue = GuestDoor(service, limits or Limits(per_address_a_minute=10_000), public_url)
        await venue.feed.start()
        listener = socket.create_server(("127.0.0.1", 0))
        venue.base = f"http://127.0.0.1:{listener.getsockname()[1]}"
        server = _Server(uvicorn.Config(venue.app, lifespan="off", log_config=None, ws="none"))
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            yield venue
        finally:
            await venue.feed.stop()  # ends the streams, so that the server need not wait for them
            server.should_exit = True
            await serving
            venue.door.close()


class _Server(uvicorn.Server):
    """Leaves the test's signals alone."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _screen(token: str) -> Asker:
    if token not in SCREENS:
        raise Rejected("device_unknown")
    return SCREENS[token]


async def _events(response: httpx.Response) -> AsyncIterator[Event]:
    fields: dict[str, str] = {}
    lines = response.aiter_lines()
    while True:
        try:
            line = await asyncio.wait_for(anext(lines), WAIT_S)
        except StopAsyncIteration:
            return
        if line:
            name, _, value = line.partition(": ")
            fields[name] = value
        elif "event" in fields:
            yield Event(fields["event"], msgspec.json.decode(fields["data"]))
            fields = {}
        else:
            fields = {}
