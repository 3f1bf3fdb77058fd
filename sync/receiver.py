"""The hub's side: what to do about a HELLO and about a batch, given the venue's head row.

How to use it, for a batch from `frames.decode_batch`:

    decision = judge(head, batch, stored=digest the hub has at batch.hi, or None)
    Append  store `batch.entries` and move the head row by compare and swap on (epoch, session, acked, head), in ONE
            transaction; only after its COMMIT send `ack(decision.head)` and acknowledge the pipe's message. When the swap moves no
            row, somebody was faster: read the row again and judge again.
    Repeat  nothing to store: send `ack(head)` and acknowledge the pipe's message.
    Refuse  store nothing: send `nack(head, decision.reason)` and acknowledge the pipe's message. `reason` "fork" is worth an alarm.

A malformed message is refused in the same way, with `nack(head, malformed.why)`. `stored` is needed only when `batch.hi <= head.acked`.
"""

from typing import Literal

import msgspec

from shared.entry import GENESIS, first_broken
from sync.frames import Ack, Batch, Hello, Nack, Welcome


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """The venue's head row."""

    hub_inc: int  # which life of the hub this is; rises when it is restored from a backup
    epoch: int = 0
    session: str = ""  # "" while nobody holds the venue
    install: str = ""
    acked: int = 0
    head: bytes = GENESIS


class Append(msgspec.Struct, frozen=True):
    """The batch continues the log."""

    head: Head  # the row after it


class Repeat(msgspec.Struct, frozen=True):
    """The hub has these very entries already."""


class Refuse(msgspec.Struct, frozen=True):
    """The batch does not continue the log."""

    reason: Literal["session", "epoch", "digest", "gap", "overlap", "fork"]


Decision = Append | Repeat | Refuse


class Greeting(msgspec.Struct, frozen=True):
    """The answer to a HELLO, and the row to store first when the venue gets its first holder."""

    welcome: Welcome
    adopt: Head | None = None  # store it where session is still "", then answer; else read the row and greet again


def greet(head: Head, hello: Hello, *, now_ms: int) -> Greeting:
    """Whether this edge may append, and from where.

    A venue nobody has held, with an empty log at the hub, takes the first edge that asks. Another session of the same install must
    claim; anybody else is fenced.
    """
    if not head.session and head.acked == 0:
        adopted = msgspec.structs.replace(head, epoch=hello.epoch, session=hello.session, install=hello.install)
        return Greeting(_welcome(adopted, hello, "ok", now_ms), adopted)
    if hello.session == head.session and hello.epoch == head.epoch and hello.install == head.install:
        return Greeting(_welcome(head, hello, "ok", now_ms))
    is_ours = not head.session or hello.install == head.install
    return Greeting(_welcome(head, hello, "claim" if is_ours else "fenced", now_ms))


def judge(head: Head, batch: Batch, *, stored: bytes | None = None) -> Decision:
    """Whether the batch continues the log, repeats it or must be refused; every digest in it is checked."""
    if batch.session != head.session or not batch.session:
        return Refuse("session")
    if batch.epoch != head.epoch or any(entry.epoch > batch.epoch for entry in batch.entries):
        return Refuse("epoch")
    if first_broken(batch.prev, batch.entries) is not None:
        return Refuse("digest")
    if batch.hi <= head.acked:
        known = head.head if batch.hi == head.acked else stored
        return Repeat() if known == batch.head else Refuse("fork")
    if batch.lo <= head.acked:
        return Refuse("overlap")
    if batch.lo > head.acked + 1:
        return Refuse("gap")
    if batch.prev != head.head:
        return Refuse("fork")
    return Append(msgspec.structs.replace(head, acked=batch.hi, head=batch.head))


def ack(head: Head) -> Ack:
    """What to send after the commit that made this the head row."""
    return Ack(
        session=head.session,
        hub_inc=head.hub_inc,
        epoch=head.epoch,
        acked=head.acked,
        head=head.head,
    )


def nack(head: Head, reason: str) -> Nack:
    """What to send about a batch that was refused."""
    return Nack(
        session=head.session,
        hub_inc=head.hub_inc,
        epoch=head.epoch,
        acked=head.acked,
        head=head.head,
        reason=reason,
    )


def _welcome(head: Head, hello: Hello, verdict: Literal["ok", "claim", "fenced"], now_ms: int) -> Welcome:
    return Welcome(
        nonce=hello.nonce,
        hub_inc=head.hub_inc,
        verdict=verdict,
        epoch=head.epoch,
        acked=head.acked,
        head=head.head,
        now_ms=now_ms,
    )
