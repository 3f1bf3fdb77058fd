"""The public door: what a table's QR leads to, and everything a guest's phone may ask."""

import hashlib
import re
from collections.abc import AsyncIterator
from typing import Annotated, Any
from urllib.parse import quote

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.datastructures import Cookie
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect, Stream

from edge.engine.asks import EDGE, Asker, Authenticate, only_for
from edge.engine.clock import Clock
from edge.engine.database import ReadPool
from edge.engine.door import Door, asks_of, body_of, status_of
from edge.engine.feed import Channel, Feed
from edge.engine.lookups import Lookups
from edge.guests import load
from edge.guests.limits import Limits
from edge.guests.menu import GuestMenu, menu_for_guests
from edge.guests.stream import as_events
from shared.answers.guests import Joined, TableCode
from shared.commands.base import CommandAnswer, CommandAsk, CommandsAnswer
from shared.commands.guests import JoinTable
from shared.errors import Rejected
from shared.table_code import find_table

COOKIE = "hos_phone"
COOKIE_LIFE_S = 12 * 3600
MAX_JOIN_BYTES = 1_024
MAX_BODY_BYTES = 32 * 1024
MAX_COMMANDS = 8
#: Roles of paired screens that may print a table's code.
_PRINTERS = frozenset({"pos", "manage", "console"})

_is_secret = re.compile(r"[A-Za-z0-9_-]{43}").fullmatch
_encode = msgspec.json.Encoder().encode

AnyRequest = Request[Any, Any, Any]
Visit = Annotated[
    str, QueryParameter(name="visit", description="the visit that the phone believes itself in", max_length=64)
]


