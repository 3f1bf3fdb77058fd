"""POST /commands: the one door. Every change comes through here, from devices, guests and our own workers alike."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
from litestar.enums import ScopeType
from litestar.handlers import ASGIRouteHandler, asgi
from litestar.types import HTTPScope, Receive, Scope, Send

from doors.pages import RAW_HEADERS
from edge.engine.asks import Ask, Asker
from edge.engine.clock import Clock
from edge.engine.slice import Rule, Slice, commands_of
from edge.engine.writer import Busy, Stopped, Writer
from shared.commands.base import Command, CommandAnswer, CommandAsk, CommandsAnswer, CommandsAsk
from shared.errors import Fact, Rejected, Rejection

Authenticate = Callable[[str], Asker | None]  # may raise Rejected("device_revoked", at_ms=...)

MAX_COMMANDS = 64
MAX_BODY_BYTES = 256 * 1024
MAX_CONSOLE_BYTES = 1024 * 1024  # the technician's: a menu of two thousand items comes in one command
Headers = Sequence[tuple[bytes, bytes]]
_AGAIN: Headers = ((b"retry-after", b"1"),)
_ONLY_POST: dict[str, Fact] = {"where": "method", "why": "commands are asked with POST"}
#: What decoding raises on bytes that are nobody's request: text that is no UTF-8, brackets nested a thousand deep.
UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
_encode = msgspec.json.Encoder().encode
_decode_asks = msgspec.json.Decoder(CommandsAsk).decode


class Door:
    """Turns what is asked into typed commands, asks the writer, and answers."""

    def __init__(self, writer: Writer, *, slices: Iterable[Slice], clock: Clock, authenticate: Authenticate) -> None:
        self.authenticate = authenticate
        self._writer = writer
        self._clock = clock
        self._rules: dict[str, Rule[Any, Any]] = {rule.name: rule for one in slices for rule in one.rules}
        self._decoders = {name: msgspec.json.Decoder(rule.command) for name, rule in self._rules.items()}
        self._slow = ThreadPoolExecutor(1, thread_name_prefix="prepare")  # a PIN's hash takes 100 ms and a core

    def commands_of(self, device_role: str) -> frozenset[str]:
        """The names of the commands that a device of this role may ask."""
        return commands_of(self._rules.values(), device_role)

    async def ask(self, commands: Sequence[CommandAsk], asker: Asker) -> list[CommandAnswer]:
        """Ask commands as they travel; one answer each, in order, once they are on the disk.

        An unknown name or body is refused as `malformed` and not remembered.

        Raises:
            Busy, Stopped: nothing was written.
        """
        asks: list[Ask] = []
        refused: dict[int, CommandAnswer] = {}
        for place, command in enumerate(commands):
            try:
                asks.append(await self._ask_of(command, asker))
            except (*UNREADABLE, Rejected) as error:
                refused[place] = _refused(command.id, error)
        answers = iter(await self._writer.ask(asks) if asks else ())
        if not refused:
            return list(answers)
        return [refused.get(place) or next(answers) for place in range(len(commands))]

    async def ask_one(
        self,
        command: Command,
        asker: Asker,
        *,
        command_id: str = "",
        asked_at_ms: int = 0,
        staff_session: str = "",
        approval: str = "",
    ) -> CommandAnswer:
        """Ask one typed command from inside the edge. Give the id of a command that may be asked again after a crash.

        Raises:
            Busy, Stopped: nothing was written.
        """
        ask = Ask(
            id=command_id or self._clock.fresh_id(),
            name=str(command.__struct_config__.tag),
            command=await self._prepared(command),
            asker=asker,
            asked_at_ms=asked_at_ms,
            staff_session=staff_session,
            approval=approval,
        )
        return (await self._writer.ask((ask,)))[0]

    async def answer(self, token: str, receive: Receive) -> tuple[int, bytes]:
        """The status and body for one request to the door."""
        try:
            asker = self.authenticate(token)
            if asker is None:
                return 401, _encode(Rejection(code="device_unknown"))
            body = await body_of(receive, limit_bytes=limit_of(asker))
            answers = await self.ask(asks_of(body), asker)
        except Rejected as rejected:
            status = {"malformed": 400, "too_large": 413}.get(rejected.code, 401)
            return status, _encode(Rejection(code=rejected.code, facts=rejected.facts))
        except Busy:
            return 503, _encode(Rejection(code="busy"))
        except Stopped:
            return 503, _encode(Rejection(code="stopped"))
        return status_of(answers), _encode(CommandsAnswer(answers=answers))

    def route(self) -> ASGIRouteHandler:
        """The handler of POST /commands for the root's Litestar app.

        It speaks ASGI itself: what Litestar does around a handler took a quarter of the time of a command.
        """

        @asgi("/commands", copy_scope=False)
        async def commands(scope: Scope, receive: Receive, send: Send) -> None:
            """Ask up to 64 commands; each is answered in order, and asking one again under its id does it once."""
            assert scope["type"] == ScopeType.HTTP, "the router sends sockets elsewhere"
            if scope["method"] != "POST":
                await _respond(
                    send, 405, _encode(Rejection(code="malformed", facts=_ONLY_POST)), ((b"allow", b"POST"),)
                )
                return
            status, answer = await self.answer(_token_of(scope), receive)
            await _respond(send, status, answer, _AGAIN if status == 503 else ())

        return commands

    def close(self) -> None:
        """Let go of the thread."""
        self._slow.shutdown(wait=False, cancel_futures=True)

    def command_of(self, name: str, body: msgspec.Raw) -> Command:
        """The command that travels under this name with this body.

        Raises:
            Rejected: `malformed`.
            UNREADABLE: the body is none of that command's.
        """
        decoder = self._decoders.get(name)
        if decoder is None:
            raise Rejected("malformed", where="name", why=f"no command is called {name[:60]!r}")
        command: Command = decoder.decode(body)
        return command

    async def _ask_of(self, ask: CommandAsk, asker: Asker) -> Ask:
        return Ask(
            id=ask.id,
            name=ask.name,
            command=await self._prepared(self.command_of(ask.name, ask.body)),
            asker=asker,
            asked_at_ms=ask.asked_at_ms,
            staff_session=ask.staff_session,
            approval=ask.approval,
        )

    async def _prepared(self, command: Command) -> Command:
        prepare = self._rules[str(command.__struct_config__.tag)].prepare
        if prepare is None:
            return command
        prepared: Command = await asyncio.get_running_loop().run_in_executor(self._slow, prepare, command)
        return prepared


def limit_of(asker: Asker) -> int:
    """How many bytes a request of theirs may have."""
    return MAX_CONSOLE_BYTES if asker.device_role == "console" else MAX_BODY_BYTES


def _token_of(scope: HTTPScope) -> str:
    """The token of the Authorization header; empty when there is none."""
    for name, value in scope["headers"]:
        if name == b"authorization":
            scheme, _, token = value.decode("latin-1").partition(" ")
            return token.strip() if scheme.lower() == "bearer" else ""
    return ""


async def body_of(receive: Receive, *, limit_bytes: int) -> bytes:
    """The body, read no further than the limit; empty when the device hung up before its end, and gets no answer.

    Raises:
        Rejected: `too_large`.
    """
    body = b""
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return b""
        body += message["body"]
        if len(body) > limit_bytes:
            raise Rejected("too_large", limit_bytes=limit_bytes)
        if not message.get("more_body"):
            return body


async def _respond(send: Send, status: int, answer: bytes, headers: Headers = ()) -> None:
    told = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(answer)).encode()),
        *RAW_HEADERS,
        *headers,
    ]
    await send({"type": "http.response.start", "status": status, "headers": told})
    await send({"type": "http.response.body", "body": answer, "more_body": False})


def asks_of(body: bytes, *, most: int = MAX_COMMANDS) -> list[CommandAsk]:
    """The commands of a request.

    Raises:
        Rejected: `malformed`.
    """
    try:
        commands = _decode_asks(body).commands
    except UNREADABLE as error:
        raise Rejected("malformed", where="request", why=str(error)[:200]) from None
    if not 1 <= len(commands) <= most:
        raise Rejected("malformed", where="commands", why=f"a request has 1 to {most} commands")
    return commands


def _refused(command_id: str, error: Exception) -> CommandAnswer:
    if not isinstance(error, Rejected):
        error = Rejected("malformed", where="body", why=str(error)[:200])
    return CommandAnswer(id=command_id, outcome="refused", code=error.code, facts=error.facts)


def status_of(answers: Sequence[CommandAnswer]) -> int:
    """The HTTP status that tells the answers' story to whoever reads no bodies."""
    outcomes = {answer.outcome for answer in answers}
    if "done" in outcomes:
        return 200
    return 500 if "failed" in outcomes else 409
