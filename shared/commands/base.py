"""What every command is, and how it travels."""

from typing import Annotated

import msgspec

from shared.ids import IdOrNone, IdText


class Command(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    tag_field="type",
    forbid_unknown_fields=True,
):
    """Something a device asks for. The edge decides; it may be refused."""


class CommandAsk(msgspec.Struct, frozen=True, kw_only=True):
    """One command in a request: its id is the asker's and is kept for ever, so asking twice does it once."""

    id: IdText
    name: str
    body: msgspec.Raw = msgspec.Raw(b"{}")
    asked_at_ms: Annotated[int, msgspec.Meta(ge=0, lt=2**53)] = (
        0  # the device's corrected clock when the person touched; 0 means now
    )
    staff_session: IdOrNone = ""
    approval: IdOrNone = ""  # a manager's approval of exactly this command id


class CommandsAsk(msgspec.Struct, frozen=True, kw_only=True):
    """A request to the door: commands are decided in order, each with its own answer."""

    commands: list[CommandAsk]


class CommandAnswer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of one command. `seq` is the last entry it wrote; the feed has it once it reaches that seq."""

    id: str
    outcome: str  # done or refused
    seq: int = 0
    code: str = ""
    facts: dict[str, str | int | bool | list[str] | None] = {}


class CommandsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Answers in the order of the commands asked."""

    answers: list[CommandAnswer]