class JoinAsk(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The code that the phone read from the table."""

    code: str


class PublicDoor:
    """What guests' phones are answered. Nothing here trusts a byte of what they send."""

    def __init__(self, *, door: Door, reads: ReadPool, feed: Feed, clock: Clock, limits: Limits) -> None:
        self._door, self._reads, self._feed, self._clock = door, reads, feed, clock
        self._limits = limits
        self._allowed = door.commands_of("guest")
        self._menu: GuestMenu | None = None

    def count(self, request: AnyRequest) -> None:
        """One more request: of that phone if it sits at a table, else of that address.

        Raises:
            Rejected: `too_fast`.
        """
        secret = _secret_of(request)
        self._limits.request(phone_of(secret) if secret else "", _address(request), self._clock.now_ms())

    async def join(self, request: AnyRequest) -> Response[Joined]:
        """Let the phone into the party at the table whose code it read."""
        self.count(request)
        body = await body_of(request.receive, limit_bytes=MAX_JOIN_BYTES)
        wanted = msgspec.json.decode(body, type=JoinAsk)
        codes = await self._reads.run(load.table_codes)
        found = find_table(wanted.code, codes.tables, codes.secret)
        if found is None:
            raise Rejected("code_invalid")
        if not found.is_current:
            raise Rejected("code_expired")
        self._limits.join(_address(request), self._clock.now_ms())
        secret = _secret_of(request) or self._clock.fresh_secret()
        phone_id = phone_of(secret)
        command = JoinTable(
            table_id=found.table_id,
            phone_id=phone_id,
            generation=found.generation,
            visit_id=self._clock.fresh_id(),
        )
        answer = await self._door.ask_one(command, EDGE)
        if answer.outcome != "done":
            raise Rejected(answer.code, **answer.facts)
        joined = await self._reads.run(load.joined, phone_id)
        self._limits.know(phone_id)
        return Response(joined, cookies=[_cookie(request, secret)], headers={"Cache-Control": "no-store"})

    async def commands(self, request: AnyRequest) -> Response[CommandsAnswer]:
        """Ask up to 8 commands; each is answered in order, and asking one again under its id does it once."""
        self.count(request)
        phone_id = _phone_of(request)
        asks = asks_of(await body_of(request.receive, limit_bytes=MAX_BODY_BYTES), most=MAX_COMMANDS)
        visit = await self._reads.run(load.visit_of_phone, phone_id)
        if visit is None:
            raise Rejected("visit_over")  # before the writer: a refusal is kept, and cookies cost nothing to make up
        self._limits.know(phone_id)
        self._limits.commands(phone_id, visit.visit_id, [ask.name for ask in asks], self._clock.now_ms())
        allowed = [_as_guest(ask) for ask in asks if ask.name in self._allowed]
        answered = iter(await self._door.ask(allowed, Asker(f"guest:{phone_id}", "guest")) if allowed else ())
        answers = [next(answered) if ask.name in self._allowed else _not_for_guests(ask) for ask in asks]
        return Response(CommandsAnswer(answers=answers), status_code=status_of(answers))

    async def menu(self, request: AnyRequest) -> Response[bytes | None]:
        """The menu as guests see it; 304 while the phone has it."""
        self.count(request)
        self._menu = menu = await self._reads.run(menu_for_guests, self._menu)
        headers = {"ETag": menu.etag, "Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
        if menu.etag in request.headers.get("if-none-match", ""):
            return Response(None, status_code=304, headers=headers)
        if "gzip" in request.headers.get("accept-encoding", ""):
            headers["Content-Encoding"] = "gzip"
            return Response(menu.gzipped, media_type="application/json", headers=headers)
        return Response(menu.json, media_type="application/json", headers=headers)

    async def events(self, request: AnyRequest, visit_id: str) -> Stream:
        """The visit as it changes, as server-sent events; after `over` nothing follows.

        A phone that believes itself in another visit is told that it is over: it joined later than the backup was made
        that this edge goes on from, and what it asks would go to the table where it sat before.
        """
        self.count(request)
        phone_id = _phone_of(request)
        visit = await self._reads.run(load.visit_of_phone, phone_id)
        if visit is None or visit_id not in {"", visit.visit_id}:
            raise Rejected("visit_over")
        self._limits.know(phone_id)
        address = _address(request)
        self._limits.stream(phone_id, address)
        channel = Channel(role="guest", only=(("guest", visit.visit_id),))
        events = self._events(channel, phone_id, address)
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return Stream(events, media_type="text/event-stream", headers=headers)

    async def _events(self, channel: Channel, phone_id: str, address: str) -> AsyncIterator[bytes]:
        with self._limits.streaming(phone_id, address):
            async with self._feed.subscribe(channel) as frames:
                async for event in as_events(frames, phone_id):
                    yield event


def router(
    *,
    door: Door,
    reads: ReadPool,
    lookups: Lookups,
    feed: Feed,
    clock: Clock,
    limits: Limits,
    authenticate: Authenticate,
    public_url: str,
) -> Router:
    """GET /t/{code}, everything under /guest-api, and GET /tables/codes for paired screens."""
    public = PublicDoor(door=door, reads=reads, feed=feed, clock=clock, limits=limits)

    @get("/t/{code:str}", status_code=303)
    async def scanned(request: AnyRequest, code: FromPath[str]) -> Redirect:
        """What a QR says. Opens the guest's screen and does nothing else: cameras fetch addresses ahead of people."""
        public.count(request)
        return Redirect(
            f"/guest/?t={quote(code[:64], safe='')}", status_code=303, headers={"Cache-Control": "no-store"}
        )

    @post("/guest-api/join", status_code=200, request_max_body_size=None)
    async def join(request: AnyRequest) -> Response[Joined]:
        """Join the party at a table. 404 for a code that is not ours, 410 for one that was replaced."""
        return await public.join(request)

    @post("/guest-api/commands", status_code=200, request_max_body_size=None)
    async def commands(request: AnyRequest) -> Response[CommandsAnswer]:
        """What a guest may ask: drafts and calls."""
        return await public.commands(request)

    @get("/guest-api/menu")
    async def menu(request: AnyRequest) -> Response[bytes | None]:
        """The menu as guests see it."""
        return await public.menu(request)

    @get("/guest-api/events")
    async def events(request: AnyRequest, visit: Visit = "") -> Stream:
        """Events `guest` with the visit whole, `beat` while nothing happens, `over` at the end."""
        return await public.events(request, visit)

    @get("/tables/codes")
    async def codes(request: AnyRequest) -> list[TableCode]:
        """Every table's code and address, for tills that print them."""
        asker = authenticate(request.headers.get("authorization", ""))
        only_for(asker, _PRINTERS)
        start = (public_url or str(request.base_url)).rstrip("/")
        return [_table_code(start, table) for table in await lookups.run(load.printable_codes)]

    return Router("/", route_handlers=[scanned, join, commands, menu, events, codes])


def phone_of(secret: str) -> str:
    """The id of the phone that holds a secret: whoever reads the log cannot be the phone."""
    return hashlib.sha256(b"phone\0" + secret.encode()).hexdigest()[:32]


def _table_code(start: str, table: load.PrintableCode) -> TableCode:
    return TableCode(table_id=table.table_id, label=table.label, code=table.code, url=f"{start}/t/{table.code}")


def _secret_of(request: AnyRequest) -> str:
    """The phone's secret; empty when it has none that we could have made."""
    secret = request.cookies.get(COOKIE, "")
    return secret if _is_secret(secret) else ""


def _phone_of(request: AnyRequest) -> str:
    secret = _secret_of(request)
    if not secret:
        raise Rejected("visit_over")
    return phone_of(secret)


def _cookie(request: AnyRequest, secret: str) -> Cookie:
    return Cookie(
        key=COOKIE,
        value=secret,
        path="/",
        max_age=COOKIE_LIFE_S,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )


def _address(request: AnyRequest) -> str:
    return request.client.host if request.client else ""


def _as_guest(ask: CommandAsk) -> CommandAsk:
    """Without what only staff's devices may say; and a phone's clock is nobody's witness."""
    return CommandAsk(id=ask.id, name=ask.name, body=ask.body)


def _not_for_guests(ask: CommandAsk) -> CommandAnswer:
    return CommandAnswer(id=ask.id, outcome="refused", code="not_for_device", facts={"role": "guest"})
