"""Asks as the technician's console: the running edge through its door, or the database itself while no edge runs."""

import asyncio
from typing import Any

import msgspec

from edge import app as root
from edge.engine.asks import CONSOLE
from edge.engine.clock import SystemClock
from edge.engine.database import DatabaseInUse
from edge.engine.door import MAX_CONSOLE_BYTES
from edge.settings import Settings
from shared.commands.base import Command, CommandAnswer, CommandAsk, CommandsAnswer, CommandsAsk
from shared.errors import Rejection

TRIES = 3
TIMEOUT_S = 30.0


class EdgeSilent(Exception):
    """An edge has the data folder and does not answer; the message says what to do."""


def ask(settings: Settings, command: Command) -> CommandAnswer:
    """What became of one command. It is done once, also when an answer was lost on the way and it is asked again.

    Raises:
        EdgeSilent: an edge has the data folder and does not answer.
    """
    asked = CommandAsk(
        id=SystemClock().fresh_id(),
        name=str(command.__struct_config__.tag),
        body=msgspec.Raw(msgspec.json.encode(_without_defaults(command))),
    )
    body = msgspec.json.encode(CommandsAsk(commands=[asked]))
    if len(body) > MAX_CONSOLE_BYTES:  # the same limit with and without an edge
        return CommandAnswer(id=asked.id, outcome="refused", code="too_large", facts={"limit_bytes": MAX_CONSOLE_BYTES})
    try:
        return asyncio.run(_ask_database(settings, asked))
    except DatabaseInUse as in_use:
        return _ask_edge(settings, body, asked.id, in_use.pid)


async def _ask_database(settings: Settings, asked: CommandAsk) -> CommandAnswer:
    async with root.deciding(settings) as edge:
        return (await edge.door.ask([asked], CONSOLE))[0]


def _ask_edge(settings: Settings, body: bytes, command_id: str, pid: int) -> CommandAnswer:
    import httpx  # not above: a sixth of a second that an edge which starts to serve need not spend

    headers = {"Authorization": f"Bearer {root.key_of(settings, 'console')}"}
    for _ in range(TRIES):
        try:
            address = settings.address_file.read_text(encoding="ascii")
            answered = httpx.post(
                f"{address}/commands", content=body, headers=headers, timeout=TIMEOUT_S, trust_env=False
            )
        except (OSError, httpx.TransportError):
            continue
        if answered.status_code in {200, 409, 500}:  # one answer for each command, also when it failed
            return msgspec.json.decode(answered.content, type=CommandsAnswer).answers[0]
        if answered.status_code != 503:
            refusal = msgspec.json.decode(answered.content, type=Rejection)
            return CommandAnswer(id=command_id, outcome="refused", code=refusal.code, facts=refusal.facts)
    raise EdgeSilent(f"The edge of this data folder (process {pid}) does not answer. Is it starting? Try again.")


def _without_defaults(value: Any) -> Any:
    """A struct as what differs from its defaults: a menu of a thousand items then fits in one request."""
    if isinstance(value, tuple):
        return [_without_defaults(one) for one in value]
    if not isinstance(value, msgspec.Struct):
        return value
    return {
        field.encode_name: _without_defaults(getattr(value, field.name))
        for field in msgspec.structs.fields(value)
        if getattr(value, field.name) != field.default
    }
