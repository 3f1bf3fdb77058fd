"""What every command is, and how it travels."""

import hashlib
from typing import Annotated, ClassVar, Literal

import msgspec

from shared.ids import IdOrNone, IdText

#: The revision of the record that the asker has in front of them, as its view says it; empty asks without looking.
IfRev = IdOrNone


class Command(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    tag_field="type",
    forbid_unknown_fields=True,
    omit_defaults=True,
):
    """Something a device asks for. The edge decides; it may be refused."""

    SECRETS: ClassVar[tuple[str, ...]] = ()  # fields that nobody may keep, not even as part of a digest


_encode = msgspec.json.Encoder().encode


def digest_of(command: Command) -> bytes:
    """What tells a wish from another under the same id: 16 bytes over its name and body, its secrets left out.

    Fields that stand at their default are left out as well, so that a release which adds one changes no digest.
    """
    if command.SECRETS:
        command = msgspec.structs.replace(command, **dict.fromkeys(command.SECRETS, ""))
    return hashlib.blake2b(_encode(command), digest_size=16).digest()


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


#: `failed`: something of ours broke, nothing was written, and the same command may be asked again.
Outcome = Literal["done", "refused", "failed"]


class CommandAnswer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of one command. `seq` is the last entry it wrote; the feed has it once it reaches that seq."""

    id: str
    outcome: Outcome
    seq: int = 0
    code: str = ""
    facts: dict[str, str | int | bool | list[str] | None] = {}


class CommandsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Answers in the order of the commands asked."""

    answers: list[CommandAnswer]
